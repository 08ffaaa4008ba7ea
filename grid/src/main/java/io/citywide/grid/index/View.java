package io.citywide.grid.index;

import java.util.Arrays;

/**
 * A state of the index: the points of a file, less those that were changed or removed since, and those that were added
 * or changed. Never altered.
 *
 * @see Snapshot
 */
final class View {
  final BaseFile file;
  final Segment base;
  /** Points that are new, or as they are after a change. */
  final Segment added;
  /** Points of the file that are no more, as they were: what sums count too much. */
  final Segment removed;
  /** Their rows in the file, ascending. */
  final int[] dead;
  final String note;

  View(BaseFile file, Segment added, Segment removed, int[] dead, String note) {
    this.file = file;
    this.base = file.points;
    this.added = added;
    this.removed = removed;
    this.dead = dead;
    this.note = note;
  }

  /** The same points with another note. */
  View noted(String other) {
    return new View(file, added, removed, dead, other);
  }

  boolean isChanged() {
    return added.blocks > 0 || removed.blocks > 0;
  }

  long size() {
    return base.rows + added.rows - removed.rows;
  }

  String revision() {
    return Long.toHexString(base.content + added.content - removed.content) + "-" + Long.toString(size(), 36);
  }

  int largestKind() {
    return Math.max(base.largestKind, added.largestKind);
  }

  boolean isDead(long row) {
    return dead.length > 0 && Arrays.binarySearch(dead, (int) row) >= 0;
  }

  void release() {
    file.release();
  }

  /** First place in a sorted array of at least a value. */
  static int lowerBound(int[] sorted, long value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
