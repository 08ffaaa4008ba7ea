package io.citywide.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.identity.IdentitySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Passwords at their real price. */
class PasswordRulesTest {

  private static final String PASSWORD = "Citywide-Test-1";
  private static final Duration MINUTES = Duration.ofMinutes(15);

  private final PasswordEncoder real = PasswordRules.argon2();
  private final PasswordRules rules = new PasswordRules(new IdentitySettings(5, MINUTES, MINUTES, 60, MINUTES, MINUTES, 10, 5, MINUTES, false), real);

  @Test
  void aPasswordIsKeptAsArgon2idAtThePriceThatOwaspAsksFor() {
    assertThat(rules.hash(PASSWORD)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(rules.matches(PASSWORD, rules.hash(PASSWORD))).isTrue();
    assertThat(rules.matches(PASSWORD, PasswordRules.NONE)).isFalse();
    assertThat(rules.matches(PASSWORD, null)).isFalse();
  }

  @Test
  void whoeverIsUnknownOrHasNoPasswordCostsAsMuchAsAWrongPassword() {
    String hash = rules.hash(PASSWORD);
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    List<Long> without = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      known.add(nanos(hash));
      unknown.add(nanos(null));
      without.add(nanos(PasswordRules.NONE));
    }
    assertThat((double) median(known) / median(unknown)).as("%s to %s", known, unknown).isBetween(0.4, 2.5);
    assertThat((double) median(known) / median(without)).as("%s to %s", known, without).isBetween(0.4, 2.5);
  }

  private long nanos(String hash) {
    long begin = System.nanoTime();
    assertThat(rules.matches("not-the-password-1", hash)).isFalse();
    return System.nanoTime() - begin;
  }

  private static long median(List<Long> of) {
    return of.stream().sorted().skip(of.size() / 2).findFirst().orElseThrow();
  }
}
