package io.citywide.sensing.internal.observations;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bits, highest first, and variable-length integers, in a growing array of bytes. */
final class Bits {

  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Bits() {}

  static long zigzag(long signed) {
    return signed << 1 ^ signed >> 63;
  }

  static long unzigzag(long folded) {
    return folded >>> 1 ^ -(folded & 1);
  }

  /** Writes; not for many threads. */
  static final class Writer {
    private byte[] bytes;
    private int size;
    private long held;
    private int heldBits;

    Writer(int capacity) {
      bytes = new byte[capacity];
    }

    void clear() {
      size = 0;
      held = 0;
      heldBits = 0;
    }

    int size() {
      return size;
    }

    byte[] array() {
      return bytes;
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
      if (size + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
      }
    }

    void octet(int value) {
      ensure(1);
      bytes[size++] = (byte) value;
    }

    void varint(long value) {
      ensure(10);
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        bytes[size++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[size++] = (byte) rest;
    }

    void signed(long value) {
      varint(zigzag(value));
    }

    void fixed(long value) {
      ensure(Long.BYTES);
      LONG.set(bytes, size, value);
      size += Long.BYTES;
    }

    void copy(byte[] from, int offset, int length) {
      ensure(length);
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }

    /** @param count 0..64 */
    void bits(long value, int count) {
      if (count > 32) {
        few(value >>> 32, count - 32);
        few(value, 32);
      } else if (count > 0) {
        few(value, count);
      }
    }

    /** @param count 1..32 */
    private void few(long value, int count) {
      held = held << count | value & (1L << count) - 1;
      heldBits += count;
      if (heldBits >= 8) {
        ensure(5);
        do {
          heldBits -= 8;
          bytes[size++] = (byte) (held >>> heldBits);
        } while (heldBits >= 8);
      }
    }

    /** Fills the last byte with zeros. */
    void align() {
      if (heldBits > 0) {
        few(0, 8 - heldBits);
      }
    }
  }

  /** Reads what a {@link Writer} wrote. */
  static final class Reader {
    private byte[] bytes;
    private int at;
    private int end;
    private int bit;

    /** Reads a part of an array, which is copied so that eight bytes may be loaded anywhere in it. */
    Reader(byte[] from, int offset, int length) {
      bytes = new byte[length + Long.BYTES];
      System.arraycopy(from, offset, bytes, 0, length);
      end = length;
    }

    int position() {
      return at;
    }

    boolean more() {
      return at < end;
    }

    void skip(int length) {
      at += length;
      check();
    }

    private void check() {
      if (at > end) {
        throw new IllegalStateException("observations are damaged: they end after " + end + " bytes, in the middle of a value");
      }
    }

    int octet() {
      int value = bytes[at++] & 0xFF;
      check();
      return value;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          check();
          return value;
        }
        if (shift == 63) {
          throw new IllegalStateException("observations are damaged: a number is longer than ten bytes");
        }
      }
    }

    long signed() {
      return unzigzag(varint());
    }

    long fixed() {
      long value = (long) LONG.get(bytes, at);
      at += Long.BYTES;
      check();
      return value;
    }

    /** The next 57 bits or more, at the top. */
    private long peek() {
      return (long) LONG.get(bytes, at) << bit;
    }

    private void advance(int count) {
      bit += count;
      at += bit >>> 3;
      bit &= 7;
      if (at > end) {
        check();
      }
    }

    /** How many ones come before the next zero, at most {@code most}; the zero is read too, unless there are {@code most}. */
    int ones(int most) {
      int count = Math.min(most, Long.numberOfLeadingZeros(~peek()));
      advance(count == most ? count : count + 1);
      return count;
    }

    /** @param count 0..64 */
    long bits(int count) {
      if (count > 32) {
        long high = bits(count - 32);
        return high << 32 | bits(32);
      }
      if (count == 0) {
        return 0;
      }
      long value = peek() >>> 64 - count;
      advance(count);
      return value;
    }

    void align() {
      if (bit > 0) {
        bit = 0;
        at++;
        check();
      }
    }
  }
}
