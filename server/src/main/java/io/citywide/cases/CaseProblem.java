package io.citywide.cases;

import io.citywide.platform.ProblemCode;

/** Refusals of the module cases. */
public enum CaseProblem implements ProblemCode {
  UNKNOWN("case.unknown", 404, "There is no such case"),
  /** Extras: by, at, action, stage, version. */
  CHANGED("case.changed", 409, "Somebody else was first"),
  /** Extras: stage, action, allowed. */
  NOT_ALLOWED("case.step-not-allowed", 422, "The stage does not allow this step"),
  /** Extras: action, role, roles. */
  ROLE("case.role-not-allowed", 403, "Your role does not take this step"),
  /** Extras: action, guard. */
  GUARD("case.guard", 422, "Something is missing for this step"),
  /** Extras: action, field. */
  FIELD("case.field", 422, "A field of this step is missing or not valid"),
  UNKNOWN_UNIT("case.unknown-unit", 422, "There is no such active unit"),
  UNKNOWN_KIND("case.unknown-kind", 422, "There is no such kind"),
  OUTSIDE_CITY("case.outside-city", 422, "The position lies outside the city"),
  NOT_OF_CASE("case.signal-not-of-case", 422, "The signals do not belong to this case"),
  INVALID_CALENDAR("case.invalid-calendar", 422, "The calendar is not valid"),
  INVALID_RULE("case.invalid-rule", 422, "The limit is not valid"),
  INVALID_FILTER("case.invalid-filter", 400, "The filter is not valid"),
  NOT_RATEABLE("case.not-rateable", 409, "The case cannot be judged yet");

  private final String code;
  private final int status;
  private final String title;

  CaseProblem(String code, int status, String title) {
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
