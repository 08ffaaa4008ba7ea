package io.citywide.map.internal.layer;

import io.citywide.map.MapProblem;
import io.citywide.platform.ProblemException;
import java.time.Instant;
import java.util.Map;

/** Moments as callers name them. */
public final class Moments {

  private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private Moments() {}

  /**
   * The moment itself; {@code null} stays {@code null}.
   *
   * @throws ProblemException {@code map.invalid-query} for a year before 1900 or after 9999
   */
  public static Instant checked(String field, Instant at) {
    if (at != null && (at.isBefore(FIRST) || at.isAfter(LAST))) {
      throw new ProblemException(MapProblem.INVALID_QUERY, field + " lies between the years 1900 and 9999, was " + at, Map.of("field", field, "value", at.toString()))
          .zh("时间须在 1900 年至 9999 年之间");
    }
    return at;
  }
}
