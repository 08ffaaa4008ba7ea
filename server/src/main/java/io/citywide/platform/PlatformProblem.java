package io.citywide.platform;

/** Refusals that belong to no module in particular. */
public enum PlatformProblem implements ProblemCode {
  INVALID("request.invalid", 400, "The request is not valid"),
  NOT_FOUND("request.not-found", 404, "There is no such thing here"),
  METHOD("request.method", 405, "This method is not supported here"),
  TOO_SLOW("request.too-slow", 408, "The request came too slowly"),
  MEDIA_TYPE("request.media-type", 415, "This content type is not supported"),
  TOO_LARGE("request.too-large", 413, "The request is too large"),
  TOO_MANY("request.too-many", 429, "Too many requests from this address"),
  BUSY("server.busy", 503, "The server is busy; try again"),
  CONTENDED("server.contended", 503, "Somebody else holds what this needs; try again"),
  UNCERTAIN("server.uncertain", 503, "It may have been done or not; look, or send the same again"),
  FULL("server.full", 507, "There is no space left to keep it"),
  SEAL_BROKEN("server.seal-broken", 500, "Personal data cannot be opened; the fault was logged"),
  FAULT("server.fault", 500, "The server failed; the fault was logged");

  private final String code;
  private final int status;
  private final String title;

  PlatformProblem(String code, int status, String title) {
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
