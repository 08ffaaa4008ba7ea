package io.citywide.place.internal;

import io.citywide.place.Component;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes components that are new into the register by COPY, in its binary format: no number is written out and read again. */
final class ComponentCopy {

  private static final String INTO =
      """
      COPY place_component (ident, kind_id, name, lon, lat, grid_key, area_code, owner_code, state, accuracy, source, recorded_on, changed_on, changed_xid)
      FROM STDIN (FORMAT binary)""";
  private static final short FIELDS = 14;
  private static final byte[] HEAD = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final short END = -1;
  private static final long DAY_ZERO = LocalDate.of(2000, 1, 1).toEpochDay();
  /** Bytes of a row beside its texts, at most. */
  private static final int NUMBERS = 128;
  private static final int FULL = 1 << 16;

  private ByteBuffer bytes = ByteBuffer.allocate(FULL + 4096);

  /** All of them, or an exception and none. */
  void write(Connection connection, List<Component> rows) throws SQLException {
    // Told with each row: working it out anew for each of millions costs a tenth of their import.
    long transaction = transaction(connection);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(INTO);
    try {
      bytes.clear().put(HEAD);
      for (Component row : rows) {
        put(row, transaction);
        if (bytes.position() >= FULL) {
          flush(copy);
        }
      }
      room(2).putShort(END);
      flush(copy);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static long transaction(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()::text::bigint")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void put(Component c, long transaction) {
    room(NUMBERS).putShort(FIELDS);
    text(c.ident());
    text(c.kindId());
    text(c.name());
    room(NUMBERS).putInt(8).putDouble(c.lon()).putInt(8).putDouble(c.lat()).putInt(8).putLong(c.gridKey());
    text(c.areaCode());
    text(c.ownerCode());
    text(c.state().name());
    text(c.accuracy());
    text(c.source());
    day(c.recordedOn());
    day(c.changedOn());
    room(12).putInt(8).putLong(transaction);
  }

  private void text(String value) {
    if (value == null) {
      room(4).putInt(-1);
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(4 + utf8.length).putInt(utf8.length).put(utf8);
  }

  private void day(LocalDate day) {
    if (day == null) {
      room(4).putInt(-1);
    } else {
      room(8).putInt(4).putInt(Math.toIntExact(day.toEpochDay() - DAY_ZERO));
    }
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), Math.max(bytes.capacity() * 2, bytes.position() + more))).position(bytes.position());
    }
    return bytes;
  }

  private void flush(CopyIn copy) throws SQLException {
    copy.writeToCopy(bytes.array(), 0, bytes.position());
    bytes.clear();
  }
}
