/** The ways in for what devices observe: HTTP, MQTT and Kafka. Each reads lines of the same form ({@link io.citywide.sensing.internal.ways.LineParser}) and answers after the commit. */
package io.citywide.sensing.internal.ways;
