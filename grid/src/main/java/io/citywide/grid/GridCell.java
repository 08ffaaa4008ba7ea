package io.citywide.grid;

import static io.citywide.grid.Layout.LAT_SIZE;
import static io.citywide.grid.Layout.LAT_UNITS;
import static io.citywide.grid.Layout.LON_SIZE;
import static io.citywide.grid.Layout.LON_UNITS;
import static io.citywide.grid.Layout.SOUTH;
import static io.citywide.grid.Layout.UNITS_PER_DEGREE;
import static io.citywide.grid.Layout.WEST;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cell of GB/T 39409-2020, level 1 (6°×4°) to 9 (1/256″, about 12 cm).
 *
 * <p>The key is 58 bits of code elements, zeros below the cell's level, then 4 bits of level: always positive, in the
 * order of the codes, a parent before its children. All keys of a cell and its descendants lie in
 * {@link #low()}..{@link #high()}, so containment in a table is {@code WHERE grid_key BETWEEN :low AND :high}. (Where
 * a column mixes levels, the range of a cell that shares the anchor of its parent also holds the parent's key; a
 * column of level 9 keys has no such case.)
 *
 * <p>A cell contains its edges nearest the equator and the prime meridian, not the other two.
 */
public record GridCell(long key) implements Comparable<GridCell> {
  /** @throws IllegalArgumentException when the key is not one of a cell, saying which element is wrong */
  public GridCell {
    int level = (int) key & 15;
    if (key < 0 || level < 1 || level > 9) {
      throw new IllegalArgumentException("grid level must be 1..9, was " + level + " in key " + key);
    }
    if (key != GridKeys.parent(key, level)) {
      throw new IllegalArgumentException("grid key " + key + " has elements below its level " + level);
    }
    String fault = Layout.fault(GridKeys.bits(key));
    if (fault != null) throw new IllegalArgumentException("grid key " + key + ": " + fault);
  }

  /**
   * The cell that contains a position. A double stands for the shortest decimal that reads back as it, so 86.9 is
   * exactly on its boundary.
   *
   * @param lon degrees -180..180, east positive; 180 belongs to zone 60 and -180 to zone 1
   * @param lat degrees between -88 and 88 exclusive, north positive
   * @param level 1..9
   * @throws IllegalArgumentException when a value is outside these bounds or not a number
   */
  public static GridCell of(double lon, double lat, int level) {
    return new GridCell(GridKeys.encode(lon, lat, level));
  }

  /** As {@link #of(double, double, int)}, for exact decimals. */
  public static GridCell of(BigDecimal lon, BigDecimal lat, int level) {
    GridKeys.checkLevel(level);
    int quadrant = Degrees.quadrant(lon, lat);
    return new GridCell(
        GridKeys.key(Layout.pack(quadrant, Degrees.lonUnits(lon), Degrees.latUnits(lat)), level));
  }

  /**
   * The cell of a code of 4 to 18 characters, upper or lower case.
   *
   * @throws IllegalArgumentException when it is not a code, naming the position and what was expected, or when it is
   *     of level 10, which {@link GridCode} reads
   */
  public static GridCell parse(String code) {
    long bits = CodeText.read(code);
    int level = Layout.levelOfLength(code.length());
    if (level > Layout.KEY_LEVEL) {
      throw new IllegalArgumentException("grid code '" + code + "' is of level 10; a cell has level 1..9 (4 to 18 characters)");
    }
    return new GridCell(GridKeys.key(bits, level));
  }

  /** The code, upper case, 4 to 18 characters. */
  public String code() {
    return GridKeys.code(key);
  }

  /** 1..9. */
  public int level() {
    return GridKeys.level(key);
  }

  /** The cell one level up; empty for level 1. */
  public Optional<GridCell> parent() {
    return level() == 1 ? Optional.empty() : Optional.of(parent(level() - 1));
  }

  /**
   * The cell at a level that contains this one; itself at its own level.
   *
   * @throws IllegalArgumentException when the level is not 1..{@link #level()}
   */
  public GridCell parent(int level) {
    return new GridCell(GridKeys.parent(key, level));
  }

  /** The cells one level down in the order of their codes: 96, 6, 150, 225, 4 or 64; none for level 9. */
  public List<GridCell> children() {
    int level = level() + 1;
    if (level > Layout.KEY_LEVEL) return List.of();
    long bits = GridKeys.bits(key);
    int quadrant = Layout.quadrant(bits);
    int lonCount = LON_SIZE[level - 1] / LON_SIZE[level];
    int latCount = LAT_SIZE[level - 1] / LAT_SIZE[level];
    List<GridCell> children = new ArrayList<>(lonCount * latCount);
    boolean zOrder = level == 3 || level == 6;
    for (int i = 0; i < lonCount * latCount; i++) {
      int a = zOrder ? i % lonCount : i / latCount;
      int b = zOrder ? i / lonCount : i % latCount;
      int x = Layout.x(bits) + a * LON_SIZE[level];
      int y = Layout.y(bits) + b * LAT_SIZE[level];
      children.add(new GridCell(GridKeys.key(Layout.pack(quadrant, x, y), level)));
    }
    return children;
  }

  /** Whether the other cell is this one or lies in it. */
  public boolean contains(GridCell other) {
    return other.level() >= level() && other.key >= low() && other.key <= high();
  }

  /** Least key of the cell and its descendants' range. */
  public long low() {
    return GridKeys.low(key);
  }

  /** Greatest key of the cell and its descendants' range. */
  public long high() {
    return GridKeys.high(key);
  }

  /** {@link #low()}..{@link #high()}. */
  public GridRange range() {
    return new GridRange(low(), high());
  }

  /** The cell's edges in degrees. */
  public GridBox bounds() {
    return bounds(GridKeys.bits(key), level());
  }

  /** Longitude of the centre, degrees. */
  public double centerLon() {
    return GridKeys.centerLon(key);
  }

  /** Latitude of the centre, degrees. */
  public double centerLat() {
    return GridKeys.centerLat(key);
  }

  /**
   * The cell some cells away at the same level, across hemispheres, zones and the antimeridian.
   *
   * @param dLon cells to the east, negative to the west; wraps around the earth
   * @param dLat cells to the north, negative to the south
   * @return empty when it would reach ±88°
   */
  public Optional<GridCell> neighbour(int dLon, int dLat) {
    int level = level();
    long bits = GridKeys.bits(key);
    int quadrant = Layout.quadrant(bits);
    int columns = LON_UNITS / LON_SIZE[level];
    int rows = LAT_UNITS / LAT_SIZE[level];
    long column = Layout.x(bits) / LON_SIZE[level];
    long row = Layout.y(bits) / LAT_SIZE[level];
    if ((quadrant & WEST) != 0) column = -column - 1;
    if ((quadrant & SOUTH) != 0) row = -row - 1;
    column = Math.floorMod(column + dLon + columns, 2L * columns) - columns;
    row += dLat;
    if (row < -rows || row >= rows) return Optional.empty();
    int toQuadrant = (column < 0 ? WEST : 0) | (row < 0 ? SOUTH : 0);
    int x = (int) (column < 0 ? -column - 1 : column) * LON_SIZE[level];
    int y = (int) (row < 0 ? -row - 1 : row) * LAT_SIZE[level];
    return Optional.of(new GridCell(GridKeys.key(Layout.pack(toQuadrant, x, y), level)));
  }

  /** The up to eight cells around, from the south-west, row by row; five beside ±88°. */
  public List<GridCell> neighbours() {
    List<GridCell> around = new ArrayList<>(8);
    for (int dLat = -1; dLat <= 1; dLat++) {
      for (int dLon = -1; dLon <= 1; dLon++) {
        if (dLon != 0 || dLat != 0) neighbour(dLon, dLat).ifPresent(around::add);
      }
    }
    return around;
  }

  /** In the order of the codes. */
  @Override
  public int compareTo(GridCell other) {
    return Long.compare(key, other.key);
  }

  /** The code. */
  @Override
  public String toString() {
    return code();
  }

  static GridBox bounds(long bits, int level) {
    double near = Layout.x(bits) / (double) UNITS_PER_DEGREE;
    double far = (Layout.x(bits) + LON_SIZE[level]) / (double) UNITS_PER_DEGREE;
    double low = Layout.y(bits) / (double) UNITS_PER_DEGREE;
    double high = (Layout.y(bits) + LAT_SIZE[level]) / (double) UNITS_PER_DEGREE;
    boolean west = (Layout.quadrant(bits) & WEST) != 0;
    boolean south = bits < 0;
    // 0.0 - v, so that an edge on the equator or the prime meridian is 0.0, not -0.0.
    return new GridBox(west ? 0.0 - far : near, south ? 0.0 - high : low, west ? 0.0 - near : far,
        south ? 0.0 - low : high);
  }
}
