package io.citywide.identity.internal;

import io.citywide.platform.DatabaseSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Keeps strangers from taking every connection of the pool by asking who they are: a quarter of it looks up secrets at
 * most, and one that was unknown a moment ago is not looked up again. Who is known already never comes here.
 */
@Component
class Lookups {

  static final int REMEMBERED_AT_MOST = 10_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(5);
  private static final int WAIT_SECONDS = 2;

  private final Clock clock;
  private final Semaphore connections;
  private final Map<String, Instant> unknown =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > REMEMBERED_AT_MOST;
        }
      };

  Lookups(Clock clock, DatabaseSettings database) {
    this.clock = clock;
    this.connections = new Semaphore(Math.max(1, database.poolSize() / 4), true);
  }

  /**
   * @param hash of the secret, in hex
   * @param recall answers without the database, as somebody else may have looked it up while this one waited
   * @param find asks the database
   * @throws CannotCreateTransactionException where too many look up at once
   */
  <T> Optional<T> find(String hash, Supplier<Optional<T>> recall, Supplier<Optional<T>> find) {
    if (isUnknown(hash)) {
      return Optional.empty();
    }
    try {
      if (!connections.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new CannotCreateTransactionException("too many unknown keys and sessions at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotCreateTransactionException("interrupted while waiting to look up a key or session", e);
    }
    try {
      Optional<T> found = recall.get().or(() -> isUnknown(hash) ? Optional.empty() : find.get());
      if (found.isEmpty()) {
        remember(hash);
      }
      return found;
    } finally {
      connections.release();
    }
  }

  private synchronized boolean isUnknown(String hash) {
    Instant since = unknown.get(hash);
    return since != null && clock.instant().isBefore(since.plus(REMEMBERED));
  }

  private synchronized void remember(String hash) {
    unknown.remove(hash);
    unknown.put(hash, clock.instant());
  }

  /** Unknown secrets kept in memory. */
  synchronized int remembered() {
    return unknown.size();
  }
}
