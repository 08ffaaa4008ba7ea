package io.citywide.place.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;

/** One point, one area: the deepest one around it. */
class LocatorTest {

  private static Geometry polygon(double... lonLat) {
    Coordinate[] ring = new Coordinate[lonLat.length / 2 + 1];
    for (int i = 0; i < lonLat.length / 2; i++) {
      ring[i] = new Coordinate(lonLat[2 * i], lonLat[2 * i + 1]);
    }
    ring[ring.length - 1] = ring[0].copy();
    return GeoJson.FACTORY.createPolygon(ring);
  }

  /** A lattice of quadrilaterals with shared, shaken corners. */
  private static List<Locator.Shape> lattice(int n, Random random) {
    double[][][] corner = new double[n + 1][n + 1][];
    for (int x = 0; x <= n; x++) {
      for (int y = 0; y <= n; y++) {
        corner[x][y] = new double[] {118.9 + x * 0.001 + random.nextDouble(0.0004), 32.5 + y * 0.001 + random.nextDouble(0.0004)};
      }
    }
    List<Locator.Shape> shapes = new ArrayList<>();
    for (int x = 0; x < n; x++) {
      for (int y = 0; y < n; y++) {
        double[] a = corner[x][y];
        double[] b = corner[x + 1][y];
        double[] c = corner[x + 1][y + 1];
        double[] d = corner[x][y + 1];
        shapes.add(new Locator.Shape("990102001001%03d".formatted(x * n + y + 1), 4, polygon(a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1])));
      }
    }
    return shapes;
  }

  @Test
  void agreesWithAnExactTestOfEveryPolygonForRandomPoints() {
    Random random = new Random(7);
    List<Locator.Shape> shapes = lattice(12, random);
    Locator locator = Locator.of(shapes);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      double lon = 118.899 + random.nextDouble(0.015);
      double lat = 32.499 + random.nextDouble(0.015);
      var point = GeoJson.FACTORY.createPoint(new Coordinate(lon, lat));
      String code = locator.locate(lon, lat);
      var exact = shapes.stream().filter(s -> s.boundary().contains(point)).map(Locator.Shape::code).toList();
      if (!exact.isEmpty()) {
        assertThat(exact).as("%s %s", lon, lat).containsExactly(code);
        found++;
      } else if (code != null) {
        assertThat(shapes.stream().filter(s -> s.code().equals(code)).findFirst().orElseThrow().boundary().distance(point))
            .as("within a metre of a boundary").isLessThan(0.0000125);
      }
    }
    assertThat(found).isGreaterThan(5_000);
  }

  @Test
  void givesEveryCornerAndEdgeToExactlyOneAreaAlwaysTheSame() {
    List<Locator.Shape> shapes = lattice(6, new Random(3));
    Locator locator = Locator.of(shapes);
    List<Locator.Shape> reversed = new ArrayList<>(shapes.reversed().stream().map(s -> new Locator.Shape(s.code(), s.depth(), s.boundary().reverse())).toList());
    Locator other = Locator.of(reversed);
    for (Locator.Shape shape : shapes) {
      Coordinate[] ring = shape.boundary().getCoordinates();
      for (int i = 0; i + 1 < ring.length; i++) {
        for (double t : new double[] {0, 0.25, 0.5, 1 / 3.0}) {
          double lon = ring[i].x + t * (ring[i + 1].x - ring[i].x);
          double lat = ring[i].y + t * (ring[i + 1].y - ring[i].y);
          assertThat(locator.locate(lon, lat)).isNotNull().isEqualTo(other.locate(lon, lat));
        }
      }
    }
  }

  @Test
  void prefersTheDeepestAreaAndFallsBackWhereItIsMissing() {
    Locator locator = Locator.of(List.of(
        new Locator.Shape("990102001001", 3, polygon(118.9, 32.5, 118.91, 32.5, 118.91, 32.51, 118.9, 32.51)),
        new Locator.Shape("990102001001001", 4, polygon(118.9, 32.5, 118.905, 32.5, 118.905, 32.51, 118.9, 32.51))));
    assertThat(locator.locate(118.901, 32.505)).isEqualTo("990102001001001");
    assertThat(locator.locate(118.909, 32.505)).isEqualTo("990102001001");
    assertThat(locator.locate(118.92, 32.505)).isNull();
  }

  @Test
  void findsNothingInAHole() {
    var shell = polygon(118.9, 32.5, 118.91, 32.5, 118.91, 32.51, 118.9, 32.51);
    var hole = polygon(118.904, 32.504, 118.906, 32.504, 118.906, 32.506, 118.904, 32.506);
    Locator locator = Locator.of(List.of(new Locator.Shape("990102", 1, shell.difference(hole))));
    assertThat(locator.locate(118.905, 32.505)).isNull();
    assertThat(locator.locate(118.902, 32.505)).isEqualTo("990102");
  }

  @Test
  void givesAPointInAHairsGapBetweenGridsToTheNearest() {
    // 0.000004° is 40 cm: less than the tolerance of an import
    Locator locator = Locator.of(List.of(
        new Locator.Shape("990102001001", 3, polygon(118.9, 32.5, 118.902, 32.5, 118.902, 32.501, 118.9, 32.501)),
        new Locator.Shape("990102001001001", 4, polygon(118.9, 32.5, 118.901, 32.5, 118.901, 32.501, 118.9, 32.501)),
        new Locator.Shape("990102001001002", 4, polygon(118.901004, 32.5, 118.902, 32.5, 118.902, 32.501, 118.901004, 32.501))));
    assertThat(locator.locate(118.901001, 32.5005)).isEqualTo("990102001001001");
    assertThat(locator.locate(118.901003, 32.5005)).isEqualTo("990102001001002");
  }
}
