package io.citywide.sensing.internal.observations;

import io.citywide.platform.Neighbours;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The log: appends by one thread ({@link Appender}), keeps the newest batches in memory for those who follow, and reads the
 * table for those who are behind and for what other servers appended. With nothing coming in every thread here waits.
 */
@Component
public class StoredLog implements ObservationLog, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(StoredLog.class);

  /** After the directory of devices, before whoever hands in values. */
  static final int PHASE = 10;

  private static final String TOPIC = "observations";

  /** Values of the newest batches kept for followers; who is further behind reads the table. */
  private static final int RECENT_VALUES = 1 << 19;

  /** Values read from the table at once. */
  private static final int READ_VALUES = 1 << 17;

  private static final long AGAIN_MILLIS = 1000;

  private record Entry(LogPosition position, Batch batch, boolean own) {}

  private final DataSource database;
  private final JdbcClient jdbc;
  private final Neighbours neighbours;
  private final Newest newest;
  private final Fates fates;
  private final Appender appender;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grew = lock.newCondition();
  private final Deque<Entry> recent = new ArrayDeque<>(); // guarded by lock
  private int recentValues; // guarded by lock
  private long head; // guarded by lock
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean running;
  /** Only the thread of the appender writes it. */
  private volatile long appended;
  private Following others;

  StoredLog(DataSource database, JdbcClient jdbc, Neighbours neighbours, Newest newest, Fates fates, ObservationSettings settings) {
    this.database = database;
    this.jdbc = jdbc;
    this.neighbours = neighbours;
    this.newest = newest;
    this.fates = fates;
    this.appender = new Appender(database, this::committed, settings.waiting());
    neighbours.hear(TOPIC, facts -> seen((Long) facts.get("position")));
    neighbours.hearGap(() -> Thread.ofVirtual().name("observation-log-gap").start(this::lookForHead));
  }

  /** See {@link Appender#append}. */
  public CompletableFuture<LogPosition> append(Columns columns, long patienceNanos) {
    return appender.append(columns, patienceNanos);
  }

  /** Values that wait to be written. */
  int waiting() {
    return appender.waiting();
  }

  /** Is run whenever the log grew; must be quick. */
  void whenGrown(Runnable listener) {
    listeners.add(listener);
  }

  /** Values that this server has appended since it started. */
  long appended() {
    return appended;
  }

  private void committed(LogPosition position, Batch batch) {
    appended += batch.size();
    newest.take(batch, fates);
    lock.lock();
    try {
      recent.add(new Entry(position, batch, true));
      recentValues += batch.size();
      while (recentValues > RECENT_VALUES && recent.size() > 1) {
        recentValues -= recent.remove().batch().size();
      }
    } finally {
      lock.unlock();
    }
    seen(position.number());
    if (!neighbours.alone()) {
      neighbours.tell(TOPIC, Map.of("position", position.number()));
    }
  }

  private void seen(long position) {
    lock.lock();
    try {
      if (position > head) {
        head = position;
        grew.signalAll();
      }
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  private void lookForHead() {
    try {
      seen(readHead());
    } catch (RuntimeException e) {
      log.info("the end of the log could not be read: {}", e.getMessage());
    }
  }

  private long readHead() {
    return jdbc.sql("SELECT position FROM sensing_head").query(Long.class).single();
  }

  @Override
  public LogPosition head() {
    lock.lock();
    try {
      return new LogPosition(head);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void keep(String name, LogPosition position) {
    jdbc.sql("INSERT INTO sensing_follower (name, position) VALUES (:name, :position) ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position")
        .param("name", name).param("position", position.number()).update();
  }

  @Override
  public LogPosition kept(String name) {
    jdbc.sql("INSERT INTO sensing_follower (name, position) SELECT :name, position FROM sensing_head ON CONFLICT DO NOTHING").param("name", name).update();
    return new LogPosition(jdbc.sql("SELECT position FROM sensing_follower WHERE name = :name").param("name", name).query(Long.class).single());
  }

  @Override
  public Following follow(String name, LogPosition after, ObservationTap tap) {
    return follow(name, after, tap, false);
  }

  private Follower follow(String name, LogPosition after, ObservationTap tap, boolean othersOnly) {
    Follower follower = new Follower(name, after.number(), tap, othersOnly);
    follower.thread.start();
    return follower;
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    long begun = System.nanoTime();
    long sealed = newest.load(jdbc);
    seen(readHead());
    // What is not sealed yet is in the log only.
    long at = sealed;
    long last = head().number();
    while (at < last) {
      List<Entry> entries = read(at, last);
      entries.forEach(entry -> newest.take(entry.batch(), null));
      at = entries.isEmpty() ? last : entries.getLast().position().number();
    }
    log.info("the newest values of {} series are there after {} ms; the log is at {}", newest.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), last);
    running = true;
    appender.start();
    others = follow("newest", new LogPosition(last), (position, batch) -> newest.take(batch, null), true);
  }

  @Override
  public void stop() {
    running = false;
    try {
      appender.stop();
      others.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  // ---- following ---------------------------------------------------------------------------------

  private final class Follower implements Following {
    private final String name;
    private final ObservationTap tap;
    private final boolean othersOnly;
    private long at;
    private volatile boolean closed;
    private final Thread thread;

    Follower(String name, long after, ObservationTap tap, boolean othersOnly) {
      this.name = name;
      this.at = after;
      this.tap = tap;
      this.othersOnly = othersOnly;
      this.thread = Thread.ofPlatform().daemon().name("observations-to-" + name).unstarted(this::run);
    }

    private void run() {
      List<Entry> entries = new ArrayList<>();
      while (!closed) {
        try {
          long end = next(entries);
          for (Entry entry : entries) {
            if (closed) {
              return;
            }
            if (!othersOnly || !entry.own()) {
              tap.taken(entry.position(), entry.batch());
            }
            at = entry.position().number();
          }
          at = Math.max(at, end);
        } catch (InterruptedException e) {
          return;
        } catch (RuntimeException e) {
          log.error("batch {} could not be brought to {}; it comes again", at + 1, name, e);
          rest();
        }
        entries.clear();
      }
    }

    private void rest() {
      try {
        Thread.sleep(AGAIN_MILLIS);
      } catch (InterruptedException e) {
        closed = true;
      }
    }

    /**
     * Puts the next batches into {@code entries}; waits for some.
     *
     * @return position up to which there are no others
     */
    private long next(List<Entry> entries) throws InterruptedException {
      long until;
      lock.lock();
      try {
        while (head <= at && !closed) {
          grew.await();
        }
        until = head;
        Entry first = recent.peek();
        if (first != null && first.position().number() <= at + 1) {
          long expected = at + 1;
          for (Entry entry : recent) {
            long number = entry.position().number();
            if (number < expected) {
              continue;
            }
            if (number > expected) {
              break;
            }
            entries.add(entry);
            expected++;
          }
          if (!entries.isEmpty()) {
            return expected - 1;
          }
        }
        // What another server appended lies between those of this one.
        for (Entry entry : recent) {
          if (entry.position().number() > at) {
            until = entry.position().number() - 1;
            break;
          }
        }
      } finally {
        lock.unlock();
      }
      if (closed) {
        return at;
      }
      entries.addAll(read(at, until));
      return entries.isEmpty() ? until : at;
    }

    @Override
    public void close() {
      closed = true;
      lock.lock();
      grew.signalAll();
      lock.unlock();
      if (Thread.currentThread() == thread) {
        return;
      }
      try {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Batches after {@code at} up to {@code until}, about {@value #READ_VALUES} values of them, the first in any case. */
  private List<Entry> read(long at, long until) {
    List<Entry> entries = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement select = connection.prepareStatement("""
          SELECT position, arrived_at, bytes FROM sensing_log
          WHERE part = ANY ('{0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31}') AND position > ? AND position <= ?
          ORDER BY position, part
          """)) {
        select.setFetchSize(Parts.COUNT * 4);
        select.setLong(1, at);
        // Few enough that the sort is short; positions have no gaps.
        select.setLong(2, Math.min(until, at + 512));
        try (ResultSet row = select.executeQuery()) {
          collect(row, entries);
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the log could not be read after batch " + at + ": " + e.getMessage(), e);
    }
    if (entries.isEmpty() && until > at + 512) {
      return List.of(new Entry(new LogPosition(at + 512), new Batch(0, new int[0], new long[0], new double[0], 0), false));
    }
    return entries;
  }

  private static void collect(ResultSet row, List<Entry> entries) throws SQLException {
    Columns columns = new Columns(1024);
    long position = 0;
    long arrivedAt = 0;
    int values = 0;
    while (row.next()) {
      long next = row.getLong(1);
      if (next != position && position != 0) {
        entries.add(entry(position, columns, arrivedAt));
        values += columns.size();
        columns = new Columns(1024);
        if (values >= READ_VALUES) {
          return;
        }
      }
      position = next;
      arrivedAt = row.getLong(2);
      LogForm.decode(row.getBytes(3), columns);
    }
    if (position != 0) {
      entries.add(entry(position, columns, arrivedAt));
    }
  }

  private static Entry entry(long position, Columns columns, long arrivedAt) {
    return new Entry(new LogPosition(position), new Batch(columns.size(), columns.series, columns.time, columns.value, arrivedAt), false);
  }
}
