package io.citywide.ledger;

import io.citywide.ledger.Receipt.Head;
import io.citywide.ledger.spi.LedgerSubject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;

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

  private static final int TILE = 256;
  private static final int FETCH = 2000;
  /** Between two heads; more is counted no further. */
  private static final int DOUBTS = 100_000;

  /** Orders entries as the tree does. */
  private record Place(int era, long xact, long id) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Comparator.comparingInt(Place::era).thenComparing(Place::xact, Long::compareUnsigned).thenComparingLong(Place::id).compare(this, other);
    }
  }

  private record Entry(Place place, Act act, String unreadable) {}

  private final Connection connection;
  private final Collection<byte[]> trusted;
  private final List<KeptHead> kept;
  private final HexFormat hex = HexFormat.of();
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private Finding first;
  private Finding firstRow;
  private Place firstRowPlace;
  private Suite suite;
  private String ledger;
  private long[] eras;
  private MerkleTree tree;
  private long size;
  private long heads;
  private Head newest;
  private long rows;
  private final TreeSet<Long> doubted = new TreeSet<>();

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
    Map<String, byte[]> keys = keys();
    Head last = checkTree(keys);
    if (last != null && !trusted.isEmpty() && trusted.stream().noneMatch(key -> suite.keyId(key).equals(last.keyId()))) {
      add(new Finding(Fault.KEY_CHANGED, -1, -1, "the newest head is signed with key " + last.keyId() + ", the trusted key is "
          + String.join(" or ", trusted.stream().map(suite::keyId).toList())));
    }
    insertedEntries();
    for (LedgerSubject subject : ServiceLoader.load(LedgerSubject.class)) {
      checkRows(subject);
    }
    if (firstRow != null) {
      long index = index(firstRow.entryId());
      first(new Finding(firstRow.fault(), index, firstRow.entryId(), firstRow.what()));
    }
    return new Result(ledger, suite, first, Map.copyOf(counts), size, waiting(), rows, heads, newest);
  }

  private void add(Finding finding) {
    counts.merge(finding.fault(), 1L, Long::sum);
    first(finding);
  }

  private void first(Finding finding) {
    if (first == null || rank(finding) < rank(first)) {
      first = finding;
    }
  }

  private static long rank(Finding finding) {
    return finding.index() < 0 ? Long.MAX_VALUE : finding.index();
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
        tree = new MerkleTree(suite);
      }
      List<Long> firsts = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery("SELECT first_entry FROM ledger_era ORDER BY number")) {
        while (rs.next()) {
          firsts.add(rs.getLong(1));
        }
      }
      eras = firsts.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private Map<String, byte[]> keys() throws SQLException {
    Map<String, byte[]> keys = new HashMap<>();
    try (Statement statement = connection.createStatement(); ResultSet rs = statement.executeQuery("SELECT id, public_key FROM ledger_key")) {
      while (rs.next()) {
        byte[] key = rs.getBytes(2);
        if (!suite.keyId(key).equals(rs.getString(1))) {
          add(new Finding(Fault.KEY_CHANGED, -1, -1, "the public key stored as " + rs.getString(1) + " is " + suite.keyId(key)));
        }
        keys.put(rs.getString(1), key);
      }
    }
    return keys;
  }

  private int era(long entryId) {
    int era = 0;
    while (era + 1 < eras.length && entryId >= eras[era + 1]) {
      era++;
    }
    return era;
  }

  private Entry entry(ResultSet rs) throws SQLException {
    long id = rs.getLong("id");
    Place place = new Place(era(id), Long.parseUnsignedLong(rs.getString("x")), id);
    try {
      return new Entry(place, new Act(rs.getString("kind"), rs.getString("subject"), rs.getLong("subject_id"), rs.getInt("seq"),
          rs.getObject("at", OffsetDateTime.class).toInstant(), rs.getString("actor"), rs.getBytes("content"), rs.getBytes("state")), null);
    } catch (IllegalArgumentException e) {
      return new Entry(place, null, e.getMessage());
    }
  }

  private String words(Entry entry) {
    return "entry " + entry.place().id() + (entry.act() == null ? "" : " (" + entry.act().kind() + " of " + entry.act().subject() + " " + entry.act().id()
        + (entry.act().seq() > 0 ? "/" + entry.act().seq() : "") + ", " + entry.act().at() + ")");
  }

  /** A place where entry and tile disagree, until a head decides which of the two is right. */
  private record Doubt(Finding ifEntry, Finding ifTile) {}

  /** Walks the leaves once, beside the heads. */
  private Head checkTree(Map<String, byte[]> keys) throws SQLException {
    MerkleTree.Edge byTiles = tree.new Edge();
    MerkleTree.Edge byEntries = tree.new Edge();
    List<Doubt> doubts = new ArrayList<>();
    List<List<byte[]>> levels = new ArrayList<>();
    Place before = null;
    int nextKept = 0;
    long good = 0;
    Head head = null;
    Head last = null;
    long lastEntryOfHead = -1;
    long lastEntryOfTree = -1;
    try (Statement tiles = connection.createStatement(); Statement headRows = connection.createStatement();
        PreparedStatement entries = connection.prepareStatement("SELECT e.*, e.xact::text AS x FROM ledger_entry e WHERE e.id = ANY (?)")) {
      tiles.setFetchSize(16);
      headRows.setFetchSize(FETCH);
      try (ResultSet headCursor = headRows.executeQuery("SELECT * FROM ledger_head ORDER BY size");
          ResultSet tileCursor = tiles.executeQuery("SELECT number, hashes, entries FROM ledger_tile WHERE level = 0 ORDER BY number")) {
        head = nextHead(headCursor, keys);
        while (tileCursor.next()) {
          long number = tileCursor.getLong("number");
          byte[] hashes = tileCursor.getBytes("hashes");
          Long[] ids = (Long[]) tileCursor.getArray("entries").getArray();
          int width = hashes.length / Suite.HASH_BYTES;
          if (number * TILE != size || ids.length != width) {
            add(new Finding(Fault.TILE_CHANGED, size, -1, "tile 0/" + number + " with " + width + " hashes and " + ids.length
                + " entries does not follow on " + size + " leaves"));
            break;
          }
          Map<Long, Entry> found = new HashMap<>();
          entries.setArray(1, connection.createArrayOf("bigint", ids));
          try (ResultSet rs = entries.executeQuery()) {
            while (rs.next()) {
              Entry entry = entry(rs);
              found.put(entry.place().id(), entry);
            }
          }
          for (int i = 0; i < width; i++) {
            byte[] inTile = Arrays.copyOfRange(hashes, i * Suite.HASH_BYTES, (i + 1) * Suite.HASH_BYTES);
            Entry entry = found.get(ids[i]);
            byte[] leaf = inTile;
            if (entry == null) {
              add(new Finding(Fault.ENTRY_REMOVED, size, ids[i], "entry " + ids[i] + " is in the tree, its row is gone"));
            } else {
              if (before != null && entry.place().compareTo(before) <= 0) {
                add(new Finding(Fault.ENTRY_MOVED, size, ids[i], words(entry) + " of transaction " + Long.toUnsignedString(entry.place().xact())
                    + " stands after entry " + before.id() + " of transaction " + Long.toUnsignedString(before.xact())));
              }
              before = entry.place();
              leaf = entry.act() == null ? new byte[0] : tree.leaf(entry.act().canonical().getBytes(StandardCharsets.UTF_8));
            }
            if (!Arrays.equals(leaf, inTile) && doubts.size() < DOUBTS) {
              doubted.add(number);
              doubts.add(new Doubt(changed(entry, inTile, leaf, doubts.isEmpty() && counts.isEmpty()), new Finding(Fault.TILE_CHANGED, size, ids[i],
                  "tile 0/" + number + ", hash " + i + ": expected " + hex.formatHex(leaf) + " from " + words(entry) + ", found " + hex.formatHex(inTile))));
            }
            byTiles.add(inTile);
            byEntries.add(leaf);
            size++;
            lastEntryOfTree = ids[i];
            while (head != null && head.size() == size) {
              heads++;
              String treeRoot = hex.formatHex(byTiles.root());
              boolean matches = treeRoot.equals(head.root());
              if (matches) {
                doubts.forEach(d -> add(d.ifEntry()));
                byEntries = byTiles.copy();
              } else if (hex.formatHex(byEntries.root()).equals(head.root())) {
                doubts.forEach(d -> add(d.ifTile()));
                byTiles = byEntries.copy();
              } else {
                boolean signed = signed(head, keys);
                if (signed && !doubts.isEmpty()) {
                  doubts.forEach(d -> add(d.ifEntry()));
                } else if (signed) {
                  add(new Finding(Fault.ENTRY_CHANGED, good, -1, "one of the leaves " + good + " to " + (size - 1)
                      + " was changed together with its tile: the head of " + size + " leaves has root " + head.root() + ", the tree " + treeRoot));
                } else {
                  doubts.forEach(d -> add(d.ifEntry()));
                  add(new Finding(Fault.HEAD_CHANGED, size - 1, -1, "the head of " + size + " leaves: expected root " + treeRoot + ", found " + head.root()));
                }
                byEntries = byTiles.copy();
              }
              if (matches && !signed(head, keys)) {
                add(new Finding(Fault.HEAD_CHANGED, size - 1, -1, "the head of " + size + " leaves is not signed by its key " + head.keyId()));
              }
              doubts.clear();
              good = size;
              last = head;
              newest = head;
              lastEntryOfHead = headCursor.getLong("last_entry");
              head = nextHead(headCursor, keys);
            }
            while (nextKept < kept.size() && kept.get(nextKept).head().size() == size) {
              compare(kept.get(nextKept++), hex.formatHex(byTiles.root()), keys);
            }
          }
          if (width == TILE) {
            complete(levels, 0, hashes);
          } else {
            break;
          }
        }
        for (Doubt doubt : doubts) {
          add(doubt.ifEntry());
        }
        if (head != null) {
          add(new Finding(Fault.TILE_CHANGED, size, -1, "the tree ends after " + size + " leaves, a head was signed over " + head.size()));
        } else if (last == null ? size > 0 : last.size() < size) {
          add(new Finding(Fault.HEAD_CHANGED, last == null ? 0 : last.size(), -1, "the tree has " + size + " leaves, the newest head only "
              + (last == null ? 0 : last.size()) + ": heads were removed"));
        } else if (last != null && lastEntryOfHead != lastEntryOfTree) {
          add(new Finding(Fault.HEAD_CHANGED, size - 1, lastEntryOfTree, "the newest head names entry " + lastEntryOfHead + " as its last, the tree ends with "
              + lastEntryOfTree));
        }
      }
    }
    upperTiles(levels);
    for (; nextKept < kept.size(); nextKept++) {
      Head cut = kept.get(nextKept).head();
      add(new Finding(Fault.REWRITTEN, size, -1, "the kept head of " + cut.at() + " was signed over " + cut.size() + " leaves, the tree has only " + size
          + ": its end was cut off"));
    }
    return last;
  }

  private Finding changed(Entry entry, byte[] expected, byte[] found, boolean firstOne) throws SQLException {
    // What stands here may stand elsewhere in the tree: then it was not rewritten but moved. Looked for once, it is a long way.
    String how = entry.act() == null ? "it cannot be read: " + entry.unreadable() : "expected leaf hash " + hex.formatHex(expected) + ", found " + hex.formatHex(found);
    if (firstOne && entry.act() != null) {
      try (PreparedStatement statement = connection.prepareStatement("""
          SELECT number * 256 + (position(?::bytea IN hashes) - 1) / 32 FROM ledger_tile
          WHERE level = 0 AND position(?::bytea IN hashes) > 0 ORDER BY number LIMIT 1""")) {
        statement.setBytes(1, found);
        statement.setBytes(2, found);
        try (ResultSet rs = statement.executeQuery()) {
          if (rs.next()) {
            return new Finding(Fault.ENTRY_MOVED, size, entry.place().id(), words(entry) + " belongs at leaf " + rs.getLong(1));
          }
        }
      }
    }
    return new Finding(Fault.ENTRY_CHANGED, size, entry.place().id(), words(entry) + ": " + how);
  }

  private boolean signed(Head head, Map<String, byte[]> keys) {
    byte[] key = keys.get(head.keyId());
    return key != null && head.signed(ledger, suite, key);
  }

  private Head nextHead(ResultSet rs, Map<String, byte[]> keys) throws SQLException {
    return rs.next() ? new Head(rs.getLong("size"), hex.formatHex(rs.getBytes("root")), rs.getObject("at", OffsetDateTime.class).toInstant(),
        rs.getString("key_id"), hex.formatHex(rs.getBytes("signature"))) : null;
  }

  private void compare(KeptHead kept, String root, Map<String, byte[]> keys) {
    Head head = kept.head();
    if (!kept.ledger().equals(ledger)) {
      add(new Finding(Fault.REWRITTEN, 0, -1, "the kept head of " + head.at() + " is of ledger " + kept.ledger() + ", this is ledger " + ledger));
    } else if (!head.root().equals(root)) {
      add(new Finding(Fault.REWRITTEN, -1, -1, "one of the first " + head.size() + " leaves: the head of " + head.at() + " that was kept has root " + head.root()
          + ", the tree now " + root));
    }
  }

  /** A full tile is one hash of the level above. */
  private void complete(List<List<byte[]>> levels, int level, byte[] hashes) throws SQLException {
    while (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    List<byte[]> row = new ArrayList<>(TILE);
    for (int i = 0; i < TILE; i++) {
      row.add(Arrays.copyOfRange(hashes, i * Suite.HASH_BYTES, (i + 1) * Suite.HASH_BYTES));
    }
    while (row.size() > 1) {
      List<byte[]> up = new ArrayList<>(row.size() / 2);
      for (int i = 0; i < row.size(); i += 2) {
        up.add(tree.node(row.get(i), row.get(i + 1)));
      }
      row = up;
    }
    List<byte[]> above = levels.get(level);
    above.add(row.getFirst());
    if (above.size() % TILE == 0) {
      byte[] full = joined(above.subList(above.size() - TILE, above.size()));
      compareTile(level + 1, above.size() / TILE - 1L, full);
      complete(levels, level + 1, full);
    }
  }

  private void upperTiles(List<List<byte[]>> levels) throws SQLException {
    for (int level = 0; level < levels.size(); level++) {
      List<byte[]> above = levels.get(level);
      int rest = above.size() % TILE;
      if (rest > 0) {
        compareTile(level + 1, above.size() / TILE, joined(above.subList(above.size() - rest, above.size())));
      }
    }
  }

  private static byte[] joined(List<byte[]> hashes) {
    byte[] all = new byte[hashes.size() * Suite.HASH_BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      System.arraycopy(hashes.get(i), 0, all, i * Suite.HASH_BYTES, Suite.HASH_BYTES);
    }
    return all;
  }

  private void compareTile(int level, long number, byte[] expected) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT hashes FROM ledger_tile WHERE level = ? AND number = ?")) {
      statement.setInt(1, level);
      statement.setLong(2, number);
      try (ResultSet rs = statement.executeQuery()) {
        boolean there = rs.next();
        byte[] found = there ? rs.getBytes(1) : new byte[0];
        int differs = Arrays.mismatch(expected, found);
        long index = number * TILE + Math.max(0, differs) / Suite.HASH_BYTES << 8 * level;
        // A tile below that was changed itself has been told already.
        Long below = doubted.ceiling(index / TILE);
        if (differs >= 0 && (below == null || below >= index / TILE + (1L << 8 * (level - 1)))) {
          add(new Finding(Fault.TILE_CHANGED, index, -1, "tile " + level + "/" + number + (there ? ", hash " + differs / Suite.HASH_BYTES
              + " does not follow from the tiles below it" : " is missing")));
        }
      }
    }
  }

  /** Entries that claim to be sealed and are in no tile. */
  private void insertedEntries() throws SQLException {
    String sealed = """
        FROM ledger_entry e, (SELECT h.last_xact, h.last_entry, r.first_entry FROM ledger_head h JOIN ledger_era r ON r.number = h.era ORDER BY h.size DESC LIMIT 1) m
        WHERE (e.id < m.first_entry OR e.id >= m.first_entry AND (e.xact, e.id) <= (m.last_xact, m.last_entry))""";
    long removed = counts.getOrDefault(Fault.ENTRY_REMOVED, 0L);
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rs = statement.executeQuery("SELECT count(*) " + sealed)) {
        rs.next();
        if (rs.getLong(1) <= size - removed) {
          return;
        }
      }
      statement.setFetchSize(FETCH);
      try (ResultSet rs = statement.executeQuery("SELECT e.*, e.xact::text AS x " + sealed + """
           AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(entries) AS id FROM ledger_tile WHERE level = 0) t WHERE t.id = e.id) ORDER BY e.xact, e.id""")) {
        while (rs.next()) {
          Entry entry = entry(rs);
          add(new Finding(Fault.ENTRY_INSERTED, indexAfter(entry.place()), entry.place().id(), words(entry) + " is not in the tree, which holds later ones"));
        }
      }
    }
  }

  /** Which leaf an entry would have been. */
  private long indexAfter(Place place) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("""
        SELECT count(*) FROM (SELECT unnest(entries) AS id FROM ledger_tile WHERE level = 0) t JOIN ledger_entry e ON e.id = t.id
        WHERE (e.xact, e.id) < (?::xid8, ?)""")) {
      statement.setString(1, Long.toUnsignedString(place.xact()));
      statement.setLong(2, place.id());
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return rs.getLong(1);
      }
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

  private long waiting() throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rs = statement.executeQuery("SELECT count(*) FROM ledger_entry")) {
      rs.next();
      return Math.max(0, rs.getLong(1) - size);
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

  private void checkRows(LedgerSubject subject) throws SQLException {
    Suite.Hash hash = suite.hash();
    boolean states = subject.states() != null;
    try (PreparedStatement entryRows = connection.prepareStatement("SELECT e.*, e.xact::text AS x FROM ledger_entry e WHERE subject = ? ORDER BY subject_id, id");
        Statement rowRows = connection.createStatement(); Statement stateRows = connection.createStatement()) {
      entryRows.setFetchSize(FETCH);
      rowRows.setFetchSize(FETCH);
      stateRows.setFetchSize(FETCH);
      entryRows.setString(1, subject.subject());
      try (ResultSet e = entryRows.executeQuery(); ResultSet r = rowRows.executeQuery(subject.rows());
          ResultSet s = states ? stateRows.executeQuery(subject.states()) : null) {
        Ahead<Entry> entries = new Ahead<>(e, this::entry);
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
          addRow(Fault.ENTRY_INSERTED, entry, words(entry) + " says again what entry " + twice.place().id() + " says");
        }
      }
    }
    while (found.next != null && found.next.id() == id) {
      Read row = found.take();
      rows++;
      Entry entry = bySeq.remove(row.seq());
      String words = subject.words(id, row.seq());
      if (entry == null) {
        add(new Finding(Fault.ROW_INSERTED, -1, -1, words + " stands in no entry of the ledger"));
      } else if (!Arrays.equals(row.digest(), entry.act().content())) {
        addRow(Fault.ROW_CHANGED, entry, words + ": " + differs(entry, entry.act().content(), row));
      }
    }
    for (Entry entry : bySeq.values()) {
      addRow(Fault.ROW_REMOVED, entry, subject.words(id, entry.act().seq()) + " is gone; " + words(entry) + " says it was there");
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
      addRow(Fault.ROW_REMOVED, last, subject.words(id, 0) + " is gone; " + words(last) + " says how it was");
    } else if (now != null && last == null) {
      add(new Finding(Fault.ROW_INSERTED, -1, -1, subject.words(id, 0) + " stands in no entry of the ledger"));
    } else if (now != null && now.seq() > newest) {
      // What its last act left is not known: comparing it with an earlier one would put the blame there.
      add(new Finding(Fault.ROW_INSERTED, -1, -1, subject.words(id, 0) + " says that its last row is " + now.seq() + ", the newest entry is of row " + newest));
    } else if (now != null && !Arrays.equals(now.digest(), last.act().state())) {
      addRow(Fault.ROW_CHANGED, last, subject.words(id, 0) + " is not as its last act left it: " + differs(last, last.act().state(), now));
    }
  }

  private String differs(Entry entry, byte[] expected, Read found) {
    return words(entry) + " expects digest " + hex.formatHex(expected) + ", found " + (found.unreadable() == null ? hex.formatHex(found.digest()) : found.unreadable());
  }

  private void addRow(Fault fault, Entry entry, String what) {
    counts.merge(fault, 1L, Long::sum);
    if (firstRow == null || entry.place().compareTo(firstRowPlace) < 0) {
      firstRow = new Finding(fault, -1, entry.place().id(), what);
      firstRowPlace = entry.place();
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
