package io.citywide.cases.internal;

import java.time.Instant;

/**
 * What one person asked and another decides.
 *
 * @param minutes asked for, of an extension
 */
public record CaseRequest(long id, long caseId, Kind kind, String reason, Integer minutes, Long requestedBy, String requestedByName, Instant requestedAt) {

  /** What is asked for. */
  public enum Kind {
    EXTENSION,
    SUSPENSION,
    FORCED_CLOSURE
  }
}
