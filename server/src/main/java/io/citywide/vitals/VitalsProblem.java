package io.citywide.vitals;

import io.citywide.platform.ProblemCode;

/** Refusals of the module vitals. */
public enum VitalsProblem implements ProblemCode {
  UNKNOWN_INDICATOR("vitals.unknown-indicator", 404, "There is no such indicator"),
  UNKNOWN_AREA("vitals.unknown-area", 404, "There is no such area in your sight"),
  INVALID_INDICATOR("vitals.invalid-indicator", 422, "The indicator is not valid"),
  INVALID_FORMULA("vitals.invalid-formula", 422, "The formula is not valid"),
  INVALID_VALUE("vitals.invalid-value", 422, "The value is not valid"),
  INDICATOR_TAKEN("vitals.indicator-taken", 409, "There is an indicator with this code already"),
  INDICATOR_CHANGED("vitals.indicator-changed", 409, "Somebody else changed this indicator"),
  OUTSIDE_SCOPE("vitals.outside-scope", 403, "This area is outside your scope");

  private final String code;
  private final int status;
  private final String title;

  VitalsProblem(String code, int status, String title) {
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
