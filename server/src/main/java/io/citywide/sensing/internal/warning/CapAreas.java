package io.citywide.sensing.internal.warning;

import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Building;
import io.citywide.place.Places;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;
import org.springframework.stereotype.Component;

/**
 * Where a warning holds, as CAP 1.2 says it: the outline of the building in which its subject stands; where none is known a circle around
 * the subject; where the subject has no place the boundary of its area. Joins the transaction under way and sees what its scope sees.
 */
@Component
class CapAreas {

  /** A point stands for what lies within so many kilometres of it. */
  private static final String POINT_RADIUS = "0.1";

  /** Boundaries of areas are drawn to some ten metres. */
  private static final double TOLERANCE = 1e-4;

  private final Places places;
  private final Buildings buildings;

  CapAreas(Places places, Buildings buildings) {
    this.places = places;
    this.buildings = buildings;
  }

  CapMessage.Area of(Warning w) {
    CapMessage.Area mark = marks(List.of(w)).get(w.id());
    if (!mark.polygon().isEmpty() || !mark.circle().isEmpty()) {
      return mark;
    }
    List<String> boundary = places.boundary(w.areaCode()).map(b -> polygons(TopologyPreservingSimplifier.simplify(b, TOLERANCE))).orElse(List.of());
    return new CapMessage.Area(mark.areaDesc(), boundary, List.of(), mark.geocode());
  }

  /** By id of the warning, without the boundaries of areas, of which the codes say as much in less room. */
  Map<Long, CapMessage.Area> marks(Collection<Warning> warnings) {
    List<String> idents = warnings.stream().map(Warning::buildingIdent).filter(Objects::nonNull).distinct().toList();
    Map<String, Building> known = idents.isEmpty() ? Map.of() : buildings.list(idents).stream().filter(b -> b.outline() != null).collect(Collectors.toMap(Building::ident, Function.identity()));
    Map<Long, CapMessage.Area> marks = new HashMap<>();
    for (Warning w : warnings) {
      Building building = w.buildingIdent() == null ? null : known.get(w.buildingIdent());
      List<String> outline = building == null ? List.of() : polygons(building.outline());
      List<String> circle = !outline.isEmpty() || w.lon() == null ? List.of() : List.of(degrees(w.lat()) + "," + degrees(w.lon()) + " " + POINT_RADIUS);
      String area = w.areaCode().isEmpty() ? WarningKeeper.zh(w.subjectName()) : places.describe(w.areaCode());
      marks.put(w.id(), new CapMessage.Area(outline.isEmpty() ? area : area + " · " + building.name(), outline, circle, codes(w.areaCode())));
    }
    return marks;
  }

  private Map<String, String> codes(String areaCode) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (Area a : places.chain(areaCode)) {
      if (a.level() == AreaLevel.CITY || a.level() == AreaLevel.DISTRICT) {
        codes.put("GB/T 2260", a.code());
      } else if (a.level() == AreaLevel.STREET) {
        codes.put("GB/T 10114", a.code());
      } else {
        codes.put("citywide.area", a.code());
      }
    }
    if (codes.isEmpty() && AreaCode.fault(areaCode).isEmpty()) {
      codes.put("GB/T 2260", CapNumbers.region(areaCode));
    }
    return codes;
  }

  /** Outer rings, closed, latitude first. */
  private static List<String> polygons(Geometry shape) {
    List<String> polygons = new ArrayList<>();
    for (int i = 0; i < shape.getNumGeometries(); i++) {
      if (shape.getGeometryN(i) instanceof Polygon p && !p.isEmpty()) {
        StringBuilder ring = new StringBuilder();
        for (Coordinate c : p.getExteriorRing().getCoordinates()) {
          ring.append(ring.isEmpty() ? "" : " ").append(degrees(c.y)).append(',').append(degrees(c.x));
        }
        polygons.add(ring.toString());
      }
    }
    return polygons;
  }

  private static String degrees(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
