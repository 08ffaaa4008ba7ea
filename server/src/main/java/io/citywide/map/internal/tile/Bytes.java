package io.citywide.map.internal.tile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of the Protocol Buffers wire format, growing as they are written. */
final class Bytes {

  private byte[] content;
  private int length;

  Bytes(int capacity) {
    this.content = new byte[capacity];
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void raw(int value) {
    room(1);
    content[length++] = (byte) value;
  }

  void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      content[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    content[length++] = (byte) rest;
  }

  /** A signed number so that small ones of either sign are short. */
  void zigzag(int value) {
    varint((value << 1 ^ value >> 31) & 0xFFFFFFFFL);
  }

  void append(Bytes other) {
    room(other.length);
    System.arraycopy(other.content, 0, content, length, other.length);
    length += other.length;
  }

  /** A field of text: key, length, UTF-8. */
  void text(int key, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    raw(key);
    varint(utf8.length);
    room(utf8.length);
    System.arraycopy(utf8, 0, content, length, utf8.length);
    length += utf8.length;
  }

  /** Bytes that {@link #varint} takes for a value. */
  static int sizeOf(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  byte[] toArray() {
    return Arrays.copyOf(content, length);
  }

  private void room(int more) {
    if (length + more > content.length) {
      content = Arrays.copyOf(content, Math.max(content.length * 2, length + more));
    }
  }
}
