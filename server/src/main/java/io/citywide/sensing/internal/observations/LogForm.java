package io.citywide.sensing.internal.observations;

import java.util.function.IntFunction;

/**
 * How a part of a batch stands in the log: for each value the distances of series and time to the one before, and the value as
 * it is. It stays there for minutes, so it is made to be written quickly: about 12 bytes a value.
 */
final class LogForm {

  private LogForm() {}

  static void encode(int[] series, long[] time, double[] value, int from, int to, Bits.Writer out) {
    int lastSeries = 0;
    long lastTime = 0;
    for (int i = from; i < to; i++) {
      out.signed((long) series[i] - lastSeries);
      out.signed(time[i] - lastTime);
      out.fixed(Double.doubleToRawLongBits(value[i]));
      lastSeries = series[i];
      lastTime = time[i];
    }
  }

  static void decode(byte[] bytes, Columns to) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    int series = 0;
    long time = 0;
    while (in.more()) {
      series += (int) in.signed();
      time += in.signed();
      to.add(series, time, Double.longBitsToDouble(in.fixed()));
    }
  }

  /** Only the values of one series, of a time from {@code from} and before {@code until}. */
  static void select(byte[] bytes, int wanted, long from, long until, Points to) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    int series = 0;
    long time = 0;
    while (in.more()) {
      series += (int) in.signed();
      time += in.signed();
      if (series == wanted && time >= from && time < until) {
        to.add(time, Double.longBitsToDouble(in.fixed()));
      } else {
        in.skip(Long.BYTES);
      }
    }
  }

  /** The values of the series that have a place to go to, of a time from {@code from} and before {@code until}. */
  static void select(byte[] bytes, IntFunction<Points> to, long from, long until) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    int series = 0;
    long time = 0;
    while (in.more()) {
      series += (int) in.signed();
      time += in.signed();
      Points wanted = time >= from && time < until ? to.apply(series) : null;
      if (wanted == null) {
        in.skip(Long.BYTES);
      } else {
        wanted.add(time, Double.longBitsToDouble(in.fixed()));
      }
    }
  }
}
