package io.citywide.map.internal.tile;

import io.citywide.grid.GridBox;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.precision.GeometryPrecisionReducer;

/**
 * Cuts lines and polygons to a tile: {@value #MARGIN} units beyond its edge, without what is thinner than {@value #TOLERANCE}
 * unit, on whole units; and adds them to the strokes of a feature.
 */
final class ShapeCutter {

  /** Units beyond the edge, so that a line's ends and a polygon's cut side are not seen. */
  static final int MARGIN = 64;

  static final double TOLERANCE = 1;

  private static final int EXTENT = TileGrid.EXTENT;
  private static final GeometryFactory SHAPES = new GeometryFactory();
  private static final Geometry SQUARE = SHAPES.toGeometry(new Envelope(-MARGIN, EXTENT + MARGIN, -MARGIN, EXTENT + MARGIN));

  /** A ring of less than this many square units is left out: a hundredth of a pixel. */
  private static final long LEAST_AREA = 2;

  private final TileGrid grid;
  private final Strokes strokes;
  private final Envelope reach;
  private final Path path = new Path();
  private int[] rounded = new int[256];

  /** @param box of the tile, in degrees */
  ShapeCutter(GridBox box, TileGrid grid, Strokes strokes) {
    this.grid = grid;
    this.strokes = strokes;
    // The margin in degrees, a little generous: only a first, cheap test.
    double dx = (box.east() - box.west()) * MARGIN / EXTENT * 1.01;
    double dy = (box.north() - box.south()) * MARGIN / EXTENT * 2;
    this.reach = new Envelope(box.west() - dx, box.east() + dx, box.south() - dy, box.north() + dy);
  }

  /** Whether some of a shape may lie in the tile. */
  boolean reaches(Geometry shape) {
    return reach.intersects(shape.getEnvelopeInternal());
  }

  /** Adds what of the lines of a shape lies in the tile. */
  void lines(Geometry shape) {
    if (shape instanceof LineString line) {
      line(line);
    } else if (shape instanceof GeometryCollection collection) {
      for (int i = 0; i < collection.getNumGeometries(); i++) {
        lines(collection.getGeometryN(i));
      }
    }
  }

  private void line(LineString line) {
    var points = line.getCoordinateSequence();
    path.clear();
    for (int i = 0; i + 1 < points.size(); i++) {
      stretch(grid.x(points.getX(i)), grid.y(points.getY(i)), grid.x(points.getX(i + 1)), grid.y(points.getY(i + 1)));
    }
    endLine();
  }

  /** Adds what of a stretch lies inside (Liang and Barsky); where it leaves, the line ends and another begins later. */
  private void stretch(double ax, double ay, double bx, double by) {
    double low = -MARGIN;
    double high = EXTENT + MARGIN;
    double dx = bx - ax;
    double dy = by - ay;
    double enter = 0;
    double leave = 1;
    for (int side = 0; side < 4; side++) {
      double along = side == 0 ? -dx : side == 1 ? dx : side == 2 ? -dy : dy;
      double room = side == 0 ? ax - low : side == 1 ? high - ax : side == 2 ? ay - low : high - ay;
      if (along == 0 && room < 0) {
        endLine();
        return;
      }
      if (along < 0) {
        enter = Math.max(enter, room / along);
      } else if (along > 0) {
        leave = Math.min(leave, room / along);
      }
    }
    if (enter > leave) {
      endLine();
      return;
    }
    if (enter > 0) {
      endLine();
    }
    if (path.points() == 0) {
      path.add(ax + enter * dx, ay + enter * dy);
    }
    path.add(ax + leave * dx, ay + leave * dy);
    if (leave < 1) {
      endLine();
    }
  }

  private void endLine() {
    path.simplify(TOLERANCE, false);
    int size = round();
    if (size >= 2) {
      strokes.move(1);
      strokes.to(rounded[0], rounded[1]);
      strokes.line(size - 1);
      for (int i = 1; i < size; i++) {
        strokes.to(rounded[2 * i], rounded[2 * i + 1]);
      }
    }
    path.clear();
  }

  /** Adds what of the polygons of a shape lies in the tile. */
  void polygons(Geometry shape) {
    if (shape instanceof Polygon polygon) {
      if (reaches(polygon)) {
        clipped(units(polygon));
      }
    } else if (shape instanceof GeometryCollection collection) {
      for (int i = 0; i < collection.getNumGeometries(); i++) {
        polygons(collection.getGeometryN(i));
      }
    }
  }

  private Geometry units(Polygon polygon) {
    Geometry units = polygon.copy();
    units.apply((CoordinateFilter) c -> c.setCoordinate(new Coordinate(grid.x(c.x), grid.y(c.y))));
    units.geometryChanged();
    return units;
  }

  // Tried: cutting ring by ring (Sutherland and Hodgman). Parts that leave the square and come back stay joined along its
  // edge, and readers that ask for valid polygons drop them.
  private void clipped(Geometry units) {
    Geometry inside = SQUARE.getEnvelopeInternal().contains(units.getEnvelopeInternal()) ? units : OverlayNGRobust.overlay(units, SQUARE, OverlayNG.INTERSECTION);
    for (int i = 0; i < inside.getNumGeometries(); i++) {
      if (inside.getGeometryN(i) instanceof Polygon part && !part.isEmpty()) {
        Polygon simple = simplified(part);
        if (simple != null && simple.isValid()) {
          rings(simple);
        } else if (simple != null) {
          snapped(part);
        }
      }
    }
  }

  /** Where leaving out points would make a ring cross itself, all stay, and only the grid of units changes the shape. */
  private void snapped(Polygon part) {
    Geometry snapped = GeometryPrecisionReducer.reduce(part, new PrecisionModel(1));
    for (int i = 0; i < snapped.getNumGeometries(); i++) {
      if (snapped.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
        rings(polygon);
      }
    }
  }

  /** On whole units, without what is too small to see; {@code null}: all of it is. */
  private Polygon simplified(Polygon part) {
    LinearRing outline = simplified(part.getExteriorRing());
    if (outline == null) {
      return null;
    }
    List<LinearRing> holes = new ArrayList<>();
    for (int i = 0; i < part.getNumInteriorRing(); i++) {
      LinearRing hole = simplified(part.getInteriorRingN(i));
      if (hole != null) {
        holes.add(hole);
      }
    }
    return SHAPES.createPolygon(outline, holes.toArray(LinearRing[]::new));
  }

  private LinearRing simplified(LinearRing ring) {
    var points = ring.getCoordinateSequence();
    path.clear();
    for (int i = 0; i + 1 < points.size(); i++) {
      path.add(points.getX(i), points.getY(i));
    }
    path.simplify(TOLERANCE, true);
    int size = round();
    path.clear();
    while (size > 1 && rounded[0] == rounded[2 * size - 2] && rounded[1] == rounded[2 * size - 1]) {
      size--;
    }
    if (size < 3 || Math.abs(doubleArea(size)) < 2 * LEAST_AREA) {
      return null;
    }
    Coordinate[] corners = new Coordinate[size + 1];
    for (int i = 0; i <= size; i++) {
      int at = i == size ? 0 : i;
      corners[i] = new Coordinate(rounded[2 * at], rounded[2 * at + 1]);
    }
    return SHAPES.createLinearRing(corners);
  }

  /** Outlines run clockwise as seen on the screen, where y goes to the south, holes the other way. */
  private void rings(Polygon polygon) {
    ring(polygon.getExteriorRing(), true);
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      ring(polygon.getInteriorRingN(i), false);
    }
  }

  private void ring(LinearRing ring, boolean clockwise) {
    Coordinate[] corners = ring.getCoordinates();
    int size = corners.length - 1;
    // To JTS, whose y goes to the north, clockwise on the screen is counter-clockwise.
    boolean turn = Orientation.isCCW(corners) != clockwise;
    strokes.move(1);
    strokes.to((int) corners[0].x, (int) corners[0].y);
    strokes.line(size - 1);
    for (int i = 1; i < size; i++) {
      Coordinate corner = corners[turn ? size - i : i];
      strokes.to((int) corner.x, (int) corner.y);
    }
    strokes.close();
  }

  /** The path on whole units, without repetitions, in {@link #rounded}. Answers the number of points. */
  private int round() {
    if (rounded.length < 2 * path.points()) {
      rounded = new int[4 * path.points()];
    }
    int size = 0;
    for (int i = 0; i < path.points(); i++) {
      int x = (int) Math.round(path.x(i));
      int y = (int) Math.round(path.y(i));
      if (size == 0 || rounded[2 * size - 2] != x || rounded[2 * size - 1] != y) {
        rounded[2 * size] = x;
        rounded[2 * size + 1] = y;
        size++;
      }
    }
    return size;
  }

  private long doubleArea(int size) {
    long area = 0;
    for (int i = 0; i < size; i++) {
      int next = i + 1 == size ? 0 : i + 1;
      area += (long) rounded[2 * i] * rounded[2 * next + 1] - (long) rounded[2 * next] * rounded[2 * i + 1];
    }
    return area;
  }
}
