package io.citywide.platform;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Figures that cost a query, for gauges: read only when somebody asks, at most once in a while, and after the first time
 * in the background, so that no scrape waits. A failed reading keeps the figures before it.
 */
public final class Figures<T> {

  private static final Logger log = LoggerFactory.getLogger(Figures.class);

  private final long everyNanos;
  private final Supplier<T> reading;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile T value;
  private volatile long readAt;
  private volatile boolean read;

  /** @param first what is shown where even the first reading fails */
  public Figures(Duration every, T first, Supplier<T> reading) {
    this.everyNanos = every.toNanos();
    this.value = first;
    this.reading = reading;
  }

  public T value() {
    if ((!read || System.nanoTime() - readAt >= everyNanos) && underWay.compareAndSet(false, true)) {
      if (read) {
        Thread.ofVirtual().name("figures").start(this::refresh);
      } else {
        refresh();
      }
    }
    return value;
  }

  private void refresh() {
    try {
      value = reading.get();
    } catch (RuntimeException e) {
      log.debug("figures could not be read", e);
    } finally {
      read = true;
      readAt = System.nanoTime();
      underWay.set(false);
    }
  }
}
