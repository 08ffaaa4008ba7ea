package io.citywide.ledger;

import io.citywide.ledger.LedgerCheck.Fault;
import io.citywide.ledger.LedgerCheck.Finding;
import io.citywide.ledger.LedgerEntries.Entry;
import io.citywide.ledger.LedgerEntries.Place;
import io.citywide.ledger.spi.LedgerSubject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds rows against the digests that the entries keep of them, subject by subject, in one pass over both. */
final class LedgerRowCheck {

  private final Connection connection;
  private final LedgerEntries reader;
  private final LedgerFindings findings;
  private final Suite suite;
  private final HexFormat hex = HexFormat.of();
  private Finding firstRow;
  private Place firstRowPlace;
  private long rows;

  LedgerRowCheck(Connection connection, LedgerEntries reader, LedgerFindings findings, Suite suite) {
    this.connection = connection;
    this.reader = reader;
    this.findings = findings;
    this.suite = suite;
  }

  /** Rows compared so far. */
  long rows() {
    return rows;
  }

  /** After all subjects: looks up the leaf of the first finding, which is a long way and needed once. */
  void finish() throws SQLException {
    if (firstRow != null) {
      findings.first(new Finding(firstRow.fault(), index(firstRow.entryId()), firstRow.entryId(), firstRow.what()));
    }
  }

  /** A cursor one row ahead. */
  private static final class Ahead<T> {
    interface Reader<T> {
      T read(ResultSet rs) throws SQLException;
    }

    private final ResultSet rs;
    private final Reader<T> reader;
    private T next;

    Ahead(ResultSet rs, Reader<T> reader) throws SQLException {
      this.rs = rs;
      this.reader = reader;
      advance();
    }

    private void advance() throws SQLException {
      next = rs.next() ? reader.read(rs) : null;
    }

    T take() throws SQLException {
      T taken = next;
      advance();
      return taken;
    }
  }

  /** A row, or why it cannot be read. */
  private record Read(long id, int seq, byte[] digest, String unreadable) {}

  private Read read(ResultSet rs, LedgerSubject subject, boolean state, Suite.Hash hash) throws SQLException {
    try {
      LedgerSubject.Row row = state ? subject.state(rs) : subject.row(rs);
      return new Read(row.id(), row.seq(), hash.of(row.canonical().getBytes(StandardCharsets.UTF_8)), null);
    } catch (RuntimeException e) {
      // A value no server would have written: its enum, its JSON. The first columns still say which row it is.
      return new Read(id(rs), state ? 0 : seq(rs), new byte[0], e.toString());
    }
  }

  private static long id(ResultSet rs) throws SQLException {
    for (String column : List.of("case_id", "id")) {
      try {
        return rs.getLong(column);
      } catch (SQLException e) {
        // another subject's table
      }
    }
    throw new SQLException("a row without an id");
  }

  private static int seq(ResultSet rs) {
    try {
      return rs.getInt("seq");
    } catch (SQLException e) {
      return 0;
    }
  }

  void run(LedgerSubject subject) throws SQLException {
    Suite.Hash hash = suite.hash();
    boolean states = subject.states() != null;
    try (PreparedStatement entryRows = connection.prepareStatement("SELECT e.*, e.xact::text AS x FROM ledger_entry e WHERE subject = ? ORDER BY subject_id, id");
        Statement rowRows = connection.createStatement(); Statement stateRows = connection.createStatement()) {
      entryRows.setFetchSize(LedgerCheck.FETCH);
      rowRows.setFetchSize(LedgerCheck.FETCH);
      stateRows.setFetchSize(LedgerCheck.FETCH);
      entryRows.setString(1, subject.subject());
      try (ResultSet e = entryRows.executeQuery(); ResultSet r = rowRows.executeQuery(subject.rows());
          ResultSet s = states ? stateRows.executeQuery(subject.states()) : null) {
        Ahead<Entry> entries = new Ahead<>(e, reader::read);
        Ahead<Read> found = new Ahead<>(r, rs -> read(rs, subject, false, hash));
        Ahead<Read> state = states ? new Ahead<>(s, rs -> read(rs, subject, true, hash)) : null;
        while (entries.next != null || found.next != null || state != null && state.next != null) {
          long id = Math.min(entries.next == null ? Long.MAX_VALUE : subjectId(entries.next), Math.min(found.next == null ? Long.MAX_VALUE : found.next.id(),
              state == null || state.next == null ? Long.MAX_VALUE : state.next.id()));
          checkSubject(subject, id, entries, found, state);
        }
      }
    }
  }

  private static long subjectId(Entry entry) {
    return entry.act() == null ? Long.MIN_VALUE : entry.act().id();
  }

  private void checkSubject(LedgerSubject subject, long id, Ahead<Entry> entries, Ahead<Read> found, Ahead<Read> state) throws SQLException {
    Map<Integer, Entry> bySeq = new TreeMap<>();
    Entry last = null;
    int newest = 0;
    while (entries.next != null && subjectId(entries.next) == id) {
      Entry entry = entries.take();
      if (entry.act() == null) {
        continue; // the tree has told already
      }
      if (entry.act().state() != null) {
        last = entry;
      }
      newest = Math.max(newest, entry.act().seq());
      if (state == null || entry.act().seq() > 0) {
        Entry twice = bySeq.putIfAbsent(entry.act().seq(), entry);
        if (twice != null) {
          addRow(Fault.ENTRY_INSERTED, entry, LedgerEntries.words(entry) + " says again what entry " + twice.place().id() + " says");
        }
      }
    }
    while (found.next != null && found.next.id() == id) {
      Read row = found.take();
      rows++;
      Entry entry = bySeq.remove(row.seq());
      String words = subject.words(id, row.seq());
      if (entry == null) {
        findings.add(new Finding(Fault.ROW_INSERTED, -1, -1, words + " stands in no entry of the ledger"));
      } else if (!Arrays.equals(row.digest(), entry.act().content())) {
        addRow(Fault.ROW_CHANGED, entry, words + ": " + differs(entry, entry.act().content(), row));
      }
    }
    for (Entry entry : bySeq.values()) {
      addRow(Fault.ROW_REMOVED, entry, subject.words(id, entry.act().seq()) + " is gone; " + LedgerEntries.words(entry) + " says it was there");
    }
    if (state == null) {
      return;
    }
    Read now = null;
    while (state.next != null && state.next.id() == id) {
      now = state.take();
      rows++;
    }
    if (now == null && last != null) {
      addRow(Fault.ROW_REMOVED, last, subject.words(id, 0) + " is gone; " + LedgerEntries.words(last) + " says how it was");
    } else if (now != null && last == null) {
      findings.add(new Finding(Fault.ROW_INSERTED, -1, -1, subject.words(id, 0) + " stands in no entry of the ledger"));
    } else if (now != null && now.seq() > newest) {
      // What its last act left is not known: comparing it with an earlier one would put the blame there.
      findings.add(new Finding(Fault.ROW_INSERTED, -1, -1, subject.words(id, 0) + " says that its last row is " + now.seq() + ", the newest entry is of row " + newest));
    } else if (now != null && !Arrays.equals(now.digest(), last.act().state())) {
      addRow(Fault.ROW_CHANGED, last, subject.words(id, 0) + " is not as its last act left it: " + differs(last, last.act().state(), now));
    }
  }

  private String differs(Entry entry, byte[] expected, Read found) {
    return LedgerEntries.words(entry) + " expects digest " + hex.formatHex(expected) + ", found " + (found.unreadable() == null ? hex.formatHex(found.digest()) : found.unreadable());
  }

  private void addRow(Fault fault, Entry entry, String what) {
    findings.count(fault);
    if (firstRow == null || entry.place().compareTo(firstRowPlace) < 0) {
      firstRow = new Finding(fault, -1, entry.place().id(), what);
      firstRowPlace = entry.place();
    }
  }

  private long index(long entryId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(
        "SELECT number * 256 + array_position(entries, ?) - 1 FROM ledger_tile WHERE level = 0 AND ? = ANY (entries) LIMIT 1")) {
      statement.setLong(1, entryId);
      statement.setLong(2, entryId);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next() ? rs.getLong(1) : -1;
      }
    }
  }
}
