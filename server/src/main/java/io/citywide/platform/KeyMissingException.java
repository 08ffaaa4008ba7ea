package io.citywide.platform;

/** The start cannot go on without a key, and the message says which, where and what to do. Shown without a stack trace. */
public final class KeyMissingException extends RuntimeException {
  public KeyMissingException(String message) {
    super(message);
  }
}
