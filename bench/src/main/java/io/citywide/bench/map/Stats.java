package io.citywide.bench.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long calls took.
 *
 * @param nanos of each call, by the number of its question; 0 where it was not asked
 */
record Stats(long[] nanos) {

  /** One call with the number of a question. */
  @FunctionalInterface
  interface Call {
    void ask(Contender.Client client, int question) throws Exception;
  }

  /** Opens a client. */
  @FunctionalInterface
  interface Opening {
    Contender.Client open() throws Exception;
  }

  /** Asks the questions one after the other, several clients at once, until all are answered or the time is over. */
  static Stats of(Opening clients, int count, int questions, double seconds, Call call) throws Exception {
    long[] nanos = new long[questions];
    AtomicInteger next = new AtomicInteger();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      threads.add(Thread.ofPlatform().start(() -> {
        try (Contender.Client client = clients.open()) {
          for (int q = next.getAndIncrement(); q < questions && System.nanoTime() < end; q = next.getAndIncrement()) {
            long begun = System.nanoTime();
            call.ask(client, q);
            nanos[q] = System.nanoTime() - begun;
          }
        } catch (Exception | Error e) {
          synchronized (failures) {
            failures.add(e);
          }
        }
      }));
    }
    for (Thread thread : threads) thread.join();
    if (!failures.isEmpty()) throw new IllegalStateException("a question was not answered", failures.getFirst());
    return new Stats(nanos);
  }

  int asked() {
    return (int) Arrays.stream(nanos).filter(n -> n > 0).count();
  }

  /** Mean in milliseconds. */
  double mean() {
    return Arrays.stream(nanos).filter(n -> n > 0).average().orElse(Double.NaN) / 1e6;
  }

  /** In milliseconds. */
  double quantile(double q) {
    long[] sorted = Arrays.stream(nanos).filter(n -> n > 0).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, (int) (q * sorted.length))] / 1e6;
  }

  /** How many times as long this took as the other, over the questions that both were asked. */
  double times(Stats other) {
    double mine = 0;
    double its = 0;
    for (int q = 0; q < nanos.length; q++) {
      if (nanos[q] > 0 && other.nanos[q] > 0) {
        mine += nanos[q];
        its += other.nanos[q];
      }
    }
    return mine / its;
  }
}
