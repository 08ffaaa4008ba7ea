package io.citywide.dispatch;

/** Says which unit should handle a case. */
public interface Dispatcher {

  /**
   * What the responsibility matrix says of a case now. Changes nothing.
   *
   * @throws io.citywide.platform.ProblemException {@code case.unknown} where the viewer sees no such case
   */
  Suggestion suggest(long caseId);
}
