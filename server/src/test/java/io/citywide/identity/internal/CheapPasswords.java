package io.citywide.identity.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * The server's way to keep passwords with a fiftieth of its price, for tests that log in many times; what the price itself is
 * for, {@link PasswordRulesTest} tries with the real one. Counts the comparisons.
 */
@Component
public class CheapPasswords implements PasswordEncoder {

  private final PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 1024, 1);
  private final AtomicInteger compared = new AtomicInteger();

  /** How often a password was held against a hash. */
  public int compared() {
    return compared.get();
  }

  @Override
  public String encode(CharSequence password) {
    return argon2.encode(password);
  }

  @Override
  public boolean matches(CharSequence password, String hash) {
    compared.incrementAndGet();
    return argon2.matches(password, hash);
  }
}
