package io.citywide.sensing;

import java.time.Instant;
import java.util.Set;

/**
 * A later picture of a camera shows nothing any more of what its alarm showed, and nobody has ended the warning for another reason. Published
 * in the transaction that stored it, delivered by the outbox at least once.
 *
 * @param source as {@link CaseWanted#source()} of the warning
 * @param ref as {@link CaseWanted#ref()}
 * @param before SHA-256 of the picture of the alarm; {@code null}: none came with it
 * @param after SHA-256 of the picture that shows nothing
 * @param at when that was taken
 * @param units that let such a picture pass the check of their cases of this class
 */
public record SceneClear(String source, String ref, String camera, String classNameZh, String classNameEn, String before, String after, Instant at, Set<Long> units) {

  public SceneClear {
    units = Set.copyOf(units);
  }
}
