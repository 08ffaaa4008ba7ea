package io.citywide.place.internal;

/**
 * One thing that is wrong with an import of areas.
 *
 * @param feature index in the file, from 0
 * @param code area concerned, {@code null} where it cannot be read
 * @param fault in words
 * @param where longitude and latitude of the fault, {@code null} where it has no place
 */
public record AreaFault(int feature, String code, String fault, double[] where) {}
