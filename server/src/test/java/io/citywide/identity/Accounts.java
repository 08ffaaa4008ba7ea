package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Accounts made and used over HTTP, as people do it. */
final class Accounts {

  static final String PASSWORD = "Quiet-river-42";

  private static final AtomicInteger COUNT = new AtomicInteger();
  static final Map<String, String> CSRF = Map.of("Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t");

  private Accounts() {}

  /** A new account and its one-time password. */
  record Made(long id, String login, String oneTimePassword) {}

  static String freshLogin() {
    return "person." + COUNT.incrementAndGet() + "." + System.nanoTime() % 1_000_000;
  }

  static Made make(TestClient systemAdministrator) {
    String login = freshLogin();
    Answer answer = systemAdministrator.post("/api/people", Map.of("login", login, "name", "林小满"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return new Made(answer.json().path("person").path("id").asLong(), login, answer.json().path("oneTimePassword").asString());
  }

  static Answer logIn(TestClient nobody, String login, String password) {
    return nobody.send("POST", "/api/session", Map.of("login", login, "password", password), CSRF);
  }

  static String token(Answer logIn) {
    assertThat(logIn.status()).as(logIn.text()).isEqualTo(200);
    return logIn.response().headers().allValues("set-cookie").stream()
        .filter(c -> c.startsWith("citywide_session=")).findFirst().orElseThrow().split("[=;]")[1];
  }

  /** Signs in with the one-time password and changes it to {@link #PASSWORD}; answers the session's token. */
  static String settle(int port, Made made) {
    String token = token(logIn(TestClient.nobody(port), made.login(), made.oneTimePassword()));
    Answer changed = TestClient.withSession(port, token).put("/api/session/password", Map.of("current", made.oneTimePassword(), "next", PASSWORD));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    return token;
  }
}
