package io.citywide.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GridCoveringTest {
  private static final int MANY = 100_000;
  private final SplittableRandom random = new SplittableRandom(47678);

  @Test
  void theInsideOfACellIsCoveredByItsRange() {
    GridBox box = GridCell.parse("N50I90123C9").bounds();
    GridBox shrunk = new GridBox(box.west(), box.south(), box.east() - 1e-7, box.north() - 1e-7);
    assertThat(GridCovering.ofBox(shrunk, 5, 10).ranges()).containsExactly(GridCell.parse("N50I90123C9").range());
  }

  @Test
  void whatHoldsAllChildrenOfACellIsCoveredByTheCell() {
    for (String code : List.of("N50I90", "N50I901", "N50I90123", "S21H764C3", "S60A", "S30A")) {
      GridCell cell = GridCell.parse(code);
      GridBox b = cell.bounds();
      // Inside by a unit: no edge of the box is in a neighbour.
      double unit = 1.0 / Layout.UNITS_PER_DEGREE;
      GridBox box = new GridBox(b.west() + unit, b.south() + unit, b.east() - unit, b.north() - unit);
      GridCovering covering = GridCovering.ofBox(box, cell.level() + 1, MANY);
      assertThat(covering.ranges()).containsExactly(cell.range());
      assertThat(covering.cells()).containsExactly(cell);
    }
  }

  @Test
  void theCellsOfACoveringMakeUpItsRanges() {
    for (int i = 0; i < 40; i++) {
      GridCovering covering = GridCovering.ofCircle(random.nextDouble(-180, 180), random.nextDouble(-80, 80),
          Math.pow(10, random.nextDouble(0, 6)), 6, random.nextInt(1, 64));
      List<GridCell> cells = covering.cells();
      assertThat(cells).isSorted();
      int c = 0;
      for (GridRange range : covering.ranges()) {
        assertThat(cells.get(c).low()).isEqualTo(range.low());
        long rank = Layout.rank(GridKeys.bits(range.low()));
        while (c < cells.size() && cells.get(c).high() <= range.high()) {
          assertThat(Layout.rank(GridKeys.bits(cells.get(c).key()))).as("no gap before %s", cells.get(c)).isEqualTo(rank);
          rank += Layout.FINE_CELLS[cells.get(c).level()];
          c++;
        }
        assertThat(Layout.fault(GridKeys.bits(range.high() + 1)) != null || rank == Layout.rank(GridKeys.bits(range.high() + 1)))
            .as("no gap behind %s", cells.get(c - 1)).isTrue();
        assertThat(cells.get(c - 1).high()).isLessThanOrEqualTo(range.high());
      }
      assertThat(c).isEqualTo(cells.size());
    }
  }

  @Test
  void aBoxIsCoveredByExactlyTheCellsThatContainItsPoints() {
    for (int i = 0; i < 300; i++) {
      double west = corner(i, 118.79);
      double south = corner(i, 32.05);
      double width = random.nextDouble(0, 0.01);
      double height = random.nextDouble(0, 0.01);
      GridBox box = new GridBox(west, south, west + width, south + height);
      GridCovering covering = GridCovering.ofBox(box, 5, MANY);
      List<GridCell> expected = new ArrayList<>();
      GridCell row = GridCell.of(west, south, 5);
      for (; row.bounds().south() <= box.north(); row = row.neighbour(0, 1).orElseThrow()) {
        GridCell cell = row;
        for (; cell.bounds().west() <= box.east(); cell = cell.neighbour(1, 0).orElseThrow()) {
          expected.add(cell);
          assertThat(covering.contains(cell.key())).as("%s of %s", cell, box).isTrue();
        }
      }
      assertThat(level5Cells(covering)).isEqualTo(expected.size());
    }
  }

  @Test
  void aCellIsNotInsideABoxThatEndsAHairBeforeItsEdge() {
    for (int i = 0; i < 50; i++) {
      GridCell cell = GridCell.of(random.nextDouble(-170, 170), random.nextDouble(-80, 80), random.nextInt(3, 8));
      GridBox b = cell.bounds();
      double hair = 3e-8;
      GridCovering outer = GridCovering.ofBox(
          new GridBox(b.west() - hair, b.south() - hair, b.east() + hair, b.north() + hair), cell.level(), MANY);
      assertThat(outer.containsInside(cell.key())).isTrue();
      for (GridBox less : List.of(
          new GridBox(b.west() + hair, b.south() - hair, b.east() + hair, b.north() + hair),
          new GridBox(b.west() - hair, b.south() + hair, b.east() + hair, b.north() + hair),
          new GridBox(b.west() - hair, b.south() - hair, b.east() - hair, b.north() + hair),
          new GridBox(b.west() - hair, b.south() - hair, b.east() + hair, b.north() - hair))) {
        GridCovering covering = GridCovering.ofBox(less, cell.level(), MANY);
        assertThat(covering.containsInside(cell.key())).isFalse();
        assertThat(covering.contains(cell.key())).isTrue();
      }
    }
  }

  @Test
  void everyPointOfABoxIsCoveredWhateverTheCap() {
    for (int i = 0; i < 300; i++) {
      double west = random.nextDouble(-180, 179);
      double south = random.nextDouble(-87, 86);
      GridBox box = new GridBox(west, south, Math.min(180, west + size()), Math.min(87.9, south + size()));
      int cap = random.nextInt(1, 40);
      GridCovering covering = GridCovering.ofBox(box, random.nextInt(1, 10), cap);
      checkForm(covering, cap);
      for (int k = 0; k < 200; k++) {
        double lon = k % 4 == 0 ? box.west() : k % 4 == 1 ? box.east() : between(box.west(), box.east());
        double lat = k % 5 == 0 ? box.south() : k % 5 == 1 ? box.north() : between(box.south(), box.north());
        assertThat(covering.contains(GridKeys.encode(lon, lat, 9))).as("%s %s of %s", lon, lat, box).isTrue();
      }
      for (GridRange range : covering.inner()) {
        GridCell first = cellAt(range.low());
        assertThat(box.contains(first.centerLon(), first.centerLat())).isTrue();
      }
    }
  }

  @Test
  void aBoxMayCrossTheAntimeridianTheEquatorAndThePrimeMeridian() {
    GridCovering pacific = GridCovering.ofBox(new GridBox(179.5, -1, -179.5, 1), 4, 8);
    assertThat(pacific.ranges()).hasSizeLessThanOrEqualTo(8);
    for (double lon : new double[] {179.5, 179.9, 180, -180, -179.7, -179.5}) {
      for (double lat : new double[] {-1, -0.001, 0, 1}) {
        assertThat(pacific.contains(GridKeys.encode(lon, lat, 9))).isTrue();
      }
    }
    assertThat(GridCovering.ofBox(new GridBox(179.5, -1, -179.5, 1), 4, MANY).contains(GridKeys.encode(0, 0, 9))).isFalse();
    GridCovering gulf = GridCovering.ofBox(new GridBox(-0.01, -0.01, 0.01, 0.01), 6, MANY);
    for (double lon : new double[] {-0.01, -1e-9, 0, 0.01}) {
      for (double lat : new double[] {-0.01, -1e-9, 0, 0.01}) {
        assertThat(gulf.contains(GridKeys.encode(lon, lat, 9))).isTrue();
      }
    }
  }

  @Test
  void everyPointWithinTheGeodesicRadiusIsCovered() {
    for (int i = 0; i < 400; i++) {
      double lat = random.nextDouble(-80, 80);
      double lon = i % 3 == 0 ? random.nextDouble(-0.01, 0.01) : i % 3 == 1 ? random.nextDouble(179.9, 180) : random.nextDouble(-180, 180);
      double radius = Math.pow(10, random.nextDouble(-1, 5.5));
      int cap = random.nextInt(1, 64);
      GridCovering covering = GridCovering.ofCircle(lon, lat, radius, 9, cap);
      checkForm(covering, cap);
      for (int k = 0; k < 100; k++) {
        double share = k % 2 == 0 ? 0.999999999 : Math.sqrt(random.nextDouble());
        double[] point = Geodesic.destination(lon, lat, random.nextDouble(360), radius * share);
        assertThat(covering.contains(GridKeys.encode(point[0], point[1], 9)))
            .as("%s %s from %s %s, %s m", point[0], point[1], lon, lat, radius).isTrue();
        double[] beyond = Geodesic.destination(lon, lat, random.nextDouble(360), radius * 1.000001 + 0.001);
        assertThat(covering.containsInside(GridKeys.encode(beyond[0], beyond[1], 9))).isFalse();
      }
    }
  }

  @Test
  void aCircleIsCoveredWithoutMuchWaste() {
    // 500 m around a point in Nanjing at 62 m cells: 785398 m² and a rim of about one cell.
    GridCovering covering = GridCovering.ofCircle(118.796877, 32.060255, 500, 6, MANY);
    double cellArea = 61.6 * 52.4;
    assertThat(level5Cells(covering) * 4 * cellArea).isBetween(785_000.0, 1_050_000.0);
    assertThat(covering.inner()).isNotEmpty();
    for (int k = 0; k < 2000; k++) {
      double[] far = Geodesic.destination(118.796877, 32.060255, random.nextDouble(360), 500 + 90 + random.nextDouble(500));
      assertThat(covering.contains(GridKeys.encode(far[0], far[1], 9))).isFalse();
    }
  }

  @Test
  void aPolygonIsCoveredByTheCellsThatTouchIt() {
    for (int i = 0; i < 150; i++) {
      double lon = corner(i, 116.4);
      double lat = corner(i, 39.9);
      double[] shell = star(lon, lat, 0.004, random.nextInt(3, 40));
      double[] hole = star(lon, lat, 0.0008, 5);
      double[][] rings = i % 2 == 0 ? new double[][] {shell} : new double[][] {shell, hole};
      Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      for (double[] ring : rings) append(path, ring);
      Area area = new Area(path);
      GridCovering covering = GridCovering.ofPolygon(rings, 5, MANY);
      checkForm(covering, MANY);
      GridCell corner = GridCell.of(lon - 0.0055, lat - 0.0055, 5);
      for (int dy = 0; dy < 11; dy++) {
        for (int dx = 0; dx < 11; dx++) {
          GridCell cell = corner.neighbour(dx, dy).orElseThrow();
          if (area.intersects(rectangle(cell, -1e-9))) {
            assertThat(covering.contains(cell.key())).as("%s is needed", cell).isTrue();
          } else if (!area.intersects(rectangle(cell, 1e-8))) {
            assertThat(covering.contains(cell.key())).as("%s is too much", cell).isFalse();
          }
          if (covering.containsInside(cell.key())) {
            assertThat(area.contains(rectangle(cell, -1e-9))).as("%s is inside", cell).isTrue();
          }
        }
      }
    }
  }

  @Test
  void everyPointOfAPolygonIsCoveredWhateverTheCap() {
    for (int i = 0; i < 200; i++) {
      double[] shell = star(corner(i, random.nextDouble(-170, 170)), corner(i, random.nextDouble(-80, 80)),
          Math.pow(10, random.nextDouble(-5, 0.5)), random.nextInt(3, 60));
      Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      append(path, shell);
      int cap = random.nextInt(1, 64);
      GridCovering covering = GridCovering.ofPolygon(new double[][] {shell}, random.nextInt(1, 10), cap);
      checkForm(covering, cap);
      Rectangle2D around = path.getBounds2D();
      for (int k = 0; k < 300; k++) {
        double lon = between(around.getMinX(), around.getMaxX());
        double lat = between(around.getMinY(), around.getMaxY());
        long key = GridKeys.encode(lon, lat, 9);
        if (path.contains(lon, lat)) assertThat(covering.contains(key)).isTrue();
        else assertThat(covering.containsInside(key)).isFalse();
      }
      for (int k = 0; k < shell.length; k += 2) {
        assertThat(covering.contains(GridKeys.encode(shell[k], shell[k + 1], 9))).as("its corners too").isTrue();
      }
    }
  }

  @Test
  void aHoleIsLeftOutWhereItIsLargerThanACell() {
    double[] shell = {118.70, 32.00, 118.90, 32.00, 118.90, 32.20, 118.70, 32.20};
    double[] hole = {118.75, 32.05, 118.85, 32.05, 118.85, 32.15, 118.75, 32.15, 118.75, 32.05};
    GridCovering covering = GridCovering.ofPolygon(new double[][] {shell, hole}, 5, MANY);
    assertThat(covering.contains(GridKeys.encode(118.80, 32.10, 9))).isFalse();
    assertThat(covering.containsInside(GridKeys.encode(118.72, 32.10, 9))).isTrue();
    assertThat(covering.contains(GridKeys.encode(118.75, 32.05, 9))).as("the edge of the hole").isTrue();
  }

  @Test
  void polygonsMayOverlap() {
    double[][][] two = {
      {{118.70, 32.00, 118.80, 32.00, 118.80, 32.10, 118.70, 32.10}},
      {{118.75, 32.05, 118.85, 32.05, 118.85, 32.15, 118.75, 32.15}}
    };
    GridCovering covering = GridCovering.ofMultiPolygon(two, 5, MANY);
    checkForm(covering, MANY);
    for (double at : new double[] {118.71, 118.78, 118.84}) {
      assertThat(covering.containsInside(GridKeys.encode(at, at - 86.7, 9))).isTrue();
    }
    assertThat(covering.contains(GridKeys.encode(118.71, 32.14, 9))).isFalse();
  }

  @Test
  void aWorldOfManySidesIsCoveredInModestTime() {
    double[] shell = star(0, 0, 80, 20_000);
    GridCovering covering = GridCovering.ofPolygon(new double[][] {shell}, 9, 256);
    checkForm(covering, 256);
    assertThat(covering.contains(GridKeys.encode(0, 0, 9))).isTrue();
  }

  @Test
  void whatCannotBeCoveredIsRefused() {
    GridBox box = new GridBox(1, 1, 2, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofBox(box, 10, 1)).withMessageContaining("1..9");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofBox(box, 5, 0))
        .withMessageContaining("1..100000, was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofBox(new GridBox(1, 1, 2, 88), 5, 1))
        .withMessageContaining("was 88");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofBox(new GridBox(1, -89, 2, 1), 5, 1))
        .withMessageContaining("was -89").withMessageContaining("-88");
    assertThatIllegalArgumentException().isThrownBy(() -> new GridBox(1, 2, 2, 1)).withMessageContaining("south");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofCircle(1, 87.99, 5000, 5, 1))
        .withMessageContaining("88");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofCircle(1, 1, -1, 5, 1))
        .withMessageContaining("radius must be 0..5000000 m, was -1.0");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofCircle(1, 1, Double.NaN, 5, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridCovering.ofPolygon(new double[][] {{1, 1, 2, 2}}, 5, 1)).withMessageContaining("ring 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridCovering.ofMultiPolygon(new double[][][] {{{1, 1, 2, 2, 191, 1}}}, 5, 1))
        .withMessage("polygon 0: ring 0, point 2: longitude must be -180..180 degrees, was 191.0");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCovering.ofMultiPolygon(new double[0][][], 5, 1));
  }

  private void checkForm(GridCovering covering, int cap) {
    assertThat(covering.ranges()).isNotEmpty().hasSizeLessThanOrEqualTo(cap);
    assertThat(covering.inner()).hasSizeLessThanOrEqualTo(cap);
    for (List<GridRange> ranges : List.of(covering.ranges(), covering.inner())) {
      for (int i = 1; i < ranges.size(); i++) {
        assertThat(ranges.get(i).low()).isGreaterThan(ranges.get(i - 1).high());
      }
    }
    for (GridRange range : covering.inner()) {
      assertThat(covering.contains(range.low())).isTrue();
      assertThat(covering.contains(range.high())).isTrue();
    }
  }

  /** Every third shape straddles the equator or the prime meridian. */
  private double corner(int i, double otherwise) {
    return i % 3 == 0 ? random.nextDouble(-0.005, 0.005) : otherwise;
  }

  private double size() {
    return Math.pow(10, random.nextDouble(-7, 1));
  }

  private double between(double low, double high) {
    return low < high ? random.nextDouble(low, high) : low;
  }

  private double[] star(double lon, double lat, double radius, int points) {
    double[] ring = new double[points * 2];
    for (int i = 0; i < points; i++) {
      double r = radius * random.nextDouble(0.3, 1);
      ring[2 * i] = Math.clamp(lon + r * Math.cos(2 * Math.PI * i / points), -180, 180);
      ring[2 * i + 1] = Math.clamp(lat + r * Math.sin(2 * Math.PI * i / points), -87.9, 87.9);
    }
    return ring;
  }

  private static void append(Path2D path, double[] ring) {
    path.moveTo(ring[0], ring[1]);
    for (int i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
    path.closePath();
  }

  private static Rectangle2D rectangle(GridCell cell, double grow) {
    GridBox b = cell.bounds();
    return new Rectangle2D.Double(b.west() - grow, b.south() - grow, b.east() - b.west() + 2 * grow,
        b.north() - b.south() + 2 * grow);
  }

  /** The level 9 cell that begins at the low end of a range. */
  private static GridCell cellAt(long low) {
    return new GridCell(low | 9);
  }

  /** Level 5 cells in a covering at level 5 or 6, the latter as quarters. */
  private static double level5Cells(GridCovering covering) {
    double cells = 0;
    for (GridRange range : covering.ranges()) {
      // Level 6 cells counted one by one, as far as their keys are ones of cells.
      for (long key = range.low(); key <= range.high(); key += 1L << 22) {
        if (Layout.fault(GridKeys.bits(key)) == null) cells += 0.25;
      }
    }
    return cells;
  }

  /** Vincenty's direct solution on the CGCS2000 ellipsoid (Survey Review XXIII, 176, 1975), for distances below 1000 km. */
  private static final class Geodesic {
    private static final double A = 6_378_137.0;
    private static final double F = 1 / 298.257222101;
    private static final double B = A * (1 - F);

    static double[] destination(double lonDegrees, double latDegrees, double azimuthDegrees, double meters) {
      double azimuth = Math.toRadians(azimuthDegrees);
      double tanU = (1 - F) * Math.tan(Math.toRadians(latDegrees));
      double cosU = 1 / Math.sqrt(1 + tanU * tanU);
      double sinU = tanU * cosU;
      double sigma1 = Math.atan2(tanU, Math.cos(azimuth));
      double sinAlpha = cosU * Math.sin(azimuth);
      double cos2Alpha = 1 - sinAlpha * sinAlpha;
      double u2 = cos2Alpha * (A * A - B * B) / (B * B);
      double a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
      double b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
      double sigma = meters / (B * a);
      double cos2m = 0;
      for (int i = 0; i < 50; i++) {
        cos2m = Math.cos(2 * sigma1 + sigma);
        double sin = Math.sin(sigma);
        double delta = b * sin * (cos2m + b / 4 * (Math.cos(sigma) * (-1 + 2 * cos2m * cos2m)
            - b / 6 * cos2m * (-3 + 4 * sin * sin) * (-3 + 4 * cos2m * cos2m)));
        sigma = meters / (B * a) + delta;
      }
      double sin = Math.sin(sigma);
      double cos = Math.cos(sigma);
      cos2m = Math.cos(2 * sigma1 + sigma);
      double t = sinU * sin - cosU * cos * Math.cos(azimuth);
      double lat = Math.atan2(sinU * cos + cosU * sin * Math.cos(azimuth),
          (1 - F) * Math.sqrt(sinAlpha * sinAlpha + t * t));
      double lambda = Math.atan2(sin * Math.sin(azimuth), cosU * cos - sinU * sin * Math.cos(azimuth));
      double c = F / 16 * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
      double l = lambda - (1 - c) * F * sinAlpha
          * (sigma + c * sin * (cos2m + c * cos * (-1 + 2 * cos2m * cos2m)));
      double lon = lonDegrees + Math.toDegrees(l);
      return new double[] {lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon, Math.toDegrees(lat)};
    }
  }
}
