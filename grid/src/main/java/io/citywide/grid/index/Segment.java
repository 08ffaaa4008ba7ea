package io.citywide.grid.index;

import io.citywide.grid.GridKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Sorted points in one piece of memory, of a mapped file or of the changes; never altered.
 *
 * <pre>
 * head       128 bytes, see the constants; the application's note; the checksum of both
 * per block  points:  bitmap of the 256 codes of level 5 (32 bytes) | first row of each that there is, and the end (4 each)
 *                     | offsets (4 each: 28 bits of the key below level 4) | kinds (2 each)
 *                     | ids (less the block's least id, 1 to 8 bytes each, as wide as the block needs)
 *            sums:    35 starts and the end (4 each) | entries (2 kind, 2 count; a greater count takes several)
 * directory  64 bytes per block, see the constants
 * </pre>
 *
 * Little-endian. Head and directory are checked when it is opened; the points and the sums of a block before they are
 * first read.
 */
final class Segment {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final long MAGIC = 0x31_58_44_4E_49_57_43L; // "CWINDX1"
  static final int FORMAT = 1;

  // Head.
  static final int AT_MAGIC = 0;
  static final int AT_FORMAT = 8;
  static final int AT_BLOCKS = 12;
  static final int AT_LENGTH = 16;
  static final int AT_ROWS = 24;
  static final int AT_DIRECTORY = 32;
  static final int AT_DIRECTORY_SUM = 40;
  static final int AT_LARGEST_KIND = 44;
  static final int AT_CONTENT = 48;
  static final int AT_NOTE_LENGTH = 56;
  static final int HEAD = 128;

  // Directory.
  static final int OF_PREFIX = 0;
  static final int OF_ROWS = 4;
  static final int OF_FIRST_ROW = 8;
  static final int OF_POINTS = 16;
  static final int OF_POINTS_LENGTH = 24;
  static final int OF_POINTS_SUM = 28;
  static final int OF_SUMS = 32;
  static final int OF_SUMS_LENGTH = 40;
  static final int OF_SUMS_SUM = 44;
  static final int OF_LEAST_ID = 48;
  static final int OF_ID_WIDTH = 56;
  static final int OF_CELLS = 60;
  static final int ENTRY = 64;

  /** Side of a cell of level 4 in units: 1′. */
  static final int BLOCK = 122_880;
  /** Side of a cell of level 5 in units: 4″. */
  static final int CELL = 8192;
  /** Cells of level 5 along the side of a block. */
  static final int CELLS = 15;

  /** Lists of sums in a block: of the block, of its 3 × 3 parts of 20″, of its 5 × 5 parts of 12″. */
  static final int SUMS = 35;
  static final int SUMS_OF_NINE = 1;
  static final int SUMS_OF_TWENTY_FIVE = 10;

  /** Which ninth, and which twenty-fifth, of its block a code of level 5 lies in; column by column as the codes. */
  static final byte[] NINTH = new byte[256];
  static final byte[] TWENTY_FIFTH = new byte[256];

  static {
    for (int code = 0; code < 256; code++) {
      NINTH[code] = (byte) (Math.min(2, (code >>> 4) / 5) * 3 + Math.min(2, (code & 15) / 5));
      TWENTY_FIFTH[code] = (byte) (Math.min(4, (code >>> 4) / 3) * 5 + Math.min(4, (code & 15) / 3));
    }
  }

  /** The file; null in memory only. */
  private final Path file;
  final MemorySegment memory;
  final long length;
  final int blocks;
  final long rows;
  final int largestKind;
  /** See {@link Content}. */
  final long content;
  final String note;

  final int[] prefix;
  final int[] blockRows;
  final long[] firstRow;
  final int[] west;
  final int[] south;
  /** 1 where offsets count to the east, and to the north. */
  final byte[] signX;
  final byte[] signY;
  final int[] cells;
  private final long[] points;
  private final long[] offsets;
  private final long[] kinds;
  private final long[] ids;
  final long[] leastId;
  final byte[] idWidth;
  private final long[] sums;
  /** 1: points checked, 2: sums checked. Races only repeat a check. */
  private final byte[] checked;

  /** Blocks by their place on earth: open addressing, block + 1, 0 for none. */
  private final int[] places;

  /**
   * Opens what a {@link SegmentWriter} wrote.
   *
   * @param file for messages; null: in memory only, trusted
   * @throws DamagedIndexException when head or directory are not what was written
   */
  Segment(MemorySegment memory, Path file) {
    this.file = file;
    this.memory = memory;
    length = memory.byteSize();
    if (length < HEAD + 4) throw damaged("it has only " + length + " bytes");
    if (memory.get(LONG, AT_MAGIC) != MAGIC) throw damaged("it does not begin as an index does");
    if (memory.get(INT, AT_FORMAT) != FORMAT) throw damaged("its format is " + memory.get(INT, AT_FORMAT) + ", known is " + FORMAT);
    int noteLength = memory.get(INT, AT_NOTE_LENGTH);
    if (noteLength < 0 || HEAD + noteLength + 4L > length) throw damaged("its head is not intact");
    check(0, HEAD + noteLength, memory.get(INT, HEAD + noteLength), "its head");
    if (memory.get(LONG, AT_LENGTH) != length) throw damaged("it has " + length + " bytes, written were " + memory.get(LONG, AT_LENGTH));
    blocks = memory.get(INT, AT_BLOCKS);
    rows = memory.get(LONG, AT_ROWS);
    largestKind = memory.get(INT, AT_LARGEST_KIND);
    content = memory.get(LONG, AT_CONTENT);
    note = new String(memory.asSlice(HEAD, noteLength).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    long directory = memory.get(LONG, AT_DIRECTORY);
    check(directory, (long) blocks * ENTRY, memory.get(INT, AT_DIRECTORY_SUM), "its directory");

    prefix = new int[blocks];
    blockRows = new int[blocks];
    firstRow = new long[blocks];
    west = new int[blocks];
    south = new int[blocks];
    signX = new byte[blocks];
    signY = new byte[blocks];
    cells = new int[blocks];
    points = new long[blocks];
    offsets = new long[blocks];
    kinds = new long[blocks];
    ids = new long[blocks];
    leastId = new long[blocks];
    idWidth = new byte[blocks];
    sums = new long[blocks];
    checked = new byte[blocks];
    places = new int[Integer.highestOneBit(Math.max(4, blocks)) * 4];
    for (int b = 0; b < blocks; b++) {
      long at = directory + (long) b * ENTRY;
      prefix[b] = memory.get(INT, at + OF_PREFIX);
      blockRows[b] = memory.get(INT, at + OF_ROWS);
      firstRow[b] = memory.get(LONG, at + OF_FIRST_ROW);
      points[b] = memory.get(LONG, at + OF_POINTS);
      cells[b] = memory.get(INT, at + OF_CELLS);
      offsets[b] = points[b] + 32 + 4L * (cells[b] + 1);
      kinds[b] = offsets[b] + 4L * blockRows[b];
      ids[b] = kinds[b] + 2L * blockRows[b];
      leastId[b] = memory.get(LONG, at + OF_LEAST_ID);
      idWidth[b] = (byte) memory.get(INT, at + OF_ID_WIDTH);
      sums[b] = memory.get(LONG, at + OF_SUMS);
      long key = (long) prefix[b] << 32 | 4;
      int x = GridKeys.centerLonUnits(key);
      int y = GridKeys.centerLatUnits(key);
      west[b] = x - BLOCK / 2;
      south[b] = y - BLOCK / 2;
      signX[b] = (byte) (x < 0 ? -1 : 1);
      signY[b] = (byte) (y < 0 ? -1 : 1);
      int slot = slot(west[b], south[b]);
      while (places[slot] != 0) slot = slot + 1 & places.length - 1;
      places[slot] = b + 1;
    }
  }

  /** Nothing. */
  static Segment empty() {
    return SegmentWriter.inMemory("").finish();
  }

  private DamagedIndexException damaged(String fault) {
    return new DamagedIndexException(file == null ? Path.of("memory") : file, fault);
  }

  private void check(long from, long size, int sum, String what) {
    if (from < 0 || size < 0 || from + size > length) throw damaged(what + " lies beyond its end");
    if (file == null) return;
    CRC32C crc = new CRC32C();
    crc.update(memory.asSlice(from, size).asByteBuffer());
    if ((int) crc.getValue() != sum) throw damaged(what + " was altered");
  }

  /** Makes sure that the points of a block are what was written. */
  void needPoints(int b) {
    if ((checked[b] & 1) == 0) checkPoints(b);
  }

  private void checkPoints(int b) {
    long at = memory.get(LONG, AT_DIRECTORY) + (long) b * ENTRY;
    check(points[b], Integer.toUnsignedLong(memory.get(INT, at + OF_POINTS_LENGTH)), memory.get(INT, at + OF_POINTS_SUM), "block " + b + " of its points");
    checked[b] |= 1;
  }

  /** Makes sure that the sums of a block are what was written. */
  void needSums(int b) {
    if ((checked[b] & 2) == 0) checkSums(b);
  }

  private void checkSums(int b) {
    long at = memory.get(LONG, AT_DIRECTORY) + (long) b * ENTRY;
    check(sums[b], Integer.toUnsignedLong(memory.get(INT, at + OF_SUMS_LENGTH)), memory.get(INT, at + OF_SUMS_SUM), "block " + b + " of its sums");
    checked[b] |= 2;
  }

  /** Checks every byte. */
  void checkAll() {
    for (int b = 0; b < blocks; b++) {
      checkPoints(b);
      checkSums(b);
      checked[b] = 3;
    }
  }

  private int slot(int w, int s) {
    int column = Math.floorDiv(w, BLOCK);
    int row = Math.floorDiv(s, BLOCK);
    return (column * 0x9E3779B1 + row * 0x85EBCA77 >>> 8) & places.length - 1;
  }

  /** The block with these edges, -1 where it has no points. */
  int blockAt(int w, int s) {
    int slot = slot(w, s);
    while (places[slot] != 0) {
      int b = places[slot] - 1;
      if (west[b] == w && south[b] == s) return b;
      slot = slot + 1 & places.length - 1;
    }
    return -1;
  }

  /** The first block of at least this prefix. */
  int firstBlock(int ofPrefix) {
    int at = Arrays.binarySearch(prefix, ofPrefix);
    return at >= 0 ? at : -at - 1;
  }

  /** A word of the bitmap of a block: which of 64 codes of level 5 there are. */
  long bitmap(int b, int word) {
    return memory.get(LONG, points[b] + 8L * word);
  }

  /** First row, within the block, of its n-th cell; the end for n = {@link #cells}. */
  int cellStart(int b, int n) {
    return memory.get(INT, points[b] + 32 + 4L * n);
  }

  /** Which cell of the block a code of level 5 is, -1 where it has no points. */
  int cellOf(int b, int code) {
    int word = code >>> 6;
    long bits = bitmap(b, word);
    if ((bits >>> code & 1) == 0) return -1;
    int n = Long.bitCount(bits & (1L << code) - 1);
    for (int w = 0; w < word; w++) n += Long.bitCount(bitmap(b, w));
    return n;
  }

  /** First row from one to before another whose offset begins with at least these 10 bits: a cell of level 6. */
  int firstOf(int b, int from, int to, int bits) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = low + high >>> 1;
      if (offsetAt(b, middle) >>> 18 < bits) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  long offsets(int b) {
    return offsets[b];
  }

  /** 28 bits of the key below level 4. */
  int offset(long offsetsOfBlock, int row) {
    return memory.get(INT, offsetsOfBlock + 4L * row);
  }

  int offsetAt(int b, int row) {
    return memory.get(INT, offsets[b] + 4L * row);
  }

  long key(int b, int row) {
    return (long) prefix[b] << 32 | (long) offsetAt(b, row) << 4 | 9;
  }

  long kinds(int b) {
    return kinds[b];
  }

  int kind(long kindsOfBlock, int row) {
    return memory.get(CHAR, kindsOfBlock + 2L * row);
  }

  int kindAt(int b, int row) {
    return memory.get(CHAR, kinds[b] + 2L * row);
  }

  long ids(int b) {
    return ids[b];
  }

  long idAt(int b, int row) {
    return id(ids[b], idWidth[b], leastId[b], row);
  }

  long id(long idsOfBlock, int width, long least, int row) {
    // What lies above the id belongs to the next; after the last block comes the directory.
    return (memory.get(LONG, idsOfBlock + (long) width * row) & -1L >>> 64 - 8 * width) + least;
  }

  /** Greatest id that the width of a block can hold. */
  long greatestId(int b) {
    return idWidth[b] == 8 ? Long.MAX_VALUE : leastId[b] + (1L << 8 * idWidth[b]) - 1;
  }

  /** Where the sums of a part of a block begin. */
  long sumsFrom(int b, int part) {
    return sums[b] + memory.get(INT, sums[b] + 4L * part);
  }

  long sumsTo(int b, int part) {
    return sums[b] + memory.get(INT, sums[b] + 4L * (part + 1));
  }

  /** Whether a block has points of any of these kinds. */
  boolean hasAny(int b, KindSet wanted) {
    needSums(b);
    for (long at = sumsFrom(b, 0), to = sumsTo(b, 0); at < to; at += 4) {
      if (wanted.contains(memory.get(CHAR, at))) return true;
    }
    return false;
  }

  /** Units to the east (where that is how they count) of the corner of the cell of level 5, of the centre of a point. */
  static int stepX(int offset) {
    return (offset >>> 9 & 0x3C0 | offset >>> 6 & 0x38 | offset >>> 3 & 7) << 3 | 4;
  }

  /** As {@link #stepX}, to the north. */
  static int stepY(int offset) {
    return (offset >>> 10 & 0x200 | offset >>> 6 & 0x1C0 | offset >>> 3 & 0x38 | offset & 7) << 3 | 4;
  }

  /** As {@link #stepX}, from the corner of the block. */
  static int intoBlockX(int offset) {
    return (offset >>> 24) * CELL + stepX(offset);
  }

  /** As {@link #stepY}, from the corner of the block. */
  static int intoBlockY(int offset) {
    return (offset >>> 20 & 15) * CELL + stepY(offset);
  }

  /** The corner of a block from which offsets count, units. */
  int cornerX(int b) {
    return signX[b] > 0 ? west[b] : west[b] + BLOCK;
  }

  int cornerY(int b) {
    return signY[b] > 0 ? south[b] : south[b] + BLOCK;
  }

  /** Edge of the cell of level 5 in units. */
  int cellWest(int b, int code) {
    int column = code >>> 4;
    return signX[b] > 0 ? west[b] + column * CELL : west[b] + BLOCK - (column + 1) * CELL;
  }

  int cellSouth(int b, int code) {
    int row = code & 15;
    return signY[b] > 0 ? south[b] + row * CELL : south[b] + BLOCK - (row + 1) * CELL;
  }

  /** Memory that the JVM handles as it handles mapped memory, so that queries over both stay fast. */
  static MemorySegment allocate(long size) {
    return Arena.ofAuto().allocate(size, 8);
  }
}
