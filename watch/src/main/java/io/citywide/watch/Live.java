package io.citywide.watch;

/**
 * A warning that is live.
 *
 * @param number of the warning of this rule and subject, from 1
 * @param since when it was raised, milliseconds since 1970 UTC
 */
public record Live(String rule, int version, String subject, long number, Grade grade, long since) {}
