package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.internal.TestPeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Whether a name exists is not told by the time that a refusal takes either. That the words are the same, {@link BruteForceTest} shows. */
@ServerTest
class EnumerationAttackTest {

  private static final int ACCOUNTS = 3;

  @Autowired TestPeople people;
  @Autowired IdentitySettings settings;

  @Test
  void anUnknownNameIsRefusedAsSlowlyAsAWrongPassword() {
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    nanos("warm-up", "198.51.100.60");
    for (int i = 0; i < ACCOUNTS; i++) {
      String login = Accounts.make(admin).login();
      String nobody = "n" + UUID.randomUUID().toString().substring(0, 20);
      // In turns, so that a busy machine is as slow for the one as for the other; fewer than lock an account.
      for (int n = 0; n < settings.maxFailures() - 1; n++) {
        known.add(nanos(login, "198.51.100.61"));
        unknown.add(nanos(nobody, "198.51.100.62"));
      }
    }
    double ratio = (double) median(known) / median(unknown);
    assertThat(ratio).as("known %s, unknown %s", known, unknown).isBetween(0.4, 2.5);
  }

  private long nanos(String login, String address) {
    long begin = System.nanoTime();
    var answer = people.nobody().send("POST", "/api/session", Map.of("login", login, "password", "not-the-password-1"),
        Map.of("X-Forwarded-For", address, "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t"));
    assertThat(answer.status()).isEqualTo(401);
    return System.nanoTime() - begin;
  }

  private static long median(List<Long> of) {
    return of.stream().sorted().skip(of.size() / 2).findFirst().orElseThrow();
  }
}
