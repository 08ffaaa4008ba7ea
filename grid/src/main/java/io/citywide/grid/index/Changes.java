package io.citywide.grid.index;

import java.util.Arrays;

/** Points that are new, moved or changed, and points that are gone; of several words about one id the last counts. */
public final class Changes {
  /** Key of a point that is gone. */
  static final long GONE = -1;

  long[] ids = new long[16];
  long[] keys = new long[16];
  char[] kinds = new char[16];
  int size;

  /**
   * The point with this id is here and of this kind, whether it was known or not.
   *
   * @param key of level 9
   * @param kind 0..65535
   */
  public Changes put(long key, int kind, long id) {
    IndexedPoint.check(key, kind);
    return add(key, kind, id);
  }

  /** There is no point with this id (any more). */
  public Changes remove(long id) {
    return add(GONE, 0, id);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** How many words there are, of which several may be about one id. */
  public int size() {
    return size;
  }

  private Changes add(long key, int kind, long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      keys = Arrays.copyOf(keys, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
    }
    ids[size] = id;
    keys[size] = key;
    kinds[size++] = (char) kind;
    return this;
  }
}
