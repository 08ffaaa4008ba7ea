package io.citywide.sensing;

import io.citywide.platform.ProblemCode;

/** Refusals of the module sensing. */
public enum SensingProblem implements ProblemCode {
  UNKNOWN_DEVICE("sensing.unknown-device", 404, "There is no such device"),
  UNKNOWN_TYPE("sensing.unknown-type", 404, "There is no such type of devices"),
  UNKNOWN_PROPERTY("sensing.unknown-property", 404, "The type has no such property"),
  UNKNOWN_COMMAND("sensing.unknown-command", 404, "There is no such command"),
  INVALID_DEVICE("sensing.invalid-device", 422, "The device is not valid"),
  INVALID_TYPE("sensing.invalid-type", 422, "The type of devices is not valid"),
  INVALID_COMMAND("sensing.invalid-command", 422, "The command is not valid"),
  INVALID_PERIOD("sensing.invalid-period", 422, "The period is not valid"),
  CODE_TAKEN("sensing.code-taken", 409, "Another one has this code"),
  CHANGED("sensing.changed", 409, "Somebody changed it since you saw it"),
  IN_USE("sensing.in-use", 409, "It is in use and cannot be deleted"),
  HAS_OBSERVATIONS("sensing.has-observations", 409, "There are observations of it"),
  UNREADABLE_IMPORT("sensing.unreadable-import", 422, "The rows cannot be read; nothing was imported"),
  INVALID_BATCH("sensing.invalid-batch", 422, "The batch is not valid; nothing was imported");

  private final String code;
  private final int status;
  private final String title;

  SensingProblem(String code, int status, String title) {
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
