package io.citywide.platform;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Something of the database that many transactions read and few change. It is read anew at most once in a while; a
 * change made here counts at once for its own transaction, after the commit for all of this server, and for other servers
 * within that while.
 *
 * @param <T> immutable
 */
public final class Recent<T> {

  private static final Duration WHILE = Duration.ofSeconds(1);

  private record Kept<T>(T value, long readAtNanos) {}

  private final Supplier<T> read;
  private final AtomicLong changes = new AtomicLong();
  private volatile Kept<T> kept;

  /** @param read takes it from the database, in the caller's transaction */
  public Recent(Supplier<T> read) {
    this.read = read;
  }

  public T get() {
    @SuppressWarnings("unchecked")
    AtomicReference<T> own = (AtomicReference<T>) TransactionSynchronizationManager.getResource(this);
    if (own != null) {
      // This transaction changed it: nobody else may see that before the commit.
      return own.updateAndGet(value -> value == null ? read.get() : value);
    }
    Kept<T> known = kept;
    if (known != null && System.nanoTime() - known.readAtNanos() < WHILE.toNanos()) {
      return known.value();
    }
    long seen = changes.get();
    long readAt = System.nanoTime();
    T value = read.get();
    if (changes.get() == seen) {
      kept = new Kept<>(value, readAt);
    }
    return value;
  }

  /** To be called in the transaction of a change. */
  public void changed() {
    if (TransactionSynchronizationManager.getResource(this) instanceof AtomicReference<?> own) {
      own.set(null);
      return;
    }
    TransactionSynchronizationManager.bindResource(this, new AtomicReference<T>());
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(Recent.this);
        changes.incrementAndGet();
        kept = null;
      }
    });
  }
}
