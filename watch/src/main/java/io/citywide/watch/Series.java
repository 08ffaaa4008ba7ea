package io.citywide.watch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Decides the fate of the values of one property of one thing by their times, and knows where they go. */
final class Series {
  private static final int MOST_TIMES = 128;

  final ThingModel.Property property;
  Stream[] feeds = {};
  Watch[] wakes = {};
  /** Of the rules by which {@link #feeds} was made. */
  long epoch = -1;
  private final long lateness;
  /** The times of late that were taken, ascending. */
  private long[] times = new long[4];
  private int count;
  /** Times up to this are not remembered. */
  private long floor = Long.MIN_VALUE;

  Series(ThingModel.Property property, long lateness) {
    this.property = property;
    this.lateness = lateness;
  }

  Fate fate(long time) {
    if (count == 0 || time > times[count - 1]) {
      if (time <= floor) return Fate.LATE;
      if (count == times.length) forget(time);
      times[count++] = time;
      return Fate.TAKEN;
    }
    long newest = times[count - 1];
    if (time == newest) return Fate.DUPLICATE;
    if (newest - time > lateness || time <= floor) return Fate.LATE;
    int at = Arrays.binarySearch(times, 0, count, time);
    if (at >= 0) return Fate.DUPLICATE;
    if (count == times.length) {
      forget(newest);
      if (time <= floor) return Fate.LATE;
      at = Arrays.binarySearch(times, 0, count, time);
    }
    int place = -at - 1;
    System.arraycopy(times, place, times, place + 1, count - place);
    times[place] = time;
    count++;
    return Fate.REORDERED;
  }

  /** Makes room: first what would be late anyhow, then by growing, at last the older half. */
  private void forget(long newest) {
    int old = 0;
    while (old < count - 1 && newest - times[old] > lateness) old++;
    if (old < count / 2) {
      if (times.length < MOST_TIMES) {
        times = Arrays.copyOf(times, times.length * 2);
        return;
      }
      old = count / 2;
    }
    floor = times[old - 1];
    System.arraycopy(times, old, times, 0, count - old);
    count -= old;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(floor);
    out.writeInt(times.length);
    out.writeInt(count);
    for (int i = 0; i < count; i++) out.writeLong(times[i]);
  }

  void read(DataInput in) throws IOException {
    floor = in.readLong();
    int length = in.readInt();
    count = in.readInt();
    if (length < 4 || length > MOST_TIMES || count < 0 || count > length) throw new IOException("a series remembers at most " + MOST_TIMES + " times, was " + count);
    times = new long[length];
    for (int i = 0; i < count; i++) times[i] = in.readLong();
  }
}
