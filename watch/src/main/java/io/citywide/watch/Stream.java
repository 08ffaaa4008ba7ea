package io.citywide.watch;

import io.citywide.watch.Rule.Measure;
import io.citywide.watch.Rule.Window;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one input in order of time, and the windows over them. Each value enters and leaves each window once.
 * Positions count from the first value ever; {@code values[position & mask]}.
 */
final class Stream {
  private static final int[] NO_POSITIONS = {};

  private final int limit;
  private final Over[] windows;
  private Learner[] learners = {};
  private long[] times = new long[8];
  private double[] values = new double[8];
  private long first;
  private long end;
  private long now = Long.MIN_VALUE;
  /** When anything was last heard, a value or a sign of life. */
  private long heard;
  private long latestTime = Long.MIN_VALUE;
  private double latest = Double.NaN;

  Stream(List<Window> windows, int limit, long born) {
    this.limit = limit;
    this.windows = windows.stream().filter(w -> w.measure() != Measure.MISSING).map(Over::new).toArray(Over[]::new);
    heard = born;
  }

  /** From now on tells this watch that learns each value that is newer than all before. */
  void teach(Learner learner) {
    learners = Arrays.copyOf(learners, learners.length + 1);
    learners[learners.length - 1] = learner;
  }

  long heard() {
    return heard;
  }

  double latest() {
    return latest;
  }

  int windowCount() {
    return windows.length;
  }

  void hear(long time) {
    heard = Math.max(heard, time);
  }

  void add(long time, double value) {
    hear(time);
    boolean newest = time >= latestTime;
    if (newest) {
      for (Learner learner : learners) learner.before(time);
      latestTime = time;
      latest = value;
      for (Learner learner : learners) learner.add(time, value);
    }
    if (windows.length == 0) return;
    if (end - first == limit) {
      first++;
      for (Over w : windows) w.leaveBefore(first);
    }
    if (end - first == times.length) grow();
    int mask = times.length - 1;
    long at = end;
    while (at > first && times[(int) (at - 1) & mask] > time) {
      times[(int) at & mask] = times[(int) (at - 1) & mask];
      values[(int) at & mask] = values[(int) (at - 1) & mask];
      at--;
    }
    times[(int) at & mask] = time;
    values[(int) at & mask] = value;
    end++;
    if (at == end - 1) {
      for (Over w : windows) w.enter(at);
    } else {
      rebuild();
    }
  }

  /** Lets leave what is too old at this time. Time does not run back. */
  void to(long time) {
    now = Math.max(now, time);
    long least = end;
    for (Over w : windows) {
      w.expire();
      least = Math.min(least, w.tail);
    }
    first = least;
  }

  /** What window {@code index} says now; NaN where it says nothing. */
  double measure(int index) {
    return windows[index].measure();
  }

  /** When the next value leaves a window; {@link Long#MAX_VALUE} for never. */
  long nextLeaving() {
    long next = Long.MAX_VALUE;
    int mask = times.length - 1;
    for (Over w : windows) {
      if (w.tail < end) next = Math.min(next, times[(int) w.tail & mask] + w.over);
    }
    return next;
  }

  /** Takes over what another stream of the same input has kept, as far as it reaches. */
  void inherit(Stream other) {
    heard = other.heard;
    latest = other.latest;
    latestTime = other.latestTime;
    now = other.now;
    if (windows.length == 0) return;
    times = other.times.clone();
    values = other.values.clone();
    first = other.first;
    end = other.end;
    rebuild();
  }

  private void grow() {
    int size = times.length * 2;
    long[] moreTimes = new long[size];
    double[] moreValues = new double[size];
    int mask = times.length - 1;
    for (long p = first; p < end; p++) {
      moreTimes[(int) p & (size - 1)] = times[(int) p & mask];
      moreValues[(int) p & (size - 1)] = values[(int) p & mask];
    }
    times = moreTimes;
    values = moreValues;
  }

  private void rebuild() {
    for (Over w : windows) w.rebuild();
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(heard);
    out.writeLong(latestTime);
    out.writeDouble(latest);
    out.writeLong(now);
    out.writeInt((int) (end - first));
    int mask = times.length - 1;
    for (long p = first; p < end; p++) {
      out.writeLong(times[(int) p & mask]);
      out.writeDouble(values[(int) p & mask]);
    }
    for (Over w : windows) {
      out.writeInt((int) (w.tail - first));
      out.writeDouble(w.sum);
      out.writeInt(w.left);
    }
  }

  void read(DataInput in) throws IOException {
    heard = in.readLong();
    latestTime = in.readLong();
    latest = in.readDouble();
    now = in.readLong();
    int count = in.readInt();
    if (count < 0 || count > limit) throw new IOException("a stream of " + count + " values, at most " + limit + " are kept");
    first = 0;
    end = 0;
    while (times.length < count) grow();
    for (int i = 0; i < count; i++) {
      times[i] = in.readLong();
      values[i] = in.readDouble();
    }
    end = count;
    for (Over w : windows) {
      w.tail = Math.clamp(in.readInt(), 0, count);
      w.order();
      w.sum = in.readDouble();
      w.left = in.readInt();
    }
  }

  /** One window. */
  private final class Over {
    final Measure measure;
    final long over;
    final long per;
    long tail;
    double sum;
    /** How many have left since the sum was last added up anew. */
    int left;
    /** For least and greatest: positions whose value no later one beats, a ring from {@code head}. */
    private int[] queue = NO_POSITIONS;
    private int head;
    private int size;

    Over(Window window) {
      measure = window.measure();
      over = window.over();
      per = window.per();
    }

    private double value(long position) {
      return values[(int) position & times.length - 1];
    }

    private boolean ordered() {
      return measure == Measure.MIN || measure == Measure.MAX;
    }

    void enter(long position) {
      if (measure == Measure.SUM || measure == Measure.AVG) sum += value(position);
      if (ordered()) push(position);
    }

    void expire() {
      int mask = times.length - 1;
      long bound = now - over;
      long from = tail;
      while (from < end && times[(int) from & mask] <= bound) from++;
      if (from != tail) leaveBefore(from);
    }

    void leaveBefore(long position) {
      if (position <= tail) return;
      if (measure == Measure.SUM || measure == Measure.AVG) {
        for (long p = tail; p < position; p++) sum -= value(p);
        left += (int) (position - tail);
      }
      tail = position;
      // A float sum that only adds and takes off drifts; adding up anew once in a turn keeps it right at constant cost.
      if (left > end - tail) total();
      while (size > 0 && queue[head] - (int) tail < 0) {
        head = head + 1 & queue.length - 1;
        size--;
      }
    }

    private void total() {
      sum = 0;
      left = 0;
      for (long p = tail; p < end; p++) sum += value(p);
    }

    void rebuild() {
      int mask = times.length - 1;
      tail = first;
      while (now != Long.MIN_VALUE && tail < end && times[(int) tail & mask] <= now - over) tail++;
      if (measure == Measure.SUM || measure == Measure.AVG) total();
      order();
    }

    void order() {
      head = 0;
      size = 0;
      if (!ordered()) return;
      for (long p = tail; p < end; p++) push(p);
    }

    private void push(long position) {
      double value = value(position);
      while (size > 0 && beats(value, value(queue[head + size - 1 & queue.length - 1]))) size--;
      if (size == queue.length) {
        int[] more = new int[Math.max(8, size * 2)];
        for (int i = 0; i < size; i++) more[i] = queue[head + i & queue.length - 1];
        queue = more;
        head = 0;
      }
      queue[head + size++ & queue.length - 1] = (int) position;
    }

    private boolean beats(double value, double other) {
      return measure == Measure.MAX ? value >= other : value <= other;
    }

    double measure() {
      long count = end - tail;
      if (measure == Measure.COUNT) return count;
      if (count == 0) return Double.NaN;
      return switch (measure) {
        case AVG -> sum / count;
        case SUM -> sum;
        case MIN, MAX -> value(queue[head]);
        case RATE -> rate(count);
        case COUNT, MISSING -> throw new IllegalStateException(measure + " has no values");
      };
    }

    private double rate(long count) {
      int mask = times.length - 1;
      long time = times[(int) (end - 1) & mask] - times[(int) tail & mask];
      return count < 2 || time == 0 ? Double.NaN : (value(end - 1) - value(tail)) / time * per;
    }
  }
}
