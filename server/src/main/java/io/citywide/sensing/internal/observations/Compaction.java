package io.citywide.sensing.internal.observations;

import io.citywide.identity.Viewer;
import io.citywide.platform.ReadinessCheck;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes pages of the log and chunks of pages, on one thread; waits while there is nothing to do. */
@Component
public class Compaction implements SmartLifecycle, ReadinessCheck {

  private static final Logger log = LoggerFactory.getLogger(Compaction.class);

  /** How often it is looked whether a slot is due, while values come in. */
  private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(10);
  /** So much later than it should be, the log must be sealed. */
  private static final Duration BEHIND = Duration.ofMinutes(30);
  private static final long LOOK_AT_LOG_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long AFTER_FAULT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Sealer sealer;
  private final Gatherer gatherer;
  private final StoredLog storedLog;
  private final JdbcClient jdbc;
  private final ObservationSettings settings;
  private final Clock clock;
  private final Counter repeated;
  /** Held while sealing or gathering. */
  private final ReentrantLock working = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long grownTo; // guarded by lock
  private long sealedTo; // guarded by lock
  private long appendedBefore;
  private long lookedAtLog;
  private volatile long unsealed;
  /** When the oldest batch of the log came, milliseconds since 1970 UTC; 0: it is empty. As it was looked at last. */
  private volatile long oldest;
  private volatile boolean running;
  private Thread thread;

  Compaction(JdbcClient jdbc, TransactionTemplate transaction, StoredLog storedLog, ObservationSettings settings, Clock clock, MeterRegistry meters) {
    this.sealer = new Sealer(jdbc, transaction);
    this.gatherer = new Gatherer(jdbc, transaction);
    this.jdbc = jdbc;
    this.storedLog = storedLog;
    this.settings = settings;
    this.clock = clock;
    this.repeated = Counter.builder("citywide.observations.left.out").description("Values left out when the log was sealed, because their moment was known").register(meters);
    Gauge.builder("citywide.observations.waiting", storedLog, StoredLog::waiting).description("Values that wait for the disk").register(meters);
    Gauge.builder("citywide.observations.unsealed", this, c -> c.unsealed).description("Values in the log when it was looked at last").register(meters);
    storedLog.whenGrown(this::grown);
  }

  private void grown() {
    long head = storedLog.head().number();
    lock.lock();
    try {
      if (head > grownTo) {
        if (grownTo <= sealedTo) {
          changed.signalAll();
        }
        grownTo = head;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    running = true;
    lookedAtLog = System.nanoTime() - settings.sealAfter().toNanos();
    thread = Thread.ofPlatform().daemon().name("observation-compaction").start(() -> Viewer.runAs(Viewer.system("observations"), this::run));
  }

  @Override
  public void stop() {
    lock.lock();
    running = false;
    changed.signalAll();
    lock.unlock();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return StoredLog.PHASE + 1;
  }

  @Override
  public String name() {
    return "observations";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    long since = oldest;
    return since == 0 || clock.millis() - since < settings.sealAfter().plus(BEHIND).toMillis() ? Optional.empty()
        : Optional.of("the log of observations grows: what came at " + java.time.Instant.ofEpochMilli(since) + " is not sealed yet; a follower in sensing_follower does not go on");
  }

  private void run() {
    long lookedAt = System.nanoTime() - LOOK_NANOS;
    while (running) {
      try {
        if (!await()) {
          return;
        }
        working.lock();
        try {
          long target = target();
          if (target > 0) {
            seal(target);
          }
          if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
            lookedAt = System.nanoTime();
            gather(clock.millis() - settings.gatherAfter().toMillis());
          }
        } finally {
          working.unlock();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (running) {
          log.warn("the log of observations could not be sealed; it is tried again: {}", e.getMessage());
          try {
            pause();
          } catch (InterruptedException interrupted) {
            return;
          }
        }
      }
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = AFTER_FAULT_NANOS;
      while (running && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something in the log, and then for a while: a flood fills it within seconds. */
  private boolean await() throws InterruptedException {
    lock.lock();
    try {
      while (running && grownTo <= sealedTo) {
        changed.await();
      }
      long left = Math.min(settings.sealAfter().toNanos(), LOOK_AT_LOG_NANOS);
      while (running && left > 0) {
        left = changed.awaitNanos(left);
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  private record Log(long values, long oldest) {}

  /** Position up to which to seal now; 0: nothing yet. */
  private long target() {
    // Reading the whole log costs something: only after a flood, or when it may have become old.
    long appended = storedLog.appended();
    if (appended - appendedBefore < settings.sealValues() && System.nanoTime() - lookedAtLog < settings.sealAfter().toNanos()) {
      return 0;
    }
    appendedBefore = appended;
    lookedAtLog = System.nanoTime();
    long head = storedLog.head().number();
    Log now = jdbc.sql("SELECT coalesce(sum(size), 0), min(arrived_at) FROM sensing_log")
        .query((row, i) -> new Log(row.getLong(1), row.getLong(2))).single();
    unsealed = now.values();
    oldest = now.values() == 0 ? 0 : now.oldest();
    if (now.values() == 0) {
      sealed(head);
      return 0;
    }
    boolean old = clock.millis() - now.oldest() >= settings.sealAfter().toMillis();
    return old || now.values() >= settings.sealValues() ? sealer.sealable() : 0;
  }

  private void sealed(long position) {
    lock.lock();
    try {
      sealedTo = Math.max(sealedTo, position);
    } finally {
      lock.unlock();
    }
  }

  private void seal(long position) {
    long begun = System.nanoTime();
    long values = 0;
    for (int part = 0; part < Parts.COUNT && running; part++) {
      Sealer.Sealed done;
      do {
        done = sealer.seal(part, position, clock.millis());
        values += done.values();
        repeated.increment(done.repeated());
      } while (done.more() && running);
    }
    sealed(position);
    log.debug("{} observations sealed up to batch {} in {} ms", values, position, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  private void gather(long sealedBefore) {
    for (int slot : gatherer.due(sealedBefore)) {
      if (!running) {
        return;
      }
      gatherer.gather(slot);
    }
  }

  /** Seals and gathers everything that followers have heard, now. Another server that is at it is waited for. */
  public void compactAll() {
    working.lock();
    try {
      long position = sealer.sealable();
      for (int part = 0; part < Parts.COUNT; part++) {
        while (sealer.seal(part, position, clock.millis()).more()) {
          continue;
        }
      }
      gather(Long.MAX_VALUE);
    } finally {
      working.unlock();
    }
  }
}
