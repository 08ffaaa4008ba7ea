package io.citywide.sensing.internal.warning;

import io.citywide.grid.GridBox;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.map.spi.CellTally;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.PrecisionModel;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Live warnings by rule, graded by their colour. A city has some thousands at once at the worst, so that each answer reads those in sight. */
@Component
class WarningLayer implements LayerSource, AreaFigureSource {

  private static final Layer LAYER = new Layer("warnings", "预警", "Warnings", Layer.Shape.POINT, 4, 11, Permission.SENSING_READ, false, "warning");
  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);
  private static final int MOST = 20_000;
  private static final double MARGIN = 0.125;

  private final WarningStore store;
  private final Places places;
  private final String start = Long.toString(System.nanoTime(), 36);
  private final AtomicLong changes = new AtomicLong();

  WarningLayer(WarningStore store, Places places, LiveFeed feed) {
    this.store = store;
    this.places = places;
    feed.listen(notice -> {
      if (notice.type().equals(LAYER.live())) {
        changes.incrementAndGet();
      }
    });
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  @Override
  public String revision() {
    return start + "-" + changes.get();
  }

  @Override
  @Transactional(readOnly = true)
  public void draw(TileFrame frame, TilePen pen) {
    if (frame.zoom() >= LAYER.objectZoom()) {
      GridBox box = frame.box();
      double dx = (box.east() - box.west()) * MARGIN;
      double dy = (box.north() - box.south()) * MARGIN;
      List<Warning> drawn = store.list("""
              state = 'LIVE' AND lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north ORDER BY grade DESC, id DESC LIMIT :most""",
          Map.of("west", box.west() - dx, "east", box.east() + dx, "south", box.south() - dy, "north", box.north() + dy, "most", MOST));
      // The worst is drawn last, on top.
      drawn.reversed().stream().filter(w -> frame.kinds().isEmpty() || frame.kinds().contains(w.rule())).forEach(w -> pen.point(w.id(), w.lon(), w.lat())
          .tag("kind", w.rule()).tag("grade", w.weight()).tag("acknowledged", w.acknowledgedAt() == null ? 0 : 1).tag("id", w.id()));
      if (drawn.size() < MOST && pen.fits()) {
        return;
      }
      pen.clear();
    }
    // However many there are: counted by the database.
    CellTally tally = CellTally.ofBlocks(frame.zoom());
    store.tally(tally.around(frame.box()), tally.side(), frame.kinds()).forEach(in -> tally.add(in.lon(), in.lat(), in.rule(), in.count(), in.worst()));
    tally.draw(pen);
  }

  @Override
  @Transactional(readOnly = true)
  public List<KindCount> count(Selection selection) {
    return selected(selection).stream().collect(Collectors.groupingBy(Warning::rule)).values().stream()
        .map(of -> new KindCount(of.getFirst().rule(), WarningKeeper.zh(of.getFirst().name()), of.getFirst().name().en(), of.size(), of.stream().mapToInt(Warning::weight).max().orElse(0)))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  private List<Warning> selected(Selection selection) {
    RegionCover cover = RegionCover.of(selection.region());
    boolean unplaced = selection.region() instanceof Region.InArea || selection.region() instanceof Region.Anywhere;
    return store.list("state = 'LIVE' AND area_code >= :lo AND area_code < :hi ORDER BY grade DESC, id LIMIT :most",
            Map.of("lo", cover.area().low(), "hi", cover.area().high(), "most", MOST)).stream()
        .filter(w -> selection.kinds().isEmpty() || selection.kinds().contains(w.rule())).filter(w -> w.lon() == null ? unplaced : cover.contains(w.lon(), w.lat())).toList();
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<Found> list(Selection selection, String after, int limit) {
    long from = after == null ? 0 : Long.parseLong(after);
    List<Warning> rest = selected(selection).stream().filter(w -> w.id() > from).sorted(Comparator.comparingLong(Warning::id)).limit(limit + 1L).toList();
    List<Warning> page = rest.subList(0, Math.min(limit, rest.size()));
    return new Slice<>(page.stream().map(this::found).toList(), rest.size() > limit ? String.valueOf(page.getLast().id()) : null);
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Found> find(String id) {
    return id.matches("[0-9]{1,18}") ? store.find(Long.parseLong(id)).filter(Warning::live).map(this::found) : Optional.empty();
  }

  private Found found(Warning w) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("grade", w.grade().name());
    facts.put("ruleZh", WarningKeeper.zh(w.name()));
    facts.put("ruleEn", w.name().en());
    facts.put("reasonZh", w.reason().zh());
    facts.put("reasonEn", w.reason().en());
    facts.put("since", w.since().toString());
    facts.put("acknowledged", w.acknowledgedAt() != null);
    facts.put("areaCode", w.areaCode());
    facts.put("area", places.describe(w.areaCode()));
    return new Found(String.valueOf(w.id()), w.rule(), WarningKeeper.zh(w.name()) + "：" + WarningKeeper.zh(w.subjectName()), w.name().en() + ": " + w.subjectName().en(),
        w.lon() == null ? POINTS.createPoint() : POINTS.createPoint(new Coordinate(w.lon(), w.lat())), w.weight(), facts);
  }

  @Override
  public List<Figure> figures() {
    return List.of(new Figure("warnings", "预警", "Warnings"));
  }

  /** Of the past only what is live now is counted; so of the past there is nothing to say. */
  @Override
  @Transactional(readOnly = true)
  public Map<String, Map<String, Long>> count(String root, Instant at) {
    if (at != null || !Viewer.current().may(Permission.SENSING_READ)) {
      return Map.of();
    }
    Map<String, Map<String, Long>> byArea = new HashMap<>();
    selected(new Selection(new Region.InArea(root), java.util.Set.of(), null)).forEach(w -> byArea.computeIfAbsent(w.areaCode(), a -> new HashMap<>()).merge("warnings", 1L, Long::sum));
    return byArea;
  }
}
