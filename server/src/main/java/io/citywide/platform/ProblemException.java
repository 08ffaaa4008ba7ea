package io.citywide.platform;

import java.util.LinkedHashMap;
import java.util.Map;

/** A refusal on its way to the caller as problem+json. It is the user's business: no stack trace is logged. */
public final class ProblemException extends RuntimeException {

  private final transient ProblemCode problem;
  private final transient Map<String, Object> extras;

  /**
   * @param detail what was wrong, where, which bound, and how to mend it
   */
  public ProblemException(ProblemCode problem, String detail) {
    this(problem, detail, Map.of());
  }

  /**
   * @param extras further members of the problem document, such as {@code field}, {@code value}, {@code bound}
   */
  public ProblemException(ProblemCode problem, String detail, Map<String, ?> extras) {
    super(detail, null, false, false);
    this.problem = problem;
    this.extras = new LinkedHashMap<>(extras);
  }

  public ProblemCode problem() {
    return problem;
  }

  public Map<String, Object> extras() {
    return extras;
  }
}
