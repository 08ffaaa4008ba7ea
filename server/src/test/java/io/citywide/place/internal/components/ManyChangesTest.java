package io.citywide.place.internal.components;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.grid.GridKeys;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.TestPostgres;
import io.citywide.platform.TestPostgres.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** One transaction that changes more components than the index takes in at once. */
class ManyChangesTest {

  private static final int COMPONENTS = 6_000;
  private static final int BATCH = 500;

  @TempDir Path data;
  private TestDatabase database;
  private ComponentIndexKeeper keeper;

  @BeforeEach
  void aCityThatIsFollowed() throws SQLException {
    database = TestPostgres.freshDatabase("many changes of components", d -> {
      Flyway.configure().dataSource(d.jdbcUrl(), d.owner().user(), d.owner().password()).locations("classpath:db/migration")
          .placeholders(Map.of("app", d.app().user())).load().migrate();
    });
    try (Connection connection = database.connectAsApp(); Statement sql = connection.createStatement()) {
      sql.execute("""
          INSERT INTO place_kind (id, standard_ref, family, code, name_zh, name_en, major_code, major_zh, major_en, provenance, valid_from)
          SELECT 'test-C' || n, 'test', 'COMPONENT', n::text, '部件', 'component', '01', '类', 'class', 'LOCAL', '2020-01-01' FROM generate_series(1, 9) n""");
    }
    write(0, COMPONENTS, 1);
    follow();
  }

  @AfterEach
  void stop() {
    keeper.stop();
  }

  /** In one transaction: those that are known move and become another kind or state, the others are new. */
  private void write(int from, int to, long seed) throws SQLException {
    Random random = new Random(seed);
    try (Connection connection = database.connectAsApp(); PreparedStatement row = connection.prepareStatement("""
        INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, state, recorded_on) VALUES (?, ?, '', ?, ?, ?, ?, '2026-01-01')
        ON CONFLICT (ident) DO UPDATE SET kind_id = excluded.kind_id, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key, state = excluded.state""")) {
      connection.setAutoCommit(false);
      for (int number = from; number < to; number++) {
        double lon = 104 + random.nextGaussian() * 0.02;
        double lat = 25 + random.nextGaussian() * 0.02;
        row.setString(1, Long.toString(72_030_101_001_000_000L + number));
        row.setString(2, "test-C" + (1 + random.nextInt(9)));
        row.setDouble(3, lon);
        row.setDouble(4, lat);
        row.setLong(5, GridKeys.encode(lon, lat, 9));
        row.setString(6, random.nextInt(5) == 0 ? "REMOVED" : "INTACT");
        row.addBatch();
      }
      row.executeBatch();
      connection.commit();
    }
  }

  private Map<String, Long> table() throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    try (Connection connection = database.connectAsApp(); Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT kind_id, count(*) FROM place_component WHERE state <> 'REMOVED' GROUP BY kind_id")) {
      while (row.next()) {
        counts.put(row.getString(1), row.getLong(2));
      }
    }
    return counts;
  }

  private Map<String, Long> index() {
    Map<String, Long> counts = new TreeMap<>();
    try (Snapshot now = keeper.open()) {
      now.counts(Where.everywhere(), KindSet.all()).forEach((kind, count) -> counts.merge(keeper.kindOf(kind), count, Long::sum));
    }
    return counts;
  }

  @Test
  void areTakenInBatchByBatchWhileTheIndexAnswers() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread reader = Thread.ofPlatform().start(() -> {
      try {
        while (!over.get()) {
          assertThat(index().values().stream().mapToLong(Long::longValue).sum()).isBetween(4_000L, 6_800L);
          answers.incrementAndGet();
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    });
    try (Snapshot before = keeper.open()) {
      String revision = before.revision();
      // Four batches and a half, a few of them new components; not half of what there is.
      write(COMPONENTS - 2_000, COMPONENTS + 250, 2);
      keeper.refresh();
      assertThat(before.revision()).as("a snapshot that was taken before").isEqualTo(revision);
    } finally {
      over.set(true);
      reader.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(answers.get()).isPositive();
    assertThat(index()).isEqualTo(table());
    assertThat(keeper.index().changed()).as("changes beside the file, which is not built anew").isBetween(1, 2 * BATCH);
  }

  @Test
  void buildItAnewWhereMostOfItChanged() throws Exception {
    write(0, COMPONENTS, 3);
    keeper.refresh();
    assertThat(index()).isEqualTo(table());
    assertThat(keeper.index().changed()).isZero();
  }

  @Test
  void areFollowedFromTheirBeginningAfterAStopAmongThem() throws Exception {
    String before = keeper.index().note();
    write(0, 1_200, 4);
    keeper.refresh();
    assertThat(keeper.index().note()).isNotEqualTo(before);
    keeper.stop();
    write(1_200, 1_900, 5);
    follow();
    assertThat(index()).isEqualTo(table());
  }

  @Test
  void areNotAskedForAnyMoreOnceItIsStopped() throws Exception {
    try (Connection other = database.connectAsApp(); Statement lock = other.createStatement(); Connection watcher = database.connectAsApp(); Statement look = watcher.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE place_component IN ACCESS EXCLUSIVE MODE");
      // Something was committed, so that it looks for changes, and waits.
      look.execute("SELECT pg_current_xact_id()");
      Instant until = Instant.now().plusSeconds(20);
      while (waiting(look) == 0 && Instant.now().isBefore(until)) {
        Thread.onSpinWait();
      }
      assertThat(waiting(look)).isEqualTo(1);

      keeper.stop();

      assertThat(waiting(look)).isZero();
    }
    follow();
    assertThat(index()).isEqualTo(table());
  }

  /** Statements on this database that wait for a lock. */
  private static int waiting(Statement sql) throws SQLException {
    try (ResultSet row = sql.executeQuery("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND NOT l.granted")) {
      row.next();
      return row.getInt(1);
    }
  }

  private void follow() {
    var source = new DriverManagerDataSource(database.jdbcUrl(), database.app().user(), database.app().password());
    keeper = new ComponentIndexKeeper(new ServerSettings(data, "", ZoneId.of("Asia/Shanghai")), source, new JdbcTransactionManager(source),
        JdbcClient.create(source), new FollowerInAnotherJvm.Nobody(), BATCH);
    keeper.start();
    keeper.refresh();
  }
}
