package io.citywide.dispatch;

import io.citywide.platform.ProblemCode;

/** Refusals of the module dispatch. */
public enum DispatchProblem implements ProblemCode {
  UNKNOWN_RULE("dispatch.unknown-rule", 404, "There is no such rule"),
  INVALID_RULE("dispatch.invalid-rule", 422, "The rule is not valid"),
  RULE_TAKEN("dispatch.rule-taken", 409, "Another rule stands for the same kind, area, hours and first day"),
  RULE_CHANGED("dispatch.rule-changed", 409, "Somebody else changed this rule"),
  OUTSIDE_SCOPE("dispatch.outside-scope", 403, "This area is outside your scope"),
  UNREADABLE_CSV("dispatch.unreadable-csv", 422, "The text is not the CSV that is needed here");

  private final String code;
  private final int status;
  private final String title;

  DispatchProblem(String code, int status, String title) {
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
