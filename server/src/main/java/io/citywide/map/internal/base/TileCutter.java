package io.citywide.map.internal.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateFilter;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.precision.GeometryPrecisionReducer;
import org.locationtech.jts.simplify.DouglasPeuckerSimplifier;

/**
 * Cuts a geometry into the tiles of a zoom ({@code WebMercatorQuad}): projected, simplified to half a pixel, clipped to each
 * tile with a margin, in whole units. What is too small to be seen is left out.
 */
final class TileCutter {

  /** Deepest zoom for which tiles are made; beyond it the browser enlarges them. */
  static final int MAX_ZOOM = 14;

  /** Mercator ends where the world is a square. */
  private static final double MAX_LAT = 85.05112878;

  /** Of the width of a tile, on each side: lines and labels run over the edge. */
  private static final double MARGIN = 1 / 64.0;

  private static final double PIXELS = 512;

  private static final PrecisionModel WHOLE = new PrecisionModel(1);
  private static final GeometryFactory FACTORY = new GeometryFactory();

  /** Takes what lies in one tile. */
  interface Sink {
    void take(int x, int y, TileShape shape);
  }

  private TileCutter() {}

  /** Units across a tile: at the deepest zoom half of the others, 0.15 to 0.3 m, because it is enlarged up to zoom 19. */
  static int extent(int zoom) {
    return zoom == MAX_ZOOM ? 8192 : 4096;
  }

  /** From WGS-84 degrees into the unit square of the whole world, north-west (0, 0). */
  static Geometry project(Geometry degrees) {
    Geometry world = degrees.copy();
    world.apply((CoordinateFilter) TileCutter::project);
    world.geometryChanged();
    return world;
  }

  private static void project(Coordinate c) {
    double lat = Math.toRadians(Math.clamp(c.y, -MAX_LAT, MAX_LAT));
    c.setX((c.x + 180) / 360);
    c.setY((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2);
  }

  /** @param world see {@link #project} */
  static void cut(Geometry world, int zoom, Sink sink) {
    double tiles = 1 << zoom;
    double pixel = 1 / (tiles * PIXELS);
    Envelope box = world.getEnvelopeInternal();
    boolean deepest = zoom == MAX_ZOOM;
    if (world.isEmpty() || !deepest && world.getDimension() == 2 && world.getArea() < 4 * pixel * pixel) {
      return;
    }
    // Tried: TopologyPreservingSimplifier; many times slower, and clipping and rounding break the topology anyway.
    Geometry shape = world.getDimension() == 0 || deepest && world.getNumPoints() < 8 ? world
        : DouglasPeuckerSimplifier.simplify(world, pixel / (deepest ? 8 : 2));
    int west = column(box.getMinX() - (world.getDimension() == 0 ? 0 : MARGIN / tiles), zoom);
    int east = column(box.getMaxX() + (world.getDimension() == 0 ? 0 : MARGIN / tiles), zoom);
    int north = column(box.getMinY() - (world.getDimension() == 0 ? 0 : MARGIN / tiles), zoom);
    int south = column(box.getMaxY() + (world.getDimension() == 0 ? 0 : MARGIN / tiles), zoom);
    List<double[]> parts = new ArrayList<>();
    TileShape.Type type = flatten(shape, tiles, parts);
    for (int x = west; x <= east; x++) {
      List<double[]> strip = west == east ? parts : clip(parts, type, 0, x - MARGIN, x + 1 + MARGIN);
      for (int y = north; y <= south && !strip.isEmpty(); y++) {
        List<double[]> inside = north == south ? strip : clip(strip, type, 1, y - MARGIN, y + 1 + MARGIN);
        List<int[]> whole = whole(inside, type, x, y, extent(zoom), west != east || north != south);
        if (!whole.isEmpty()) {
          sink.take(x, y, new TileShape(type, whole));
        }
      }
    }
  }

  private static int column(double at, int zoom) {
    return Math.clamp((int) Math.floor(at * (1 << zoom)), 0, (1 << zoom) - 1);
  }

  /** Points, lines or rings in tile widths; the first ring of each polygon is marked by its turn once it is whole. */
  private static TileShape.Type flatten(Geometry shape, double tiles, List<double[]> parts) {
    TileShape.Type type = TileShape.Type.NONE;
    for (int i = 0; i < shape.getNumGeometries(); i++) {
      switch (shape.getGeometryN(i)) {
        case Point point -> {
          type = TileShape.Type.POINT;
          parts.add(new double[] {point.getX() * tiles, point.getY() * tiles});
        }
        case Polygon polygon -> {
          type = TileShape.Type.POLYGON;
          if (!polygon.isEmpty()) {
            parts.add(ring(polygon.getExteriorRing(), tiles, true));
            for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
              parts.add(ring(polygon.getInteriorRingN(hole), tiles, false));
            }
          }
        }
        case LineString line -> {
          type = TileShape.Type.LINE;
          parts.add(scaled(line.getCoordinateSequence(), line.getNumPoints(), tiles));
        }
        default -> throw new IllegalArgumentException("a base map has points, lines and polygons, not " + shape.getGeometryType());
      }
    }
    return type;
  }

  private static double[] scaled(CoordinateSequence points, int count, double tiles) {
    double[] xy = new double[2 * count];
    for (int i = 0; i < count; i++) {
      xy[2 * i] = points.getX(i) * tiles;
      xy[2 * i + 1] = points.getY(i) * tiles;
    }
    return xy;
  }

  /** Without the closing point; outer rings turn clockwise on the screen (a positive area where y grows downward). */
  private static double[] ring(LineString ring, double tiles, boolean outer) {
    double[] xy = scaled(ring.getCoordinateSequence(), ring.getNumPoints() - 1, tiles);
    if (area(xy) > 0 != outer) {
      for (int i = 0, j = xy.length - 2; i < j; i += 2, j -= 2) {
        double x = xy[i];
        double y = xy[i + 1];
        xy[i] = xy[j];
        xy[i + 1] = xy[j + 1];
        xy[j] = x;
        xy[j + 1] = y;
      }
    }
    return xy;
  }

  /** Twice the signed area. */
  private static double area(double[] xy) {
    double sum = 0;
    for (int i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) {
      sum += (xy[j] - xy[0]) * (xy[i + 1] - xy[1]) - (xy[i] - xy[0]) * (xy[j + 1] - xy[1]);
    }
    return sum;
  }

  /** What of the parts lies between two lines, across the axis 0 (x) or 1 (y). */
  private static List<double[]> clip(List<double[]> parts, TileShape.Type type, int axis, double low, double high) {
    List<double[]> kept = new ArrayList<>();
    for (double[] part : parts) {
      double least = Double.MAX_VALUE;
      double most = -Double.MAX_VALUE;
      for (int i = axis; i < part.length; i += 2) {
        least = Math.min(least, part[i]);
        most = Math.max(most, part[i]);
      }
      if (least >= low && most <= high) {
        kept.add(part);
      } else if (most >= low && least <= high) {
        switch (type) {
          case POLYGON -> {
            double[] ring = half(half(part, axis, low, 1), axis, high, -1);
            if (ring.length >= 6) {
              kept.add(ring);
            }
          }
          case LINE -> pieces(part, axis, low, high, kept);
          case POINT, NONE -> { }
        }
      }
    }
    return kept;
  }

  /** Sutherland and Hodgman: the ring on one side of a line; {@code side} 1 keeps what is above, -1 what is below. */
  private static double[] half(double[] ring, int axis, double at, int side) {
    double[] out = new double[ring.length * 2];
    int n = 0;
    for (int i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      boolean before = (ring[j + axis] - at) * side >= 0;
      boolean now = (ring[i + axis] - at) * side >= 0;
      if (before != now) {
        double part = (at - ring[j + axis]) / (ring[i + axis] - ring[j + axis]);
        out[n + axis] = at;
        out[n + 1 - axis] = ring[j + 1 - axis] + part * (ring[i + 1 - axis] - ring[j + 1 - axis]);
        n += 2;
      }
      if (now) {
        out[n++] = ring[i];
        out[n++] = ring[i + 1];
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static void pieces(double[] line, int axis, double low, double high, List<double[]> kept) {
    double[] piece = new double[line.length + 4];
    int n = 0;
    for (int i = 0; i + 3 < line.length; i += 2) {
      double a = line[i + axis];
      double b = line[i + 2 + axis];
      double from = 0;
      double to = 1;
      if (a != b) {
        double atLow = (low - a) / (b - a);
        double atHigh = (high - a) / (b - a);
        from = Math.max(0, Math.min(atLow, atHigh));
        to = Math.min(1, Math.max(atLow, atHigh));
      } else if (a < low || a > high) {
        to = -1;
      }
      if (from > to) {
        continue;
      }
      if (n == 0) {
        n = point(line, i, from, piece, n);
      }
      n = point(line, i, to, piece, n);
      if (to < 1) {
        kept.add(Arrays.copyOf(piece, n));
        n = 0;
      }
    }
    if (n >= 4) {
      kept.add(Arrays.copyOf(piece, n));
    }
  }

  private static int point(double[] line, int i, double part, double[] piece, int n) {
    piece[n] = line[i] + part * (line[i + 2] - line[i]);
    piece[n + 1] = line[i + 1] + part * (line[i + 3] - line[i + 1]);
    return n + 2;
  }

  private static List<int[]> whole(List<double[]> parts, TileShape.Type type, int x, int y, int extent, boolean clipped) {
    List<int[]> whole = new ArrayList<>(parts.size());
    boolean outerLost = false;
    for (double[] part : parts) {
      int[] xy = new int[part.length];
      int n = 0;
      for (int i = 0; i < part.length; i += 2) {
        int px = (int) Math.round((part[i] - x) * extent);
        int py = (int) Math.round((part[i + 1] - y) * extent);
        if (n == 0 || px != xy[n - 2] || py != xy[n - 1]) {
          xy[n++] = px;
          xy[n++] = py;
        }
      }
      switch (type) {
        case POINT -> {
          if (xy[0] >= 0 && xy[1] >= 0 && xy[0] < extent && xy[1] < extent) {
            whole.add(xy);
          }
        }
        case LINE -> {
          if (n >= 4) {
            whole.add(Arrays.copyOf(xy, n));
          }
        }
        case POLYGON -> {
          if (n >= 4 && xy[0] == xy[n - 2] && xy[1] == xy[n - 1]) {
            n -= 2;
          }
          long area = n < 6 ? 0 : area(xy, n);
          boolean outer = area(part) > 0;
          if (outer) {
            outerLost = area <= 0;
          }
          // A hole that vanished, or one whose outer ring did.
          if (outer ? area > 0 : area < 0 && !outerLost) {
            whole.add(Arrays.copyOf(xy, n));
          }
        }
        case NONE -> { }
      }
    }
    // A house of four or five corners that was only rounded stays what it was.
    return type == TileShape.Type.POLYGON && (clipped || whole.size() > 1 || !whole.isEmpty() && whole.getFirst().length > 10) ? valid(whole) : whole;
  }

  /**
   * Clipping leaves edges that run along the margin to and fro, and rounding lets corners touch: MVT 2.1 (4.3.4.4) forbids
   * both, and its readers leave such polygons out.
   */
  private static List<int[]> valid(List<int[]> rings) {
    Geometry polygons = polygons(rings);
    if (polygons.isValid()) {
      return rings;
    }
    Geometry mended = GeometryPrecisionReducer.reduce(GeometryFixer.fix(polygons), WHOLE);
    List<double[]> parts = new ArrayList<>();
    for (int i = 0; i < mended.getNumGeometries(); i++) {
      if (mended.getGeometryN(i) instanceof Polygon polygon) {
        flatten(polygon, 1, parts);
      }
    }
    return parts.stream().map(part -> Arrays.stream(part).mapToInt(v -> (int) Math.round(v)).toArray()).toList();
  }

  private static Geometry polygons(List<int[]> rings) {
    List<Polygon> polygons = new ArrayList<>();
    for (int from = 0; from < rings.size(); ) {
      int to = from + 1;
      while (to < rings.size() && area(rings.get(to), rings.get(to).length) < 0) {
        to++;
      }
      polygons.add(FACTORY.createPolygon(closed(rings.get(from)), rings.subList(from + 1, to).stream().map(TileCutter::closed).toArray(LinearRing[]::new)));
      from = to;
    }
    return polygons.size() == 1 ? polygons.getFirst() : FACTORY.createMultiPolygon(polygons.toArray(Polygon[]::new));
  }

  private static LinearRing closed(int[] ring) {
    Coordinate[] points = new Coordinate[ring.length / 2 + 1];
    for (int i = 0; i < ring.length; i += 2) {
      points[i / 2] = new Coordinate(ring[i], ring[i + 1]);
    }
    points[points.length - 1] = points[0].copy();
    return FACTORY.createLinearRing(points);
  }

  private static long area(int[] xy, int n) {
    long sum = 0;
    for (int i = 0, j = n - 2; i < n; j = i, i += 2) {
      sum += (long) xy[j] * xy[i + 1] - (long) xy[i] * xy[j + 1];
    }
    return sum;
  }
}
