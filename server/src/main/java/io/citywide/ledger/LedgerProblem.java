package io.citywide.ledger;

import io.citywide.platform.ProblemCode;

/** Refusals of the module ledger. */
public enum LedgerProblem implements ProblemCode {
  UNKNOWN("ledger.unknown", 404, "The ledger has no such entry"),
  /** Extras: retryAfterSeconds. */
  NOT_SEALED("ledger.not-sealed", 503, "The entry is not sealed yet"),
  /** Extras: field, bound. */
  RANGE("ledger.range", 422, "The tree never had this size");

  private final String code;
  private final int status;
  private final String title;

  LedgerProblem(String code, int status, String title) {
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
