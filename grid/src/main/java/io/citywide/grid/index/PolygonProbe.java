package io.citywide.grid.index;

/**
 * Each crossing block or cell keeps the sides that matter within it: those that may touch it, and those to its right
 * that begin or end beside it; sides that pass beside it from below to above are counted once.
 */
final class PolygonProbe extends Probe {
  /** 15 µm: more than all rounding of coordinates in units, less than any cell. */
  private static final double SLACK = 1e-3;

  private final Sides sides;
  private final int[] inRow;
  private final int[] ofBlock;
  private int inBlock;
  private boolean blockOdd;
  private final int[] ofCell;
  private int inCell;
  private boolean cellOdd;

  // What relate found out.
  private int kept;
  private boolean odd;

  PolygonProbe(Sides sides) {
    super(sides.west, sides.south, sides.east, sides.north);
    this.sides = sides;
    inRow = new int[sides.size()];
    ofBlock = new int[sides.size()];
    ofCell = new int[sides.size()];
  }

  @Override
  int block(int w, int s, int e, int n) {
    int count = sides.countInRow(s);
    for (int i = 0; i < count; i++) inRow[i] = sides.inRow(s, i);
    int relation = relate(inRow, count, false, ofBlock, w, s, e, n);
    inBlock = kept;
    blockOdd = odd;
    return relation;
  }

  @Override
  int cell(int w, int s, int e, int n) {
    int relation = relate(ofBlock, inBlock, blockOdd, ofCell, w, s, e, n);
    inCell = kept;
    cellOdd = odd;
    return relation;
  }

  private int relate(int[] candidates, int count, boolean oddBefore, int[] keep, int w, int s, int e, int n) {
    double left = w - SLACK;
    double right = e + SLACK;
    double low = s - SLACK;
    double high = n + SLACK;
    double middleX = (w + (double) e) / 2;
    double middleY = (s + (double) n) / 2;
    double halfWidth = (e - (double) w) / 2 + SLACK;
    double halfHeight = (n - (double) s) / 2 + SLACK;
    boolean nowOdd = oddBefore;
    boolean touched = false;
    int size = 0;
    for (int i = 0; i < count; i++) {
      int side = candidates[i];
      double xa = sides.x1[side];
      double ya = sides.y1[side];
      double xb = sides.x2[side];
      double yb = sides.y2[side];
      double top = Math.max(ya, yb);
      double bottom = Math.min(ya, yb);
      if (top < low || bottom > high || Math.max(xa, xb) < left) continue;
      boolean through = bottom < low && top > high;
      if (Math.min(xa, xb) > right) {
        if (through) nowOdd = !nowOdd;
        else keep[size++] = side;
        continue;
      }
      double dx = xb - xa;
      double dy = yb - ya;
      double cross = dx * (middleY - ya) - dy * (middleX - xa);
      if (Math.abs(cross) <= Math.abs(dx) * halfHeight + Math.abs(dy) * halfWidth) {
        touched = true;
        keep[size++] = side;
      } else if (through) {
        if (xa + (middleY - ya) / dy * dx > middleX) nowOdd = !nowOdd;
      } else {
        keep[size++] = side;
      }
    }
    kept = size;
    odd = nowOdd;
    if (touched) return CROSSING;
    for (int i = 0; i < size; i++) {
      int side = keep[i];
      double ya = sides.y1[side];
      double yb = sides.y2[side];
      if (ya > middleY != yb > middleY && sides.x1[side] + (middleY - ya) / (yb - ya) * (sides.x2[side] - sides.x1[side]) > middleX) {
        nowOdd = !nowOdd;
      }
    }
    return nowOdd ? INSIDE : OUTSIDE;
  }

  @Override
  int select(Segment points, long offsets, int from, int to, int x0, int y0, int signX, int signY, int[] rows) {
    int count = 0;
    for (int row = from; row < to; row++) {
      int offset = points.offset(offsets, row);
      int x = x0 + signX * Segment.stepX(offset);
      int y = y0 + signY * Segment.stepY(offset);
      boolean inside = cellOdd;
      for (int i = 0; i < inCell; i++) {
        int side = sides.side(ofCell[i], x, y);
        if (side == Sides.ON) {
          inside = true;
          break;
        }
        if (side == Sides.RIGHT) inside = !inside;
      }
      if (inside) rows[count++] = row;
    }
    return count;
  }
}
