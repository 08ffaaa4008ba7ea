package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.internal.TestPeople;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Sessions over HTTP. */
@ServerTest
class SessionTest {

  @Autowired TestPeople people;

  @Test
  void answersWhoOneIs() {
    var someone = people.someone(Role.ACCEPTOR, "990102", null);

    var me = someone.client().get("/api/session");

    assertThat(me.status()).isEqualTo(200);
    assertThat(me.json().path("position").path("role").asString()).isEqualTo("ACCEPTOR");
  }

  @Test
  void withoutSessionThereIsAProblemDocumentAndACsrfCookie() {
    var answer = people.nobody().get("/api/session");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("identity.sign-in");
    assertThat(answer.response().headers().allValues("set-cookie")).anyMatch(c -> c.startsWith("XSRF-TOKEN="));
  }

  @Test
  void aChangeWithoutTheCsrfTokenIsRefused() {
    var someone = people.someone(Role.SYSTEM_ADMIN, "", null);

    var answer = people.nobody().send("POST", "/api/units", Map.of(), Map.of("Cookie", "citywide_session=" + someone.token()));

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void theSameWordsForAnUnknownPersonAndAWrongPassword() {
    var headers = Map.of("Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t");
    var unknown = people.nobody().send("POST", "/api/session", Map.of("login", "nobody-here", "password", "x"), headers);
    var wrong = people.nobody().send("POST", "/api/session", Map.of("login", "admin", "password", "x"), headers);

    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.text()).isEqualTo(wrong.text());
  }
}
