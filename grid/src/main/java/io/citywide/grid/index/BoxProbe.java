package io.citywide.grid.index;

/** A box. */
final class BoxProbe extends Probe {
  BoxProbe(int west, int south, int east, int north) {
    super(west, south, east, north);
  }

  @Override
  int block(int w, int s, int e, int n) {
    if (e < west || w > east || n < south || s > north) return OUTSIDE;
    return w >= west && e <= east && s >= south && n <= north ? INSIDE : CROSSING;
  }

  @Override
  int cell(int w, int s, int e, int n) {
    return block(w, s, e, n);
  }

  @Override
  int select(Segment points, long offsets, int from, int to, int x0, int y0, int signX, int signY, int[] rows) {
    int count = 0;
    for (int row = from; row < to; row++) {
      int offset = points.offset(offsets, row);
      int x = x0 + signX * Segment.stepX(offset);
      int y = y0 + signY * Segment.stepY(offset);
      rows[count] = row;
      if (x >= west && x <= east && y >= south && y <= north) count++;
    }
    return count;
  }
}
