package io.citywide.grid.index;

import java.util.Arrays;

/** Counts by kind of one cell at a time. */
final class Tally {
  private final long[] ofKind;
  private final long[] ofGroup;
  private int[] touched = new int[64];
  private int size;

  long total;
  int dominant;
  int worst;

  Tally(int largestKind) {
    ofKind = new long[largestKind + 1];
    ofGroup = new long[(largestKind >>> 3) + 1];
  }

  void add(int kind, long count) {
    if (ofKind[kind] == 0) {
      if (size == touched.length) touched = Arrays.copyOf(touched, size * 2);
      touched[size++] = kind;
    }
    ofKind[kind] += count;
  }

  /** Works out total, dominant and worst, and begins anew; false where nothing is left. */
  boolean finish() {
    total = 0;
    worst = 0;
    // A kind that came back to 0 on the way is there twice: what was taken once is 0 the second time.
    for (int i = 0; i < size; i++) {
      int kind = touched[i];
      long count = ofKind[kind];
      ofKind[kind] = 0;
      if (count == 0) continue;
      total += count;
      worst = Math.max(worst, kind & 7);
      ofGroup[kind >>> 3] += count;
    }
    long most = 0;
    for (int i = 0; i < size; i++) {
      int group = touched[i] >>> 3;
      long count = ofGroup[group];
      if (count > most || count == most && count > 0 && group < dominant) {
        most = count;
        dominant = group;
      }
    }
    for (int i = 0; i < size; i++) ofGroup[touched[i] >>> 3] = 0;
    size = 0;
    return total > 0;
  }
}
