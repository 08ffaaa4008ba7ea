package io.citywide.ledger.internal;

import io.citywide.identity.Viewer;
import io.citywide.ledger.LedgerSettings;
import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Receipt.Head;
import io.citywide.ledger.Suite;
import io.citywide.ledger.internal.HeadStore.Mark;
import io.citywide.ledger.internal.LedgerStore.Entry;
import io.citywide.ledger.internal.TileStore.Tile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts committed entries into the tree and signs its head, a few times a second while there are any. Of several servers on
 * one database one does it at a time.
 *
 * <p>The order is that of (transaction, id). Only transactions below the oldest one still running are taken: all of those
 * have ended, so nothing can come before what is sealed already. A long transaction delays what began after it and loses
 * nothing.
 */
@Component
class Sequencer {

  /** Advisory lock of this database: "ledger". */
  static final long LOCK = 0x6C6564676572L;

  static final int BATCH = 8192;
  private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final LedgerIdentity identity;
  private final TileStore tiles;
  private final HeadStore heads;
  private final HeadLog headLog;
  private final LedgerSettings settings;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Thread thread;

  Sequencer(JdbcClient jdbc, PlatformTransactionManager transactions, LedgerIdentity identity, TileStore tiles, HeadStore heads,
      HeadLog headLog, LedgerSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.identity = identity;
    this.tiles = tiles;
    this.heads = heads;
    this.headLog = headLog;
    this.settings = settings;
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("ledger-sequencer").start(this::run);
    }
  }

  /** Seals what is there, then ends: the last acts of a server are in the tree before its pool closes. */
  @EventListener(ContextClosedEvent.class)
  void stop() throws InterruptedException {
    closing.countDown();
    if (thread != null) {
      thread.join(10_000);
    }
  }

  private void run() {
    boolean failing = false;
    boolean last = false;
    while (!last) {
      try {
        last = closing.await(settings.sealEvery().toMillis(), TimeUnit.MILLISECONDS);
        while (seal() == BATCH) {
          // a backlog, such as an import leaves
        }
        failing = false;
        headLog.keep(last);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // Nothing is lost: the entries are rows, and are sealed when the database answers again.
        if (!failing) {
          log.warn("the ledger cannot be sealed at the moment: {}", e.getMessage());
        }
        failing = true;
      }
    }
  }

  /** Seals up to {@value #BATCH} entries; how many these were. */
  int seal() {
    Sealed sealed = Viewer.callAs(Viewer.system("ledger"), () -> transaction.execute(status -> sealSome()));
    if (sealed.head() != null) {
      // Only what is committed is told outside.
      headLog.sealed(identity.ledger(), identity.suite(), sealed.head());
    }
    return sealed.count();
  }

  private record Sealed(int count, Head head) {
    static final Sealed NOTHING = new Sealed(0, null);
  }

  private Sealed sealSome() {
    // In the order of the index, whatever the planner believes: after a bulk import its statistics are of before, and a pass
    // over the whole table for each batch would make the work quadratic.
    if (!jdbc.sql("""
            SELECT pg_try_advisory_xact_lock(:lock), set_config('citywide.ledger', 'open', true), set_config('enable_seqscan', 'off', true),
              set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)""").param("lock", LOCK)
        .query((rs, i) -> rs.getBoolean(1)).single()) {
      return Sealed.NOTHING;
    }
    Mark mark = heads.mark();
    List<Sealable> batch = next(mark);
    while (batch.isEmpty()) {
      Optional<Integer> later = jdbc.sql("SELECT min(number) FROM ledger_era WHERE number > :era").param("era", mark.era())
          .query((rs, i) -> Optional.ofNullable(rs.getObject(1, Integer.class))).single();
      if (later.isEmpty()) {
        return Sealed.NOTHING;
      }
      mark = new Mark(mark.size(), later.get(), "0", 0);
      batch = next(mark);
    }
    grow(mark.size(), batch);
    long size = mark.size() + batch.size();
    Sealable end = batch.getLast();
    HexFormat hex = HexFormat.of();
    Suite suite = identity.suite();
    byte[] root = new MerkleTree(suite).root(size, tiles.subtrees());
    Instant now = clock.instant();
    Head open = new Head(size, hex.formatHex(root), now, identity.keyId(), "");
    Head head = new Head(size, open.root(), now, open.keyId(), hex.formatHex(suite.sign(identity.key(), open.message(identity.ledger(), suite))));
    heads.write(head, new Mark(size, mark.era(), end.xact(), end.entry().id()));
    return new Sealed(batch.size(), head);
  }

  private record Sealable(String xact, Entry entry) {}

  /** What comes after the mark in its era: of a past era all, of this one what no running transaction can come before. */
  private List<Sealable> next(Mark mark) {
    return jdbc.sql("""
            SELECT e.*, e.xact::text AS x FROM ledger_entry e
            WHERE (e.xact, e.id) > (:xact::xid8, :last)
              AND e.id >= coalesce((SELECT first_entry FROM ledger_era WHERE number = :era), 0)
              AND e.id < coalesce((SELECT min(first_entry) FROM ledger_era WHERE number > :era), 9223372036854775807)
              AND (e.xact < pg_snapshot_xmin(pg_current_snapshot()) OR EXISTS (SELECT 1 FROM ledger_era WHERE number > :era))
            ORDER BY e.xact, e.id LIMIT :n""")
        .param("xact", mark.lastXact()).param("last", mark.lastEntry()).param("era", mark.era()).param("n", BATCH)
        .query((rs, i) -> new Sealable(rs.getString("x"), Entry.read(rs, i))).list();
  }

  /** Adds leaves at the right edge, level by level: what a level completes is what the next one grows by. */
  private void grow(long size, List<Sealable> batch) {
    MerkleTree tree = new MerkleTree(identity.suite());
    List<byte[]> adding = new ArrayList<>(batch.size());
    List<Long> ids = new ArrayList<>(batch.size());
    for (Sealable s : batch) {
      adding.add(tree.leaf(s.entry().act().canonical().getBytes(StandardCharsets.UTF_8)));
      ids.add(s.entry().id());
    }
    long there = size;
    for (int level = 0; !adding.isEmpty(); level++) {
      List<byte[]> completed = new ArrayList<>();
      int next = 0;
      while (next < adding.size()) {
        long number = there / TileStore.WIDTH;
        int width = (int) (there % TileStore.WIDTH);
        int take = Math.min(TileStore.WIDTH - width, adding.size() - next);
        int now = level;
        Tile old = width == 0 ? new Tile(level, number, new byte[0], new Long[0])
            : tiles.find(level, number).orElseThrow(() -> new IllegalStateException("tile " + now + "/" + number + " of the ledger is missing"));
        if (old.width() != width) {
          throw new IllegalStateException("tile " + level + "/" + number + " of the ledger holds " + old.width() + " hashes, its head says " + width);
        }
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        hashes.writeBytes(old.hashes());
        adding.subList(next, next + take).forEach(hashes::writeBytes);
        Long[] entryIds = null;
        if (level == 0) {
          entryIds = Arrays.copyOf(old.entries(), width + take);
          for (int i = 0; i < take; i++) {
            entryIds[width + i] = ids.get(next + i);
          }
        }
        Tile tile = new Tile(level, number, hashes.toByteArray(), entryIds);
        tiles.write(tile);
        if (tile.width() == TileStore.WIDTH) {
          completed.add(TileStore.fold(tree, tile, 0, TileStore.WIDTH));
        }
        next += take;
        there += take;
      }
      there = size >> 8 * (level + 1);
      adding = completed;
    }
  }
}
