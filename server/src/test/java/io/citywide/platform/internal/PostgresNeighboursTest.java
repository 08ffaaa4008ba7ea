package io.citywide.platform.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What servers on one PostgreSQL tell each other, and how they notice what they missed. */
class PostgresNeighboursTest {

  private TestPostgres.TestDatabase database;
  private final List<PostgresNeighbours> open = new ArrayList<>();

  @BeforeEach
  void aDatabaseWithTheTablesInQuestion() throws SQLException {
    database = TestPostgres.freshDatabase("neighbours", fresh -> {
      try (var owner = fresh.connectAsOwner(); var statement = owner.createStatement()) {
        statement.execute("CREATE TABLE platform_server (id uuid PRIMARY KEY, started_at timestamptz NOT NULL DEFAULT now(), seen_at timestamptz NOT NULL DEFAULT now())");
        statement.execute("CREATE TABLE flyway_schema_history (version text, success boolean)");
        statement.execute("INSERT INTO flyway_schema_history VALUES ('085', true)");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @AfterEach
  void leave() throws InterruptedException {
    for (PostgresNeighbours one : open) {
      one.close();
    }
  }

  private PostgresNeighbours server() throws SQLException {
    var one = new PostgresNeighbours(database.jdbcUrl(), database.app().user(), database.app().password());
    open.add(one);
    return one;
  }

  @Test
  void aServerAloneTellsNobody() throws Exception {
    PostgresNeighbours alone = server();
    alone.tell("topic", Map.of("n", 1));

    assertThat(alone.alone()).isTrue();
    PostgresNeighbours later = server();
    BlockingQueue<Map<String, Object>> heard = hear(later, "topic");
    await(() -> !alone.alone());
    alone.tell("topic", Map.of("n", 2));
    assertThat(heard.poll(5, TimeUnit.SECONDS)).as("only what was told after it came").isEqualTo(Map.of("n", 2L));
  }

  @Test
  void everyNoteArrivesOnceAndInOrder() throws Exception {
    PostgresNeighbours a = server();
    PostgresNeighbours b = server();
    BlockingQueue<Map<String, Object>> atA = hear(a, "topic");
    BlockingQueue<Map<String, Object>> atB = hear(b, "topic");
    await(() -> !a.alone() && !b.alone());

    for (int n = 0; n < 2_000; n++) {
      a.tell("topic", Map.of("n", n, "name", "一网统管"));
    }

    for (long n = 0; n < 2_000; n++) {
      assertThat(atB.poll(5, TimeUnit.SECONDS)).isEqualTo(Map.of("n", n, "name", "一网统管"));
    }
    assertThat(atA).as("nobody hears itself").isEmpty();
  }

  @Test
  void toldEverywhereInATransactionItIsHeardAfterTheCommitOnly() throws Exception {
    PostgresNeighbours a = server();
    BlockingQueue<Map<String, Object>> own = hear(a, "topic");
    var source = new DriverManagerDataSource(database.jdbcUrl(), database.app().user(), database.app().password());
    var transaction = new TransactionTemplate(new JdbcTransactionManager(source));

    transaction.executeWithoutResult(status -> {
      a.everywhere("topic", Map.of("n", 1));
      assertThat(own).isEmpty();
      status.setRollbackOnly();
    });
    assertThat(own).as("rolled back").isEmpty();
    transaction.executeWithoutResult(status -> a.everywhere("topic", Map.of("n", 2)));
    assertThat(own.poll()).isEqualTo(Map.of("n", 2));
  }

  @Test
  void aLostConnectionIsAGapAndComesBack() throws Exception {
    PostgresNeighbours a = server();
    PostgresNeighbours b = server();
    await(() -> !a.alone() && !b.alone());
    var gap = new CountDownLatch(2);
    a.hearGap(gap::countDown);
    b.hearGap(gap::countDown);
    BlockingQueue<Map<String, Object>> atB = hear(b, "topic");

    JdbcClient.create(new DriverManagerDataSource(database.jdbcUrl(), database.app().user(), database.app().password()))
        .sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'citywide-neighbours' AND datname = current_database()")
        .query(Long.class).single();

    assertThat(gap.await(15, TimeUnit.SECONDS)).isTrue();
    await(() -> !a.deaf() && !b.deaf() && !a.alone());
    assertThat(a.databaseFault()).isEmpty();
    a.tell("topic", Map.of("n", 1));
    assertThat(atB.poll(5, TimeUnit.SECONDS)).isEqualTo(Map.of("n", 1L));
  }

  @Test
  void aServerThatVanishesWithoutAGoodbyeIsAGap() throws Exception {
    PostgresNeighbours a = server();
    var gap = new CountDownLatch(1);
    a.hearGap(gap::countDown);
    try (var owner = database.connectAsOwner(); var insert = owner.prepareStatement("INSERT INTO platform_server (id) VALUES (?)")) {
      insert.setObject(1, UUID.randomUUID());
      insert.execute();
    }
    await(() -> !a.alone());

    assertThat(gap.await(15, TimeUnit.SECONDS)).isTrue();
    assertThat(a.alone()).isTrue();
  }

  @Test
  void oneThatSaysGoodbyeIsNoGap() throws Exception {
    PostgresNeighbours a = server();
    PostgresNeighbours b = server();
    await(() -> !a.alone() && !b.alone());
    var gaps = new LinkedBlockingQueue<Integer>();
    a.hearGap(() -> gaps.add(1));

    b.close();

    await(a::alone);
    assertThat(gaps).isEmpty();
  }

  @Test
  void aNoteTooLargeToTellBecomesAGap() throws Exception {
    PostgresNeighbours a = server();
    PostgresNeighbours b = server();
    await(() -> !a.alone() && !b.alone());
    var gap = new CountDownLatch(1);
    b.hearGap(gap::countDown);

    a.tell("topic", Map.of("words", "网".repeat(4_000)));

    assertThat(gap.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFailedMigrationIsNamed() throws Exception {
    PostgresNeighbours a = server();
    assertThat(a.schemaFault()).isEmpty();
    try (var owner = database.connectAsOwner(); var statement = owner.createStatement()) {
      statement.execute("INSERT INTO flyway_schema_history VALUES ('086', false)");
    }
    await(() -> a.schemaFault().isPresent());
    assertThat(a.schemaFault()).contains("migration 086 failed");
  }

  private static BlockingQueue<Map<String, Object>> hear(PostgresNeighbours at, String topic) {
    BlockingQueue<Map<String, Object>> heard = new LinkedBlockingQueue<>();
    at.hear(topic, heard::add);
    return heard;
  }

  /** Asks again and again: what another thread will have seen has no event of its own. */
  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still not so after 15 s").isLessThan(end);
      new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
    }
  }
}
