package io.citywide.vitals.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.VitalsSettings;
import io.citywide.vitals.internal.FigureBook.Land;
import io.citywide.vitals.internal.Indicator.Ready;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.vitals.internal.ValueStore.Made;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Computes the values of indicators: each period of each indicator at once for every area, from figures that each source
 * reads once. Doing it again changes nothing that is still so. A period is computed while it lasts and for a while after its
 * end, for what comes late; then it stays as it is, also when the indicator changes. After a change the values follow in the background
 * ({@link Wanted}).
 */
@Component
class Reckoner {

  private static final Logger log = LoggerFactory.getLogger(Reckoner.class);

  /** For what a server that is gone left undone. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** A new city is loaded in a minute or so; nobody should look at an empty page longer. */
  private static final Duration FIRST = Duration.ofSeconds(30);

  /**
   * After a period that is over and took longer than {@link #SHORT}, as a multiple of what it took: an import of a million old
   * cases changes thirteen months, nobody waits for them, and the database has others to serve.
   */
  private static final int REST = 19;

  private static final Duration SHORT = Duration.ofMillis(250);
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);

  /** Of what people enter so many of the last periods are judged anew after a change. */
  private static final int ENTERED = 2;

  private final IndicatorStore store;
  private final IndicatorBook book;
  private final FigureBook figures;
  private final ValueStore values;
  private final Entries entries;
  private final Wanted wanted;
  private final Health health;
  private final TransactionTemplate transaction;
  private final VitalsSettings settings;
  private final ServerSettings server;
  private final Clock clock;

  /** One thread at a time; a wake meanwhile makes it look once more. */
  private final Semaphore turn = new Semaphore(1);
  private volatile boolean again;

  Reckoner(IndicatorStore store, IndicatorBook book, FigureBook figures, ValueStore values, Entries entries, Wanted wanted, Health health, TransactionTemplate transaction,
      VitalsSettings settings, ServerSettings server, Clock clock) {
    this.store = store;
    this.book = book;
    this.figures = figures;
    this.values = values;
    this.entries = entries;
    this.wanted = wanted;
    this.health = health;
    this.transaction = transaction;
    this.settings = settings;
    this.server = server;
    this.clock = clock;
  }

  /** What is to be computed, and how far the sources were looked through for it. */
  private record Due(Map<Period, Map<Span, List<Ready>>> spans, Map<String, FigureSource.Looked> looked) {}

  /** Computes everything that is due; how many values came of it. */
  int reckonAll() {
    return reckonAll(took -> true);
  }

  /** As {@link #reckonAll()}, leaving the database to others after each long piece of work that nobody waits for. */
  private void reckonAllInPeace(BooleanSupplier ending) {
    reckonAll(took -> !ending.getAsBoolean() && (took.compareTo(SHORT) < 0 || rest(took, ending)));
  }

  /**
   * The present first; it is computed again while the past takes long.
   *
   * @param then called between periods that are over, with what the last one took; false: no more
   */
  int reckonAll(Predicate<Duration> then) {
    return Viewer.callAs(Viewer.system("vitals"), () -> {
      Instant begun = clock.instant();
      Due due = transaction.execute(status -> due(begun));
      int made = reckonPresent(due, begun);
      Instant present = clock.instant();
      Duration took = null;
      for (Map<Span, List<Ready>> spans : due.spans().values()) {
        for (Map.Entry<Span, List<Ready>> some : spans.entrySet()) {
          if (!some.getKey().isOver(begun)) {
            continue;
          }
          if (took != null && !then.test(took)) {
            return made;
          }
          if (Duration.between(present, clock.instant()).compareTo(untilPresent(Duration.between(begun, present))) >= 0) {
            Instant now = clock.instant();
            made += reckonPresent(transaction.execute(status -> due(now)), now);
            present = clock.instant();
          }
          long from = System.nanoTime();
          made += reckon(some.getValue(), some.getKey());
          took = Duration.ofNanos(System.nanoTime() - from);
        }
      }
      // Only now: who is stopped before does it all again.
      transaction.executeWithoutResult(status -> {
        due.looked().forEach(values::looked);
        writeHealth(clock.instant());
      });
      return made;
    });
  }

  /** A city may be loaded just now, so at first soon, then at growing distances. */
  private Duration untilPresent(Duration since) {
    Duration wait = since.compareTo(FIRST) < 0 ? FIRST : since;
    return wait.compareTo(settings.every()) > 0 ? settings.every() : wait;
  }

  /** The periods that last at a moment, and the health that they come to. */
  private int reckonPresent(Due due, Instant at) {
    int made = 0;
    for (Map<Span, List<Ready>> spans : due.spans().values()) {
      for (Map.Entry<Span, List<Ready>> some : spans.entrySet()) {
        if (!some.getKey().isOver(at)) {
          made += reckon(some.getValue(), some.getKey());
        }
      }
    }
    transaction.executeWithoutResult(status -> writeHealth(clock.instant()));
    return made;
  }

  /** False when the server is stopping. */
  private static boolean rest(Duration took, BooleanSupplier ending) {
    Duration rest = took.multipliedBy(REST);
    long until = System.nanoTime() + (rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest).toNanos();
    try {
      while (!ending.getAsBoolean() && System.nanoTime() < until) {
        Thread.sleep(100);
      }
      return !ending.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Periods that last or ended just now, and past ones that nobody computed or of which something came since. */
  private Due due(Instant now) {
    Tree tree = book.tree();
    Map<String, FigureSource.Looked> looked = new HashMap<>();
    Map<FigureSource, Instant> came = new HashMap<>();
    for (FigureSource source : figures.sources()) {
      String name = source.getClass().getSimpleName();
      FigureSource.Arrived arrived = source.arrived(values.looked(name));
      looked.put(name, arrived.looked());
      if (arrived.earliest() != null) {
        came.put(source, arrived.earliest());
      }
    }
    Map<String, Set<Instant>> done = values.reckoned(Instant.EPOCH);
    Map<Period, Map<Span, List<Ready>>> due = new EnumMap<>(Period.class);
    for (Ready r : tree.ready()) {
      Period period = r.indicator().period();
      Span span = period.around(now, server.zone());
      // What came late into one source changes nothing that is made of others.
      Instant earliest = came.isEmpty() ? now : figures.sourcesOf(Computation.names(withOthers(tree, List.of(r)))).stream().map(source -> came.getOrDefault(source, now))
          .reduce(now, (a, b) -> a.isBefore(b) ? a : b);
      for (int back = 0; back <= period.past(); back++) {
        boolean late = back > 0 && (span.to().isAfter(earliest) || back <= 2 && span.to().plus(settings.late()).isAfter(now));
        boolean unknown = back > 0 && !done.getOrDefault(r.indicator().code(), Set.of()).contains(span.from());
        if (back == 0 || r.past() && (late || unknown)) {
          due.computeIfAbsent(period, p -> new LinkedHashMap<>()).computeIfAbsent(span, s -> new ArrayList<>()).add(r);
        }
        span = period.shift(span, -1, server.zone());
      }
    }
    due.values().forEach(spans -> spans.replaceAll((span, some) -> withOthers(tree, some)));
    return new Due(due, looked);
  }

  /** What was entered of an indicator for the period that begins so. As the server, in a transaction of its own. */
  void reckonEntered(String code, Instant from) {
    Viewer.runAs(Viewer.system("vitals"), () -> transaction.executeWithoutResult(status -> {
      Indicator indicator = book.tree().byCode().get(code);
      if (indicator != null) {
        judgeEntered(indicator, from);
      }
    }));
  }

  // ---- after a change ------------------------------------------------------------------------------

  /** Somebody changed an indicator: its values are computed soon, on a thread of the server's own. What a wake is missed by, the task finds. */
  void wake() {
    again = true;
    if (turn.tryAcquire()) {
      Thread.ofVirtual().name("vitals-after-change").start(() -> {
        try {
          while (again) {
            again = false;
            reckonWanted();
          }
        } catch (RuntimeException e) {
          log.warn("changed indicators could not be computed; it is tried again in a few seconds", e);
        } finally {
          turn.release();
        }
      });
    }
  }

  /**
   * Computes what changed indicators are wanted for, and what reads entries that came, a period in a transaction: who is stopped goes on where the last one ended.
   * How many periods.
   */
  int reckonWanted() {
    return Viewer.callAs(Viewer.system("vitals"), () -> {
      int made = 0;
      for (String code : transaction.execute(status -> wanted.list())) {
        try {
          while (Boolean.TRUE.equals(transaction.execute(status -> step(code)))) {
            made++;
          }
        } catch (RuntimeException e) {
          // The others must not wait for it.
          log.error("indicator {} could not be computed after its change; it is tried again", code, e);
        }
      }
      for (Wanted.Came came : transaction.execute(status -> wanted.listCame())) {
        try {
          made += Boolean.TRUE.equals(transaction.execute(status -> follow(came))) ? 1 : 0;
        } catch (RuntimeException e) {
          log.error("what reads indicator {} could not be computed after an entry; it is tried again", came.indicator(), e);
        }
      }
      return made;
    });
  }

  /** Computes the formulas that read an indicator of which something was entered, in that period; whether anything came of it. */
  private boolean follow(Wanted.Came came) {
    if (!wanted.takeTurn()) {
      return false;
    }
    Tree tree = book.tree();
    List<Ready> readers = tree.readersOf(came.indicator());
    Map<String, Integer> versions = store.versions();
    if (readers.stream().anyMatch(r -> r.indicator().version() != versions.getOrDefault(r.indicator().code(), 0))) {
      return false; // This server has not read a change yet.
    }
    int made = 0;
    if (!readers.isEmpty()) {
      Period period = tree.get(came.indicator()).period();
      Instant now = clock.instant();
      Span span = period.around(came.from(), server.zone());
      Instant first = period.shift(period.around(now, server.zone()), -period.past(), server.zone()).from();
      List<Ready> due = readers.stream().filter(r -> !span.isOver(now) || r.past() && !span.from().isBefore(first)).toList();
      made = due.isEmpty() ? 0 : reckon(withOthers(tree, due), span);
    }
    wanted.finish(came);
    return made > 0;
  }

  /** The next period of a changed indicator; whether there was one. */
  private boolean step(String code) {
    Wanted.Order order = wanted.takeTurn() ? wanted.find(code).orElse(null) : null;
    if (order == null) {
      return false;
    }
    Tree tree = book.tree();
    Indicator indicator = tree.byCode().get(code);
    if (store.find(code).map(now -> now.isActive(tree.day()) ? indicator == null || indicator.version() != now.version() : indicator != null).orElse(false)) {
      return false; // This server has not read the change yet.
    }
    if (indicator == null) {
      wanted.finish(order); // It is not in force.
      return false;
    }
    if (order.anew()) {
      values.lock();
      values.forget(code, indicator.defined());
    }
    List<Span> missing = missing(tree, indicator, clock.instant());
    if (!missing.isEmpty()) {
      Span next = missing.getFirst();
      if (indicator.source().isEntered()) {
        judgeEntered(indicator, next.from());
      } else {
        reckon(withOthers(tree, List.of(tree.findReady(code).orElseThrow())), next);
      }
    }
    if (missing.size() > 1) {
      wanted.advance(order, order.done() + 1, order.done() + missing.size());
    } else {
      wanted.finish(order);
    }
    return !missing.isEmpty();
  }

  /** Periods that nobody computed, and of those that last (of entered ones the last ones) what an earlier definition computed. What is over stays as it was. */
  private List<Span> missing(Tree tree, Indicator indicator, Instant now) {
    Map<Instant, Integer> done = values.versions(indicator.code());
    Period period = indicator.period();
    Span present = period.around(now, server.zone());
    List<Span> missing = new ArrayList<>();
    if (indicator.source().isEntered()) {
      List<Span> spans = entries.periods(indicator.code(), 1 + period.past()).stream().map(from -> period.around(from, server.zone())).distinct().toList();
      for (int n = 0; n < spans.size(); n++) {
        int version = done.getOrDefault(spans.get(n).from(), 0);
        if (version == 0 || n < ENTERED && version < indicator.defined()) {
          missing.add(spans.get(n));
        }
      }
    } else {
      tree.findReady(indicator.code()).ifPresent(ready -> {
        if (done.getOrDefault(present.from(), 0) < indicator.defined()) {
          missing.add(present);
        }
        for (int back = 1; ready.past() && back <= period.past(); back++) {
          Span span = period.shift(present, -back, server.zone());
          if (!done.containsKey(span.from())) {
            missing.add(span);
          }
        }
      });
    }
    return missing;
  }

  /** With those that it reads before it. */
  static List<Ready> withOthers(Tree tree, List<Ready> wanted) {
    Set<String> codes = new LinkedHashSet<>();
    wanted.forEach(r -> codes.add(r.indicator().code()));
    List<Ready> ready = new ArrayList<>();
    for (int i = tree.ready().size() - 1; i >= 0; i--) {
      Ready r = tree.ready().get(i);
      if (codes.contains(r.indicator().code())) {
        ready.addFirst(r);
        r.formula().reads().stream().filter(n -> n.startsWith(IndicatorBook.OTHER)).forEach(n -> codes.add(n.substring(IndicatorBook.OTHER.length())));
      }
    }
    return ready;
  }

  /** Computes these indicators, all of one period, in one span; how many values came of it. */
  int reckon(List<Ready> ready, Span span) {
    return transaction.execute(status -> {
      values.lock();
      Instant now = clock.instant();
      int made = 0;
      FigureBook.Read read = figures.read(Computation.names(ready), span);
      Map<String, double[]> others = entries.read(ready, read.land(), span.from());
      Map<String, Integer> versions = store.versions();
      for (Ready r : ready) {
        Computation.Parts parts = Computation.compute(r, read, others);
        others.put(IndicatorBook.OTHER + r.indicator().code(), parts.value());
        if (versions.getOrDefault(r.indicator().code(), 0) != r.indicator().version()) {
          continue; // It was changed since the tree was read: what it meant before must not replace what it means now.
        }
        List<Made> some = Computation.judged(r.indicator(), read.land(), parts, r.grows() && !span.isOver(now));
        values.put(r.indicator(), span, now, some);
        made += some.size();
      }
      return made;
    });
  }

  /** Judges what was entered for the period that begins so, and what follows from it for the areas above. Needs a transaction that sees every area. */
  private void judgeEntered(Indicator indicator, Instant from) {
    values.lock();
    Land land = figures.land();
    Computation.Parts parts = Computation.entered(indicator, land, entries.current(indicator.code(), from));
    values.put(indicator, indicator.period().around(from, server.zone()), clock.instant(), Computation.judged(indicator, land, parts, false));
  }

  /** The health of each group and dimension today, of city, districts and streets, so that there is a history of it. */
  private void writeHealth(Instant now) {
    Tree tree = book.tree();
    List<String> areas = figures.land().areas.stream().filter(a -> a.level() != AreaLevel.COMMUNITY).map(Area::code).toList();
    Map<String, Health.Body> bodies = health.of(tree, areas, now);
    Span today = Period.DAY.around(now, server.zone());
    for (Indicator group : tree.indicators()) {
      if (group.source() == Source.GROUP) {
        List<Made> made = new ArrayList<>();
        bodies.forEach((area, body) -> {
          Health.Node node = body.nodes().get(group.code());
          if (node.score() != null) {
            made.add(new Made(area, Double.NaN, node.coverage(), node.score(), node.grade(), node.score()));
          }
        });
        values.put(group, today, now, made);
      }
    }
  }

  /** The task; of several servers one does it at a time. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    RecurringTask<Void> vitalsTask(Reckoner reckoner, VitalsSettings settings, Clock clock) {
      return Tasks.recurring("vitals-reckon", new GrowingDelay(clock.instant(), FIRST, settings.every())).execute((instance, context) -> reckoner.reckonAllInPeace(context.getSchedulerState()::isShuttingDown));
    }

    @Bean
    RecurringTask<Void> vitalsChangedTask(Reckoner reckoner) {
      return Tasks.recurring("vitals-changed", FixedDelay.of(LOOK_EVERY)).execute((instance, context) -> reckoner.reckonWanted());
    }
  }
}
