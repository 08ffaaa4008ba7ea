package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Requests that mean one thing to a proxy and another to the server, or that hope for a header that somebody believes. */
@ServerTest
class HeaderAttackTest {

  @Autowired TestPeople people;

  private String raw(String head, String body) {
    return RawHttp.send(people.port(), head + "\r\n" + body);
  }

  @Test
  void twoLengthsOrALengthAndChunksAreOneRequestAtMost() {
    String smuggled = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (String head : List.of(
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 60\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 60\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n")) {
      String answer = raw(head, "0\r\n\r\n" + smuggled);
      assertThat(answer.split("HTTP/1.1 ", -1).length - 1).as(head + "\n" + answer).isLessThanOrEqualTo(1);
      assertThat(RawHttp.status(answer)).as(head).isIn(0, 400, 403, 413, 501);
    }
  }

  @Test
  void aHostThatIsMissingTwiceOrMalformedIsRefused() {
    for (String hosts : List.of("", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: a/../b\r\n")) {
      assertThat(RawHttp.status(raw("GET /api/health HTTP/1.1\r\n" + hosts + "Connection: close\r\n", ""))).as(hosts).isEqualTo(400);
    }
  }

  @Test
  void aLineBreakInAPathOrParameterMakesNoHeader() {
    for (String path : List.of("/login%0d%0aSet-Cookie:%20a=b", "/api/units?q=%0d%0aSet-Cookie:%20a=b", "/api/basemap/%0d%0aSet-Cookie:a=b.geojson", "/open311/v2/services/%0d%0aX-Evil:1.json")) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", "");
      String head = answer.substring(0, Math.max(0, answer.indexOf("\r\n\r\n")));
      assertThat(head).as(path).doesNotContain("a=b").doesNotContainIgnoringCase("x-evil");
      assertThat(RawHttp.status(answer)).isLessThan(500);
    }
    assertThat(RawHttp.status(raw("GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n folded: c\r\nConnection: close\r\n", ""))).isIn(200, 400);
    assertThat(RawHttp.status(raw("GET /api/health HTTP/1.1\r\nHost: localhost\r\nBad Name: c\r\nConnection: close\r\n", ""))).isEqualTo(400);
  }

  @Test
  void noHeaderChangesTheMethodOrThePath() {
    TestClient auditor = people.someone(Role.AUDIT_ADMIN, "", null).client();
    TestClient leader = people.someone(Role.LEADER, "830300", null).client();
    for (String name : List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
      assertThat(auditor.send("GET", "/api/session", null, Map.of(name, "DELETE")).status()).isEqualTo(200);
      assertThat(auditor.get("/api/session").status()).as("still signed in").isEqualTo(200);
    }
    assertThat(auditor.get("/api/session?_method=DELETE").status()).isEqualTo(200);
    for (String name : List.of("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Forwarded-Prefix")) {
      Answer answer = leader.send("GET", "/api/health/live", null, Map.of(name, "/api/access-log"));
      assertThat(answer.text()).as(name).doesNotContain("items");
    }
  }

  @Test
  void aForwardedHostOrSchemeIsNotRepeatedWhereItCouldBeKept() {
    for (Map<String, String> headers : List.of(Map.of("X-Forwarded-Host", "evil.example"), Map.of("X-Forwarded-Proto", "javascript"), Map.of("Forwarded", "host=evil.example"))) {
      Answer page = people.nobody().send("GET", "/", null, headers);
      assertThat(page.text()).doesNotContain("evil.example").doesNotContain("javascript:");
      Answer discovery = people.nobody().send("GET", "/open311/v2/discovery.json", null, headers);
      assertThat(discovery.response().headers().firstValue("Cache-Control").orElse("")).as("kept by no cache").contains("no-store");
    }
  }

  @Test
  void nothingIsRedirectedElsewhere() {
    for (String path : List.of("//evil.example/", "/%2f%2fevil.example/", "/\\evil.example", "/login?next=https://evil.example", "/api/docs?configUrl=https://evil.example/x.json", "/.//evil.example")) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", "");
      String head = answer.substring(0, Math.max(0, answer.indexOf("\r\n\r\n")));
      assertThat(head.lines().filter(line -> line.toLowerCase().startsWith("location:")).toList()).as(path).allMatch(line -> line.matches("(?i)location: (http://localhost[:0-9]*)?/[^/\\\\].*"));
    }
  }

  @Test
  void onlyTheVerbsOfTheInterfaceAreAnswered() {
    for (String verb : List.of("TRACE", "CONNECT", "TRACK", "DEBUG", "PROPFIND", "BREW")) {
      String answer = raw(verb + " /api/units HTTP/1.1\r\nHost: localhost\r\nCookie: citywide_session=secret-cookie\r\nConnection: close\r\n", "");
      assertThat(RawHttp.status(answer)).as(verb).isBetween(400, 501);
      assertThat(answer).as("nothing is echoed").doesNotContain("secret-cookie");
    }
    Answer options = people.nobody().send("OPTIONS", "/api/cases", null, Map.of("Origin", "https://evil.example", "Access-Control-Request-Method", "POST"));
    assertThat(options.response().headers().map().keySet().stream().map(String::toLowerCase)).noneMatch(name -> name.startsWith("access-control-"));
  }

  @Test
  void theDescriptionOfTheInterfaceHoldsNothingOfTheCity() {
    Answer document = people.nobody().get("/api/openapi");
    assertThat(document.text()).doesNotContain("830100").doesNotContainIgnoringCase("password_hash").doesNotContain("jdbc:").doesNotContain("citywide.database");
    for (String path : List.of("/actuator", "/actuator/env", "/actuator/heapdump", "/h2-console", "/.git/config", "/.env")) {
      Answer answer = people.nobody().get(path);
      assertThat(answer.text()).as(path).doesNotContain("JAVA_HOME").doesNotContain("[core]").doesNotContain("trace\":\"java");
      assertThat(answer.status()).as(path).isNotEqualTo(500);
    }
  }
}
