package io.citywide.grid;

import static io.citywide.grid.Layout.SOUTH;
import static io.citywide.grid.Layout.UNITS_PER_DEGREE;
import static io.citywide.grid.Layout.WEST;

import java.util.ArrayList;
import java.util.List;

/** A shape that can say how a cell lies to it. It may call a cell crossing that is not, never the other way round. */
sealed interface Region permits BoxRegion, CircleRegion, PolygonRegion {
  enum Relation { OUTSIDE, CROSSING, INSIDE }

  /** Where cells have to be looked for: together they hold every point of the shape. */
  List<Window> windows();

  /**
   * How a cell that touches a window lies to the shape.
   *
   * @param parent the crossing cell one level up, null for level 1; a shape may leave notes on cells for its children
   */
  Relation relate(Cell cell, Cell parent);

  /** A rectangle of whole units in one quadrant, mirrored, all edges included. */
  record Window(int quadrant, int xLow, int yLow, int xHigh, int yHigh) {}

  /** A cell while it is being sorted. */
  final class Cell {
    final Region region;
    final Window window;
    final int level;
    final int x;
    final int y;
    /** Notes of the shape. */
    int[] edges;
    boolean oddToTheRight;

    Cell(Region region, Window window, int level, int x, int y) {
      this.region = region;
      this.window = window;
      this.level = level;
      this.x = x;
      this.y = y;
    }

    long bits() {
      return Layout.pack(window.quadrant, x, y);
    }

    // Signed edges in units.
    int west() {
      return (window.quadrant & WEST) == 0 ? x : -x - Layout.LON_SIZE[level];
    }

    int east() {
      return (window.quadrant & WEST) == 0 ? x + Layout.LON_SIZE[level] : -x;
    }

    int south() {
      return (window.quadrant & SOUTH) == 0 ? y : -y - Layout.LAT_SIZE[level];
    }

    int north() {
      return (window.quadrant & SOUTH) == 0 ? y + Layout.LAT_SIZE[level] : -y;
    }
  }

  /** The windows of a box in degrees; west above east crosses the antimeridian. */
  static List<Window> windows(double west, double south, double east, double north) {
    // Polar edges are refused here, before they are mirrored, so that the message has their sign.
    Degrees.latUnits(south);
    Degrees.latUnits(north);
    List<Window> windows = new ArrayList<>(4);
    if (west > east) {
      addWindows(windows, west, south, 180, north);
      addWindows(windows, -180, south, east, north);
    } else {
      addWindows(windows, west, south, east, north);
    }
    return windows;
  }

  private static void addWindows(List<Window> windows, double west, double south, double east, double north) {
    for (int quadrant = 0; quadrant < 4; quadrant++) {
      boolean w = (quadrant & WEST) != 0;
      boolean s = (quadrant & SOUTH) != 0;
      // The western quadrants begin below 0, the eastern at 0.
      if (w ? west >= 0 : east < 0) continue;
      if (s ? south >= 0 : north < 0) continue;
      double xNear = w ? Math.max(0, -east) : Math.max(0, west);
      double xFar = w ? -west : east;
      double yNear = s ? Math.max(0, -north) : Math.max(0, south);
      double yFar = s ? -south : north;
      windows.add(new Window(quadrant, Degrees.lonUnits(xNear), Degrees.latUnits(yNear), Degrees.lonUnits(xFar),
          Degrees.latUnits(yFar)));
    }
  }

  /** Degrees west or east of what rounding could have cut off, kept on earth. */
  static double outward(double degrees, int direction, double limit) {
    return Math.clamp(degrees + direction * 2.0 / UNITS_PER_DEGREE, -limit, limit);
  }
}
