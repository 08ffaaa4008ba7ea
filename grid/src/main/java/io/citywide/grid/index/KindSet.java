package io.citywide.grid.index;

import java.util.Arrays;

/** The kinds that a query wants. Immutable. */
public final class KindSet {
  private static final KindSet ALL = new KindSet(null);

  /** A bit per kind; null: all. */
  private final long[] bits;

  private KindSet(long[] bits) {
    this.bits = bits;
  }

  /** Every kind. */
  public static KindSet all() {
    return ALL;
  }

  /**
   * Only these kinds; none at all when there are none.
   *
   * @throws IllegalArgumentException when one is not 0..65535
   */
  public static KindSet of(int... kinds) {
    long[] bits = new long[1024];
    for (int kind : kinds) {
      if (kind < 0 || kind > 0xFFFF) throw new IllegalArgumentException("kind must be 0..65535, was " + kind);
      bits[kind >>> 6] |= 1L << kind;
    }
    return new KindSet(bits);
  }

  /**
   * These groups with every grade.
   *
   * @throws IllegalArgumentException when one is not 0..8191
   */
  public static KindSet ofGroups(int... groups) {
    long[] bits = new long[1024];
    for (int group : groups) {
      int kind = IndexedPoint.kind(group, 0);
      bits[kind >>> 6] |= 0xFFL << kind;
    }
    return new KindSet(bits);
  }

  /**
   * These grades of every group.
   *
   * @throws IllegalArgumentException when one is not 0..7
   */
  public static KindSet ofGrades(int... grades) {
    long word = 0;
    for (int grade : grades) word |= 0x0101_0101_0101_0101L << IndexedPoint.kind(0, grade);
    long[] bits = new long[1024];
    Arrays.fill(bits, word);
    return new KindSet(bits);
  }

  /** Those that are in both. */
  public KindSet and(KindSet other) {
    if (bits == null) return other;
    if (other.bits == null) return this;
    long[] both = bits.clone();
    for (int i = 0; i < both.length; i++) both[i] &= other.bits[i];
    return new KindSet(both);
  }

  public boolean isAll() {
    return bits == null;
  }

  /** @param kind 0..65535 */
  public boolean contains(int kind) {
    return bits == null || (bits[kind >>> 6] >>> kind & 1) != 0;
  }
}
