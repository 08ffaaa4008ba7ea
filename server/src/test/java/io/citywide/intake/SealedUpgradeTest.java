package io.citywide.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.CitywideApplication;
import io.citywide.TestClient;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.platform.KeyFolder;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.TestPostgres;
import io.citywide.platform.TestPostgres.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A database of the version that kept reporters in clear, from its first start with this one to a change of key. */
class SealedUpgradeTest {

  private static final int ROWS = 1_203;

  @TempDir Path data;

  @Test
  void whatLayInClearIsSealedAtTheStartAndSealedAnewAfterARotation() throws Exception {
    TestDatabase database = TestPostgres.freshDatabase();
    migrateToTheVersionBefore(database);
    fill(database, 1, ROWS);

    try (var server = start(database)) {
      assertNothingInClear(database);
      TestPeople people = server.getBean(TestPeople.class);
      TestClient acceptor = people.someone(Role.ACCEPTOR, "860400", null).client();
      JsonNode signal = acceptor.get("/api/signals/17").json();
      assertThat(signal.path("reporter").path("phone").asString()).isEqualTo("139****0017");
      assertThat(signal.path("attributes").path("device_id").isMissingNode()).isTrue();
      assertThat(signal.path("attributes").path("address_id").asString()).isEqualTo("kept");
      JsonNode clear = acceptor.post("/api/signals/17/reveal", Map.of("purpose", "CALL_BACK", "reason", "升级之后核对数据")).json();
      assertThat(clear.path("name").asString()).isEqualTo("旧客17");
      assertThat(clear.path("phone").asString()).isEqualTo("13955550017");
      assertThat(clear.path("attributes").path("device_id").asString()).isEqualTo("device-17");
      assertThat(acceptor.post("/api/signals/of-reporter", Map.of("phone", "+86 139 5555 1200")).json().path(0).path("id").asLong()).isEqualTo(1200);
      TestClient admin = people.someone(Role.SYSTEM_ADMIN, "860400", null).client();
      assertThat(admin.get("/api/people?q=before.sealing").json().path("items").path(0).path("phone").asString()).isEqualTo("139****8888");
    }

    // As after a start that was killed half-way: some rows are sealed, some not yet; and meanwhile the key was changed.
    sql(database, "ALTER TABLE intake_signal DROP CONSTRAINT intake_signal_nobody_in_clear");
    fill(database, ROWS + 1, ROWS + 700);
    new KeyFolder(data.resolve("keys")).get(PersonalSeal.file(2), PersonalSeal::newMaster);
    try (var server = start(database)) {
      assertNothingInClear(database);
      Instant end = Instant.now().plus(Duration.ofMinutes(1));
      while (count(database, "SELECT count(*) FROM platform_key WHERE name = 'personal-1.key' AND retired_at IS NOT NULL") == 0) {
        assertThat(Instant.now()).as("sealed anew in the background").isBefore(end);
        Thread.onSpinWait();
      }
      assertThat(count(database, "SELECT count(*) FROM intake_signal WHERE substring(personal FOR 5) <> '\\x0100000002'")).isZero();
      TestClient acceptor = server.getBean(TestPeople.class).someone(Role.ACCEPTOR, "860400", null).client();
      assertThat(acceptor.get("/api/signals/17").json().path("reporter").path("phone").asString()).isEqualTo("139****0017");
      assertThat(acceptor.get("/api/signals/1900").json().path("reporter").path("phone").asString()).isEqualTo("139****1900");
    }
  }

  private static void migrateToTheVersionBefore(TestDatabase database) {
    Flyway.configure().dataSource(database.jdbcUrl(), database.owner().user(), database.owner().password()).locations("classpath:db/migration")
        .placeholders(Map.of("app", database.app().user())).target("060").load().migrate();
    sql(database, "INSERT INTO identity_person (login, name, phone, password_hash, area_code) VALUES ('before.sealing', '沈青', '13955558888', '-', '860400')");
  }

  private static void fill(TestDatabase database, int from, int to) {
    sql(database, """
        INSERT INTO intake_signal (id, state, tracking_code, channel, caller, fingerprint, description, area_code, urgency, occurred_at, received_at, actor_name,
          reporter_name, reporter_phone, reporter_email, attributes)
        SELECT n, 'WAITING_PLACE', 'old-' || n, 'OPEN311', 'public', '\\x00', '旧记录', '860400', 'NORMAL', now(), now(), 'OPEN311',
          '旧客' || n, '1395555' || lpad(n::text, 4, '0'), 'old' || n || '@mail.example', jsonb_build_object('device_id', 'device-' || n, 'address_id', 'kept')
        FROM generate_series(%d, %d) n
        """.formatted(from, to));
  }

  private static void assertNothingInClear(TestDatabase database) {
    assertThat(count(database, "SELECT count(*) FROM intake_signal WHERE num_nonnulls(reporter_name, reporter_phone, reporter_email) > 0 OR attributes ? 'device_id'")).isZero();
    assertThat(count(database, "SELECT count(*) FROM intake_signal WHERE personal IS NULL")).isZero();
    assertThat(count(database, "SELECT count(*) FROM identity_person WHERE phone IS NOT NULL")).isZero();
  }

  private ConfigurableApplicationContext start(TestDatabase database) {
    return new SpringApplicationBuilder(CitywideApplication.class).run(
        "--server.port=0", "--citywide.data=" + data, "--citywide.database.url=" + database.jdbcUrl(), "--citywide.database.pool-size=6",
        "--citywide.database.owner-user=" + database.owner().user(), "--citywide.database.owner-password=" + database.owner().password(),
        "--citywide.database.app-user=" + database.app().user(), "--citywide.database.app-password=" + database.app().password());
  }

  private static void sql(TestDatabase database, String text) {
    try (Connection connection = database.connectAsOwner(); Statement statement = connection.createStatement()) {
      statement.execute(text);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long count(TestDatabase database, String text) {
    try (Connection connection = database.connectAsOwner(); Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(text)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
