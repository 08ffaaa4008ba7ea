package io.citywide.grid.index;

/** Counts by kind. */
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
