package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.internal.TestPeople;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Accounts, and how far an administrator's arm reaches. */
@ServerTest
class PeopleTest {

  @Autowired TestPeople people;
  TestClient admin;

  @BeforeEach
  void signIn() {
    admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
  }

  @Test
  void aNewPersonSignsInWithTheOneTimePasswordAndMustChangeItFirst() {
    var made = Accounts.make(admin);

    var first = Accounts.logIn(people.nobody(), made.login(), made.oneTimePassword());
    assertThat(first.json().path("mustChangePassword").asBoolean()).isTrue();
    var client = TestClient.withSession(people.port(), Accounts.token(first));
    assertThat(client.get("/api/units").status()).isEqualTo(403);

    var changed = client.put("/api/session/password", Map.of("current", made.oneTimePassword(), "next", Accounts.PASSWORD));
    assertThat(changed.json().path("mustChangePassword").asBoolean()).isFalse();
    assertThat(Accounts.logIn(people.nobody(), made.login(), made.oneTimePassword()).status()).isEqualTo(401);
    assertThat(Accounts.logIn(people.nobody(), "  " + made.login().toUpperCase() + " ", Accounts.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void loginNamesAreKeptInSmallLettersAndBelongToOnePerson() {
    String login = Accounts.freshLogin();

    var made = admin.post("/api/people", Map.of("login", "  " + login.toUpperCase() + "\t", "name", " 周 望 "));
    assertThat(made.json().path("person").path("login").asString()).isEqualTo(login);
    assertThat(made.json().path("person").path("name").asString()).isEqualTo("周 望");

    var again = admin.post("/api/people", Map.of("login", login, "name", "another"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.problem()).isEqualTo("identity.login-taken");
  }

  @Test
  void badInputIsNamedAndChangesNothing() {
    String login = Accounts.freshLogin();
    record Bad(String field, Map<String, Object> body) {}
    for (Bad bad :
        List.of(
            new Bad("login", Map.of("login", "a", "name", "x")),
            new Bad("login", Map.of("login", "with space", "name", "x")),
            new Bad("login", Map.of("login", "名字", "name", "x")),
            new Bad("login", Map.of("name", "x")),
            new Bad("name", Map.of("login", login, "name", "   ")),
            new Bad("name", Map.of("login", login, "name", "x".repeat(65))),
            new Bad("name", Map.of("login", login, "name", "line\nbreak")),
            new Bad("phone", Map.of("login", login, "name", "x", "phone", "call me")),
            new Bad("areaCode", Map.of("login", login, "name", "x", "areaCode", "32-01")))) {
      var answer = admin.post("/api/people", bad.body());
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.problem()).isEqualTo("identity.invalid-person");
      assertThat(answer.json().path("field").asString()).isEqualTo(bad.field());
    }
    assertThat(admin.get("/api/people?q=" + login).json().path("items")).isEmpty();
    assertThat(admin.get("/api/people?limit=0").status()).isEqualTo(400);
    assertThat(admin.get("/api/people?role=KING").status()).isEqualTo(400);
    assertThat(admin.get("/api/people/999999999").problem()).isEqualTo("identity.unknown-person");
  }

  @Test
  void phonesAreMaskedUntilRevealedForAStatedPurpose() {
    var made = admin.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", "沈青", "phone", "13800005678")).json().path("person");
    long id = made.path("id").asLong();

    assertThat(made.path("phone").asString()).isEqualTo("138****5678");
    assertThat(admin.post("/api/people/" + id + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "x")).status()).isEqualTo(422);
    assertThat(admin.post("/api/people/" + id + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "call in for night shift")).json().path("phone").asString())
        .isEqualTo("13800005678");
    var log = people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?act=personal-data.revealed");
    assertThat(log.text()).contains("person:" + id).contains("call in for night shift");
  }

  @Test
  void aMaskedPhoneSentBackLeavesTheNumberAsItWas() {
    var made = admin.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", "沈青", "phone", "13800005678")).json().path("person");
    String path = "/api/people/" + made.path("id").asLong();

    assertThat(admin.put(path, Map.of("name", "沈青青", "phone", "138****5678")).status()).isEqualTo(200);

    assertThat(admin.post(path + "/reveal", Map.of("purpose", "CORRECTION", "reason", "test of masking")).json().path("phone").asString()).isEqualTo("13800005678");
    assertThat(admin.put(path, Map.of("name", "沈青青", "phone", "")).json().path("phone").isNull()).isTrue();
  }

  @Test
  void aDistrictsAdministratorSeesAndChangesOnlyThePeopleOfTheDistrict() {
    var district = people.someone(Role.SYSTEM_ADMIN, "990181", null).client();
    var own = people.someone(Role.COLLECTOR, "990181001", null);
    var neighbour = people.someone(Role.COLLECTOR, "990182001", null);
    var wide = Accounts.make(admin);

    var seen = new HashSet<Long>();
    district.get("/api/people?limit=500").json().path("items").forEach(p -> seen.add(p.path("id").asLong()));
    assertThat(seen).contains(own.personId()).doesNotContain(neighbour.personId(), wide.id());
    assertThat(district.get("/api/people/" + neighbour.personId()).status()).isEqualTo(404);
    assertThat(district.post("/api/people/" + neighbour.personId() + "/password-reset", null).status()).isEqualTo(404);
    assertThat(district.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", "x", "areaCode", "990182")).status()).isEqualTo(403);

    var made = district.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", "x")).json().path("person");
    assertThat(made.path("areaCode").asString()).isEqualTo("990181");
  }

  @Test
  void somebodyWhoAlsoWorksElsewhereIsBeyondADistrictsAdministrator() {
    var district = people.someone(Role.SYSTEM_ADMIN, "990183", null).client();
    var both = people.someone(Role.COLLECTOR, "990183001", null); // the account itself belongs to the whole city

    var reset = district.post("/api/people/" + both.personId() + "/password-reset", null);

    assertThat(reset.status()).isEqualTo(403);
    assertThat(reset.problem()).isEqualTo("identity.protected-person");
  }

  @Test
  void aPasswordResetEndsThePersonsSessions() {
    var made = Accounts.make(admin);
    String token = Accounts.settle(people.port(), made);

    var reset = admin.post("/api/people/" + made.id() + "/password-reset", null);

    assertThat(TestClient.withSession(people.port(), token).get("/api/session").status()).isEqualTo(401);
    assertThat(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD).status()).isEqualTo(401);
    assertThat(Accounts.logIn(people.nobody(), made.login(), reset.json().path("oneTimePassword").asString()).status()).isEqualTo(200);
  }

  @Test
  void deactivatingEndsThePersonsSessionsAndRefusesLogIn() {
    var made = Accounts.make(admin);
    String token = Accounts.settle(people.port(), made);

    assertThat(admin.put("/api/people/" + made.id(), Map.of("name", "林小满", "active", false)).json().path("active").asBoolean()).isFalse();

    assertThat(TestClient.withSession(people.port(), token).get("/api/session").status()).isEqualTo(401);
    assertThat(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD).status()).isEqualTo(401);
  }

  @Test
  void theSystemAdministratorCannotTakeOverTheOtherAdministrators() {
    for (Role role : List.of(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)) {
      var other = people.someone(role, "", null);
      assertThat(admin.post("/api/people/" + other.personId() + "/password-reset", null).problem()).isEqualTo("identity.protected-person");
      assertThat(admin.put("/api/people/" + other.personId(), Map.of("name", "x", "active", false)).problem()).isEqualTo("identity.protected-person");
    }
  }

  @Test
  void anAccountWithoutAPasswordIsOpenedByNone() {
    String login = Accounts.freshLogin();
    var made = admin.post("/api/people", Map.of("login", login, "name", "网格员", "signIn", false));

    assertThat(made.json().path("oneTimePassword").isNull()).isTrue();
    assertThat(Accounts.logIn(people.nobody(), login, "-").status()).isEqualTo(401);
  }

  @Test
  void theListIsReadPageByPage() {
    String name = "页" + System.nanoTime();
    for (int i = 0; i < 5; i++) {
      admin.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", name, "signIn", false));
    }
    Set<String> logins = new HashSet<>();
    int pages = 0;
    String next = "";
    do {
      var page = admin.get("/api/people?limit=2&q=" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
          + (next.isEmpty() ? "" : "&after=" + next)).json();
      page.path("items").forEach(p -> logins.add(p.path("login").asString()));
      next = page.path("next").asString("");
      pages++;
    } while (!next.isEmpty());
    assertThat(logins).hasSize(5);
    assertThat(pages).isEqualTo(3);
  }
}
