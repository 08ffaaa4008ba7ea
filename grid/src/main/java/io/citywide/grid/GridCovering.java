package io.citywide.grid;

import static io.citywide.grid.Layout.LAT_SIZE;
import static io.citywide.grid.Layout.LON_SIZE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Key ranges that hold every point of a shape, for {@code WHERE grid_key BETWEEN :low AND :high} on level 9 keys.
 *
 * <p>Cells that the edge of the shape runs through are split level by level, until {@code maxLevel} or until they make
 * twice as many ranges as allowed; neighbouring cells join to ranges; and while there are more ranges than allowed,
 * those with the least area between them are joined, that area included. So the covering may be larger than the shape,
 * never smaller.
 *
 * <p>A range that ends where a coarser cell ends has the high key of that cell, so the covering of all children of a
 * cell is the range of the cell. The keys between are of no cell.
 *
 * @param ranges sorted, disjoint; together a superset of the shape
 * @param inner sorted, disjoint; every point of them lies in the shape, so a row found here needs no exact test. At
 *     most as many as allowed for {@code ranges}, the largest
 * @param level the finest level reached, 1..9
 */
public record GridCovering(List<GridRange> ranges, List<GridRange> inner, int level) {
  /** Crossing cells of a level beyond this many, or 4 per allowed range, are not used: a bound on time and memory. */
  private static final int SPLIT_LIMIT = 32_768;

  /** @throws IllegalArgumentException when ranges overlap or are not sorted */
  public GridCovering {
    ranges = List.copyOf(ranges);
    inner = List.copyOf(inner);
    GridKeys.checkLevel(level);
    checkSorted(ranges);
    checkSorted(inner);
  }

  /**
   * Covers a box, edges included. A box whose west is above its east crosses the antimeridian.
   *
   * @param maxLevel finest level used, 1..9
   * @param maxRanges most ranges in the answer, 1..100000
   * @throws IllegalArgumentException when a bound is broken or the box reaches ±88°
   */
  public static GridCovering ofBox(GridBox box, int maxLevel, int maxRanges) {
    return cover(List.of(new BoxRegion(box)), maxLevel, maxRanges);
  }

  /**
   * Covers the points within a geodesic distance on the CGCS2000 ellipsoid.
   *
   * @param lon centre, degrees
   * @param lat centre, degrees
   * @param radiusMeters 0..5000000
   * @param maxLevel finest level used, 1..9
   * @param maxRanges most ranges in the answer, 1..100000
   * @throws IllegalArgumentException when a bound is broken or the circle reaches ±88°
   */
  public static GridCovering ofCircle(double lon, double lat, double radiusMeters, int maxLevel, int maxRanges) {
    return cover(List.of(new CircleRegion(lon, lat, radiusMeters)), maxLevel, maxRanges);
  }

  /**
   * Covers a polygon, boundary included, its sides straight in longitude and latitude; it may not cross the
   * antimeridian (RFC 7946 splits it there).
   *
   * @param rings each longitude, latitude, longitude, … in degrees, first point repeated at the end or not; the first
   *     ring is the outline, the others are holes, the direction does not matter
   * @param maxLevel finest level used, 1..9
   * @param maxRanges most ranges in the answer, 1..100000
   * @throws IllegalArgumentException when a bound is broken or the polygon reaches ±88°, naming ring and point
   */
  public static GridCovering ofPolygon(double[][] rings, int maxLevel, int maxRanges) {
    return cover(List.of(new PolygonRegion(rings)), maxLevel, maxRanges);
  }

  /**
   * Covers the union of polygons, each as in {@link #ofPolygon(double[][], int, int)}; they may overlap.
   *
   * @throws IllegalArgumentException as there, naming the polygon; also when there is none
   */
  public static GridCovering ofMultiPolygon(double[][][] polygons, int maxLevel, int maxRanges) {
    if (polygons.length == 0) throw new IllegalArgumentException("there must be at least one polygon");
    List<Region> regions = new ArrayList<>(polygons.length);
    for (int i = 0; i < polygons.length; i++) {
      try {
        regions.add(new PolygonRegion(polygons[i]));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("polygon " + i + ": " + e.getMessage(), e);
      }
    }
    return cover(regions, maxLevel, maxRanges);
  }

  /** Whether a key lies in a range of the covering. */
  public boolean contains(long key) {
    return find(ranges, key);
  }

  /** Whether a key lies in a range of which every point is in the shape. */
  public boolean containsInside(long key) {
    return find(inner, key);
  }

  /** The fewest cells that make up the ranges, in the order of their codes. */
  public List<GridCell> cells() {
    List<GridCell> cells = new ArrayList<>();
    for (GridRange range : ranges) {
      GridCell cell = new GridCell(range.low() | Layout.KEY_LEVEL).parent(1);
      // Level 1 cells of a range follow each other in the order of zones and bands.
      while (cell != null && cell.low() <= range.high()) {
        addCells(cell, range, cells);
        cell = following(cell);
      }
    }
    return cells;
  }

  private static void addCells(GridCell cell, GridRange range, List<GridCell> cells) {
    if (cell.high() < range.low() || cell.low() > range.high()) return;
    if (cell.low() >= range.low() && cell.high() <= range.high()) {
      cells.add(cell);
    } else {
      for (GridCell child : cell.children()) addCells(child, range, cells);
    }
  }

  /** The level 1 cell next in the order of codes, null after the last. */
  private static GridCell following(GridCell cell) {
    long bits = GridKeys.bits(cell.key()) + (1L << 52);
    if (Layout.fault(bits) == null) return new GridCell(GridKeys.key(bits, 1));
    bits = (bits >>> 57) + 1 << 57;
    if (Layout.fault(bits) == null) return new GridCell(GridKeys.key(bits, 1));
    return bits < 0 ? null : new GridCell(GridKeys.key(Long.MIN_VALUE | 1L << 57, 1));
  }

  private static boolean find(List<GridRange> ranges, long key) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      GridRange range = ranges.get(middle);
      if (key < range.low()) high = middle - 1;
      else if (key > range.high()) low = middle + 1;
      else return true;
    }
    return false;
  }

  private static void checkSorted(List<GridRange> ranges) {
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).low() <= ranges.get(i - 1).high()) {
        throw new IllegalArgumentException("ranges must be sorted and disjoint, were " + ranges.get(i - 1) + ", " + ranges.get(i));
      }
    }
  }

  private static GridCovering cover(List<Region> regions, int maxLevel, int maxRanges) {
    GridKeys.checkLevel(maxLevel);
    if (maxRanges < 1 || maxRanges > 100_000) {
      throw new IllegalArgumentException("maximum of ranges must be 1..100000, was " + maxRanges);
    }
    long splitLimit = Math.max(SPLIT_LIMIT, 4L * maxRanges);
    Cells inside = new Cells();
    List<Region.Cell> crossing = new ArrayList<>();
    for (Region region : regions) {
      for (Region.Window window : region.windows()) {
        split(region, window, null, 1, inside, crossing);
      }
    }
    int level = 1;
    while (level < maxLevel && !crossing.isEmpty()) {
      // Tried: splitting on. Joined to the allowed ranges the covering is at most 2 % smaller, at 2 to 20 times the
      // time (circles of 30 m to 200 km, 16 to 256 ranges); stopping at the allowed number itself leaves up to 8 % more.
      if (union(inside, crossing).runs().count >= 2 * maxRanges) break;
      int insideBefore = inside.size;
      List<Region.Cell> finer = new ArrayList<>();
      for (Region.Cell cell : crossing) {
        split(cell.region, cell.window, cell, level + 1, inside, finer);
        if (finer.size() > splitLimit) break;
      }
      // The limit holds within one level's factor; what is too fine is thrown away, not half used.
      if (finer.size() > splitLimit) {
        inside.size = insideBefore;
        break;
      }
      crossing = finer;
      level++;
    }
    return new GridCovering(union(inside, crossing).join(maxRanges), inside.largest(maxRanges), level);
  }

  private static Cells union(Cells inside, List<Region.Cell> crossing) {
    Cells union = new Cells();
    union.addAll(inside);
    for (Region.Cell cell : crossing) union.add(cell.bits(), cell.level);
    return union;
  }

  /** Sorts the children of a cell, or the level 1 cells of a window, as far as they touch the window. */
  private static void split(
      Region region, Region.Window window, Region.Cell parent, int level, Cells inside, List<Region.Cell> crossing) {
    int width = LON_SIZE[level];
    int height = LAT_SIZE[level];
    int xLow = window.xLow();
    int yLow = window.yLow();
    int xHigh = window.xHigh();
    int yHigh = window.yHigh();
    if (parent != null) {
      xLow = Math.max(xLow, parent.x);
      yLow = Math.max(yLow, parent.y);
      xHigh = Math.min(xHigh, parent.x + LON_SIZE[level - 1] - 1);
      yHigh = Math.min(yHigh, parent.y + LAT_SIZE[level - 1] - 1);
    }
    for (int x = xLow / width * width; x <= xHigh; x += width) {
      for (int y = yLow / height * height; y <= yHigh; y += height) {
        Region.Cell cell = new Region.Cell(region, window, level, x, y);
        switch (region.relate(cell, parent)) {
          case OUTSIDE -> {}
          case INSIDE -> inside.add(cell.bits(), level);
          case CROSSING -> crossing.add(cell);
        }
      }
    }
  }

  /** Cells as keys, that become ranges. */
  private static final class Cells {
    private long[] cells = new long[64];
    private int size;

    void add(long bits, int level) {
      if (size == cells.length) cells = Arrays.copyOf(cells, size * 2);
      cells[size++] = GridKeys.key(bits, level);
    }

    void addAll(Cells other) {
      cells = Arrays.copyOf(other.cells, Math.max(64, other.size * 2));
      size = other.size;
    }

    /** The cells as at most max ranges; what lies between is included where the least is. */
    List<GridRange> join(int max) {
      Runs runs = runs();
      if (runs.count > max) {
        long[] gaps = new long[runs.count - 1];
        for (int i = 0; i < gaps.length; i++) gaps[i] = runs.first[i + 1] - runs.end[i];
        long[] sorted = gaps.clone();
        Arrays.sort(sorted);
        // The max - 1 widest gaps stay open; of gaps as wide as the narrowest of them, the first ones.
        long narrowest = max == 1 ? Long.MAX_VALUE : sorted[sorted.length - (max - 1)];
        int wider = 0;
        for (long gap : gaps) {
          if (gap > narrowest) wider++;
        }
        int equalsLeft = max - 1 - wider;
        int n = 0;
        for (int i = 0; i < gaps.length; i++) {
          boolean open = max > 1 && (gaps[i] > narrowest || gaps[i] == narrowest && equalsLeft-- > 0);
          if (open) {
            n++;
            runs.low[n] = runs.low[i + 1];
          }
          runs.high[n] = runs.high[i + 1];
          runs.end[n] = runs.end[i + 1];
        }
        runs.count = n + 1;
      }
      return runs.ranges();
    }

    /** At most max ranges of the cells, the largest. */
    List<GridRange> largest(int max) {
      Runs runs = runs();
      if (runs.count <= max) return runs.ranges();
      long[] areas = new long[runs.count];
      for (int i = 0; i < areas.length; i++) areas[i] = runs.end[i] - runs.first[i];
      long[] sorted = areas.clone();
      Arrays.sort(sorted);
      long least = sorted[sorted.length - max];
      List<GridRange> ranges = new ArrayList<>(max);
      int equalsLeft = max;
      for (long area : areas) {
        if (area > least) equalsLeft--;
      }
      for (int i = 0; i < areas.length; i++) {
        if (areas[i] > least || areas[i] == least && equalsLeft-- > 0) {
          ranges.add(runs.range(i));
        }
      }
      return ranges;
    }

    private Runs runs() {
      Arrays.sort(cells, 0, size);
      Runs runs = new Runs(size);
      for (int i = 0; i < size; i++) {
        long key = cells[i];
        long first = Layout.rank(GridKeys.bits(key));
        long end = first + Layout.FINE_CELLS[GridKeys.level(key)];
        runs.add(GridKeys.low(key), GridKeys.high(key), first, end);
      }
      return runs;
    }
  }

  /** Joined cells: their keys, and their ranks from first to before end. */
  private static final class Runs {
    private final long[] low;
    private final long[] high;
    private final long[] first;
    private final long[] end;
    private int count;

    Runs(int capacity) {
      low = new long[capacity];
      high = new long[capacity];
      first = new long[capacity];
      end = new long[capacity];
    }

    /** Cells come in the order of their keys; polygons that overlap may bring one twice, or one within another. */
    void add(long lowKey, long highKey, long firstRank, long endRank) {
      if (count > 0 && firstRank <= end[count - 1]) {
        end[count - 1] = Math.max(end[count - 1], endRank);
        high[count - 1] = Math.max(high[count - 1], highKey);
        return;
      }
      low[count] = lowKey;
      high[count] = highKey;
      first[count] = firstRank;
      end[count] = endRank;
      count++;
    }

    List<GridRange> ranges() {
      List<GridRange> ranges = new ArrayList<>(count);
      for (int i = 0; i < count; i++) ranges.add(range(i));
      return ranges;
    }

    GridRange range(int i) {
      int level = 1;
      while (end[i] % Layout.FINE_CELLS[level] != 0) level++;
      return new GridRange(low[i], GridKeys.high(high[i] & ~15L | level));
    }
  }
}
