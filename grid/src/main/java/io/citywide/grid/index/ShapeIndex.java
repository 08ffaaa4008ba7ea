package io.citywide.grid.index;

import io.citywide.grid.GridCovering;
import io.citywide.grid.GridRange;
import java.util.Arrays;

/**
 * An index over lines and areas, each by the ranges of its covering. It answers which shapes may meet a region; whether
 * they do, the sink finds out with the geometry that it has. Immutable, in memory, for any number of threads; a change
 * makes a new one.
 *
 * <p>The ranges are sorted by their low end, as a balanced tree without pointers (the middle is the root), and each
 * knows the greatest high end below it, so that a look costs the depth of the tree and what it finds, however long some
 * ranges are.
 */
public final class ShapeIndex {

  /** Takes shapes one by one. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param meets true: it meets the region for certain; false: it may, and its geometry must be looked at
     * @return false: enough, the query ends
     */
    boolean shape(long id, int kind, boolean meets);
  }

  /** Collects shapes. */
  public static final class Builder {
    private long[] ids = new long[64];
    private char[] kinds = new char[64];
    private int shapes;
    private long[] low = new long[256];
    private long[] high = new long[256];
    private int[] shapeOf = new int[256];
    private boolean[] inner = new boolean[256];
    private int ranges;

    private Builder() {}

    /**
     * Adds a shape. No id may come twice.
     *
     * @param kind 0..65535
     * @param covering of the shape; its inner ranges make answers certain
     */
    public Builder add(long id, int kind, GridCovering covering) {
      if (kind < 0 || kind > 0xFFFF) throw new IllegalArgumentException("kind must be 0..65535, was " + kind);
      if (shapes == ids.length) {
        ids = Arrays.copyOf(ids, shapes * 2);
        kinds = Arrays.copyOf(kinds, shapes * 2);
      }
      ids[shapes] = id;
      kinds[shapes] = (char) kind;
      for (GridRange range : covering.ranges()) add(range, false);
      for (GridRange range : covering.inner()) add(range, true);
      shapes++;
      return this;
    }

    private void add(GridRange range, boolean isInner) {
      if (ranges == low.length) {
        low = Arrays.copyOf(low, ranges * 2);
        high = Arrays.copyOf(high, ranges * 2);
        shapeOf = Arrays.copyOf(shapeOf, ranges * 2);
        inner = Arrays.copyOf(inner, ranges * 2);
      }
      low[ranges] = range.low();
      high[ranges] = range.high();
      shapeOf[ranges] = shapes;
      inner[ranges++] = isInner;
    }

    public ShapeIndex build() {
      return new ShapeIndex(this);
    }
  }

  private final long[] ids;
  private final char[] kinds;
  private final long[] low;
  private final long[] high;
  /** Number of the shape, doubled, plus 1 for an inner range. */
  private final int[] shape;
  /** Greatest high end of the tree whose root stands here. */
  private final long[] greatest;

  private ShapeIndex(Builder b) {
    ids = Arrays.copyOf(b.ids, b.shapes);
    kinds = Arrays.copyOf(b.kinds, b.shapes);
    Integer[] order = new Integer[b.ranges];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> Long.compare(b.low[i], b.low[j]));
    low = new long[b.ranges];
    high = new long[b.ranges];
    shape = new int[b.ranges];
    greatest = new long[b.ranges];
    for (int i = 0; i < b.ranges; i++) {
      low[i] = b.low[order[i]];
      high[i] = b.high[order[i]];
      shape[i] = b.shapeOf[order[i]] << 1 | (b.inner[order[i]] ? 1 : 0);
    }
    greatest(0, b.ranges);
  }

  public static Builder builder() {
    return new Builder();
  }

  private long greatest(int from, int to) {
    if (from >= to) return -1;
    int root = from + to >>> 1;
    greatest[root] = Math.max(high[root], Math.max(greatest(from, root), greatest(root + 1, to)));
    return greatest[root];
  }

  /** How many shapes there are. */
  public int size() {
    return ids.length;
  }

  /**
   * Gives each shape whose covering meets that of a region to the sink, once, in the order of their adding.
   *
   * @return false when the sink wanted no more
   */
  public boolean candidates(GridCovering region, KindSet wanted, Sink sink) {
    Found found = new Found();
    for (GridRange range : region.ranges()) look(0, low.length, range, false, found);
    // A range within both is a part of both.
    for (GridRange range : region.inner()) look(0, low.length, range, true, found);
    int[] numbers = Arrays.copyOf(found.shapes, found.size);
    Arrays.sort(numbers);
    for (int i = 0; i < numbers.length; i++) {
      int number = numbers[i] >>> 1;
      // Of one shape the certain answer sorts last.
      if (i + 1 < numbers.length && numbers[i + 1] >>> 1 == number) continue;
      if (wanted.contains(kinds[number]) && !sink.shape(ids[number], kinds[number], (numbers[i] & 1) != 0)) return false;
    }
    return true;
  }

  private void look(int from, int to, GridRange range, boolean innerOnly, Found found) {
    if (from >= to) return;
    int root = from + to >>> 1;
    if (greatest[root] < range.low()) return;
    look(from, root, range, innerOnly, found);
    if (low[root] > range.high()) return;
    if (high[root] >= range.low()) {
      if (innerOnly && (shape[root] & 1) != 0) found.add(shape[root]);
      else if (!innerOnly) found.add(shape[root] & ~1);
    }
    look(root + 1, to, range, innerOnly, found);
  }

  private static final class Found {
    int[] shapes = new int[64];
    int size;

    void add(int number) {
      if (size == shapes.length) shapes = Arrays.copyOf(shapes, size * 2);
      shapes[size++] = number;
    }
  }
}
