package io.citywide.dispatch.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps the matrix in memory and reads it again when its revision rises, at once on this server, a moment later on others. */
@Component
class Snapshots {

  /** Changes of other servers are told; this bounds what a lost message could do. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private record Kept(Snapshot snapshot, long lookedAtNanos) {}

  private static final String CHANGED = "matrix";

  private final RuleStore store;
  private final Neighbours neighbours;
  private final TransactionTemplate apart;
  private final AtomicLong changes = new AtomicLong();
  private volatile Kept kept;

  Snapshots(RuleStore store, PlatformTransactionManager transactions, Neighbours neighbours) {
    this.store = store;
    this.neighbours = neighbours;
    neighbours.hear(CHANGED, facts -> forget());
    neighbours.hearGap(this::forget);
    this.apart = new TransactionTemplate(transactions);
    // The viewer's own transaction sees only its own area's rules; this one sees all.
    apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    apart.setReadOnly(true);
  }

  Snapshot current() {
    Kept known = kept;
    if (known != null && System.nanoTime() - known.lookedAtNanos() < LOOK_EVERY.toNanos()) {
      return known.snapshot();
    }
    return Viewer.callAs(Viewer.system("dispatch"), () -> apart.execute(status -> read(known)));
  }

  /** What is known without asking the database; empty where that is too old to be relied on. */
  Optional<Snapshot> recent() {
    return Optional.ofNullable(kept).filter(k -> System.nanoTime() - k.lookedAtNanos() < LOOK_EVERY.toNanos()).map(Kept::snapshot);
  }

  private Snapshot read(Kept known) {
    // Read before the rows: what changes in between is read once more, never missed.
    long seen = changes.get();
    long lookedAt = System.nanoTime();
    long revision = store.revision();
    Snapshot snapshot =
        known != null && known.snapshot().revision() == revision
            ? known.snapshot()
            : Snapshot.of(revision, store.listRules(), store.listSwitches());
    if (changes.get() == seen) {
      kept = new Kept(snapshot, lookedAt);
    }
    return snapshot;
  }

  /** To be called in the transaction of a change. */
  void changed() {
    store.raiseRevision();
    neighbours.everywhere(CHANGED, Map.of());
  }

  private void forget() {
    changes.incrementAndGet();
    kept = null;
  }
}
