package io.citywide.place.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.ComponentIndex;
import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.IncomingMove.Moved;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes over a whole register of components, all in one transaction: either every good row is there, on disk, or none. Bad
 * rows are named, the good ones go on; taken over a second time a file changes nothing.
 *
 * <p>The rows are read and checked ({@link IncomingRows}) and go on piece by piece ({@link IncomingPieces}): straight into the
 * register as long as no row is known, from the first known row on into a staging table, and from there by statements over
 * sets ({@link IncomingMove}).
 *
 * <p>Two imports go side by side; what is staged moves one after the other; where both bring the same component the second
 * waits for the first, two minutes at most; a third import is refused by name.
 */
@Component
public class ComponentImport {

  /** At once on one server. */
  private static final int MOST_AT_ONCE = 2;

  private static final String WAIT = "2min";
  /** Held while staged rows move. */
  static final long LOCK = 0x636f6d706f6e656eL;

  /**
   * A row that was not taken.
   *
   * @param row its number in the file, from 1
   * @param field what is at fault; {@code null}: the row as a whole
   * @param value what it says; {@code null}: nothing
   * @param reason what is wrong, the bound, and how to mend it, in the language of the request
   */
  public record Reject(long row, String field, String value, String reason) {}

  /**
   * How an import went; {@code read = added + changed + unchanged + rejects.size()}.
   *
   * @param unchanged rows that were known and say nothing new
   * @param warnings what looks wrong with the file as a whole
   * @param trial whether everything was tried and nothing kept
   */
  public record Outcome(long read, long added, long changed, long unchanged, List<Reject> rejects, List<SystemDoubt> warnings, boolean trial,
      long elapsedMillis) {}

  private final JdbcClient jdbc;
  private final DataSource dataSource;
  private final TransactionTemplate transaction;
  private final KindStore kinds;
  private final AreaStore areas;
  private final SystemCheck systems;
  private final ComponentHistory history;
  private final AccessLog access;
  private final Neighbours neighbours;
  private final Clock clock;
  private final ServerSettings server;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  ComponentImport(JdbcClient jdbc, DataSource dataSource, TransactionTemplate transaction, KindStore kinds, AreaStore areas, SystemCheck systems,
      ComponentHistory history, AccessLog access, Neighbours neighbours, Clock clock, ServerSettings server) {
    this.jdbc = jdbc;
    this.dataSource = dataSource;
    this.transaction = transaction;
    this.kinds = kinds;
    this.areas = areas;
    this.systems = systems;
    this.history = history;
    this.access = access;
    this.neighbours = neighbours;
    this.clock = clock;
    this.server = server;
  }

  /**
   * @param csv RFC 4180 in UTF-8 with a header of the names in {@link IncomingRows#FIELDS}; read once, to its end
   * @param source name of the file, for the access log and the history
   * @param trial try everything and keep nothing
   * @throws ProblemException {@code place.unreadable-import}, {@code place.too-many-rejects}, {@code place.import-under-way}
   */
  public Outcome run(InputStream csv, String source, boolean trial) {
    if (!places.tryAcquire()) {
      throw new ProblemException(PlaceProblem.IMPORT_UNDER_WAY, MOST_AT_ONCE + " imports of components are under way, and no more are taken at once; try again when one of them is done")
          .zh("已有 " + MOST_AT_ONCE + " 项部件导入正在进行，请待其中一项完成后重试");
    }
    try {
      return transaction.execute(status -> {
        if (trial) {
          status.setRollbackOnly();
        }
        return take(csv, source, trial);
      });
    } catch (UncheckedIOException e) {
      throw unreadable("the rows break off: " + e.getCause().getMessage());
    } finally {
      places.release();
    }
  }

  /** Another one brings the same components in another order, so that neither could wait for the other. */
  static ProblemException crossed() {
    return new ProblemException(PlaceProblem.IMPORT_UNDER_WAY, "another import or batch under way brings the same components in another order; try again when it is done")
        .zh("另一项正在进行的导入或批量提交以不同的顺序包含相同的部件，请待其完成后重试");
  }

  static ProblemException underWay() {
    return new ProblemException(PlaceProblem.IMPORT_UNDER_WAY, "another import of components is under way and did not end within " + WAIT + "; try again when it is done")
        .zh("另一项部件导入正在进行，请待其完成后重试");
  }

  static ProblemException unreadable(String why) {
    return new ProblemException(PlaceProblem.UNREADABLE_IMPORT, why);
  }

  private Outcome take(InputStream csv, String source, boolean trial) {
    long began = System.nanoTime();
    LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    AreaScope scope = Viewer.current().area();
    IncomingRejects rejects = new IncomingRejects();
    IncomingRows rows = new IncomingRows(kinds, areas, scope, rejects);
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      // A register takes as long as it takes; who sends nothing for a while is cut off by the web server.
      connection.setNetworkTimeout(Runnable::run, 0);
      jdbc.sql("SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '" + WAIT + "', true), set_config('work_mem', '128MB', true)")
          .query((row, n) -> 0).list();
      jdbc.sql("""
          CREATE TEMP TABLE place_incoming (
            row_no bigint, ident text COLLATE "C", kind_id text COLLATE "C", name text, lon float8, lat float8, grid_key bigint,
            area_code text COLLATE "C", owner_code text, state text, accuracy text, source text, recorded_on date, changed_on date)
          ON COMMIT DROP""").update();
      IncomingPieces pieces = new IncomingPieces(connection, today);
      try (pieces) {
        rows.read(csv, pieces);
        pieces.end();
      }
      List<SystemDoubt> warnings = systems.check(rows.sample());
      Moved moved = new Moved(0, 0);
      if (pieces.staged() > 0) {
        try {
          moved = new IncomingMove(jdbc, history, scope, today, rejects).move(rows.sample(), source, rows.count());
        } catch (PessimisticLockingFailureException e) {
          throw e.getMostSpecificCause() instanceof SQLException fault && IncomingPieces.CROSSED.equals(fault.getSQLState()) ? crossed() : underWay();
        }
      }
      List<Reject> refused = rejects.sorted();
      long added = pieces.added() + moved.added();
      Outcome outcome = new Outcome(rows.count(), added, moved.changed(), rows.count() - refused.size() - added - moved.changed(), refused, warnings, trial,
          (System.nanoTime() - began) / 1_000_000);
      if (!trial) {
        neighbours.everywhere(ComponentIndex.CHANGED, Map.of());
        access.record("components.imported", "components", "done", Map.of("source", source, "read", outcome.read(), "added", outcome.added(),
            "changed", outcome.changed(), "unchanged", outcome.unchanged(), "rejected", refused.size()));
      }
      return outcome;
    } catch (SQLException e) {
      throw new IllegalStateException("the rows could not be staged", e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }
}
