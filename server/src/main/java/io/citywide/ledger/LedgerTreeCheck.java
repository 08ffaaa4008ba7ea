package io.citywide.ledger;

import io.citywide.ledger.LedgerCheck.Fault;
import io.citywide.ledger.LedgerCheck.Finding;
import io.citywide.ledger.LedgerCheck.KeptHead;
import io.citywide.ledger.LedgerEntries.Entry;
import io.citywide.ledger.LedgerEntries.Place;
import io.citywide.ledger.Receipt.Head;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Holds the entries against the leaves of the tree, the tree against its signed heads and those kept outside. */
final class LedgerTreeCheck {

  private static final int TILE = 256;
  /** Between two heads; more is counted no further. */
  private static final int DOUBTS = 100_000;

  private final Connection connection;
  private final LedgerEntries entries;
  private final LedgerFindings findings;
  private final String ledger;
  private final Suite suite;
  private final MerkleTree tree;
  private final List<KeptHead> kept;
  private final HexFormat hex = HexFormat.of();
  private final TreeSet<Long> doubted = new TreeSet<>();
  private long size;
  private long heads;

  /** @param kept the smallest first */
  LedgerTreeCheck(Connection connection, LedgerEntries entries, LedgerFindings findings, String ledger, Suite suite, List<KeptHead> kept) {
    this.connection = connection;
    this.entries = entries;
    this.findings = findings;
    this.ledger = ledger;
    this.suite = suite;
    this.tree = new MerkleTree(suite);
    this.kept = kept;
  }

  /** Leaves, after {@link #run}. */
  long size() {
    return size;
  }

  /** Signed heads that were met, after {@link #run}. */
  long heads() {
    return heads;
  }

  /** A place where entry and tile disagree, until a head decides which of the two is right. */
  private record Doubt(Finding ifEntry, Finding ifTile) {}

  /** Walks the leaves once, beside the heads; answers the newest head, {@code null} where there is none. */
  Head run(Map<String, byte[]> keys) throws SQLException {
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
        PreparedStatement byIds = connection.prepareStatement("SELECT e.*, e.xact::text AS x FROM ledger_entry e WHERE e.id = ANY (?)")) {
      tiles.setFetchSize(16);
      headRows.setFetchSize(LedgerCheck.FETCH);
      try (ResultSet headCursor = headRows.executeQuery("SELECT * FROM ledger_head ORDER BY size");
          ResultSet tileCursor = tiles.executeQuery("SELECT number, hashes, entries FROM ledger_tile WHERE level = 0 ORDER BY number")) {
        head = nextHead(headCursor, keys);
        while (tileCursor.next()) {
          long number = tileCursor.getLong("number");
          byte[] hashes = tileCursor.getBytes("hashes");
          Long[] ids = (Long[]) tileCursor.getArray("entries").getArray();
          int width = hashes.length / Suite.HASH_BYTES;
          if (number * TILE != size || ids.length != width) {
            findings.add(new Finding(Fault.TILE_CHANGED, size, -1, "tile 0/" + number + " with " + width + " hashes and " + ids.length
                + " entries does not follow on " + size + " leaves"));
            break;
          }
          Map<Long, Entry> found = new HashMap<>();
          byIds.setArray(1, connection.createArrayOf("bigint", ids));
          try (ResultSet rs = byIds.executeQuery()) {
            while (rs.next()) {
              Entry entry = entries.read(rs);
              found.put(entry.place().id(), entry);
            }
          }
          for (int i = 0; i < width; i++) {
            byte[] inTile = Arrays.copyOfRange(hashes, i * Suite.HASH_BYTES, (i + 1) * Suite.HASH_BYTES);
            Entry entry = found.get(ids[i]);
            byte[] leaf = inTile;
            if (entry == null) {
              findings.add(new Finding(Fault.ENTRY_REMOVED, size, ids[i], "entry " + ids[i] + " is in the tree, its row is gone"));
            } else {
              if (before != null && entry.place().compareTo(before) <= 0) {
                findings.add(new Finding(Fault.ENTRY_MOVED, size, ids[i], LedgerEntries.words(entry) + " of transaction " + Long.toUnsignedString(entry.place().xact())
                    + " stands after entry " + before.id() + " of transaction " + Long.toUnsignedString(before.xact())));
              }
              before = entry.place();
              leaf = entry.act() == null ? new byte[0] : tree.leaf(entry.act().canonical().getBytes(StandardCharsets.UTF_8));
            }
            if (!Arrays.equals(leaf, inTile) && doubts.size() < DOUBTS) {
              doubted.add(number);
              doubts.add(new Doubt(changed(entry, inTile, leaf, doubts.isEmpty() && findings.counts().isEmpty()), new Finding(Fault.TILE_CHANGED, size, ids[i],
                  "tile 0/" + number + ", hash " + i + ": expected " + hex.formatHex(leaf) + " from " + LedgerEntries.words(entry) + ", found " + hex.formatHex(inTile))));
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
                doubts.forEach(d -> findings.add(d.ifEntry()));
                byEntries = byTiles.copy();
              } else if (hex.formatHex(byEntries.root()).equals(head.root())) {
                doubts.forEach(d -> findings.add(d.ifTile()));
                byTiles = byEntries.copy();
              } else {
                boolean signed = signed(head, keys);
                if (signed && !doubts.isEmpty()) {
                  doubts.forEach(d -> findings.add(d.ifEntry()));
                } else if (signed) {
                  findings.add(new Finding(Fault.ENTRY_CHANGED, good, -1, "one of the leaves " + good + " to " + (size - 1)
                      + " was changed together with its tile: the head of " + size + " leaves has root " + head.root() + ", the tree " + treeRoot));
                } else {
                  doubts.forEach(d -> findings.add(d.ifEntry()));
                  findings.add(new Finding(Fault.HEAD_CHANGED, size - 1, -1, "the head of " + size + " leaves: expected root " + treeRoot + ", found " + head.root()));
                }
                byEntries = byTiles.copy();
              }
              if (matches && !signed(head, keys)) {
                findings.add(new Finding(Fault.HEAD_CHANGED, size - 1, -1, "the head of " + size + " leaves is not signed by its key " + head.keyId()));
              }
              doubts.clear();
              good = size;
              last = head;
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
          findings.add(doubt.ifEntry());
        }
        if (head != null) {
          findings.add(new Finding(Fault.TILE_CHANGED, size, -1, "the tree ends after " + size + " leaves, a head was signed over " + head.size()));
        } else if (last == null ? size > 0 : last.size() < size) {
          findings.add(new Finding(Fault.HEAD_CHANGED, last == null ? 0 : last.size(), -1, "the tree has " + size + " leaves, the newest head only "
              + (last == null ? 0 : last.size()) + ": heads were removed"));
        } else if (last != null && lastEntryOfHead != lastEntryOfTree) {
          findings.add(new Finding(Fault.HEAD_CHANGED, size - 1, lastEntryOfTree, "the newest head names entry " + lastEntryOfHead + " as its last, the tree ends with "
              + lastEntryOfTree));
        }
      }
    }
    upperTiles(levels);
    for (; nextKept < kept.size(); nextKept++) {
      Head cut = kept.get(nextKept).head();
      findings.add(new Finding(Fault.REWRITTEN, size, -1, "the kept head of " + cut.at() + " was signed over " + cut.size() + " leaves, the tree has only " + size
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
            return new Finding(Fault.ENTRY_MOVED, size, entry.place().id(), LedgerEntries.words(entry) + " belongs at leaf " + rs.getLong(1));
          }
        }
      }
    }
    return new Finding(Fault.ENTRY_CHANGED, size, entry.place().id(), LedgerEntries.words(entry) + ": " + how);
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
      findings.add(new Finding(Fault.REWRITTEN, 0, -1, "the kept head of " + head.at() + " is of ledger " + kept.ledger() + ", this is ledger " + ledger));
    } else if (!head.root().equals(root)) {
      findings.add(new Finding(Fault.REWRITTEN, -1, -1, "one of the first " + head.size() + " leaves: the head of " + head.at() + " that was kept has root " + head.root()
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
          findings.add(new Finding(Fault.TILE_CHANGED, index, -1, "tile " + level + "/" + number + (there ? ", hash " + differs / Suite.HASH_BYTES
              + " does not follow from the tiles below it" : " is missing")));
        }
      }
    }
  }

  /** Entries that claim to be sealed and are in no tile. */
  void insertedEntries() throws SQLException {
    String sealed = """
        FROM ledger_entry e, (SELECT h.last_xact, h.last_entry, r.first_entry FROM ledger_head h JOIN ledger_era r ON r.number = h.era ORDER BY h.size DESC LIMIT 1) m
        WHERE (e.id < m.first_entry OR e.id >= m.first_entry AND (e.xact, e.id) <= (m.last_xact, m.last_entry))""";
    long removed = findings.counts().getOrDefault(Fault.ENTRY_REMOVED, 0L);
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rs = statement.executeQuery("SELECT count(*) " + sealed)) {
        rs.next();
        if (rs.getLong(1) <= size - removed) {
          return;
        }
      }
      statement.setFetchSize(LedgerCheck.FETCH);
      try (ResultSet rs = statement.executeQuery("SELECT e.*, e.xact::text AS x " + sealed + """
           AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(entries) AS id FROM ledger_tile WHERE level = 0) t WHERE t.id = e.id) ORDER BY e.xact, e.id""")) {
        while (rs.next()) {
          Entry entry = entries.read(rs);
          findings.add(new Finding(Fault.ENTRY_INSERTED, indexAfter(entry.place()), entry.place().id(), LedgerEntries.words(entry) + " is not in the tree, which holds later ones"));
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
}
