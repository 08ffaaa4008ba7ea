package io.citywide.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads entries of the ledger, with their place in the order of the tree. */
final class LedgerEntries {

  /** Orders entries as the tree does. */
  record Place(int era, long xact, long id) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Comparator.comparingInt(Place::era).thenComparing(Place::xact, Long::compareUnsigned).thenComparingLong(Place::id).compare(this, other);
    }
  }

  /** An entry; {@code act} is {@code null} where it cannot be read, for the reason {@code unreadable}. */
  record Entry(Place place, Act act, String unreadable) {}

  private final long[] eras;

  LedgerEntries(Connection connection) throws SQLException {
    List<Long> firsts = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet rs = statement.executeQuery("SELECT first_entry FROM ledger_era ORDER BY number")) {
      while (rs.next()) {
        firsts.add(rs.getLong(1));
      }
    }
    eras = firsts.stream().mapToLong(Long::longValue).toArray();
  }

  private int era(long entryId) {
    int era = 0;
    while (era + 1 < eras.length && entryId >= eras[era + 1]) {
      era++;
    }
    return era;
  }

  Entry read(ResultSet rs) throws SQLException {
    long id = rs.getLong("id");
    Place place = new Place(era(id), Long.parseUnsignedLong(rs.getString("x")), id);
    try {
      return new Entry(place, new Act(rs.getString("kind"), rs.getString("subject"), rs.getLong("subject_id"), rs.getInt("seq"),
          rs.getObject("at", OffsetDateTime.class).toInstant(), rs.getString("actor"), rs.getBytes("content"), rs.getBytes("state")), null);
    } catch (IllegalArgumentException e) {
      return new Entry(place, null, e.getMessage());
    }
  }

  static String words(Entry entry) {
    return "entry " + entry.place().id() + (entry.act() == null ? "" : " (" + entry.act().kind() + " of " + entry.act().subject() + " " + entry.act().id()
        + (entry.act().seq() > 0 ? "/" + entry.act().seq() : "") + ", " + entry.act().at() + ")");
  }
}
