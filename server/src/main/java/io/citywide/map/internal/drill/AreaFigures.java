package io.citywide.map.internal.drill;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.map.internal.layer.Moments;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.map.spi.AreaFigureSource.Figure;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Buildings;
import io.citywide.place.PlaceProblem;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Drill-down: every source counts once by the deepest area, and the sums are made on the way up. */
@RestController
public class AreaFigures {

  record Step(String code, String name, String nameEn, AreaLevel level) {}

  /**
   * One area.
   *
   * @param bbox west, south, east, north; {@code null} without a boundary
   * @param center may be {@code null}
   * @param figures by {@link Figure#id()}, all of them
   */
  record AreaFigure(String code, String name, String nameEn, AreaLevel level, double[] bbox, double[] center, Map<String, Long> figures) {}

  /** A building of a community or unit grid, the last step down; {@code lon} and {@code lat} of a point in it, WGS-84. */
  record BuildingFigure(String ident, String name, Buildings.Use use, Integer floors, double lon, double lat, String areaCode, int rooms, int households, int enterprises,
      int caredFor) {}

  /**
   * @param chain from the city down to the area itself
   * @param buildings of a community or unit grid, the first {@value #MOST_BUILDINGS}; empty above, and for whoever may not see them
   * @param moreBuildings whether there are more than that
   */
  record Drill(List<Figure> figures, Instant at, List<Step> chain, AreaFigure area, List<AreaFigure> children, List<BuildingFigure> buildings, boolean moreBuildings) {}

  private static final int MOST_BUILDINGS = 500;

  private final Places places;
  private final Buildings buildings;
  private final List<AreaFigureSource> sources;

  AreaFigures(Places places, Buildings buildings, List<AreaFigureSource> sources) {
    this.places = places;
    this.buildings = buildings;
    this.sources = List.copyOf(sources);
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/map/areas/{code}/figures")
  @Transactional(readOnly = true)
  public Drill figures(@PathVariable String code, @RequestParam(required = false) Instant at) {
    Moments.checked("at", at);
    Area area = places.findArea(code)
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_AREA, "there is no area '" + code + "' in force", Map.of("areaCode", code)).zh("没有现行的区域“" + code + "”"));
    List<Figure> figures = sources.stream().flatMap(s -> s.figures().stream()).toList();
    List<Area> children = places.listChildren(area.code());
    Map<String, Map<String, Long>> sums = new HashMap<>();
    for (AreaFigureSource source : sources) {
      source.count(area.code(), at).forEach((deepest, counts) -> {
        add(sums, area.code(), counts);
        below(area, deepest).ifPresent(child -> add(sums, child, counts));
      });
    }
    Buildings.Page in = (area.level() == AreaLevel.COMMUNITY || area.level() == AreaLevel.UNIT_GRID) && Viewer.current().may(Permission.BUILDING_READ)
        ? buildings.list(new Buildings.Ground(AreaScope.of(area.code()), null), new Buildings.Wanted(Set.of(), false, Set.of()), Buildings.Exact.ANY, null,
            MOST_BUILDINGS)
        : new Buildings.Page(List.of(), null);
    return new Drill(figures, at, places.chain(area.code()).stream().map(a -> new Step(a.code(), a.name(), a.nameEn(), a.level())).toList(),
        figure(area, figures, sums), children.stream().map(c -> figure(c, figures, sums)).toList(),
        in.items().stream().map(b -> new BuildingFigure(b.ident(), b.name(), b.use(), b.floors(), b.lon(), b.lat(), b.areaCode(), b.rooms(), b.households(), b.enterprises(),
            b.caredFor())).toList(), in.next() != null);
  }

  /** The area right below {@code area} in which {@code deepest} lies; empty for the area itself. */
  private Optional<String> below(Area area, String deepest) {
    List<Area> chain = places.chain(deepest);
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (chain.get(i).code().equals(area.code())) {
        return Optional.of(chain.get(i + 1).code());
      }
    }
    return Optional.empty();
  }

  private static void add(Map<String, Map<String, Long>> sums, String area, Map<String, Long> counts) {
    Map<String, Long> sum = sums.computeIfAbsent(area, a -> new HashMap<>());
    counts.forEach((figure, n) -> sum.merge(figure, n, Long::sum));
  }

  private AreaFigure figure(Area area, List<Figure> figures, Map<String, Map<String, Long>> sums) {
    Map<String, Long> counted = sums.getOrDefault(area.code(), Map.of());
    Map<String, Long> all = new LinkedHashMap<>();
    figures.forEach(f -> all.put(f.id(), counted.getOrDefault(f.id(), 0L)));
    // Outlines are drawn of the own area; so are the boxes around them.
    Envelope box = Viewer.current().area().covers(area.code()) ? places.boundary(area.code()).map(Geometry::getEnvelopeInternal).orElse(null) : null;
    return new AreaFigure(area.code(), area.name(), area.nameEn(), area.level(),
        box == null ? null : new double[] {box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY()}, area.center(), all);
  }
}
