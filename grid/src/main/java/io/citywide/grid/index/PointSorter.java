package io.citywide.grid.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts points that come in any order, however many: a million at a time in memory, put aside in a file, merged at the
 * end. For one thread. Begun by {@link PointIndex#rebuild()}.
 */
public final class PointSorter implements AutoCloseable {
  /** Fits the low bits of a packed row, see {@link #sort}. */
  private static final int RUN_BITS = 20;
  private static final int RUN = 1 << RUN_BITS;
  private static final int MOST_PREFIXES = 1 << 16;

  private final Path aside;
  private FileChannel channel;
  private final Arena arena = Arena.ofShared();
  private final List<Long> ends = new ArrayList<>();
  private ByteBuffer out;

  private long[] keys = new long[1024];
  private long[] ids = new long[1024];
  private char[] kinds = new char[1024];
  private int n;
  private long added;

  /** Prefixes of the run so far: a hash set of prefix + 1. */
  private int[] prefixes = new int[1024];
  private int prefixCount;
  private int lastPrefix = -1;

  PointSorter(Path aside) {
    this.aside = aside;
  }

  /**
   * Takes a point. No id may come twice.
   *
   * @param key of level 9
   * @param kind 0..65535
   * @throws IllegalArgumentException for a key or kind out of bounds
   * @throws UncheckedIOException when points cannot be put aside, such as for lack of space
   */
  public void add(long key, int kind, long id) {
    IndexedPoint.check(key, kind);
    int prefix = (int) (key >>> 32);
    if (prefix != lastPrefix) {
      addPrefix(prefix);
      lastPrefix = prefix;
    }
    if (n == keys.length) {
      keys = Arrays.copyOf(keys, n * 2);
      ids = Arrays.copyOf(ids, n * 2);
      kinds = Arrays.copyOf(kinds, n * 2);
    }
    keys[n] = key;
    ids[n] = id;
    kinds[n] = (char) kind;
    added++;
    if (++n == RUN || prefixCount == MOST_PREFIXES - 1) putAside();
  }

  /** How many there are so far. */
  public long added() {
    return added;
  }

  private void addPrefix(int prefix) {
    if (prefixCount * 2 >= prefixes.length) {
      int[] old = prefixes;
      prefixes = new int[old.length * 4];
      for (int p : old) {
        if (p != 0) prefixes[slot(p - 1)] = p;
      }
    }
    int slot = slot(prefix);
    if (prefixes[slot] == 0) {
      prefixes[slot] = prefix + 1;
      prefixCount++;
    }
  }

  private int slot(int prefix) {
    int slot = (prefix * 0x9E3779B1 >>> 7) & prefixes.length - 1;
    while (prefixes[slot] != 0 && prefixes[slot] != prefix + 1) slot = slot + 1 & prefixes.length - 1;
    return slot;
  }

  /**
   * The order of the run: each row is one long, 16 bits for the place of its prefix among those of the run, 28 bits
   * below level 4, 20 bits its number; so sorting needs no comparator and no second array.
   */
  private int[] sort() {
    int[] sorted = new int[prefixCount];
    int count = 0;
    for (int p : prefixes) {
      if (p != 0) sorted[count++] = p - 1;
    }
    Arrays.sort(sorted);
    long[] packed = new long[n];
    int prefix = -1;
    long place = 0;
    for (int i = 0; i < n; i++) {
      int its = (int) (keys[i] >>> 32);
      if (its != prefix) {
        prefix = its;
        place = Arrays.binarySearch(sorted, its);
      }
      packed[i] = place << 48 | (keys[i] >>> 4 & 0xFFF_FFFFL) << RUN_BITS | i;
    }
    // The place is unsigned in the top 16 bits.
    for (int i = 0; i < n; i++) packed[i] ^= Long.MIN_VALUE;
    Arrays.parallelSort(packed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) order[i] = (int) packed[i] & RUN - 1;
    // Of one key, by id.
    for (int i = 0; i < n;) {
      int j = i + 1;
      while (j < n && keys[order[j]] == keys[order[i]]) j++;
      if (j > i + 1) sortById(order, i, j);
      i = j;
    }
    return order;
  }

  private void sortById(int[] order, int from, int to) {
    Integer[] boxed = new Integer[to - from];
    for (int i = from; i < to; i++) boxed[i - from] = order[i];
    Arrays.sort(boxed, (a, b) -> Long.compare(ids[a], ids[b]));
    for (int i = from; i < to; i++) order[i] = boxed[i - from];
  }

  private void putAside() {
    try {
      if (channel == null) {
        channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE);
        out = ByteBuffer.allocateDirect(Rows.Stored.SIZE << 14).order(ByteOrder.LITTLE_ENDIAN);
      }
      for (int row : sort()) {
        if (!out.hasRemaining()) write();
        out.putLong(keys[row]).putLong(ids[row]).putChar(kinds[row]);
      }
      write();
      ends.add(channel.position());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot put points aside in " + aside, e);
    }
    n = 0;
    Arrays.fill(prefixes, 0);
    prefixCount = 0;
    lastPrefix = -1;
  }

  private void write() throws IOException {
    out.flip();
    while (out.hasRemaining()) channel.write(out);
    out.clear();
  }

  /** All of them, sorted; nothing can be added any more. */
  Rows sorted() throws IOException {
    int[] order = sort();
    Rows last = new Rows() {
      private int at;

      @Override
      boolean next() {
        if (at == n) return false;
        int row = order[at++];
        key = keys[row];
        id = ids[row];
        kind = kinds[row];
        return true;
      }
    };
    if (channel == null) return last;
    MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.position(), arena);
    Rows[] parts = new Rows[ends.size() + 1];
    for (int i = 0; i < ends.size(); i++) parts[i] = new Rows.Stored(memory, i == 0 ? 0 : ends.get(i - 1), ends.get(i));
    parts[ends.size()] = last;
    return new Rows.Merged(parts);
  }

  /** Forgets the points and removes what was put aside. */
  @Override
  public void close() {
    try {
      arena.close();
      if (channel != null) channel.close();
      Files.deleteIfExists(aside);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + aside, e);
    }
  }
}
