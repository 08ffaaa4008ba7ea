package io.citywide.cases.internal;

import io.citywide.cases.CaseView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * When the next step of a case happens: now, but never before the step before it. Clocks are set back, by a person or
 * by the network; the steps of a case follow one another all the same, and its deadlines count from the later time.
 *
 * <p>The case is only asked for its last step when the clock is seen to be behind, or may be: just after the start, or
 * when the case stands in its stage since a time to come.
 */
final class StepTimes {

  /** Threads read the clock in one order and get here in another; no more than this apart. */
  private static final Duration JOSTLE = Duration.ofMillis(250);

  /** So long after its start a server does not know yet how late it was before. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final JdbcClient jdbc;
  private final Clock clock;
  private final long startNanos = System.nanoTime();
  private final AtomicReference<Instant> newest = new AtomicReference<>(Instant.MIN);

  StepTimes(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /** Needs a transaction that holds the lock of the case. */
  Instant next(CaseView file) {
    Instant now = now();
    Instant known = newest.accumulateAndGet(now, StepTimes::later);
    boolean behind = now.plus(JOSTLE).isBefore(known) || now.isBefore(file.stageSince());
    if (!behind && System.nanoTime() - startNanos > FRESH.toNanos()) {
      return now;
    }
    Instant last = jdbc.sql("SELECT max(at) AS at FROM case_step WHERE case_id = :id").param("id", file.id())
        .query((rs, i) -> CaseStore.instant(rs, "at")).optional().map(at -> later(at, file.stageSince())).orElse(file.stageSince());
    newest.accumulateAndGet(last, StepTimes::later);
    return later(now, last);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
