package io.citywide.ledger.internal;

import io.citywide.ledger.LedgerProblem;
import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Receipt.Head;
import io.citywide.ledger.Suite;
import io.citywide.platform.ProblemException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Heads, keys, receipts and proofs for the audit administrators and for those who check them. */
@Service
public class LedgerDesk {

  /**
   * The newest head.
   *
   * @param head {@code null}: nothing is sealed yet
   */
  public record HeadView(String ledger, Suite suite, Head head) {}

  public record KeyView(String id, Suite suite, String publicKey, java.time.Instant since) {}

  /**
   * That the tree of {@code first} leaves is the beginning of that of {@code second} (RFC 9162 §2.1.4).
   *
   * @param proof hashes in hexadecimal
   */
  public record Consistency(long first, long second, String firstRoot, String secondRoot, List<String> proof) {}

  /** Where an entry stands: the audit path in a tree of {@code size} leaves (RFC 9162 §2.1.3). */
  public record Inclusion(long entryId, long index, long size, String leafHash, String root, List<String> path) {}

  private final LedgerStore store;
  private final LedgerIdentity identity;
  private final TileStore tiles;
  private final HeadStore heads;

  LedgerDesk(LedgerStore store, LedgerIdentity identity, TileStore tiles, HeadStore heads) {
    this.store = store;
    this.identity = identity;
    this.tiles = tiles;
    this.heads = heads;
  }

  @Transactional(readOnly = true)
  public HeadView head() {
    return new HeadView(identity.ledger(), identity.suite(), heads.last().orElse(null));
  }

  /** Newest first, of fewer leaves than {@code before}. */
  @Transactional(readOnly = true)
  public List<Head> heads(long before, int limit) {
    return heads.list(before, limit);
  }

  @Transactional(readOnly = true)
  public List<KeyView> keys() {
    return heads.keys().stream().map(k -> new KeyView(k.id(), Suite.valueOf(k.algorithm()), k.publicKey(), k.since())).toList();
  }

  /**
   * @throws ProblemException {@code ledger.unknown}, {@code ledger.not-sealed}
   */
  @Transactional(readOnly = true)
  public Receipt receipt(long entryId) {
    return store.receipt(entry(entryId), null);
  }

  private LedgerStore.Entry entry(long entryId) {
    store.open();
    return store.find(entryId).orElseThrow(() -> new ProblemException(LedgerProblem.UNKNOWN, "the ledger has no entry " + entryId).zh("存证账本中没有此记录"));
  }

  /**
   * @throws ProblemException {@code ledger.range} unless {@code 1 ≤ first ≤ second ≤ size}
   */
  @Transactional(readOnly = true)
  public Consistency consistency(long first, Long second) {
    long size = size();
    long end = second == null ? size : second;
    if (end < 1 || end > size) {
      throw range("second", end, 1, size);
    }
    if (first < 1 || first > end) {
      throw range("first", first, 1, end);
    }
    MerkleTree tree = new MerkleTree(identity.suite());
    MerkleTree.Subtrees subtrees = tiles.subtrees();
    HexFormat hex = HexFormat.of();
    return new Consistency(first, end, hex.formatHex(tree.root(first, subtrees)), hex.formatHex(tree.root(end, subtrees)),
        tree.consistency(first, end, subtrees).stream().map(hex::formatHex).toList());
  }

  /**
   * @param size {@code null}: of the newest head
   * @throws ProblemException {@code ledger.unknown}, {@code ledger.not-sealed}, {@code ledger.range}
   */
  @Transactional(readOnly = true)
  public Inclusion inclusion(long entryId, Long size) {
    LedgerStore.Entry entry = entry(entryId);
    Receipt receipt = store.receipt(entry, null);
    long of = size == null ? receipt.head().size() : size;
    if (of <= receipt.index() || of > receipt.head().size()) {
      throw range("size", of, receipt.index() + 1, receipt.head().size());
    }
    MerkleTree tree = new MerkleTree(identity.suite());
    MerkleTree.Subtrees subtrees = tiles.subtrees();
    HexFormat hex = HexFormat.of();
    return new Inclusion(entryId, receipt.index(), of, hex.formatHex(tree.leaf(receipt.entry().getBytes(java.nio.charset.StandardCharsets.UTF_8))),
        hex.formatHex(tree.root(of, subtrees)), tree.inclusion(receipt.index(), of, subtrees).stream().map(hex::formatHex).toList());
  }

  private long size() {
    return heads.last().map(Head::size).orElse(0L);
  }

  private static ProblemException range(String field, long value, long low, long high) {
    return new ProblemException(LedgerProblem.RANGE, field + " must be " + low + ".." + high + ", was " + value, Map.of("field", field, "bound", high))
        .zh(field + " 须为 " + low + " 至 " + high + "，现为 " + value);
  }
}
