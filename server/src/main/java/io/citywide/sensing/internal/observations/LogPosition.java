package io.citywide.sensing.internal.observations;

/**
 * A place in the log. Batches are numbered from 1 without gaps, in the order in which they were committed, over all
 * servers and all restarts.
 *
 * @param number of a batch; 0: before the first
 */
public record LogPosition(long number) implements Comparable<LogPosition> {

  public static final LogPosition START = new LogPosition(0);

  public LogPosition {
    if (number < 0) {
      throw new IllegalArgumentException("a position of the log is at least 0, was " + number);
    }
  }

  @Override
  public int compareTo(LogPosition other) {
    return Long.compare(number, other.number);
  }
}
