package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Who may be granted what, and what ends with a position. */
@ServerTest
class GrantTest {

  @Autowired TestPeople people;
  TestClient admin;
  TestClient security;
  UnitRef unit;

  @BeforeEach
  void signIn() {
    admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    unit = people.unit("城管局", UnitKind.DEPARTMENT, "990200", null);
    people.unit("区城管局", UnitKind.DEPARTMENT, "990201", unit.id());
  }

  private static Map<String, Object> position(Role role, UnitRef unit, String area) {
    Map<String, Object> body = new HashMap<>();
    body.put("role", role);
    body.put("unitId", unit == null ? null : unit.id());
    body.put("areaCode", area);
    return body;
  }

  private long made() {
    return admin.post("/api/people", Map.of("login", Accounts.freshLogin(), "name", "顾念", "signIn", false)).json().path("person").path("id").asLong();
  }

  @Test
  void aGrantedPositionIsTheirsAtOnce() {
    var made = Accounts.make(admin);
    String token = Accounts.settle(people.port(), made);
    var client = TestClient.withSession(people.port(), token);
    assertThat(client.get("/api/session").json().path("position").isNull()).isTrue();

    var granted = security.post("/api/people/" + made.id() + "/positions", position(Role.DISPATCHER, unit, "990201"));
    assertThat(granted.status()).as(granted.text()).isEqualTo(201);

    var me = client.get("/api/session").json();
    assertThat(me.path("position").path("role").asString()).isEqualTo("DISPATCHER");
    assertThat(me.path("position").path("unitName").asString()).isEqualTo("城管局");
    assertThat(security.post("/api/people/" + made.id() + "/positions", position(Role.DISPATCHER, unit, "990201")).problem())
        .isEqualTo("identity.invalid-grant");
  }

  @Test
  void administratorsExcludeOneAnotherAndEveryBusinessRole() {
    for (Role first : Role.values()) {
      for (Role second : Role.values()) {
        long person = made();
        UnitRef of = first.administrator() ? null : unit;
        assertThat(security.post("/api/people/" + person + "/positions", position(first, of, "990200")).status()).isEqualTo(201);

        var answer = security.post("/api/people/" + person + "/positions", position(second, second.administrator() ? null : unit, "990201"));

        boolean exclusive = first != second && (first.administrator() || second.administrator());
        assertThat(answer.status()).as(first + " then " + second + ": " + answer.text()).isEqualTo(exclusive ? 422 : 201);
        assertThat(answer.problem()).isEqualTo(exclusive ? "identity.exclusive-roles" : "");
      }
    }
  }

  @Test
  void grantsAtOnceCannotSlipPastTheExclusion() throws Exception {
    long person = made();
    List<Callable<Integer>> grants = new ArrayList<>();
    for (Role role : List.of(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ACCEPTOR, Role.LEADER)) {
      for (int i = 0; i < 3; i++) {
        grants.add(() -> security.post("/api/people/" + person + "/positions", position(role, role.administrator() ? null : unit, "990200")).status());
      }
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(grants);
    }
    List<Role> held = new ArrayList<>();
    security.get("/api/people/" + person).json().path("positions").forEach(p -> held.add(Role.valueOf(p.path("role").asString())));
    assertThat(held).isNotEmpty().doesNotHaveDuplicates();
    assertThat(held.stream().filter(Role::administrator).count()).isLessThanOrEqualTo(1);
    assertThat(held.size() == 1 || held.stream().noneMatch(Role::administrator)).as(held.toString()).isTrue();
  }

  @Test
  void nobodyGrantsToThemselvesOrEndsTheirOwn() {
    var self = people.someone(Role.SECURITY_ADMIN, "", null);
    assertThat(self.client().post("/api/people/" + self.personId() + "/positions", position(Role.SECURITY_ADMIN, null, "990200")).problem())
        .isEqualTo("identity.own-rights");
    assertThat(self.client().delete("/api/people/" + self.personId() + "/positions/" + self.positionId()).problem()).isEqualTo("identity.own-rights");
  }

  @Test
  void unitAndAreaMustExistAndBelongTogether() {
    long person = made();
    String path = "/api/people/" + person + "/positions";

    assertThat(security.post(path, Map.of("role", "HANDLER", "unitId", 999_999_999, "areaCode", "990200")).problem()).isEqualTo("identity.unknown-unit");
    assertThat(security.post(path, position(Role.HANDLER, null, "990200")).json().path("field").asString()).isEqualTo("unitId");
    assertThat(security.post(path, position(Role.HANDLER, unit, "990300")).json().path("field").asString()).isEqualTo("areaCode");
    assertThat(security.post(path, position(Role.HANDLER, unit, "")).json().path("field").asString()).isEqualTo("areaCode");
    assertThat(security.post(path, position(Role.SYSTEM_ADMIN, null, "690000")).json().path("field").asString()).isEqualTo("areaCode");
    assertThat(security.post(path, Map.of("unitId", unit.id(), "areaCode", "990200")).status()).isEqualTo(400);
    assertThat(security.post(path, Map.of("role", "EMPEROR", "unitId", unit.id())).status()).isEqualTo(400);
    assertThat(security.get("/api/people/" + person).json().path("positions")).isEmpty();
  }

  @Test
  void aDistrictsSecurityAdministratorGrantsWithinTheDistrictOnly() {
    var district = people.someone(Role.SECURITY_ADMIN, "990281", null).client();
    var person = people.someone(Role.COLLECTOR, "990281001", null);
    var own = people.unit("街道办", UnitKind.STREET_OFFICE, "990281001", null);

    assertThat(district.post("/api/people/" + person.personId() + "/positions", position(Role.HANDLER, own, "990281001")).status()).isEqualTo(201);
    assertThat(district.post("/api/people/" + person.personId() + "/positions", position(Role.HANDLER, unit, "990200")).problem()).isEqualTo("identity.forbidden");
  }

  @Test
  void endingAPositionEndsThePersonsSessions() {
    var someone = people.someone(Role.ACCEPTOR, "990201", unit);
    assertThat(someone.client().get("/api/units").status()).isEqualTo(200);

    assertThat(security.delete("/api/people/" + someone.personId() + "/positions/" + someone.positionId()).status()).isEqualTo(200);

    assertThat(someone.client().get("/api/units").status()).isEqualTo(401);
    assertThat(security.delete("/api/people/" + someone.personId() + "/positions/" + someone.positionId()).problem()).isEqualTo("identity.unknown-position");
  }

  @Test
  void aPositionOfAUnitWhoseStationingRanOutNoLongerCounts() {
    Map<String, Object> body = new HashMap<>(Map.of("code", "TMP-" + System.nanoTime(), "name", "临时派驻组", "kind", "ENTERPRISE",
        "areaCode", "990200", "stationing", "TEMPORARY", "stationedUntil", "2099-12-31"));
    long id = admin.post("/api/units", body).json().path("id").asLong();
    var made = Accounts.make(admin);
    security.post("/api/people/" + made.id() + "/positions", Map.of("role", "HANDLER", "unitId", id, "areaCode", "990200"));
    var client = TestClient.withSession(people.port(), Accounts.settle(people.port(), made));
    assertThat(client.get("/api/session").json().path("positions")).hasSize(1);

    body.put("stationedUntil", "2020-01-01");
    assertThat(admin.put("/api/units/" + id, body).status()).isEqualTo(200);

    var again = TestClient.withSession(people.port(), Accounts.token(Accounts.logIn(people.nobody(), made.login(), Accounts.PASSWORD)));
    assertThat(again.get("/api/session").json().path("positions")).isEmpty();
    assertThat(again.get("/api/units").status()).isEqualTo(403);
    assertThat(security.get("/api/people/" + made.id()).json().path("positions").get(0).path("counts").asBoolean()).isFalse();
    assertThat(security.post("/api/people/" + made.id() + "/positions", Map.of("role", "VERIFIER", "unitId", id, "areaCode", "990200")).problem())
        .isEqualTo("identity.invalid-grant");
  }

  @Test
  void everyAdministratorIsRefusedTheOthersWorkAndTheBusiness() {
    record Door(String method, String path, Object body, Role... keepers) {}
    long person = made();
    List<Door> doors =
        List.of(
            new Door("POST", "/api/people", Map.of("login", "a", "name", ""), Role.SYSTEM_ADMIN),
            new Door("PUT", "/api/people/" + person, Map.of("name", ""), Role.SYSTEM_ADMIN),
            new Door("POST", "/api/units", Map.of("code", "", "name", ""), Role.SYSTEM_ADMIN),
            new Door("POST", "/api/people/" + person + "/unlock", null, Role.SYSTEM_ADMIN),
            new Door("POST", "/api/people/" + person + "/positions", Map.of("role", "HANDLER"), Role.SECURITY_ADMIN),
            new Door("GET", "/api/api-keys", null, Role.SECURITY_ADMIN),
            new Door("POST", "/api/api-keys", Map.of("name", ""), Role.SECURITY_ADMIN),
            new Door("GET", "/api/access-log", null, Role.AUDIT_ADMIN),
            new Door("GET", "/api/people", null, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN));
    for (Role role : Role.values()) {
      var client = people.someone(role, "", null).client();
      for (Door door : doors) {
        boolean keeper = List.of(door.keepers()).contains(role);
        var answer = client.send(door.method(), door.path(), door.body(), Map.of());
        assertThat(answer.status() == 403).as(role + " " + door.method() + " " + door.path() + ": " + answer.text()).isEqualTo(!keeper);
      }
      if (role.administrator()) {
        for (Permission business : List.of(Permission.CASE_READ, Permission.CASE_WORK, Permission.SIGNAL_READ, Permission.PERSONAL_DATA_REVEAL)) {
          assertThat(role.permissions()).as(role.name()).doesNotContain(business);
        }
      }
    }
  }
}
