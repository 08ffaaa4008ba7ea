package io.citywide.cases;

import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Cases counted over every area at once, for whoever computes from them. The same definition counts the cases and lists
 * them. What is counted in a period is what docs/evaluation.md defines, and some more.
 */
public interface CaseCounts {

  /**
   * Something that can be counted.
   *
   * @param standing counted as it stands now, whatever the period
   */
  record Counted(String code, String nameZh, String definitionZh, String definitionEn, boolean standing) {}

  /**
   * @param code of {@link Counted}
   * @param kinds beginning of the codes of GB/T 47678.5, such as {@code M06} or {@code M06010}; empty: of any kind
   */
  record Wanted(String code, String kinds) {}

  /** Everything that can be counted. */
  List<Counted> listCounted();

  /**
   * Counts within the viewer's sight, in at most two statements. Needs a transaction.
   *
   * @param from first instant of the period
   * @param to first instant after it; what lies in the future is left out
   * @return by the deepest known area, no deeper than a community; areas with nothing are left out
   */
  Map<Wanted, Map<String, Double>> count(Collection<Wanted> wanted, Instant from, Instant to);

  /**
   * What came since: an import brings cases of long ago.
   *
   * @param mark of the newest case
   * @param seen how many lie between the mark before and this one
   * @param earliest when the first of those that came was reported; {@code null}: none came
   */
  record Arrived(long mark, long seen, Instant earliest) {}

  /**
   * Which cases came since the last answer, whatever time they are of. What was written, but not committed yet, when the last
   * mark was taken is among them, where it is committed by now: then more lie before it than were seen. Needs a transaction.
   *
   * @param before {@link Arrived#mark()} of the answer before the last, 0 at first
   * @param mark that of the last answer, 0 at first
   * @param seen {@link Arrived#seen()} of the last answer, 0 at first
   */
  Arrived arrived(long before, long mark, long seen);

  /**
   * The cases behind a count, in the order of their ids.
   *
   * @param areaCode of an area, all below it included
   * @param after id after which the page begins, 0 for the first
   * @param limit 1 to 1000
   * @throws ProblemException {@code case.invalid-filter} for an unknown count
   */
  Slice<CaseView> listCases(Wanted wanted, String areaCode, Instant from, Instant to, long after, int limit);
}
