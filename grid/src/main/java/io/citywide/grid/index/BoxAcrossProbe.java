package io.citywide.grid.index;

/** A box that crosses the antimeridian: x is at least west or at most east. */
final class BoxAcrossProbe extends Probe {
  private final int fromX;
  private final int toX;

  BoxAcrossProbe(int west, int south, int east, int north) {
    super(Integer.MIN_VALUE, south, Integer.MAX_VALUE, north);
    fromX = west;
    toX = east;
  }

  @Override
  int block(int w, int s, int e, int n) {
    if (n < south || s > north || e < fromX && w > toX) return OUTSIDE;
    return s >= south && n <= north && (w >= fromX || e <= toX) ? INSIDE : CROSSING;
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
      if ((x >= fromX || x <= toX) && y >= south && y <= north) count++;
    }
    return count;
  }
}
