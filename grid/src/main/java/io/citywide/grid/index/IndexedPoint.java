package io.citywide.grid.index;

import io.citywide.grid.GridKeys;

/**
 * A point of an index.
 *
 * @param key of its cell of level 9
 * @param kind 0..65535; see {@link #group()} and {@link #grade()}
 * @param id whose it is, unique in the index
 */
public record IndexedPoint(long key, int kind, long id) implements Comparable<IndexedPoint> {

  /** @throws IllegalArgumentException when the key is not of level 9 or the kind is out of bounds */
  public IndexedPoint {
    check(key, kind);
  }

  static void check(long key, int kind) {
    if (key < 0 || (key & 15) != 9) throw new IllegalArgumentException("the key of a point must be of level 9, was " + key);
    if (kind < 0 || kind > 0xFFFF) throw new IllegalArgumentException("kind must be 0..65535, was " + kind);
  }

  /** Degrees. */
  public double lon() {
    return GridKeys.centerLon(key);
  }

  /** Degrees. */
  public double lat() {
    return GridKeys.centerLat(key);
  }

  /** What it is, 0..8191. */
  public int group() {
    return group(kind);
  }

  /** How it is, 0 (well) to 7. */
  public int grade() {
    return grade(kind);
  }

  /** The group of a kind, 0..8191. */
  public static int group(int kind) {
    return kind >>> 3;
  }

  /** The grade of a kind, 0..7. */
  public static int grade(int kind) {
    return kind & 7;
  }

  /**
   * The kind of a group and grade.
   *
   * @throws IllegalArgumentException when group is not 0..8191 or grade not 0..7
   */
  public static int kind(int group, int grade) {
    if (group < 0 || group > 8191 || grade < 0 || grade > 7) {
      throw new IllegalArgumentException("group must be 0..8191 and grade 0..7, were " + group + " and " + grade);
    }
    return group << 3 | grade;
  }

  /** By key, then id: the order of the index. */
  @Override
  public int compareTo(IndexedPoint other) {
    int c = Long.compare(key, other.key);
    return c != 0 ? c : Long.compare(id, other.id);
  }
}
