package io.citywide.map.internal.building;

import io.citywide.grid.GridRange;
import io.citywide.identity.Permission;
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
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Building;
import io.citywide.place.Buildings.Exact;
import io.citywide.place.Buildings.Marker;
import io.citywide.place.Buildings.Sum;
import io.citywide.place.Buildings.Wanted;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * How many households live where, by special-care marker: a point for each building that has any, nobody's name. They are
 * found where their building is. A household with two markers is counted under both; the total counts it once.
 */
@Component
class HouseholdLayer implements LayerSource {

  private static final Layer LAYER = new Layer("households", "住户", "Households", Layer.Shape.POINT, 4, 14, Permission.HOUSEHOLD_READ, false, null);
  private static final Marker WITHOUT = new Marker(Buildings.PLAIN, "无关爱标识", "Without a marker", 0);
  private static final String CARE = "CARE:";

  private final Buildings buildings;
  private final Places places;

  HouseholdLayer(Buildings buildings, Places places) {
    this.buildings = buildings;
    this.places = places;
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  @Override
  @Transactional(readOnly = true)
  public String revision() {
    return buildings.revision();
  }

  private static Wanted wanted(Set<String> kinds) {
    return new Wanted(Set.of(), true, kinds);
  }

  private Map<String, Marker> markers() {
    return buildings.markers().stream().collect(Collectors.toMap(Marker::code, Function.identity(), (a, b) -> a, LinkedHashMap::new));
  }

  @Override
  @Transactional(readOnly = true)
  public void draw(TileFrame frame, TilePen pen) {
    Set<String> kinds = frame.kinds();
    if (frame.zoom() >= LAYER.objectZoom() && objects(frame, pen)) {
      return;
    }
    pen.clear();
    Map<String, Marker> markers = markers();
    CellTally tally = CellTally.of(Grounds.cells(frame.zoom()));
    List<GridRange> ranges = RegionCover.of(new Region.Box(tally.around(frame.box()))).ranges();
    Optional<List<Sum>> cells = frame.zoom() < Grounds.CELLS_BELOW ? buildings.cells(ranges) : Optional.empty();
    if (cells.isPresent()) {
      for (Sum sum : cells.get()) {
        double lon = Grounds.lon(sum);
        double lat = Grounds.lat(sum);
        if (sum.figure().equals(Buildings.HOUSEHOLDS)) {
          tally.add(lon, lat, kinds.isEmpty() ? sum.n() : 0);
        } else if (sum.figure().equals(Buildings.PLAIN) || sum.figure().startsWith(CARE)) {
          kind(tally, lon, lat, sum.figure().startsWith(CARE) ? sum.figure().substring(CARE.length()) : Buildings.PLAIN, sum.n(), kinds, markers);
        }
      }
    } else {
      buildings.each(Grounds.points(ranges), wanted(kinds), Exact.ANY, b -> {
        tally.add(b.lon(), b.lat(), kinds.isEmpty() ? b.households() : 0);
        kind(tally, b.lon(), b.lat(), Buildings.PLAIN, b.households() - b.caredFor(), kinds, markers);
        b.care().forEach((marker, n) -> kind(tally, b.lon(), b.lat(), marker, n, kinds, markers));
      });
    }
    tally.draw(pen);
  }

  private static void kind(CellTally tally, double lon, double lat, String kind, long n, Set<String> kinds, Map<String, Marker> markers) {
    if (n > 0 && (kinds.isEmpty() || kinds.contains(kind))) {
      tally.kind(lon, lat, kind, n);
      tally.add(lon, lat, kinds.isEmpty() ? 0 : n);
      tally.grade(lon, lat, markers.getOrDefault(kind, WITHOUT).grade());
    }
  }

  /** Whether they fit. */
  private boolean objects(TileFrame frame, TilePen pen) {
    Map<String, Marker> markers = markers();
    Buildings.Page page = buildings.list(Grounds.points(RegionCover.of(new Region.Box(Grounds.widened(frame.box()))).ranges()), wanted(frame.kinds()), Exact.ANY, null,
        Grounds.MOST_OBJECTS);
    if (page.next() != null) {
      return false;
    }
    for (Building b : page.items()) {
      Marker worst = worst(b, markers);
      pen.point(b.id(), b.lon(), b.lat()).tag("kind", worst.code()).tag("grade", worst.grade()).tag("ident", b.ident()).tag("name", b.name())
          .tag("households", b.households()).tag("caredFor", b.caredFor());
      if (!pen.fits()) {
        return false;
      }
    }
    return true;
  }

  /** The most urgent marker among the households of a building, and of equally urgent ones the first by code. */
  private static Marker worst(Building b, Map<String, Marker> markers) {
    return markers.values().stream().filter(m -> b.care().containsKey(m.code())).findFirst().orElse(WITHOUT);
  }

  @Override
  @Transactional(readOnly = true)
  public List<KindCount> count(Selection selection) {
    Map<String, Long> counts = new HashMap<>();
    RegionCover cover = RegionCover.of(selection.region());
    if (Grounds.wholeAreas(selection.region())) {
      for (Sum sum : buildings.sums(cover.area())) {
        if (sum.figure().startsWith(CARE)) {
          counts.merge(sum.figure().substring(CARE.length()), sum.n(), Long::sum);
        } else if (sum.figure().equals(Buildings.PLAIN)) {
          counts.merge(Buildings.PLAIN, sum.n(), Long::sum);
        }
      }
    } else {
      buildings.each(Grounds.of(selection.region(), cover), wanted(selection.kinds()), Grounds.exact(cover), b -> {
        counts.merge(Buildings.PLAIN, (long) b.households() - b.caredFor(), Long::sum);
        b.care().forEach((marker, n) -> counts.merge(marker, (long) n, Long::sum));
      });
    }
    Map<String, Marker> markers = markers();
    markers.put(Buildings.PLAIN, WITHOUT);
    return counts.entrySet().stream().filter(e -> e.getValue() > 0 && markers.containsKey(e.getKey()) && (selection.kinds().isEmpty() || selection.kinds().contains(e.getKey())))
        .map(e -> new KindCount(e.getKey(), markers.get(e.getKey()).nameZh(), markers.get(e.getKey()).nameEn(), e.getValue(), markers.get(e.getKey()).grade()))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  @Override
  @Transactional(readOnly = true)
  public long total(Selection selection, List<KindCount> counted) {
    if (!selection.kinds().isEmpty() || counted.isEmpty()) {
      return LayerSource.super.total(selection, counted);
    }
    RegionCover cover = RegionCover.of(selection.region());
    if (Grounds.wholeAreas(selection.region())) {
      return buildings.sums(cover.area()).stream().filter(s -> s.figure().equals(Buildings.HOUSEHOLDS)).mapToLong(Sum::n).sum();
    }
    long[] total = {0};
    buildings.each(Grounds.of(selection.region(), cover), wanted(Set.of()), Grounds.exact(cover), b -> total[0] += b.households());
    return total[0];
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<Found> list(Selection selection, String after, int limit) {
    Map<String, Marker> markers = markers();
    return Grounds.page(buildings, selection.region(), wanted(selection.kinds()), after, limit, b -> found(b, markers));
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Found> find(String id) {
    return buildings.find(id).filter(b -> b.households() > 0).map(b -> found(b, markers()));
  }

  private Found found(Building b, Map<String, Marker> markers) {
    Marker worst = worst(b, markers);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("ident", b.ident());
    facts.put("name", b.name());
    facts.put("address", b.address());
    facts.put("areaCode", b.areaCode());
    facts.put("area", places.describe(b.areaCode()));
    facts.put("households", b.households());
    facts.put("caredFor", b.caredFor());
    facts.put("careZh", words(b, markers, Marker::nameZh, "、"));
    facts.put("careEn", words(b, markers, Marker::nameEn, ", "));
    markers.values().forEach(m -> facts.put("care_" + m.code(), b.care().getOrDefault(m.code(), 0)));
    return new Found(b.ident(), worst.code(), b.name(), b.name(), Grounds.point(b.lon(), b.lat()), worst.grade(), facts);
  }

  private static String words(Building b, Map<String, Marker> markers, Function<Marker, String> name, String between) {
    return markers.values().stream().filter(m -> b.care().containsKey(m.code())).map(m -> name.apply(m) + " " + b.care().get(m.code())).collect(Collectors.joining(between));
  }
}
