/**
 * A Kafka broker and a Flink cluster on one machine, each part a process of its own, from the jars that Maven brought: to try the job,
 * and to show that it survives. A city has its own.
 */
package io.citywide.flink.local;
