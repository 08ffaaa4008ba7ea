package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.internal.TestPeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What guessing brings: names, passwords, keys, sessions, tracking codes. Callers come through the proxy of the same machine. */
@ServerTest
class BruteForceTest {

  @Autowired TestPeople people;
  @Autowired IdentitySettings settings;

  private Answer logIn(String login, String password, String address) {
    return people.nobody().send("POST", "/api/session", Map.of("login", login, "password", password),
        Map.of("X-Forwarded-For", address, "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t"));
  }

  @Test
  void anAddressThatTriesManyNamesWaitsAndOthersDoNot() {
    String guesser = "203.0.113.7";
    Answer refused = logIn("nobody-at-all", "wrong", guesser);
    for (int i = 0; i < settings.addressFailures() * 2 && refused.status() == 401; i++) { // the bucket refills while we guess
      refused = logIn("nobody-" + i + "-" + UUID.randomUUID().toString().substring(0, 8), "wrong", guesser);
    }

    assertThat(refused.problem()).isEqualTo("request.too-many");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Long.parseLong(refused.response().headers().firstValue("Retry-After").orElseThrow())).isBetween(1L, settings.failureWindow().toSeconds());
    assertThat(logIn("nobody-at-all", "wrong", "203.0.113.8").status()).isEqualTo(401);
  }

  @Test
  void anUnknownNameAndAWrongPasswordAreRefusedInTheSameWordsUpToTheLock() {
    var known = people.someone(Role.HANDLER, "860300", null);
    String unknown = "u" + UUID.randomUUID().toString().substring(0, 20);

    for (int i = 0; i < settings.maxFailures() + 2; i++) {
      Answer one = logIn(known.login(), "wrong", "203.0.113.20");
      Answer other = logIn(unknown, "wrong", "203.0.113.21");
      assertThat(other.status()).as("guess %d", i).isEqualTo(one.status());
      assertThat(words(other)).isEqualTo(words(one));
    }
  }

  private static String words(Answer answer) {
    return answer.text().replaceAll("\\d{4}-[0-9T:.-]+Z", "TIME").replaceAll("\"traceId\":\"[0-9a-f]+\"", "");
  }

  /** Four times the pool at once: whoever is known already is served meanwhile. */
  @Test
  void aStormOfUnknownKeysAndSessionsKeepsNobodyFromWorking() throws Exception {
    TestClient worker = people.someone(Role.LEADER, "860300", null).client();
    assertThat(worker.get("/api/units").status()).isEqualTo(200);
    List<Integer> strangers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var storm = new ArrayList<java.util.concurrent.Future<Integer>>();
      for (int i = 0; i < 200; i++) {
        String secret = UUID.randomUUID().toString();
        TestClient stranger = i % 2 == 0 ? TestClient.withKey(people.port(), "cwk_" + secret) : TestClient.withSession(people.port(), secret);
        storm.add(threads.submit(() -> stranger.get("/api/units").status()));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(worker.get("/api/units").status()).isEqualTo(200);
      }
      for (var each : storm) {
        strangers.add(each.get());
      }
    }
    assertThat(strangers).allMatch(status -> status == 401 || status == 503).contains(401);
  }

  @Test
  void trackingCodesCannotBeTriedWithoutEnd() {
    TestClient guesser = people.nobody();
    Map<String, String> from = Map.of("X-Forwarded-For", "203.0.113.30");
    Answer answer = null;
    for (int i = 0; i < 1_300 && (answer == null || answer.status() != 429); i++) { // the bucket refills while we guess
      answer = guesser.send("GET", "/api/public/reports/" + "%026d".formatted(i), null, from);
      assertThat(answer.status()).isIn(404, 429);
    }

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
    assertThat(guesser.send("GET", "/api/public/reports/1", null, Map.of("X-Forwarded-For", "203.0.113.31")).status()).isEqualTo(404);
  }

  @Test
  void theReadingOfOpen311IsBoundedForAnybodyButNotForAKey() {
    Map<String, String> from = Map.of("X-Forwarded-For", "203.0.113.40");
    Answer answer = null;
    for (int i = 0; i < 700 && (answer == null || answer.status() != 429); i++) {
      answer = people.nobody().send("GET", "/open311/v2/discovery.json", null, from);
    }

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.json().path(0).path("code").asInt()).isEqualTo(429);
    assertThat(people.machine("860300", Permission.SIGNAL_READ).send("GET", "/open311/v2/discovery.json", null, from).status()).isEqualTo(200);
  }

  @Test
  void nobodyWithoutASessionLearnsWhichCaseNumbersThereAre() {
    for (String path : List.of("/api/cases/1", "/api/cases?q=2026", "/api/cases", "/api/signals/1", "/api/public/reports/2026112200000000001")) {
      assertThat(people.nobody().send("GET", path, null, Map.of("X-Forwarded-For", "203.0.113.50")).status()).as(path).isIn(401, 404);
    }
  }
}
