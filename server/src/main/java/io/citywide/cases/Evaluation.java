package io.citywide.cases;

import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How areas, units and positions did their work, by counts and ratios after GB/T 30428.4. What each of them counts is
 * defined once, in words and in SQL (docs/evaluation.md); the same definition counts the cases and lists them.
 */
public interface Evaluation {

  /** What is evaluated (考核对象). */
  enum Subject {
    /** The areas directly below one. */
    AREA,
    /** The units that lead the cases. */
    UNIT,
    /** Each person in each role in which steps were taken. */
    POSITION
  }

  /**
   * @param areaCode root of the subtree whose cases count; {@code null}: the viewer's own area
   * @param from first instant of the period
   * @param to first instant after it; what lies in the future is left out
   */
  record Query(Subject subject, String areaCode, Instant from, Instant to) {

    public Query {
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException("a period ends after it begins, was " + from + " to " + to);
      }
    }
  }

  /**
   * @param percent 100 × numerator / denominator, two decimals, half up; {@code null} where the denominator is 0
   */
  record Ratio(long numerator, long denominator, BigDecimal percent) {}

  /**
   * What one area, unit or position did.
   *
   * @param key code of the area, id of the unit ({@code -}: no unit yet), or {@code <person id>:<ROLE>}
   * @param counts by the code of the counter, in the order of the definitions
   * @param ratios by the code of the ratio, likewise
   * @param score 0 to 100, the weighted mean of the ratios that have a denominator; {@code null} where none has
   * @param grade A (90 and above), B (80), C (70), D (60) or E; {@code null} without a score
   */
  record Row(String key, String name, Map<String, Long> counts, Map<String, Ratio> ratios, BigDecimal score, String grade) {}

  /**
   * @param asOf when it was counted: whether a case that was due in the period is closed is answered as of now
   * @param total all cases of the area together; {@code null} for positions, where a case counts for several
   */
  record Report(Subject subject, String areaCode, Instant from, Instant to, Instant asOf, List<Row> rows, Row total) {}

  /**
   * Counts within the viewer's sight.
   *
   * @throws ProblemException {@code case.invalid-filter} for an unknown area
   */
  Report evaluate(Query query);

  /**
   * One ratio of all cases of an area in periods that follow one another, counted in one pass.
   *
   * @param ratio its code, such as {@code onTimeClosureRate}
   * @param areaCode as in {@link Query#areaCode()}
   * @param bounds of the periods, ascending, at least two; each period has its first and not its last
   * @return one for each period
   * @throws ProblemException {@code case.invalid-filter} for an unknown area
   */
  List<Ratio> listRatios(String ratio, String areaCode, List<Instant> bounds);

  /**
   * The cases behind one counter, in the order of their ids.
   *
   * @param key of a row, {@code null}: all rows together
   * @param counter code of the counter
   * @param after id after which the page begins, 0 for the first
   * @param limit 1 to 1000
   * @throws ProblemException {@code case.invalid-filter} for an unknown area, key or counter
   */
  Slice<CaseView> listCases(Query query, String key, String counter, long after, int limit);
}
