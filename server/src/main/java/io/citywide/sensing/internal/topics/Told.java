package io.citywide.sensing.internal.topics;

import io.citywide.sensing.Observations.Value;
import java.util.Arrays;
import java.util.function.Supplier;

/** The newest moment of each series that was told. A value of no later one may be a repetition: of the same moment the first stands. */
final class Told {

  private long[] times = new long[1024];

  /** What is stored of a series of which somebody begins to hear. */
  synchronized void begin(int series, Value last) {
    reach(series);
    times[series] = Math.max(times[series], last.time());
  }

  private void reach(int series) {
    if (series >= times.length) {
      times = Arrays.copyOf(times, Math.max(series + 1, times.length + times.length / 2));
    }
  }

  /**
   * Keeps the moment of a value.
   *
   * @param stored newest value of the series, asked for where none was told; may be {@code null}
   * @return whether it is newer than all before
   */
  synchronized boolean advance(int series, long time, double value, Supplier<Value> stored) {
    reach(series);
    if (times[series] != 0) {
      boolean newer = time > times[series];
      times[series] = Math.max(time, times[series]);
      return newer;
    }
    Value last = stored.get();
    times[series] = last == null ? time : Math.max(time, last.time());
    return last == null || time > last.time() || time == last.time() && value == last.value();
  }
}
