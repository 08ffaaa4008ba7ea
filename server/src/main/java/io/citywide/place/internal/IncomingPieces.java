package io.citywide.place.internal;

import io.citywide.place.internal.ComponentReader.Read;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The good rows of an import on their way into the database: one piece is written while the next one fills. As long as no
 * row is known they go straight into the register, from the first known one on into {@code place_incoming}. A row that
 * another import is just bringing waits for the end of that one, two minutes at most. Used by one thread, which leaves the connection alone until
 * {@link #close} has returned.
 */
final class IncomingPieces implements IncomingRows.Sink, AutoCloseable {

  /** Rows of a piece: with more, those that wait for their turn outlive the young generation of a small heap. */
  private static final int PIECE = 5_000;
  private static final int COPY_BUFFER = 1 << 16;
  private static final String KNOWN_ALREADY = "23505"; // unique_violation
  private static final String WAITED_LONG = "55P03"; // lock_not_available
  static final String CROSSED = "40P01"; // deadlock_detected

  /** A good row and its number in the file. */
  private record Numbered(long row, Read component) {}

  private final Connection connection;
  private final LocalDate today;
  private final ComponentCopy copy = new ComponentCopy();
  private final ExecutorService writer = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("component-import").factory());
  private Future<?> writing = CompletableFuture.completedFuture(null);
  private List<Numbered> piece = new ArrayList<>(PIECE);
  private boolean direct = true;
  private long added;
  private long staged;

  /**
   * @param connection of the transaction under way
   * @param today the day on which a new component is recorded that names none
   */
  IncomingPieces(Connection connection, LocalDate today) {
    this.connection = connection;
    this.today = today;
  }

  /** Rows that went straight into the register; all of them when {@link #end} has returned. */
  long added() {
    return added;
  }

  /** Rows in {@code place_incoming}. */
  long staged() {
    return staged;
  }

  @Override
  public void add(long row, Read component) throws SQLException {
    piece.add(new Numbered(row, component));
    if (piece.size() == PIECE) {
      send();
    }
  }

  /** Sends what is left and waits for it. */
  void end() throws SQLException {
    send();
    written();
  }

  private void send() throws SQLException {
    written();
    List<Numbered> full = piece;
    piece = new ArrayList<>(PIECE);
    writing = writer.submit(() -> {
      write(full);
      return null;
    });
  }

  private void written() throws SQLException {
    try {
      writing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the import was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException fault) {
        if (WAITED_LONG.equals(fault.getSQLState())) {
          throw ComponentImport.underWay();
        }
        if (CROSSED.equals(fault.getSQLState())) {
          throw ComponentImport.crossed();
        }
        throw fault;
      }
      throw new IllegalStateException("the rows could not be written", e.getCause());
    }
  }

  private void write(List<Numbered> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (direct) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SAVEPOINT piece");
        try {
          copy.write(connection, rows.stream().map(row -> row.component.component(today)).toList());
          statement.execute("RELEASE SAVEPOINT piece");
          added += rows.size();
          return;
        } catch (SQLException e) {
          if (!KNOWN_ALREADY.equals(e.getSQLState())) {
            throw e;
          }
          direct = false;
          statement.execute("ROLLBACK TO SAVEPOINT piece");
        }
      }
    }
    stage(rows);
    staged += rows.size();
  }

  private void stage(List<Numbered> rows) throws SQLException {
    CopyIn into = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY place_incoming FROM STDIN");
    try {
      StringBuilder out = new StringBuilder(COPY_BUFFER + 512);
      for (Numbered row : rows) {
        line(out, row.row, row.component);
        if (out.length() >= COPY_BUFFER) {
          flush(into, out);
        }
      }
      flush(into, out);
      into.endCopy();
    } finally {
      if (into.isActive()) {
        into.cancelCopy();
      }
    }
  }

  /** Waits for the piece under way: whoever rolls back needs the connection. */
  @Override
  public void close() {
    writer.close();
  }

  private static void flush(CopyIn copy, StringBuilder out) throws SQLException {
    byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    out.setLength(0);
  }

  private static void line(StringBuilder out, long number, Read c) {
    out.append(number).append('\t').append(c.ident()).append('\t');
    escaped(out, c.kind().id());
    escaped(out, c.name());
    out.append(c.at().lon()).append('\t').append(c.at().lat()).append('\t').append(c.gridKey()).append('\t');
    escaped(out, c.areaCode());
    escaped(out, c.ownerCode());
    escaped(out, c.state() == null ? null : c.state().name());
    escaped(out, c.accuracy());
    escaped(out, c.source());
    escaped(out, c.recordedOn() == null ? null : c.recordedOn().toString());
    String changed = c.changedOn() == null ? null : c.changedOn().toString();
    out.append(changed == null ? "\\N" : changed).append('\n');
  }

  /** A value of COPY's text format, with the tab that follows it. */
  private static void escaped(StringBuilder out, String value) {
    if (value == null) {
      out.append("\\N\t");
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        default -> out.append(c);
      }
    }
    out.append('\t');
  }
}
