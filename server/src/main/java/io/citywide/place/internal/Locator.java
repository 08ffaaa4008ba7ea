package io.citywide.place.internal;

import io.citywide.grid.GridCovering;
import io.citywide.grid.GridKeys;
import io.citywide.grid.GridRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.locationtech.jts.geom.Geometry;

/**
 * From a point to the deepest area around it. The boundaries are covered by ranges of BeiDou keys; cut at every end of
 * every range, these give one sorted array of segments, each with its short list of areas, deepest first. A point is
 * its key, a binary search, and an exact ring test only where a boundary runs through the cell.
 *
 * <p>A point in no ring, or only in an area whose parts leave a hair's gap there, goes to the nearest area whose
 * boundary is less than {@value #SNAP_METERS} m away; so a point on an outer boundary belongs to one area too.
 *
 * <p>Immutable.
 */
public final class Locator {

  /** An area as the locator needs it: {@code depth} 0 for a city, 4 for a unit grid. */
  public record Shape(String code, int depth, Geometry boundary) {}

  private static final double SNAP_METERS = 1.0;

  /**
   * Cells of two seconds, about 62 m. Tried: level 7 (7.7 m), where most points need no ring test: fourteen
   * times the segments to build and keep for a fifth of the time, as the rings of unit grids are short.
   */
  private static final int COVER_LEVEL = 6;

  private final String[] codes;
  private final int[] depths;
  private final Boundary[] boundaries;
  /** First keys of the segments; each goes to the next. */
  private final long[] starts;
  /** Per segment an index into {@link #lists}; -1: no area. */
  private final int[] segmentLists;
  /** Areas, deepest first, then by code; the ones' complement where the whole segment is inside. */
  private final int[][] lists;

  private Locator(String[] codes, int[] depths, Boundary[] boundaries, long[] starts, int[] segmentLists, int[][] lists) {
    this.codes = codes;
    this.depths = depths;
    this.boundaries = boundaries;
    this.starts = starts;
    this.segmentLists = segmentLists;
    this.lists = lists;
  }

  /** @param shapes polygons or multipolygons, valid */
  public static Locator of(List<Shape> shapes) {
    List<Shape> sorted = new ArrayList<>(shapes);
    sorted.sort(Comparator.comparingInt(Shape::depth).reversed().thenComparing(Shape::code));
    int n = sorted.size();
    String[] codes = new String[n];
    int[] depths = new int[n];
    Boundary[] boundaries = new Boundary[n];
    // At each key: areas whose range begins or ends there.
    TreeMap<Long, List<Change>> changes = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      Shape shape = sorted.get(i);
      int ranges = shape.depth() == 4 ? 64 : 1024;
      codes[i] = shape.code();
      depths[i] = shape.depth();
      boundaries[i] = Boundary.of(shape.boundary());
      GridCovering covering =
          GridCovering.ofMultiPolygon(Boundary.polygons(shape.boundary().buffer(0.00001, 2)), COVER_LEVEL, ranges);
      add(changes, covering.ranges(), i, 1);
      GridCovering exact = GridCovering.ofMultiPolygon(Boundary.polygons(shape.boundary()), COVER_LEVEL, ranges);
      add(changes, exact.inner(), i, 2);
    }
    long[] starts = new long[changes.size()];
    int[] segmentLists = new int[changes.size()];
    List<int[]> lists = new ArrayList<>();
    Map<List<Integer>, Integer> known = new HashMap<>();
    // area → 1 touched, 3 touched and inside, 2 cannot be
    TreeMap<Integer, Integer> active = new TreeMap<>();
    int at = 0;
    for (var entry : changes.entrySet()) {
      for (Change change : entry.getValue()) {
        active.merge(change.area, change.delta, (a, b) -> a + b == 0 ? null : a + b);
      }
      starts[at] = entry.getKey();
      List<Integer> list = active.entrySet().stream().map(e -> e.getValue() >= 2 ? ~e.getKey() : e.getKey()).toList();
      segmentLists[at++] = list.isEmpty() ? -1 : known.computeIfAbsent(list, l -> {
        lists.add(l.stream().mapToInt(Integer::intValue).toArray());
        return lists.size() - 1;
      });
    }
    return new Locator(codes, depths, boundaries, starts, segmentLists, lists.toArray(int[][]::new));
  }

  private record Change(int area, int delta) {}

  private static void add(TreeMap<Long, List<Change>> changes, List<GridRange> ranges, int area, int weight) {
    for (GridRange range : ranges) {
      changes.computeIfAbsent(range.low(), k -> new ArrayList<>(2)).add(new Change(area, weight));
      changes.computeIfAbsent(range.high() + 1, k -> new ArrayList<>(2)).add(new Change(area, -weight));
    }
  }

  /**
   * Code of the deepest area around a point, {@code null} outside all.
   *
   * @param key of the point's cell of level 9
   */
  public String locate(double lon, double lat, long key) {
    int at = Arrays.binarySearch(starts, key);
    int segment = at >= 0 ? at : -at - 2;
    if (segment < 0 || segmentLists[segment] < 0) {
      return null;
    }
    int[] list = lists[segmentLists[segment]];
    for (int i = 0; i < list.length; i++) {
      int area = list[i] < 0 ? ~list[i] : list[i];
      if (list[i] < 0 || boundaries[area].contains(lon, lat)) {
        return i == 0 ? codes[area] : snapped(list, i, codes[area], depths[area], lon, lat);
      }
    }
    return snapped(list, list.length, null, -1, lon, lat);
  }

  /** As {@link #locate(double, double, long)}. */
  public String locate(double lon, double lat) {
    return locate(lon, lat, GridKeys.encode(lon, lat, 9));
  }

  /** The nearest of the deeper areas that were just missed, else the one that was hit. */
  private String snapped(int[] list, int before, String hit, int hitDepth, double lon, double lat) {
    String best = hit;
    double least = SNAP_METERS;
    int depth = -1;
    for (int i = 0; i < before; i++) {
      int area = list[i] < 0 ? ~list[i] : list[i];
      if (depths[area] <= hitDepth || depths[area] < depth || hit != null && !codes[area].startsWith(prefix(hit))) {
        continue;
      }
      double distance = boundaries[area].distanceMeters(lon, lat);
      if (distance < least) {
        least = distance;
        best = codes[area];
        depth = depths[area];
      }
    }
    return best;
  }

  private static String prefix(String code) {
    return io.citywide.place.AreaCode.prefix(code);
  }

  /** Number of segments, a measure of its size in memory: 12 bytes each. */
  public int segments() {
    return starts.length;
  }
}
