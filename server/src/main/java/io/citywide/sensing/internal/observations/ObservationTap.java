package io.citywide.sensing.internal.observations;

/** Hears what was committed. */
@FunctionalInterface
public interface ObservationTap {

  /**
   * The next batch, after every one before it. Called by one thread at a time. What it throws is logged, and the same batch
   * comes again a second later: nothing is left out.
   */
  void taken(LogPosition position, Batch batch);
}
