package io.citywide.flink;

/** A record for a topic that the job writes. */
public record Line(String key, String value) {}
