package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import java.time.Instant;

/**
 * One version of a watch rule.
 *
 * @param rule id, from its document
 * @param edit of a draft, counted up by each save
 * @param document as docs/watch.md describes it; a version that it names is not heeded
 * @param typeCode type of the devices it watches
 * @param areaLow what the codes of its area begin with; empty: everywhere
 * @param savedBy person; {@code null}: a machine
 * @param endedAt when it was replaced or withdrawn; {@code null}: it was not
 */
public record RuleVersion(String rule, int version, State state, int edit, String document, Words name, String typeCode, String areaLow, Manner manner,
    Long savedBy, String savedName, Instant savedAt, Long publishedBy, String publishedName, Instant publishedAt, Instant endedAt) {

  /** From draft to published to replaced or withdrawn, never back. */
  public enum State { DRAFT, PUBLISHED, REPLACED, WITHDRAWN }

  /**
   * What becomes of its warnings.
   *
   * @param category of CAP 1.2
   * @param caseFrom grade from which on a warning opens a case; {@code null}: it opens none
   * @param caseKind kind of the catalogue of that case; {@code null}: to be recognised
   * @param note why it is so, for those who read it later; may be empty
   */
  public record Manner(String category, WarningGrade caseFrom, String caseKind, String note) {}
}
