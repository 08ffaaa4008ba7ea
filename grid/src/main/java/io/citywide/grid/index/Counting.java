package io.citywide.grid.index;

/** Counts. */
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
