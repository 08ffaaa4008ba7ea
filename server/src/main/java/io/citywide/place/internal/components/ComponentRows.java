package io.citywide.place.internal.components;

import io.citywide.place.internal.components.IndexPosition.Stretch;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Components as the index takes them, read by COPY: a million rows a second, whatever their number. */
final class ComponentRows implements AutoCloseable {

  /** Takes a component that changed; return false to end. */
  @FunctionalInterface
  interface Sink {
    /** @param kind -1: it was removed */
    boolean row(long key, long id, int kind);
  }

  // Idents that begin with 0 are refused today; the index could not tell them from others.
  // The numbers of kinds are read first and looked up in memory, whichever ways are open to the planner.
  private static final String SELECT =
      """
      WITH n AS MATERIALIZED (SELECT kind_id, number FROM place_kind_number)
      SELECT c.grid_key, c.ident::bigint, coalesce(n.number * 8 + %s, -1)
      FROM (%%s) c JOIN n ON n.kind_id = c.kind_id
      WHERE c.ident >= '1'""".formatted(ComponentStates.GRADE);

  private final Connection connection;
  /** Guarded by this object. */
  private boolean stopped;
  private boolean closed;

  /** @param connection within a transaction of repeatable reads */
  ComponentRows(Connection connection) throws SQLException {
    this.connection = connection;
    execute("SET LOCAL statement_timeout = 0");
  }

  /** Ends the statement that is under way, and each copy that begins. For another thread. */
  synchronized void stop() throws SQLException {
    stopped = true;
    if (!closed) {
      connection.unwrap(PGConnection.class).cancelQuery();
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** After a stopping that is under way: it must not meet a statement of the connection's next owner. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  /** What this transaction sees. */
  IndexPosition position() throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(
        """
        SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
               (SELECT revision FROM place_revision WHERE subject = 'components'), pg_current_snapshot()::text""")) {
      row.next();
      return new IndexPosition(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4));
    }
  }

  /**
   * Every component that is in place. False when the sink wanted no more.
   *
   * @throws SQLException also where it was {@linkplain #stop stopped}
   */
  boolean all(Sink sink) throws SQLException {
    return copy(SELECT.formatted("SELECT * FROM place_component WHERE state <> 'REMOVED'"), sink);
  }

  /** What {@code now} sees and {@code then} did not. */
  boolean between(IndexPosition then, IndexPosition now, Sink sink) throws SQLException {
    List<Stretch> unseen = then.unseen(now);
    if (unseen.isEmpty()) {
      return true;
    }
    // By the index, whatever the planner believes: its statistics are of before an import. OFFSET 0 keeps it a search for each stretch.
    execute("SET LOCAL enable_seqscan = off");
    boolean whole = copy(SELECT.formatted("""
        SELECT changed.* FROM unnest('%s'::bigint[], '%s'::bigint[]) AS unseen (first, last),
          LATERAL (SELECT * FROM place_component WHERE changed_xid BETWEEN unseen.first AND unseen.last
                   AND NOT pg_visible_in_snapshot(changed_xid::text::xid8, '%s'::pg_snapshot) OFFSET 0) changed"""
        .formatted(array(unseen, Stretch::first), array(unseen, Stretch::last), then.snapshot())), sink);
    execute("SET LOCAL enable_seqscan = on");
    return whole;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String array(List<Stretch> stretches, ToLongFunction<Stretch> end) {
    return stretches.stream().map(stretch -> Long.toString(end.applyAsLong(stretch))).collect(Collectors.joining(",", "{", "}"));
  }

  private boolean copy(String select, Sink sink) throws SQLException {
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
    try {
      for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        if (message.length >= 19 && message[0] == 'P') {
          bytes.position(19 + bytes.getInt(15));
        }
        while (bytes.hasRemaining() && bytes.getShort() == 3) {
          bytes.getInt();
          long key = bytes.getLong();
          bytes.getInt();
          long id = bytes.getLong();
          bytes.getInt();
          if (!sink.row(key, id, bytes.getInt())) {
            return false;
          }
        }
      }
      return true;
    } finally {
      if (copy.isActive() && isStopped()) {
        connection.unwrap(PGConnection.class).cancelQuery();
      }
      // To its end instead of cancelling the copy: that travels beside the connection, meets whatever runs on it next, and
      // leaves the driver and the database apart by one answer; the connection then poisons whoever takes it from the pool.
      while (copy.isActive() && copy.readFromCopy() != null) {
        // passed over
      }
    }
  }
}
