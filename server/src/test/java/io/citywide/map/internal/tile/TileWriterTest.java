package io.citywide.map.internal.tile;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.grid.GridBox;
import io.citywide.map.DecodedTile;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class TileWriterTest {

  private static final GeometryFactory SHAPES = new GeometryFactory();

  /** Tile 14/13722/6688 lies on the river of Shanghai. */
  private static final TileFrame FRAME = frame(14, 13722, 6688);

  @Test
  void aPointIsWhereItStandsWithIdAndTags() {
    GridBox box = FRAME.box();
    TileWriter tile = new TileWriter(FRAME).layer("components");
    tile.point(42, (box.west() + box.east()) / 2, lat(0.25)).tag("kind", "gb47678.5-C01001").tag("grade", 3).tag("depth", -7);
    DecodedTile read = DecodedTile.of(tile.bytes());
    assertThat(read.layers()).containsExactly("components");
    assertThat(read.extent("components")).isEqualTo(4096);
    DecodedTile.Feature point = read.features("components").getFirst();
    assertThat(point.id()).isEqualTo(42);
    assertThat(point.tags()).containsEntry("kind", "gb47678.5-C01001").containsEntry("grade", 3L).containsEntry("depth", -7L);
    assertThat(point.geometry().getCoordinate().x).isEqualTo(2048);
    assertThat(point.geometry().getCoordinate().y).isEqualTo(1024);
  }

  @Test
  void everyPointIsInExactlyOneTileOfAZoom() {
    Random random = new Random(4);
    List<TileFrame> tiles = new ArrayList<>();
    for (int x = 13720; x < 13724; x++) {
      for (int y = 6686; y < 6690; y++) {
        tiles.add(frame(14, x, y));
      }
    }
    GridBox first = tiles.getFirst().box();
    GridBox last = tiles.getLast().box();
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      points.add(new double[] {first.west() + random.nextDouble() * (last.east() - first.west()), last.south() + random.nextDouble() * (first.north() - last.south())});
    }
    // The corners of the tiles are where one might be lost or doubled.
    tiles.stream().map(TileFrame::box).filter(b -> b.south() > last.south() && b.east() < last.east()).forEach(b -> points.add(new double[] {b.east(), b.south()}));
    List<Long> seen = new ArrayList<>();
    for (TileFrame frame : tiles) {
      TileWriter tile = new TileWriter(frame).layer("p");
      for (int i = 0; i < points.size(); i++) {
        tile.point(i, points.get(i)[0], points.get(i)[1]);
      }
      DecodedTile.of(tile.bytes()).features("p").forEach(f -> {
        seen.add(f.id());
        assertThat(f.geometry().getCoordinate().x).isBetween(0.0, 4095.0);
        assertThat(f.geometry().getCoordinate().y).isBetween(0.0, 4095.0);
      });
    }
    assertThat(seen).hasSize(points.size()).doesNotHaveDuplicates();
  }

  @Test
  void theWholeWorldIsOneTileOfZoomZero() {
    TileWriter tile = new TileWriter(frame(0, 0, 0)).layer("p");
    tile.point(1, -180, 89).point(2, 180, -89).point(3, 0, 0);
    assertThat(DecodedTile.of(tile.bytes()).features("p")).hasSize(3);
  }

  @Test
  void nothingDrawnIsNoBytes() {
    TileWriter tile = new TileWriter(FRAME).layer("components");
    tile.point(1, 0, 0).tag("kind", "x");
    tile.geometry(2, wkt("LINESTRING (0 0, 1 1)")).tag("name", "far");
    tile.geometry(3, wkt("POLYGON EMPTY"));
    assertThat(tile.size()).isZero();
    assertThat(tile.bytes()).isEmpty();
  }

  @Test
  void layersFollowOneAnotherAndEmptyOnesAreLeftOut() {
    TileWriter tile = new TileWriter(FRAME).layer("water");
    tile.geometry(1, box(0.1, 0.1, 0.2, 0.2)).tag("name", "湖");
    tile.layer("green");
    tile.layer("road").geometry(2, line(0.1, 0.1, 0.9, 0.9)).tag("name", "湖");
    DecodedTile read = DecodedTile.of(tile.bytes());
    assertThat(read.layers()).containsExactly("water", "road");
    assertThat(read.features("road").getFirst().tags()).containsEntry("name", "湖");
  }

  @Test
  void valuesAreWrittenOnce() {
    TileWriter one = new TileWriter(FRAME).layer("p");
    one.point(1, lon(0.5), lat(0.5)).tag("kind", "a long name of a kind of component").tag("grade", 2);
    int before = one.size();
    one.point(2, lon(0.5), lat(0.5)).tag("kind", "a long name of a kind of component").tag("grade", 2);
    assertThat(one.size() - before).isLessThan(22);
  }

  @Test
  void theSizeIsKnownWhileDrawing() {
    TileWriter tile = new TileWriter(FRAME).layer("p");
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      tile.point(i, lon(random.nextDouble()), lat(random.nextDouble())).tag("kind", "k" + i % 40).tag("ident", "i" + i);
      if (i % 100 == 0) {
        tile.tag("n", i);
      }
    }
    tile.geometry(1, box(0.1, 0.1, 0.2, 0.2)).tag("name", "b");
    int size = tile.size();
    assertThat(tile.bytes()).hasSize(size);
  }

  @Test
  void whatDoesNotFitIsTakenBackAndDrawnAsCells() {
    TileWriter tile = new TileWriter(FRAME).layer("p");
    int drawn = 0;
    while (tile.fits()) {
      tile.point(drawn, lon(0.5), lat(0.5)).tag("ident", "310101010100" + drawn++);
    }
    assertThat(tile.size()).isBetween(TilePen.MOST_BYTES, TilePen.MOST_BYTES + 100);
    tile.clear();
    tile.cell(new GridBox(lon(0.5), lat(0.6), lon(0.6), lat(0.5)), drawn, "k", 1);
    DecodedTile read = DecodedTile.of(tile.bytes());
    assertThat(read.features("p")).hasSize(1);
    assertThat(read.features("p").getFirst().tags()).containsOnlyKeys("count", "dominant", "worst");
    assertThat(read.features("p").getFirst().count()).isEqualTo(drawn);
  }

  @Test
  void aCellAcrossAnEdgeIsWholeInBothTilesWithTheSameId() {
    TileFrame east = frame(14, 13723, 6688);
    double edge = FRAME.box().east();
    GridBox cell = new GridBox(edge - 0.002, lat(0.6), edge + 0.001, lat(0.5));
    List<DecodedTile.Feature> both = new ArrayList<>();
    for (TileFrame frame : List.of(FRAME, east)) {
      TileWriter tile = new TileWriter(frame).layer("c");
      tile.cell(cell, 12, "k", 0);
      both.addAll(DecodedTile.of(tile.bytes()).features("c"));
    }
    assertThat(both).hasSize(2);
    assertThat(both.get(0).id()).isEqualTo(both.get(1).id()).isLessThan(1L << 53);
    assertThat(both.get(0).geometry().getEnvelopeInternal().getWidth()).isEqualTo(both.get(1).geometry().getEnvelopeInternal().getWidth());
  }

  @Test
  void aLineIsCutAtTheMarginAndGoesOnWhereItComesBack() {
    TileWriter tile = new TileWriter(FRAME).layer("l");
    tile.geometry(1, line(-1, 0.25, 2, 0.25, 2, 0.75, -1, 0.75));
    Geometry read = DecodedTile.of(tile.bytes()).features("l").getFirst().geometry();
    assertThat(read.getNumGeometries()).isEqualTo(2);
    assertThat(read.getEnvelopeInternal()).isEqualTo(new Envelope(-64, 4160, 1024, 3072));
  }

  @Test
  void aStraightLineOfAThousandPointsHasTwo() {
    Coordinate[] points = new Coordinate[1000];
    for (int i = 0; i < points.length; i++) {
      points[i] = new Coordinate(lon(0.1 + 0.8 * i / points.length), lat(0.5));
    }
    TileWriter tile = new TileWriter(FRAME).layer("l");
    tile.geometry(1, SHAPES.createLineString(points));
    assertThat(DecodedTile.of(tile.bytes()).features("l").getFirst().geometry().getNumPoints()).isEqualTo(2);
  }

  @Test
  void outlinesRunClockwiseOnTheScreenAndHolesTheOtherWayWhateverWayTheyCame() {
    Polygon holed = (Polygon) box(0.1, 0.1, 0.9, 0.9).difference(box(0.4, 0.4, 0.6, 0.6));
    for (Geometry given : List.of(holed, holed.reverse())) {
      TileWriter tile = new TileWriter(FRAME).layer("a");
      tile.geometry(1, given);
      Polygon read = (Polygon) DecodedTile.of(tile.bytes()).features("a").getFirst().geometry();
      assertThat(read.getNumInteriorRing()).isEqualTo(1);
      // Counter-clockwise with y to the north is clockwise on a screen.
      assertThat(Orientation.isCCW(read.getExteriorRing().getCoordinates())).isTrue();
      assertThat(Orientation.isCCW(read.getInteriorRingN(0).getCoordinates())).isFalse();
      assertThat(read.isValid()).isTrue();
    }
  }

  @Test
  void aPolygonAroundTheTileFillsItWithItsMargin() {
    TileWriter tile = new TileWriter(FRAME).layer("a");
    tile.geometry(1, box(-5, -5, 6, 6));
    Geometry read = DecodedTile.of(tile.bytes()).features("a").getFirst().geometry();
    assertThat(read.getArea()).isEqualTo(4224.0 * 4224.0);
  }

  @Test
  void aHoleAroundTheTileLeavesNothing() {
    TileWriter tile = new TileWriter(FRAME).layer("a");
    tile.geometry(1, box(-5, -5, 6, 6).difference(box(-4, -4, 5, 5)));
    assertThat(DecodedTile.of(tile.bytes()).features("a").stream().mapToDouble(f -> f.geometry().getArea()).sum()).isZero();
  }

  @Test
  void clippedPolygonsCoverWhatTheyCoveredBefore() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      Coordinate[] ring = new Coordinate[20];
      double cx = random.nextDouble() * 1.6 - 0.3;
      double cy = random.nextDouble() * 1.6 - 0.3;
      for (int i = 0; i < 19; i++) {
        double r = 0.1 + random.nextDouble() * 0.6;
        ring[i] = new Coordinate(lon(cx + r * Math.cos(i * 2 * Math.PI / 19)), lat(cy + r * Math.sin(i * 2 * Math.PI / 19)));
      }
      ring[19] = ring[0];
      Polygon star = SHAPES.createPolygon(ring);
      TileWriter tile = new TileWriter(FRAME).layer("a");
      tile.geometry(1, star);
      byte[] body = tile.bytes();
      Geometry tileSquare = SHAPES.toGeometry(new Envelope(0, 4096, 0, 4096));
      double expected = units(star).intersection(tileSquare).getArea();
      double actual = DecodedTile.of(body).features("a").stream().mapToDouble(f -> f.geometry().buffer(0).intersection(tileSquare).getArea()).sum();
      // A line is off by at most a unit of simplification and a half of rounding along its length.
      assertThat(actual).as("round %d", round).isCloseTo(expected, Offset.offset(1.5 * units(star).getLength() + 4));
    }
  }

  @Test
  void aTileOfTwentyThousandPointsFits() {
    TileWriter tile = new TileWriter(FRAME).layer("components");
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      tile.point(random.nextLong(15_000_000), lon(random.nextDouble()), lat(random.nextDouble())).tag("kind", "gb47678.5-C0" + i % 120).tag("state", "INTACT");
    }
    assertThat(tile.fits()).isTrue();
    assertThat(DecodedTile.of(tile.bytes()).features("components")).hasSize(20_000);
  }

  private static TileFrame frame(int zoom, int x, int y) {
    return new TileFrame(zoom, x, y, Set.of(), null);
  }

  /** Longitude of a share of the tile from the west. */
  private static double lon(double share) {
    return FRAME.box().west() + share * (FRAME.box().east() - FRAME.box().west());
  }

  /** Latitude of a share of the tile from the north. */
  private static double lat(double share) {
    return Math.toDegrees(Math.atan(Math.sinh(Math.PI * (1 - 2.0 * (FRAME.y() + share) / (1 << FRAME.zoom())))));
  }

  private static Geometry line(double... shares) {
    Coordinate[] points = new Coordinate[shares.length / 2];
    for (int i = 0; i < points.length; i++) {
      points[i] = new Coordinate(lon(shares[2 * i]), lat(shares[2 * i + 1]));
    }
    return SHAPES.createLineString(points);
  }

  private static Geometry box(double west, double north, double east, double south) {
    return SHAPES.toGeometry(new Envelope(lon(west), lon(east), lat(north), lat(south)));
  }

  /** A geometry in units of the tile. */
  private static Geometry units(Geometry degrees) {
    TileGrid grid = new TileGrid(FRAME);
    Geometry copy = degrees.copy();
    copy.apply((CoordinateFilter) c -> {
      double x = grid.x(c.x);
      c.y = grid.y(c.y);
      c.x = x;
    });
    copy.geometryChanged();
    return copy;
  }

  private static Geometry wkt(String text) {
    try {
      return new WKTReader().read(text);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
