package io.citywide.map.internal.building;

import io.citywide.grid.GridRange;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
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
import io.citywide.place.Buildings.Sum;
import io.citywide.place.Buildings.Use;
import io.citywide.place.Buildings.Wanted;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Geometry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The buildings of the register: outlines where they are known, points else, cells at low zooms. A kind is a use. The grade is
 * that of the worst special-care marker in the building, for those who may read households; 0 for everybody else.
 */
@Component
class BuildingLayer implements LayerSource {

  private static final Layer LAYER = new Layer("buildings", "楼宇", "Buildings", Layer.Shape.AREA, 4, 14, Permission.BUILDING_READ, false, null);

  private final Buildings buildings;
  private final Places places;

  BuildingLayer(Buildings buildings, Places places) {
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

  private static boolean graded() {
    return Viewer.current().may(Permission.HOUSEHOLD_READ);
  }

  /** The uses that are meant; empty where only unknown ones are. */
  private static Optional<Wanted> wanted(Set<String> kinds) {
    Set<Use> uses = Arrays.stream(Use.values()).filter(u -> kinds.contains(u.name())).collect(Collectors.toSet());
    return uses.isEmpty() && !kinds.isEmpty() ? Optional.empty() : Optional.of(new Wanted(uses, false, Set.of()));
  }

  @Override
  @Transactional(readOnly = true)
  public void draw(TileFrame frame, TilePen pen) {
    Optional<Wanted> wanted = wanted(frame.kinds());
    if (wanted.isEmpty() || frame.zoom() >= LAYER.objectZoom() && objects(frame, wanted.get(), pen)) {
      return;
    }
    pen.clear();
    boolean graded = graded();
    CellTally tally = CellTally.of(Grounds.cells(frame.zoom()));
    List<GridRange> ranges = RegionCover.of(new Region.Box(tally.around(frame.box()))).ranges();
    Optional<List<Sum>> cells = frame.zoom() < Grounds.CELLS_BELOW ? buildings.cells(ranges) : Optional.empty();
    if (cells.isPresent()) {
      for (Sum sum : cells.get()) {
        String[] figure = sum.figure().split(":");
        if (figure[0].equals("USE") && (frame.kinds().isEmpty() || frame.kinds().contains(figure[1]))) {
          tally.add(Grounds.lon(sum), Grounds.lat(sum), sum.n());
          tally.kind(Grounds.lon(sum), Grounds.lat(sum), figure[1], sum.n());
        } else if (graded && figure[0].equals("GRADE") && (frame.kinds().isEmpty() || frame.kinds().contains(figure[1]))) {
          tally.grade(Grounds.lon(sum), Grounds.lat(sum), Integer.parseInt(figure[2]));
        }
      }
    } else {
      buildings.each(Grounds.points(ranges), wanted.get(), Exact.ANY, b -> tally.add(b.lon(), b.lat(), b.use().name(), 1, graded ? b.worst() : 0));
    }
    tally.draw(pen);
  }

  /** Whether they fit. */
  private boolean objects(TileFrame frame, Wanted wanted, TilePen pen) {
    boolean graded = graded();
    Region.Box box = new Region.Box(Grounds.widened(frame.box()));
    RegionCover cover = RegionCover.of(box);
    Buildings.Page page = buildings.list(Grounds.of(box, cover), wanted, Grounds.exact(cover), null, Grounds.MOST_OBJECTS);
    if (page.next() != null) {
      return false;
    }
    for (Building b : page.items()) {
      (b.outline() == null ? pen.point(b.id(), b.lon(), b.lat()) : pen.geometry(b.id(), b.outline()))
          .tag("kind", b.use().name()).tag("grade", graded ? b.worst() : 0).tag("ident", b.ident()).tag("name", b.name());
      if (b.floors() != null) {
        pen.tag("floors", b.floors());
      }
      if (b.heightMeters() != null) {
        pen.tag("height", Math.round(b.heightMeters()));
      }
      if (!pen.fits()) {
        return false;
      }
    }
    return true;
  }

  @Override
  @Transactional(readOnly = true)
  public List<KindCount> count(Selection selection) {
    Optional<Wanted> wanted = wanted(selection.kinds());
    if (wanted.isEmpty()) {
      return List.of();
    }
    boolean graded = graded();
    Map<Use, Long> counts = new EnumMap<>(Use.class);
    Map<Use, Integer> worst = new EnumMap<>(Use.class);
    RegionCover cover = RegionCover.of(selection.region());
    if (Grounds.wholeAreas(selection.region())) {
      for (Sum sum : buildings.sums(cover.area())) {
        String[] figure = sum.figure().split(":");
        if (sum.n() <= 0 || !figure[0].equals("USE") && !figure[0].equals("GRADE") || !selection.kinds().isEmpty() && !selection.kinds().contains(figure[1])) {
          continue;
        }
        if (figure[0].equals("USE")) {
          counts.merge(Use.valueOf(figure[1]), sum.n(), Long::sum);
        } else if (graded) {
          worst.merge(Use.valueOf(figure[1]), Integer.parseInt(figure[2]), Math::max);
        }
      }
    } else {
      buildings.each(Grounds.of(selection.region(), cover), wanted.get(), Grounds.exact(cover), b -> {
        counts.merge(b.use(), 1L, Long::sum);
        worst.merge(b.use(), graded ? b.worst() : 0, Math::max);
      });
    }
    return counts.entrySet().stream().map(e -> new KindCount(e.getKey().name(), e.getKey().nameZh(), e.getKey().nameEn(), e.getValue(), worst.getOrDefault(e.getKey(), 0)))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<Found> list(Selection selection, String after, int limit) {
    return wanted(selection.kinds()).map(wanted -> Grounds.page(buildings, selection.region(), wanted, after, limit, this::found)).orElse(new Slice<>(List.of(), null));
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Found> find(String id) {
    return buildings.find(id).map(this::found);
  }

  private Found found(Building b) {
    boolean graded = graded();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("ident", b.ident());
    facts.put("name", b.name());
    facts.put("address", b.address());
    facts.put("use", b.use().name());
    facts.put("useZh", b.use().nameZh());
    facts.put("useEn", b.use().nameEn());
    facts.put("floors", b.floors());
    facts.put("height", b.heightMeters());
    facts.put("built", b.built());
    facts.put("areaCode", b.areaCode());
    facts.put("area", places.describe(b.areaCode()));
    facts.put("rooms", b.rooms());
    facts.put("households", b.households());
    facts.put("enterprises", b.enterprises());
    if (graded) {
      facts.put("caredFor", b.caredFor());
    }
    Geometry shape = b.outline() == null ? Grounds.point(b.lon(), b.lat()) : b.outline();
    return new Found(b.ident(), b.use().name(), b.name(), b.name(), shape, graded ? b.worst() : 0, facts);
  }
}
