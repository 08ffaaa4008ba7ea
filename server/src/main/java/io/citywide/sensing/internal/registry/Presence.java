package io.citywide.sensing.internal.registry;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import io.citywide.sensing.Device.State;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who spoke when, and so who is online, silent or faulty. Hearing a device costs a few writes to memory; the table follows in
 * bulk: changes of state within seconds, the time when it last spoke at most once a minute and only when it is older than a
 * quarter of what the type calls silence, so that a million talkative devices do not rewrite a million rows each minute.
 *
 * <p>Faulty is who keeps sending what cannot be meant: each value outside the range of its property adds {@value #DOUBT}, each
 * one within takes 1 away; from {@value #FAULTY} on (three in a row) it is faulty, at 0 it is well again.
 */
@Component
public class Presence implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  static final int DOUBT = 4;
  static final int FAULTY = 12;
  private static final int MOST_DOUBT = 24;

  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int BATCH = 5_000;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final int FLUSH_SECONDS = 60;
  private static final State[] STATES = State.values();

  /** What is known of {@value #CHUNK} devices, by their slots. Times in seconds since 1970; 0: never. */
  private static final class Chunk {
    final int[] seen = new int[CHUNK];
    final int[] written = new int[CHUNK];
    final byte[] doubt = new byte[CHUNK];
    /** As it should be written, or is. */
    final byte[] state = new byte[CHUNK];
  }

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final DeviceDirectory directory;
  private final Neighbours neighbours;
  private final Clock clock;
  private final LiveFeed feed;
  private volatile Chunk[] chunks = new Chunk[0];
  private final ConcurrentLinkedQueue<Known> changed = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean running;
  private int startedAt;
  private Thread thread;

  Presence(JdbcClient jdbc, TransactionTemplate transaction, DeviceDirectory directory, Neighbours neighbours, Clock clock, LiveFeed feed) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.directory = directory;
    this.neighbours = neighbours;
    this.clock = clock;
    this.feed = feed;
  }

  /**
   * A device spoke. From any thread; what two of them say in the same instant may count once.
   *
   * @param at when it was heard here, milliseconds since 1970, whatever time its values say
   * @param meant how many of its values lay within the range of their property
   * @param unmeant how many did not
   */
  public void heard(Known device, long at, int meant, int unmeant) {
    Chunk chunk = chunk(device.slot());
    int i = device.slot() & CHUNK - 1;
    int second = (int) (at / 1000);
    if (second > chunk.seen[i]) {
      chunk.seen[i] = second;
    }
    int doubt = chunk.doubt[i];
    if (unmeant > 0 || doubt > 0) {
      doubt = Math.max(0, (int) Math.min(MOST_DOUBT, doubt + (long) DOUBT * unmeant) - meant);
      chunk.doubt[i] = (byte) doubt;
    }
    State state = STATES[chunk.state[i]];
    State wanted = doubt >= FAULTY || doubt > 0 && state == State.FAULTY ? State.FAULTY : State.ONLINE;
    if (wanted != state) {
      chunk.state[i] = (byte) wanted.ordinal();
      changed.add(device);
    }
  }

  /** When it was heard last by this server, or was written down before; milliseconds since 1970, 0: never. */
  public long seenAt(Known device) {
    Chunk chunk = chunk(device.slot());
    return chunk.seen[device.slot() & CHUNK - 1] * 1000L;
  }

  private Chunk chunk(int slot) {
    int at = slot >> CHUNK_BITS;
    Chunk[] all = chunks;
    return at < all.length ? all[at] : grow(at);
  }

  private synchronized Chunk grow(int at) {
    Chunk[] all = chunks;
    if (at >= all.length) {
      Chunk[] more = Arrays.copyOf(all, at + 1);
      for (int i = all.length; i < more.length; i++) {
        more[i] = new Chunk();
      }
      chunks = more;
      all = more;
    }
    return all[at];
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    startedAt = now();
    Viewer.runAs(Viewer.system("presence of devices"), this::read);
    closing = new CountDownLatch(1);
    running = true;
    thread = Thread.ofPlatform().daemon().name("device-presence").start(() -> Viewer.runAs(Viewer.system("presence of devices"), this::keep));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return DeviceDirectory.PHASE + 1;
  }

  /** What was heard is written down before the server goes. */
  @Override
  public void stop() {
    running = false;
    closing.countDown();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    transaction.executeWithoutResult(status -> jdbc.sql(
            "SELECT id, extract(epoch FROM seen_at)::bigint, state FROM sensing_device WHERE state <> 'NEW'").withFetchSize(BATCH)
        .query((RowCallbackHandler) row -> directory.find(row.getLong(1)).ifPresent(known -> {
          try {
            Chunk chunk = chunk(known.slot());
            int i = known.slot() & CHUNK - 1;
            chunk.seen[i] = Math.max(chunk.seen[i], row.getInt(2));
            chunk.written[i] = row.getInt(2);
            chunk.state[i] = (byte) State.valueOf(row.getString(3)).ordinal();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        })));
  }

  private void keep() {
    int flushed = now();
    boolean told = false;
    while (running) {
      try {
        closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        writeChanges();
        if (!running || now() - flushed >= FLUSH_SECONDS) {
          flushed = now();
          writeTimes(!running);
          judgeSilence();
        }
        told = false;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The database is away; what was heard stays in memory and is written by a later turn.
        if (!told) {
          told = true;
          log.warn("when devices spoke could not be written down: {}", e.getMessage());
        }
      }
    }
  }

  private int now() {
    return (int) (clock.millis() / 1000);
  }

  // ---- writing -----------------------------------------------------------------------------------

  /** Devices in a state of which the table knows nothing yet. When it returns, the table knows all that was heard before the call. */
  void writeChanges() {
    writing.lock(); // what another thread has taken is written when we go on
    try {
      List<Known> batch = new ArrayList<>();
      boolean any = false;
      for (Known next = changed.poll(); next != null; next = changed.poll()) {
        batch.add(next);
        if (batch.size() == BATCH) {
          write(batch);
          batch.clear();
          any = true;
        }
      }
      if (!batch.isEmpty() || any) {
        write(batch);
        feed.publish(Notice.forEverybody(DeviceLayer.LIVE, Map.of()));
      }
    } finally {
      writing.unlock();
    }
  }

  /** Times that have become old in the table. @param all even those that are not yet */
  private void writeTimes(boolean all) {
    List<Known> batch = new ArrayList<>();
    directory.forEach(known -> {
      Chunk chunk = chunk(known.slot());
      int i = known.slot() & CHUNK - 1;
      if (chunk.seen[i] > chunk.written[i] && (all || chunk.seen[i] - chunk.written[i] >= lag(known))) {
        batch.add(known);
        if (batch.size() == BATCH) {
          write(batch);
          batch.clear();
        }
      }
    });
    write(batch);
  }

  /** How much later a device may have spoken than the table says, in seconds. */
  private static int lag(Known known) {
    return (int) Math.max(FLUSH_SECONDS, known.type().silentAfter().toSeconds() / 4);
  }

  private void write(List<Known> batch) {
    if (batch.isEmpty()) {
      return;
    }
    Map<Long, Known> devices = new HashMap<>();
    batch.forEach(known -> devices.put(known.deviceId(), known));
    Long[] ids = new Long[devices.size()];
    Long[] times = new Long[ids.length];
    String[] states = new String[ids.length];
    int n = 0;
    for (Known known : devices.values()) {
      Chunk chunk = chunk(known.slot());
      int i = known.slot() & CHUNK - 1;
      ids[n] = known.deviceId();
      times[n] = (long) chunk.seen[i];
      states[n++] = STATES[chunk.state[i]].name();
    }
    try {
      transaction.executeWithoutResult(status -> jdbc.sql(
              """
              UPDATE sensing_device d SET seen_at = greatest(d.seen_at, to_timestamp(s.at)), state = s.state
              FROM unnest(:ids::bigint[], :times::bigint[], :states::text[]) AS s (id, at, state) WHERE d.id = s.id
              """)
          .param("ids", ids).param("times", times).param("states", states).update());
    } catch (RuntimeException e) {
      changed.addAll(devices.values());
      throw e;
    }
    int k = 0;
    for (Known known : devices.values()) {
      chunk(known.slot()).written[known.slot() & CHUNK - 1] = times[k++].intValue();
    }
  }

  /** Who has not been heard for longer than its type allows. A server that has just begun has not listened long enough to say so. */
  private void judgeSilence() {
    int now = now();
    List<Known> batch = new ArrayList<>();
    directory.forEach(known -> {
      Chunk chunk = chunk(known.slot());
      int i = known.slot() & CHUNK - 1;
      State state = STATES[chunk.state[i]];
      if (known.enabled() && (state == State.ONLINE || state == State.FAULTY) && now - Math.max(chunk.seen[i], startedAt) > patience(known)) {
        batch.add(known);
        if (batch.size() == BATCH) {
          silence(batch, now);
          batch.clear();
        }
      }
    });
    silence(batch, now);
  }

  /** Seconds; longer where another server may have heard it and not said so yet. */
  private long patience(Known known) {
    return known.type().silentAfter().toSeconds() + (neighbours.alone() ? 0 : lag(known) + FLUSH_SECONDS);
  }

  private void silence(List<Known> batch, int now) {
    if (batch.isEmpty()) {
      return;
    }
    Map<Long, Known> devices = new HashMap<>();
    batch.forEach(known -> devices.put(known.deviceId(), known));
    Long[] ids = devices.keySet().toArray(Long[]::new);
    Long[] before = devices.values().stream().map(known -> now - patience(known)).toArray(Long[]::new);
    Long[] seen = devices.values().stream().map(known -> (long) chunk(known.slot()).seen[known.slot() & CHUNK - 1]).toArray(Long[]::new);
    transaction.executeWithoutResult(status -> {
      int silent = jdbc.sql(
              """
              UPDATE sensing_device d SET state = 'SILENT', seen_at = greatest(d.seen_at, to_timestamp(nullif(s.seen, 0)))
              FROM unnest(:ids::bigint[], :before::bigint[], :seen::bigint[]) AS s (id, before, seen)
              WHERE d.id = s.id AND d.state IN ('ONLINE', 'FAULTY') AND (d.seen_at IS NULL OR d.seen_at < to_timestamp(s.before))
              """)
          .param("ids", ids).param("before", before).param("seen", seen).update();
      if (silent > 0) {
        feed.publish(Notice.forEverybody(DeviceLayer.LIVE, Map.of()));
      }
      // Another server may have heard it, or judged it before.
      jdbc.sql("SELECT id, state, seen_at FROM sensing_device WHERE id = ANY (:ids)").param("ids", ids).query((RowCallbackHandler) row -> {
        Known known = devices.get(row.getLong(1));
        Chunk chunk = chunk(known.slot());
        int i = known.slot() & CHUNK - 1;
        OffsetDateTime at = row.getObject(3, OffsetDateTime.class);
        int second = at == null ? 0 : (int) at.toEpochSecond();
        if (chunk.seen[i] <= Math.max(second, now - patience(known))) {
          chunk.seen[i] = Math.max(chunk.seen[i], second);
          chunk.written[i] = second;
          chunk.state[i] = (byte) State.valueOf(row.getString(2)).ordinal();
        }
      });
    });
  }
}
