package io.citywide.flink;

/**
 * One record of the topic of observations: readings that belong to one shard, in order; or a tick; or what could not be read.
 *
 * @param shard of the key of the record
 * @param arrived time of the record in Kafka, milliseconds since 1970 UTC
 * @param newest latest event time in it, not later than {@code arrived}; of a tick its time; {@link Long#MIN_VALUE}: there is none
 * @param things devices, one for each reading
 * @param times event times, milliseconds since 1970 UTC
 * @param refusal why part of it was refused, and that part; empty where all was read
 */
public record Message(int shard, long arrived, long newest, String[] things, String[] properties, long[] times, double[] values, String[] refusal) {}
