package io.citywide.sensing.internal.watching;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.observations.LogPosition;
import io.citywide.sensing.internal.observations.ObservationLog;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.warning.WarningBook;
import io.citywide.sensing.internal.watching.Judge.Told;
import io.citywide.sensing.internal.watching.Operation.Done;
import io.citywide.sensing.internal.watching.WatchStore.Ended;
import io.citywide.sensing.internal.watching.WatchStore.SeriesOf;
import io.citywide.watch.Decision;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private static final int MOST_UNSAVED = 20_000;
  /** Saving stops the watch for its length; it is to take a two hundredth of the time at most. */
  private static final int PAUSE_SHARE = 200;

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
  private final ConcurrentLinkedQueue<Known> changed = new ConcurrentLinkedQueue<>();
  private final Map<String, Told> told = new HashMap<>();
  /** Of what is to be done again before anything new. */
  private final Deque<Done> again;
  private final Set<Long> endsDone = new HashSet<>();
  private final List<Long> endsUnsaved = new ArrayList<>();
  private Map<String, Duration> sources = Map.of();
  /** As the engine was told, by its names of them; -1 after a restart: it is told again, see {@link #reconcile}. */
  private final Map<String, Long> sourceTimes = new HashMap<>();
  private final Map<String, Integer> running = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private boolean replaying = true;
  private boolean saveSoon;
  /** Types that a rule or a device cannot do with. */
  private Model.Made refused;
  private long savedOperations = -1;
  private long savedPosition = -1;
  private long savedAtNanos = System.nanoTime();
  private long pauseNanos;
  private long lookedAtNanos;
  /** When it was at work last, milliseconds since 1970. */
  private long atWork;
  private volatile boolean look = true;
  private volatile boolean closed;
  private volatile boolean over;
  private volatile String trouble;
  private ObservationLog.Following following;
  private Thread timer;
  private Thread writer;

  private Term(Means means, WatchStore.Head head, Room room, List<Done> again, long listeningSince) {
    this.listeningSince = listeningSince;
    this.means = means;
    this.transaction = new TransactionTemplate(means.transactions());
    this.head = head;
    this.room = room;
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
    Term term = new Term(means, head, room, again, listeningSince);
    term.savedOperations = state.isPresent() ? room.operations() : -1;
    term.savedPosition = room.position();
    log.info("this server leads the watch, term {}, from position {} of the log; {} operations are done again", head.term(), room.position(), again.size());
    return term;
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
    return over;
  }

  /** What keeps it from writing down what it decided; {@code null}: nothing. */
  String trouble() {
    return trouble;
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
    changed.add(device);
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
      bind(batch);
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

  /** Finds out whose the series are that have not been heard of, and registers their devices. */
  private void bind(Batch batch) {
    Set<Integer> unknown = room.unknown(batch);
    if (unknown.isEmpty()) {
      return;
    }
    List<SeriesOf> found = transaction.execute(s -> means.store().listSeries(unknown.stream().mapToInt(Integer::intValue).toArray()));
    if (!replaying && found.stream().anyMatch(s -> means.directory().find(s.device()).isEmpty())) {
      // Registered on another server a moment ago.
      means.directory().refresh();
    }
    unknown.forEach(room::bindNothing);
    for (SeriesOf series : found) {
      Known device = means.directory().find(series.device()).orElse(null);
      if (device == null || !replaying && !device.enabled()) {
        continue;
      }
      if (!replaying && room.engine().findFeed(device.code(), series.property()).isEmpty()) {
        register(device, batch.arrivedAt());
      }
      room.bind(series.series(), device.code(), series.property());
    }
  }

  private void register(Known device, long at) {
    Thing thing = thing(device);
    if (!thing.source().isEmpty()) {
      long time = sourceSilentAfter(device.source());
      if (!Long.valueOf(time).equals(sourceTimes.put(thing.source(), time))) {
        room.perform(new Operation.Source(thing.source(), time, at));
      }
    }
    room.perform(new Operation.Register(thing.id(), thing.type(), thing.group(), thing.area(), thing.source(), at));
  }

  private long sourceSilentAfter(String source) {
    return sources.getOrDefault(source, means.settings().sourceSilentAfter()).toMillis();
  }

  private static Thing thing(Known device) {
    return new Thing(device.code(), device.typeCode(), device.groupCode(), device.areaCode() == null ? "" : device.areaCode(),
        device.source().isEmpty() ? "" : Judge.SOURCE + device.source());
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
      for (Known device = changed.poll(); device != null; device = changed.poll()) {
        follow(device, now);
      }
      if (times != null && (!times.equals(sources) || sourceTimes.containsValue(-1L))) {
        sources = times;
        sourceTimes.replaceAll((source, before) -> {
          long time = sourceSilentAfter(source.substring(Judge.SOURCE.length()));
          if (time != before) {
            room.perform(new Operation.Source(source, time, now));
          }
          return time;
        });
      }
      if (published != null) {
        putToWork(published, now);
      }
      if (ended != null) {
        end(ended, now);
      }
      if (room.engine().nextDue() <= now) {
        room.perform(new Operation.Tick(now));
      }
      if (room.decidedCount() > 0 || room.unsavedCount() > MOST_UNSAVED || !endsUnsaved.isEmpty()) {
        work.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void change(Model.Made model) {
    try {
      room.change(model);
      saveSoon = true;
    } catch (IllegalArgumentException e) {
      log.error("the watch goes on with the types as they were, it cannot follow the change of a type: {}", e.getMessage());
      refused = model;
    }
  }

  private void putToWork(List<RuleVersion> published, long now) {
    Set<String> at = new HashSet<>();
    for (RuleVersion v : published) {
      at.add(v.rule());
      if (!Integer.valueOf(v.version()).equals(running.get(v.rule())) && readable(v)) {
        room.perform(new Operation.Publish(v.rule(), v.version(), v.document(), now));
        running.put(v.rule(), v.version());
      }
    }
    for (String gone : running.keySet().stream().filter(r -> !at.contains(r)).toList()) {
      room.perform(new Operation.Withdraw(gone, now));
      running.remove(gone);
    }
  }

  /** Where a type that it needs is not known here yet, it is tried again. */
  private boolean readable(RuleVersion v) {
    if (new RuleReader(room.model().model()).read(v.document()) instanceof RuleReading.Refused(var flaws)) {
      if (unreadable.add(v.rule() + "@" + v.version())) {
        log.warn("rule {} version {} cannot be put to work: {} {}", v.rule(), v.version(), flaws.getFirst().where(), flaws.getFirst().what().en());
      }
      return false;
    }
    return true;
  }

  private void end(List<Ended> ended, long now) {
    for (Ended e : ended) {
      if (endsDone.add(e.id())) {
        room.perform(new Operation.End(e.rule(), e.subject(), e.number(), e.reason().en(), e.reason().zh(), now));
        endsUnsaved.add(e.id());
      }
    }
  }

  private void follow(Known device, long now) {
    Known is = means.directory().find(device.deviceId()).orElse(null);
    room.unbind(device.series());
    if (is == null || !is.enabled()) {
      forget(device.code(), now);
      return;
    }
    room.unbind(is.series());
    room.engine().findThing(is.code()).filter(was -> !was.equals(thing(is))).ifPresent(was -> forget(is.code(), now));
  }

  private void forget(String code, long now) {
    if (room.engine().findThing(code).isPresent()) {
      room.perform(new Operation.Forget(code, now));
    }
  }

  /** What has changed in the register and among the rules while nobody led. */
  private void reconcile() {
    long now = means.clock().millis() - means.settings().patience().toMillis();
    room.perform(new Operation.Listen(listeningSince));
    atWork = means.clock().millis();
    room.unbindAll();
    changed.clear();
    for (Thing thing : room.engine().listThings()) {
      Known is = means.directory().find(thing.id()).orElse(null);
      if (is == null || !is.enabled() || !thing(is).equals(thing)) {
        forget(thing.id(), now);
      }
    }
    room.engine().listThings().stream().map(Thing::source).filter(s -> !s.isEmpty()).forEach(s -> sourceTimes.put(s, -1L));
    for (Rule rule : room.engine().listRules()) {
      running.put(rule.id(), rule.version());
    }
    log.info("the watch is up to date: {} devices, {} rules, {} warnings", room.engine().listThings().size(), running.size(), room.engine().listLive().size());
  }

  // ---- writing down --------------------------------------------------------------------------------

  private record Work(List<Decision> decisions, List<Done> operations, List<Long> ends, long position, long upTo, byte[] state) {}

  private void write() {
    while (!over) {
      Work next;
      lock.lock();
      try {
        while (!closed && (replaying || room.decidedCount() == 0 && endsUnsaved.isEmpty() && !saveDue())) {
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
      if (!keep(next) || last) {
        return;
      }
    }
  }

  private boolean saveDue() {
    if (room.operations() == savedOperations && room.position() == savedPosition) {
      return false;
    }
    long since = System.nanoTime() - savedAtNanos;
    return saveSoon || room.unsavedCount() > MOST_UNSAVED || since > Math.max(means.settings().saveEvery().toNanos(), PAUSE_SHARE * pauseNanos);
  }

  private Work take() {
    boolean save = saveDue() || closed && (room.operations() != savedOperations || room.position() != savedPosition);
    byte[] state = null;
    if (save) {
      long begun = System.nanoTime();
      state = room.save();
      savedAtNanos = System.nanoTime();
      pauseNanos = savedAtNanos - begun;
      savedOperations = room.operations();
      savedPosition = room.position();
      saveSoon = false;
    }
    List<Long> ends = List.copyOf(endsUnsaved);
    endsUnsaved.clear();
    written.signalAll();
    return new Work(room.takeDecided(), room.takeUnsaved(), ends, room.position(), room.operations(), state);
  }

  /** Until it is written down; {@code false} where it cannot be any more. */
  private boolean keep(Work next) {
    List<byte[]> parts = next.state() == null ? List.of() : WatchStore.pack(next.state());
    for (int failures = 0; ; failures++) {
      try {
        transaction.executeWithoutResult(status -> {
          means.store().advance(head.term(), next.position(), next.upTo());
          if (!next.decisions().isEmpty()) {
            learn(next.decisions());
            means.book().ifAvailable(book -> book.apply(means.judge().judge(next.decisions(), told)));
          }
          means.store().journal(next.operations());
          means.store().forgetEnded(next.ends());
          if (next.state() != null) {
            means.store().save(new WatchStore.State(next.position(), next.upTo(), null), parts);
            means.log().keep(NAME, new LogPosition(next.position()));
          }
        });
        trouble = null;
        return true;
      } catch (WatchStore.Deposed e) {
        log.warn("another server leads the watch by now; what this one decided since is left to it");
        over = true;
        return false;
      } catch (RuntimeException e) {
        // Nothing is lost: it is tried again, and after a restart decided again.
        if (failures == 0) {
          log.error("what the watch decided could not be written down; it is tried again", e);
        }
        trouble = e.getMessage();
        if (closed && failures > 2 || over) {
          return false;
        }
        try {
          Thread.sleep(Math.min(5_000, 100L << Math.min(failures, 6)));
        } catch (InterruptedException stop) {
          return false;
        }
      }
    }
  }

  /** Reads what is to become of the warnings of rules that decide for the first time. */
  private void learn(List<Decision> decisions) {
    Map<String, Integer> versions = new HashMap<>();
    decisions.stream().filter(d -> d.version() > 0).forEach(d -> versions.put(d.rule(), d.version()));
    versions.forEach((rule, version) -> {
      if (told.containsKey(rule + "@" + version)) {
        return;
      }
      means.rules().listVersions(rule).stream().filter(v -> v.version() == version).findFirst().ifPresent(v -> {
        boolean perGroup = new RuleReader(means.model().now().model()).read(v.document()) instanceof RuleReading.Read(Rule read) && read.per() == Rule.Per.GROUP;
        Told is = new Told(v.name(), perGroup, v.manner());
        told.put(rule + "@" + version, is);
        told.put(rule, is);
      });
    });
  }
}
