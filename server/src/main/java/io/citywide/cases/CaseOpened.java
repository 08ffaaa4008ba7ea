package io.citywide.cases;

import java.time.Instant;

/**
 * A case was opened, by a signal or by a split.
 *
 * @param kindId may be {@code null}
 * @param areaCode deepest known area
 */
public record CaseOpened(long caseId, String caseNo, String kindId, String areaCode, Instant at) {}
