package io.citywide.grid;

import static io.citywide.grid.Layout.UNITS_PER_DEGREE;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A code of any of the ten levels; level 10 (1/2048″, about 1.5 cm) has no {@link GridCell}, because its 64 bits leave
 * no room for a level.
 *
 * @param key64 the code's elements from the most significant bit on, zeros below the level. Compare with
 *     {@link Long#compareUnsigned(long, long)}: southern codes are negative
 * @param level 1..10
 */
public record GridCode(long key64, int level) implements Comparable<GridCode> {
  /** @throws IllegalArgumentException when the level is out of range or the bits are not a code's */
  public GridCode {
    checkLevel(level);
    if (key64 != Layout.truncate(key64, level)) {
      throw new IllegalArgumentException("grid key 0x" + Long.toHexString(key64) + " has elements below level " + level);
    }
    String fault = Layout.fault(key64);
    if (fault != null) throw new IllegalArgumentException("grid key 0x" + Long.toHexString(key64) + ": " + fault);
  }

  /** As {@link GridCell#of(double, double, int)}, level 1..10. */
  public static GridCode of(double lon, double lat, int level) {
    checkLevel(level);
    long bits = Layout.pack(Degrees.quadrant(lon, lat), Degrees.lonUnits(lon), Degrees.latUnits(lat));
    return new GridCode(Layout.truncate(bits, level), level);
  }

  /** As {@link GridCell#of(BigDecimal, BigDecimal, int)}, level 1..10. */
  public static GridCode of(BigDecimal lon, BigDecimal lat, int level) {
    checkLevel(level);
    long bits = Layout.pack(Degrees.quadrant(lon, lat), Degrees.lonUnits(lon), Degrees.latUnits(lat));
    return new GridCode(Layout.truncate(bits, level), level);
  }

  /**
   * Reads a code of 4 to 20 characters, upper or lower case.
   *
   * @throws IllegalArgumentException when it is not a code, naming the position and what was expected
   */
  public static GridCode parse(String code) {
    return new GridCode(CodeText.read(code), Layout.levelOfLength(code.length()));
  }

  /** The code, upper case, 4 to 20 characters. */
  public String code() {
    return CodeText.text(key64, level);
  }

  /** The cell of this code; empty for level 10. */
  public Optional<GridCell> cell() {
    return level > Layout.KEY_LEVEL ? Optional.empty() : Optional.of(new GridCell(GridKeys.key(key64, level)));
  }

  /**
   * The code at a coarser level, a prefix of this one.
   *
   * @throws IllegalArgumentException when the level is not 1..{@link #level()}
   */
  public GridCode parent(int level) {
    if (level < 1 || level > this.level) {
      throw new IllegalArgumentException("parent level must be 1.." + this.level + ", was " + level);
    }
    return new GridCode(Layout.truncate(key64, level), level);
  }

  /** The edges in degrees. */
  public GridBox bounds() {
    return GridCell.bounds(key64, level);
  }

  /** Longitude of the centre, degrees. */
  public double centerLon() {
    double lon = (2L * Layout.x(key64) + Layout.LON_SIZE[level]) / (2.0 * UNITS_PER_DEGREE);
    return (Layout.quadrant(key64) & Layout.WEST) == 0 ? lon : -lon;
  }

  /** Latitude of the centre, degrees. */
  public double centerLat() {
    double lat = (2L * Layout.y(key64) + Layout.LAT_SIZE[level]) / (2.0 * UNITS_PER_DEGREE);
    return key64 < 0 ? -lat : lat;
  }

  /** In the order of the codes. */
  @Override
  public int compareTo(GridCode other) {
    int c = Long.compareUnsigned(key64, other.key64);
    return c != 0 ? c : Integer.compare(level, other.level);
  }

  /** The code. */
  @Override
  public String toString() {
    return code();
  }

  static void checkLevel(int level) {
    if (level < 1 || level > Layout.FINEST) {
      throw new IllegalArgumentException("grid level must be 1..10, was " + level);
    }
  }
}
