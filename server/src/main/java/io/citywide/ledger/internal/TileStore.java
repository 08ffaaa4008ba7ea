package io.citywide.ledger.internal;

import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Suite;
import java.sql.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of {@code ledger_tile}: 256 hashes each, in the shape of C2SP's tlog-tiles. */
@Component
class TileStore {

  static final int WIDTH = 256;
  private static final int BITS = 8;

  /**
   * @param hashes 1 to 256 of them, one after the other
   * @param entries ids beside them, on level 0; else {@code null}
   */
  record Tile(int level, long number, byte[] hashes, Long[] entries) {

    int width() {
      return hashes.length / Suite.HASH_BYTES;
    }

    byte[] hash(int i) {
      return Arrays.copyOfRange(hashes, i * Suite.HASH_BYTES, (i + 1) * Suite.HASH_BYTES);
    }
  }

  private final JdbcClient jdbc;
  private final LedgerIdentity identity;

  TileStore(JdbcClient jdbc, LedgerIdentity identity) {
    this.jdbc = jdbc;
    this.identity = identity;
  }

  Optional<Tile> find(int level, long number) {
    return jdbc.sql("SELECT hashes, entries FROM ledger_tile WHERE level = :level AND number = :number").param("level", level).param("number", number)
        .query((rs, i) -> {
          Array entries = rs.getArray("entries");
          return new Tile(level, number, rs.getBytes("hashes"), entries == null ? null : (Long[]) entries.getArray());
        }).optional();
  }

  void write(Tile tile) {
    jdbc.sql("""
            INSERT INTO ledger_tile (level, number, hashes, entries) VALUES (:level, :number, :hashes, :entries::bigint[])
            ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes, entries = EXCLUDED.entries""")
        .param("level", tile.level()).param("number", tile.number()).param("hashes", tile.hashes()).param("entries", tile.entries()).update();
  }

  /** Where an entry stands in the tree. Entries come nearly in the order of their ids, so few tiles are looked at. */
  Optional<Long> findIndex(long entryId) {
    return jdbc.sql("""
            SELECT number * 256 + array_position(entries, :id) - 1 FROM ledger_tile
            WHERE level = 0 AND ledger_tile_low(entries) <= :id AND ledger_tile_high(entries) >= :id AND :id = ANY (entries) LIMIT 1""")
        .param("id", entryId).query(Long.class).optional();
  }

  /** Full subtrees out of tiles, each of which is read once. */
  MerkleTree.Subtrees subtrees() {
    Map<String, Tile> read = new HashMap<>();
    MerkleTree tree = new MerkleTree(identity.suite());
    return (level, index) -> {
      int tileLevel = level / BITS;
      int inTile = level % BITS;
      long first = index << inTile;
      Tile tile = read.computeIfAbsent(tileLevel + "/" + first / WIDTH, k -> find(tileLevel, first / WIDTH)
          .orElseThrow(() -> new IllegalStateException("tile " + k + " of the ledger is missing")));
      return fold(tree, tile, (int) (first % WIDTH), 1 << inTile);
    };
  }

  static byte[] fold(MerkleTree tree, Tile tile, int from, int count) {
    return count == 1 ? tile.hash(from) : tree.node(fold(tree, tile, from, count / 2), fold(tree, tile, from + count / 2, count / 2));
  }
}
