package io.citywide.place.internal;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;

/**
 * The rings of an area, flattened for fast exact tests. Inside is decided by counting crossings over all rings, holes
 * and parts included. Each side is calculated from its southern to its northern end whatever the direction of the
 * ring, so two areas that share a side decide the same way about a point on it: it is inside exactly one of them.
 */
final class Boundary {

  private static final double METERS_PER_DEGREE = 111_319.49;

  private final double[][] rings;

  private Boundary(double[][] rings) {
    this.rings = rings;
  }

  static Boundary of(Geometry geometry) {
    List<double[]> rings = new ArrayList<>();
    for (double[][] polygon : polygons(geometry)) {
      rings.addAll(List.of(polygon));
    }
    return new Boundary(rings.toArray(double[][]::new));
  }

  /** Rings by polygon, the outline first, as the grid library takes them. */
  static double[][][] polygons(Geometry geometry) {
    List<double[][]> polygons = new ArrayList<>();
    for (int i = 0; i < geometry.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) geometry.getGeometryN(i);
      double[][] rings = new double[1 + polygon.getNumInteriorRing()][];
      rings[0] = flat(polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        rings[hole + 1] = flat(polygon.getInteriorRingN(hole));
      }
      polygons.add(rings);
    }
    return polygons.toArray(double[][][]::new);
  }

  private static double[] flat(LineString ring) {
    Coordinate[] points = ring.getCoordinates();
    double[] flat = new double[points.length * 2];
    for (int i = 0; i < points.length; i++) {
      flat[2 * i] = points[i].x;
      flat[2 * i + 1] = points[i].y;
    }
    return flat;
  }

  boolean contains(double lon, double lat) {
    boolean inside = false;
    for (double[] ring : rings) {
      for (int i = 0; i + 3 < ring.length; i += 2) {
        double ax = ring[i];
        double ay = ring[i + 1];
        double bx = ring[i + 2];
        double by = ring[i + 3];
        if ((ay > lat) == (by > lat)) {
          continue;
        }
        double crossing = ay < by ? (lat - ay) / (by - ay) * (bx - ax) + ax : (lat - by) / (ay - by) * (ax - bx) + bx;
        if (lon < crossing) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  /** Distance to the nearest side, in metres, good to a per mille for short distances. */
  double distanceMeters(double lon, double lat) {
    double scaleX = METERS_PER_DEGREE * Math.cos(Math.toRadians(lat));
    double least = Double.MAX_VALUE;
    for (double[] ring : rings) {
      for (int i = 0; i + 3 < ring.length; i += 2) {
        double ax = (ring[i] - lon) * scaleX;
        double ay = (ring[i + 1] - lat) * METERS_PER_DEGREE;
        double dx = (ring[i + 2] - ring[i]) * scaleX;
        double dy = (ring[i + 3] - ring[i + 1]) * METERS_PER_DEGREE;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : Math.clamp(-(ax * dx + ay * dy) / length, 0, 1);
        least = Math.min(least, Math.hypot(ax + along * dx, ay + along * dy));
      }
    }
    return least;
  }
}
