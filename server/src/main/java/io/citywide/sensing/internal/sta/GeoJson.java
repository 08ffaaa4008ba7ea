package io.citywide.sensing.internal.sta;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import tools.jackson.databind.JsonNode;

/** Geometries of RFC 7946, WGS-84 degrees; of a Feature its geometry. Heights are left out. */
final class GeoJson {

  private static final GeometryFactory FACTORY = new GeometryFactory();

  private GeoJson() {}

  /** @throws IllegalArgumentException where it is none, in words */
  static Geometry read(JsonNode json) {
    String type = json.path("type").asString("");
    JsonNode coordinates = json.path("coordinates");
    Geometry geometry = switch (type) {
      case "Feature" -> read(json.path("geometry"));
      case "Point" -> FACTORY.createPoint(position(coordinates));
      case "MultiPoint" -> FACTORY.createMultiPointFromCoords(positions(coordinates));
      case "LineString" -> line(coordinates);
      case "MultiLineString" -> FACTORY.createMultiLineString(list(coordinates).stream().map(GeoJson::line).toArray(LineString[]::new));
      case "Polygon" -> polygon(coordinates);
      case "MultiPolygon" -> FACTORY.createMultiPolygon(list(coordinates).stream().map(GeoJson::polygon).toArray(Polygon[]::new));
      case "GeometryCollection" -> FACTORY.createGeometryCollection(list(json.path("geometries")).stream().map(GeoJson::read).toArray(Geometry[]::new));
      default -> throw new IllegalArgumentException("a geometry has a type such as Point, LineString or Polygon, was '" + type + "'");
    };
    if (geometry.isEmpty()) {
      throw new IllegalArgumentException("the " + type + " is empty");
    }
    return geometry;
  }

  private static List<JsonNode> list(JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("coordinates are a list");
    }
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static Coordinate position(JsonNode position) {
    if (!position.isArray() || position.size() < 2 || !position.get(0).isNumber() || !position.get(1).isNumber()) {
      throw new IllegalArgumentException("a position is [longitude, latitude]");
    }
    double lon = position.get(0).asDouble();
    double lat = position.get(1).asDouble();
    if (!(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) {
      throw new IllegalArgumentException("a position is [longitude -180..180, latitude -90..90], was [" + lon + ", " + lat + "]");
    }
    return new Coordinate(lon, lat);
  }

  private static Coordinate[] positions(JsonNode array) {
    List<Coordinate> positions = new ArrayList<>();
    list(array).forEach(p -> positions.add(position(p)));
    return positions.toArray(Coordinate[]::new);
  }

  private static LineString line(JsonNode array) {
    Coordinate[] positions = positions(array);
    if (positions.length < 2) {
      throw new IllegalArgumentException("a line has two positions or more");
    }
    return FACTORY.createLineString(positions);
  }

  private static Polygon polygon(JsonNode array) {
    List<LinearRing> rings = list(array).stream().map(ring -> {
      Coordinate[] positions = positions(ring);
      if (positions.length < 4 || !positions[0].equals2D(positions[positions.length - 1])) {
        throw new IllegalArgumentException("a ring has four positions or more, and the last is the first");
      }
      return FACTORY.createLinearRing(positions);
    }).toList();
    if (rings.isEmpty()) {
      throw new IllegalArgumentException("a polygon has a ring");
    }
    return FACTORY.createPolygon(rings.getFirst(), rings.subList(1, rings.size()).toArray(LinearRing[]::new));
  }

  static boolean isPoint(Geometry geometry) {
    return geometry instanceof Point;
  }
}
