package io.citywide.bench.faults;

/** By how much the clock of a process is wrong; seen by the classes of the JDK that {@link ClockAgent} has changed. */
public final class WallClock {

  /** 0 or less: set back. */
  public static volatile long offsetMillis;

  private WallClock() {}

  /** What is added to a reading in milliseconds. */
  public static long millis(long read) {
    return read + offsetMillis;
  }

  /** What is added to a reading in nanoseconds. */
  public static long nanos(long read) {
    return read + offsetMillis * 1_000_000;
  }
}
