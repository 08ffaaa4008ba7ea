package io.citywide.platform.internal;

import io.citywide.platform.TableCare;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** As the owner of the tables, on a connection of its own, only while there is something to do. */
final class OwnerTableCare implements TableCare, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OwnerTableCare.class);

  /** Fewer rows than this are no bulk; PostgreSQL sees to them in its own time. */
  private static final long BULK = 5_000;

  private static final long CHANGED_ENOUGH = 1_000;

  private final DatabaseConfiguration.Database database;
  private final Duration quiet;
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("table-care").factory());
  private ScheduledFuture<?> planned; // guarded by this
  private long rows; // guarded by this

  /** @param quiet how long nothing may come before the care begins */
  OwnerTableCare(DatabaseConfiguration.Database database, Duration quiet) {
    this.database = database;
    this.quiet = quiet;
  }

  @Override
  public synchronized void grown(long more) {
    rows += more;
    if (rows < BULK || later.isShutdown()) {
      return;
    }
    if (planned != null) {
      planned.cancel(false);
    }
    planned = later.schedule(this::care, quiet.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void care() {
    synchronized (this) {
      rows = 0;
    }
    long begin = System.nanoTime();
    try (Connection owner = DriverManager.getConnection(database.url(), database.owner().user(), database.owner().password());
        Statement statement = owner.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (var row = statement.executeQuery("SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables WHERE n_mod_since_analyze > " + CHANGED_ENOUGH
          + " OR n_ins_since_vacuum > " + CHANGED_ENOUGH + " ORDER BY n_mod_since_analyze DESC")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (String table : tables) {
        statement.execute("VACUUM (ANALYZE, SKIP_LOCKED) " + table);
      }
      log.info("after a bulk import {} tables were vacuumed and analysed in {} ms", tables.size(), (System.nanoTime() - begin) / 1_000_000);
    } catch (SQLException e) {
      log.info("the tables were not vacuumed after a bulk import; PostgreSQL will do it by itself: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    later.shutdownNow();
  }
}
