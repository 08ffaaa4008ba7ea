package io.citywide.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The queries of docs/ledger.md find positions and keys that were given, or changed, by no act. */
@ServerTest
class StateAgainstActsTest {

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;

  @Test
  void findsAPositionThatNobodyGranted() throws IOException {
    String query = query("positions");
    var security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    var unit = people.unit("对照单位", UnitKind.CENTRE, "778800", null);
    var person = people.someone(Role.COLLECTOR, "778800", null);
    assertThat(ids(query)).as("as SQL made it").contains(person.positionId());
    var granted = security.post("/api/people/" + person.personId() + "/positions", Map.of("role", "LEADER", "unitId", unit.id(), "areaCode", "778800"));
    assertThat(granted.status()).as(granted.text()).isEqualTo(201);
    long position = granted.json().path("positions").valueStream().filter(each -> each.path("role").asString().equals("LEADER")).findFirst()
        .orElseThrow().path("id").asLong();
    assertThat(ids(query)).doesNotContain(position);

    jdbc.sql("UPDATE identity_position SET role = 'SHIFT_LEADER' WHERE id = :id").param("id", position).update();
    assertThat(ids(query)).contains(position);
    jdbc.sql("UPDATE identity_position SET role = 'LEADER' WHERE id = :id").param("id", position).update();
    assertThat(security.delete("/api/people/" + person.personId() + "/positions/" + position).status()).isEqualTo(200);
    assertThat(ids(query)).doesNotContain(position);
    jdbc.sql("UPDATE identity_position SET ended_at = NULL WHERE id = :id").param("id", position).update();
    assertThat(ids(query)).contains(position);
  }

  @Test
  void findsAKeyThatNobodyMadeChangedOrApproved() throws IOException {
    String query = query("API keys");
    var security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    var admin = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    long unmade = people.waitingKey("state against acts", "");
    assertThat(ids(query)).as("as SQL made it").contains(unmade);

    long waiting = make(security, Permission.UNIT_EDIT);
    long plain = make(security, Permission.UNIT_READ);
    assertThat(ids(query)).doesNotContain(waiting, plain);
    jdbc.sql("UPDATE identity_api_key SET decided_at = now() WHERE id = :id").param("id", waiting).update();
    jdbc.sql("UPDATE identity_api_key SET permissions = permissions || '{CASE_READ}' WHERE id = :id").param("id", plain).update();
    assertThat(ids(query)).contains(waiting, plain);

    long approved = make(security, Permission.UNIT_EDIT);
    assertThat(admin.post("/api/api-keys/" + approved + "/approve", null).status()).isEqualTo(200);
    long unawaited = make(security, Permission.UNIT_EDIT);
    jdbc.sql("UPDATE identity_api_key SET awaits = '{}' WHERE id = :id").param("id", unawaited).update();
    long revived = make(security, Permission.UNIT_READ);
    assertThat(security.delete("/api/api-keys/" + revived).status()).isEqualTo(204);
    assertThat(ids(query)).contains(unawaited).doesNotContain(approved, revived);
    jdbc.sql("UPDATE identity_api_key SET revoked_at = NULL WHERE id = :id").param("id", revived).update();
    assertThat(ids(query)).contains(revived);
  }

  private static long make(TestClient security, Permission permission) {
    var made = security.post("/api/api-keys", Map.of("name", "state against acts", "permissions", List.of(permission), "areaCode", ""));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("key").path("id").asLong();
  }

  private List<Long> ids(String query) {
    return jdbc.sql(query).query((row, n) -> row.getLong("id")).list();
  }

  /** The query of the page that begins with this comment. */
  private static String query(String comment) throws IOException {
    var found = Pattern.compile("```sql\n-- " + comment + "\n(.*?);\n```", Pattern.DOTALL).matcher(Files.readString(Path.of("../docs/ledger.md")));
    assertThat(found.find()).as(comment).isTrue();
    return found.group(1);
  }
}
