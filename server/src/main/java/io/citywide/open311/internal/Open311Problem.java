package io.citywide.open311.internal;

import io.citywide.platform.ProblemCode;

/** Refusals in the terms of GeoReport v2. */
public enum Open311Problem implements ProblemCode {
  ARGUMENT("open311.argument", 400, "An argument is missing or not valid"),
  JURISDICTION("open311.jurisdiction", 404, "This server does not answer for that jurisdiction"),
  UNKNOWN_SERVICE("open311.unknown-service", 404, "There is no such service"),
  UNKNOWN_REQUEST("open311.unknown-request", 404, "There is no such request"),
  FORMAT("open311.format", 404, "This server answers .json and .xml");

  private final String code;
  private final int status;
  private final String title;

  Open311Problem(String code, int status, String title) {
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
