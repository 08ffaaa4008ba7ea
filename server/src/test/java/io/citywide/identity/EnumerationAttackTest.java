package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.internal.CheapPasswords;
import io.citywide.identity.internal.TestPeople;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Whether a name exists is not told by the time that a refusal takes either: that time is the comparison of a password, which
 * costs the same whoever it is ({@code PasswordRulesTest}). That the words are the same, {@link BruteForceTest} shows.
 */
@ServerTest
class EnumerationAttackTest {

  @Autowired TestPeople people;
  @Autowired CheapPasswords passwords;
  @Autowired IdentitySettings settings;

  @Test
  void anUnknownNameCostsAsManyComparisonsAsAWrongPasswordUpToTheLockAndAfterIt() {
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    String known = Accounts.make(admin).login();
    String unknown = "n" + UUID.randomUUID().toString().substring(0, 20);
    String without = people.someone(Role.HANDLER, "860300", null).login();

    for (int guess = 1; guess <= settings.maxFailures() + 1; guess++) {
      int expected = guess <= settings.maxFailures() ? 1 : 0;
      for (String login : List.of(known, unknown, without)) {
        assertThat(comparisons(login)).as("guess %d of %s", guess, login).isEqualTo(expected);
      }
    }
  }

  private int comparisons(String login) {
    int before = passwords.compared();
    var answer = people.nobody().send("POST", "/api/session", Map.of("login", login, "password", "not-the-password-1"),
        Map.of("X-Forwarded-For", "198.51.100.61", "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t"));
    assertThat(answer.status()).isIn(401, 423);
    return passwords.compared() - before;
  }
}
