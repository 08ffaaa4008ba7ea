package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemCode;

/** Refusals of the SensorThings interface. */
enum StaProblem implements ProblemCode {
  /** Extras: position (from 1, in characters) where it is known. */
  INVALID_QUERY("sensing.sta-invalid-query", 400, "The query is not valid"),
  /** Extras: field. */
  INVALID_ENTITY("sensing.sta-invalid-entity", 400, "The entity is not valid"),
  /** Extras: field. */
  INVALID_BATCH("sensing.sta-invalid-batch", 400, "The batch is not valid"),
  NOT_FOUND("sensing.sta-not-found", 404, "There is no such entity"),
  /** The register, or the log of observations, holds it: it is changed there. */
  NOT_HERE("sensing.sta-not-here", 409, "It is not changed over SensorThings"),
  /** Rows that the caller does not see are linked to it. */
  IN_USE("sensing.sta-in-use", 409, "Others use it"),
  /** Extras: bound. */
  TOO_WIDE("sensing.sta-too-wide", 422, "The question reaches too far"),
  /** Extras: reasons. */
  NOT_TAKEN("sensing.sta-not-taken", 422, "The observation was not taken"),
  /** A request of a batch that hangs on another one. Extras: request. */
  NOT_DONE("sensing.sta-not-done", 424, "Another request of the batch failed");

  private final String code;
  private final int status;
  private final String title;

  StaProblem(String code, int status, String title) {
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
