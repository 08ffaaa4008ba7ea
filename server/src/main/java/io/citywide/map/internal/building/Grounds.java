package io.citywide.map.internal.building;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import io.citywide.grid.GridRange;
import io.citywide.grid.index.CellSize;
import io.citywide.identity.AreaScope;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Building;
import io.citywide.place.Buildings.Exact;
import io.citywide.place.Buildings.Ground;
import io.citywide.place.Buildings.Stretch;
import io.citywide.place.Buildings.Sum;
import io.citywide.place.Buildings.Wanted;
import io.citywide.platform.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.PrecisionModel;

/**
 * Where both layers look into the register, and how they page through it. A building lies in a region when its point does, or
 * when its outline has a point in common with it; what is in the building lies where it does.
 */
final class Grounds {

  /** Below this zoom a tile reads sums of cells, from it on the buildings themselves. */
  static final int CELLS_BELOW = 12;

  /** More objects would not fit into a tile. */
  static final int MOST_OBJECTS = 8_000;

  private static final double MARGIN = 0.125;

  /** Most ranges by class of reach: what reaches far is rare. */
  private static final int[] RANGES = {64, 64, 32, 16, 8, 1};

  private static final GridRange EVERYWHERE = new GridRange(0, Long.MAX_VALUE);

  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);

  private Grounds() {}

  /** Buildings whose point is in these ranges, {@code null} for all, whatever their outlines. */
  static Ground points(List<GridRange> ranges) {
    return new Ground(AreaScope.ALL, ranges == null ? null
        : IntStream.range(0, Buildings.REACHES.size()).boxed().flatMap(reach -> ranges.stream().map(r -> new Stretch(reach, r, true))).toList());
  }

  /** Buildings that may lie in the region: with their point or a part of their outline. */
  static Ground of(Region region, RegionCover cover) {
    if (wholeAreas(region)) {
      return new Ground(cover.area(), null);
    }
    List<Stretch> stretches = new ArrayList<>();
    for (int reach = 0; reach < RANGES.length; reach++) {
      double degrees = Buildings.REACHES.get(reach);
      boolean anywhere = cover.ranges() == null || degrees == Double.POSITIVE_INFINITY;
      List<GridRange> ranges = anywhere ? List.of(EVERYWHERE) : degrees == 0 ? cover.ranges() : cover.rangesWithin(degrees, RANGES[reach]);
      List<GridRange> inner = cover.inner() == null ? List.of() : cover.inner();
      for (GridRange range : ranges) {
        split(reach, range, inner, stretches);
      }
    }
    return new Ground(cover.area(), stretches);
  }

  /** A range as parts of which it is certain, and parts between them. */
  private static void split(int reach, GridRange range, List<GridRange> inner, List<Stretch> to) {
    long from = range.low();
    for (GridRange in : inner) {
      long low = Math.max(from, in.low());
      long high = Math.min(range.high(), in.high());
      if (low > high) {
        continue;
      }
      if (low > from) {
        to.add(new Stretch(reach, new GridRange(from, low - 1), false));
      }
      to.add(new Stretch(reach, new GridRange(low, high), true));
      from = high + 1;
    }
    if (from <= range.high()) {
      to.add(new Stretch(reach, new GridRange(from, range.high()), false));
    }
  }

  /** In the region with the point, or with a part of the outline. */
  static Exact exact(RegionCover cover) {
    return (lon, lat, outline) -> {
      if (cover.contains(lon, lat)) {
        return true;
      }
      Geometry shape = outline.get();
      return shape != null && cover.meets(shape);
    };
  }

  /** Cells of a tile: whole minutes below zoom 12, as the sums are by minute. */
  static CellSize cells(int zoom) {
    return zoom >= 13 ? CellSize.SECONDS_4 : zoom == 12 ? CellSize.SECONDS_12 : zoom >= 9 ? CellSize.MINUTE : CellSize.ofZoom(zoom);
  }

  /** Whether the codes of areas alone decide on what lies in the region. */
  static boolean wholeAreas(Region region) {
    return region instanceof Region.InArea || region instanceof Region.Anywhere;
  }

  static GridBox widened(GridBox box) {
    double dx = (box.east() - box.west()) * MARGIN;
    double dy = (box.north() - box.south()) * MARGIN;
    return new GridBox(Math.max(-180, box.west() - dx), Math.max(-87.9, box.south() - dy), Math.min(180, box.east() + dx), Math.min(87.9, box.north() + dy));
  }

  /** Of the middle of a cell of sums. */
  static double lon(Sum sum) {
    return GridKeys.centerLon(sum.cell() | 4);
  }

  static double lat(Sum sum) {
    return GridKeys.centerLat(sum.cell() | 4);
  }

  static Point point(double lon, double lat) {
    return POINTS.createPoint(new Coordinate(lon, lat));
  }

  /** Buildings that lie in the region. */
  static Slice<Found> page(Buildings buildings, Region region, Wanted wanted, String after, int limit, Function<Building, Found> found) {
    RegionCover cover = RegionCover.of(region);
    Buildings.Page page = buildings.list(of(region, cover), wanted, exact(cover), after, limit);
    return new Slice<>(page.items().stream().map(found).toList(), page.next());
  }
}
