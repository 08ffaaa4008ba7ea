package io.citywide.vitals.internal;

/** Which values of an indicator are good. */
public enum Direction {
  HIGHER,
  LOWER,
  /** Neither too low nor too high. */
  RANGE,
  /** It tells how much there is, and is not judged. */
  NONE
}
