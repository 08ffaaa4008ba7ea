package io.citywide.dispatch.internal;

import java.time.LocalDate;
import java.util.List;

/**
 * A rule as somebody wrote it down, before anything was checked.
 *
 * @param kind a kind id, a large class with {@code *}, or {@code *}; {@code null}: any
 * @param areaCode {@code null}, empty or {@code *}: everywhere
 * @param hours {@code null}: ANY
 */
public record RuleDraft(
    String kind, String areaCode, Hours hours, Long leadUnitId, List<Long> assistUnitIds, LocalDate validFrom, LocalDate validTo) {}
