package io.citywide.bench.load;

import io.citywide.bench.load.Wire.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Bursts of more than the server can take. Calls begin at a fixed rate whatever became of the earlier ones, as a city's
 * do: a client that is turned away goes on with another case and comes back to this one later.
 */
final class Spike {

  /** So many calls may be under way at once; a client that finds none free counts as not served by the client, not by the server. */
  private static final int UNDER_WAY = 2_000;

  private static final Duration WINDOW = Duration.ofSeconds(1);

  /**
   * @param calls made in the bursts
   * @param turnedAway of them answered 503 with Retry-After
   * @param errors of them answered otherwise than done or turned away, or not at all
   * @param faults what is not as it was acknowledged, in words
   * @param checked cases asked for afterwards
   * @param offeredTimes of the sustainable rate, that the slowest of the bursts offered in fact
   * @param recoverySeconds the longest time from the end of a burst, with its last calls still under way, to the beginning of the first second of
   *     normal load whose p95 was normal
   * @param firstError an example
   */
  record Result(long calls, long turnedAway, long errors, List<String> faults, long checked, double offeredTimes, double recoverySeconds, double normalP95, double burstP95, String firstError) {}

  private final Crew crew;
  private final double sustainable;
  private final Random random;
  private final Queue<Journey> waiting = new ConcurrentLinkedQueue<>();
  private final Queue<Journey> all = new ConcurrentLinkedQueue<>();
  private final Semaphore underWay = new Semaphore(UNDER_WAY);

  /** @param sustainable calls a second that the server takes for long */
  Spike(Crew crew, double sustainable, long seed) {
    this.crew = crew;
    this.sustainable = sustainable;
    this.random = new Random(seed);
  }

  private static final class Counts {
    final AtomicLong calls = new AtomicLong();
    final AtomicLong turnedAway = new AtomicLong();
    final AtomicLong errors = new AtomicLong();
    final Latencies served = new Latencies();
    volatile String firstError = "";
  }

  Result run(int bursts, Duration length) throws InterruptedException {
    double normal = sustainable / 2;
    Counts quiet = new Counts();
    offer(normal, Duration.ofSeconds(10), quiet).join();
    double normalP95 = quiet.served.quantileMillis(0.95);
    Counts total = new Counts();
    double recovery = 0;
    double offered = Double.MAX_VALUE;
    for (int i = 0; i < bursts; i++) {
      Offered burst = offer(sustainable * 3, length, total);
      long end = System.nanoTime();
      offered = Math.min(offered, burst.threads().size() / ((end - burst.begun()) / 1e9) / sustainable);
      recovery = Math.max(recovery, recover(end, normal, normalP95));
      burst.join();
    }
    underWay.acquire(UNDER_WAY);
    List<String> faults = new ArrayList<>();
    long checked = 0;
    for (Journey journey : all) {
      if (journey.acknowledged() > 0) {
        checked++;
        String fault = journey.fault();
        if (!fault.isEmpty()) {
          faults.add(fault);
        }
      }
    }
    return new Result(total.calls.get(), total.turnedAway.get(), total.errors.get(), faults, checked, offered, recovery, normalP95,
        total.served.quantileMillis(0.95), total.firstError);
  }

  /** Calls that were begun, the first at {@code begun} of the nano clock. */
  private record Offered(long begun, List<Thread> threads, Counts counts) {

    void join() throws InterruptedException {
      for (Thread thread : threads) {
        thread.join();
      }
    }

    boolean ended() {
      return threads.stream().noneMatch(Thread::isAlive);
    }
  }

  /**
   * Seconds from the end of a burst to a second of normal load in which nobody is turned away and the p95 is no more than half
   * above the normal one (or 50 ms); at most 60. The load goes on whatever becomes of its calls.
   */
  private double recover(long end, double normal, double normalP95) throws InterruptedException {
    List<Offered> windows = new ArrayList<>();
    for (int second = 0; second < 60; second++) {
      windows.add(offer(normal, WINDOW, new Counts()));
      for (Offered window : windows) {
        Counts counts = window.counts();
        if (window.ended() && counts.turnedAway.get() == 0 && counts.errors.get() == 0 && counts.served.quantileMillis(0.95) <= Math.max(normalP95 * 1.5, 50)) {
          return (window.begun() - end) / 1e9;
        }
      }
    }
    return 60;
  }

  /** Begins calls for so long and waits for none of them. */
  private Offered offer(double callsPerSecond, Duration time, Counts counts) throws InterruptedException {
    long begun = System.nanoTime();
    long gap = (long) (1e9 / callsPerSecond);
    List<Thread> threads = new ArrayList<>();
    for (long at = 0; at < time.toNanos(); at += gap) {
      long wait = begun + at - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      Journey journey = waiting.poll();
      if (journey == null) {
        journey = new Journey(crew, random);
        all.add(journey);
      }
      Journey one = journey;
      underWay.acquire();
      threads.add(Thread.ofVirtual().start(() -> call(one, counts)));
    }
    return new Offered(begun, threads, counts);
  }

  private void call(Journey journey, Counts counts) {
    try {
      Answer answer = journey.next();
      counts.calls.incrementAndGet();
      if (answer.done()) {
        counts.served.add(answer.nanos());
      } else if (answer.turnedAway()) {
        counts.turnedAway.incrementAndGet();
      } else {
        counts.errors.incrementAndGet();
        counts.firstError = answer.status() + " " + answer.text();
      }
      if (!journey.over()) {
        waiting.add(journey);
      }
    } finally {
      underWay.release();
    }
  }
}
