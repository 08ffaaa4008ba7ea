package io.citywide.sensing.internal.observations;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts what became of values: see docs/sensing.md. */
@Component
public class Fates {

  private final Counter taken;
  private final Counter outOfOrder;
  private final Counter late;
  private final Counter repeated;
  private final Counter outOfRange;
  private final MeterRegistry meters;

  Fates(MeterRegistry meters) {
    this.meters = meters;
    this.taken = Counter.builder("citywide.observations").description("Values that were committed").register(meters);
    this.outOfOrder = fate("out-of-order");
    this.late = fate("late");
    this.repeated = fate("repeated");
    this.outOfRange = fate("out-of-range");
  }

  private Counter fate(String fate) {
    return Counter.builder("citywide.observations.fates")
        .description("Values that came not as they should: stored but older than the newest of their series (out-of-order; by more than a minute: late), of a moment that was known (repeated), outside the range of their property (out-of-range)")
        .tag("fate", fate).register(meters);
  }

  void taken(int values, int olderOnes, int lateOnes, int repeatedOnes) {
    taken.increment(values);
    if (olderOnes + lateOnes + repeatedOnes > 0) {
      outOfOrder.increment(olderOnes);
      late.increment(lateOnes);
      repeated.increment(repeatedOnes);
    }
  }

  /** Values that were stored though they cannot be meant. */
  public void outOfRange(int values) {
    if (values > 0) {
      outOfRange.increment(values);
    }
  }

  /** Values that were not stored. @param reason code of the problem */
  public void refused(String reason, long values) {
    Counter.builder("citywide.observations.refused").description("Values that were not stored, by the code of the problem").tag("reason", reason).register(meters)
        .increment(values);
  }
}
