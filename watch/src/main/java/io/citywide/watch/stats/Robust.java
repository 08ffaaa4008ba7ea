package io.citywide.watch.stats;

import java.util.Arrays;

/** Middle and spread that a few wild values do not move. */
final class Robust {
  /** Makes the median deviation of a normal distribution its standard deviation. */
  static final double TO_SIGMA = 1.4826;

  private Robust() {}

  /** Median of the first {@code count}; NaN of none. */
  static double median(double[] values, int count) {
    if (count == 0) return Double.NaN;
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
  }

  /** Median deviation from {@code middle}, scaled to a standard deviation. */
  static double spread(double[] values, int count, double middle) {
    double[] off = new double[count];
    for (int i = 0; i < count; i++) off[i] = Math.abs(values[i] - middle);
    return TO_SIGMA * median(off, count);
  }
}
