package io.citywide.place.internal.components;

import io.citywide.grid.index.Changes;
import io.citywide.grid.index.DamagedIndexException;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.PointIndex;
import io.citywide.grid.index.PointSorter;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.identity.Viewer;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentIndex;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ReadinessCheck;
import io.citywide.platform.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the index of components in step with the database. One thread looks each second, and at once when somebody says
 * that components changed: it reads the rows whose last transaction its look before could not see, however long that
 * transaction took, so nothing is lost, and saying something twice changes nothing. The position goes into the file as
 * its note; after a crash the changes since are read again.
 */
@Component
class ComponentIndexKeeper implements ComponentIndex, ReadinessCheck, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ComponentIndexKeeper.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration WAIT_FOR_FIRST = Duration.ofSeconds(2);

  /** So many changes are taken in at once; what one transaction changed beyond that follows in further steps. */
  private static final int BATCH = 500_000;
  private static final int TELL_EVERY = 2_000_000;

  private final ServerSettings server;
  private final DataSource dataSource;
  private final TransactionTemplate reading;
  private final JdbcClient jdbc;
  private final KindNumbers numbers;
  private final int batch;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile PointIndex index;
  private volatile boolean running;
  private volatile boolean ready;
  private volatile long rebuilt = -1;
  private volatile String trouble;
  private boolean told;
  /** Pages of the register that its index of changes has summarized. */
  private long summarized;
  private boolean rebuildNext;
  /** Looks that were wanted, and the last of these that was answered. */
  private long wanted;
  private long answered;
  /** What the follower is reading; {@code null}: nothing. */
  private volatile ComponentRows underWay;
  private Thread follower;
  private Thread merger;

  @Autowired
  ComponentIndexKeeper(ServerSettings server, DataSource dataSource, PlatformTransactionManager transactions, JdbcClient jdbc, Neighbours neighbours) {
    this(server, dataSource, transactions, jdbc, neighbours, BATCH);
  }

  ComponentIndexKeeper(ServerSettings server, DataSource dataSource, PlatformTransactionManager transactions, JdbcClient jdbc, Neighbours neighbours, int batch) {
    this.batch = batch;
    this.server = server;
    this.dataSource = dataSource;
    this.reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    this.jdbc = jdbc;
    this.numbers = new KindNumbers(jdbc);
    neighbours.hear(CHANGED, facts -> look());
    neighbours.hearGap(this::look);
  }

  // ---- what it answers ---------------------------------------------------------------------------

  @Override
  public Snapshot open() {
    if (!ready) {
      await(() -> ready, WAIT_FOR_FIRST);
    }
    if (!ready) {
      throw new ProblemException(PlaceProblem.INDEX_BUILDING, "the index of components is being built" + progress(), Map.of("retryAfterSeconds", 5))
          .zh("部件索引正在建立，请稍后再试");
    }
    return index.snapshot();
  }

  @Override
  public KindSet kinds(Set<String> kindIds) {
    return kindIds.isEmpty() ? KindSet.all()
        : KindSet.ofGroups(kindIds.stream().mapToInt(numbers::number).filter(number -> number > 0).toArray());
  }

  @Override
  public KindSet states(Set<State> states) {
    return KindSet.ofGrades(states.stream().mapToInt(ComponentStates::grade).filter(grade -> grade >= 0).toArray());
  }

  @Override
  public String kindOf(int kind) {
    return kindOfGroup(IndexedPoint.group(kind));
  }

  @Override
  public String kindOfGroup(int group) {
    return numbers.kindId(group);
  }

  @Override
  public State stateOf(int kindOrGrade) {
    return ComponentStates.ofGrade(IndexedPoint.grade(kindOrGrade));
  }

  @Override
  public String revision() {
    if (!ready) {
      return "";
    }
    try (Snapshot now = index.snapshot()) {
      return now.revision();
    }
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public void refresh() {
    long mine;
    lock.lock();
    try {
      mine = ++wanted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!await(() -> answered >= mine, Duration.ofSeconds(60))) {
      throw new IllegalStateException("the index of components does not follow: " + (trouble == null ? "it takes too long" : trouble));
    }
  }

  private String progress() {
    long rows = rebuilt;
    return rows < 0 ? "" : ": " + rows + " read so far";
  }

  /** Waits for what the follower changes; false when it took too long. */
  private boolean await(java.util.function.BooleanSupplier condition, Duration longest) {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0 || !running) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  // ---- readiness ---------------------------------------------------------------------------------

  @Override
  public String name() {
    return "components";
  }

  /** Without it the map has no components, and everything else works. */
  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    String why = trouble;
    return why != null ? Optional.of("the index of components does not follow the database: " + why)
        : ready ? Optional.empty() : Optional.of("the index of components is being built" + progress());
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    index = PointIndex.open(server.data().resolve("index"), "components", damage -> log.error("{}; it is built anew", damage.getMessage()));
    running = true;
    follower = Thread.ofPlatform().daemon().name("component-index").start(() -> Viewer.runAs(Viewer.system("component index"), this::follow));
    merger = Thread.ofPlatform().daemon().name("component-index-merge").start(this::merge);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Early, so that it is there when the first request comes, and goes after the last. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void stop() {
    lock.lock();
    running = false;
    ready = false;
    changed.signalAll();
    lock.unlock();
    endReading();
    try {
      follower.join(Duration.ofSeconds(10));
      merger.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    index.close();
  }

  /** A copy of millions of rows, or one that waits for a lock, would go on while the pool closes. */
  private void endReading() {
    ComponentRows rows = underWay;
    if (rows != null) {
      try {
        rows.stop();
      } catch (SQLException e) {
        log.info("the reading of components was not ended: {}", e.getMessage());
      }
    }
  }

  private void look() {
    lock.lock();
    wanted++;
    changed.signalAll();
    lock.unlock();
  }

  /** The index itself, for tests. */
  PointIndex index() {
    return index;
  }

  // ---- following ---------------------------------------------------------------------------------

  private void follow() {
    boolean verified = false;
    while (running) {
      long asked;
      lock.lock();
      try {
        long left = ready ? LOOK_EVERY.toNanos() : 0;
        while (running && wanted == answered && left > 0) {
          left = changed.awaitNanos(left);
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
        told = false;
        lock.lock();
        answered = asked;
        ready = true;
        changed.signalAll();
        lock.unlock();
        if (!verified) {
          verified = true;
          index.verify();
        }
      } catch (DamagedIndexException e) {
        log.error("{}; it is built anew", e.getMessage());
        rebuildNext = true;
      } catch (RuntimeException e) {
        // A stop or a lost database; the next look tries again.
        trouble = e.getMessage();
        if (running && !told) {
          told = true;
          if (e instanceof TransactionException || e instanceof DataAccessException) {
            log.warn("the index of components could not follow the database: {}", e.getMessage());
          } else {
            log.error("the index of components could not follow the database", e);
          }
        }
        pause();
      }
    }
  }

  private void pause() {
    lock.lock();
    try {
      if (running) {
        changed.awaitNanos(LOOK_EVERY.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void catchUp() {
    summarized = jdbc.sql("SELECT place_component_summarize(:known)").param("known", summarized).query(Long.class).single();
    reading.executeWithoutResult(status -> {
      Connection connection = DataSourceUtils.getConnection(dataSource);
      try (ComponentRows rows = new ComponentRows(connection)) {
        underWay = rows;
        checkRunning();
        IndexPosition now = rows.position();
        Optional<IndexPosition> known = IndexPosition.of(index.note());
        Optional<String> obstacle = rebuildNext ? Optional.of("its file was damaged")
            : known.isEmpty() ? Optional.of("there is none yet") : known.get().obstacle(now);
        if (obstacle.isEmpty() && !takeChanges(rows, known.get(), now)) {
          obstacle = Optional.of("most of it changed");
        }
        if (obstacle.isPresent()) {
          rebuild(rows, now, obstacle.get());
        }
      } catch (SQLException e) {
        throw new IllegalStateException("components could not be read: " + e.getMessage(), e);
      } finally {
        underWay = null;
        DataSourceUtils.releaseConnection(connection, dataSource);
      }
    });
  }

  private void checkRunning() {
    if (!running) {
      throw new IllegalStateException("the server stops");
    }
  }

  /**
   * In batches, of which each is seen when it is in, so that memory stays bounded however much one transaction changed. Only
   * the last brings the note: what a crash interrupts is read again. False when building anew is less work.
   */
  private boolean takeChanges(ComponentRows rows, IndexPosition known, IndexPosition now) throws SQLException {
    if (known.equals(now)) {
      return true;
    }
    Taking taking = new Taking(known.note());
    if (!rows.between(known, now, taking)) {
      checkRunning();
      return false;
    }
    // Here, as the connection does nothing else while it hands out rows.
    if (taking.any()) {
      numbers.read();
    }
    taking.take(now.note());
    return true;
  }

  private final class Taking implements ComponentRows.Sink {

    private final String before;
    private Changes changes = new Changes();
    private long taken;

    Taking(String before) {
      this.before = before;
    }

    @Override
    public boolean row(long key, long id, int kind) {
      if (changes.size() == batch) {
        if (taken > 0 && taken + batch > points() / 2) {
          return false;
        }
        take(before);
      }
      if (kind < 0) {
        changes.remove(id);
      } else {
        changes.put(key, kind, id);
      }
      return running;
    }

    boolean any() {
      return taken > 0 || !changes.isEmpty();
    }

    void take(String note) {
      if (index.changed() + changes.size() > 2 * batch) {
        index.merge();
      }
      index.apply(changes, note);
      taken += changes.size();
      changes = new Changes();
    }

    private long points() {
      try (Snapshot now = index.snapshot()) {
        return now.count(Where.everywhere(), KindSet.all());
      }
    }
  }

  private void rebuild(ComponentRows rows, IndexPosition now, String reason) throws SQLException {
    long begun = System.nanoTime();
    log.info("the index of components is built anew: {}", reason);
    rebuilt = 0;
    numbers.read();
    try (PointSorter sorter = index.rebuild()) {
      rows.all((key, id, kind) -> {
        sorter.add(key, kind, id);
        rebuilt = sorter.added();
        if (rebuilt % TELL_EVERY == 0) {
          log.info("the index of components: {} read", rebuilt);
        }
        return running;
      });
      checkRunning();
      index.replace(sorter, now.note());
      rebuildNext = false;
      log.info("the index of components has {} points after {} ms", sorter.added(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    } finally {
      rebuilt = -1;
    }
  }

  // ---- merging -----------------------------------------------------------------------------------

  /** Beside the follower, as a merge of many points takes longer than a change may wait. */
  private void merge() {
    while (running) {
      lock.lock();
      try {
        changed.awaitNanos(LOOK_EVERY.toNanos());
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      if (running && ready && index.mergeDue()) {
        try {
          index.merge();
        } catch (RuntimeException e) {
          // The follower goes on beside what is in memory; the next turn tries again.
          log.error("changes of components could not be merged into the index", e);
          pause();
        }
      }
    }
  }
}
