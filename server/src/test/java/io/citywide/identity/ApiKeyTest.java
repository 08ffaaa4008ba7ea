package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Keys of machines. */
@ServerTest
class ApiKeyTest {

  @Autowired TestPeople people;
  TestClient security;

  @BeforeEach
  void signIn() {
    security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    people.unit("热线", UnitKind.CENTRE, "990400", null);
  }

  @Test
  void theSecretIsToldOnceAndDoesWhatItMay() {
    var made = security.post("/api/api-keys", Map.of("name", "hotline", "permissions", List.of("SIGNAL_REPORT", "UNIT_READ"), "areaCode", "990400"));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String secret = made.json().path("secret").asString();

    var machine = TestClient.withKey(people.port(), secret);
    assertThat(machine.get("/api/units").status()).isEqualTo(200);
    assertThat(machine.get("/api/people").status()).isEqualTo(403);
    assertThat(security.get("/api/api-keys").text()).contains(secret.substring(0, 10)).doesNotContain(secret);
  }

  @Test
  void aRevokedKeyOpensNothing() {
    var made = security.post("/api/api-keys", Map.of("name", "sensor", "permissions", List.of("UNIT_READ"), "areaCode", "990400")).json();
    var machine = TestClient.withKey(people.port(), made.path("secret").asString());
    assertThat(machine.get("/api/units").status()).isEqualTo(200);

    assertThat(security.delete("/api/api-keys/" + made.path("key").path("id").asLong()).status()).isEqualTo(204);

    assertThat(machine.get("/api/units").status()).isEqualTo(401);
    assertThat(security.delete("/api/api-keys/999999999").problem()).isEqualTo("identity.unknown-key");
  }

  @Test
  void whatPeopleAnswerForIsNotGivenToMachines() {
    for (Permission permission : Permission.values()) {
      var answer = security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of(permission), "areaCode", "990400"));
      assertThat(answer.status()).as(permission.name()).isEqualTo(Permission.FOR_MACHINES.contains(permission) ? 201 : 422);
      if (answer.status() == 201) {
        boolean waits = Role.SYSTEM_ADMIN.permissions().contains(permission) && !Role.SECURITY_ADMIN.permissions().contains(permission);
        assertThat(answer.json().path("key").path("approval").path("state").asString()).as(permission.name()).isEqualTo(waits ? "WAITING" : "NOT_NEEDED");
        var used = TestClient.withKey(people.port(), answer.json().path("secret").asString()).get("/api/people");
        assertThat(used.problem()).as(permission.name()).isEqualTo(waits ? "identity.key-waiting" : "identity.forbidden");
      }
    }
  }

  @Test
  void badKeysAreRefusedByField() {
    record Bad(String field, Map<String, Object> body) {}
    List<String> reading = List.of("UNIT_READ");
    for (Bad bad :
        List.of(
            new Bad("name", Map.of("name", " ", "permissions", reading, "areaCode", "990400")),
            new Bad("permissions", Map.of("name", "m", "areaCode", "990400")),
            new Bad("areaCode", Map.of("name", "m", "permissions", reading, "areaCode", "880000")),
            new Bad("areaCode", Map.of("name", "m", "permissions", reading, "areaCode", "here")),
            new Bad("expiresAt", Map.of("name", "m", "permissions", reading, "areaCode", "990400", "expiresAt", "2020-01-01T00:00:00Z")))) {
      var answer = security.post("/api/api-keys", bad.body());
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.json().path("field").asString()).isEqualTo(bad.field());
    }
    assertThat(security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of("FLY"))).status()).isEqualTo(400);
    var district = people.someone(Role.SECURITY_ADMIN, "990481", null).client();
    assertThat(district.post("/api/api-keys", Map.of("name", "m", "permissions", reading, "areaCode", "990400")).status()).isEqualTo(403);
  }

  @Test
  void aForgedKeyIsNobodys() {
    assertThat(TestClient.withKey(people.port(), "cwk_" + "A".repeat(43)).get("/api/units").status()).isEqualTo(401);
    assertThat(TestClient.withKey(people.port(), "").get("/api/units").status()).isEqualTo(401);
  }
}
