package io.citywide.bench.load;

import java.util.Arrays;

/** Times of calls in nanoseconds, to be asked for quantiles; safe for many threads. */
final class Latencies {

  private long[] values = new long[1 << 16];
  private int size;

  synchronized void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  synchronized int count() {
    return size;
  }

  /**
   * @param q 0..1
   * @return milliseconds, 0 where nothing was timed
   */
  synchronized double quantileMillis(double q) {
    if (size == 0) {
      return 0;
    }
    Arrays.sort(values, 0, size);
    return values[Math.min(size - 1, (int) Math.ceil(q * size) - 1 < 0 ? 0 : (int) Math.ceil(q * size) - 1)] / 1e6;
  }
}
