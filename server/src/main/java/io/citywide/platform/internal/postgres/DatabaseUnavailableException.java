package io.citywide.platform.internal.postgres;

/**
 * The database cannot be used, and the message says in one sentence why and what an operator can do.
 * Meant to be shown as it is, without a stack trace, when it stops the start.
 */
public class DatabaseUnavailableException extends RuntimeException {
  public DatabaseUnavailableException(String message) {
    super(message);
  }

  public DatabaseUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
