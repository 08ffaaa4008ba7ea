package io.citywide.platform.internal.postgres;

/**
 * A database login. {@link #toString()} never shows the password, so that it cannot reach a log.
 *
 * @param user role name, not blank
 * @param password plain text, not blank
 */
public record Credentials(String user, String password) {
  public Credentials {
    if (user == null || user.isBlank()) throw new IllegalArgumentException("database user must not be blank");
    if (password == null || password.isBlank()) {
      throw new IllegalArgumentException("password of database user " + user + " must not be blank");
    }
  }

  @Override
  public String toString() {
    return "Credentials[user=" + user + ", password=***]";
  }
}
