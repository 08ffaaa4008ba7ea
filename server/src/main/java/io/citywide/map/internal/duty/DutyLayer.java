package io.citywide.map.internal.duty;

import io.citywide.grid.GridBox;
import io.citywide.identity.Duty;
import io.citywide.identity.Duty.OnDuty;
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
import java.time.Clock;
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

/**
 * People on duty by role, where their phones last said they are. A city has some thousands of them at once, so that each
 * answer reads all within the viewer's scope. Who has not reported a position yet lies in the area of the duty alone.
 */
@Component
class DutyLayer implements LayerSource, AreaFigureSource {

  private static final Layer LAYER = new Layer("duty", "在岗人员", "People on duty", Layer.Shape.POINT, 4, 10, Permission.DUTY_READ, false, "duty");
  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);
  private static final double MARGIN = 0.125;

  private final Duty duty;
  private final Places places;
  private final Clock clock;
  private final String start = Long.toString(System.nanoTime(), 36);
  private final AtomicLong changes = new AtomicLong();

  DutyLayer(Duty duty, Places places, Clock clock, LiveFeed feed) {
    this.duty = duty;
    this.places = places;
    this.clock = clock;
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

  /** Positions also grow old. */
  @Override
  public String revision() {
    return start + "-" + changes.get() + "-" + clock.instant().getEpochSecond() / 60;
  }

  @Override
  public void draw(TileFrame frame, TilePen pen) {
    List<OnDuty> placed = duty.listOnDuty().stream().filter(d -> d.lon() != null && (frame.kinds().isEmpty() || frame.kinds().contains(d.role().name()))).toList();
    if (frame.zoom() >= LAYER.objectZoom()) {
      GridBox box = frame.box();
      double dx = (box.east() - box.west()) * MARGIN;
      double dy = (box.north() - box.south()) * MARGIN;
      placed.stream().filter(d -> d.lon() >= box.west() - dx && d.lon() <= box.east() + dx && d.lat() >= box.south() - dy && d.lat() <= box.north() + dy)
          .forEach(d -> pen.point(d.id(), d.lon(), d.lat()).tag("kind", d.role().name()).tag("grade", 0).tag("fresh", d.fresh() ? 1 : 0).tag("id", d.id()));
      if (pen.fits()) {
        return;
      }
      pen.clear();
    }
    CellTally tally = CellTally.ofBlocks(frame.zoom());
    GridBox around = tally.around(frame.box());
    placed.stream().filter(d -> around.contains(d.lon(), d.lat())).forEach(d -> tally.add(d.lon(), d.lat(), d.role().name(), 1, 0));
    tally.draw(pen);
  }

  @Override
  public List<KindCount> count(Selection selection) {
    return selected(selection).stream().collect(Collectors.groupingBy(OnDuty::role, Collectors.counting())).entrySet().stream()
        .map(e -> new KindCount(e.getKey().name(), e.getKey().nameZh(), e.getKey().nameEn(), e.getValue(), 0))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  private List<OnDuty> selected(Selection selection) {
    RegionCover cover = RegionCover.of(selection.region());
    boolean unplaced = selection.region() instanceof Region.InArea || selection.region() instanceof Region.Anywhere;
    return duty.listOnDuty().stream().filter(d -> selection.kinds().isEmpty() || selection.kinds().contains(d.role().name()))
        .filter(d -> d.lon() == null ? unplaced && cover.area().covers(d.areaCode()) : cover.area().covers(where(d)) && cover.contains(d.lon(), d.lat())).toList();
  }

  /** The deepest area in which somebody is; outside every one, and before the first position, the area of the duty. */
  private static String where(OnDuty d) {
    return d.hereCode() == null ? d.areaCode() : d.hereCode();
  }

  @Override
  public Slice<Found> list(Selection selection, String after, int limit) {
    long from = after == null ? 0 : Long.parseLong(after);
    List<OnDuty> rest = selected(selection).stream().filter(d -> d.id() > from).sorted(Comparator.comparingLong(OnDuty::id)).limit(limit + 1L).toList();
    List<OnDuty> page = rest.subList(0, Math.min(limit, rest.size()));
    return new Slice<>(page.stream().map(this::found).toList(), rest.size() > limit ? String.valueOf(page.getLast().id()) : null);
  }

  @Override
  public Optional<Found> find(String id) {
    return duty.listOnDuty().stream().filter(d -> String.valueOf(d.id()).equals(id)).findFirst().map(this::found);
  }

  private Found found(OnDuty d) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("personId", d.personId());
    facts.put("name", d.name());
    facts.put("role", d.role().name());
    if (d.unitName() != null) {
      facts.put("unitName", d.unitName());
    }
    facts.put("areaCode", d.areaCode());
    facts.put("area", places.describe(d.areaCode()));
    facts.put("since", d.since().toString());
    if (d.seenAt() != null) {
      facts.put("seenAt", d.seenAt().toString());
    }
    facts.put("fresh", d.fresh());
    return new Found(String.valueOf(d.id()), d.role().name(), d.name() + "（" + d.role().nameZh() + "）", d.name() + " (" + d.role().nameEn() + ")",
        d.lon() == null ? POINTS.createPoint() : POINTS.createPoint(new Coordinate(d.lon(), d.lat())), 0, facts);
  }

  @Override
  public List<Figure> figures() {
    return List.of(new Figure("onDuty", "在岗", "On duty"));
  }

  /** Of the past nobody knows: positions are kept for days only, and are nobody's figures. */
  @Override
  public Map<String, Map<String, Long>> count(String root, Instant at) {
    if (at != null || !Viewer.current().may(Permission.DUTY_READ)) {
      return Map.of();
    }
    Map<String, Map<String, Long>> byArea = new HashMap<>();
    selected(new Selection(new Region.InArea(root), Set.of(), null)).forEach(d -> byArea.computeIfAbsent(where(d), a -> new HashMap<>()).merge("onDuty", 1L, Long::sum));
    return byArea;
  }
}
