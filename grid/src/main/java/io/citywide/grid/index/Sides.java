package io.citywide.grid.index;

import static io.citywide.grid.GridKeys.UNITS_PER_DEGREE;

/** The sides of polygons, in units, and which of them pass through each row of cells of level 4. */
final class Sides {
  final double[] x1;
  final double[] y1;
  final double[] x2;
  final double[] y2;
  final int west;
  final int south;
  final int east;
  final int north;

  /** The sides of row {@code r} are {@code inRow[firstInRow[r]..firstInRow[r + 1])}. */
  private final int[] firstInRow;
  private final int[] inRow;
  private final int lowestRow;

  Sides(double[][] rings) {
    if (rings.length == 0) throw new IllegalArgumentException("a polygon must have at least one ring");
    int count = 0;
    for (int r = 0; r < rings.length; r++) count += check(rings[r], r);
    x1 = new double[count];
    y1 = new double[count];
    x2 = new double[count];
    y2 = new double[count];
    double left = Double.MAX_VALUE;
    double low = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    int n = 0;
    for (double[] ring : rings) {
      int points = ring.length / 2;
      for (int i = 0; i < points; i++) {
        int j = (i + 1) % points;
        x1[n] = ring[2 * i] * UNITS_PER_DEGREE;
        y1[n] = ring[2 * i + 1] * UNITS_PER_DEGREE;
        x2[n] = ring[2 * j] * UNITS_PER_DEGREE;
        y2[n] = ring[2 * j + 1] * UNITS_PER_DEGREE;
        left = Math.min(left, x1[n]);
        right = Math.max(right, x1[n]);
        low = Math.min(low, y1[n]);
        high = Math.max(high, y1[n]);
        n++;
      }
    }
    west = (int) Math.floor(left) - 1;
    east = (int) Math.ceil(right) + 1;
    south = (int) Math.floor(low) - 1;
    north = (int) Math.ceil(high) + 1;
    lowestRow = row(south);
    firstInRow = new int[row(north) - lowestRow + 2];
    for (int e = 0; e < count; e++) {
      for (int r = bottomRow(e); r <= topRow(e); r++) firstInRow[r + 1]++;
    }
    for (int r = 1; r < firstInRow.length; r++) firstInRow[r] += firstInRow[r - 1];
    inRow = new int[firstInRow[firstInRow.length - 1]];
    int[] next = firstInRow.clone();
    for (int e = 0; e < count; e++) {
      for (int r = bottomRow(e); r <= topRow(e); r++) inRow[next[r]++] = e;
    }
  }

  private static int check(double[] ring, int number) {
    if (ring.length % 2 != 0 || ring.length < 6) {
      throw new IllegalArgumentException("ring " + number + " must have at least 3 points as longitude, latitude, longitude, …, had "
          + ring.length + " numbers");
    }
    for (int i = 0; i < ring.length; i += 2) {
      if (!(Math.abs(ring[i]) <= 180)) throw refused(number, i, "longitude must be -180..180", ring[i]);
      if (!(Math.abs(ring[i + 1]) < 88)) throw refused(number, i, "latitude must be between -88 and 88", ring[i + 1]);
    }
    return ring.length / 2;
  }

  private static IllegalArgumentException refused(int ring, int i, String bound, double was) {
    return new IllegalArgumentException("ring " + ring + ", point " + i / 2 + ": " + bound + " degrees, was " + was);
  }

  private static int row(int y) {
    return Math.floorDiv(y, Segment.BLOCK);
  }

  private int bottomRow(int e) {
    return row((int) Math.floor(Math.min(y1[e], y2[e])) - 1) - lowestRow;
  }

  private int topRow(int e) {
    return row((int) Math.ceil(Math.max(y1[e], y2[e])) + 1) - lowestRow;
  }

  int size() {
    return x1.length;
  }

  /** How many sides pass through the row of blocks above y; they are {@link #inRow(int, int)} 0 to this. */
  int countInRow(int y) {
    int r = row(y) - lowestRow;
    return r < 0 || r + 1 >= firstInRow.length ? 0 : firstInRow[r + 1] - firstInRow[r];
  }

  int inRow(int y, int i) {
    return inRow[firstInRow[row(y) - lowestRow] + i];
  }

  boolean contain(int x, int y) {
    boolean odd = false;
    for (int e = 0; e < x1.length; e++) {
      int side = side(e, x, y);
      if (side == ON) return true;
      if (side == RIGHT) odd = !odd;
    }
    return odd;
  }

  static final int AWAY = 0;
  static final int RIGHT = 1;
  static final int ON = 2;

  /** Whether a point lies on a side, or the ray from it to the east meets the side; of two joined ends only the lower counts. */
  int side(int e, int x, int y) {
    double ya = y1[e];
    double yb = y2[e];
    if (ya > y != yb > y) {
      double at = x1[e] + (y - ya) / (yb - ya) * (x2[e] - x1[e]);
      return at > x ? RIGHT : at == x ? ON : AWAY;
    }
    if (ya == y && x1[e] == x || yb == y && x2[e] == x) return ON;
    if (ya == y && yb == y && Math.min(x1[e], x2[e]) <= x && Math.max(x1[e], x2[e]) >= x) return ON;
    return AWAY;
  }
}
