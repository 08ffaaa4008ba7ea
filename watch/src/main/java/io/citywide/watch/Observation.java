package io.citywide.watch;

/**
 * One value of one property of one thing.
 *
 * @param thing id of the thing
 * @param property name of the property in the model of its type
 * @param time event time, milliseconds since 1970 UTC
 * @param value in the unit of the property; a switch says 0 or 1
 */
public record Observation(String thing, String property, long time, double value) {}
