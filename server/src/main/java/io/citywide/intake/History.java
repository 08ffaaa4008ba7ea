package io.citywide.intake;

import java.time.Instant;

/**
 * What another system already did with an imported report. A row with a history becomes a case of its own as it
 * was; it is neither matched nor timed anew.
 *
 * @param openedAt when it was opened there; required
 * @param targetAt when it was due there, {@code null}: no limit
 * @param closedAt when it was closed there, {@code null}: still open
 * @param status {@code OPEN}, {@code CLOSED} or {@code VOID}; {@code null}: by {@code closedAt}
 * @param unitName the unit that handled it there, {@code null}: unknown
 * @param closure what was written at its closing, {@code null}: nothing
 */
public record History(Instant openedAt, Instant targetAt, Instant closedAt, String status, String unitName, String closure) {}
