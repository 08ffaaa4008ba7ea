package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.internal.TestPeople;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What the audit administrator reads. */
@ServerTest
class AccessLogTest {

  @Autowired TestPeople people;

  @Test
  void holdsFailedLogInsAndChangesOfAccountsWithTheAddressTheyCameFrom() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    Accounts.logIn(people.nobody(), made.login(), "wrong");

    var log = people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?personId=" + made.id() + "&limit=1");

    var entry = log.json().path("items").get(0);
    assertThat(entry.path("act").asString()).isEqualTo("session.refused");
    assertThat(entry.path("actor").asString()).isEqualTo(made.login());
    assertThat(entry.path("address").asString()).isEqualTo("127.0.0.1");
    assertThat(log.text()).doesNotContain("wrong");
  }

  @Test
  void namesTheAddressThatAProxyOfTheSameMachineSawAndNoneThatTheCallerInvented() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    Map<String, String> headers = new HashMap<>(Accounts.CSRF);
    headers.put("X-Forwarded-For", "198.51.100.7, 10.1.2.3");
    people.nobody().send("POST", "/api/session", Map.of("login", made.login(), "password", "wrong"), headers);

    var log = people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?personId=" + made.id() + "&limit=1");

    assertThat(log.json().path("items").get(0).path("address").asString()).isEqualTo("10.1.2.3");
  }

  @Test
  void isReadPageByPageNewestFirstWithoutGapOrRepetition() {
    var made = Accounts.make(people.someone(Role.SYSTEM_ADMIN, "", null).client());
    for (int i = 0; i < 4; i++) {
      Accounts.logIn(people.nobody(), made.login(), "wrong");
    }
    var audit = people.someone(Role.AUDIT_ADMIN, "", null).client();
    Set<Long> seen = new HashSet<>();
    long last = Long.MAX_VALUE;
    String next = null;
    do {
      var page = audit.get("/api/access-log?personId=" + made.id() + "&limit=3" + (next == null ? "" : "&after=" + next)).json();
      for (var entry : page.path("items")) {
        assertThat(entry.path("id").asLong()).isLessThan(last);
        last = entry.path("id").asLong();
        seen.add(last);
      }
      next = page.path("next").asString(null);
    } while (next != null);
    assertThat(seen).hasSize(4);
  }

  @Test
  void aDistrictsAuditAdministratorReadsTheActsOfTheDistrictsPeople() {
    var own = people.someone(Role.ACCEPTOR, "990581", null);
    var other = people.someone(Role.ACCEPTOR, "990582", null);
    Accounts.logIn(people.nobody(), own.login(), "wrong");
    Accounts.logIn(people.nobody(), other.login(), "wrong");

    String text = people.someone(Role.AUDIT_ADMIN, "990581", null).client().get("/api/access-log?limit=500").text();

    assertThat(text).contains(own.login()).doesNotContain(other.login());
  }
}
