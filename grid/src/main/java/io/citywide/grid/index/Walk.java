package io.citywide.grid.index;

import java.util.Arrays;

/** Steps through the parts of a segment that lie in a {@link Where}. */
abstract class Walk {
  /** Below this the cells of a block are asked one by one. */
  private static final int LEAST_CELLS_FOR_PARTS = 30;

  final KindSet kinds;
  int[] rows = new int[256];
  private final byte[] parts = new byte[25];

  Walk(KindSet kinds) {
    this.kinds = kinds;
  }

  /** A block that lies inside; its points are not checked yet, its sums only where kinds are wanted. */
  abstract void block(Segment points, int b);

  /**
   * A part of 12″ that lies inside; its points are checked, its sums are not.
   *
   * @return false: its cells are wanted
   */
  boolean part(Segment points, int b, int part) {
    return false;
  }

  /** A cell that lies inside, from a row to before another. */
  abstract void cell(Segment points, int b, int from, int to);

  /** Points of one cell that lie inside: the first of {@link #rows}. */
  abstract void rows(Segment points, int b, int count);

  final void walk(Segment points, Where where) {
    if (points.blocks == 0) return;
    Probe probe = where.probe();
    for (int b : blocks(points, probe)) {
      walkBlock(points, b, probe);
    }
  }

  final void walkBlock(Segment points, int b, Probe probe) {
    int w = points.west[b];
    int s = points.south[b];
    int relation = probe.block(w, s, w + Segment.BLOCK, s + Segment.BLOCK);
    if (relation == Probe.OUTSIDE) return;
    if (!kinds.isAll() && !points.hasAny(b, kinds)) return;
    if (relation == Probe.INSIDE) {
      block(points, b);
      return;
    }
    points.needPoints(b);
    boolean inParts = points.cells[b] > LEAST_CELLS_FOR_PARTS;
    if (inParts) relateParts(points, b, probe);
    long offsets = points.offsets(b);
    int n = 0;
    for (int word = 0; word < 4; word++) {
      for (long bits = points.bitmap(b, word); bits != 0; bits &= bits - 1, n++) {
        int code = word << 6 | Long.numberOfTrailingZeros(bits);
        int ofPart = inParts ? parts[Segment.TWENTY_FIFTH[code]] : Probe.CROSSING;
        if (ofPart == Probe.OUTSIDE) continue;
        int cw = points.cellWest(b, code);
        int cs = points.cellSouth(b, code);
        int its = ofPart == Probe.INSIDE ? Probe.INSIDE : probe.cell(cw, cs, cw + Segment.CELL, cs + Segment.CELL);
        if (its == Probe.OUTSIDE) continue;
        int from = points.cellStart(b, n);
        int to = points.cellStart(b, n + 1);
        if (its == Probe.INSIDE) {
          cell(points, b, from, to);
          continue;
        }
        if (rows.length < to - from) rows = new int[Math.max(to - from, rows.length * 2)];
        int signX = points.signX[b];
        int signY = points.signY[b];
        int count = probe.select(points, offsets, from, to, signX > 0 ? cw : cw + Segment.CELL, signY > 0 ? cs : cs + Segment.CELL,
            signX, signY, rows);
        if (count > 0) rows(points, b, count);
      }
    }
  }

  /** Sorts the 25 parts of a block; what was dealt with as a whole counts as outside. */
  private void relateParts(Segment points, int b, Probe probe) {
    int side = 3 * Segment.CELL;
    for (int p = 0; p < 25; p++) {
      int x = p / 5;
      int y = p % 5;
      int w = points.west[b] + (points.signX[b] > 0 ? x : 4 - x) * side;
      int s = points.south[b] + (points.signY[b] > 0 ? y : 4 - y) * side;
      int relation = probe.cell(w, s, w + side, s + side);
      if (relation == Probe.INSIDE && part(points, b, Segment.SUMS_OF_TWENTY_FIVE + p)) relation = Probe.OUTSIDE;
      parts[p] = (byte) relation;
    }
  }

  /** The blocks that touch the bounds of a probe, in their order. */
  static int[] blocks(Segment points, Probe probe) {
    return blocks(points, probe.west, probe.south, probe.east, probe.north);
  }

  static int[] blocks(Segment points, int west, int south, int east, int north) {
    int lowColumn = Math.floorDiv(west, Segment.BLOCK);
    int lowRow = Math.floorDiv(south, Segment.BLOCK);
    long columns = Math.floorDiv(east, Segment.BLOCK) - (long) lowColumn + 1;
    long all = columns * (Math.floorDiv(north, Segment.BLOCK) - (long) lowRow + 1);
    if (all > points.blocks / 4) {
      int[] found = new int[points.blocks];
      int n = 0;
      for (int b = 0; b < points.blocks; b++) {
        int w = points.west[b];
        int s = points.south[b];
        if (w <= east && s <= north && w >= (long) west - Segment.BLOCK && s >= (long) south - Segment.BLOCK) found[n++] = b;
      }
      return Arrays.copyOf(found, n);
    }
    int[] found = new int[(int) all];
    int n = 0;
    for (int i = 0; i < all; i++) {
      int b = points.blockAt((lowColumn + (int) (i % columns)) * Segment.BLOCK, (lowRow + (int) (i / columns)) * Segment.BLOCK);
      if (b >= 0) found[n++] = b;
    }
    found = Arrays.copyOf(found, n);
    Arrays.sort(found);
    return found;
  }
}
