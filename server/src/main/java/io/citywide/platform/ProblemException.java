package io.citywide.platform;

import java.util.LinkedHashMap;
import java.util.Map;

/** A refusal on its way to the caller as problem+json. It is the user's business: no stack trace is logged. */
public final class ProblemException extends RuntimeException {

  private final transient ProblemCode problem;
  private final transient Map<String, Object> extras;
  private final transient Words words;

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
    this(problem, new Words(detail, null), extras);
  }

  private ProblemException(ProblemCode problem, Words words, Map<String, ?> extras) {
    super(words.en(), null, false, false);
    this.problem = problem;
    this.words = words;
    this.extras = new LinkedHashMap<>(extras);
  }

  /** The same refusal, which says {@code detail} to those who read Chinese. */
  public ProblemException zh(String detail) {
    return new ProblemException(problem, new Words(words.en(), detail), extras);
  }

  public ProblemCode problem() {
    return problem;
  }

  /** What was wrong, where, which bound, and how to mend it; the message is the English sentence. */
  public Words words() {
    return words;
  }

  public Map<String, Object> extras() {
    return extras;
  }
}
