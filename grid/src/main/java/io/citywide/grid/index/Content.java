package io.citywide.grid.index;

/**
 * A number that says what an index holds: the sum of a mixed number for each point, so that the same points have the
 * same in whatever order they came, on every server and after every start.
 */
final class Content {
  private Content() {}

  static long of(long key, int kind, long id) {
    return mix(mix(id * 0x9E3779B97F4A7C15L + kind) + key);
  }

  // The finalizer of SplitMix64.
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
