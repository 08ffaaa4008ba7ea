package io.citywide.cases;

import java.time.Instant;

/**
 * A case was closed.
 *
 * @param kindId may be {@code null}
 * @param areaCode deepest known area
 */
public record CaseClosed(long caseId, String caseNo, String kindId, String areaCode, Instant at) {}
