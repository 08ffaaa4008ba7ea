package io.citywide.watch.stats;

/** The latest values, at most as many as it was made for. */
final class Latest {
  private final double[] values;
  private int count;
  private int next;

  Latest(int most) {
    values = new double[most];
  }

  void add(double value) {
    values[next] = value;
    next = (next + 1) % values.length;
    if (count < values.length) count++;
  }

  int count() {
    return count;
  }

  double median() {
    return Robust.median(values, count);
  }

  double spread(double middle) {
    return Robust.spread(values, count, middle);
  }

  double mean() {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += values[i];
    return sum / count;
  }

  boolean full() {
    return count == values.length;
  }
}
