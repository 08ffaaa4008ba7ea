package io.citywide.watch;

/** What became of an observation. Only the first two reach the rules; all but {@link #UNKNOWN} and {@link #FUTURE} are signs of life. */
public enum Fate {
  /** The newest of its series. */
  TAKEN,
  /** Older than the newest of its series, within the lateness: counted in the windows it belongs to, the current value stays. */
  REORDERED,
  /** Older than the newest of its series by more than the lateness: too late for the watch. */
  LATE,
  /** This series has already said something at this time: the first value stands. */
  DUPLICATE,
  /** Not a number, or outside of what the sensor can mean. */
  OUT_OF_RANGE,
  /** Further ahead of the engine's clock than a clock may be wrong. */
  FUTURE,
  /** No such thing, or its type has no such property. */
  UNKNOWN
}
