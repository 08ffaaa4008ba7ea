package io.citywide.intake.spi;

import java.time.Instant;

/**
 * A case as another system had it.
 *
 * @param kindId {@code null}: unknown
 * @param lon degrees, {@code null}: no position known, only the area
 * @param gridKey level 9 key, {@code null} likewise
 * @param openedAt when it was opened there
 * @param targetAt when it was due there, {@code null}: no limit
 * @param closedAt when it was closed there, {@code null}: still open
 * @param status {@code OPEN}, {@code CLOSED} or {@code VOID}
 * @param unitName unit that handled it there, {@code null}: unknown
 * @param closure what was written at its closing, {@code null}: nothing
 */
public record HistoricCase(
    long signalId,
    String sourceSystem,
    String sourceRef,
    String kindId,
    String title,
    String description,
    Double lon,
    Double lat,
    Long gridKey,
    String areaCode,
    String address,
    String componentIdent,
    String urgency,
    String channel,
    Instant openedAt,
    Instant targetAt,
    Instant closedAt,
    String status,
    String unitName,
    String closure) {}
