package io.citywide.watch.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The latest values, at most as many as it was made for. */
final class Latest {
  private static final int FEW = 4;

  private final int most;
  private double[] values;
  private int count;
  private int next;

  Latest(int most) {
    this.most = most;
    values = new double[Math.min(most, FEW)];
  }

  void add(double value) {
    if (count == values.length && count < most) grow(2 * count);
    values[next] = value;
    if (count < most) count++;
    next = (next + 1) % most;
  }

  /** A series that has just begun, or one of many that learn, takes the room of what it has. */
  private void grow(int length) {
    values = Arrays.copyOf(values, Math.min(most, length));
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(count);
    out.writeInt(next);
    for (int i = 0; i < count; i++) out.writeDouble(values[i]);
  }

  void read(DataInput in) throws IOException {
    count = in.readInt();
    next = in.readInt();
    if (count < 0 || count > most || next < 0 || next >= most) throw new IOException("at most " + most + " values are kept, were " + count);
    if (count > values.length) grow(count);
    for (int i = 0; i < count; i++) values[i] = in.readDouble();
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
    return count == most;
  }
}
