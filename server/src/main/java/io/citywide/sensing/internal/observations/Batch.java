package io.citywide.sensing.internal.observations;

/**
 * What one transaction of the log brought, as columns; nothing in it may be changed. Within a batch a series keeps the order
 * in which its values came. The same value may come again in a later batch, where a device or a server was not sure that it
 * had been taken: of the same series and moment the first stands.
 *
 * @param size values there are; the arrays may be longer
 * @param series numbers of {@code sensing_series}
 * @param time milliseconds since 1970 UTC
 * @param value finite
 * @param arrivedAt when the oldest of them came, milliseconds since 1970 UTC
 */
public record Batch(int size, int[] series, long[] time, double[] value, long arrivedAt) {}
