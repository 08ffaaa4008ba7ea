package io.citywide.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The polygons of a GeoJSON text (RFC 7946), as plain rings of longitude and latitude. */
final class GeoJsonPolygons {
  private GeoJsonPolygons() {}

  /**
   * Reads a Polygon, MultiPolygon, GeometryCollection, Feature or FeatureCollection of them.
   *
   * @return polygons of rings of longitude, latitude, longitude, … in degrees
   * @throws IllegalArgumentException when it is not JSON or not of polygons, naming the place
   */
  static double[][][] read(byte[] json) {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON at line " + e.getLocation().getLineNr() + ", column "
          + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    List<double[][]> polygons = new ArrayList<>();
    addObject(root, "$", polygons);
    if (polygons.isEmpty()) throw new IllegalArgumentException("the GeoJSON has no polygon");
    return polygons.toArray(double[][][]::new);
  }

  private static void addObject(JsonNode node, String at, List<double[][]> polygons) {
    String type = node.path("type").isString() ? node.path("type").stringValue() : "";
    switch (type) {
      case "FeatureCollection" -> addEach(node, "features", at, polygons);
      case "GeometryCollection" -> addEach(node, "geometries", at, polygons);
      case "Feature" -> {
        JsonNode geometry = node.path("geometry");
        // RFC 7946, 3.2: a feature may be unlocated.
        if (!geometry.isNull()) addObject(geometry, at + ".geometry", polygons);
      }
      case "Polygon" -> polygons.add(polygon(node.path("coordinates"), at + ".coordinates"));
      case "MultiPolygon" -> {
        JsonNode all = array(node.path("coordinates"), at + ".coordinates", "polygons");
        for (int i = 0; i < all.size(); i++) polygons.add(polygon(all.get(i), at + ".coordinates[" + i + "]"));
      }
      default -> throw new IllegalArgumentException(at + ".type must be Polygon, MultiPolygon, GeometryCollection, "
          + "Feature or FeatureCollection, was " + shown(node.path("type")));
    }
  }

  private static void addEach(JsonNode node, String member, String at, List<double[][]> polygons) {
    JsonNode all = array(node.path(member), at + "." + member, "objects");
    for (int i = 0; i < all.size(); i++) addObject(all.get(i), at + "." + member + "[" + i + "]", polygons);
  }

  private static double[][] polygon(JsonNode node, String at) {
    JsonNode rings = array(node, at, "rings");
    if (rings.isEmpty()) throw new IllegalArgumentException(at + " must have at least one ring");
    double[][] polygon = new double[rings.size()][];
    for (int r = 0; r < polygon.length; r++) {
      String ringAt = at + "[" + r + "]";
      JsonNode ring = array(rings.get(r), ringAt, "positions");
      // RFC 7946, 3.1.6: a linear ring is closed and has four or more positions.
      if (ring.size() < 4) {
        throw new IllegalArgumentException(ringAt + " must have 4 or more positions, had " + ring.size());
      }
      double[] numbers = new double[ring.size() * 2];
      for (int p = 0; p < ring.size(); p++) {
        JsonNode position = ring.get(p);
        String positionAt = ringAt + "[" + p + "]";
        if (position.size() < 2 || !position.path(0).isNumber() || !position.path(1).isNumber()) {
          throw new IllegalArgumentException(positionAt + " must be [longitude, latitude], was " + shown(position));
        }
        numbers[2 * p] = within(position.get(0), 180, "longitude", positionAt);
        numbers[2 * p + 1] = within(position.get(1), 90, "latitude", positionAt);
      }
      if (numbers[0] != numbers[numbers.length - 2] || numbers[1] != numbers[numbers.length - 1]) {
        throw new IllegalArgumentException(ringAt + " must end where it begins, began at " + shown(ring.get(0))
            + " and ended at " + shown(ring.get(ring.size() - 1)));
      }
      polygon[r] = numbers;
    }
    return polygon;
  }

  private static double within(JsonNode number, int limit, String name, String at) {
    double value = number.doubleValue();
    if (!(Math.abs(value) <= limit)) {
      throw new IllegalArgumentException(
          at + ": " + name + " must be -" + limit + ".." + limit + " degrees, was " + shown(number));
    }
    if (limit == 90 && Math.abs(value) >= 88) {
      throw new IllegalArgumentException(at + ": latitude must be between -88 and 88 degrees, exclusive, was "
          + shown(number) + " (polar cells are not supported)");
    }
    return value;
  }

  private static JsonNode array(JsonNode node, String at, String of) {
    if (!node.isArray()) throw new IllegalArgumentException(at + " must be an array of " + of + ", was " + shown(node));
    return node;
  }

  private static String shown(JsonNode node) {
    if (node.isMissingNode()) return "missing";
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
