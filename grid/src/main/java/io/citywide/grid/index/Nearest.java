package io.citywide.grid.index;

import io.citywide.grid.GridKeys;
import java.util.Arrays;
import java.util.List;

/** Looks for the nearest: in rings of cells, where they hold too few in rings of blocks, and then in all blocks. */
final class Nearest {
  /** Rings of cells of level 5, then of blocks, before all blocks are looked through. */
  private static final int CELL_RINGS = 4;
  private static final int BLOCK_RINGS = 12;

  /** A cell of more is looked through by its quarters. */
  private static final int FEW = 48;

  private final View view;
  private final Meters meters;
  private final double reach;
  private final int most;
  private final KindSet kinds;

  // The best so far: a heap with the worst on top.
  private final double[] squares;
  private final long[] keys;
  private final long[] ids;
  private final int[] kindsOf;
  private int size;

  Nearest(View view, Meters meters, double withinMeters, int most, KindSet kinds) {
    this.view = view;
    this.meters = meters;
    this.reach = withinMeters * withinMeters;
    this.most = most;
    this.kinds = kinds;
    squares = new double[most];
    keys = new long[most];
    ids = new long[most];
    kindsOf = new int[most];
  }

  /** Nothing farther than this is wanted. */
  private double bound() {
    return size < most ? reach : squares[0];
  }

  List<Snapshot.Near> find(double lon, double lat) {
    int x = (int) Math.floor(lon * GridKeys.UNITS_PER_DEGREE);
    int y = (int) Math.floor(lat * GridKeys.UNITS_PER_DEGREE);
    if (!findAround(x, y, Segment.CELL, CELL_RINGS) && !findAround(x, y, Segment.BLOCK, BLOCK_RINGS)) {
      size = 0;
      findInBlocks();
    }
    Snapshot.Near[] nearest = new Snapshot.Near[size];
    for (int i = size - 1; i >= 0; i--) {
      nearest[i] = new Snapshot.Near(new IndexedPoint(keys[0], kindsOf[0], ids[0]), Math.sqrt(squares[0]));
      size--;
      sink(squares[size], keys[size], kindsOf[size], ids[size]);
    }
    return Arrays.asList(nearest);
  }

  /** Looks through rings of cells with this side; whether they held all that is wanted. */
  private boolean findAround(int x, int y, int side, int rings) {
    size = 0;
    int column = Math.floorDiv(x, side);
    int row = Math.floorDiv(y, side);
    for (int ring = 0; ring <= rings; ring++) {
      for (int c = column - ring; c <= column + ring; c++) {
        boolean edge = c == column - ring || c == column + ring;
        for (int r = row - ring; r <= row + ring; r += edge || ring == 0 ? 1 : 2 * ring) {
          int w = c * side;
          int s = r * side;
          if (meters.leastSquare(w, s, w + side, s + side) > bound()) continue;
          if (side == Segment.CELL) cellAt(w, s);
          else blockAt(w, s);
        }
      }
      // Whatever lies outside the rings is at least as far as their nearest edge.
      int w = (column - ring) * side;
      int e = (column + ring + 1) * side;
      int s = (row - ring) * side;
      int n = (row + ring + 1) * side;
      double outside = Math.min(Math.min(meters.leastSquare(w, s, w, n), meters.leastSquare(e, s, e, n)),
          Math.min(meters.leastSquare(w, s, e, s), meters.leastSquare(w, n, e, n)));
      if (bound() < outside) return true;
    }
    return false;
  }

  private void blockAt(int w, int s) {
    int b = view.base.blockAt(w, s);
    if (b >= 0) block(view.base, b);
    int a = view.added.blockAt(w, s);
    if (a >= 0) block(view.added, a);
  }

  private void cellAt(int w, int s) {
    int bw = Math.floorDiv(w, Segment.BLOCK) * Segment.BLOCK;
    int bs = Math.floorDiv(s, Segment.BLOCK) * Segment.BLOCK;
    cellOf(view.base, view.base.blockAt(bw, bs), w, s, bw, bs);
    if (view.added.blocks > 0) cellOf(view.added, view.added.blockAt(bw, bs), w, s, bw, bs);
  }

  private void cellOf(Segment points, int b, int w, int s, int bw, int bs) {
    if (b < 0) return;
    points.needPoints(b);
    int x = (w - bw) / Segment.CELL;
    int y = (s - bs) / Segment.CELL;
    int code = (points.signX[b] > 0 ? x : Segment.CELLS - 1 - x) << 4 | (points.signY[b] > 0 ? y : Segment.CELLS - 1 - y);
    int n = points.cellOf(b, code);
    if (n >= 0) look(points, b, n, w, s);
  }

  private void findInBlocks() {
    long[] base = byDistance(view.base);
    long[] added = byDistance(view.added);
    int i = 0;
    int j = 0;
    while (i < base.length || j < added.length) {
      boolean fromBase = j == added.length || i < base.length && base[i] <= added[j];
      long next = fromBase ? base[i++] : added[j++];
      // The distances are floats, rounded by less than their slack.
      if (Float.intBitsToFloat((int) (next >>> 32)) > bound()) return;
      block(fromBase ? view.base : view.added, (int) next);
    }
  }

  private long[] byDistance(Segment points) {
    long[] order = new long[points.blocks];
    int n = 0;
    for (int b = 0; b < points.blocks; b++) {
      double square = meters.leastSquare(points.west[b], points.south[b], points.west[b] + Segment.BLOCK, points.south[b] + Segment.BLOCK);
      if (square <= reach) order[n++] = (long) Float.floatToRawIntBits((float) square) << 32 | b;
    }
    order = Arrays.copyOf(order, n);
    Arrays.sort(order);
    return order;
  }

  private void block(Segment points, int b) {
    if (!kinds.isAll() && !points.hasAny(b, kinds)) return;
    points.needPoints(b);
    int n = 0;
    for (int word = 0; word < 4; word++) {
      for (long bits = points.bitmap(b, word); bits != 0; bits &= bits - 1, n++) {
        int code = word << 6 | Long.numberOfTrailingZeros(bits);
        int w = points.cellWest(b, code);
        int s = points.cellSouth(b, code);
        if (meters.leastSquare(w, s, w + Segment.CELL, s + Segment.CELL) <= bound()) look(points, b, n, w, s);
      }
    }
  }

  private void look(Segment points, int b, int n, int w, int s) {
    int from = points.cellStart(b, n);
    int to = points.cellStart(b, n + 1);
    int x0 = points.signX[b] > 0 ? w : w + Segment.CELL;
    int y0 = points.signY[b] > 0 ? s : s + Segment.CELL;
    if (to - from <= FEW) {
      look(points, b, from, to, x0, y0);
      return;
    }
    int code = points.offsetAt(b, from) >>> 20;
    // The quarter in which the centre lies, or the nearest to it, comes first.
    int first = -1;
    double least = Double.MAX_VALUE;
    for (int q = 0; q < 4; q++) {
      double square = quarterSquare(points, b, w, s, q);
      if (square < least) {
        least = square;
        first = q;
      }
    }
    for (int i = 0; i < 4; i++) {
      int q = first ^ i;
      if (quarterSquare(points, b, w, s, q) > bound()) continue;
      int start = q == 0 ? from : points.firstOf(b, from, to, code << 2 | q);
      int end = q == 3 ? to : points.firstOf(b, start, to, (code << 2 | q) + 1);
      look(points, b, start, end, x0, y0);
    }
  }

  /** @param quarter element of level 6: 1 for the far half of longitude, 2 of latitude */
  private double quarterSquare(Segment points, int b, int w, int s, int quarter) {
    int half = Segment.CELL / 2;
    int qw = w + ((quarter & 1) != 0 == points.signX[b] > 0 ? half : 0);
    int qs = s + (quarter >= 2 == points.signY[b] > 0 ? half : 0);
    return meters.leastSquare(qw, qs, qw + half, qs + half);
  }

  private void look(Segment points, int b, int from, int to, int x0, int y0) {
    int signX = points.signX[b];
    int signY = points.signY[b];
    long offsets = points.offsets(b);
    long its = points.kinds(b);
    double bound = bound();
    for (int row = from; row < to; row++) {
      if (!kinds.contains(points.kind(its, row))) continue;
      int offset = points.offset(offsets, row);
      double square = meters.square(x0 + signX * Segment.stepX(offset), y0 + signY * Segment.stepY(offset));
      if (square > bound) continue;
      if (points == view.base && view.isDead(points.firstRow[b] + row)) continue;
      offer(square, points.key(b, row), points.kind(its, row), points.idAt(b, row));
      bound = bound();
    }
  }

  private static boolean farther(double square, long id, double thanSquare, long thanId) {
    return square > thanSquare || square == thanSquare && id > thanId;
  }

  private void offer(double square, long key, int kind, long id) {
    if (size == most) {
      if (farther(squares[0], ids[0], square, id)) sink(square, key, kind, id);
      return;
    }
    int i = size++;
    while (i > 0 && farther(square, id, squares[(i - 1) / 2], ids[(i - 1) / 2])) {
      move((i - 1) / 2, i);
      i = (i - 1) / 2;
    }
    set(i, square, key, kind, id);
  }

  /** Puts one in the place of the worst. */
  private void sink(double square, long key, int kind, long id) {
    int i = 0;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && farther(squares[child + 1], ids[child + 1], squares[child], ids[child])) child++;
      if (!farther(squares[child], ids[child], square, id)) break;
      move(child, i);
      i = child;
    }
    set(i, square, key, kind, id);
  }

  private void set(int i, double square, long key, int kind, long id) {
    squares[i] = square;
    keys[i] = key;
    ids[i] = id;
    kindsOf[i] = kind;
  }

  private void move(int from, int to) {
    squares[to] = squares[from];
    keys[to] = keys[from];
    ids[to] = ids[from];
    kindsOf[to] = kindsOf[from];
  }
}
