package io.citywide.bench.sensing;

import io.citywide.platform.DataFolderDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** What one would do without us: a row for each value, by binary COPY, with the index that answers the same questions. */
final class PlainRows {

  private static final byte[] HEAD = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final int ROW = 2 + 4 + 4 + 4 + 8 + 4 + 8;

  private PlainRows() {}

  /** @return rows a second, committed, {@code rowsOfEach} in a transaction, by so many connections at once */
  static double copy(Path data, Fleet fleet, int rounds, int devicesOfEach, int connections) throws IOException, SQLException, InterruptedException {
    try (DataFolderDatabase database = DataFolderDatabase.open(data); Connection owner = database.connect(); Statement statement = owner.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS bench_rows");
      statement.execute("CREATE TABLE bench_rows (series integer NOT NULL, time bigint NOT NULL, value double precision NOT NULL, PRIMARY KEY (series, time))");
      List<byte[]> bodies = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        for (int device = 0; device < fleet.devices(); device += devicesOfEach) {
          bodies.add(rows(fleet, device, Math.min(fleet.devices(), device + devicesOfEach), round));
        }
      }
      long rows = (long) rounds * fleet.series();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> faults = new ArrayList<>();
      long begun = System.nanoTime();
      for (int t = 0; t < connections; t++) {
        int own = t;
        threads.add(Thread.ofPlatform().start(() -> {
          try (Connection connection = database.connect()) {
            for (int i = own; i < bodies.size(); i += connections) {
              var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY bench_rows FROM STDIN (FORMAT binary)");
              copy.writeToCopy(bodies.get(i), 0, bodies.get(i).length);
              copy.endCopy();
            }
          } catch (SQLException e) {
            synchronized (faults) {
              faults.add(e);
            }
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (!faults.isEmpty()) {
        throw new SQLException("COPY failed", faults.getFirst());
      }
      try (var count = statement.executeQuery("SELECT count(*) FROM bench_rows")) {
        count.next();
        if (count.getLong(1) != rows) {
          throw new IllegalStateException(count.getLong(1) + " rows are there of " + rows);
        }
      }
      statement.execute("DROP TABLE bench_rows");
      return rows / seconds;
    }
  }

  private static byte[] rows(Fleet fleet, int from, int to, int round) {
    ByteBuffer rows = ByteBuffer.allocate(HEAD.length + (to - from) * Fleet.PROPERTIES * ROW + 2).put(HEAD);
    for (int device = from; device < to; device++) {
      for (int p = 0; p < Fleet.PROPERTIES; p++) {
        rows.putShort((short) 3).putInt(4).putInt(device * Fleet.PROPERTIES + p).putInt(8).putLong(fleet.time(round)).putInt(8).putDouble(Fleet.value(device, p, round));
      }
    }
    return rows.putShort((short) -1).array();
  }
}
