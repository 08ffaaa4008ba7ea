package io.citywide.grid.index;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The index as it stood at one moment; what changes later does not touch it. For any number of threads at once. Close
 * it soon: it keeps a file from being released.
 *
 * <p>Every query throws {@link DamagedIndexException} when it comes to a part of the file that was altered, and never
 * answers from one.
 */
public final class Snapshot implements AutoCloseable {
  private final View view;
  private boolean closed;

  Snapshot(View view) {
    this.view = view;
  }

  View view() {
    return view;
  }

  /** Points in all. */
  public long size() {
    return view.size();
  }

  /** Says what the index holds: equal where and only where the points are the same, on whatever server. */
  public String revision() {
    return view.revision();
  }

  /** What the owner said about the last change; see {@link PointIndex#apply}. */
  public String note() {
    return view.note;
  }

  /** How many there are. */
  public long count(Where where, KindSet kinds) {
    Counting count = new Counting(kinds);
    count.walk(view.base, where);
    long total = count.total;
    if (view.isChanged()) {
      count.walk(view.added, where);
      total = count.total;
      count.total = 0;
      count.walk(view.removed, where);
      total -= count.total;
    }
    return total;
  }

  /** How many of each kind. */
  public KindCounts counts(Where where, KindSet kinds) {
    KindCounting count = new KindCounting(kinds, view.largestKind());
    count.walk(view.base, where);
    if (view.isChanged()) {
      count.walk(view.added, where);
      count.sign = -1;
      count.walk(view.removed, where);
    }
    return new KindCounts(count.counts);
  }

  /**
   * Gives each point to the sink, in the order of key and id.
   *
   * @param after begins after this point; null: at the first
   * @return false when the sink wanted no more
   */
  public boolean each(Where where, KindSet kinds, IndexedPoint after, PointSink sink) {
    return new Listing(view, kinds, after, sink).run(where);
  }

  /** As {@link #each(Where, KindSet, IndexedPoint, PointSink)}, from the first. */
  public boolean each(Where where, KindSet kinds, PointSink sink) {
    return each(where, kinds, null, sink);
  }

  /**
   * At most so many points, in the order of key and id.
   *
   * @param after the last of the page before; null: the first page
   * @param limit 1..1000000
   * @throws IllegalArgumentException when the limit is out of bounds
   */
  public List<IndexedPoint> page(Where where, KindSet kinds, IndexedPoint after, int limit) {
    if (limit < 1 || limit > 1_000_000) throw new IllegalArgumentException("limit must be 1..1000000, was " + limit);
    List<IndexedPoint> page = new ArrayList<>(Math.min(limit, 1000));
    each(where, kinds, after, (key, kind, id) -> {
      page.add(new IndexedPoint(key, kind, id));
      return page.size() < limit;
    });
    return page;
  }

  /** A point and how far away it is. */
  public record Near(IndexedPoint point, double meters) {}

  /**
   * The nearest points, the nearest first, of equal distances the least id.
   *
   * @param lon degrees
   * @param lat degrees
   * @param most how many, 1..10000
   * @param withinMeters none farther than this, 0..200000
   * @throws IllegalArgumentException when a bound is broken; see also {@link Where#circle}
   */
  public List<Near> nearest(double lon, double lat, int most, double withinMeters, KindSet kinds) {
    if (most < 1 || most > 10_000) throw new IllegalArgumentException("the number of the nearest must be 1..10000, was " + most);
    return new Nearest(view, new Meters(lon, lat, withinMeters), withinMeters, most, kinds).find(lon, lat);
  }

  /**
   * The cells that touch a box and are not empty, each with what is in the whole of it.
   *
   * @param box of a tile; one across the antimeridian is refused
   * @return false when the sink wanted no more
   */
  public boolean cells(GridBox box, CellSize size, KindSet kinds, CellSink sink) {
    if (box.west() > box.east()) throw new IllegalArgumentException("the box of a tile must not cross the antimeridian, was " + box);
    return new Tiling(view, size, kinds, sink).run((Where.Box) Where.box(box));
  }

  /** Gives the snapshot back; it must not be used any more. Doing so twice changes nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      view.release();
    }
  }
}

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
    if (!kinds.isAll() && !hasKind(points, b)) return;
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

  final boolean hasKind(Segment points, int b) {
    points.needSums(b);
    for (long at = points.sumsFrom(b, 0), to = points.sumsTo(b, 0); at < to; at += 4) {
      if (kinds.contains(points.memory.get(Segment.CHAR, at))) return true;
    }
    return false;
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

final class Counting extends Walk {
  long total;

  Counting(KindSet kinds) {
    super(kinds);
  }

  @Override
  void block(Segment points, int b) {
    if (kinds.isAll()) {
      total += points.blockRows[b];
      return;
    }
    part(points, b, 0);
  }

  @Override
  boolean part(Segment points, int b, int part) {
    if (kinds.isAll()) return false; // the cells know how many they are
    points.needSums(b);
    for (long at = points.sumsFrom(b, part), to = points.sumsTo(b, part); at < to; at += 4) {
      if (kinds.contains(points.memory.get(Segment.CHAR, at))) total += points.memory.get(Segment.CHAR, at + 2);
    }
    return true;
  }

  @Override
  void cell(Segment points, int b, int from, int to) {
    if (kinds.isAll()) {
      total += to - from;
      return;
    }
    long its = points.kinds(b);
    for (int row = from; row < to; row++) {
      if (kinds.contains(points.kind(its, row))) total++;
    }
  }

  @Override
  void rows(Segment points, int b, int count) {
    if (kinds.isAll()) {
      total += count;
      return;
    }
    long its = points.kinds(b);
    for (int i = 0; i < count; i++) {
      if (kinds.contains(points.kind(its, rows[i]))) total++;
    }
  }
}

final class KindCounting extends Walk {
  final long[] counts;
  int sign = 1;

  KindCounting(KindSet kinds, int largestKind) {
    super(kinds);
    counts = new long[largestKind + 1];
  }

  @Override
  void block(Segment points, int b) {
    part(points, b, 0);
  }

  @Override
  boolean part(Segment points, int b, int part) {
    points.needSums(b);
    for (long at = points.sumsFrom(b, part), to = points.sumsTo(b, part); at < to; at += 4) {
      int kind = points.memory.get(Segment.CHAR, at);
      if (kinds.contains(kind)) counts[kind] += (long) sign * points.memory.get(Segment.CHAR, at + 2);
    }
    return true;
  }

  @Override
  void cell(Segment points, int b, int from, int to) {
    long its = points.kinds(b);
    for (int row = from; row < to; row++) {
      int kind = points.kind(its, row);
      if (kinds.contains(kind)) counts[kind] += sign;
    }
  }

  @Override
  void rows(Segment points, int b, int count) {
    long its = points.kinds(b);
    for (int i = 0; i < count; i++) {
      int kind = points.kind(its, rows[i]);
      if (kinds.contains(kind)) counts[kind] += sign;
    }
  }
}

/**
 * Gives points to a sink: block by block, those that only one of file and changes has as they are found, the others
 * joined in their order.
 */
final class Listing {
  private final View view;
  private final KindSet kinds;
  private final long afterKey;
  private final long afterId;
  private final PointSink sink;
  private final Chosen inBase;
  private final Chosen inAdded;
  private final Straight straight;
  private boolean enough;

  Listing(View view, KindSet kinds, IndexedPoint after, PointSink sink) {
    this.view = view;
    this.kinds = kinds;
    this.sink = sink;
    afterKey = after == null ? -1 : after.key();
    afterId = after == null ? 0 : after.id();
    inBase = new Chosen();
    inAdded = new Chosen();
    straight = new Straight();
  }

  boolean run(Where where) {
    int afterPrefix = afterKey < 0 ? -1 : (int) (afterKey >>> 32);
    Segment base = view.base;
    Segment added = view.added;
    Probe ofBase = where.probe();
    Probe ofAdded = added.blocks == 0 ? ofBase : where.probe();
    int[] baseBlocks = base.blocks == 0 ? new int[0] : Walk.blocks(base, ofBase);
    int[] addedBlocks = added.blocks == 0 ? new int[0] : Walk.blocks(added, ofAdded);
    int i = 0;
    int j = 0;
    while (i < baseBlocks.length || j < addedBlocks.length) {
      int basePrefix = i < baseBlocks.length ? base.prefix[baseBlocks[i]] : Integer.MAX_VALUE;
      int addedPrefix = j < addedBlocks.length ? added.prefix[addedBlocks[j]] : Integer.MAX_VALUE;
      int prefix = Math.min(basePrefix, addedPrefix);
      int b = basePrefix == prefix ? baseBlocks[i++] : -1;
      int a = addedPrefix == prefix ? addedBlocks[j++] : -1;
      if (prefix < afterPrefix) continue;
      if (a < 0 || b < 0) {
        straight.of(a < 0 ? base : added, a < 0 ? b : a, a < 0 ? ofBase : ofAdded, prefix == afterPrefix);
        if (enough) return false;
        continue;
      }
      inBase.size = 0;
      inAdded.size = 0;
      inBase.walkBlock(base, b, ofBase);
      inAdded.walkBlock(added, a, ofAdded);
      if (!give(b, a)) return false;
    }
    return true;
  }

  /** Gives the points of a block as they are found. */
  private final class Straight extends Walk {
    /** Whether some of the block's points come before where the list begins. */
    private boolean begins;
    private int nextDead;
    private int endDead;

    Straight() {
      super(Listing.this.kinds);
    }

    void of(Segment points, int b, Probe probe, boolean beginsHere) {
      begins = beginsHere;
      if (points == view.base && view.dead.length > 0) {
        nextDead = View.lowerBound(view.dead, points.firstRow[b]);
        endDead = View.lowerBound(view.dead, points.firstRow[b] + points.blockRows[b]);
      } else {
        endDead = nextDead;
      }
      walkBlock(points, b, probe);
    }

    @Override
    void block(Segment points, int b) {
      points.needPoints(b);
      cell(points, b, 0, points.blockRows[b]);
    }

    @Override
    void cell(Segment points, int b, int from, int to) {
      if (enough || begins && points.key(b, to - 1) < afterKey) return;
      long prefix = (long) points.prefix[b] << 32 | 9;
      long offsets = points.offsets(b);
      long its = points.kinds(b);
      for (int row = from; row < to; row++) {
        int kind = points.kind(its, row);
        if (kinds.contains(kind) && !give(points, b, row, prefix | (long) points.offset(offsets, row) << 4, kind)) return;
      }
    }

    @Override
    void rows(Segment points, int b, int count) {
      if (enough || begins && points.key(b, rows[count - 1]) < afterKey) return;
      long prefix = (long) points.prefix[b] << 32 | 9;
      long offsets = points.offsets(b);
      long its = points.kinds(b);
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int kind = points.kind(its, row);
        if (kinds.contains(kind) && !give(points, b, row, prefix | (long) points.offset(offsets, row) << 4, kind)) return;
      }
    }

    private boolean give(Segment points, int b, int row, long key, int kind) {
      if (nextDead < endDead && isDead(points.firstRow[b] + row)) return true;
      long id = points.idAt(b, row);
      if (begins && (key < afterKey || key == afterKey && id <= afterId)) return true;
      enough = !sink.point(key, kind, id);
      return !enough;
    }

    private boolean isDead(long row) {
      while (nextDead < endDead && view.dead[nextDead] < row) nextDead++;
      return nextDead < endDead && view.dead[nextDead] == row;
    }
  }

  private boolean give(int b, int a) {
    Segment base = view.base;
    Segment added = view.added;
    int[] dead = view.dead;
    long first = b < 0 ? 0 : base.firstRow[b];
    int nextDead = b < 0 ? 0 : View.lowerBound(dead, first);
    boolean anyDead = nextDead < dead.length && b >= 0 && dead[nextDead] < first + base.blockRows[b];
    int i = 0;
    int j = 0;
    while (true) {
      if (anyDead) {
        while (i < inBase.size) {
          long row = first + inBase.list[i];
          while (nextDead < dead.length && dead[nextDead] < row) nextDead++;
          if (nextDead == dead.length || dead[nextDead] != row) break;
          i++;
        }
      }
      boolean fromBase;
      if (i < inBase.size && j < inAdded.size) {
        int c = Integer.compare(base.offsetAt(b, inBase.list[i]), added.offsetAt(a, inAdded.list[j]));
        fromBase = c != 0 ? c < 0 : base.idAt(b, inBase.list[i]) < added.idAt(a, inAdded.list[j]);
      } else if (i < inBase.size) {
        fromBase = true;
      } else if (j < inAdded.size) {
        fromBase = false;
      } else {
        return true;
      }
      Segment from = fromBase ? base : added;
      int block = fromBase ? b : a;
      int row = fromBase ? inBase.list[i++] : inAdded.list[j++];
      long key = from.key(block, row);
      if (key < afterKey) continue;
      long id = from.idAt(block, row);
      if (key == afterKey && id <= afterId) continue;
      if (!sink.point(key, from.kindAt(block, row), id)) return false;
    }
  }

  /** The rows of one block that are wanted, in their order. */
  private final class Chosen extends Walk {
    int[] list = new int[256];
    int size;

    Chosen() {
      super(Listing.this.kinds);
    }

    private void need(int more) {
      if (size + more > list.length) list = Arrays.copyOf(list, Math.max(size + more, list.length * 2));
    }

    @Override
    void block(Segment points, int b) {
      points.needPoints(b);
      cell(points, b, 0, points.blockRows[b]);
    }

    @Override
    void cell(Segment points, int b, int from, int to) {
      if (afterKey >= 0 && points.key(b, to - 1) < afterKey) return;
      need(to - from);
      if (kinds.isAll()) {
        for (int row = from; row < to; row++) list[size++] = row;
        return;
      }
      long its = points.kinds(b);
      for (int row = from; row < to; row++) {
        if (kinds.contains(points.kind(its, row))) list[size++] = row;
      }
    }

    @Override
    void rows(Segment points, int b, int count) {
      if (afterKey >= 0 && points.key(b, rows[count - 1]) < afterKey) return;
      need(count);
      if (kinds.isAll()) {
        System.arraycopy(rows, 0, list, size, count);
        size += count;
        return;
      }
      long its = points.kinds(b);
      for (int i = 0; i < count; i++) {
        if (kinds.contains(points.kind(its, rows[i]))) list[size++] = rows[i];
      }
    }
  }
}

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
    if (!kinds.isAll() && !hasKind(points, b)) return;
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

  private boolean hasKind(Segment points, int b) {
    points.needSums(b);
    for (long at = points.sumsFrom(b, 0), to = points.sumsTo(b, 0); at < to; at += 4) {
      if (kinds.contains(points.memory.get(Segment.CHAR, at))) return true;
    }
    return false;
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
