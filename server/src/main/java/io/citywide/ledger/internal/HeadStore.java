package io.citywide.ledger.internal;

import io.citywide.ledger.Receipt.Head;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of {@code ledger_head} and {@code ledger_key}. */
@Component
class HeadStore {

  /** Where the sequencer goes on: after this entry of this era. */
  record Mark(long size, int era, String lastXact, long lastEntry) {}

  /** A key that signed or signs heads. */
  public record Key(String id, String algorithm, String publicKey, java.time.Instant since) {}

  private final JdbcClient jdbc;

  HeadStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  static Head read(ResultSet rs, int i) throws SQLException {
    HexFormat hex = HexFormat.of();
    return new Head(rs.getLong("size"), hex.formatHex(rs.getBytes("root")), rs.getObject("at", OffsetDateTime.class).toInstant(), rs.getString("key_id"),
        hex.formatHex(rs.getBytes("signature")));
  }

  Optional<Head> last() {
    return jdbc.sql("SELECT * FROM ledger_head ORDER BY size DESC LIMIT 1").query(HeadStore::read).optional();
  }

  /** Largest first, below {@code before}. */
  List<Head> list(long before, int limit) {
    return jdbc.sql("SELECT * FROM ledger_head WHERE size < :before ORDER BY size DESC LIMIT :limit").param("before", before).param("limit", limit)
        .query(HeadStore::read).list();
  }

  Mark mark() {
    return jdbc.sql("SELECT size, era, last_xact::text AS x, last_entry FROM ledger_head ORDER BY size DESC LIMIT 1")
        .query((rs, i) -> new Mark(rs.getLong("size"), rs.getInt("era"), rs.getString("x"), rs.getLong("last_entry"))).optional()
        .orElse(new Mark(0, 1, "0", 0));
  }

  void write(Head head, Mark mark) {
    HexFormat hex = HexFormat.of();
    jdbc.sql("""
            INSERT INTO ledger_head (size, root, at, key_id, signature, era, last_xact, last_entry)
            VALUES (:size, :root, :at, :key, :signature, :era, :xact::xid8, :entry)""")
        .param("size", head.size()).param("root", hex.parseHex(head.root())).param("at", head.at().atOffset(java.time.ZoneOffset.UTC))
        .param("key", head.keyId()).param("signature", hex.parseHex(head.signature())).param("era", mark.era()).param("xact", mark.lastXact())
        .param("entry", mark.lastEntry()).update();
  }

  List<Key> keys() {
    return jdbc.sql("SELECT * FROM ledger_key ORDER BY since, id").query((rs, i) -> new Key(rs.getString("id"), rs.getString("algorithm"),
        HexFormat.of().formatHex(rs.getBytes("public_key")), rs.getObject("since", OffsetDateTime.class).toInstant())).list();
  }

  byte[] publicKey(String id) {
    return jdbc.sql("SELECT public_key FROM ledger_key WHERE id = :id").param("id", id).query((rs, i) -> rs.getBytes(1)).single();
  }
}
