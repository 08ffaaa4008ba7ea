package io.citywide.sensing.internal.registry;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridRange;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Permission;
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
import io.citywide.sensing.Device;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Devices;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.PrecisionModel;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Devices that are in use, by type; the grade says how they are: silent 2, faulty 3. Below the zoom of objects the database counts by cell. */
@Component
class DeviceLayer implements LayerSource {

  /** Type of the notice that devices changed. */
  static final String LIVE = "device";

  private static final Layer LAYER = new Layer("devices", "感知设备", "Devices", Layer.Shape.POINT, 4, 14, Permission.SENSING_READ, false, LIVE);
  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);
  private static final double MINUTE = 1 / 60.0;
  private static final double MARGIN = 0.125;
  private static final int MOST_OBJECTS = 8_000;
  private static final String GRADE = "CASE d.state WHEN 'FAULTY' THEN 3 WHEN 'SILENT' THEN 2 ELSE 0 END";

  private final JdbcClient jdbc;
  private final Devices devices;
  private final DeviceDirectory directory;
  private final Places places;
  private final Clock clock;
  private final String start = Long.toString(System.nanoTime(), 36);
  private final AtomicLong changes = new AtomicLong();

  DeviceLayer(JdbcClient jdbc, Devices devices, DeviceDirectory directory, Places places, Clock clock, LiveFeed feed) {
    this.jdbc = jdbc;
    this.devices = devices;
    this.directory = directory;
    this.places = places;
    this.clock = clock;
    feed.listen(notice -> {
      if (notice.type().equals(LIVE)) {
        changes.incrementAndGet();
      }
    });
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  /** The notices of other servers may be missed. */
  @Override
  public String revision() {
    return start + "-" + changes.get() + "-" + clock.instant().getEpochSecond() / 60;
  }

  @Override
  @Transactional(readOnly = true)
  public void draw(TileFrame frame, TilePen pen) {
    if (frame.zoom() < LAYER.minZoom()) {
      return;
    }
    jdbc.sql("SELECT set_config('statement_timeout', :millis, true)").param("millis", String.valueOf(Math.max(1, pen.left().toMillis()))).query((row, i) -> 1).list();
    if (frame.zoom() >= LAYER.objectZoom()) {
      int[] drawn = {0};
      where(new Region.Box(widened(frame.box())), frame.kinds(), "SELECT d.id, d.type_code, d.lon, d.lat, " + GRADE + ", d.code, d.state FROM sensing_device d ", " LIMIT " + (MOST_OBJECTS + 1))
          .query(row -> {
            drawn[0]++;
            pen.point(row.getLong(1), row.getDouble(3), row.getDouble(4)).tag("kind", row.getString(2)).tag("grade", row.getInt(5)).tag("code", row.getString(6)).tag("state", row.getString(7));
          });
      if (drawn[0] <= MOST_OBJECTS && pen.fits()) {
        return;
      }
      pen.clear();
    }
    cells(frame, pen);
  }

  private static GridBox widened(GridBox box) {
    double dx = (box.east() - box.west()) * MARGIN;
    double dy = (box.north() - box.south()) * MARGIN;
    return new GridBox(Math.max(-180, box.west() - dx), Math.max(-87.9, box.south() - dy), Math.min(180, box.east() + dx), Math.min(87.9, box.north() + dy));
  }

  /** Cells of a minute, of a quarter of it from zoom 12 on, or blocks of them so that a block is some 20 pixels wide. */
  private static double side(int zoom) {
    return zoom >= 12 ? MINUTE / 4 : zoom >= 10 ? MINUTE : MINUTE * (1 << 10 - zoom);
  }

  private void cells(TileFrame frame, TilePen pen) {
    record Cell(long x, long y) {}
    final class Tally {
      final Map<String, Long> kinds = new TreeMap<>();
      long count;
      int worst;
    }
    double side = side(frame.zoom());
    GridBox box = frame.box();
    // A cell on the edge of two tiles is drawn whole in both, with all that lies in it.
    GridBox aligned = new GridBox(Math.max(-180, Math.floor(box.west() / side) * side), Math.max(-87.9, Math.floor(box.south() / side) * side),
        Math.min(180, Math.ceil(box.east() / side) * side), Math.min(87.9, Math.ceil(box.north() / side) * side));
    Map<Cell, Tally> cells = new LinkedHashMap<>();
    where(new Region.Box(aligned), frame.kinds(),
        "SELECT floor(d.lon / :side)::bigint, floor(d.lat / :side)::bigint, d.type_code, count(*), max(" + GRADE + ") FROM sensing_device d ", " GROUP BY 1, 2, 3")
        .param("side", side).query(row -> {
          Tally tally = cells.computeIfAbsent(new Cell(row.getLong(1), row.getLong(2)), c -> new Tally());
          tally.kinds.merge(row.getString(3), row.getLong(4), Long::sum);
          tally.count += row.getLong(4);
          tally.worst = Math.max(tally.worst, row.getInt(5));
        });
    cells.forEach((c, tally) -> pen.cell(new GridBox(c.x() * side, c.y() * side, (c.x() + 1) * side, (c.y() + 1) * side), tally.count,
        tally.kinds.entrySet().stream().max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.<String, Long>comparingByKey().reversed())).orElseThrow().getKey(),
        tally.worst));
  }

  /** A statement over the devices of a region; what its ranges and its box cannot say, {@link RegionCover#contains} must. */
  private JdbcClient.StatementSpec where(Region region, Set<String> kinds, String select, String rest) {
    RegionCover cover = RegionCover.of(region);
    StringBuilder where = new StringBuilder("WHERE d.enabled");
    Map<String, Object> params = new HashMap<>();
    if (cover.ranges() != null) {
      where.append(" AND EXISTS (SELECT FROM unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high) WHERE d.grid_key BETWEEN r.low AND r.high)");
      long low = cover.ranges().stream().mapToLong(GridRange::low).min().orElse(0);
      long high = cover.ranges().stream().mapToLong(GridRange::high).max().orElse(-1);
      where.append(" AND d.grid_key BETWEEN :low AND :high");
      params.put("low", low);
      params.put("high", high);
      params.put("lows", cover.ranges().stream().map(GridRange::low).toArray(Long[]::new));
      params.put("highs", cover.ranges().stream().map(GridRange::high).toArray(Long[]::new));
    }
    if (cover.box() != null) {
      where.append(" AND d.lon BETWEEN :west AND :east AND d.lat BETWEEN :south AND :north");
      params.putAll(Map.of("west", cover.box().west(), "east", cover.box().east(), "south", cover.box().south(), "north", cover.box().north()));
    }
    if (region instanceof Region.InArea) {
      where.append(" AND d.area_code >= :lo AND d.area_code < :hi");
      params.putAll(Map.of("lo", cover.area().low(), "hi", cover.area().high()));
    }
    if (!kinds.isEmpty()) {
      where.append(" AND d.type_code = ANY (:kinds)");
      params.put("kinds", kinds.toArray(String[]::new));
    }
    return jdbc.sql(select + where + rest).params(params);
  }

  @Override
  @Transactional(readOnly = true)
  public List<KindCount> count(Selection selection) {
    record Tally(long count, int worst) {}
    Map<String, Tally> kinds = new HashMap<>();
    RegionCover cover = RegionCover.of(selection.region());
    boolean exact = selection.region() instanceof Region.InArea || selection.region() instanceof Region.Anywhere || selection.region() instanceof Region.Box;
    if (exact) {
      where(selection.region(), selection.kinds(), "SELECT d.type_code, count(*), max(" + GRADE + ") FROM sensing_device d ", " GROUP BY 1")
          .query(row -> {
            kinds.put(row.getString(1), new Tally(row.getLong(2), row.getInt(3)));
          });
    } else {
      where(selection.region(), selection.kinds(), "SELECT d.type_code, d.lon, d.lat, " + GRADE + " FROM sensing_device d ", "").query(row -> {
        if (cover.contains(row.getDouble(2), row.getDouble(3))) {
          kinds.merge(row.getString(1), new Tally(1, row.getInt(4)), (a, b) -> new Tally(a.count + 1, Math.max(a.worst, b.worst)));
        }
      });
    }
    return kinds.entrySet().stream().map(e -> new KindCount(e.getKey(), nameZh(e.getKey()), nameEn(e.getKey()), e.getValue().count(), e.getValue().worst()))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  private String nameZh(String type) {
    return Optional.ofNullable(directory.types().get(type)).map(DeviceType::nameZh).orElse(type);
  }

  private String nameEn(String type) {
    return Optional.ofNullable(directory.types().get(type)).map(DeviceType::nameEn).orElse(type);
  }

  /** In the order of their ids. */
  @Override
  @Transactional(readOnly = true)
  public Slice<Found> list(Selection selection, String after, int limit) {
    RegionCover cover = RegionCover.of(selection.region());
    long from = after == null ? 0 : Long.parseLong(after);
    List<Long> page = new ArrayList<>();
    while (true) {
      List<Long> inside = new ArrayList<>();
      long[] last = {-1};
      int[] read = {0};
      where(selection.region(), selection.kinds(), "SELECT d.id, d.lon, d.lat FROM sensing_device d ", " AND d.id > :from ORDER BY d.id LIMIT :limit")
          .param("from", from).param("limit", limit + 1).query(row -> {
            read[0]++;
            last[0] = row.getLong(1);
            if (cover.contains(row.getDouble(2), row.getDouble(3))) {
              inside.add(row.getLong(1));
            }
          });
      page.addAll(inside);
      if (page.size() > limit) {
        List<Long> shown = page.subList(0, limit);
        return new Slice<>(found(shown), String.valueOf(shown.getLast()));
      }
      if (read[0] <= limit) {
        return new Slice<>(found(page), null);
      }
      from = last[0];
    }
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Found> find(String id) {
    return id.matches("[0-9]{1,18}") ? found(List.of(Long.parseLong(id))).stream().findFirst() : Optional.empty();
  }

  private List<Found> found(List<Long> ids) {
    return devices.list(ids).stream().sorted(Comparator.comparingLong(Device::id)).map(d -> {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("code", d.code());
      facts.put("typeZh", nameZh(d.typeCode()));
      facts.put("typeEn", nameEn(d.typeCode()));
      facts.put("state", d.state().name());
      facts.put("stateZh", d.state().nameZh());
      facts.put("group", d.groupCode());
      facts.put("areaCode", d.areaCode());
      facts.put("area", d.areaCode() == null ? null : places.describe(d.areaCode()));
      facts.put("seenAt", d.seenAt() == null ? null : d.seenAt().toString());
      int grade = switch (d.state()) {
        case NEW, ONLINE -> 0;
        case SILENT -> 2;
        case FAULTY -> 3;
      };
      return new Found(String.valueOf(d.id()), d.typeCode(), d.name(), d.name(), POINTS.createPoint(new Coordinate(d.lon(), d.lat())), grade, facts);
    }).toList();
  }
}
