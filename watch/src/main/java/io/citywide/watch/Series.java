package io.citywide.watch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Decides the fate of the values of one property of one thing by their times, and knows where they go. A city has millions, and
 * rules read few of them: what nothing reads keeps the newest time alone.
 */
final class Series extends Engine.Feed {
  private static final int MOST_TIMES = 128;
  private static final long[] NO_TIMES = {};
  private static final Stream[] NO_FEEDS = {};
  private static final Watch[] NO_WAKES = {};

  final Engine.Station station;
  final ThingModel.Property property;
  Stream[] feeds = NO_FEEDS;
  Watch[] wakes = NO_WAKES;
  /** Of the rules by which {@link #feeds} was made. */
  long epoch = -1;
  /** The times of late that were taken, ascending. */
  private long[] times = NO_TIMES;
  private int count;
  /** Times up to this are not remembered. */
  private long floor = Long.MIN_VALUE;

  Series(Engine.Station station, ThingModel.Property property) {
    this.station = station;
    this.property = property;
  }

  /** From now on its values go there. */
  void lead(List<Stream> streams, List<Watch> watches, long by) {
    feeds = streams.isEmpty() ? NO_FEEDS : streams.toArray(NO_FEEDS);
    wakes = watches.isEmpty() ? NO_WAKES : watches.toArray(NO_WAKES);
    epoch = by;
  }

  /** @param lateness milliseconds by which a value may be older than the newest */
  Fate fate(long time, long lateness) {
    if (feeds.length == 0) return unread(time, lateness);
    if (count == 0 || time > times[count - 1]) {
      if (time <= floor) return time == floor ? Fate.DUPLICATE : Fate.LATE;
      if (count == times.length) forget(time, lateness);
      times[count++] = time;
      return Fate.TAKEN;
    }
    long newest = times[count - 1];
    if (time == newest) return Fate.DUPLICATE;
    if (newest - time > lateness || time <= floor) return Fate.LATE;
    int at = Arrays.binarySearch(times, 0, count, time);
    if (at >= 0) return Fate.DUPLICATE;
    if (count == times.length) {
      forget(newest, lateness);
      if (time <= floor) return Fate.LATE;
      at = Arrays.binarySearch(times, 0, count, time);
    }
    int place = -at - 1;
    System.arraycopy(times, place, times, place + 1, count - place);
    times[place] = time;
    count++;
    return Fate.REORDERED;
  }

  /** Nothing is made of its values, so which of those before the newest came twice is not remembered. */
  private Fate unread(long time, long lateness) {
    long newest = count == 0 ? floor : times[count - 1];
    if (time <= newest) return time == newest ? Fate.DUPLICATE : newest - time > lateness ? Fate.LATE : Fate.REORDERED;
    floor = time;
    times = NO_TIMES;
    count = 0;
    return Fate.TAKEN;
  }

  /** Makes room: first what would be late anyhow, then by growing, at last the older half. */
  private void forget(long newest, long lateness) {
    if (times.length == 0) {
      times = new long[4];
      return;
    }
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
    out.writeByte(times.length);
    out.writeByte(count);
    out.writeLong(floor);
    if (count > 0) out.writeLong(times[0]);
    for (int i = 1; i < count; i++) writeSmall(out, times[i] - times[i - 1]);
  }

  void read(DataInput in) throws IOException {
    int length = in.readUnsignedByte();
    count = in.readUnsignedByte();
    floor = in.readLong();
    if (length > MOST_TIMES || count > length) throw new IOException("a series remembers at most " + MOST_TIMES + " times, was " + count + " of " + length);
    times = length == 0 ? NO_TIMES : new long[length];
    if (count > 0) times[0] = in.readLong();
    for (int i = 1; i < count; i++) times[i] = times[i - 1] + readSmall(in);
  }

  /** Seven bits a byte, the lowest first. */
  private static void writeSmall(DataOutput out, long number) throws IOException {
    long rest = number;
    for (; rest > 0x7f; rest >>>= 7) out.writeByte((int) (rest & 0x7f) | 0x80);
    out.writeByte((int) rest);
  }

  private static long readSmall(DataInput in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int part = in.readUnsignedByte();
      number |= (long) (part & 0x7f) << shift;
      if (part < 0x80) return number;
    }
    throw new IOException("a distance of more than 63 bits");
  }
}
