package io.citywide.sensing.internal.observations;

import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the log, one transaction at a time: whatever came while the one before was on its way to the disk goes together
 * in the next. So a single value is durable after one flush, and a flood needs no more flushes than a trickle.
 *
 * <p>A transaction whose end is unknown is done again. The values may stand in the log twice then, and count once.
 */
final class Appender {

  private static final Logger log = LoggerFactory.getLogger(Appender.class);

  /** One transaction takes about as many as this. */
  static final int LARGEST_BATCH = 1 << 17;

  /** So long a batch is tried again while the database does not take it; then those who wait are told. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private static final String APPEND = """
      WITH head AS (UPDATE sensing_head SET position = position + 1 RETURNING position),
           added AS (
             INSERT INTO sensing_log (position, first_time, last_time, arrived_at, size, part, bytes)
             SELECT head.position, r.first_time, r.last_time, ?, r.size, r.part, substr(?::bytea, r.at + 1, r.length)
             FROM head, unnest(?::smallint[], ?::integer[], ?::integer[], ?::integer[], ?::bigint[], ?::bigint[])
                  AS r (part, size, at, length, first_time, last_time))
      SELECT position FROM head
      """;

  /** Told of each batch when it is committed, before those who brought it. */
  interface Committed {
    void committed(LogPosition position, Batch batch);
  }

  private static final class Group {
    final Columns columns = new Columns(256);
    final List<CompletableFuture<LogPosition>> waiting = new ArrayList<>();
    long arrivedAt;
  }

  private final DataSource database;
  private final Committed committed;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Condition room = lock.newCondition();
  private Group group = new Group(); // guarded by lock
  private int waiting; // guarded by lock: values of group and of the batch under way
  private boolean running; // guarded by lock
  private Thread thread;
  private final Bits.Writer bytes = new Bits.Writer(1 << 16);

  /** @param most values that may wait */
  Appender(DataSource database, Committed committed, int most) {
    this.database = database;
    this.committed = committed;
    this.most = most;
  }

  /** Also after {@link #stop}. */
  void start() {
    lock.lock();
    running = true;
    lock.unlock();
    thread = Thread.ofPlatform().daemon().name("observation-log").start(this::run);
  }

  /** What came is written, then it ends; who comes later is refused. */
  void stop() throws InterruptedException {
    lock.lock();
    running = false;
    came.signalAll();
    room.signalAll();
    lock.unlock();
    thread.join(TimeUnit.SECONDS.toMillis(15));
  }

  int waiting() {
    return waiting;
  }

  /**
   * Hands in values; they are copied.
   *
   * @param patienceNanos how long to wait for room; 0: not at all
   * @return is done when they are committed; fails with the {@link ProblemException} for whoever brought them
   * @throws ProblemException {@code server.busy} where too many wait
   */
  CompletableFuture<LogPosition> append(Columns columns, long patienceNanos) {
    CompletableFuture<LogPosition> ticket = new CompletableFuture<>();
    if (columns.size() == 0) {
      ticket.complete(LogPosition.START);
      return ticket;
    }
    lock.lock();
    try {
      long left = patienceNanos;
      // Who brings more than all that may wait is let in alone.
      while (running && waiting > 0 && waiting + columns.size() > most && left > 0) {
        left = room.awaitNanos(left);
      }
      if (!running || waiting > 0 && waiting + columns.size() > most) {
        throw busy();
      }
      if (group.waiting.isEmpty()) {
        group.arrivedAt = System.currentTimeMillis();
      }
      group.columns.addAll(columns);
      group.waiting.add(ticket);
      waiting += columns.size();
      came.signal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      lock.unlock();
    }
    return ticket;
  }

  private static ProblemException busy() {
    return new ProblemException(PlatformProblem.BUSY, "more observations wait for the disk than it takes in a second; these were not stored. Send them again in a second",
        Map.of("retryAfterSeconds", 1)).zh("等待写入的观测值过多，本次数据未保存，请一秒后重发");
  }

  private void run() {
    while (true) {
      Group next;
      lock.lock();
      try {
        while (group.waiting.isEmpty() && running) {
          came.await();
        }
        if (group.waiting.isEmpty()) {
          return;
        }
        next = group;
        group = new Group();
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      int size = next.columns.size();
      try {
        LogPosition position = write(next);
        next.waiting.forEach(ticket -> ticket.complete(position));
      } catch (RuntimeException | Error e) {
        next.waiting.forEach(ticket -> ticket.completeExceptionally(e));
        if (!(e instanceof ProblemException)) {
          log.error("observations could not be appended", e);
        }
      }
      lock.lock();
      waiting -= size;
      room.signalAll();
      lock.unlock();
    }
  }

  private LogPosition write(Group next) {
    Batch batch = sorted(next.columns, next.arrivedAt);
    Form form = new Form(batch);
    long until = System.nanoTime() + PATIENCE_NANOS;
    long pause = 50;
    while (true) {
      try {
        LogPosition position = form.insert();
        committed.committed(position, batch);
        return position;
      } catch (SQLException e) {
        if (System.nanoTime() > until) {
          log.warn("{} observations could not be appended: {}", batch.size(), e.getMessage());
          throw new ProblemException(PlatformProblem.UNCERTAIN, "the database did not say that it has them; send the same again, what is there already counts once",
              Map.of("retryAfterSeconds", 1)).zh("数据库未确认写入，请重发相同数据；已存在的值不会重复计入");
        }
        try {
          Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      }
    }
  }

  /** By parts, each in the order in which they came: as they are read back. */
  private static Batch sorted(Columns columns, long arrivedAt) {
    int size = columns.size();
    int[] ends = new int[Parts.COUNT + 1];
    for (int i = 0; i < size; i++) {
      ends[Parts.partOf(columns.series[i]) + 1]++;
    }
    for (int part = 0; part < Parts.COUNT; part++) {
      ends[part + 1] += ends[part];
    }
    int[] series = new int[size];
    long[] time = new long[size];
    double[] value = new double[size];
    for (int i = 0; i < size; i++) {
      int at = ends[Parts.partOf(columns.series[i])]++;
      series[at] = columns.series[i];
      time[at] = columns.time[i];
      value[at] = columns.value[i];
    }
    return new Batch(size, series, time, value, arrivedAt);
  }

  /** A batch as rows. */
  private final class Form {
    private final long arrivedAt;
    private final byte[] all;
    private final Short[] parts;
    private final int[] sizes;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] firsts;
    private final long[] lasts;

    Form(Batch batch) {
      arrivedAt = batch.arrivedAt();
      int rows = 0;
      Short[] part = new Short[Parts.COUNT];
      int[][] ints = new int[3][Parts.COUNT];
      long[][] times = new long[2][Parts.COUNT];
      bytes.clear();
      for (int from = 0; from < batch.size(); rows++) {
        int of = Parts.partOf(batch.series()[from]);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int to = from;
        while (to < batch.size() && Parts.partOf(batch.series()[to]) == of) {
          first = Math.min(first, batch.time()[to]);
          last = Math.max(last, batch.time()[to]);
          to++;
        }
        part[rows] = (short) of;
        ints[0][rows] = to - from;
        ints[1][rows] = bytes.size();
        LogForm.encode(batch.series(), batch.time(), batch.value(), from, to, bytes);
        ints[2][rows] = bytes.size() - ints[1][rows];
        times[0][rows] = first;
        times[1][rows] = last;
        from = to;
      }
      all = bytes.toBytes();
      parts = java.util.Arrays.copyOf(part, rows);
      sizes = java.util.Arrays.copyOf(ints[0], rows);
      offsets = java.util.Arrays.copyOf(ints[1], rows);
      lengths = java.util.Arrays.copyOf(ints[2], rows);
      firsts = java.util.Arrays.copyOf(times[0], rows);
      lasts = java.util.Arrays.copyOf(times[1], rows);
    }

    /** One statement, which is its own transaction: one way to the database and back. */
    LogPosition insert() throws SQLException {
      try (Connection connection = database.getConnection(); PreparedStatement append = connection.prepareStatement(APPEND)) {
        append.setLong(1, arrivedAt);
        append.setBytes(2, all);
        append.setArray(3, connection.createArrayOf("int2", parts));
        append.setArray(4, connection.createArrayOf("int4", box(sizes)));
        append.setArray(5, connection.createArrayOf("int4", box(offsets)));
        append.setArray(6, connection.createArrayOf("int4", box(lengths)));
        append.setArray(7, connection.createArrayOf("int8", box(firsts)));
        append.setArray(8, connection.createArrayOf("int8", box(lasts)));
        try (ResultSet row = append.executeQuery()) {
          row.next();
          return new LogPosition(row.getLong(1));
        }
      }
    }

    private static Integer[] box(int[] numbers) {
      return java.util.Arrays.stream(numbers).boxed().toArray(Integer[]::new);
    }

    private static Long[] box(long[] numbers) {
      return java.util.Arrays.stream(numbers).boxed().toArray(Long[]::new);
    }
  }
}
