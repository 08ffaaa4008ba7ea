package io.citywide.grid.index;

/** A circle. */
final class CircleProbe extends Probe {
  private final Meters meters;
  private final double square;

  CircleProbe(Meters meters, double square) {
    super(meters.west, meters.south, meters.east, meters.north);
    this.meters = meters;
    this.square = square;
  }

  @Override
  int block(int w, int s, int e, int n) {
    if (meters.leastSquare(w, s, e, n) > square) return OUTSIDE;
    return meters.greatestSquare(w, s, e, n) <= square ? INSIDE : CROSSING;
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
      if (meters.square(x, y) <= square) count++;
    }
    return count;
  }
}
