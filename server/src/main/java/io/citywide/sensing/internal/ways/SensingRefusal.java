package io.citywide.sensing.internal.ways;

import io.citywide.platform.ProblemCode;

/** Refusals of whole batches of observations. */
enum SensingRefusal implements ProblemCode {
  NOTHING_STORED("sensing.nothing-stored", 422, "None of the lines could be stored");

  private final String code;
  private final int status;
  private final String title;

  SensingRefusal(String code, int status, String title) {
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
