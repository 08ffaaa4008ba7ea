package io.citywide.identity.internal.web;

import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.util.Map;

/** The page size a caller may ask for. */
final class Limits {

  private static final int MAX = 500;

  private Limits() {}

  static int checked(int limit) {
    if (limit < 1 || limit > MAX) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1 to " + MAX + ", was " + limit,
          Map.of("field", "limit", "value", limit, "bound", MAX));
    }
    return limit;
  }
}
