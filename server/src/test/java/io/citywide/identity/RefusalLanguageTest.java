package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.internal.TestPeople;
import io.citywide.platform.Words;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A refusal speaks the language that its reader accepts. */
@ServerTest
class RefusalLanguageTest {

  @Autowired TestPeople people;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      zh-CN                | 用户名或密码不正确
      zh                   | 用户名或密码不正确
      zh-CN,zh;q=0.9,en;q=0.8 | 用户名或密码不正确
      en                   | name or password is wrong
      fr-FR,fr;q=0.9       | name or password is wrong
                           | name or password is wrong
      """)
  void saysWhatWasWrongInTheLanguageOfTheHeader(String accepted, String words) {
    JsonNode problem = logIn(Map.of("login", UUID.randomUUID().toString(), "password", "x"), accepted);

    assertThat(problem.path("detail").asString()).startsWith(words);
    assertThat(problem.path("code").asString()).isEqualTo("identity.bad-credentials");
  }

  @Test
  void faultsOfFieldsFollowTheHeaderToo() {
    Map<String, Object> blank = Map.of("login", "", "password", "x");

    assertThat(logIn(blank, "zh-CN").path("faults").path(0).path("fault").asString()).isEqualTo("不能为空");
    assertThat(logIn(blank, "en").path("faults").path(0).path("fault").asString()).isEqualTo("must not be blank");
    assertThat(logIn(blank, null).path("faults").path(0).path("fault").asString()).isEqualTo("must not be blank");
  }

  @Test
  void beforeTheControllerTheHeaderCountsAsWell() {
    assertThat(people.nobody().send("GET", "/api/people", null, Map.of("Accept-Language", "zh-CN")).json().path("detail").asString()).isEqualTo("请先登录");
    assertThat(people.nobody().get("/api/people").json().path("detail").asString()).isEqualTo("sign in first");
  }

  @Test
  void whatHasNoChineseSentenceIsSaidInEnglish() {
    assertThat(new Words("only so", null).in(Locale.SIMPLIFIED_CHINESE)).isEqualTo("only so");
    assertThat(new Words("so", "如此").said()).as("outside of a request").isEqualTo("so");
  }

  private JsonNode logIn(Map<String, Object> credentials, String accepted) {
    Map<String, String> headers = new HashMap<>(Map.of("Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t"));
    if (accepted != null) {
      headers.put("Accept-Language", accepted);
    }
    return people.nobody().send("POST", "/api/session", credentials, headers).json();
  }
}
