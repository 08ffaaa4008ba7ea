package io.citywide.grid;

/**
 * The bits of a full (level 10) code and its place in mirrored units. From the most significant bit:
 * {@code hemisphere 1 | zone 6 | band 5 | L2 lon 4 lat 3 | L3 3 | L4 lon 4 lat 4 | L5 lon 4 lat 4 | L6 2 |
 * L7..L10 lon 3 lat 3 each}: 64 bits. A coarser cell has zeros in the bits below its level, so its bits are those of
 * its anchor, the corner nearest the origin.
 *
 * <p>A position is {@code (quadrant, x, y)}: x and y are |lon| and |lat| in units of 1/2048″, rounded down; the
 * quadrant is {@link #WEST} and {@link #SOUTH} or-ed.
 */
final class Layout {
  static final int UNITS_PER_DEGREE = 7_372_800;
  static final int LON_UNITS = 180 * UNITS_PER_DEGREE;
  static final int LAT_UNITS = 88 * UNITS_PER_DEGREE;
  static final int WEST = 1;
  static final int SOUTH = 2;

  /** Finest level that fits a {@link GridCell} key beside its level tag. */
  static final int KEY_LEVEL = 9;
  static final int FINEST = 10;

  static final int[] LON_SIZE = {0, 44_236_800, 3_686_400, 1_843_200, 122_880, 8192, 4096, 512, 64, 8, 1};
  static final int[] LAT_SIZE = {0, 29_491_200, 3_686_400, 1_228_800, 122_880, 8192, 4096, 512, 64, 8, 1};
  /** Bits used from the top down to and including a level. */
  static final int[] BITS = {0, 12, 19, 22, 30, 38, 40, 46, 52, 58, 64};
  /** Characters of a code. */
  static final int[] LENGTH = {0, 4, 6, 7, 9, 11, 12, 14, 16, 18, 20};
  /** Level of a code by its length, 0 where no level has that length. */
  private static final int[] LEVEL = {0, 0, 0, 0, 1, 0, 2, 3, 0, 4, 0, 5, 6, 0, 7, 0, 8, 0, 9, 0, 10};
  /** Level-9 cells in a cell. */
  static final long[] FINE_CELLS = new long[10];

  static {
    for (int l = 1; l <= KEY_LEVEL; l++) {
      FINE_CELLS[l] = (LON_SIZE[l] / 8L) * (LAT_SIZE[l] / 8L);
    }
  }

  private Layout() {}

  static int levelOfLength(int length) {
    return length < LEVEL.length ? LEVEL[length] : 0;
  }

  /** All 64 bits of the level 10 cell at a position. Constants, not the size tables, so that divisions are cheap. */
  static long pack(int quadrant, int x, int y) {
    int a1 = x / 44_236_800;
    int b1 = y / 29_491_200;
    x -= a1 * 44_236_800;
    y -= b1 * 29_491_200;
    int a2 = x / 3_686_400;
    int b2 = y / 3_686_400;
    x -= a2 * 3_686_400;
    y -= b2 * 3_686_400;
    int a3 = x / 1_843_200;
    int b3 = y / 1_228_800;
    x -= a3 * 1_843_200;
    y -= b3 * 1_228_800;
    int a4 = x / 122_880;
    int b4 = y / 122_880;
    x -= a4 * 122_880;
    y -= b4 * 122_880;
    int zone = (quadrant & WEST) == 0 ? 31 + a1 : 30 - a1;
    long top = (long) (quadrant >>> 1) << 11 | zone << 5 | b1;
    int middle = a2 << 18 | b2 << 15 | (b3 * 2 + a3) << 12 | a4 << 8 | b4 << 4 | x >>> 13;
    int low = (y >>> 13) << 26 | (y >>> 12 & 1) << 25 | (x >>> 12 & 1) << 24 | spread(x) << 3 | spread(y);
    return top << 52 | (long) middle << 30 | low;
  }

  static int quadrant(long bits) {
    return (int) (bits >>> 63) << 1 | ((int) (bits >>> 57 & 63) <= 30 ? WEST : 0);
  }

  /** Mirrored longitude units of the anchor. */
  static int x(long bits) {
    int zone = (int) (bits >>> 57) & 63;
    return (zone > 30 ? zone - 31 : 30 - zone) * 44_236_800
        + ((int) (bits >>> 48) & 15) * 3_686_400
        + ((int) (bits >>> 42) & 7) % 2 * 1_843_200
        + ((int) (bits >>> 38) & 15) * 122_880
        + ((int) (bits >>> 30) & 15) * 8192
        + ((int) (bits >>> 24) & 1) * 4096
        + compact((int) bits >>> 3);
  }

  /** Mirrored latitude units of the anchor. */
  static int y(long bits) {
    return ((int) (bits >>> 52) & 31) * 29_491_200
        + ((int) (bits >>> 45) & 7) * 3_686_400
        + ((int) (bits >>> 42) & 7) / 2 * 1_228_800
        + ((int) (bits >>> 34) & 15) * 122_880
        + ((int) (bits >>> 26) & 15) * 8192
        + ((int) (bits >>> 25) & 1) * 4096
        + compact((int) bits);
  }

  /** What is wrong with the elements of these bits, or null when they are a code's. */
  static String fault(long bits) {
    int zone = (int) (bits >>> 57) & 63;
    if (zone < 1 || zone > 60) return "zone must be 1..60, was " + zone;
    int band = (int) (bits >>> 52) & 31;
    if (band > 21) return "latitude band must be 0..21 (A..V), was " + band;
    int a2 = (int) (bits >>> 48) & 15;
    if (a2 > 11) return "level 2 longitude element must be 0..11, was " + a2;
    int z3 = (int) (bits >>> 42) & 7;
    if (z3 > 5) return "level 3 element must be 0..5, was " + z3;
    int a4 = (int) (bits >>> 38) & 15;
    if (a4 > 14) return "level 4 longitude element must be 0..14, was " + a4;
    int b4 = (int) (bits >>> 34) & 15;
    if (b4 > 9) return "level 4 latitude element must be 0..9, was " + b4;
    int a5 = (int) (bits >>> 30) & 15;
    if (a5 > 14) return "level 5 longitude element must be 0..14, was " + a5;
    int b5 = (int) (bits >>> 26) & 15;
    if (b5 > 14) return "level 5 latitude element must be 0..14, was " + b5;
    return null;
  }

  /** The bits down to a level, zeros below. */
  static long truncate(long bits, int level) {
    int below = 64 - BITS[level];
    return bits >>> below << below;
  }

  /**
   * The number of level-9 cells before this one in code order. Key values have holes (a 4-bit element may have 10
   * values), ranks have none: neighbours in order differ by one, and a difference is an area.
   */
  static long rank(long bits) {
    long r = (bits >>> 63) * 60 + (bits >>> 57 & 63) - 1;
    r = r * 22 + (bits >>> 52 & 31);
    r = r * 96 + (bits >>> 45 & 127);
    r = r * 6 + (bits >>> 42 & 7);
    r = r * 150 + (bits >>> 38 & 15) * 10 + (bits >>> 34 & 15);
    r = r * 225 + (bits >>> 30 & 15) * 15 + (bits >>> 26 & 15);
    return r << 20 | bits >>> 6 & 0xF_FFFF;
  }

  // Twelve bits abc|def|… become 000abc000def…, room for the other axis between them.
  private static int spread(int v) {
    return v & 7 | (v & 0x38) << 3 | (v & 0x1C0) << 6 | (v & 0xE00) << 9;
  }

  private static int compact(int v) {
    return v & 7 | v >>> 3 & 0x38 | v >>> 6 & 0x1C0 | v >>> 9 & 0xE00;
  }
}
