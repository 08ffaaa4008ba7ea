package io.citywide.grid;

import static io.citywide.grid.Layout.WEST;

/**
 * The keys of {@link GridCell} as plain longs, for loops over millions of points. The methods that take a key trust
 * it; {@link GridCell} checks.
 */
public final class GridKeys {
  /** A unit is 1/2048″, the side of a level 10 cell. */
  public static final int UNITS_PER_DEGREE = Layout.UNITS_PER_DEGREE;

  private GridKeys() {}

  /**
   * The key of the cell that contains a position.
   *
   * @param lon degrees -180..180
   * @param lat degrees, between -88 and 88 exclusive
   * @param level 1..9
   * @throws IllegalArgumentException when a value is outside these bounds or not a number
   */
  public static long encode(double lon, double lat, int level) {
    checkLevel(level);
    return key(Layout.pack(Degrees.quadrant(lon, lat), Degrees.lonUnits(lon), Degrees.latUnits(lat)), level);
  }

  /** Level 1..9 of a key. */
  public static int level(long key) {
    return (int) key & 15;
  }

  /**
   * The key of the cell at a coarser level that contains this one.
   *
   * @param level 1..the key's own level
   * @throws IllegalArgumentException when level is outside these bounds
   */
  public static long parent(long key, int level) {
    if (level < 1 || level > level(key)) {
      throw new IllegalArgumentException("parent level must be 1.." + level(key) + ", was " + level);
    }
    int rem = remainder(level);
    return key >>> rem << rem | level;
  }

  /** Least key of the cell's range. */
  public static long low(long key) {
    int rem = remainder(level(key));
    return key >>> rem << rem;
  }

  /** Greatest key of the cell's range. */
  public static long high(long key) {
    return key | (1L << remainder(level(key))) - 1;
  }

  /** Longitude of the centre, degrees. For level 9 a point read back to within 6 cm. */
  public static double centerLon(long key) {
    long bits = bits(key);
    double lon = (2L * Layout.x(bits) + Layout.LON_SIZE[level(key)]) / (2.0 * UNITS_PER_DEGREE);
    return (Layout.quadrant(bits) & WEST) == 0 ? lon : -lon;
  }

  /** Latitude of the centre, degrees. */
  public static double centerLat(long key) {
    long bits = bits(key);
    double lat = (2L * Layout.y(bits) + Layout.LAT_SIZE[level(key)]) / (2.0 * UNITS_PER_DEGREE);
    return bits < 0 ? -lat : lat;
  }

  /** Longitude of the centre of a cell of level 1..9 in units, exactly, east positive. */
  public static int centerLonUnits(long key) {
    long bits = bits(key);
    int x = Layout.x(bits) + Layout.LON_SIZE[level(key)] / 2;
    return (Layout.quadrant(bits) & WEST) == 0 ? x : -x;
  }

  /** Latitude of the centre of a cell of level 1..9 in units, exactly, north positive. */
  public static int centerLatUnits(long key) {
    long bits = bits(key);
    int y = Layout.y(bits) + Layout.LAT_SIZE[level(key)] / 2;
    return bits < 0 ? -y : y;
  }

  /** The code of a key, 4 to 18 characters. */
  public static String code(long key) {
    return CodeText.text(bits(key), level(key));
  }

  static void checkLevel(int level) {
    if (level < 1 || level > Layout.KEY_LEVEL) {
      throw new IllegalArgumentException("grid level must be 1..9 for a key, was " + level);
    }
  }

  static long key(long bits, int level) {
    int rem = remainder(level);
    return bits >>> 2 >>> rem << rem | level;
  }

  /** The full bits of the anchor of a key. */
  static long bits(long key) {
    return key >>> 4 << 6;
  }

  /** Bits below a level in a key, tag included. */
  private static int remainder(int level) {
    return 62 - Layout.BITS[level];
  }
}
