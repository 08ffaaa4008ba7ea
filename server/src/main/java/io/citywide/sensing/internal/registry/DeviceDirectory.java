package io.citywide.sensing.internal.registry;

import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ReadinessCheck;
import io.citywide.sensing.DeviceType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * All devices and types in memory, for the way of an observation: found in about 100 ns, without a lock and whatever the
 * scope of who asks. Complete before the first request comes. One thread follows the database: at once what this server
 * changed, within about a second what another did. It reads the rows whose last transaction its look before could not see,
 * however long that transaction took, so nothing is missed.
 */
@Component
public class DeviceDirectory implements ReadinessCheck, SmartLifecycle {

  /** Topic of {@link Neighbours} for who changed devices or types: told {@code everywhere} within the transaction. */
  static final String CHANGED = "devices";

  /** Those that need the directory start after it. */
  public static final int PHASE = 0;

  private static final Logger log = LoggerFactory.getLogger(DeviceDirectory.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int FETCH = 5_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate reading;
  private final KnownTable table = new KnownTable();
  private volatile Map<String, DeviceType> types = Map.of();
  private final List<DeviceListener> listeners = new CopyOnWriteArrayList<>();
  /** Names that many devices share, once. Only the thread that writes uses it. */
  private final Map<String, String> shared = new HashMap<>();
  private int slots;
  /** What the last look saw, as PostgreSQL writes a snapshot. */
  private String position;

  /** Held by whoever writes to the table. */
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile boolean running;
  private volatile String trouble;
  private long wanted;
  private long answered;
  private Thread follower;

  DeviceDirectory(JdbcClient jdbc, PlatformTransactionManager transactions, Neighbours neighbours) {
    this.jdbc = jdbc;
    this.reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    neighbours.hear(CHANGED, facts -> wake());
    neighbours.hearGap(this::wake);
  }

  // ---- what it answers ---------------------------------------------------------------------------

  /** The device with this code, enabled or not. */
  public Optional<Known> find(String code) {
    return Optional.ofNullable(table.find(code));
  }

  /** The device whose code stands in these bytes (ASCII), without making a text of them; {@code null} where there is none. */
  public Known find(byte[] bytes, int from, int to) {
    return table.find(bytes, from, to);
  }

  public Optional<Known> find(long deviceId) {
    return Optional.ofNullable(table.find(deviceId));
  }

  /** How many devices there are. */
  public int size() {
    return table.size();
  }

  public void forEach(Consumer<Known> action) {
    table.forEach(action);
  }

  /** By code. */
  public Map<String, DeviceType> types() {
    return types;
  }

  /** Tells {@code listener} of every device there is, then of each change. */
  public void follow(DeviceListener listener) {
    writing.lock();
    try {
      table.forEach(listener::registered);
      listeners.add(listener);
    } finally {
      writing.unlock();
    }
  }

  /** Returns when everything that was committed before the call is in. Not to be called within a transaction. */
  public void refresh() {
    lock.lock();
    try {
      long mine = ++wanted;
      moved.signalAll();
      long left = LONGEST_WAIT.toNanos();
      while (answered < mine) {
        if (left <= 0 || !running) {
          throw new IllegalStateException("the directory of devices does not follow: " + (trouble == null ? running ? "it takes too long" : "it has stopped" : trouble));
        }
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  // ---- readiness ---------------------------------------------------------------------------------

  @Override
  public String name() {
    return "devices";
  }

  /** What was registered on another server while this one could not look is not known here; all else works. */
  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    return Optional.ofNullable(trouble).map(why -> "the directory of devices does not follow the database: " + why);
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    long begun = System.nanoTime();
    Viewer.runAs(Viewer.system("device directory"), this::catchUp);
    log.info("the directory knows {} devices of {} types after {} ms", table.size(), types.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    running = true;
    follower = Thread.ofPlatform().daemon().name("device-directory").start(() -> Viewer.runAs(Viewer.system("device directory"), this::keepUp));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public void stop() {
    lock.lock();
    running = false;
    moved.signalAll();
    lock.unlock();
    try {
      follower.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    lock.lock();
    wanted++;
    moved.signalAll();
    lock.unlock();
  }

  private void keepUp() {
    boolean rest = true;
    while (running) {
      long asked;
      lock.lock();
      try {
        long left = LOOK_EVERY.toNanos();
        while (running && left > 0 && (!rest || wanted == answered)) {
          left = moved.awaitNanos(left);
        }
        asked = wanted;
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      if (!running) {
        return;
      }
      try {
        catchUp();
        trouble = null;
        rest = true;
        lock.lock();
        answered = asked;
        moved.signalAll();
        lock.unlock();
      } catch (RuntimeException e) {
        // A stop or a lost database; the next look tries again.
        if (running && trouble == null) {
          if (e instanceof TransactionException || e instanceof DataAccessException) {
            log.warn("the directory of devices could not follow the database: {}", e.getMessage());
          } else {
            log.error("the directory of devices could not follow the database", e);
          }
        }
        trouble = e.getMessage();
        rest = false;
      }
    }
  }

  // ---- reading -----------------------------------------------------------------------------------

  private static final String UNSEEN = " changed_xid >= pg_snapshot_xmin(:seen::pg_snapshot) AND NOT pg_visible_in_snapshot(changed_xid, :seen::pg_snapshot)";

  private void catchUp() {
    writing.lock();
    try {
      reading.executeWithoutResult(status -> {
        String now = position == null
            ? jdbc.sql("SELECT pg_current_snapshot()::text").query(String.class).single()
            : jdbc.sql("SELECT pg_current_snapshot()::text WHERE EXISTS (SELECT FROM sensing_device WHERE" + UNSEEN
                + ") OR EXISTS (SELECT FROM sensing_type WHERE" + UNSEEN + ") OR EXISTS (SELECT FROM sensing_gone WHERE" + UNSEEN + ")")
                .param("seen", position).query(String.class).optional().orElse(null);
        if (now == null) {
          return;
        }
        jdbc.sql("SELECT set_config('statement_timeout', '0', true)").query(String.class).single();
        List<String> fresh = readTypes();
        if (position != null) {
          takeOut();
        }
        takeIn(fresh);
        position = now;
      });
    } finally {
      writing.unlock();
    }
  }

  /** Codes of the types that are not what they were. */
  private List<String> readTypes() {
    Map<String, DeviceType> read = new TreeMap<>();
    jdbc.sql("SELECT " + TypeForm.COLUMNS + " FROM sensing_type ORDER BY code").query((RowCallbackHandler) row -> {
      DeviceType type = TypeForm.read(row);
      read.put(type.code(), type);
    });
    List<String> fresh = new ArrayList<>();
    Map<String, DeviceType> before = types;
    read.replaceAll((code, type) -> {
      DeviceType known = before.get(code);
      if (type.equals(known)) {
        return known;
      }
      fresh.add(code);
      return type;
    });
    types = Collections.unmodifiableMap(read);
    return fresh;
  }

  private void takeOut() {
    jdbc.sql("SELECT device_id FROM sensing_gone WHERE device_id IS NOT NULL AND" + UNSEEN).param("seen", position).query(Long.class).list().forEach(id -> {
      Known known = table.find(id);
      if (known != null) {
        table.remove(known);
        tell(listener -> listener.removed(known));
      }
    });
  }

  private void takeIn(List<String> fresh) {
    // Both indexes are in the order of the devices: the rows of a device follow one another without a sort.
    jdbc.sql(
            """
            SELECT d.id, d.code, d.type_code, d.group_code, d.area_code, d.source, d.enabled, d.secret_hash, s.property, s.id
            FROM sensing_device d LEFT JOIN sensing_series s ON s.device_id = d.id
            %s
            ORDER BY d.id
            """.formatted(position == null ? "" : "WHERE d.type_code = ANY (:types) OR" + UNSEEN))
        .withFetchSize(FETCH)
        .params(position == null ? Map.of() : Map.of("seen", position, "types", fresh.toArray(String[]::new)))
        .query(new Rows());
  }

  /** Puts the rows of one device together. */
  private final class Rows implements ResultSetExtractor<Boolean> {

    private Known known;

    @Override
    public Boolean extractData(ResultSet row) throws SQLException {
      while (row.next()) {
        if (known == null || known.deviceId() != row.getLong(1)) {
          put();
          known = read(row);
        }
        int index = row.getString(9) == null ? -1 : known.index(row.getString(9));
        if (index >= 0) {
          known.series()[index] = row.getInt(10);
        }
      }
      put();
      return true;
    }

    private Known read(ResultSet row) throws SQLException {
      long id = row.getLong(1);
      Known before = table.find(id);
      DeviceType type = types.get(row.getString(3));
      int[] series = new int[type.properties().size()];
      Arrays.fill(series, -1);
      return new Known(id, before == null ? row.getString(2) : before.code(), type, series, share(row.getString(4)), share(row.getString(5)),
          share(row.getString(6)), row.getBoolean(7), row.getString(8), before == null ? slots++ : before.slot());
    }

    private void put() {
      if (known == null) {
        return;
      }
      Known after = known;
      Known before = table.find(after.deviceId());
      table.put(after);
      if (before == null) {
        tell(listener -> listener.registered(after));
      } else {
        tell(listener -> listener.changed(before, after));
      }
    }
  }

  /** What one of them makes of it is no reason for the directory to stand still. */
  private void tell(Consumer<DeviceListener> news) {
    for (DeviceListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        log.error("a follower of the directory of devices failed", e);
      }
    }
  }

  private String share(String name) {
    return name == null || name.isEmpty() ? name : shared.computeIfAbsent(name, n -> n);
  }
}
