package io.citywide.map.internal.inside;

import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.map.MapProblem;
import io.citywide.map.internal.inside.RegionReader.Read;
import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.HistorySource;
import io.citywide.map.spi.HistorySource.Settled;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Selection;
import io.citywide.place.Area;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.platform.Caller;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks every layer that the viewer may see what it holds in a region, at once: each in a virtual thread and a read
 * transaction of its own, which carries the viewer's scope. Holds no connection itself while it waits for them. Who goes
 * away ends it all.
 */
@Service
class InsideDesk implements DisposableBean {

  static final int MOST = 500;

  /** The layer whose count is shown apart. */
  private static final String DUTY = "duty";

  /** How far back "what happened here before" looks where nobody says. */
  private static final Duration BEFORE = Duration.ofDays(365);

  record LayerCount(String id, String titleZh, String titleEn, long count, int worst, List<KindCount> kinds) {}

  /**
   * A unit that answers for the region.
   *
   * @param why {@code PLACE}: the street or community it lies in; {@code CASES}: it leads something open there
   * @param count how much of what is open there it leads
   */
  record ResponsibleUnit(long id, String name, UnitKind kind, String areaCode, String areaName, Set<String> why, long count) {}

  record Inside(Map<String, Object> region, Instant at, List<LayerCount> layers, List<ResponsibleUnit> units, long onDuty, long elapsedMillis) {}

  record Before(Map<String, Object> region, Instant from, Instant to, long total, List<HistorySource.Month> months, List<HistorySource.Repeat> repeats, long elapsedMillis) {}

  private final LayerBook layers;
  private final List<HistorySource> histories;
  private final Units units;
  private final Places places;
  private final Clock clock;
  private final TransactionTemplate reading;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  InsideDesk(LayerBook layers, List<HistorySource> histories, Units units, Places places, Clock clock, PlatformTransactionManager transactions) {
    this.layers = layers;
    this.histories = List.copyOf(histories);
    this.units = units;
    this.places = places;
    this.clock = clock;
    this.reading = new TransactionTemplate(transactions);
    this.reading.setReadOnly(true);
  }

  /**
   * What lies inside, by layer and kind.
   *
   * @param at as it stood then, of layers that know the past; {@code null}: now
   * @param wanted layers by id; {@code null}: all the viewer may see
   */
  Inside look(Read read, Instant at, Set<String> wanted) {
    return Caller.whileThere(() -> lookNow(read, at, wanted));
  }

  private Inside lookNow(Read read, Instant at, Set<String> wanted) {
    long began = System.nanoTime();
    List<LayerSource> asked = wanted == null ? layers.visible() : wanted.stream().sorted().map(layers::get).toList();
    Future<Map<Long, Long>> busy = start(() -> busy(read, at));
    List<LayerCount> counted = count(asked, read, at);
    long onDuty = counted.stream().filter(l -> l.id().equals(DUTY)).mapToLong(LayerCount::count).sum();
    return new Inside(read.shown(), at, counted, responsible(read, get(busy)), onDuty, millis(began));
  }

  /** Counts of those of some layers that the viewer may see, as it is now. */
  List<LayerCount> count(Read read, Set<String> some) {
    return Caller.whileThere(() -> count(layers.visible().stream().filter(s -> some.contains(s.layer().id())).toList(), read, null));
  }

  private List<LayerCount> count(List<LayerSource> asked, Read read, Instant at) {
    List<Future<Counted>> counts = asked.stream().map(s -> start(() -> Counted.of(s, selection(s.layer(), read, Set.of(), at)))).toList();
    List<LayerCount> counted = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Layer layer = asked.get(i).layer();
      Counted c = get(counts.get(i));
      counted.add(new LayerCount(layer.id(), layer.titleZh(), layer.titleEn(), c.total(), c.kinds().stream().mapToInt(KindCount::worst).max().orElse(0), c.kinds()));
    }
    return counted;
  }

  private record Counted(List<KindCount> kinds, long total) {
    static Counted of(LayerSource source, Selection selection) {
      List<KindCount> kinds = source.count(selection);
      return new Counted(kinds, source.total(selection, kinds));
    }
  }

  /** Layers that do not know the past answer for now: a lamp stands where it stands. */
  private static Selection selection(Layer layer, Read read, Set<String> kinds, Instant at) {
    return new Selection(read.region(), kinds, layer.timed() ? at : null);
  }

  private Map<Long, Long> busy(Read read, Instant at) {
    Map<Long, Long> busy = new LinkedHashMap<>();
    histories.forEach(h -> h.busy(read.region(), at).forEach(b -> busy.merge(b.unitId(), b.count(), Long::sum)));
    return busy;
  }

  private List<ResponsibleUnit> responsible(Read read, Map<Long, Long> busy) {
    Set<String> chain = chain(read);
    List<ResponsibleUnit> found = new ArrayList<>();
    for (UnitRef unit : units.listUnits()) {
      boolean place = unit.active() && chain.contains(unit.areaCode()) && (unit.kind() == UnitKind.STREET_OFFICE || unit.kind() == UnitKind.COMMUNITY);
      Long open = busy.get(unit.id());
      if (place || open != null) {
        Set<String> why = place && open != null ? Set.of("PLACE", "CASES") : Set.of(place ? "PLACE" : "CASES");
        found.add(new ResponsibleUnit(unit.id(), unit.name(), unit.kind(), unit.areaCode(), places.describe(unit.areaCode()), why, open == null ? 0 : open));
      }
    }
    found.sort((a, b) -> a.count() != b.count() ? Long.compare(b.count(), a.count()) : a.name().compareTo(b.name()));
    return found;
  }

  /** Codes from the city down to where the region is, or its middle lies. */
  private Set<String> chain(Read read) {
    String code = read.area() != null ? read.area().code()
        : read.middle() == null ? null : places.locate(read.middle()[0], read.middle()[1]).map(Spot::areaCode).orElse(null);
    return code == null ? Set.of() : places.chain(code).stream().map(Area::code).collect(Collectors.toSet());
  }

  /** A page of what one layer holds in the region. */
  Slice<Found> list(Read read, String layer, Set<String> kinds, Instant at, String after, int limit) {
    LayerSource source = layers.get(layer);
    if (limit < 1 || limit > MOST) {
      throw new ProblemException(MapProblem.INVALID_QUERY, "limit is 1 to " + MOST + ", was " + limit, Map.of("field", "limit", "value", limit)).zh("limit 须为 1 至 " + MOST);
    }
    try {
      return Caller.whileThere(() -> reading.execute(status -> source.list(selection(source.layer(), read, kinds, at), after, limit)));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(MapProblem.INVALID_QUERY, e.getMessage(), Map.of("field", "after")).zh("分页游标无效");
    }
  }

  /** All of what one layer holds in the region, page by page. */
  Iterator<List<Found>> pages(Read read, String layer, Set<String> kinds, Instant at) {
    LayerSource source = layers.get(layer);
    Iterator<Supplier<List<Found>>> pages = Caller.whileThere(() -> reading.execute(status -> source.pages(selection(source.layer(), read, kinds, at), MOST)));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pages.hasNext();
      }

      @Override
      public List<Found> next() {
        Supplier<List<Found>> page = pages.next();
        return Caller.whileThere(() -> reading.execute(status -> page.get()));
      }
    };
  }

  /** What happened there before. */
  Before before(Read read, Instant from, Instant to) {
    long began = System.nanoTime();
    Instant until = to == null ? clock.instant() : to;
    Instant since = from == null ? until.minus(BEFORE) : from;
    if (!since.isBefore(until)) {
      throw new ProblemException(MapProblem.INVALID_QUERY, "from lies before to, was " + since + " to " + until, Map.of("field", "from")).zh("开始时间须早于结束时间");
    }
    List<Settled> all = Caller.whileThere(() -> histories.stream().map(h -> start(() -> h.settled(read.region(), since, until))).toList().stream().map(InsideDesk::get).toList());
    return new Before(read.shown(), since, until, all.stream().mapToLong(Settled::total).sum(), all.stream().flatMap(s -> s.months().stream()).toList(),
        all.stream().flatMap(s -> s.repeats().stream()).toList(), millis(began));
  }

  private <T> Future<T> start(Callable<T> work) {
    Viewer viewer = Viewer.current();
    Caller caller = Caller.waitedFor();
    return threads.submit(() -> caller.call(() -> Viewer.callAs(viewer, () -> reading.execute(status -> {
      try {
        return work.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }))));
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the layers answered", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e.getCause());
    }
  }

  private static long millis(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }

  @Override
  public void destroy() {
    threads.shutdown();
  }
}
