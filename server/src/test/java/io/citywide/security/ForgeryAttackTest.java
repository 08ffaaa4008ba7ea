package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Somebody else's page makes a browser speak, or a caller makes the server speak: requests nobody meant. */
@ServerTest
class ForgeryAttackTest {

  @Autowired TestPeople people;

  /** As another site's form or script would send it: the cookie comes along, the token does not. */
  private Answer forged(Someone victim, String method, String path, String body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.putIfAbsent("Cookie", "citywide_session=" + victim.token() + "; XSRF-TOKEN=t");
    return people.nobody().send(method, path, body, headers);
  }

  @Test
  void aSessionCookieAloneChangesNothing() {
    Someone victim = people.someone(Role.SHIFT_LEADER, "830300", null);
    String body = "{\"kind\":\"*\",\"areaCode\":\"830300\",\"hours\":\"ANY\",\"leadUnitId\":1}";
    List<Answer> answers = new ArrayList<>();
    for (String type : List.of("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b")) {
      answers.add(forged(victim, "POST", "/api/dispatch/rules", body, Map.of("Content-Type", type)));
      answers.add(forged(victim, "POST", "/api/dispatch/rules", body, Map.of("Content-Type", type, "X-XSRF-TOKEN", "wrong")));
      answers.add(forged(victim, "POST", "/api/dispatch/rules", body, Map.of("Content-Type", type, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")));
      answers.add(forged(victim, "POST", "/api/dispatch/rules", body, Map.of("Content-Type", type, "Cookie", "citywide_session=" + victim.token(), "X-XSRF-TOKEN", "t")));
    }
    answers.add(forged(victim, "DELETE", "/api/session", null, Map.of()));
    answers.add(forged(victim, "PUT", "/api/session/position", "{\"positionId\":1}", Map.of("Content-Type", "application/json")));
    assertThat(answers).allSatisfy(a -> assertThat(a.status()).as(a.text()).isEqualTo(403));
    assertThat(victim.client().get("/api/session").status()).as("still signed in").isEqualTo(200);
  }

  @Test
  void jsonUnderAnotherNameIsNotReadEvenWithTheToken() {
    Someone caller = people.someone(Role.SHIFT_LEADER, "830300", null);
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertThat(caller.client().send("POST", "/api/dispatch/rules", "{}", Map.of("Content-Type", type)).status()).as(type).isEqualTo(415);
    }
  }

  @Test
  void aLogInCannotBeForgedAndASessionGivenBeforeItIsNotKept() {
    String given = "a-session-that-the-attacker-knows";
    Answer forgedLogIn = people.nobody().send("POST", "/api/session", "{\"login\":\"x\",\"password\":\"y\"}",
        Map.of("Content-Type", "application/json", "Cookie", "citywide_session=" + given));
    assertThat(forgedLogIn.status()).isEqualTo(403);
    assertThat(people.nobody().send("GET", "/api/session", null, Map.of("Cookie", "citywide_session=" + given)).status()).isEqualTo(401);
  }

  /** Whatever looks like an address in a report is kept as text; nothing opens a connection to it. */
  @Test
  void noAddressThatACallerGivesIsFetched() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + listener.getLocalPort() + "/photo.jpg";
      var staff = people.someone(Role.SHIFT_LEADER, "830300", null).client();
      Answer open311 = staff.send("POST", "/open311/v2/requests.json",
          "service_code=gb47678.5-M06010&address_string=x&description=x&media_url=" + url + "&jurisdiction_id=", Map.of("Content-Type", "application/x-www-form-urlencoded"));
      assertThat(open311.status()).as(open311.text()).isLessThan(500);
      List<Answer> answers = List.of(
          staff.post("/api/signals", Map.of("description", "见 " + url, "address", url, "media", List.of(url))),
          staff.post("/api/signals", Map.of("description", "见 " + url, "address", url, "attributes", Map.of("media_url", url))),
          staff.post("/api/cases", Map.of("description", url, "title", url, "address", url, "lon", 83.4, "lat", 33.4)),
          staff.get("/api/media/" + java.net.URLEncoder.encode(url, java.nio.charset.StandardCharsets.UTF_8)),
          staff.send("GET", "/api/health", null, Map.of("Referer", url, "Origin", url, "X-Forwarded-Host", url.substring(7), "traceparent", url)),
          people.nobody().post("/api/public/reports", Map.of("description", "见 " + url, "address", url, "media", List.of(url))));
      assertThat(answers).allSatisfy(a -> assertThat(a.status()).isLessThan(500));
      listener.setSoTimeout(1_000);
      boolean called;
      try (var caller = listener.accept()) {
        called = true;
      } catch (SocketTimeoutException e) {
        called = false;
      }
      assertThat(called).as("the server called back").isFalse();
    }
  }
}
