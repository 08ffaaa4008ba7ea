package io.citywide.sensing.internal.observations;

import io.citywide.sensing.Observations.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The newest value of each series, in arrays by the number of the series: 16 bytes each. Of the same moment the first stands.
 * Written under a lock, read without one.
 */
@Component
public class Newest {

  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final long NONE = Long.MIN_VALUE;
  private static final long BEING_WRITTEN = Long.MIN_VALUE + 1;
  private static final long LATE_MILLIS = 60_000;

  private static final VarHandle TIME = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(double[].class);

  private final ReentrantLock lock = new ReentrantLock();
  private volatile long[][] times = new long[0][];
  private volatile double[][] values = new double[0][];
  private int size; // guarded by lock

  /** @param fates told how they came; {@code null}: nobody */
  void take(Batch batch, Fates fates) {
    int older = 0;
    int late = 0;
    int repeated = 0;
    lock.lock();
    try {
      for (int i = 0; i < batch.size(); i++) {
        int series = batch.series()[i];
        long time = batch.time()[i];
        long before = put(series, time, batch.value()[i]);
        if (before == time) {
          repeated++;
        } else if (before > time) {
          if (before - time > LATE_MILLIS) {
            late++;
          } else {
            older++;
          }
        }
      }
    } finally {
      lock.unlock();
    }
    if (fates != null) {
      fates.taken(batch.size(), older, late, repeated);
    }
  }

  /** @return time that was the newest before */
  private long put(int series, long time, double value) {
    int chunk = series >>> CHUNK_BITS;
    if (chunk >= times.length) {
      grow(chunk + 1);
    }
    long[] t = times[chunk];
    int at = series & CHUNK - 1;
    long before = t[at];
    if (time > before) {
      if (before == NONE) {
        size++;
      }
      TIME.setVolatile(t, at, BEING_WRITTEN);
      VALUE.setOpaque(values[chunk], at, value);
      TIME.setRelease(t, at, time);
    }
    return before;
  }

  private void grow(int chunks) {
    int known = times.length;
    long[][] moreTimes = Arrays.copyOf(times, chunks);
    double[][] moreValues = Arrays.copyOf(values, chunks);
    for (int i = known; i < chunks; i++) {
      moreTimes[i] = new long[CHUNK];
      Arrays.fill(moreTimes[i], NONE);
      moreValues[i] = new double[CHUNK];
    }
    values = moreValues;
    times = moreTimes;
  }

  /** Takes the newest value of a series without making an object. */
  @FunctionalInterface
  public interface Taker {
    void take(long time, double value);
  }

  /** @return whether there is one */
  public boolean read(int series, Taker taker) {
    int chunk = series >>> CHUNK_BITS;
    if (series < 0 || chunk >= times.length) {
      return false;
    }
    long[] t = times[chunk];
    double[] v = values[chunk];
    int at = series & CHUNK - 1;
    while (true) {
      long before = (long) TIME.getAcquire(t, at);
      if (before == NONE) {
        return false;
      }
      double value = (double) VALUE.getAcquire(v, at);
      if (before != BEING_WRITTEN && before == (long) TIME.getAcquire(t, at)) {
        taker.take(before, value);
        return true;
      }
      Thread.onSpinWait();
    }
  }

  /** {@code null} where there is none. */
  public Value find(int series) {
    Value[] found = new Value[1];
    read(series, (time, value) -> found[0] = new Value(time, value));
    return found[0];
  }

  /** Series that have a value. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  // ---- as it is stored ---------------------------------------------------------------------------

  /** The stored values of one part, by {@link Parts#indexIn}. */
  static final class Stored {
    long[] time = new long[0];
    double[] value = new double[0];

    private void ensure(int index) {
      if (index >= time.length) {
        int length = Math.max(index + 1, time.length * 3 / 2);
        int known = time.length;
        time = Arrays.copyOf(time, length);
        Arrays.fill(time, known, length, NONE);
        value = Arrays.copyOf(value, length);
      }
    }

    void put(int index, long at, double what) {
      ensure(index);
      if (at > time[index]) {
        time[index] = at;
        value[index] = what;
      }
    }

    static Stored decode(byte[] bytes) {
      Stored stored = new Stored();
      Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
      int index = -1;
      long at = 0;
      while (in.more()) {
        index += (int) in.varint();
        at += in.signed();
        stored.put(index, at, Double.longBitsToDouble(in.fixed()));
      }
      return stored;
    }

    byte[] encode() {
      Bits.Writer out = new Bits.Writer(time.length * 12 + 16);
      int last = -1;
      long before = 0;
      for (int i = 0; i < time.length; i++) {
        if (time[i] != NONE) {
          out.varint(i - last);
          out.signed(time[i] - before);
          out.fixed(Double.doubleToRawLongBits(value[i]));
          last = i;
          before = time[i];
        }
      }
      return out.toBytes();
    }
  }

  /** Takes in what is stored. @return position in the log up to which every part is sealed */
  long load(JdbcClient jdbc) {
    // First the log's begin, then what is stored: whatever is sealed in between is in both.
    long begin = jdbc.sql("SELECT coalesce((SELECT min(position) - 1 FROM sensing_log), (SELECT position FROM sensing_head))").query(Long.class).single();
    jdbc.sql("SELECT part, bytes FROM sensing_newest").query((RowCallbackHandler) this::takeStored);
    return begin;
  }

  private void takeStored(ResultSet row) throws SQLException {
    int part = row.getInt(1);
    Stored stored = Stored.decode(row.getBytes(2));
    lock.lock();
    try {
      for (int i = 0; i < stored.time.length; i++) {
        if (stored.time[i] != NONE) {
          put(Parts.seriesAt(part, i), stored.time[i], stored.value[i]);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
