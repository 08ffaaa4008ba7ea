package io.citywide.intake.internal.matching;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * An open case and what its reports so far say.
 *
 * @param lon degrees, of the case
 * @param lat degrees, of the case
 * @param lastSignalAt when it was last reported
 * @param texts of its reports; any of them may be the one that is alike
 * @param reporters see {@link Sighting#reporter}
 */
public record Candidate(
    long caseId,
    String caseNo,
    String kindId,
    double lon,
    double lat,
    String address,
    String componentIdent,
    Instant reportedAt,
    Instant lastSignalAt,
    List<String> texts,
    Set<String> reporters) {

  public Candidate {
    texts = List.copyOf(texts);
    reporters = Set.copyOf(reporters);
  }
}
