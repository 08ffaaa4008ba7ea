/**
 * The watch past one machine: a Flink job that runs {@link io.citywide.watch.Engine}s over observations in Kafka. Needs
 * neither the server nor its database. {@link io.citywide.flink.WatchJob} is the job, docs/flink.md how to run it, decision 0022 why it is built so.
 */
package io.citywide.flink;
