package io.citywide.grid.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every query says what looking at each point would say, over a file with changes, in every quarter of the earth. */
class QueryLawsTest {

  @TempDir Path folder;

  private PointIndex index(TestPoints city, int points, int changes) {
    PointIndex index = PointIndex.open(folder, "city", damage -> {
      throw damage;
    });
    for (int i = 0; i < points; i++) {
      IndexedPoint point = city.some();
      city.byId.put(point.id(), point);
    }
    try (PointSorter sorter = index.rebuild()) {
      city.byId.values().forEach(p -> sorter.add(p.key(), p.kind(), p.id()));
      index.replace(sorter, "built");
    }
    Changes batch = new Changes();
    for (int i = 0; i < changes; i++) {
      IndexedPoint known = city.known();
      switch (city.random.nextInt(5)) {
        case 0 -> {
          city.byId.remove(known.id());
          batch.remove(known.id());
        }
        case 1 -> put(city, batch, new IndexedPoint(known.key(), city.someKind(), known.id()));
        case 2 -> put(city, batch, new IndexedPoint(city.someKey(), known.kind(), known.id()));
        case 3 -> put(city, batch, known);
        default -> put(city, batch, city.some());
      }
      if (city.random.nextInt(50) == 0) {
        index.apply(batch, "changed " + i);
        batch = new Changes();
      }
    }
    index.apply(batch, "changed");
    return index;
  }

  private static void put(TestPoints city, Changes batch, IndexedPoint point) {
    city.byId.put(point.id(), point);
    batch.put(point.key(), point.kind(), point.id());
  }

  static Where someWhere(TestPoints city) {
    Random random = city.random;
    double size = Math.pow(10, -4 + random.nextDouble() * 3.5);
    double lon = city.lon + random.nextGaussian() * 0.02;
    double lat = city.lat + random.nextGaussian() * 0.02;
    IndexedPoint a = city.known();
    IndexedPoint b = city.known();
    return switch (random.nextInt(7)) {
      case 0 -> Where.cell(GridCell.of(lon, lat, 1 + random.nextInt(9)));
      case 1 -> Where.box(new GridBox(lon - size, lat - size, lon + size, lat + size));
      // Edges run through points.
      case 2 -> Where.box(new GridBox(Math.min(a.lon(), b.lon()), Math.min(a.lat(), b.lat()), Math.max(a.lon(), b.lon()), Math.max(a.lat(), b.lat())));
      case 3 -> Where.circle(lon, lat, size * 100_000);
      case 4 -> Where.circle(a.lon(), a.lat(), random.nextInt(2) * size * 100_000);
      case 5 -> Where.polygon(star(random, lon, lat, size));
      // Corners are points.
      default -> Where.polygon(new double[][] {{a.lon(), a.lat(), b.lon(), b.lat(), city.known().lon(), city.known().lat()}});
    };
  }

  /** A star with a hole, or two. */
  static double[][] star(Random random, double lon, double lat, double size) {
    double[][] rings = new double[1 + random.nextInt(3)][];
    for (int r = 0; r < rings.length; r++) {
      int corners = 3 + random.nextInt(30);
      double[] ring = new double[corners * 2];
      double radius = r == 0 ? size : size * 0.3;
      double x = r == 2 ? lon + 3 * size : lon;
      for (int i = 0; i < corners; i++) {
        double angle = 2 * Math.PI * i / corners;
        double at = radius * (0.6 + 0.4 * random.nextDouble());
        ring[2 * i] = x + at * Math.cos(angle);
        ring[2 * i + 1] = lat + at * Math.sin(angle);
      }
      rings[r] = ring;
    }
    return rings;
  }

  @ParameterizedTest
  @CsvSource({"121.47, 31.23, 1", "121.47, 31.23, 2", "-70.65, -33.45, 3", "-71.06, 42.36, 4", "18.42, -33.92, 5", "0.01, 0.01, 6", "-0.01, 51.5, 7"})
  void everyQuerySaysWhatLookingAtEachPointSays(double lon, double lat, long seed) {
    TestPoints city = new TestPoints(seed, lon, lat);
    try (PointIndex index = index(city, 12_000, 1_500); Snapshot now = index.snapshot()) {
      Collection<IndexedPoint> all = city.byId.values();
      assertThat(now.size()).isEqualTo(all.size());
      for (int i = 0; i < 250; i++) {
        Where where = someWhere(city);
        KindSet kinds = city.someKinds();
        List<IndexedPoint> expected = TestPoints.in(all, where, kinds);
        assertThat(now.count(where, kinds)).as("count %d", i).isEqualTo(expected.size());
        Map<Integer, Long> counts = new HashMap<>();
        now.counts(where, kinds).forEach(counts::put);
        Map<Integer, Long> expectedCounts = new HashMap<>();
        expected.forEach(p -> expectedCounts.merge(p.kind(), 1L, Long::sum));
        assertThat(counts).isEqualTo(expectedCounts);
        List<IndexedPoint> listed = new ArrayList<>();
        assertThat(now.each(where, kinds, (key, kind, id) -> listed.add(new IndexedPoint(key, kind, id)))).isTrue();
        assertThat(listed).isEqualTo(expected);
        List<IndexedPoint> placed = new ArrayList<>();
        assertThat(now.each(where, kinds, (key, kind, id, x, y) -> x == GridKeys.centerLon(key) && y == GridKeys.centerLat(key) && placed.add(new IndexedPoint(key, kind, id)))).isTrue();
        assertThat(placed).isEqualTo(expected);
        List<IndexedPoint> paged = new ArrayList<>();
        int limit = 1 + expected.size() / (1 + city.random.nextInt(5));
        for (List<IndexedPoint> page = now.page(where, kinds, null, limit); !page.isEmpty(); page = now.page(where, kinds, page.getLast(), limit)) {
          paged.addAll(page);
        }
        assertThat(paged).isEqualTo(expected);
      }
      assertThat(now.count(Where.everywhere(), KindSet.all())).isEqualTo(all.size());
      assertThat(now.count(Where.everywhere(), KindSet.of())).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"121.47, 31.23, 11", "-70.65, -33.45, 12", "0.01, -0.01, 13"})
  void theNearestAreTheNearest(double lon, double lat, long seed) {
    TestPoints city = new TestPoints(seed, lon, lat);
    try (PointIndex index = index(city, 12_000, 1_500); Snapshot now = index.snapshot()) {
      for (int i = 0; i < 300; i++) {
        double x = lon + city.random.nextGaussian() * 0.1;
        double y = lat + city.random.nextGaussian() * 0.1;
        int most = 1 + city.random.nextInt(30);
        double within = new double[] {50, 1_000, 200_000}[city.random.nextInt(3)];
        KindSet kinds = city.someKinds();
        Meters meters = new Meters(x, y, within);
        record Distant(IndexedPoint point, double square) {}
        List<Snapshot.Near> expected = city.byId.values().stream().filter(p -> kinds.contains(p.kind()))
            .map(p -> new Distant(p, meters.square(GridKeys.centerLonUnits(p.key()), GridKeys.centerLatUnits(p.key()))))
            .filter(d -> d.square() <= within * within)
            .sorted(Comparator.comparingDouble(Distant::square).thenComparing(d -> d.point().id())).limit(most)
            .map(d -> new Snapshot.Near(d.point(), Math.sqrt(d.square()))).toList();
        assertThat(now.nearest(x, y, most, within, kinds)).as("case %d", i).isEqualTo(expected);
      }
    }
  }

  private record Drawn(GridBox box, long count, int dominant, int worst) {}

  @ParameterizedTest
  @CsvSource({"121.47, 31.23, 21", "-70.65, -33.45, 22", "-0.01, 0.01, 23"})
  void theCellsOfATileHoldWhatLiesInThem(double lon, double lat, long seed) {
    TestPoints city = new TestPoints(seed, lon, lat);
    try (PointIndex index = index(city, 12_000, 1_500); Snapshot now = index.snapshot()) {
      for (CellSize size : CellSize.values()) {
        for (int i = 0; i < 8; i++) {
          double width = size.degrees() * (1 + city.random.nextInt(40));
          double west = lon - width * city.random.nextDouble();
          double south = lat - width * city.random.nextDouble();
          GridBox box = i == 0 ? new GridBox(-180, -85, 180, 85) : new GridBox(west, south, west + width, south + width);
          KindSet kinds = city.someKinds();
          Set<Drawn> expected = new HashSet<>();
          Map<List<Integer>, List<IndexedPoint>> cells = new HashMap<>();
          for (IndexedPoint p : city.byId.values()) {
            int column = Math.floorDiv(GridKeys.centerLonUnits(p.key()), size.side);
            int row = Math.floorDiv(GridKeys.centerLatUnits(p.key()), size.side);
            if (kinds.contains(p.kind())) cells.computeIfAbsent(List.of(column, row), c -> new ArrayList<>()).add(p);
          }
          cells.forEach((cell, points) -> {
            double units = GridKeys.UNITS_PER_DEGREE;
            GridBox bounds = new GridBox(cell.get(0) * (long) size.side / units, cell.get(1) * (long) size.side / units,
                (cell.get(0) + 1L) * size.side / units, (cell.get(1) + 1L) * size.side / units);
            if (bounds.west() < box.east() && bounds.east() > box.west() && bounds.south() < box.north() && bounds.north() > box.south()) {
              long[] groups = new long[8192];
              points.forEach(p -> groups[p.group()]++);
              int dominant = 0;
              for (int g = 0; g < groups.length; g++) dominant = groups[g] > groups[dominant] ? g : dominant;
              expected.add(new Drawn(bounds, points.size(), dominant, points.stream().mapToInt(IndexedPoint::grade).max().orElseThrow()));
            }
          });
          List<Drawn> drawn = new ArrayList<>();
          now.cells(box, size, kinds, (at, count, dominant, worst) -> drawn.add(new Drawn(at, count, dominant, worst)));
          assertThat(new HashSet<>(drawn)).as("%s %d", size, i).isEqualTo(expected);
          assertThat(drawn).doesNotHaveDuplicates();
        }
      }
    }
  }

  /** Vincenty's inverse formula on CGCS2000. */
  private static double vincenty(double lon1, double lat1, double lon2, double lat2) {
    double a = 6_378_137;
    double f = 1 / 298.257222101;
    double b = a * (1 - f);
    double u1 = Math.atan((1 - f) * Math.tan(Math.toRadians(lat1)));
    double u2 = Math.atan((1 - f) * Math.tan(Math.toRadians(lat2)));
    double l = Math.toRadians(lon2 - lon1);
    double lambda = l;
    for (int i = 0; i < 200; i++) {
      double sinSigma = Math.hypot(Math.cos(u2) * Math.sin(lambda), Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda));
      double cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
      double sigma = Math.atan2(sinSigma, cosSigma);
      if (sinSigma == 0) return 0;
      double sinAlpha = Math.cos(u1) * Math.cos(u2) * Math.sin(lambda) / sinSigma;
      double cos2Alpha = 1 - sinAlpha * sinAlpha;
      double cos2m = cosSigma - 2 * Math.sin(u1) * Math.sin(u2) / cos2Alpha;
      double c = f / 16 * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
      double next = l + (1 - c) * f * sinAlpha * (sigma + c * sinSigma * (cos2m + c * cosSigma * (-1 + 2 * cos2m * cos2m)));
      if (Math.abs(next - lambda) < 1e-13 || i == 199) {
        double uu = cos2Alpha * (a * a - b * b) / (b * b);
        double k1 = 1 + uu / 16384 * (4096 + uu * (-768 + uu * (320 - 175 * uu)));
        double k2 = uu / 1024 * (256 + uu * (-128 + uu * (74 - 47 * uu)));
        double delta = k2 * sinSigma * (cos2m + k2 / 4 * (cosSigma * (-1 + 2 * cos2m * cos2m)
            - k2 / 6 * cos2m * (-3 + 4 * sinSigma * sinSigma) * (-3 + 4 * cos2m * cos2m)));
        return b * k1 * (sigma - delta);
      }
      lambda = next;
    }
    throw new AssertionError();
  }

  @ParameterizedTest
  @CsvSource({"1000, 1e-6, 0.001", "50000, 1e-4, 0.01", "200000, 1e-3, 0.01"})
  void metersAreThoseOfTheEllipsoid(double reach, double relative, double absolute) {
    Random random = new Random(31);
    for (int i = 0; i < 5_000; i++) {
      double lon = random.nextDouble() * 300 - 150;
      double lat = random.nextDouble() * 150 - 75;
      double way = reach * random.nextDouble() / 111_320;
      double angle = random.nextDouble() * 2 * Math.PI;
      int x = (int) Math.round((lon + way * Math.cos(angle) / Math.cos(Math.toRadians(lat))) * GridKeys.UNITS_PER_DEGREE);
      int y = (int) Math.round((lat + way * Math.sin(angle)) * GridKeys.UNITS_PER_DEGREE);
      double exact = vincenty(lon, lat, x / (double) GridKeys.UNITS_PER_DEGREE, y / (double) GridKeys.UNITS_PER_DEGREE);
      if (exact > reach) continue;
      assertThat(Math.sqrt(new Meters(lon, lat, reach).square(x, y))).as("from %s %s", lon, lat).isCloseTo(exact, within(absolute + exact * relative));
    }
  }

  @org.junit.jupiter.api.Test
  void aSinkThatWantsNoMoreEndsTheQuery() {
    TestPoints city = new TestPoints(41, 121.47, 31.23);
    try (PointIndex index = index(city, 2_000, 100); Snapshot now = index.snapshot()) {
      int[] seen = new int[2];
      assertThat(now.each(Where.everywhere(), KindSet.all(), (key, kind, id) -> ++seen[0] < 7)).isFalse();
      assertThat(now.cells(new GridBox(120, 30, 123, 33), CellSize.SECONDS_4, KindSet.all(), (box, count, dominant, worst) -> ++seen[1] < 5)).isFalse();
      assertThat(seen).isEqualTo(new int[] {7, 5});
    }
  }

  @org.junit.jupiter.api.Test
  void aBoxMayCrossTheAntimeridian() {
    TestPoints city = new TestPoints(42, 179.99, -17);
    PointIndex index = PointIndex.open(folder, "fiji", damage -> {
      throw damage;
    });
    Changes changes = new Changes();
    for (int i = 0; i < 3_000; i++) {
      double x = 179.99 + city.random.nextGaussian() * 0.02;
      put(city, changes, new IndexedPoint(GridKeys.encode(x > 180 ? x - 360 : x, -17 + city.random.nextGaussian() * 0.02, 9), 8, i));
    }
    index.apply(changes, "");
    try (index; Snapshot now = index.snapshot()) {
      for (double[] box : new double[][] {{179.98, -17.01, -179.99, -16.99}, {179.999, -18, -179.999, -16}, {170, -18, -170, -16}}) {
        Where where = Where.box(new GridBox(box[0], box[1], box[2], box[3]));
        assertThat(now.count(where, KindSet.all())).isEqualTo(TestPoints.in(city.byId.values(), where, KindSet.all()).size()).isPositive();
      }
    }
  }
}
