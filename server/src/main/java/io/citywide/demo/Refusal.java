package io.citywide.demo;

/** The server refused a request. */
final class Refusal extends RuntimeException {

  private final transient int status;
  private final transient String code;

  Refusal(String method, String path, int status, String code, String detail) {
    super(method + " " + path + ": " + status + " " + code + " – " + detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  /** Stable code of the problem document, empty without one. */
  String code() {
    return code;
  }
}
