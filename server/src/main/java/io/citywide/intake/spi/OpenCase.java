package io.citywide.intake.spi;

import java.time.Instant;

/**
 * A case that a signal may belong to.
 *
 * @param kindId {@code null}: nobody knows yet
 * @param lon degrees
 * @param lat degrees
 * @param reportedAt when its first signal was reported
 * @param lastSignalAt when its last signal was reported; at least {@code reportedAt}
 */
public record OpenCase(
    long caseId,
    String caseNo,
    String kindId,
    String title,
    String description,
    double lon,
    double lat,
    String areaCode,
    String address,
    String componentIdent,
    Instant reportedAt,
    Instant lastSignalAt) {}
