package io.citywide.cases.internal.map;

import io.citywide.cases.CaseSettings;
import io.citywide.grid.GridBox;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Permission;
import io.citywide.map.spi.CellTally;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.PrecisionModel;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Open cases, as they stand or stood. Kinds are those of the catalogue; the grade says how a case is with its time. */
@Component
class CaseLayer implements LayerSource {

  private static final Layer LAYER = new Layer("cases", "案件", "Cases", Layer.Shape.POINT, 4, 12, Permission.CASE_READ, true, "case");
  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);

  /** What is drawn beside a tile, so that symbols on its edge are whole: an eighth of its side. */
  private static final double MARGIN = 0.125;

  private final CaseDots dots;
  private final CaseSettings settings;
  private final Catalogue catalogue;
  private final Places places;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final String start = Long.toString(System.nanoTime(), 36);
  private final AtomicLong changes = new AtomicLong();

  CaseLayer(CaseDots dots, CaseSettings settings, Catalogue catalogue, Places places, JdbcClient jdbc, Clock clock, LiveFeed feed) {
    this.dots = dots;
    this.settings = settings;
    this.catalogue = catalogue;
    this.places = places;
    this.jdbc = jdbc;
    this.clock = clock;
    Set<String> moving = Set.of("case", "import", "calendar");
    feed.listen(notice -> {
      if (moving.contains(notice.type())) {
        changes.incrementAndGet();
      }
    });
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  /** Cases also change by the time that passes; their grades are looked at anew every quarter of a minute. */
  @Override
  public String revision() {
    return start + "-" + changes.get() + "-" + clock.instant().getEpochSecond() / 15;
  }

  @Override
  @Transactional(readOnly = true)
  public void draw(TileFrame frame, TilePen pen) {
    if (frame.zoom() < LAYER.minZoom()) {
      return;
    }
    Instant when = frame.at() == null ? clock.instant() : frame.at();
    jdbc.sql("SELECT set_config('statement_timeout', :millis, true)").param("millis", String.valueOf(Math.max(1, pen.left().toMillis()))).query((row, i) -> 1).list();
    if (frame.zoom() >= LAYER.objectZoom()) {
      for (CaseDot d : drawn(frame, widened(frame.box()))) {
        CaseDot.Due due = d.due(when, settings.soon());
        pen.point(d.id(), d.lon(), d.lat()).tag("kind", d.kind()).tag("grade", due.grade).tag("stage", d.stage().name()).tag("due", due.name()).tag("id", d.id());
      }
      if (pen.fits()) {
        return;
      }
      pen.clear();
    }
    CellTally tally = CellTally.ofBlocks(frame.zoom());
    drawn(frame, tally.around(frame.box())).forEach(d -> tally.add(d.lon(), d.lat(), d.kind(), 1, d.due(when, settings.soon()).grade));
    tally.draw(pen);
  }

  private List<CaseDot> drawn(TileFrame frame, GridBox box) {
    return dots.list(new Region.Box(box), frame.at()).stream().filter(d -> frame.kinds().isEmpty() || frame.kinds().contains(d.kind())).toList();
  }

  private static GridBox widened(GridBox box) {
    double dx = (box.east() - box.west()) * MARGIN;
    double dy = (box.north() - box.south()) * MARGIN;
    return new GridBox(Math.max(-180, box.west() - dx), box.south() - dy, Math.min(180, box.east() + dx), box.north() + dy);
  }

  @Override
  @Transactional(readOnly = true)
  public List<KindCount> count(Selection selection) {
    Instant when = selection.at() == null ? clock.instant() : selection.at();
    record Tally(long count, int worst) {}
    Map<String, Tally> kinds = new HashMap<>();
    for (CaseDot d : selected(selection)) {
      kinds.merge(d.kind(), new Tally(1, d.due(when, settings.soon()).grade), (a, b) -> new Tally(a.count + b.count, Math.max(a.worst, b.worst)));
    }
    return kinds.entrySet().stream().map(e -> new KindCount(e.getKey(), nameZh(e.getKey()), nameEn(e.getKey()), e.getValue().count(), e.getValue().worst()))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  private List<CaseDot> selected(Selection selection) {
    return dots.list(selection.region(), selection.at()).stream().filter(d -> selection.kinds().isEmpty() || selection.kinds().contains(d.kind())).toList();
  }

  /** What is due first comes first. */
  @Override
  @Transactional(readOnly = true)
  public Slice<Found> list(Selection selection, String after, int limit) {
    Place from = after == null ? null : Place.parse(after);
    List<CaseDot> rest = first(selected(selection), from, limit + 1);
    List<CaseDot> page = rest.subList(0, Math.min(limit, rest.size()));
    return new Slice<>(found(page, selection.at()), rest.size() > limit ? Place.of(page.getLast()).toString() : null);
  }

  /** So many after a place, in order; the others are not sorted. */
  private static List<CaseDot> first(List<CaseDot> dots, Place from, int count) {
    record Placed(Place place, CaseDot dot) {}
    PriorityQueue<Placed> least = new PriorityQueue<>(Comparator.comparing(Placed::place).reversed());
    for (CaseDot dot : dots) {
      Place place = Place.of(dot);
      if (from != null && place.compareTo(from) <= 0 || least.size() == count && place.compareTo(least.peek().place()) >= 0) {
        continue;
      }
      if (least.size() == count) {
        least.poll();
      }
      least.add(new Placed(place, dot));
    }
    return least.stream().sorted(Comparator.comparing(Placed::place)).map(Placed::dot).toList();
  }

  /** Chosen and sorted once, however many pages they make. */
  @Override
  @Transactional(readOnly = true)
  public Iterator<Supplier<List<Found>>> pages(Selection selection, int size) {
    List<CaseDot> all = selected(selection).stream().sorted(Comparator.comparing(Place::of)).toList();
    return IntStream.iterate(0, from -> from == 0 || from < all.size(), from -> from + size)
        .<Supplier<List<Found>>>mapToObj(from -> () -> found(all.subList(from, Math.min(all.size(), from + size)), selection.at())).iterator();
  }

  /** Where a case stands in the list. */
  private record Place(long due, long id) implements Comparable<Place> {

    static Place of(CaseDot d) {
      return new Place(d.dueAt() == null ? Long.MAX_VALUE : d.dueAt().toEpochMilli(), d.id());
    }

    static Place parse(String text) {
      String[] parts = text.split("_");
      if (parts.length != 2) {
        throw new IllegalArgumentException("after is the cursor next of the page before");
      }
      return new Place(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public int compareTo(Place o) {
      return due != o.due ? Long.compare(due, o.due) : Long.compare(id, o.id);
    }

    @Override
    public String toString() {
      return due + "_" + id;
    }
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Found> find(String id) {
    if (!id.matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return dots.find(Long.parseLong(id), null).flatMap(d -> found(List.of(d), null).stream().findFirst());
  }

  private List<Found> found(List<CaseDot> page, Instant at) {
    record Text(String caseNo, String title, Instant reportedAt) {}
    Map<Long, Text> texts = new HashMap<>();
    jdbc.sql("SELECT id, case_no, title, reported_at FROM case_file WHERE id = ANY (:ids)").param("ids", page.stream().map(CaseDot::id).toArray(Long[]::new))
        .query(rs -> {
          texts.put(rs.getLong("id"), new Text(rs.getString("case_no"), rs.getString("title"), CaseDots.instant(rs, "reported_at")));
        });
    Instant when = at == null ? clock.instant() : at;
    List<Found> found = new ArrayList<>(page.size());
    for (CaseDot d : page) {
      Text text = texts.get(d.id());
      if (text == null) {
        continue;
      }
      CaseDot.Due due = d.due(when, settings.soon());
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("caseNo", text.caseNo());
      facts.put("stage", d.stage().name());
      facts.put("stageZh", d.stage().nameZh());
      facts.put("stageEn", d.stage().nameEn());
      facts.put("kindZh", nameZh(d.kind()));
      facts.put("kindEn", nameEn(d.kind()));
      facts.put("areaCode", d.areaCode());
      facts.put("area", places.describe(d.areaCode()));
      facts.put("reportedAt", text.reportedAt().toString());
      if (d.dueAt() != null) {
        facts.put("dueAt", d.dueAt().toString());
      }
      facts.put("due", due.name());
      found.add(new Found(String.valueOf(d.id()), d.kind(), text.title(), text.title(),
          Double.isNaN(d.lon()) ? POINTS.createPoint() : POINTS.createPoint(new Coordinate(d.lon(), d.lat())), due.grade, facts));
    }
    return found;
  }

  private String nameZh(String kind) {
    return kind.equals(CaseDot.NO_KIND) ? "未分类" : catalogue.findKind(kind).map(Kind::nameZh).orElse(kind);
  }

  private String nameEn(String kind) {
    return kind.equals(CaseDot.NO_KIND) ? "Not classified" : catalogue.findKind(kind).map(Kind::nameEn).orElse(kind);
  }
}
