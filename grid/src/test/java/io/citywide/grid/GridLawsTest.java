package io.citywide.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Laws that hold for every point and cell, tried on seeded random ones with a liking for edges. */
class GridLawsTest {
  private static final int TRIES = 20_000;
  private final SplittableRandom random = new SplittableRandom(39409);

  @Test
  void aDoubleIsEncodedAsTheDecimalItIsPrintedAs() {
    for (int i = 0; i < 200_000; i++) {
      double lon = lon();
      double lat = lat();
      int level = random.nextInt(1, 11);
      GridCode exact = GridCode.of(new BigDecimal(Double.toString(lon)), new BigDecimal(Double.toString(lat)), level);
      assertThat(GridCode.of(lon, lat, level)).isEqualTo(exact);
    }
  }

  @Test
  void aPointLiesInTheCellOfItsCode() {
    for (int i = 0; i < TRIES; i++) {
      double lon = lon();
      double lat = lat();
      GridCode code = GridCode.of(lon, lat, random.nextInt(1, 11));
      GridBox box = GridCode.parse(code.code().toLowerCase(java.util.Locale.ROOT)).bounds();
      assertThat(box.contains(lon, lat)).as("%s %s in %s %s", lon, lat, code, box).isTrue();
      assertThat(GridCode.of(code.centerLon(), code.centerLat(), code.level())).isEqualTo(code);
    }
  }

  @Test
  void aParentIsAPrefixAndItsRangeHoldsTheChild() {
    for (int i = 0; i < TRIES; i++) {
      GridCell cell = cell();
      for (int level = 1; level < cell.level(); level++) {
        GridCell parent = cell.parent(level);
        assertThat(cell.code()).startsWith(parent.code());
        assertThat(parent.level()).isEqualTo(level);
        assertThat(parent.contains(cell)).isTrue();
        assertThat(cell.contains(parent)).isFalse();
        assertThat(parent.range().contains(cell.low())).isTrue();
        assertThat(parent.range().contains(cell.high())).isTrue();
        assertThat(parent.key()).isLessThan(cell.key());
      }
    }
  }

  @Test
  void aCellContainsAnotherExactlyWhenItsCodeIsAPrefix() {
    for (int i = 0; i < TRIES; i++) {
      GridCell a = GridCell.of(random.nextDouble(-1, 1), random.nextDouble(-1, 1), random.nextInt(1, 6));
      GridCell b = GridCell.of(random.nextDouble(-1, 1), random.nextDouble(-1, 1), random.nextInt(1, 6));
      assertThat(a.contains(b)).isEqualTo(b.code().startsWith(a.code()));
    }
  }

  @Test
  void keysSortAsCodesSort() {
    List<GridCell> cells = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) cells.add(cell());
    cells.sort(Comparator.naturalOrder());
    assertThat(cells).isSortedAccordingTo(Comparator.comparing(GridCell::code));

    List<GridCode> codes = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) codes.add(GridCode.of(lon(), lat(), random.nextInt(1, 11)));
    codes.sort(Comparator.naturalOrder());
    assertThat(codes).isSortedAccordingTo(Comparator.comparing(GridCode::code));
  }

  @Test
  void theNeighbourOfANeighbourIsTheCellItself() {
    for (int i = 0; i < TRIES; i++) {
      GridCell cell = cell();
      int dLon = random.nextInt(-300, 301);
      int dLat = random.nextInt(-300, 301);
      cell.neighbour(dLon, dLat)
          .ifPresent(n -> assertThat(n.neighbour(-dLon, -dLat)).as("%s by %s %s", cell, dLon, dLat).contains(cell));
      cell.neighbour(1, 0).ifPresent(n -> {
        double gap = n.bounds().west() - cell.bounds().east();
        assertThat(gap == 0 || gap == -360).as("%s is east of %s", n, cell).isTrue();
        assertThat(n.bounds().south()).isEqualTo(cell.bounds().south());
      });
      cell.neighbour(0, 1)
          .ifPresent(n -> assertThat(n.bounds().south()).isEqualTo(cell.bounds().north()));
    }
  }

  @Test
  void neighboursCrossEverySeam() {
    assertThat(GridCell.parse("N31A").neighbours()).extracting(GridCell::code).containsExactly(
        "S30A", "S31A", "S32A", "N30A", "N32A", "N30B", "N31B", "N32B");
    assertThat(GridCell.of(179.99, 10, 1).neighbour(1, 0)).contains(GridCell.of(-179.99, 10, 1));
    assertThat(GridCell.of(0.001, -0.001, 9).neighbour(0, 0)).contains(GridCell.of(0.001, -0.001, 9));
    assertThat(GridCell.of(10, 87.9999, 5).neighbour(0, 1)).isEmpty();
    assertThat(GridCell.of(10, -87.9999, 5).neighbour(0, -1)).isEmpty();
    assertThat(GridCell.of(10, -87.9999, 5).neighbours()).hasSize(5);
    assertThat(GridCell.of(10, 10, 1).neighbour(60, 0)).contains(GridCell.of(10, 10, 1));
    assertThat(GridCell.of(10, 10, 9).neighbour(Integer.MIN_VALUE, 0)).isPresent();
    assertThat(GridCell.of(10, 10, 9).neighbour(0, Integer.MAX_VALUE)).isEqualTo(Optional.empty());
  }

  @Test
  void childrenTileTheirParent() {
    for (int i = 0; i < 200; i++) {
      GridCell cell = GridCell.of(lon(), lat(), random.nextInt(1, 9));
      GridBox box = cell.bounds();
      double area = 0;
      for (GridCell child : cell.children()) {
        GridBox b = child.bounds();
        assertThat(b.west()).isGreaterThanOrEqualTo(box.west());
        assertThat(b.north()).isLessThanOrEqualTo(box.north());
        area += (b.east() - b.west()) * (b.north() - b.south());
      }
      assertThat(area).isCloseTo((box.east() - box.west()) * (box.north() - box.south()),
          org.assertj.core.api.Assertions.withinPercentage(1e-3));
    }
  }

  @Test
  void ranksFollowTheOrderOfLevel9CellsWithoutHoles() {
    for (int i = 0; i < 200; i++) {
      List<GridCell> cells = GridCell.of(lon(), lat(), 8).children();
      for (int k = 1; k < cells.size(); k++) {
        assertThat(rank(cells.get(k))).isEqualTo(rank(cells.get(k - 1)) + 1);
      }
      GridCell coarse = GridCell.of(lon(), lat(), random.nextInt(1, 8));
      List<GridCell> children = coarse.children();
      for (int k = 1; k < children.size(); k++) {
        assertThat(rank(children.get(k)) - rank(children.get(k - 1)))
            .isEqualTo(Layout.FINE_CELLS[children.get(k).level()]);
      }
    }
  }

  private static long rank(GridCell cell) {
    return Layout.rank(GridKeys.bits(cell.key()));
  }

  private GridCell cell() {
    return GridCell.of(lon(), lat(), random.nextInt(1, 10));
  }

  private double lon() {
    return Math.clamp(edgy(random.nextDouble(-180, 180)), -180, 180);
  }

  private double lat() {
    return Math.clamp(edgy(random.nextDouble(-88, 88)), -87.99999999, 87.99999999);
  }

  /** Leaves a value, rounds it to some decimals, puts it on a cell boundary, or a few ulps beside one. */
  private double edgy(double v) {
    return switch (random.nextInt(6)) {
      case 0 -> Math.round(v * 10) / 10.0;
      case 1 -> Math.round(v * 1e7) / 1e7;
      case 2 -> Math.rint(v * Layout.UNITS_PER_DEGREE) / Layout.UNITS_PER_DEGREE;
      case 3 -> {
        double edge = Math.rint(v * 7200) / 7200;
        for (int i = random.nextInt(4); i > 0; i--) edge = random.nextBoolean() ? Math.nextUp(edge) : Math.nextDown(edge);
        yield edge;
      }
      case 4 -> random.nextInt(50) == 0 ? random.nextDouble(-1e-6, 1e-6) : Math.rint(v);
      default -> v;
    };
  }
}
