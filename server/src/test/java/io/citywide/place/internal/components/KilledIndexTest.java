package io.citywide.place.internal.components;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.grid.GridKeys;
import io.citywide.grid.index.Changes;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.PointIndex;
import io.citywide.grid.index.Snapshot;
import io.citywide.platform.TestPostgres;
import io.citywide.platform.TestPostgres.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that follows the database and merges without a pause is killed again and again: nothing is lost, nothing doubled. */
class KilledIndexTest {

  private static final int COMPONENTS = 6_000;
  private static final int KILLS = 12;

  @TempDir Path data;
  private TestDatabase database;

  /** Held by each who changes; a comparison stops them all. */
  private final ReentrantReadWriteLock changing = new ReentrantReadWriteLock(true);

  @BeforeEach
  void aCityInADatabase() throws SQLException {
    database = TestPostgres.freshDatabase("index of components", d -> {
      Flyway.configure().dataSource(d.jdbcUrl(), d.owner().user(), d.owner().password()).locations("classpath:db/migration")
          .placeholders(Map.of("app", d.app().user())).load().migrate();
    });
    try (Connection connection = database.connectAsApp(); Statement sql = connection.createStatement()) {
      sql.execute("""
          INSERT INTO place_kind (id, standard_ref, family, code, name_zh, name_en, major_code, major_zh, major_en, provenance, valid_from)
          SELECT 'test-C' || n, 'test', 'COMPONENT', n::text, '部件', 'component', '01', '类', 'class', 'LOCAL', '2020-01-01' FROM generate_series(1, 9) n""");
      connection.setAutoCommit(false);
      Random random = new Random(1);
      for (int i = 0; i < COMPONENTS; i++) write(connection, i, random);
      connection.commit();
    }
  }

  private static void write(Connection connection, int number, Random random) throws SQLException {
    try (PreparedStatement row = connection.prepareStatement("""
        INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, state, recorded_on) VALUES (?, ?, '', ?, ?, ?, ?, '2026-01-01')
        ON CONFLICT (ident) DO UPDATE SET kind_id = excluded.kind_id, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key, state = excluded.state""")) {
      double lon = 104 + random.nextGaussian() * 0.02;
      double lat = 25 + random.nextGaussian() * 0.02;
      row.setString(1, Long.toString(79_030_101_001_000_000L + number));
      row.setString(2, "test-C" + (1 + random.nextInt(9)));
      row.setDouble(3, lon);
      row.setDouble(4, lat);
      row.setLong(5, GridKeys.encode(lon, lat, 9));
      row.setString(6, List.of("INTACT", "INTACT", "DAMAGED", "LOST", "ABANDONED", "REMOVED").get(random.nextInt(6)));
      row.execute();
    }
  }

  /** What an index with exactly the rows of the table would say. */
  private String revisionOfTheTable() throws SQLException {
    Changes all = new Changes();
    try (Connection connection = database.connectAsApp(); Statement sql = connection.createStatement(); ResultSet row = sql.executeQuery(
        "SELECT grid_key, number, state, ident FROM place_component JOIN place_kind_number USING (kind_id) WHERE state <> 'REMOVED'")) {
      while (row.next()) {
        int grade = List.of("INTACT", "ABANDONED", "DAMAGED", "LOST").indexOf(row.getString(3));
        all.put(row.getLong(1), IndexedPoint.kind(row.getInt(2), grade), Long.parseLong(row.getString(4)));
      }
    }
    try (PointIndex index = PointIndex.open(data.resolve("expected"), "expected", damage -> {
      throw damage;
    })) {
      index.apply(all, "");
      try (Snapshot now = index.snapshot()) {
        return now.revision();
      }
    }
  }

  @Test
  void nothingIsLostAndNothingDoubledHoweverOftenItIsKilled() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Throwable[] failure = new Throwable[1];
    List<Thread> writers = Stream.of(11L, 12L).map(seed -> Thread.ofPlatform().start(() -> {
      try (Connection connection = database.connectAsApp()) {
        connection.setAutoCommit(false);
        Random random = new Random(seed);
        while (!over.get()) {
          changing.readLock().lock();
          try {
            // Each has its own components, so that the two never wait for one another; some are new.
            for (int i = 1 + random.nextInt(60); i > 0; i--) write(connection, random.nextInt(COMPONENTS) * 2 + (int) (seed % 2), random);
            if (random.nextInt(8) == 0) connection.rollback();
            else connection.commit();
          } finally {
            changing.readLock().unlock();
          }
        }
      } catch (SQLException | RuntimeException e) {
        failure[0] = e;
      }
    })).toList();
    int merges = 0;
    Random random = new Random(5);
    for (int kill = 0; kill < KILLS; kill++) {
      try (FollowerInAnotherJvm follower = FollowerInAnotherJvm.start(data, database.jdbcUrl(), database.app().user(), database.app().password())) {
        changing.writeLock().lock();
        try {
          assertThat(follower.revision()).as("after %d kills", kill).isEqualTo(revisionOfTheTable());
        } finally {
          changing.writeLock().unlock();
        }
        // A random moment under changes and merges.
        long moment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(400));
        while (System.nanoTime() < moment) LockSupport.parkNanos(1_000_000);
        if (kill % 3 == 0) {
          follower.revision();
          merges += follower.merges();
        }
        follower.kill9();
      }
    }
    over.set(true);
    for (Thread writer : writers) writer.join();
    assertThat(failure[0]).isNull();
    assertThat(merges).as("merges among which it was killed").isGreaterThan(10);
    try (FollowerInAnotherJvm follower = FollowerInAnotherJvm.start(data, database.jdbcUrl(), database.app().user(), database.app().password())) {
      assertThat(follower.revision()).isEqualTo(revisionOfTheTable());
    }
    try (Stream<Path> files = Files.list(data.resolve("index"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".cgi"))).isNotEmpty();
    }
  }

  @Test
  void aDamagedFileIsBuiltAnew() throws Exception {
    try (FollowerInAnotherJvm follower = FollowerInAnotherJvm.start(data, database.jdbcUrl(), database.app().user(), database.app().password())) {
      assertThat(follower.revision()).isEqualTo(revisionOfTheTable());
    }
    for (boolean cut : new boolean[] {true, false}) {
      try (Stream<Path> files = Files.list(data.resolve("index"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".cgi")).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length / 2] ^= 1;
          Files.write(file, cut ? Arrays.copyOf(bytes, bytes.length - 100) : bytes);
        }
      }
      try (FollowerInAnotherJvm follower = FollowerInAnotherJvm.start(data, database.jdbcUrl(), database.app().user(), database.app().password())) {
        // The second kind of damage is found by the check of the whole file, soon after the start.
        String expected = revisionOfTheTable();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!follower.revision().equals(expected) && System.nanoTime() < end) Thread.onSpinWait();
        assertThat(follower.revision()).isEqualTo(expected);
      }
    }
  }
}
