package io.citywide.sensing;

import java.time.Instant;
import java.util.List;

/** Warnings in numbers, by area. Answers lie within the scope of the current viewer; reads the database: call within a transaction. */
public interface WarningCounts {

  /**
   * How many warnings of a grade there are in one area, not counting those below it.
   *
   * @param areaCode deepest area around the warning; empty outside every boundary
   */
  record Count(String areaCode, WarningGrade grade, long count) {}

  /** Those that are live, by the grade that they have now. */
  List<Count> live();

  /**
   * Those that began in a time, by their highest grade so far.
   *
   * @param from first moment
   * @param to first moment after
   */
  List<Count> raised(Instant from, Instant to);
}
