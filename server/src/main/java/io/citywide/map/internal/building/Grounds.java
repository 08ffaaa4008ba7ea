package io.citywide.map.internal.building;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Building;
import io.citywide.place.Buildings.Ground;
import io.citywide.place.Buildings.Sum;
import io.citywide.place.Buildings.Wanted;
import io.citywide.platform.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.PrecisionModel;

/** Where both layers look into the register, and how they page through it. */
final class Grounds {

  /** Below this zoom a tile reads sums of cells, from it on the buildings themselves. */
  static final int CELLS_BELOW = 12;

  /** More objects would not fit into a tile. */
  static final int MOST_OBJECTS = 8_000;

  private static final double MARGIN = 0.125;

  /** An outline reaches over the edge from a point so far outside: some 150 m. */
  private static final double OUTLINE_DEGREES = 0.0015;

  private static final GeometryFactory POINTS = new GeometryFactory(new PrecisionModel(), 4326);

  private Grounds() {}

  static Ground of(RegionCover cover) {
    return new Ground(cover.area(), cover.ranges());
  }

  /** Whether the codes of areas alone decide on what lies in the region. */
  static boolean wholeAreas(Region region) {
    return region instanceof Region.InArea || region instanceof Region.Anywhere;
  }

  static GridBox widened(GridBox box) {
    double dx = Math.max(OUTLINE_DEGREES, (box.east() - box.west()) * MARGIN);
    double dy = Math.max(OUTLINE_DEGREES, (box.north() - box.south()) * MARGIN);
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

  /** Buildings whose point lies exactly in the region. */
  static Slice<Found> page(Buildings buildings, Region region, Wanted wanted, String after, int limit, Function<Building, Found> found) {
    RegionCover cover = RegionCover.of(region);
    Ground ground = of(cover);
    List<Found> items = new ArrayList<>(limit);
    String next = after;
    do {
      Buildings.Page page = buildings.list(ground, wanted, next, limit - items.size());
      page.items().stream().filter(b -> cover.contains(b.lon(), b.lat())).map(found).forEach(items::add);
      next = page.next();
    } while (next != null && items.size() < limit);
    return new Slice<>(items, next);
  }
}
