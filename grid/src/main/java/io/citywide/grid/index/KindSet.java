package io.citywide.grid.index;

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

  public boolean isAll() {
    return bits == null;
  }

  /** @param kind 0..65535 */
  public boolean contains(int kind) {
    return bits == null || (bits[kind >>> 6] >>> kind & 1) != 0;
  }
}
