package io.citywide.cases;

import java.time.Instant;

/**
 * A case was filed (立案): class, place and need are certain; it waits for a unit.
 *
 * @param kindId may be {@code null}
 * @param areaCode deepest known area
 */
public record CaseFiled(long caseId, String caseNo, String kindId, String areaCode, Instant at) {}
