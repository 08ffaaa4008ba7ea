package io.citywide.sensing.internal.warning;

import io.citywide.platform.ProblemCode;

/** Refusals about warnings, their routes, and alarms of cameras. */
public enum WarningProblem implements ProblemCode {
  UNKNOWN("warning.unknown", 404, "There is no such warning"),
  OVER("warning.over", 409, "The warning is over"),
  ACKNOWLEDGED("warning.acknowledged", 409, "The warning is acknowledged already"),
  INVALID("warning.invalid", 422, "This cannot be taken"),
  UNKNOWN_ROUTE("warning.unknown-route", 404, "There is no such route"),
  ROUTE_CHANGED("warning.route-changed", 409, "Somebody else changed the route"),
  CLASS_CHANGED("camera.class-changed", 409, "Somebody else changed the class"),
  UNKNOWN_BROWSER("warning.unknown-browser", 404, "There is no such browser of yours"),
  ROUTE_TAKEN("warning.route-taken", 409, "There is such a route already"),
  OUTSIDE_SCOPE("warning.outside-scope", 403, "The area is not yours"),
  UNKNOWN_CAMERA("camera.unknown", 422, "There is no such camera"),
  UNKNOWN_CLASS("camera.unknown-class", 422, "There is no such class of alarms"),
  INVALID_ALARM("camera.invalid", 422, "The alarm is not valid"),
  UNKNOWN_ALARM("camera.unknown-alarm", 404, "There is no such alarm");

  private final String code;
  private final int status;
  private final String title;

  WarningProblem(String code, int status, String title) {
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
