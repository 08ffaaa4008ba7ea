package io.citywide.cases;

import java.time.Instant;

/**
 * A step was taken, whichever; {@link CaseOpened}, {@link CaseFiled} and {@link CaseClosed} are published beside it.
 *
 * @param seq of the step within the case
 * @param from {@code null} for the first
 */
public record CaseStepped(long caseId, int seq, CaseAction action, CaseStage from, CaseStage to, String areaCode, Instant at) {}
