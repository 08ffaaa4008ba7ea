package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What every kind of answer tells the browser to forbid. */
@ServerTest
class SecurityHeadersTest {

  @Autowired TestPeople people;

  private Map<String, Answer> answers() {
    TestClient staff = people.someone(Role.SHIFT_LEADER, "830300", null).client();
    Map<String, Answer> answers = new LinkedHashMap<>();
    answers.put("data", staff.get("/api/units"));
    answers.put("own session", staff.get("/api/session"));
    answers.put("refusal", people.nobody().get("/api/cases"));
    answers.put("nothing there", staff.get("/api/nothing"));
    answers.put("bad request", staff.get("/api/cases?limit=x"));
    answers.put("file", staff.get("/api/evaluation.xlsx?object=unit&period=month"));
    answers.put("open311", people.nobody().send("GET", "/open311/v2/discovery.xml", null, Map.of("X-Forwarded-For", "198.51.100.200")));
    answers.put("open311 refusal", people.nobody().send("GET", "/open311/v2/services/none.json", null, Map.of("X-Forwarded-For", "198.51.100.200")));
    answers.put("description", people.nobody().get("/api/openapi"));
    answers.put("page", people.nobody().get("/"));
    return answers;
  }

  private static String header(Answer answer, String name) {
    return answer.response().headers().firstValue(name).orElse("");
  }

  @Test
  void everyAnswerCarriesTheStrictPolicy() {
    answers().forEach((kind, answer) -> {
      String policy = header(answer, "Content-Security-Policy");
      assertThat(policy).as(kind).startsWith("default-src 'none'").contains("script-src 'self';").contains("frame-ancestors 'none'").contains("base-uri 'none'").contains("object-src 'none'");
      assertThat(List.of(policy.split("; "))).as(kind).noneMatch(d -> !d.startsWith("style-src-attr") && (d.contains("unsafe") || d.contains("*") || d.contains("http")));
      assertThat(header(answer, "X-Content-Type-Options")).as(kind).isEqualTo("nosniff");
      assertThat(header(answer, "X-Frame-Options")).as(kind).isEqualTo("DENY");
      assertThat(header(answer, "Referrer-Policy")).as(kind).isEqualTo("same-origin");
      assertThat(header(answer, "Cross-Origin-Opener-Policy")).as(kind).isEqualTo("same-origin");
      assertThat(header(answer, "Cross-Origin-Resource-Policy")).as(kind).isEqualTo("same-origin");
      assertThat(header(answer, "Permissions-Policy")).as(kind).contains("microphone=()").contains("geolocation=(self)");
      assertThat(answer.response().headers().firstValue("Server")).as(kind).isEmpty();
      assertThat(answer.response().headers().firstValue("X-Powered-By")).as(kind).isEmpty();
    });
  }

  @Test
  void answersWithDataAreKeptByNobody() {
    answers().forEach((kind, answer) -> {
      if (!kind.equals("page")) {
        assertThat(header(answer, "Cache-Control")).as(kind).contains("no-store");
      }
    });
  }

  @Test
  void overHttpsTheBrowserIsToldToStayThere() {
    assertThat(header(people.nobody().send("GET", "/", null, Map.of("X-Forwarded-Proto", "https")), "Strict-Transport-Security")).contains("max-age=31536000");
    assertThat(header(people.nobody().get("/"), "Strict-Transport-Security")).isEmpty();
  }

  @Test
  void theSessionCookieIsOutOfReachOfScriptsAndOtherSites() {
    Answer out = people.someone(Role.LEADER, "830300", null).client().delete("/api/session");
    assertThat(String.join("\n", out.response().headers().allValues("Set-Cookie"))).contains("citywide_session=").contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
  }
}
