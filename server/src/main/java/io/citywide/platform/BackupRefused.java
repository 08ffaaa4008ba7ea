package io.citywide.platform;

/** A backup cannot be made or restored; the message says in one sentence why and what to do. Meant to be shown as it is. */
public final class BackupRefused extends RuntimeException {
  public BackupRefused(String message) {
    super(message);
  }

  public BackupRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
