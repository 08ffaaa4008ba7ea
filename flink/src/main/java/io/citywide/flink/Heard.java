package io.citywide.flink;

/**
 * That devices of a source have spoken, in one record of the observations.
 *
 * @param at newest time in its partition so far, milliseconds since 1970 UTC: what partitions say is put in order by it
 * @param shard partition in which they spoke
 * @param things in their order
 * @param times event times, one for each thing
 */
public record Heard(String source, long at, int shard, String[] things, long[] times) {}
