package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.internal.TestPeople;
import io.citywide.platform.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/** Locks, timeouts and expiry, by a clock that the test turns; hence a server of its own. */
@ServerTest
@Import(HandClock.class)
class AccountLimitsTest {

  @Autowired TestPeople people;
  @Autowired HandClock clock;
  @Autowired IdentitySettings settings;
  TestClient admin;
  Accounts.Made made;
  String token;

  @BeforeEach
  void settle() {
    clock.set(Instant.now());
    admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    made = Accounts.make(admin);
    token = Accounts.settle(people.port(), made);
  }

  private TestClient own() {
    return TestClient.withSession(people.port(), token);
  }

  private TestClient.Answer guess(String password) {
    return Accounts.logIn(people.nobody(), made.login(), password);
  }

  @Test
  void theFifthFailureLocksTheAccountUntilTheLockRunsOut() {
    for (int i = 1; i < settings.maxFailures(); i++) {
      assertThat(guess("wrong").status()).isEqualTo(401);
    }
    var fifth = guess("wrong");
    assertThat(fifth.status()).isEqualTo(423);
    assertThat(Instant.parse(fifth.json().path("until").asString())).isEqualTo(clock.instant().plus(settings.lockDuration()));
    assertThat(guess(Accounts.PASSWORD).status()).as("even the right password").isEqualTo(423);

    clock.turn(settings.lockDuration().plusSeconds(1));
    assertThat(guess(Accounts.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void parallelGuessesCountOneByOne() throws Exception {
    int guesses = 20;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = threads.invokeAll(Collections.nCopies(guesses, (Callable<Integer>) () -> guess("wrong").status()));
      int unlocked = 0;
      for (var answer : answers) {
        unlocked += answer.get() == 401 ? 1 : 0;
      }
      assertThat(unlocked).isEqualTo(settings.maxFailures() - 1);
    }
  }

  @Test
  void failuresFarApartDoNotAddUp() {
    for (int i = 0; i < 3 * settings.maxFailures(); i++) {
      assertThat(guess("wrong").status()).isEqualTo(401);
      clock.turn(settings.failureWindow().dividedBy(settings.maxFailures() - 2).plusSeconds(1));
    }
  }

  @Test
  void anAdministratorLiftsALock() {
    for (int i = 0; i < settings.maxFailures(); i++) {
      guess("wrong");
    }
    assertThat(admin.get("/api/people/" + made.id()).json().path("lockedUntil").isNull()).isFalse();

    assertThat(admin.post("/api/people/" + made.id() + "/unlock", null).json().path("lockedUntil").isNull()).isTrue();

    assertThat(guess(Accounts.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void aUnknownNameIsLockedLikeAKnownOneSoThatALockTellsNothing() {
    String unknown = Accounts.freshLogin();
    for (int i = 1; i < settings.maxFailures(); i++) {
      assertThat(Accounts.logIn(people.nobody(), unknown, "wrong").status()).isEqualTo(401);
    }
    assertThat(Accounts.logIn(people.nobody(), unknown, "wrong").status()).isEqualTo(423);
    clock.turn(settings.lockDuration().plusSeconds(1));
    assertThat(Accounts.logIn(people.nobody(), unknown, "wrong").status()).isEqualTo(401);
  }

  @Test
  void anIdleSessionEndsAndAUsedOneLivesOn() {
    for (int i = 0; i < 4; i++) {
      clock.turn(settings.sessionIdle().minusMinutes(1));
      assertThat(own().get("/api/session").status()).isEqualTo(200);
    }
    clock.turn(settings.sessionIdle().plusSeconds(1));
    assertThat(own().get("/api/session").status()).isEqualTo(401);
  }

  @Test
  void noSessionOutlivesItsAbsoluteEnd() {
    Instant end = clock.instant().plus(settings.sessionAbsolute());
    while (clock.instant().plus(settings.sessionIdle().dividedBy(2)).isBefore(end)) {
      clock.turn(settings.sessionIdle().dividedBy(2));
      assertThat(own().get("/api/session").status()).isEqualTo(200);
    }
    clock.turn(settings.sessionIdle().dividedBy(2).plusSeconds(6));
    assertThat(own().get("/api/session").status()).isEqualTo(401);
  }

  @Test
  void guessesAtTheCurrentPasswordWithAStolenSessionLockTheAccountToo() {
    for (int i = 1; i < settings.maxFailures(); i++) {
      assertThat(own().put("/api/session/password", Map.of("current", "wrong", "next", "Another-Good-1")).status()).isEqualTo(401);
    }
    assertThat(own().put("/api/session/password", Map.of("current", "wrong", "next", "Another-Good-1")).status()).isEqualTo(423);
    assertThat(own().put("/api/session/password", Map.of("current", Accounts.PASSWORD, "next", "Another-Good-1")).status()).isEqualTo(423);
  }

  @Test
  void anExpiredKeyOpensNothing() {
    var security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    var secret = security.post("/api/api-keys", Map.of("name", "short", "permissions", List.of("UNIT_READ"),
        "expiresAt", clock.instant().plus(Duration.ofHours(1)).toString())).json().path("secret").asString();
    var machine = TestClient.withKey(people.port(), secret);
    assertThat(machine.get("/api/units").status()).isEqualTo(200);

    clock.turn(Duration.ofHours(1).plusSeconds(1));
    assertThat(machine.get("/api/units").status()).isEqualTo(401);
  }

  @Test
  void theLastAdministratorOfAKindStays() {
    // Made by the first start; this server has no other.
    var security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    var audit = admin.get("/api/people?role=AUDIT_ADMIN").json().path("items").get(0);

    var answer = security.delete("/api/people/" + audit.path("id").asLong() + "/positions/" + audit.path("positions").get(0).path("id").asLong());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("identity.last-administrator");
  }

  @Test
  void aPasswordOlderThanItMayBeIsChangedBeforeAnythingElse() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    Accounts.settle(people.port(), made);

    clock.turn(settings.passwordMaxAge().plusDays(1));
    var in = Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD);
    assertThat(in.json().path("mustChangePassword").asBoolean()).isTrue();
    var client = TestClient.withSession(people.port(), Accounts.token(in));
    assertThat(client.put("/api/session/password", Map.of("current", Accounts.PASSWORD, "next", "Another-2026-word")).json().path("mustChangePassword").asBoolean()).isFalse();
  }

  @Test
  void noneOfThePasswordsUsedLastIsTakenAgain() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    var client = TestClient.withSession(people.port(), Accounts.settle(people.port(), made));
    String current = Accounts.PASSWORD;
    for (int i = 1; i <= settings.passwordsRemembered(); i++) {
      clock.turn(Duration.ofSeconds(1));
      String next = "Next-word-of-" + i;
      assertThat(client.put("/api/session/password", Map.of("current", current, "next", next)).status()).isEqualTo(200);
      current = next;
      var again = client.put("/api/session/password", Map.of("current", current, "next", Accounts.PASSWORD));
      assertThat(again.problem()).as("change %d", i).isEqualTo("identity.weak-password");
    }
    clock.turn(Duration.ofSeconds(1));
    assertThat(client.put("/api/session/password", Map.of("current", current, "next", "Next-word-at-last")).status()).isEqualTo(200);
    assertThat(client.put("/api/session/password", Map.of("current", "Next-word-at-last", "next", Accounts.PASSWORD)).status()).as("long ago").isEqualTo(200);
  }
}
