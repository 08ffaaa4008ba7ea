package io.citywide.bench.map;

import io.citywide.bench.map.Contender.Client;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.MvtReader;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.TagKeyValueMapConverter;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.model.JtsLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * Answers of a contender beside ours, point by point. Where they differ, the distance must be so near to the limit that
 * the models of the earth explain it.
 */
final class Comparison {

  /** Of a distance, how much two ellipsoids or our plane around a point may differ. */
  static final double ELLIPSOID = 0.0005;

  /** Of a distance, how much a sphere may be off. */
  static final double SPHERE = 0.005;

  private static final int COMPARED = 60;

  /** Units of a tile's side, in which places in tiles are compared. */
  private static final double EXTENT = 4096;

  private static final String ID = "id of the feature";
  private static final double LEAST_METERS = 0.02;

  private final GridIndexContender ours;
  private final Contender other;
  private final double[][] places;
  private final List<String> checked;

  /**
   * @param places longitude and latitude of where to ask, 60 at least
   * @param checked takes in words what was compared
   */
  Comparison(GridIndexContender ours, Contender other, double[][] places, List<String> checked) {
    this.ours = ours;
    this.other = other;
    this.places = places;
    this.checked = checked;
  }

  /** @throws IllegalStateException where a point is in one circle only and farther than this from its edge, or a count is not that of the list */
  void circles(double radius, double toleranceMeters) throws Exception {
    long compared = 0;
    try (Client mine = ours.client(); Client its = other.client()) {
      for (int q = 0; q < COMPARED; q++) {
        double lon = places[q][0];
        double lat = places[q][1];
        Map<Long, Double> here = distances(mine, lon, lat, radius);
        Map<Long, Double> there = distances(its, lon, lat, radius);
        for (var both : List.of(List.of(here, there), List.of(there, here))) {
          for (var point : both.get(0).entrySet()) {
            if (!both.get(1).containsKey(point.getKey()) && Math.abs(point.getValue() - radius) > toleranceMeters) {
              throw new IllegalStateException("circle " + q + ": " + other.name() + " and the grid index differ in " + point.getKey() + ", "
                  + point.getValue() + " m away");
            }
          }
        }
        compared += here.size();
        long count = its.count(lon, lat, radius);
        if (count != there.size()) throw new IllegalStateException("count of " + other.name() + " in circle " + q + ": " + count + ", expected " + there.size());
      }
    }
    checked.add("%s: %d circles, %,d points, differences only within %s m of the radius".formatted(other.name(), COMPARED, compared, toleranceMeters));
  }

  private static Map<Long, Double> distances(Client client, double lon, double lat, double radius) throws Exception {
    Globe globe = new Globe(lon, lat);
    Map<Long, Double> distances = new HashMap<>();
    client.list(lon, lat, radius, (id, kind, x, y) -> distances.put(id, Math.sqrt(globe.square(x, y))));
    return distances;
  }

  /**
   * @param share of a distance, by which it may be off
   * @throws IllegalStateException where one names a point that the other does not, and it is not as far as the last
   */
  void nearest(int most, double share) throws Exception {
    try (Client mine = ours.client(); Client its = other.client()) {
      for (int q = 0; q < COMPARED; q++) {
        double lon = places[q][0];
        double lat = places[q][1];
        List<Long> here = ids(mine.nearest(lon, lat, most));
        List<Long> there = ids(its.nearest(lon, lat, most));
        Set<Long> apart = new HashSet<>(here);
        apart.addAll(there);
        if (here.size() != most || there.size() != most) {
          throw new IllegalStateException("nearest " + q + ": " + there.size() + " of " + other.name() + ", " + here.size() + " of the grid index, expected " + most);
        }
        Map<Long, Double> distances = reaching(mine, lon, lat, here);
        double last = here.stream().mapToDouble(distances::get).max().orElseThrow();
        Set<Long> both = new HashSet<>(here);
        both.retainAll(there);
        apart.removeAll(both);
        for (long id : apart) {
          Double meters = distances.get(id);
          if (meters == null || Math.abs(meters - last) > LEAST_METERS + share * last) {
            throw new IllegalStateException("nearest " + q + ": " + other.name() + " and the grid index differ in " + id + ", " + meters + " m away, the last is " + last);
          }
        }
      }
    }
    checked.add("%s: the %d nearest of %d places, differences only where as far as the last".formatted(other.name(), most, COMPARED));
  }

  private static List<Long> ids(long[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }

  /** Distances of all points of a circle that is a little wider than needed for these. */
  private static Map<Long, Double> reaching(Client client, double lon, double lat, List<Long> ids) throws Exception {
    for (double radius = 20; ; radius *= 2) {
      Map<Long, Double> distances = distances(client, lon, lat, radius);
      if (distances.keySet().containsAll(ids)) return distances(client, lon, lat, radius * 1.1);
    }
  }

  /**
   * @param share of all points in the polygon, by which the counts may differ together
   * @throws IllegalStateException where they differ by more
   */
  void polygon(double[][] polygon, double share) throws Exception {
    try (Client mine = ours.client(); Client its = other.client()) {
      Map<Integer, Long> here = mine.counts(polygon);
      Map<Integer, Long> there = its.counts(polygon);
      long points = here.values().stream().mapToLong(Long::longValue).sum();
      Set<Integer> kinds = new HashSet<>(here.keySet());
      kinds.addAll(there.keySet());
      long apart = kinds.stream().mapToLong(kind -> Math.abs(here.getOrDefault(kind, 0L) - there.getOrDefault(kind, 0L))).sum();
      if (apart > share * points) throw new IllegalStateException("counts in the polygon of " + other.name() + " differ by " + apart + " of " + points + " points");
      checked.add("%s: %,d points in the polygon by %d kinds%s".formatted(other.name(), points, here.size(), share > 0 ? ", " + apart + " apart" : ""));
    }
  }

  /** A point of a tile: its place in units of the tile. */
  private record InTile(double x, double y) {

    boolean near(InTile other) {
      return Math.abs(x - other.x) <= 1 && Math.abs(y - other.y) <= 1;
    }

    boolean atEdge(double extent) {
      return Math.min(Math.min(x, y), extent - Math.max(x, y)) <= 1;
    }
  }

  /**
   * Tiles that carry the points themselves.
   *
   * @throws IllegalStateException where a point is in one tile only and not at its edge, or more than a unit of the tile from its place in the other
   */
  void tiles(int zoom, int[][] tiles) throws Exception {
    long compared = 0;
    try (Client mine = ours.client(); Client its = other.client()) {
      for (int[] tile : tiles) {
        Map<Long, InTile> here = points(mine.tile(zoom, tile[0], tile[1]));
        Map<Long, InTile> there = points(its.tile(zoom, tile[0], tile[1]));
        Set<Long> all = new HashSet<>(here.keySet());
        all.addAll(there.keySet());
        for (long id : all) {
          InTile a = here.get(id);
          InTile b = there.get(id);
          boolean same = a != null && b != null ? a.near(b) : (a == null ? b : a).atEdge(EXTENT);
          if (!same) {
            throw new IllegalStateException("tile %d/%d/%d: %s has point %d at %s, the grid index at %s".formatted(zoom, tile[0], tile[1], other.name(), id, b, a));
          }
        }
        compared += here.size();
      }
    }
    checked.add("%s: %,d points of %d tiles of zoom %d, none more than a unit of the tile apart, differences only at edges".formatted(other.name(), compared, tiles.length, zoom));
  }

  private static Map<Long, InTile> points(byte[] tile) throws IOException {
    Map<Long, InTile> points = new HashMap<>();
    for (JtsLayer layer : MvtReader.loadMvt(new ByteArrayInputStream(tile), new GeometryFactory(), new TagKeyValueMapConverter(false, ID), MvtReader.RING_CLASSIFIER_V2_1).getLayers()) {
      double unit = EXTENT / layer.getExtent();
      for (Geometry point : layer.getGeometries()) {
        points.put(((Number) ((Map<?, ?>) point.getUserData()).get(ID)).longValue(), new InTile(point.getCoordinate().x * unit, point.getCoordinate().y * unit));
      }
    }
    return points;
  }
}
