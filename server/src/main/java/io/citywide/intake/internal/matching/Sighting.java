package io.citywide.intake.internal.matching;

import java.time.Instant;

/**
 * What the matcher knows of a report.
 *
 * @param kindId {@code null}: nobody knows yet
 * @param lon degrees
 * @param lat degrees
 * @param text title and description; may be empty
 * @param reporter something equal for the same reporter, {@code null}: unknown
 */
public record Sighting(
    String kindId, double lon, double lat, String address, String componentIdent, Instant at, String text, String reporter) {}
