package io.citywide.grid.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes points, which come in the order of key and id, as {@link Segment} reads them: a block at a time. */
final class SegmentWriter {
  /** Longest note, bytes. */
  private static final int LONGEST_NOTE = 1 << 20;

  /** Null: in memory. */
  private final FileChannel file;
  private final byte[] note;
  private ByteBuffer out;
  /** Bytes that left {@link #out}. */
  private long written;

  private int prefix = -1;
  private int n;
  private int[] offsets = new int[1024];
  private char[] kinds = new char[1024];
  private long[] ids = new long[1024];
  private long lastKey = -1;
  private long lastId;

  private ByteBuffer directory;
  private int blocks;
  private long rows;
  private int largestKind;
  private long content;

  // Counting of one block.
  private final char[] localOfKind = new char[65536];
  private final char[] kindOfLocal = new char[65536];
  private int locals;
  private int[] counts = new int[0];

  private SegmentWriter(FileChannel file, String note) {
    this.file = file;
    this.note = note.getBytes(StandardCharsets.UTF_8);
    if (this.note.length > LONGEST_NOTE) throw new IllegalArgumentException("a note has at most 1 MiB, this one has " + this.note.length + " bytes");
    out = buffer(file == null ? 16 * 1024 : 4 << 20);
    directory = buffer(file == null ? 4 * 1024 : 64 * 1024);
    room(Segment.HEAD + this.note.length + 4);
    out.position(Segment.HEAD + this.note.length + 4);
  }

  /** Writes a file from its beginning; {@link #finishFile()} forces it to disk. */
  static SegmentWriter toFile(FileChannel file, String note) {
    return new SegmentWriter(file, note);
  }

  static SegmentWriter inMemory(String note) {
    return new SegmentWriter(null, note);
  }

  private ByteBuffer buffer(int size) {
    return (file == null ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** @throws IllegalArgumentException when a point does not come after the one before */
  void add(long key, int kind, long id) {
    if (key < lastKey || key == lastKey && id <= lastId) {
      throw new IllegalArgumentException("point " + id + " of key " + key + " does not come after " + lastId + " of key " + lastKey
          + (key == lastKey && id == lastId ? ": it is there twice" : ""));
    }
    lastKey = key;
    lastId = id;
    int its = (int) (key >>> 32);
    if (its != prefix) {
      if (n > 0) writeBlock();
      prefix = its;
    }
    if (n == offsets.length) {
      offsets = Arrays.copyOf(offsets, n * 2);
      kinds = Arrays.copyOf(kinds, n * 2);
      ids = Arrays.copyOf(ids, n * 2);
    }
    offsets[n] = (int) (key >>> 4) & 0xFFF_FFFF;
    kinds[n] = (char) kind;
    ids[n] = id;
    n++;
  }

  /** Ends a segment in memory. */
  Segment finish() {
    try {
      end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flip();
    MemorySegment memory = Segment.allocate(out.limit());
    memory.copyFrom(MemorySegment.ofBuffer(out));
    return new Segment(memory, null);
  }

  /** Ends a file and forces it to disk. */
  void finishFile() throws IOException {
    end();
    file.force(true);
  }

  private void end() throws IOException {
    if (n > 0) writeBlock();
    long directoryAt = written + out.position();
    directory.flip();
    int directorySum = sum(directory.duplicate());
    room(directory.limit());
    put(directory.duplicate());
    long length = written + out.position();

    ByteBuffer head = buffer(Segment.HEAD + note.length + 4);
    head.putLong(Segment.AT_MAGIC, Segment.MAGIC).putInt(Segment.AT_FORMAT, Segment.FORMAT).putInt(Segment.AT_BLOCKS, blocks)
        .putLong(Segment.AT_LENGTH, length).putLong(Segment.AT_ROWS, rows).putLong(Segment.AT_DIRECTORY, directoryAt)
        .putInt(Segment.AT_DIRECTORY_SUM, directorySum).putInt(Segment.AT_LARGEST_KIND, largestKind)
        .putLong(Segment.AT_CONTENT, content).putInt(Segment.AT_NOTE_LENGTH, note.length)
        .put(Segment.HEAD, note);
    head.putInt(Segment.HEAD + note.length, sum(head.duplicate().limit(Segment.HEAD + note.length)));
    if (file == null) {
      out.put(0, head, 0, head.limit());
      return;
    }
    flush();
    for (long at = 0; head.hasRemaining();) at += file.write(head, at);
  }

  private static int sum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Room for so many bytes in {@link #out}. */
  private void room(int size) {
    if (out.remaining() >= size) return;
    try {
      if (file != null) flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (out.remaining() < size) {
      ByteBuffer larger = buffer((int) Math.min(Integer.MAX_VALUE - 8, Math.max(out.capacity() * 2L, out.position() + (long) size)));
      out.flip();
      out = larger.put(out);
    }
  }

  private void put(ByteBuffer bytes) {
    out.put(bytes);
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) written += file.write(out, written);
    out.clear();
  }

  private void writeBlock() {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      least = Math.min(least, ids[i]);
      greatest = Math.max(greatest, ids[i]);
      content += Content.of((long) prefix << 32 | (long) offsets[i] << 4 | 9, kinds[i], ids[i]);
    }
    long span = greatest - least;
    int width = span < 0 ? 8 : Math.max(1, (71 - Long.numberOfLeadingZeros(span)) / 8);

    int sumsLength = countSums();
    // All of a block leaves the buffer together.
    room(Math.addExact(32 + 4 * 257 + sumsLength, Math.multiplyExact(n, 6 + width)));
    int pointsAt = out.position();
    int cells = 0;
    long[] bitmap = new long[4];
    int at = pointsAt + 32;
    int lastCode = -1;
    for (int i = 0; i < n; i++) {
      int code = offsets[i] >>> 20;
      if (code != lastCode) {
        bitmap[code >>> 6] |= 1L << code;
        out.putInt(at, i);
        at += 4;
        cells++;
        lastCode = code;
      }
    }
    out.putInt(at, n);
    at += 4;
    for (int w = 0; w < 4; w++) out.putLong(pointsAt + 8 * w, bitmap[w]);
    out.slice(at, 4 * n).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(offsets, 0, n);
    at += 4 * n;
    out.slice(at, 2 * n).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().put(kinds, 0, n);
    at += 2 * n;
    for (int i = 0; i < n; i++) {
      long id = ids[i] - least;
      for (int byteOf = 0; byteOf < width; byteOf++) out.put(at++, (byte) (id >>> 8 * byteOf));
    }
    int pointsLength = at - pointsAt;
    int pointsSum = sum(out.duplicate().position(pointsAt).limit(at));
    out.position(at);

    int sumsAt = at;
    writeSums();
    int sumsSum = sum(out.duplicate().position(sumsAt).limit(sumsAt + sumsLength));

    if (directory.remaining() < Segment.ENTRY) {
      directory.flip();
      directory = buffer(directory.capacity() * 2).put(directory);
    }
    int entry = directory.position();
    long sumsPosition = written + sumsAt;
    directory.putInt(entry + Segment.OF_PREFIX, prefix).putInt(entry + Segment.OF_ROWS, n).putLong(entry + Segment.OF_FIRST_ROW, rows)
        .putLong(entry + Segment.OF_POINTS, sumsPosition - pointsLength).putInt(entry + Segment.OF_POINTS_LENGTH, pointsLength)
        .putInt(entry + Segment.OF_POINTS_SUM, pointsSum).putLong(entry + Segment.OF_SUMS, sumsPosition)
        .putInt(entry + Segment.OF_SUMS_LENGTH, sumsLength).putInt(entry + Segment.OF_SUMS_SUM, sumsSum)
        .putLong(entry + Segment.OF_LEAST_ID, least).putInt(entry + Segment.OF_ID_WIDTH, width).putInt(entry + Segment.OF_CELLS, cells);
    directory.position(entry + Segment.ENTRY);
    rows += n;
    blocks++;
    n = 0;
  }

  /** Counts the points of the block by part and kind; returns the bytes that the sums take. */
  private int countSums() {
    locals = 0;
    for (int i = 0; i < n; i++) {
      char kind = kinds[i];
      int local = localOfKind[kind];
      // Entries of earlier blocks are told from those of this one by the way back.
      if (local >= locals || kindOfLocal[local] != kind) {
        localOfKind[kind] = (char) locals;
        kindOfLocal[locals++] = kind;
        largestKind = Math.max(largestKind, kind);
      }
    }
    int size = Math.multiplyExact(locals, Segment.SUMS);
    if (counts.length < size) counts = new int[size];
    Arrays.fill(counts, 0, size, 0);
    for (int i = 0; i < n; i++) {
      int code = offsets[i] >>> 20;
      int local = localOfKind[kinds[i]];
      counts[(Segment.SUMS_OF_NINE + Segment.NINTH[code]) * locals + local]++;
      counts[(Segment.SUMS_OF_TWENTY_FIVE + Segment.TWENTY_FIFTH[code]) * locals + local]++;
    }
    for (int part = Segment.SUMS_OF_NINE; part < Segment.SUMS_OF_TWENTY_FIVE; part++) {
      for (int local = 0; local < locals; local++) counts[local] += counts[part * locals + local];
    }
    int entries = 0;
    for (int i = 0; i < size; i++) entries += (counts[i] + 0xFFFE) / 0xFFFF;
    return 4 * (Segment.SUMS + 1) + 4 * entries;
  }

  private void writeSums() {
    int start = out.position();
    int at = start + 4 * (Segment.SUMS + 1);
    for (int part = 0; part < Segment.SUMS; part++) {
      out.putInt(start + 4 * part, at - start);
      for (int local = 0; local < locals; local++) {
        for (int count = counts[part * locals + local]; count > 0; count -= 0xFFFF) {
          out.putChar(at, kindOfLocal[local]).putChar(at + 2, (char) Math.min(count, 0xFFFF));
          at += 4;
        }
      }
    }
    out.putInt(start + 4 * Segment.SUMS, at - start);
    out.position(at);
  }
}
