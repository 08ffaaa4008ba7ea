/** A Kafka broker for one machine, to try the watch on Flink with. A module of its own, since the job needs an older client than the broker. */
package io.citywide.broker;
