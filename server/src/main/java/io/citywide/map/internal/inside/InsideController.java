package io.citywide.map.internal.inside;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.internal.inside.InsideDesk.Before;
import io.citywide.map.internal.inside.InsideDesk.Inside;
import io.citywide.map.spi.Found;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The penetrating query. Bodies: {@code {region, at?, layers?, kinds?}}; POST because regions are long, nothing is changed. */
@RestController
@RequestMapping("/api/map/inside")
class InsideController {

  record Question(JsonNode region, Instant at, Set<String> layers, Set<String> kinds, Instant from, Instant to) {}

  record Feature(String type, String id, Object geometry, Map<String, Object> properties) {}

  private final InsideDesk desk;
  private final RegionReader regions;

  InsideController(InsideDesk desk, RegionReader regions) {
    this.desk = desk;
    this.regions = regions;
  }

  @Requires(Permission.PLACE_READ)
  @PostMapping
  Inside inside(@RequestBody Question question) {
    return desk.look(regions.read(question.region()), question.at(), question.layers());
  }

  @Requires(Permission.PLACE_READ)
  @PostMapping("/{layer}")
  Slice<Feature> list(@PathVariable String layer, @RequestBody Question question, @RequestParam(required = false) String after,
      @RequestParam(defaultValue = "50") int limit) {
    Slice<Found> page = desk.list(regions.read(question.region()), layer, question.kinds() == null ? Set.of() : question.kinds(), question.at(), after, limit);
    return new Slice<>(page.items().stream().map(InsideController::feature).toList(), page.next());
  }

  /** What was settled there, by kind and month, and where the same came back; of the last year unless {@code from} and {@code to} say so. */
  @Requires(Permission.CASE_READ)
  @PostMapping("/history")
  Before before(@RequestBody Question question) {
    return desk.before(regions.read(question.region()), question.from(), question.to());
  }

  private static Feature feature(Found found) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("kind", found.kind());
    properties.put("titleZh", found.titleZh());
    properties.put("titleEn", found.titleEn());
    properties.put("grade", found.grade());
    properties.putAll(found.properties());
    return new Feature("Feature", found.id(), found.geometry() == null || found.geometry().isEmpty() ? null : geometry(found.geometry()), properties);
  }

  /** As GeoJSON. */
  private static Map<String, Object> geometry(Geometry g) {
    return switch (g) {
      case Point p -> Map.of("type", "Point", "coordinates", at(p.getCoordinate()));
      case LineString l -> Map.of("type", "LineString", "coordinates", line(l));
      case Polygon p -> Map.of("type", "Polygon", "coordinates", rings(p));
      case GeometryCollection all -> {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (int i = 0; i < all.getNumGeometries(); i++) {
          parts.add(geometry(all.getGeometryN(i)));
        }
        yield all.getGeometryType().startsWith("Multi")
            ? Map.of("type", all.getGeometryType(), "coordinates", parts.stream().map(p -> p.get("coordinates")).toList())
            : Map.of("type", "GeometryCollection", "geometries", parts);
      }
      default -> throw new IllegalArgumentException("no GeoJSON for " + g.getGeometryType());
    };
  }

  private static List<List<List<Double>>> rings(Polygon polygon) {
    List<List<List<Double>>> rings = new ArrayList<>();
    rings.add(line(polygon.getExteriorRing()));
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      rings.add(line(polygon.getInteriorRingN(i)));
    }
    return rings;
  }

  private static List<List<Double>> line(LineString line) {
    List<List<Double>> points = new ArrayList<>();
    for (Coordinate c : line.getCoordinates()) {
      points.add(at(c));
    }
    return points;
  }

  private static List<Double> at(Coordinate c) {
    return List.of(c.x, c.y);
  }
}
