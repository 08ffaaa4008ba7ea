package io.citywide.grid.index;

import java.lang.foreign.MemorySegment;

/** Points one after the other, in the order of key and id. */
abstract class Rows {
  long key;
  int kind;
  long id;

  /** Steps to the next point; false after the last. */
  abstract boolean next();

  /** Those of a segment, without the dead ones. */
  static final class OfSegment extends Rows {
    private final Segment points;
    /** Row numbers in the segment, ascending. */
    private final int[] dead;
    private int nextDead;
    private int block = -1;
    private int row;
    private int end;

    OfSegment(Segment points, int[] dead) {
      this.points = points;
      this.dead = dead;
    }

    @Override
    boolean next() {
      while (true) {
        if (++row >= end) {
          if (++block >= points.blocks) return false;
          points.needPoints(block);
          row = 0;
          end = points.blockRows[block];
        }
        if (nextDead < dead.length && dead[nextDead] == points.firstRow[block] + row) {
          nextDead++;
          continue;
        }
        key = points.key(block, row);
        kind = points.kindAt(block, row);
        id = points.idAt(block, row);
        return true;
      }
    }
  }

  /** Those of several, each sorted. */
  static final class Merged extends Rows {
    private final Rows[] heap;
    private int size;
    private boolean begun;

    Merged(Rows... parts) {
      heap = parts.clone();
    }

    @Override
    boolean next() {
      if (!begun) {
        begun = true;
        for (Rows part : heap.clone()) {
          if (part.next()) {
            heap[size] = part;
            for (int i = size++; i > 0 && before(heap[i], heap[(i - 1) / 2]); i = (i - 1) / 2) swap(i, (i - 1) / 2);
          }
        }
      } else if (size > 0) {
        if (!heap[0].next()) heap[0] = heap[--size];
        sink();
      }
      if (size == 0) return false;
      key = heap[0].key;
      kind = heap[0].kind;
      id = heap[0].id;
      return true;
    }

    private void sink() {
      int i = 0;
      while (true) {
        int least = 2 * i + 1;
        if (least >= size) return;
        if (least + 1 < size && before(heap[least + 1], heap[least])) least++;
        if (!before(heap[least], heap[i])) return;
        swap(i, least);
        i = least;
      }
    }

    private void swap(int i, int j) {
      Rows r = heap[i];
      heap[i] = heap[j];
      heap[j] = r;
    }

    private static boolean before(Rows a, Rows b) {
      return a.key < b.key || a.key == b.key && a.id < b.id;
    }
  }

  /** Those that {@link PointSorter} put aside: key 8, id 8, kind 2 bytes each. */
  static final class Stored extends Rows {
    static final int SIZE = 18;
    private final MemorySegment memory;
    private long at;
    private final long end;

    Stored(MemorySegment memory, long from, long to) {
      this.memory = memory;
      at = from;
      end = to;
    }

    @Override
    boolean next() {
      if (at == end) return false;
      key = memory.get(Segment.LONG, at);
      id = memory.get(Segment.LONG, at + 8);
      kind = memory.get(Segment.CHAR, at + 16);
      at += SIZE;
      return true;
    }
  }
}
