package io.citywide.identity;

import java.util.Map;

/**
 * The administrators of a new installation were made. Published once in the life of a database, to the
 * process that made them, so that it can show the passwords; they are stored nowhere in clear.
 *
 * @param passwords one-time password by login name, in the order system, security, audit administrator
 */
public record FirstAccounts(Map<String, String> passwords) {

  @Override
  public String toString() {
    return "FirstAccounts" + passwords.keySet();
  }
}
