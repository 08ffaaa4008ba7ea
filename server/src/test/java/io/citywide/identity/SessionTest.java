package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
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
    assertThat(withoutTrace(unknown)).isEqualTo(withoutTrace(wrong));
  }

  @Test
  void everyLogInGivesANewTokenWhateverCookieCameWithIt() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    String first = Accounts.settle(people.port(), made);
    var planted = Map.of("Cookie", "citywide_session=planted; XSRF-TOKEN=t", "X-XSRF-TOKEN", "t");

    var again = people.nobody().send("POST", "/api/session", Map.of("login", made.login(), "password", Accounts.PASSWORD), planted);

    assertThat(Accounts.token(again)).isNotEqualTo(first).isNotEqualTo("planted").hasSizeGreaterThanOrEqualTo(43);
    assertThat(again.response().headers().allValues("set-cookie")).anyMatch(c -> c.startsWith("citywide_session=") && c.contains("HttpOnly") && c.contains("SameSite=Strict"));
    assertThat(people.nobody().send("GET", "/api/session", null, Map.of("Cookie", "citywide_session=planted")).status()).isEqualTo(401);
  }

  @Test
  void loggingOutEndsThisSessionAndEverywhereEndsAll() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    var one = TestClient.withSession(people.port(), Accounts.settle(people.port(), made));
    var two = TestClient.withSession(people.port(), Accounts.token(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD)));
    var three = TestClient.withSession(people.port(), Accounts.token(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD)));

    assertThat(one.delete("/api/session").status()).isEqualTo(204);
    assertThat(one.get("/api/session").status()).isEqualTo(401);
    assertThat(two.get("/api/session").status()).isEqualTo(200);

    assertThat(two.delete("/api/session?everywhere=true").status()).isEqualTo(204);
    assertThat(two.get("/api/session").status()).isEqualTo(401);
    assertThat(three.get("/api/session").status()).isEqualTo(401);
  }

  @Test
  void aNewPasswordMustBeStrongAndEndsTheOtherSessions() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    var one = TestClient.withSession(people.port(), Accounts.settle(people.port(), made));
    var two = TestClient.withSession(people.port(), Accounts.token(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD)));

    for (String weak : java.util.List.of("Short-1a", "onlysmallletters", "12345678901234", "X1-" + made.login(), Accounts.PASSWORD, "Aa1-" + "x".repeat(125))) {
      var answer = one.put("/api/session/password", Map.of("current", Accounts.PASSWORD, "next", weak));
      assertThat(answer.status()).as(weak).isIn(400, 422);
    }
    assertThat(one.put("/api/session/password", Map.of("current", "not it", "next", "Another-Good-1")).problem()).isEqualTo("identity.bad-credentials");
    assertThat(two.get("/api/session").status()).isEqualTo(200);

    assertThat(one.put("/api/session/password", Map.of("current", Accounts.PASSWORD, "next", "Another-Good-1")).status()).isEqualTo(200);
    assertThat(one.get("/api/session").status()).isEqualTo(200);
    assertThat(two.get("/api/session").status()).isEqualTo(401);
  }

  @Test
  void onlyAHeldPositionCanBeTaken() {
    var someone = people.someone(Role.ACCEPTOR, "990102", null);
    var other = people.someone(Role.LEADER, "990102", null);

    var answer = someone.client().put("/api/session/position", Map.of("positionId", other.positionId()));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(someone.client().get("/api/session").json().path("position").path("role").asString()).isEqualTo("ACCEPTOR");
  }

  @Test
  void aMachineHasNoSessionToChange() {
    var machine = people.machine("990102", Permission.values());
    assertThat(machine.put("/api/session/password", Map.of("current", "a", "next", "b")).status()).isEqualTo(403);
    assertThat(machine.put("/api/session/position", Map.of("positionId", 1)).status()).isEqualTo(403);
  }

  /** Each answer has a trace id of its own. */
  private static String withoutTrace(TestClient.Answer answer) {
    return answer.text().replace(answer.response().headers().firstValue("Trace-Id").orElseThrow(), "");
  }
}
