package io.citywide.grid;

import java.util.Arrays;
import java.util.List;

/**
 * A polygon with holes by the even-odd rule, its sides straight in longitude and latitude (RFC 7946), its boundary
 * included.
 *
 * <p>Each crossing cell keeps the sides that matter below it: those that may touch it, and those to its right that
 * begin or end beside it; sides that pass beside it from below to above are counted once. A cell that no side touches
 * is inside when the count of sides to the right of its centre is odd.
 */
final class PolygonRegion implements Region {
  /** 15 µm: more than all rounding of coordinates in units, less than any cell. */
  private static final double SLACK = 1e-3;

  private final double[] x1;
  private final double[] y1;
  private final double[] x2;
  private final double[] y2;
  private final int[] all;
  private final List<Window> windows;

  PolygonRegion(double[][] rings) {
    if (rings.length == 0) throw new IllegalArgumentException("a polygon must have at least one ring");
    int count = 0;
    for (int r = 0; r < rings.length; r++) count += check(rings[r], r);
    x1 = new double[count];
    y1 = new double[count];
    x2 = new double[count];
    y2 = new double[count];
    double west = 180;
    double south = 90;
    double east = -180;
    double north = -90;
    int n = 0;
    for (double[] ring : rings) {
      int points = ring.length / 2;
      for (int i = 0; i < points; i++) {
        int j = (i + 1) % points;
        x1[n] = ring[2 * i] * Layout.UNITS_PER_DEGREE;
        y1[n] = ring[2 * i + 1] * Layout.UNITS_PER_DEGREE;
        x2[n] = ring[2 * j] * Layout.UNITS_PER_DEGREE;
        y2[n] = ring[2 * j + 1] * Layout.UNITS_PER_DEGREE;
        n++;
        west = Math.min(west, ring[2 * i]);
        east = Math.max(east, ring[2 * i]);
        south = Math.min(south, ring[2 * i + 1]);
        north = Math.max(north, ring[2 * i + 1]);
      }
    }
    all = new int[count];
    Arrays.setAll(all, i -> i);
    windows = Region.windows(west, south, east, north);
  }

  private static int check(double[] ring, int number) {
    if (ring.length % 2 != 0 || ring.length < 6) {
      throw new IllegalArgumentException("ring " + number
          + " must have at least 3 points as longitude, latitude, longitude, …, had " + ring.length + " numbers");
    }
    for (int i = 0; i < ring.length; i += 2) {
      try {
        Degrees.lonUnits(ring[i]);
        Degrees.latUnits(ring[i + 1]);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("ring " + number + ", point " + i / 2 + ": " + e.getMessage(), e);
      }
    }
    return ring.length / 2;
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  @Override
  public Relation relate(Cell cell, Cell parent) {
    double west = cell.west() - SLACK;
    double east = cell.east() + SLACK;
    double south = cell.south() - SLACK;
    double north = cell.north() + SLACK;
    int[] candidates = parent == null ? all : parent.edges;
    boolean odd = parent != null && parent.oddToTheRight;
    boolean touched = false;
    int[] kept = new int[candidates.length];
    int n = 0;
    for (int e : candidates) {
      double top = Math.max(y1[e], y2[e]);
      double bottom = Math.min(y1[e], y2[e]);
      if (top < south || bottom > north || Math.max(x1[e], x2[e]) < west) continue;
      if (Math.min(x1[e], x2[e]) > east) {
        if (bottom < south && top > north) odd = !odd;
        else kept[n++] = e;
        continue;
      }
      if (touches(e, cell)) {
        touched = true;
        kept[n++] = e;
      } else if (bottom < south && top > north) {
        if (rightOf(e, cell)) odd = !odd;
      } else {
        kept[n++] = e;
      }
    }
    if (touched) {
      cell.edges = Arrays.copyOf(kept, n);
      cell.oddToTheRight = odd;
      return Relation.CROSSING;
    }
    for (int i = 0; i < n; i++) {
      if (rightOf(kept[i], cell)) odd = !odd;
    }
    return odd ? Relation.INSIDE : Relation.OUTSIDE;
  }

  /** Whether the line of a side, whose box overlaps the cell's, comes within the slack of the cell. */
  private boolean touches(int e, Cell cell) {
    double dx = x2[e] - x1[e];
    double dy = y2[e] - y1[e];
    double halfWidth = (cell.east() - cell.west()) / 2.0;
    double halfHeight = (cell.north() - cell.south()) / 2.0;
    double cross = dx * (centerY(cell) - y1[e]) - dy * (centerX(cell) - x1[e]);
    return Math.abs(cross) <= Math.abs(dx) * (halfHeight + SLACK) + Math.abs(dy) * (halfWidth + SLACK);
  }

  /** Whether the ray from the cell's centre to the east meets a side; of two joined ends only the lower counts. */
  private boolean rightOf(int e, Cell cell) {
    double y = centerY(cell);
    if (y1[e] > y == y2[e] > y) return false;
    return x1[e] + (y - y1[e]) / (y2[e] - y1[e]) * (x2[e] - x1[e]) > centerX(cell);
  }

  private static double centerX(Cell cell) {
    return (cell.west() + (double) cell.east()) / 2;
  }

  private static double centerY(Cell cell) {
    return (cell.south() + (double) cell.north()) / 2;
  }
}
