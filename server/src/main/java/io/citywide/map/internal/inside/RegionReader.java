package io.citywide.map.internal.inside;

import io.citywide.map.MapProblem;
import io.citywide.map.spi.Region;
import io.citywide.place.Area;
import io.citywide.place.PlaceProblem;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the region of a request: {@code {circle:{lon,lat,radius}}}, {@code {polygon:GeoJSON}} or {@code {area:code}}. */
@Component
class RegionReader {

  /** Drawn by hand or taken from a map; a coast line in full is neither. */
  private static final int MOST_POINTS = 10_000;

  /** Degrees from side to side: no city is larger. */
  private static final double WIDEST = 10;

  private static final double MOST_METERS = 50_000;

  /** Radius in metres of the sphere with the surface of CGCS2000. */
  private static final double AUTHALIC = 6_371_007.18;

  private static final GeometryFactory GEOMETRY = new GeometryFactory(new PrecisionModel(), 4326);

  /**
   * A region as it was understood.
   *
   * @param shown as the answer repeats it, with {@code areaKm2} where it is known
   * @param middle longitude and latitude of a point of it; {@code null} for an area without a boundary
   * @param area {@code null} unless it is an area
   */
  record Read(Region region, Map<String, Object> shown, double[] middle, Area area) {}

  private final Places places;

  RegionReader(Places places) {
    this.places = places;
  }

  /** @throws ProblemException {@code map.invalid-region} or {@code place.unknown-area}, saying what is wrong and where */
  Read read(JsonNode node) {
    if (node == null || !node.isObject()) {
      throw invalid("region", "the region is missing: {circle:{lon,lat,radius}}, {polygon:GeoJSON} or {area:code}", "缺少范围：圆、多边形或区域代码");
    }
    List<String> given = List.of("circle", "polygon", "area").stream().filter(node::hasNonNull).toList();
    if (given.size() != 1) {
      throw invalid("region", "the region is exactly one of circle, polygon and area, was " + given, "范围须为圆、多边形、区域之一");
    }
    return switch (given.getFirst()) {
      case "circle" -> circle(node.get("circle"));
      case "polygon" -> polygon(node.get("polygon"));
      default -> area(node.get("area"));
    };
  }

  private Read circle(JsonNode node) {
    double lon = number(node, "region.circle.lon", "lon");
    double lat = number(node, "region.circle.lat", "lat");
    double radius = number(node, "region.circle.radius", "radius");
    position("region.circle", lon, lat);
    if (!(radius > 0 && radius <= MOST_METERS)) {
      throw invalid("region.circle.radius", "a circle has a radius above 0 and at most 50000 m, was " + radius, "半径须大于 0 且不超过 50000 米");
    }
    Map<String, Object> circle = new LinkedHashMap<>();
    circle.put("lon", lon);
    circle.put("lat", lat);
    circle.put("radius", radius);
    return new Read(new Region.Circle(lon, lat, radius), shown("circle", circle, Math.PI * radius * radius / 1e6), new double[] {lon, lat}, null);
  }

  private static double number(JsonNode node, String field, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isNumber()) {
      throw invalid(field, "the field " + field + " is a number, was " + value, field + " 须为数值");
    }
    return value.asDouble();
  }

  private static void position(String field, double lon, double lat) {
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) < 88)) {
      throw invalid(field, "a longitude is -180..180 and a latitude between -88 and 88 degrees, were " + lon + ", " + lat
          + (Math.abs(lon) < 88 && Math.abs(lat) <= 180 ? "; the longitude comes first" : ""), "经度须在 -180 至 180 之间，纬度须在 -88 至 88 之间，经度在前");
    }
  }

  private Read polygon(JsonNode node) {
    String type = node.path("type").asString("");
    if (type.equals("Feature")) {
      return polygon(node.path("geometry"));
    }
    JsonNode coordinates = node.get("coordinates");
    if (!(type.equals("Polygon") || type.equals("MultiPolygon")) || coordinates == null || !coordinates.isArray()) {
      throw invalid("region.polygon", "a polygon is a GeoJSON Polygon or MultiPolygon, was '" + type + "'", "多边形须为 GeoJSON 的 Polygon 或 MultiPolygon");
    }
    int[] points = new int[1];
    List<Polygon> polygons = new ArrayList<>();
    if (type.equals("Polygon")) {
      polygons.add(rings(coordinates, "region.polygon.coordinates", points));
    } else {
      for (int i = 0; i < coordinates.size(); i++) {
        polygons.add(rings(coordinates.get(i), "region.polygon.coordinates[" + i + "]", points));
      }
    }
    if (polygons.isEmpty()) {
      throw invalid("region.polygon.coordinates", "a polygon has at least one ring", "多边形至少有一个环");
    }
    Geometry geometry = polygons.size() == 1 ? polygons.getFirst() : GEOMETRY.createMultiPolygon(polygons.toArray(Polygon[]::new));
    Envelope box = geometry.getEnvelopeInternal();
    if (box.getWidth() > WIDEST || box.getHeight() > WIDEST) {
      throw invalid("region.polygon", "a polygon is at most 10 degrees wide and high, was " + round(box.getWidth(), 3) + " x " + round(box.getHeight(), 3),
          "多边形的宽和高均不超过 10 度");
    }
    TopologyValidationError fault = new IsValidOp(geometry).getValidationError();
    if (fault != null) {
      Coordinate at = fault.getCoordinate();
      throw new ProblemException(MapProblem.INVALID_REGION, words(fault) + " at " + round(at.x, 6) + ", " + round(at.y, 6),
          Map.of("field", "region.polygon", "fault", fault.getMessage(), "lon", round(at.x, 6), "lat", round(at.y, 6)))
          .zh("多边形在 " + round(at.x, 6) + ", " + round(at.y, 6) + " 处自相交或环的位置有误");
    }
    Coordinate middle = geometry.getInteriorPoint().getCoordinate();
    return new Read(new Region.Outline(geometry), shown("polygon", node, squareKm(geometry)), new double[] {middle.x, middle.y}, null);
  }

  private static String words(TopologyValidationError fault) {
    return switch (fault.getErrorType()) {
      case TopologyValidationError.SELF_INTERSECTION, TopologyValidationError.RING_SELF_INTERSECTION -> "the outline crosses itself";
      case TopologyValidationError.HOLE_OUTSIDE_SHELL -> "a hole lies outside the outline";
      case TopologyValidationError.NESTED_HOLES -> "a hole lies in another hole";
      case TopologyValidationError.NESTED_SHELLS -> "a polygon lies in another one";
      case TopologyValidationError.DISCONNECTED_INTERIOR -> "holes cut the polygon in pieces";
      case TopologyValidationError.DUPLICATE_RINGS -> "a ring stands twice";
      default -> "the polygon is not valid (" + fault.getMessage() + ")";
    };
  }

  private static Polygon rings(JsonNode node, String field, int[] points) {
    if (!node.isArray() || node.isEmpty()) {
      throw invalid(field, "a polygon is a list of rings", "多边形须为环的列表");
    }
    LinearRing shell = null;
    List<LinearRing> holes = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      LinearRing ring = ring(node.get(i), field + "[" + i + "]", points);
      if (shell == null) {
        shell = ring;
      } else {
        holes.add(ring);
      }
    }
    return GEOMETRY.createPolygon(shell, holes.toArray(LinearRing[]::new));
  }

  private static LinearRing ring(JsonNode node, String field, int[] points) {
    if (!node.isArray() || node.size() < 3) {
      throw invalid(field, "a ring has at least three corners", "环至少有三个角点");
    }
    points[0] += node.size();
    if (points[0] > MOST_POINTS) {
      throw invalid(field, "a polygon has at most " + MOST_POINTS + " points", "多边形最多 " + MOST_POINTS + " 个点");
    }
    List<Coordinate> ring = new ArrayList<>(node.size() + 1);
    for (int i = 0; i < node.size(); i++) {
      JsonNode at = node.get(i);
      if (!at.isArray() || at.size() < 2 || !at.get(0).isNumber() || !at.get(1).isNumber()) {
        throw invalid(field + "[" + i + "]", "a point is [longitude, latitude], was " + at, "点须为 [经度, 纬度]");
      }
      position(field + "[" + i + "]", at.get(0).asDouble(), at.get(1).asDouble());
      ring.add(new Coordinate(at.get(0).asDouble(), at.get(1).asDouble()));
    }
    // Closed by whoever forgot it: what is meant is plain.
    if (!ring.getFirst().equals2D(ring.getLast())) {
      ring.add(new Coordinate(ring.getFirst()));
    }
    if (ring.size() < 4) {
      throw invalid(field, "a ring has at least three corners", "环至少有三个角点");
    }
    return GEOMETRY.createLinearRing(ring.toArray(Coordinate[]::new));
  }

  private Read area(JsonNode node) {
    String code = node.asString("");
    Area area = places.findArea(code)
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_AREA, "there is no area '" + code + "' in force", Map.of("field", "region.area", "areaCode", code))
            .zh("没有现行的区域“" + code + "”"));
    Optional<Geometry> boundary = places.boundary(area.code());
    Map<String, Object> shown = shown("area", area.code(), boundary.map(RegionReader::squareKm).orElse(null));
    shown.put("name", area.name());
    return new Read(new Region.InArea(area.code()), shown, area.center(), area);
  }

  private static Map<String, Object> shown(String what, Object value, Double squareKm) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put(what, value);
    shown.put("areaKm2", squareKm == null ? null : round(squareKm, 4));
    return shown;
  }

  /** To within 0.5 %: in the sinusoidal projection, which keeps areas, of the sphere with the same surface. */
  private static double squareKm(Geometry geometry) {
    Geometry flat = geometry.copy();
    double middle = geometry.getEnvelopeInternal().centre().x;
    flat.apply((Coordinate c) -> {
      double lat = Math.toRadians(c.y);
      c.setX(Math.toRadians(c.x - middle) * Math.cos(lat) * AUTHALIC);
      c.setY(lat * AUTHALIC);
    });
    return flat.getArea() / 1e6;
  }

  private static double round(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }

  private static ProblemException invalid(String field, String detail, String zh) {
    return new ProblemException(MapProblem.INVALID_REGION, detail, Map.of("field", field)).zh(zh);
  }
}
