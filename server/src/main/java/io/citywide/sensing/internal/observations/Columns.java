package io.citywide.sensing.internal.observations;

import java.util.Arrays;

/** What a way hands in: values beside one another, growing. One thread at a time. */
public final class Columns {

  int[] series;
  long[] time;
  double[] value;
  int size;

  public Columns(int capacity) {
    series = new int[capacity];
    time = new long[capacity];
    value = new double[capacity];
  }

  /**
   * @param number of the series
   * @param at milliseconds since 1970 UTC
   * @param what finite
   */
  public void add(int number, long at, double what) {
    if (size == series.length) {
      ensure(1);
    }
    series[size] = number;
    time[size] = at;
    value[size++] = what;
  }

  void ensure(int more) {
    if (size + more > series.length) {
      int length = Math.max(size + more, Math.max(16, series.length * 2));
      series = Arrays.copyOf(series, length);
      time = Arrays.copyOf(time, length);
      value = Arrays.copyOf(value, length);
    }
  }

  void addAll(Columns other) {
    ensure(other.size);
    System.arraycopy(other.series, 0, series, size, other.size);
    System.arraycopy(other.time, 0, time, size, other.size);
    System.arraycopy(other.value, 0, value, size, other.size);
    size += other.size;
  }

  public int size() {
    return size;
  }

  /** Takes back what was added after there were {@code size}. */
  public void cut(int size) {
    this.size = size;
  }

  /** Gives the values from {@code from} on their time. */
  public void date(int from, long at) {
    Arrays.fill(time, from, size, at);
  }

  public void clear() {
    size = 0;
  }
}
