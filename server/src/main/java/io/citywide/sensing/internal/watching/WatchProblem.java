package io.citywide.sensing.internal.watching;

import io.citywide.platform.ProblemCode;

/** Refusals around watch rules. */
public enum WatchProblem implements ProblemCode {
  INVALID("watch.invalid", 422, "What was given is not valid; nothing was changed"),
  INVALID_RULE("watch.invalid-rule", 422, "The rule has flaws; nothing was changed"),
  UNKNOWN_RULE("watch.unknown-rule", 404, "There is no such rule or version within your scope"),
  OUTSIDE_SCOPE("watch.outside-scope", 403, "The rule's area reaches beyond your scope"),
  RULE_CHANGED("watch.rule-changed", 409, "The rule has changed since you saw it"),
  NOTHING_TO_DO("watch.nothing-to-do", 409, "There is nothing that could be published or withdrawn"),
  TOO_MUCH("watch.too-much", 422, "The rehearsal would take too long"),
  REHEARSAL_UNDER_WAY("watch.rehearsal-under-way", 409, "Others are rehearsing");

  private final String code;
  private final int status;
  private final String title;

  WatchProblem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }
}
