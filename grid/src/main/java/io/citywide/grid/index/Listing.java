package io.citywide.grid.index;

import static io.citywide.grid.GridKeys.UNITS_PER_DEGREE;

import java.util.Arrays;

/**
 * Gives points to a sink: block by block, those that only one of file and changes has as they are found, the others
 * joined in their order.
 */
final class Listing {
  private final View view;
  private final KindSet kinds;
  private final long afterKey;
  private final long afterId;
  private final PlaceSink sink;
  private final Chosen inBase;
  private final Chosen inAdded;
  private final Straight straight;
  private boolean enough;

  Listing(View view, KindSet kinds, IndexedPoint after, PlaceSink sink) {
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
      give(points, b, null, from, to);
    }

    @Override
    void rows(Segment points, int b, int count) {
      if (enough || begins && points.key(b, rows[count - 1]) < afterKey) return;
      give(points, b, rows, 0, count);
    }

    /** Gives rows of a block: from one to before another, of {@code these} where they are given. */
    private void give(Segment points, int b, int[] these, int from, int to) {
      boolean all = kinds.isAll();
      boolean some = begins || nextDead < endDead;
      long prefix = (long) points.prefix[b] << 32 | 9;
      long offsets = points.offsets(b);
      long its = points.kinds(b);
      long ids = points.ids(b);
      int width = points.idWidth[b];
      long least = points.leastId[b];
      int x0 = points.cornerX(b);
      int y0 = points.cornerY(b);
      int signX = points.signX[b];
      int signY = points.signY[b];
      for (int i = from; i < to; i++) {
        int row = these == null ? i : these[i];
        int kind = points.kind(its, row);
        if (!all && !kinds.contains(kind)) continue;
        int offset = points.offset(offsets, row);
        long key = prefix | (long) offset << 4;
        long id = points.id(ids, width, least, row);
        if (some && isLeftOut(points.firstRow[b] + row, key, id)) continue;
        double lon = (x0 + signX * Segment.intoBlockX(offset)) / (double) UNITS_PER_DEGREE;
        double lat = (y0 + signY * Segment.intoBlockY(offset)) / (double) UNITS_PER_DEGREE;
        if (!sink.point(key, kind, id, lon, lat)) {
          enough = true;
          return;
        }
      }
    }

    private boolean isLeftOut(long row, long key, long id) {
      return nextDead < endDead && isDead(row) || begins && (key < afterKey || key == afterKey && id <= afterId);
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
      int offset = from.offsetAt(block, row);
      double lon = (from.cornerX(block) + from.signX[block] * Segment.intoBlockX(offset)) / (double) UNITS_PER_DEGREE;
      double lat = (from.cornerY(block) + from.signY[block] * Segment.intoBlockY(offset)) / (double) UNITS_PER_DEGREE;
      if (!sink.point(key, from.kindAt(block, row), id, lon, lat)) return false;
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
