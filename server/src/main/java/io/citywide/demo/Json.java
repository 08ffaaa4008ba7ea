package io.citywide.demo;

import java.util.Locale;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/** GeoJSON as text. Names here are ours and hold nothing that needs escaping. */
final class Json {

  private final StringBuilder out = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
  private boolean first = true;

  Json add(Geometry geometry, Map<String, ?> properties) {
    out.append(first ? "" : ",\n").append("{\"type\":\"Feature\",\"properties\":");
    first = false;
    properties(out, properties);
    out.append(",\"geometry\":{\"type\":\"").append(geometry.getGeometryType()).append("\",\"coordinates\":");
    coordinates(geometry);
    out.append("}}");
    return this;
  }

  static void properties(StringBuilder out, Map<String, ?> properties) {
    char separator = '{';
    for (var entry : properties.entrySet()) {
      out.append(separator).append('"').append(entry.getKey()).append("\":");
      if (entry.getValue() instanceof Number number) {
        out.append(number);
      } else {
        out.append('"').append(entry.getValue()).append('"');
      }
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
  }

  private void coordinates(Geometry geometry) {
    switch (geometry) {
      case Point point -> position(point.getCoordinate());
      case LineString line -> line(line);
      case Polygon polygon -> {
        out.append('[');
        line(polygon.getExteriorRing());
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
          out.append(',');
          line(polygon.getInteriorRingN(i));
        }
        out.append(']');
      }
      default -> {
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
          out.append(i == 0 ? '[' : ',');
          coordinates(geometry.getGeometryN(i));
        }
        out.append(']');
      }
    }
  }

  private void line(LineString line) {
    char separator = '[';
    for (Coordinate c : line.getCoordinates()) {
      out.append(separator);
      position(c);
      separator = ',';
    }
    out.append(']');
  }

  private void position(Coordinate c) {
    out.append('[').append(degrees(c.x)).append(',').append(degrees(c.y)).append(']');
  }

  /** At most 7 decimals (1 cm). */
  static String degrees(double degrees) {
    String text = String.format(Locale.ROOT, "%.7f", degrees);
    int end = text.length();
    while (text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.') {
      end--;
    }
    return text.substring(0, end);
  }

  String text() {
    return out + "]}";
  }
}
