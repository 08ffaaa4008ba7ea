package io.citywide.place.internal;

import io.citywide.place.CoordinateSystem;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Geometries of RFC 7946 in and out. Reading converts into WGS-84 and says precisely what is wrong. */
final class GeoJson {

  static final GeometryFactory FACTORY = new GeometryFactory();

  private GeoJson() {}

  /** What is wrong with a geometry, and where if that is known. */
  static final class Fault extends Exception {
    private final transient double[] where;

    Fault(String message, double[] where) {
      super(message, null, false, false);
      this.where = where;
    }

    double[] where() {
      return where;
    }
  }

  /** @return {@code null} for a JSON null or missing geometry */
  static Geometry read(JsonNode node, CoordinateSystem system) throws Fault {
    if (node == null || node.isMissingNode() || node.isNull()) {
      return null;
    }
    JsonNode type = node.path("type");
    JsonNode at = node.path("coordinates");
    return switch (type.asString("")) {
      case "Point" -> FACTORY.createPoint(position(at, system));
      case "LineString" -> FACTORY.createLineString(positions(at, system, 2));
      case "MultiLineString" -> {
        List<LineString> lines = new ArrayList<>();
        for (JsonNode line : list(at)) {
          lines.add(FACTORY.createLineString(positions(line, system, 2)));
        }
        yield FACTORY.createMultiLineString(lines.toArray(LineString[]::new));
      }
      case "Polygon" -> polygon(at, system);
      case "MultiPolygon" -> {
        List<Polygon> polygons = new ArrayList<>();
        for (JsonNode polygon : list(at)) {
          polygons.add(polygon(polygon, system));
        }
        if (polygons.isEmpty()) {
          throw new Fault("a MultiPolygon needs at least one polygon", null);
        }
        yield FACTORY.createMultiPolygon(polygons.toArray(Polygon[]::new));
      }
      default -> throw new Fault("geometry type must be Point, LineString, MultiLineString, Polygon or MultiPolygon, was "
          + (type.isMissingNode() ? "missing" : "'" + type.asString("") + "'"), null);
    };
  }

  private static Polygon polygon(JsonNode rings, CoordinateSystem system) throws Fault {
    if (list(rings).isEmpty()) {
      throw new Fault("a polygon needs at least one ring", null);
    }
    LinearRing shell = ring(rings.get(0), system);
    LinearRing[] holes = new LinearRing[rings.size() - 1];
    for (int i = 0; i < holes.length; i++) {
      holes[i] = ring(rings.get(i + 1), system);
    }
    return FACTORY.createPolygon(shell, holes);
  }

  private static LinearRing ring(JsonNode positions, CoordinateSystem system) throws Fault {
    Coordinate[] points = positions(positions, system, 4);
    if (!points[0].equals2D(points[points.length - 1])) {
      throw new Fault("a ring must end where it begins", new double[] {points[0].x, points[0].y});
    }
    return FACTORY.createLinearRing(points);
  }

  private static Coordinate[] positions(JsonNode node, CoordinateSystem system, int least) throws Fault {
    JsonNode list = list(node);
    if (list.size() < least) {
      throw new Fault("needs at least " + least + " positions, has " + list.size(), null);
    }
    Coordinate[] points = new Coordinate[list.size()];
    for (int i = 0; i < points.length; i++) {
      points[i] = position(list.get(i), system);
    }
    return points;
  }

  private static JsonNode list(JsonNode node) throws Fault {
    if (node == null || !node.isArray()) {
      throw new Fault("coordinates must be arrays nested as the geometry type needs", null);
    }
    return node;
  }

  private static Coordinate position(JsonNode node, CoordinateSystem system) throws Fault {
    if (node == null || !node.isArray() || node.size() < 2 || !node.get(0).isNumber() || !node.get(1).isNumber()) {
      throw new Fault("a position must be [longitude, latitude] in degrees, was " + node, null);
    }
    try {
      var position = system.toWgs84(node.get(0).asDouble(), node.get(1).asDouble());
      return new Coordinate(position.lon(), position.lat());
    } catch (IllegalArgumentException e) {
      throw new Fault(e.getMessage(), null);
    }
  }

  /** Writes a geometry object, positions with 7 decimals (1 cm). */
  static void write(JsonGenerator json, Geometry geometry) {
    json.writeStartObject();
    json.writeStringProperty("type", geometry.getGeometryType().equals("LinearRing") ? "LineString" : geometry.getGeometryType());
    json.writeName("coordinates");
    switch (geometry) {
      case Point point -> writePosition(json, point.getCoordinate());
      case LineString line -> writeLine(json, line);
      case Polygon polygon -> writePolygon(json, polygon);
      default -> {
        json.writeStartArray();
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
          if (geometry.getGeometryN(i) instanceof Polygon polygon) {
            writePolygon(json, polygon);
          } else {
            writeLine(json, (LineString) geometry.getGeometryN(i));
          }
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private static void writePolygon(JsonGenerator json, Polygon polygon) {
    json.writeStartArray();
    writeLine(json, polygon.getExteriorRing());
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      writeLine(json, polygon.getInteriorRingN(i));
    }
    json.writeEndArray();
  }

  private static void writeLine(JsonGenerator json, LineString line) {
    json.writeStartArray();
    for (Coordinate c : line.getCoordinates()) {
      writePosition(json, c);
    }
    json.writeEndArray();
  }

  private static void writePosition(JsonGenerator json, Coordinate c) {
    json.writeStartArray();
    json.writeNumber(rounded(c.x));
    json.writeNumber(rounded(c.y));
    json.writeEndArray();
  }

  private static double rounded(double degrees) {
    return Math.rint(degrees * 1e7) / 1e7;
  }
}
