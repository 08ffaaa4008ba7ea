/** What devices send: taken in by HTTP and MQTT, kept, read, watched; beside plain rows in the same PostgreSQL. */
package io.citywide.bench.sensing;
