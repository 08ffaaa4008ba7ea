package io.citywide.ledger.internal;

import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.LedgerProblem;
import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Receipt;
import io.citywide.platform.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Rows of {@code ledger_entry}. */
@Component
class LedgerStore implements Ledger {

  private static final String COLUMNS = "ledger_entry (at, kind, subject, subject_id, seq, actor, content, state)";
  private static final String WITH = "WITH leaf AS (INSERT INTO " + COLUMNS
      + " VALUES (:leafAt, :leafKind, :leafSubject, :leafId, :leafSeq, :leafActor, :leafContent, :leafState::bytea)) ";

  private final JdbcClient jdbc;
  private final LedgerIdentity identity;
  private final TileStore tiles;
  private final HeadStore heads;

  LedgerStore(JdbcClient jdbc, LedgerIdentity identity, TileStore tiles, HeadStore heads) {
    this.jdbc = jdbc;
    this.identity = identity;
    this.tiles = tiles;
    this.heads = heads;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(List<Act> acts) {
    insert(jdbc, acts);
  }

  static void insert(JdbcClient jdbc, List<Act> acts) {
    if (acts.isEmpty()) {
      return;
    }
    int n = acts.size();
    String[] at = new String[n];
    String[] kind = new String[n];
    String[] subject = new String[n];
    Long[] id = new Long[n];
    Integer[] seq = new Integer[n];
    String[] actor = new String[n];
    byte[][] content = new byte[n][];
    byte[][] state = new byte[n][];
    for (int i = 0; i < n; i++) {
      Act act = acts.get(i);
      at[i] = act.at().toString();
      kind[i] = act.kind();
      subject[i] = act.subject();
      id[i] = act.id();
      seq[i] = act.seq();
      actor[i] = act.actor();
      content[i] = act.content();
      state[i] = act.state();
    }
    jdbc.sql("INSERT INTO " + COLUMNS + """
             SELECT at, kind, subject, id, seq, actor, content, state
             FROM unnest(:at::timestamptz[], :kind::text[], :subject::text[], :id::bigint[], :seq::int[], :actor::text[], :content::bytea[], :state::bytea[])
               WITH ORDINALITY AS a (at, kind, subject, id, seq, actor, content, state, n) ORDER BY n""")
        .param("at", at).param("kind", kind).param("subject", subject).param("id", id).param("seq", seq).param("actor", actor)
        .param("content", content).param("state", state).update();
  }

  @Override
  public Leaf leaf(Act act) {
    return new Leaf(WITH, act);
  }

  @Override
  public byte[] digest(String canonical) {
    return identity.suite().hash().of(canonical.getBytes(StandardCharsets.UTF_8));
  }

  /** An entry with its id. */
  record Entry(long id, Act act) {

    static Entry read(ResultSet rs, int i) throws SQLException {
      return new Entry(rs.getLong("id"), new Act(rs.getString("kind"), rs.getString("subject"), rs.getLong("subject_id"), rs.getInt("seq"),
          rs.getObject("at", OffsetDateTime.class).toInstant(), rs.getString("actor"), rs.getBytes("content"), rs.getBytes("state")));
    }
  }

  /** From here on the transaction reads entries; the door that calls this has judged the viewer. */
  void open() {
    jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query((rs, i) -> 1).single();
  }

  Optional<Entry> find(long entryId) {
    return jdbc.sql("SELECT * FROM ledger_entry WHERE id = :id").param("id", entryId).query(Entry::read).optional();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY, readOnly = true)
  public Receipt receipt(String subject, long id, int seq, String row) {
    open();
    Entry entry = jdbc.sql("SELECT * FROM ledger_entry WHERE subject = :subject AND subject_id = :id AND seq = :seq ORDER BY id DESC LIMIT 1")
        .param("subject", subject).param("id", id).param("seq", seq).query(Entry::read).optional()
        .orElseThrow(() -> new ProblemException(LedgerProblem.UNKNOWN, "the ledger has no entry for " + subject + " " + id + ", row " + seq).zh("存证账本中没有此记录"));
    return receipt(entry, row);
  }

  Receipt receipt(Entry entry, String row) {
    Receipt.Head head = heads.last().orElseThrow(this::notSealed);
    long index = tiles.findIndex(entry.id()).filter(i -> i < head.size()).orElseThrow(this::notSealed);
    HexFormat hex = HexFormat.of();
    List<String> path = new MerkleTree(identity.suite()).inclusion(index, head.size(), tiles.subtrees()).stream().map(hex::formatHex).toList();
    return new Receipt(Receipt.FORMAT, identity.ledger(), identity.suite(), entry.act().canonical(), entry.id(), index, path, head,
        hex.formatHex(heads.publicKey(head.keyId())), row);
  }

  private ProblemException notSealed() {
    return new ProblemException(LedgerProblem.NOT_SEALED, "the entry is written down but not in the signed tree yet; ask again in 2 s",
        Map.of("retryAfterSeconds", 2)).zh("记录已写入，尚未封存，请 2 秒后再试");
  }
}
