package io.citywide.sensing.internal.observations;

import java.util.Arrays;

/** Values of one series, growing; most often in the order of time. */
final class Points {

  long[] time;
  double[] value;
  int size;

  Points(int capacity) {
    time = new long[capacity];
    value = new double[capacity];
  }

  void clear() {
    size = 0;
  }

  void ensure(int more) {
    if (size + more > time.length) {
      int length = Math.max(size + more, time.length * 2);
      time = Arrays.copyOf(time, length);
      value = Arrays.copyOf(value, length);
    }
  }

  void add(long at, double what) {
    if (size == time.length) {
      ensure(1);
    }
    time[size] = at;
    value[size++] = what;
  }

  void addAll(Points other, int from, int to) {
    ensure(to - from);
    System.arraycopy(other.time, from, time, size, to - from);
    System.arraycopy(other.value, from, value, size, to - from);
    size += to - from;
  }

  /**
   * Puts them into the order of time. Of those of the same moment the one that was added first stays.
   *
   * @return how many were left out
   */
  int settle() {
    boolean ordered = true;
    for (int i = 1; i < size && ordered; i++) {
      ordered = time[i - 1] < time[i];
    }
    if (ordered) {
      return 0;
    }
    sort();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (kept == 0 || time[i] != time[kept - 1]) {
        time[kept] = time[i];
        value[kept++] = value[i];
      }
    }
    int left = size - kept;
    size = kept;
    return left;
  }

  /** Stable, by merging the stretches that are in order already: what comes late is mostly in order, too. */
  private void sort() {
    int[] starts = new int[16];
    int runs = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || time[i] < time[i - 1]) {
        if (runs == starts.length) {
          starts = Arrays.copyOf(starts, runs * 2);
        }
        starts[runs++] = i;
      }
    }
    long[] times = new long[size];
    double[] values = new double[size];
    while (runs > 1) {
      int merged = 0;
      for (int r = 0; r < runs; r += 2) {
        int from = starts[r];
        int middle = r + 1 < runs ? starts[r + 1] : size;
        int to = r + 2 < runs ? starts[r + 2] : size;
        merge(from, middle, to, times, values);
        starts[merged++] = from;
      }
      runs = merged;
      long[] spareTimes = time;
      double[] spareValues = value;
      time = times;
      value = values;
      times = spareTimes.length == time.length ? spareTimes : new long[size];
      values = spareValues.length == value.length ? spareValues : new double[size];
    }
  }

  private void merge(int from, int middle, int to, long[] times, double[] values) {
    int a = from;
    int b = middle;
    for (int i = from; i < to; i++) {
      boolean left = a < middle && (b >= to || time[a] <= time[b]);
      int take = left ? a++ : b++;
      times[i] = time[take];
      values[i] = value[take];
    }
  }

  /** Index of the first that is not before {@code at}; they must be in order. */
  int firstFrom(long at) {
    int found = Arrays.binarySearch(time, 0, size, at);
    return found < 0 ? -found - 1 : found;
  }
}
