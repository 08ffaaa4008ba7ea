package io.citywide.sensing.internal.watching;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.observations.LogPosition;
import io.citywide.sensing.internal.observations.ObservationLog;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.warning.WarningBook;
import io.citywide.sensing.internal.watching.DecisionWriter.Work;
import io.citywide.sensing.internal.watching.Operation.Done;
import io.citywide.sensing.internal.watching.WatchStore.Ended;
import io.citywide.watch.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The watch while this server leads it. Three threads meet at one lock: that of the log brings batches, one tells the time and what
 * people changed, one writes down what was decided, all of it that came while it wrote the last, in one transaction with how far the
 * watch has come. What was not written down is decided again after a restart, the same way: from the last state, the log and
 * the journal of operations.
 */
final class Term {

  /** Its name as a follower of the log. */
  static final String NAME = "watch";

  private static final Logger log = LoggerFactory.getLogger(Term.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  /** A server that did nothing for so long was stopped, or had no database: nobody listened. */
  private static final Duration GAP = Duration.ofSeconds(30);
  private static final int MOST_DECIDED = 100_000;

  /** What a term needs of the server. */
  @Component
  record Means(PlatformTransactionManager transactions, WatchStore store, WatchRuleStore rules, Judge judge, Model model, DeviceDirectory directory, ObservationLog log,
      ObjectProvider<WarningBook> book, WatchSettings settings, Settings engine, Clock clock) {}

  private final Means means;
  private final TransactionTemplate transaction;
  private final WatchStore.Head head;
  private final Room room;
  private final long listeningSince;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition written = lock.newCondition();
  private final HeardDevices devices;
  private final RulesAtWork rules;
  private final Saving saving;
  private final DecisionWriter decisions;
  /** Of what is to be done again before anything new. */
  private final Deque<Done> again;
  private final Set<Long> endsDone = new HashSet<>();
  private final List<Long> endsUnsaved = new ArrayList<>();
  private boolean replaying = true;
  /** Types that a rule or a device cannot do with. */
  private Model.Made refused;
  private long lookedAtNanos;
  /** When it was at work last, milliseconds since 1970. */
  private long atWork;
  private volatile boolean look = true;
  private volatile boolean closed;
  private ObservationLog.Following following;
  private Thread timer;
  private Thread writer;

  private Term(Means means, WatchStore.Head head, Room room, boolean saved, List<Done> again, long listeningSince) {
    this.listeningSince = listeningSince;
    this.means = means;
    this.transaction = new TransactionTemplate(means.transactions());
    this.head = head;
    this.room = room;
    this.devices = new HeardDevices(means, transaction, room);
    this.rules = new RulesAtWork(room);
    this.saving = new Saving(room, means.settings().saveEvery(), saved);
    this.decisions = new DecisionWriter(means, transaction, head.term());
    this.again = new ArrayDeque<>(again);
  }

  /**
   * Goes on where the watch had come to.
   *
   * @param listeningSince since when this server has been there to be spoken to, milliseconds since 1970
   */
  static Term begin(Means means, WatchStore.Head head, long listeningSince) {
    TransactionTemplate transaction = new TransactionTemplate(means.transactions());
    Optional<WatchStore.State> state = transaction.execute(s -> means.store().findState());
    LogPosition kept = means.log().kept(NAME);
    Model.Made model = means.model().now();
    long oldest = means.settings().oldest().toMillis();
    Room room;
    try {
      room = state.map(s -> new Room(means.engine(), oldest, model, s.position(), s.operations(), s.bytes()))
          .orElseGet(() -> new Room(means.engine(), oldest, model, kept.number(), head.operations(), null));
    } catch (IllegalArgumentException e) {
      // Of another release, or damaged. Better to watch anew than not to watch; numbers of warnings go on above all that were.
      log.error("what the watch knew cannot be read; it begins anew, and what is live is left to people", e);
      room = new Room(means.engine(), oldest, model, kept.number(), head.operations(), null);
      room.engine().numberAfter(means.clock().instant().getEpochSecond());
    }
    long done = room.operations();
    List<Done> again = transaction.execute(s -> means.store().listOperations(done));
    log.info("this server leads the watch, term {}, from position {} of the log; {} operations are done again", head.term(), room.position(), again.size());
    return new Term(means, head, room, state.isPresent(), again, listeningSince);
  }

  /** To be called once. */
  void start() {
    Viewer system = Viewer.system("watch");
    timer = Thread.ofPlatform().daemon().name("watch-timer").start(() -> Viewer.runAs(system, this::tellTime));
    writer = Thread.ofPlatform().daemon().name("watch-writer").start(() -> Viewer.runAs(system, this::write));
    following = means.log().follow(NAME, new LogPosition(room.position()), (position, batch) -> Viewer.runAs(system, () -> taken(position, batch)));
  }

  /** Whether another server leads by now. */
  boolean over() {
    return decisions.over();
  }

  /** What keeps it from writing down what it decided; {@code null}: nothing. */
  String trouble() {
    return decisions.trouble();
  }

  /** Batches of the log that are not judged yet. */
  long behind() {
    long at;
    lock.lock();
    try {
      at = room.position();
    } finally {
      lock.unlock();
    }
    return Math.max(0, means.log().head().number() - at);
  }

  /** Rules or endings have changed. */
  void look() {
    look = true;
  }

  /** A device, or its type, is not what it was. */
  void changed(Known device) {
    devices.changed(device);
  }

  /** Ends the term; what was decided is written down, and what is known saved, unless another leads. */
  void close() {
    closed = true;
    if (following != null) {
      following.close();
    }
    lock.lock();
    work.signalAll();
    written.signalAll();
    lock.unlock();
    try {
      timer.join(10_000);
      writer.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the log -------------------------------------------------------------------------------------

  private void taken(LogPosition at, Batch batch) {
    lock.lock();
    try {
      while (!closed && !replaying && room.decidedCount() > MOST_DECIDED) {
        written.await(1, TimeUnit.SECONDS);
      }
      if (closed || at.number() <= room.position()) {
        return;
      }
      repeatUpTo(at.number() - 1);
      noticeGap();
      devices.bind(batch, replaying);
      room.take(at.number(), batch);
      if (room.decidedCount() > 0) {
        work.signalAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Does again what was done after this position and before; when all of it is done, the watch goes on by itself. */
  private void repeatUpTo(long position) {
    if (!replaying) {
      return;
    }
    while (!again.isEmpty() && again.peek().after() <= position) {
      Done done = again.poll();
      room.repeat(done);
    }
    if (again.isEmpty() && position >= head.position() && room.operations() >= head.operations()) {
      replaying = false;
      look = true;
      reconcile();
    }
  }

  /** What was due while nobody listened must not be said of those who could not be heard. */
  private void noticeGap() {
    long now = means.clock().millis();
    if (!replaying) {
      if (now - atWork > GAP.toMillis()) {
        room.perform(new Operation.Listen(now));
      }
      atWork = now;
    }
  }

  // ---- time, and what people changed ---------------------------------------------------------------

  private void tellTime() {
    while (!closed) {
      try {
        List<RuleVersion> published = null;
        List<Ended> ended = null;
        Map<String, Duration> times = null;
        if (look || System.nanoTime() - lookedAtNanos > LOOK_EVERY.toNanos()) {
          look = false;
          lookedAtNanos = System.nanoTime();
          published = transaction.execute(s -> means.rules().listPublished());
          ended = transaction.execute(s -> means.store().listEnded());
          times = transaction.execute(s -> means.store().sources());
        }
        tick(published, ended, times);
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!closed) {
          log.warn("the watch could not be told the time: {}", e.getMessage(), e);
        }
        look = true;
      }
    }
  }

  private void tick(List<RuleVersion> published, List<Ended> ended, Map<String, Duration> times) {
    lock.lock();
    try {
      repeatUpTo(room.position());
      if (replaying) {
        look = true;
        return;
      }
      noticeGap();
      long now = means.clock().millis() - means.settings().patience().toMillis();
      Model.Made model = means.model().now();
      if (model != room.model() && model != refused) {
        change(model);
      }
      devices.followChanges(now);
      if (times != null) {
        devices.followSources(times, now);
      }
      if (published != null) {
        rules.follow(published, now);
      }
      if (ended != null) {
        end(ended, now);
      }
      if (room.engine().nextDue() <= now) {
        room.perform(new Operation.Tick(now));
      }
      if (room.decidedCount() > 0 || saving.hasMany() || !endsUnsaved.isEmpty()) {
        work.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void change(Model.Made model) {
    try {
      room.change(model);
      saving.soon();
    } catch (IllegalArgumentException e) {
      log.error("the watch goes on with the types as they were, it cannot follow the change of a type: {}", e.getMessage());
      refused = model;
    }
  }

  private void end(List<Ended> ended, long now) {
    for (Ended e : ended) {
      if (endsDone.add(e.id())) {
        room.perform(new Operation.End(e.rule(), e.subject(), e.number(), e.reason().en(), e.reason().zh(), now));
        endsUnsaved.add(e.id());
      }
    }
  }

  /** What has changed in the register and among the rules while nobody led. */
  private void reconcile() {
    long now = means.clock().millis() - means.settings().patience().toMillis();
    room.perform(new Operation.Listen(listeningSince));
    atWork = means.clock().millis();
    devices.reconcile(now);
    rules.reconcile();
    log.info("the watch is up to date: {} devices, {} rules, {} warnings", room.engine().listThings().size(), rules.count(), room.engine().listLive().size());
  }

  // ---- writing down --------------------------------------------------------------------------------

  private void write() {
    while (!decisions.over()) {
      Work next;
      lock.lock();
      try {
        while (!closed && (replaying || room.decidedCount() == 0 && endsUnsaved.isEmpty() && !saving.due())) {
          work.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (replaying) {
          return; // closed before it had come to where it was; all of that is written down
        }
        next = take();
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      boolean last = closed;
      if (!decisions.write(next, () -> closed) || last) {
        return;
      }
    }
  }

  private Work take() {
    byte[] state = saving.save(closed);
    List<Long> ends = List.copyOf(endsUnsaved);
    endsUnsaved.clear();
    written.signalAll();
    return new Work(room.takeDecided(), room.takeUnsaved(), ends, room.position(), room.operations(), state);
  }
}
