package io.citywide.map.internal.tile;

import java.util.Arrays;

/** A line or ring in units of a tile, x and y in turn. Its methods change it in place; none allocates but to grow. */
final class Path {

  private double[] at = new double[256];
  private int points;
  private boolean[] kept = new boolean[128];
  private int[] stack = new int[128];

  int points() {
    return points;
  }

  double x(int i) {
    return at[2 * i];
  }

  double y(int i) {
    return at[2 * i + 1];
  }

  void clear() {
    points = 0;
  }

  void add(double x, double y) {
    if (2 * points + 2 > at.length) {
      at = Arrays.copyOf(at, at.length * 2);
    }
    at[2 * points] = x;
    at[2 * points + 1] = y;
    points++;
  }

  /**
   * Leaves out points that stand less than {@code tolerance} off the line (Douglas and Peucker). The ends stay; of a
   * ring the first point stays, and the one farthest from it.
   */
  void simplify(double tolerance, boolean ring) {
    if (points < 3) {
      return;
    }
    if (kept.length <= points) {
      kept = new boolean[at.length];
    }
    Arrays.fill(kept, 0, points, false);
    kept[0] = true;
    int end = points - 1;
    if (ring) {
      int far = farthestFromFirst();
      kept[far] = true;
      mark(0, far, tolerance);
      add(at[0], at[1]); // closes the ring for the second half
      points--;
      mark(far, points, tolerance);
    } else {
      kept[end] = true;
      mark(0, end, tolerance);
    }
    int left = 0;
    for (int i = 0; i < points; i++) {
      if (kept[i]) {
        at[2 * left] = at[2 * i];
        at[2 * left + 1] = at[2 * i + 1];
        left++;
      }
    }
    points = left;
  }

  private int farthestFromFirst() {
    int far = 1;
    double most = -1;
    for (int i = 1; i < points; i++) {
      double dx = at[2 * i] - at[0];
      double dy = at[2 * i + 1] - at[1];
      if (dx * dx + dy * dy > most) {
        most = dx * dx + dy * dy;
        far = i;
      }
    }
    return far;
  }

  private void mark(int first, int last, double tolerance) {
    int depth = 0;
    stack = push(depth, first, last);
    depth += 2;
    while (depth > 0) {
      int to = stack[--depth];
      int from = stack[--depth];
      double most = tolerance * tolerance;
      int far = -1;
      for (int i = from + 1; i < to; i++) {
        double off = squareOff(i, from, to);
        if (off > most) {
          most = off;
          far = i;
        }
      }
      if (far >= 0) {
        kept[far] = true;
        stack = push(depth, from, far);
        stack = push(depth + 2, far, to);
        depth += 4;
      }
    }
  }

  private int[] push(int depth, int from, int to) {
    int[] room = depth + 2 > stack.length ? Arrays.copyOf(stack, stack.length * 2) : stack;
    room[depth] = from;
    room[depth + 1] = to;
    return room;
  }

  /** Square of the distance of a point to the stretch between two others. */
  private double squareOff(int i, int from, int to) {
    double dx = at[2 * to] - at[2 * from];
    double dy = at[2 * to + 1] - at[2 * from + 1];
    double px = at[2 * i] - at[2 * from];
    double py = at[2 * i + 1] - at[2 * from + 1];
    double square = dx * dx + dy * dy;
    double along = square == 0 ? 0 : Math.clamp((px * dx + py * dy) / square, 0, 1);
    double offX = px - along * dx;
    double offY = py - along * dy;
    return offX * offX + offY * offY;
  }
}
