package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The interface under /api speaks JSON and nothing else: a parser that nobody needs is a door that nobody watches. */
@ServerTest
class WireFormTest {

  @Autowired TestPeople people;

  @Test
  void aBodyInXmlIsRefusedAndMakesNothing() {
    var admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();

    var answer = admin.send("POST", "/api/units", "<UnitDraft><code>XML-1</code><name>x</name><kind>DEPARTMENT</kind><areaCode>930100</areaCode></UnitDraft>",
        Map.of("Content-Type", "application/xml"));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(admin.get("/api/units?q=XML-1").json().size()).isZero();
  }

  @Test
  void noAnswerTurnsIntoXmlForWhoeverPrefersIt() {
    var admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();

    var answer = admin.send("GET", "/api/units", null, Map.of("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().headers().firstValue("content-type").orElse("")).startsWith("application/json");
  }
}
