package io.citywide.intake;

import java.time.Instant;

/**
 * A stored photo. What is kept is an image encoded anew: upright and without metadata.
 *
 * @param sha256 of the stored bytes, 64 lower-case hexadecimal digits; its name everywhere
 * @param contentType {@code image/jpeg} or {@code image/png}
 * @param bytes length of the stored file
 * @param width pixels
 * @param height pixels
 * @param takenAt as its metadata said, {@code null}: unknown
 * @param lon degrees WGS-84 as its metadata said, {@code null}: unknown
 * @param lat degrees WGS-84
 */
public record Media(String sha256, String contentType, long bytes, int width, int height, Instant takenAt, Double lon, Double lat) {}
