package io.citywide.ledger;

import io.citywide.ledger.Receipt.Head;
import io.citywide.ledger.spi.LedgerSubject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Checks a whole ledger against itself, its heads, and the rows it proves, from nothing but a connection: entries against
 * tiles, tiles against signed heads, rows against entries. Everything is streamed; memory does not grow with the ledger.
 */
public final class LedgerCheck {

  /** Ways in which a ledger does not hold. */
  public enum Fault {
    ENTRY_CHANGED("an entry was changed"),
    ENTRY_REMOVED("an entry was removed"),
    ENTRY_INSERTED("an entry was inserted"),
    ENTRY_MOVED("an entry was moved"),
    TILE_CHANGED("the tree was changed"),
    HEAD_CHANGED("a signed head was changed or removed"),
    KEY_CHANGED("a key was changed"),
    REWRITTEN("the tree is not the one a head kept outside was signed for"),
    ROW_CHANGED("a row was changed"),
    ROW_REMOVED("a row was removed"),
    ROW_INSERTED("a row was inserted");

    private final String words;

    Fault(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * What was found.
   *
   * @param index of the leaf, from 0; -1: of none in the tree
   * @param entryId -1: of none
   * @param what which entry, row, tile or head, and how it differs from what it should be
   */
  public record Finding(Fault fault, long index, long entryId, String what) {

    @Override
    public String toString() {
      return (index < 0 ? "" : "leaf " + index + ": ") + fault.words() + ": " + what;
    }
  }

  /**
   * The outcome.
   *
   * @param first the finding with the smallest index; {@code null}: there is none
   * @param counts of all findings
   * @param size leaves in the tree
   * @param waiting entries that are not sealed yet
   * @param rows compared with their entries
   * @param newest head; {@code null}: there is none
   */
  public record Result(String ledger, Suite suite, Finding first, Map<Fault, Long> counts, long size, long waiting, long rows, long heads, Head newest) {

    public boolean clean() {
      return first == null;
    }

    public long findings() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** A head kept outside of the database. */
  public record KeptHead(String ledger, Suite suite, Head head) {}

  /** Rows fetched at once. */
  static final int FETCH = 2000;

  private final Connection connection;
  private final Collection<byte[]> trusted;
  private final List<KeptHead> kept;
  private final LedgerFindings findings = new LedgerFindings();
  private Suite suite;
  private String ledger;

  /**
   * @param connection without auto-commit, of a role that reads all rows; should be in one snapshot (REPEATABLE READ)
   * @param trusted public keys, one of which must have signed the newest head; empty: any of the table
   * @param kept heads from outside, which the tree must still agree with
   */
  public LedgerCheck(Connection connection, Collection<byte[]> trusted, Collection<KeptHead> kept) {
    this.connection = connection;
    this.trusted = List.copyOf(trusted);
    this.kept = kept.stream().sorted(Comparator.comparingLong(k -> k.head().size())).toList();
  }

  /**
   * @throws SQLException if the database does not answer
   * @throws IllegalStateException if there is no ledger in it
   */
  public Result run() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT set_config('citywide.ledger', 'open', true), set_config('citywide.area_lo', '', true), set_config('citywide.area_hi', '~', true), "
          + "set_config('citywide.units', '{}', true)");
    }
    birth();
    LedgerEntries entries = new LedgerEntries(connection);
    LedgerTreeCheck tree = new LedgerTreeCheck(connection, entries, findings, ledger, suite, kept);
    Head newest = tree.run(keys());
    if (newest != null && !trusted.isEmpty() && trusted.stream().noneMatch(key -> suite.keyId(key).equals(newest.keyId()))) {
      findings.add(new Finding(Fault.KEY_CHANGED, -1, -1, "the newest head is signed with key " + newest.keyId() + ", the trusted key is "
          + String.join(" or ", trusted.stream().map(suite::keyId).toList())));
    }
    tree.insertedEntries();
    LedgerRowCheck rows = new LedgerRowCheck(connection, entries, findings, suite);
    for (LedgerSubject subject : ServiceLoader.load(LedgerSubject.class)) {
      rows.run(subject);
    }
    rows.finish();
    return new Result(ledger, suite, findings.first(), findings.counts(), tree.size(), waiting(tree.size()), rows.rows(), tree.heads(), newest);
  }

  private void birth() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rs = statement.executeQuery("SELECT to_regclass('ledger_birth') IS NOT NULL")) {
        rs.next();
        if (!rs.getBoolean(1)) {
          throw new IllegalStateException("there is no ledger in this database");
        }
      }
      try (ResultSet rs = statement.executeQuery("SELECT ledger, suite FROM ledger_birth")) {
        if (!rs.next()) {
          throw new IllegalStateException("the ledger of this database was never begun: start the server once");
        }
        ledger = rs.getString(1);
        suite = Suite.valueOf(rs.getString(2));
      }
    }
  }

  private Map<String, byte[]> keys() throws SQLException {
    Map<String, byte[]> keys = new HashMap<>();
    try (Statement statement = connection.createStatement(); ResultSet rs = statement.executeQuery("SELECT id, public_key FROM ledger_key")) {
      while (rs.next()) {
        byte[] key = rs.getBytes(2);
        if (!suite.keyId(key).equals(rs.getString(1))) {
          findings.add(new Finding(Fault.KEY_CHANGED, -1, -1, "the public key stored as " + rs.getString(1) + " is " + suite.keyId(key)));
        }
        keys.put(rs.getString(1), key);
      }
    }
    return keys;
  }

  private long waiting(long size) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rs = statement.executeQuery("SELECT count(*) FROM ledger_entry")) {
      rs.next();
      return Math.max(0, rs.getLong(1) - size);
    }
  }

  /** Counts in the order of the faults, in words. */
  public static Map<String, Long> inWords(Map<Fault, Long> counts) {
    Map<String, Long> words = new LinkedHashMap<>();
    for (Fault fault : Fault.values()) {
      if (counts.containsKey(fault)) {
        words.put(fault.words(), counts.get(fault));
      }
    }
    return words;
  }
}
