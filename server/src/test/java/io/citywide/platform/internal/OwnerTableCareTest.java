package io.citywide.platform.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.TestPostgres;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** After a bulk import the planner knows what came. */
class OwnerTableCareTest {

  @Test
  void aGrownTableIsVacuumedAndAnalysedAndASmallOneLeftAlone() throws Exception {
    var database = TestPostgres.freshDatabase();
    // PostgreSQL counts what a session changed when it ends, and for a second keeps the counts to itself.
    try (var owner = database.connectAsOwner(); var statement = owner.createStatement()) {
      // PostgreSQL's own vacuum must not be first.
      statement.execute("CREATE TABLE grown WITH (autovacuum_enabled = off) AS SELECT n FROM generate_series(1, 6000) n");
      statement.execute("CREATE TABLE small AS SELECT n FROM generate_series(1, 10) n");
    }
    try (var care = new OwnerTableCare(new DatabaseConfiguration.Database(database.jdbcUrl(), database.owner(), database.app(), null), Duration.ofMillis(1_500));
        var owner = database.connectAsOwner();
        var query = owner.prepareStatement("SELECT last_vacuum IS NOT NULL AND last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = ?")) {
      for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !counted(owner) && System.nanoTime() < end; ) {
        new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      }
      care.grown(4_000);
      care.grown(2_000);

      boolean grown = false;
      for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); !grown && System.nanoTime() < end; ) {
        new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        grown = ask(query, "grown");
      }
      assertThat(grown).isTrue();
      assertThat(ask(query, "small")).isFalse();
    }
  }

  private static boolean counted(java.sql.Connection owner) throws java.sql.SQLException {
    try (var query = owner.createStatement(); var row = query.executeQuery("SELECT n_ins_since_vacuum >= 6000 FROM pg_stat_user_tables WHERE relname = 'grown'")) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static boolean ask(java.sql.PreparedStatement query, String table) throws java.sql.SQLException {
    query.setString(1, table);
    try (var row = query.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
