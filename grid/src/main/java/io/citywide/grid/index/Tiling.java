package io.citywide.grid.index;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import java.util.Arrays;

/** Draws a tile with cells. */
final class Tiling {
  private final View view;
  private final CellSize size;
  private final KindSet kinds;
  private final CellSink sink;
  private final Tally tally;

  Tiling(View view, CellSize size, KindSet kinds, CellSink sink) {
    this.view = view;
    this.size = size;
    this.kinds = kinds;
    this.sink = sink;
    tally = new Tally(view.largestKind());
  }

  boolean run(Where.Box box) {
    int side = size.side;
    int west = Math.floorDiv(box.west, side) * side;
    int south = Math.floorDiv(box.south, side) * side;
    // The last unit of the last cell; a box that ends on an edge does not touch what begins there.
    long east = Math.floorDiv(Math.max(box.west, box.east - 1), side) * (long) side + side - 1;
    long north = Math.floorDiv(Math.max(box.south, box.north - 1), side) * (long) side + side - 1;
    int e = (int) Math.min(Integer.MAX_VALUE, east);
    int n = (int) Math.min(Integer.MAX_VALUE, north);
    long[] places = places(west, south, e, n);
    if (side > Segment.BLOCK) return large(places);
    for (long place : places) {
      int w = column(place) * Segment.BLOCK;
      int s = row(place) * Segment.BLOCK;
      int[] found = {view.base.blockAt(w, s), view.added.blockAt(w, s), view.removed.blockAt(w, s)};
      if (!draw(found, w, s, west, south, e, n)) return false;
    }
    return true;
  }

  /** Blocks of file and changes between these edges, each once, as column and row. */
  private long[] places(int west, int south, int east, int north) {
    int[] ofBase = Walk.blocks(view.base, west, south, east, north);
    int[] ofAdded = Walk.blocks(view.added, west, south, east, north);
    long[] places = new long[ofBase.length + ofAdded.length];
    int n = 0;
    for (int b : ofBase) {
      if (view.base.west[b] >= west && view.base.south[b] >= south || size.side < Segment.BLOCK) places[n++] = place(view.base.west[b], view.base.south[b]);
    }
    for (int b : ofAdded) {
      int w = view.added.west[b];
      int s = view.added.south[b];
      if (view.base.blockAt(w, s) < 0 && (w >= west && s >= south || size.side < Segment.BLOCK)) places[n++] = place(w, s);
    }
    return Arrays.copyOf(places, n);
  }

  private static long place(int w, int s) {
    return (long) Math.floorDiv(w, Segment.BLOCK) << 32 | Math.floorDiv(s, Segment.BLOCK) & 0xFFFF_FFFFL;
  }

  private static int column(long place) {
    return (int) (place >> 32);
  }

  private static int row(long place) {
    return (int) place;
  }

  private boolean large(long[] places) {
    int blocks = size.side / Segment.BLOCK;
    long[] cells = new long[places.length];
    for (int i = 0; i < places.length; i++) {
      cells[i] = (long) Math.floorDiv(column(places[i]), blocks) << 32 | Math.floorDiv(row(places[i]), blocks) & 0xFFFF_FFFFL;
    }
    Integer[] order = new Integer[places.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(cells[a], cells[b]));
    for (int i = 0; i < order.length;) {
      long cell = cells[order[i]];
      for (; i < order.length && cells[order[i]] == cell; i++) {
        long place = places[order[i]];
        int w = column(place) * Segment.BLOCK;
        int s = row(place) * Segment.BLOCK;
        addSums(view.base, view.base.blockAt(w, s), 0, 1);
        addSums(view.added, view.added.blockAt(w, s), 0, 1);
        addSums(view.removed, view.removed.blockAt(w, s), 0, -1);
      }
      if (!give(column(cell) * size.side, row(cell) * size.side)) return false;
    }
    return true;
  }

  private boolean draw(int[] found, int w, int s, int west, int south, int east, int north) {
    int parts = Segment.BLOCK / size.side;
    for (int column = 0; column < parts; column++) {
      int cw = w + column * size.side;
      if (cw < west || cw > east) continue;
      for (int row = 0; row < parts; row++) {
        int cs = s + row * size.side;
        if (cs < south || cs > north) continue;
        add(view.base, found[0], column, row, 1);
        if (view.isChanged()) {
          add(view.added, found[1], column, row, 1);
          add(view.removed, found[2], column, row, -1);
        }
        if (!give(cw, cs)) return false;
      }
    }
    return true;
  }

  /** Adds a part of a block, counted from its south-western corner. */
  private void add(Segment points, int b, int column, int row, int sign) {
    if (b < 0) return;
    int parts = Segment.BLOCK / size.side;
    int x = points.signX[b] > 0 ? column : parts - 1 - column;
    int y = points.signY[b] > 0 ? row : parts - 1 - row;
    switch (size) {
      case MINUTE -> addSums(points, b, 0, sign);
      case SECONDS_20 -> addSums(points, b, Segment.SUMS_OF_NINE + x * 3 + y, sign);
      case SECONDS_12 -> addSums(points, b, Segment.SUMS_OF_TWENTY_FIVE + x * 5 + y, sign);
      case SECONDS_4 -> addCell(points, b, x << 4 | y, -1, sign);
      case SECONDS_2 -> addCell(points, b, x / 2 << 4 | y / 2, (y & 1) << 1 | x & 1, sign);
      case MINUTES_3, MINUTES_10, MINUTES_30 -> throw new IllegalStateException(size + " is larger than a block");
    }
  }

  private void addSums(Segment points, int b, int part, int sign) {
    if (b < 0) return;
    points.needSums(b);
    for (long at = points.sumsFrom(b, part), to = points.sumsTo(b, part); at < to; at += 4) {
      int kind = points.memory.get(Segment.CHAR, at);
      if (kinds.contains(kind)) tally.add(kind, (long) sign * points.memory.get(Segment.CHAR, at + 2));
    }
  }

  /** @param quarter element of level 6; -1: the whole cell */
  private void addCell(Segment points, int b, int code, int quarter, int sign) {
    points.needPoints(b);
    int n = points.cellOf(b, code);
    if (n < 0) return;
    int from = points.cellStart(b, n);
    int to = points.cellStart(b, n + 1);
    if (quarter >= 0) {
      from = points.firstOf(b, from, to, code << 2 | quarter);
      to = points.firstOf(b, from, to, (code << 2 | quarter) + 1);
    }
    long its = points.kinds(b);
    for (int row = from; row < to; row++) {
      int kind = points.kind(its, row);
      if (kinds.contains(kind)) tally.add(kind, sign);
    }
  }

  private boolean give(int w, int s) {
    if (!tally.finish()) return true;
    double units = GridKeys.UNITS_PER_DEGREE;
    return sink.cell(new GridBox(w / units, s / units, (w + (double) size.side) / units, (s + (double) size.side) / units), tally.total, tally.dominant, tally.worst);
  }
}
