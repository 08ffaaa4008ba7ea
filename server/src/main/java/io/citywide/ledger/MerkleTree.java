package io.citywide.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tree of RFC 9162 §2.1: a leaf is {@code H(0x00 ‖ entry)}, a node {@code H(0x01 ‖ left ‖ right)}; of n leaves the
 * left half holds the largest power of two below n. One thread at a time.
 */
public final class MerkleTree {

  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  /** Hashes of full subtrees. */
  @FunctionalInterface
  public interface Subtrees {
    /** Root over the {@code 2^level} leaves from {@code index · 2^level}. */
    byte[] hash(int level, long index);
  }

  private final Suite.Hash hash;

  public MerkleTree(Suite suite) {
    this.hash = suite.hash();
  }

  public byte[] leaf(byte[] entry) {
    return hash.of(LEAF, entry);
  }

  public byte[] node(byte[] left, byte[] right) {
    return hash.of(NODE, left, right);
  }

  /** The root over no leaves: the hash of nothing. */
  public byte[] empty() {
    return hash.of();
  }

  /** The root over the first {@code size} leaves. */
  public byte[] root(long size, Subtrees subtrees) {
    return size == 0 ? empty() : range(0, size, subtrees);
  }

  /** The audit path of RFC 9162 §2.1.3.1. */
  public List<byte[]> inclusion(long index, long size, Subtrees subtrees) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index must be 0.." + (size - 1) + ", was " + index);
    }
    List<byte[]> path = new ArrayList<>();
    path(index, 0, size, subtrees, path);
    return path;
  }

  private void path(long index, long start, long size, Subtrees subtrees, List<byte[]> path) {
    if (size == 1) {
      return;
    }
    long k = split(size);
    if (index < k) {
      path(index, start, k, subtrees, path);
      path.add(range(start + k, size - k, subtrees));
    } else {
      path(index - k, start + k, size - k, subtrees, path);
      path.add(range(start, k, subtrees));
    }
  }

  /** The proof of RFC 9162 §2.1.4.1 that the tree of {@code first} leaves is the beginning of that of {@code second}. */
  public List<byte[]> consistency(long first, long second, Subtrees subtrees) {
    if (first < 1 || first > second) {
      throw new IllegalArgumentException("first must be 1.." + second + ", was " + first);
    }
    List<byte[]> proof = new ArrayList<>();
    subproof(first, 0, second, true, subtrees, proof);
    return proof;
  }

  private void subproof(long m, long start, long n, boolean whole, Subtrees subtrees, List<byte[]> proof) {
    if (m == n) {
      if (!whole) {
        proof.add(range(start, n, subtrees));
      }
      return;
    }
    long k = split(n);
    if (m <= k) {
      subproof(m, start, k, whole, subtrees, proof);
      proof.add(range(start + k, n - k, subtrees));
    } else {
      subproof(m - k, start + k, n - k, false, subtrees, proof);
      proof.add(range(start, k, subtrees));
    }
  }

  private byte[] range(long start, long size, Subtrees subtrees) {
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return subtrees.hash(level, start >> level);
    }
    long k = split(size);
    return node(range(start, k, subtrees), range(start + k, size - k, subtrees));
  }

  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }

  /** RFC 9162 §2.1.3.2: whether the path leads from the leaf to the root. */
  public boolean includes(byte[] leaf, long index, long size, List<byte[]> path, byte[] root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long fn = index;
    long sn = size - 1;
    byte[] r = leaf;
    for (byte[] p : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = node(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = node(r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && Arrays.equals(r, root);
  }

  /** RFC 9162 §2.1.4.2: whether the tree of the first root is the beginning of that of the second. */
  public boolean consistent(long first, long second, byte[] firstRoot, byte[] secondRoot, List<byte[]> proof) {
    if (first < 1 || first > second) {
      return false;
    }
    if (first == second) {
      return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
    }
    List<byte[]> path = new ArrayList<>(proof);
    if (Long.bitCount(first) == 1) {
      path.addFirst(firstRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    long fn = first - 1;
    long sn = second - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    byte[] fr = path.getFirst();
    byte[] sr = path.getFirst();
    for (byte[] c : path.subList(1, path.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = node(c, fr);
        sr = node(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = node(sr, c);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && Arrays.equals(fr, firstRoot) && Arrays.equals(sr, secondRoot);
  }

  /** The right edge of a growing tree: what its root needs, one hash per bit of its size. */
  public final class Edge {

    private final List<byte[]> full;
    private long size;

    public Edge() {
      full = new ArrayList<>();
    }

    private Edge(Edge other) {
      full = new ArrayList<>(other.full);
      size = other.size;
    }

    public Edge copy() {
      return new Edge(this);
    }

    public void add(byte[] leaf) {
      byte[] h = leaf;
      for (long n = size; (n & 1) == 1; n >>= 1) {
        h = node(full.removeLast(), h);
      }
      full.add(h);
      size++;
    }

    public long size() {
      return size;
    }

    public byte[] root() {
      if (size == 0) {
        return empty();
      }
      byte[] r = full.getLast();
      for (int i = full.size() - 2; i >= 0; i--) {
        r = node(full.get(i), r);
      }
      return r;
    }
  }
}
