package io.citywide.grid.index;

import java.util.Arrays;

/** What changed since a file was written: the last word about each id. For one thread at a time. */
final class Overlay {
  private static final int NOT_IN_BASE = -1;

  private final Segment base;
  private long[] ids = new long[64];
  private long[] keys = new long[64];
  private char[] kinds = new char[64];
  /** Row in the file, or {@link #NOT_IN_BASE}. */
  private int[] rows = new int[64];
  private int size;
  /** Open addressing: place + 1. */
  private int[] table = new int[256];

  Overlay(Segment base) {
    this.base = base;
  }

  int size() {
    return size;
  }

  /** Takes changes in. */
  void apply(Changes changes) {
    int before = size;
    for (int i = 0; i < changes.size; i++) {
      int at = place(changes.ids[i]);
      if (at < 0) at = insert(changes.ids[i]);
      keys[at] = changes.keys[i];
      kinds[at] = changes.kinds[i];
    }
    findRows(before);
  }

  /** Looks for the rows of the ids that are new here: of the blocks whose ids can be theirs, all ids are read. */
  private void findRows(int from) {
    if (from == size || base.blocks == 0) return;
    long[] sorted = Arrays.copyOfRange(ids, from, size);
    Arrays.sort(sorted);
    for (int b = 0; b < base.blocks; b++) {
      int at = Arrays.binarySearch(sorted, base.leastId[b]);
      if (at < 0) at = -at - 1;
      if (at == sorted.length || sorted[at] > base.greatestId(b)) continue;
      base.needPoints(b);
      for (int row = 0, n = base.blockRows[b]; row < n; row++) {
        int its = place(base.idAt(b, row));
        if (its >= from) rows[its] = (int) base.firstRow[b] + row;
      }
    }
  }

  private int place(long id) {
    int slot = slot(id);
    while (table[slot] != 0) {
      if (ids[table[slot] - 1] == id) return table[slot] - 1;
      slot = slot + 1 & table.length - 1;
    }
    return -1;
  }

  private int slot(long id) {
    return (int) (id * 0x9E3779B97F4A7C15L >>> 32) & table.length - 1;
  }

  private int insert(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      keys = Arrays.copyOf(keys, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
      rows = Arrays.copyOf(rows, size * 2);
      table = new int[table.length * 2];
      for (int i = 0; i < size; i++) link(i);
    }
    ids[size] = id;
    rows[size] = NOT_IN_BASE;
    link(size);
    return size++;
  }

  private void link(int at) {
    int slot = slot(ids[at]);
    while (table[slot] != 0) slot = slot + 1 & table.length - 1;
    table[slot] = at + 1;
  }

  /** The file with these changes. */
  View view(BaseFile file, String note) {
    int[] dead = new int[size];
    int deadCount = 0;
    int[] order = new int[size];
    int alive = 0;
    for (int i = 0; i < size; i++) {
      int row = rows[i];
      if (row != NOT_IN_BASE) {
        int b = block(row);
        int at = row - (int) base.firstRow[b];
        // What is said again changes nothing.
        if (keys[i] == base.key(b, at) && kinds[i] == base.kindAt(b, at)) continue;
        dead[deadCount++] = row;
      }
      if (keys[i] != Changes.GONE) order[alive++] = i;
    }
    dead = Arrays.copyOf(dead, deadCount);
    Arrays.sort(dead);
    SegmentWriter removed = SegmentWriter.inMemory("");
    for (int row : dead) {
      int b = block(row);
      int at = row - (int) base.firstRow[b];
      removed.add(base.key(b, at), base.kindAt(b, at), base.idAt(b, at));
    }
    SegmentWriter added = SegmentWriter.inMemory("");
    for (int i : sorted(Arrays.copyOf(order, alive))) added.add(keys[i], kinds[i], ids[i]);
    return new View(file, added.finish(), removed.finish(), dead, note);
  }

  /** By key and id. Merged in runs of twice the length each time, so that no place becomes an object. */
  private int[] sorted(int[] places) {
    int[] from = places;
    int[] to = new int[places.length];
    for (int run = 1; run < places.length; run *= 2) {
      for (int begin = 0; begin < places.length; begin += 2 * run) {
        int middle = Math.min(begin + run, places.length);
        int end = Math.min(middle + run, places.length);
        for (int at = begin, a = begin, b = middle; at < end; at++) {
          to[at] = b == end || a < middle && !isBefore(from[b], from[a]) ? from[a++] : from[b++];
        }
      }
      int[] sorted = to;
      to = from;
      from = sorted;
    }
    return from;
  }

  private boolean isBefore(int a, int b) {
    return keys[a] != keys[b] ? keys[a] < keys[b] : ids[a] < ids[b];
  }

  private int block(int row) {
    int at = Arrays.binarySearch(base.firstRow, row);
    return at >= 0 ? at : -at - 2;
  }
}
