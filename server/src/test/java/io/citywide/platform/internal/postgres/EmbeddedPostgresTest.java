package io.citywide.platform.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.platform.TestPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervised database, with real processes that are really killed. */
class EmbeddedPostgresTest {
  private static final EmbeddedPostgres.Options SMALL = new EmbeddedPostgres.Options(
      TestPostgres.binaries(), Map.of("shared_buffers", "16MB"), Duration.ofMinutes(1));

  @TempDir Path data;

  @Test
  void startsFromAnEmptyFolderAndKeepsEverythingForTheNextStart() throws SQLException {
    String url;
    String appPassword;
    try (EmbeddedPostgres first = EmbeddedPostgres.start(data, SMALL)) {
      url = first.jdbcUrl();
      appPassword = first.app().password();
      asOwner(first, "CREATE TABLE note (text text)");
      asApp(first, "INSERT INTO note VALUES ('kept')");
    }
    try (EmbeddedPostgres second = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(second.jdbcUrl()).isEqualTo(url);
      assertThat(second.app().password()).isEqualTo(appPassword);
      assertThat(ask(second, "SELECT text FROM note")).isEqualTo("kept");
    }
  }

  @Test
  void isDurableAndNobodyCanSwitchThatOff() throws SQLException {
    var careless = new EmbeddedPostgres.Options(TestPostgres.binaries(),
        Map.of("fsync", "off", "full_page_writes", "off", "synchronous_commit", "off", "shared_buffers", "16MB"),
        Duration.ofMinutes(1));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, careless)) {
      try (Connection connection = connect(postgres, postgres.superuser()); Statement statement = connection.createStatement()) {
        statement.execute("ALTER SYSTEM SET fsync = off");
        statement.execute("ALTER SYSTEM SET full_page_writes = off");
        statement.execute("SELECT pg_reload_conf()");
      }
      for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
        assertThat(ask(postgres, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
    }
  }

  @Test
  void storesTextAsUnicodeAndSortsItByCodePointOnEveryMachine() throws SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(ask(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(postgres, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"))
          .isEqualTo("bC.UTF-8");
      assertThat(ask(postgres, "SELECT string_agg(t, ' ' ORDER BY t) FROM (VALUES ('ä'), ('b'), ('B'), ('井盖')) AS v(t)"))
          .isEqualTo("B b ä 井盖");
      assertThat(ask(postgres, "SELECT upper('ä')")).isEqualTo("Ä");
    }
  }

  @Test
  void bringsAKilledPostmasterBackWithEverythingCommitted() throws SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      asOwner(postgres, "CREATE TABLE note (n bigint)");
      for (int kill = 1; kill <= 3; kill++) {
        asApp(postgres, "INSERT INTO note VALUES (" + kill + ")");
        OperatingSystem.send(OperatingSystem.Signal.KILL, postgres.postmasterPid());
        int expected = kill;
        await("restart " + kill, () -> postgres.restarts() == expected);
        assertThat(ask(postgres, "SELECT count(*) FROM note")).isEqualTo(Integer.toString(kill));
      }
    }
  }

  @Test
  void losesNothingAcknowledgedWhenKilledInTheMiddleOfWriting() throws Exception {
    int rows = 400;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      asOwner(postgres, "CREATE TABLE written (n bigint PRIMARY KEY)");
      AtomicInteger acknowledged = new AtomicInteger();
      Thread writer = Thread.ofPlatform().start(() -> {
        while (acknowledged.get() < rows) {
          try (Connection connection = connect(postgres, postgres.app()); Statement statement = connection.createStatement()) {
            while (acknowledged.get() < rows) {
              // What a killed commit left is unknown to its writer, so it writes the same number again.
              statement.execute("INSERT INTO written VALUES (" + (acknowledged.get() + 1) + ") ON CONFLICT DO NOTHING");
              acknowledged.incrementAndGet();
            }
          } catch (SQLException cut) {
            LockSupport.parkNanos(5_000_000);
          }
        }
      });
      for (int kill = 1; kill <= 3; kill++) {
        int expected = kill;
        await("more rows", () -> acknowledged.get() >= expected * 90);
        OperatingSystem.send(OperatingSystem.Signal.KILL, postgres.postmasterPid());
        await("restart " + kill, () -> postgres.restarts() == expected);
      }
      assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
      assertThat(ask(postgres, "SELECT count(*) || ' of ' || max(n) FROM written")).isEqualTo(rows + " of " + rows);
    }
  }

  @Test
  void isNotHeldUpByASessionThatOutlivesItsPostmaster() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      // A session that only computes never looks whether its postmaster still lives.
      Thread busy = Thread.ofVirtual().start(() -> {
        try {
          asApp(postgres, "DO $$ BEGIN LOOP END LOOP; END $$");
        } catch (SQLException killed) {
          // As expected: its session is taken down.
        }
      });
      await("the busy session", () -> answers(() -> ask(postgres,
          "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'").equals("1")));
      OperatingSystem.send(OperatingSystem.Signal.KILL, postgres.postmasterPid());
      await("restart", () -> postgres.restarts() == 1);
      assertThat(busy.join(Duration.ofSeconds(10))).isTrue();
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void endsThePostmasterWhenClosedEvenWhileSessionsAreOpen() throws SQLException {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL);
    long pid = postgres.postmasterPid();
    try (Connection open = connect(postgres, postgres.app())) {
      postgres.close();
      assertThat(open.isValid(1)).isFalse();
    }
    assertThat(OperatingSystem.isAlive(pid)).isFalse();
    assertThat(data.resolve("postgres/pgdata/postmaster.pid")).doesNotExist();
    postgres.close(); // twice does no harm
  }

  @Test
  void takesDownTheOrphanOfAKilledServer() throws Exception {
    long orphan;
    try (ServerInAnotherJvm killed = ServerInAnotherJvm.start(data)) {
      orphan = Long.parseLong(killed.said);
      killed.kill9();
    }
    assertThat(OperatingSystem.isAlive(orphan)).as("PostgreSQL outlives its killed server").isTrue();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(OperatingSystem.isAlive(orphan)).isFalse();
      assertThat(postgres.postmasterPid()).isNotEqualTo(orphan);
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void startsAfterServerAndPostmasterWereBothKilled() throws Exception {
    try (ServerInAnotherJvm killed = ServerInAnotherJvm.start(data)) {
      OperatingSystem.send(OperatingSystem.Signal.KILL, killed.process.pid());
      OperatingSystem.send(OperatingSystem.Signal.KILL, Long.parseLong(killed.said));
      killed.kill9();
    }
    assertThat(data.resolve("postgres/pgdata/postmaster.pid")).as("nobody cleaned up").exists();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void refusesASecondProcessOnTheSameFolderByName() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      postgres.announce("http://127.0.0.1:8443");
      try (ServerInAnotherJvm second = ServerInAnotherJvm.start(data)) {
        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(second.said).contains(data.toRealPath().toString())
            .contains("in use by another Citywide (pid " + ProcessHandle.current().pid() + ", http://127.0.0.1:8443)");
      }
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, SMALL))
          .isInstanceOf(DatabaseUnavailableException.class).hasMessageContaining("in use by another Citywide");
      try (ServerInAnotherJvm third = ServerInAnotherJvm.start(data)) {
        assertThat(third.exitCode()).as("refusing one from inside did not drop the lock").isEqualTo(3);
      }
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void leavesAStrangerAloneWhosePidStandsInAStalePidFile() throws Exception {
    EmbeddedPostgres.start(data, SMALL).close();
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(data.resolve("postgres/pgdata/postmaster.pid"),
          stranger.pid() + "\n" + data.resolve("postgres/pgdata") + "\n");
      String port = Files.readString(data.resolve("postgres/run/port")).strip();
      Files.writeString(data.resolve("postgres/run/.s.PGSQL." + port + ".lock"), stranger.pid() + "\n");
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
        assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
      }
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void leavesAPostgresOfAnotherFolderAloneWhosePidStandsInAStalePidFile(@TempDir Path other) throws Exception {
    EmbeddedPostgres.start(data, SMALL).close();
    try (EmbeddedPostgres neighbour = EmbeddedPostgres.start(other, SMALL)) {
      long pid = neighbour.postmasterPid();
      Files.writeString(data.resolve("postgres/pgdata/postmaster.pid"), pid + "\n");
      EmbeddedPostgres.start(data, SMALL).close();
      assertThat(neighbour.postmasterPid()).isEqualTo(pid);
      assertThat(neighbour.restarts()).isZero();
      assertThat(ask(neighbour, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void movesToAnotherPortWhenItsOwnIsTaken() throws Exception {
    EmbeddedPostgres.start(data, SMALL).close();
    int port = Integer.parseInt(Files.readString(data.resolve("postgres/run/port")).strip());
    try (ServerSocket squatter = new ServerSocket()) {
      squatter.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
        assertThat(postgres.jdbcUrl()).doesNotContain(":" + port + "/");
        assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void makesTheDatabaseAnewWhereTheFirstStartWasKilledHalfway() throws Exception {
    Path part = Files.createDirectories(data.resolve("postgres/pgdata.part/base"));
    Files.writeString(part.resolve("half"), "written");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
    assertThat(data.resolve("postgres/pgdata.part")).doesNotExist();
  }

  @Test
  void endsAnInitdbThatOutlivedItsKilledServer() throws Exception {
    Path part = Files.createDirectories(data.resolve("postgres")).toRealPath().resolve("pgdata.part");
    List<String> command = new ArrayList<>(OperatingSystem.launchPrefix());
    PostgresBinaries binaries = PostgresBinaries.unpackInto(TestPostgres.binaries(), new ArchiveCache(null));
    command.addAll(List.of(binaries.program("initdb").toString(), "-D", part.toString()));
    Process orphan = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    await("initdb at work", () -> Files.exists(part.resolve("base")));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      assertThat(orphan.waitFor()).as("killed, not done").isEqualTo(137);
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void letsNobodyInWithoutAPassword() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      for (Credentials known : List.of(postgres.superuser(), postgres.owner(), postgres.app())) {
        assertThatThrownBy(() -> connect(postgres, new Credentials(known.user(), "wrong")))
            .isInstanceOf(SQLException.class).hasMessageContaining("password authentication failed");
      }
      try (Connection connection = connect(postgres, postgres.superuser()); Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT DISTINCT auth_method FROM pg_hba_file_rules")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("scram-sha-256");
        assertThat(row.next()).as("another way in").isFalse();
      }
      assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      Path passwords = data.resolve("postgres/credentials.properties");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords))).isEqualTo("rw-------");
      assertThat(postgres.app().toString()).doesNotContain(postgres.app().password());
    }
  }

  @Test
  void doesNotWriteAPasswordIntoItsLog() throws Exception {
    var talkative = new EmbeddedPostgres.Options(TestPostgres.binaries(),
        Map.of("log_statement", "all", "shared_buffers", "16MB"), Duration.ofMinutes(1));
    List<String> passwords;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, talkative)) {
      passwords = List.of(postgres.superuser().password(), postgres.owner().password(), postgres.app().password());
    }
    String log = Files.readString(data.resolve("postgres/log/postgres.log"));
    assertThat(log).contains("CREATE ROLE").doesNotContain(passwords);
  }

  @Test
  void bindsTheAppRoleByRowLevelSecurity() throws SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, SMALL)) {
      asOwner(postgres, """
          CREATE TABLE report (area text, text text);
          ALTER TABLE report ENABLE ROW LEVEL SECURITY;
          CREATE POLICY own_area ON report USING (area = current_setting('test.area', true));
          INSERT INTO report VALUES ('mine', 'seen'), ('theirs', 'hidden')""");
      assertThat(ask(postgres, "SELECT count(*) FROM report")).as("no area set, no row").isEqualTo("0");
      try (Connection app = connect(postgres, postgres.app()); Statement statement = app.createStatement()) {
        statement.execute("SET test.area = 'mine'");
        try (ResultSet row = statement.executeQuery("SELECT string_agg(text, ',') FROM report")) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("seen");
        }
        for (String way : List.of("SET ROLE " + EmbeddedPostgres.OWNER, "SET ROLE postgres",
            "ALTER ROLE " + EmbeddedPostgres.APP + " BYPASSRLS", "ALTER TABLE report DISABLE ROW LEVEL SECURITY",
            "DROP POLICY own_area ON report", "TRUNCATE report", "CREATE TABLE own (id bigint)")) {
          assertThatThrownBy(() -> statement.execute(way)).as(way).isInstanceOf(SQLException.class)
              .extracting(e -> ((SQLException) e).getSQLState()).isEqualTo("42501");
        }
      }
    }
  }

  @Test
  void refusesADatabaseOfAnotherMajorVersion() throws Exception {
    EmbeddedPostgres.start(data, SMALL).close();
    Files.writeString(data.resolve("postgres/pgdata/PG_VERSION"), "14\n");
    assertThatThrownBy(() -> EmbeddedPostgres.start(data, SMALL)).isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("was made by PostgreSQL 14, and this is PostgreSQL 18");
  }

  @Test
  void quotesPostgresWhenItDoesNotStartAndGivesTheFolderBack() {
    var wrong = new EmbeddedPostgres.Options(TestPostgres.binaries(), Map.of("shared_buffers", "lots"), Duration.ofMinutes(1));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, wrong)).isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"lots\"");
    }
  }

  @Test
  void worksWithoutASocketWhereThePathIsTooLongForOne() throws SQLException {
    Path deep = data.resolve("a-folder-with-a-long-name".repeat(4)).resolve("with space");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(deep, SMALL)) {
      assertThat(deep.resolve("postgres/run")).isDirectoryNotContaining("glob:**/.s.PGSQL.*");
      assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void deletesADatabaseForGoodTogetherWithAnOrphanOnIt() throws Exception {
    long orphan;
    try (ServerInAnotherJvm killed = ServerInAnotherJvm.start(data)) {
      orphan = Long.parseLong(killed.said);
      killed.kill9();
    }
    EmbeddedPostgres.delete(data);
    assertThat(OperatingSystem.isAlive(orphan)).isFalse();
    assertThat(data.resolve("postgres")).doesNotExist();
  }

  private static Connection connect(EmbeddedPostgres postgres, Credentials as) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), as.user(), as.password());
  }

  private static void asOwner(EmbeddedPostgres postgres, String sql) throws SQLException {
    run(postgres, postgres.owner(), sql);
  }

  private static void asApp(EmbeddedPostgres postgres, String sql) throws SQLException {
    run(postgres, postgres.app(), sql);
  }

  private static void run(EmbeddedPostgres postgres, Credentials as, String sql) throws SQLException {
    try (Connection connection = connect(postgres, as); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(EmbeddedPostgres postgres, String query) throws SQLException {
    try (Connection connection = connect(postgres, postgres.app()); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private interface Question {
    boolean ask() throws SQLException;
  }

  private static boolean answers(Question question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) throw new AssertionError("waited 30 s in vain for " + what);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
