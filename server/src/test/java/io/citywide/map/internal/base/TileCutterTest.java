package io.citywide.map.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.map.DecodedTile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/** What tiles hold of a geometry, read back by a decoder made by others. */
class TileCutterTest {

  private record At(int x, int y) {}

  private static Geometry wkt(String text) throws ParseException {
    return new WKTReader().read(text);
  }

  private static Map<At, TileShape> cut(Geometry degrees, int zoom) {
    Map<At, TileShape> tiles = new HashMap<>();
    TileCutter.cut(TileCutter.project(degrees), zoom, (x, y, shape) -> assertThat(tiles.put(new At(x, y), shape)).as("one shape a tile").isNull());
    return tiles;
  }

  private static Geometry decoded(TileShape shape, int zoom) {
    byte[] body = TileLayer.write("l", TileCutter.extent(zoom), List.of(new TileLayer.Drawn(7, shape, Map.of("name", "a"))));
    List<DecodedTile.Feature> read = DecodedTile.of(body).features("l");
    assertThat(read).as(() -> shape.parts().stream().map(java.util.Arrays::toString).toList().toString()).hasSize(1);
    return read.getFirst().geometry();
  }

  @Test
  void aPointIsInTheTileThatTheMercatorSchemeSays() throws ParseException {
    // The Bund: tile 14/13722/6689 by the formula of the OpenStreetMap wiki (slippy map tilenames).
    Map<At, TileShape> tiles = cut(wkt("POINT (121.4905 31.2397)"), 14);
    int n = 1 << 14;
    double x = (121.4905 + 180) / 360 * n;
    double y = (1 - Math.log(Math.tan(Math.toRadians(31.2397)) + 1 / Math.cos(Math.toRadians(31.2397))) / Math.PI) / 2 * n;
    assertThat(tiles.keySet()).containsExactly(new At((int) x, (int) y));
    assertThat(decoded(tiles.values().iterator().next(), 14).getCoordinate().x).isEqualTo(Math.rint((x - (int) x) * 8192));
  }

  /** The law of cutting: put together again, the tiles give the polygon, holes and all. */
  @Test
  void thePiecesOfAPolygonMakeItWholeAgain() {
    Random random = new Random(3);
    GeometryFactory factory = new GeometryFactory();
    for (int round = 0; round < 60; round++) {
      double radius = 0.002 + random.nextDouble() * 0.06;
      Geometry star = star(factory, random, 121.4, 31.2, radius).difference(star(factory, random, 121.4, 31.2, radius / 2.5)).buffer(0);
      int zoom = 11 + random.nextInt(4);
      Geometry whole = AffineTransformation.scaleInstance(1 << zoom, 1 << zoom).transform(TileCutter.project(star));
      List<Geometry> pieces = new ArrayList<>();
      cut(star, zoom).forEach((at, shape) -> {
        Geometry piece = decoded(shape, zoom);
        double unit = 1.0 / TileCutter.extent(zoom);
        piece = AffineTransformation.scaleInstance(unit, unit).translate(at.x, at.y).transform(piece).buffer(0);
        assertThat(piece.getEnvelopeInternal().getMinX()).isGreaterThanOrEqualTo(at.x - 1 / 64.0 - unit);
        assertThat(piece.getEnvelopeInternal().getMaxY()).isLessThanOrEqualTo(at.y + 1 + 1 / 64.0 + unit);
        pieces.add(piece);
      });
      double difference = UnaryUnionOp.union(pieces).symDifference(whole).getArea();
      // Half a pixel of 512 along the outline, on both sides.
      assertThat(difference).as("round %d zoom %d of %d tiles", round, zoom, pieces.size()).isLessThan(whole.getLength() / 512 + 1e-6);
    }
  }

  private static Geometry star(GeometryFactory factory, Random random, double lon, double lat, double radius) {
    Coordinate[] ring = new Coordinate[40];
    for (int i = 0; i < 39; i++) {
      double r = radius * (0.5 + random.nextDouble() / 2);
      ring[i] = new Coordinate(lon + r * Math.cos(i * 2 * Math.PI / 39), lat + r * Math.sin(i * 2 * Math.PI / 39));
    }
    ring[39] = ring[0];
    return factory.createPolygon(ring);
  }

  @Test
  void aLineRunsThroughEveryTileItCrossesAndOverTheirEdges() throws ParseException {
    Map<At, TileShape> tiles = cut(wkt("LINESTRING (121.40 31.20, 121.52 31.20)"), 14);
    assertThat(tiles).hasSizeBetween(5, 7);
    List<Geometry> lines = tiles.values().stream().map(s -> decoded(s, 14)).toList();
    long through = lines.stream().filter(l -> l.getEnvelopeInternal().getMinX() == -128 && l.getEnvelopeInternal().getMaxX() == 8192 + 128).count();
    assertThat(through).isGreaterThanOrEqualTo(tiles.size() - 3);
  }

  @Test
  void aLineThatLeavesATileAndComesBackHasTwoParts() throws ParseException {
    double edge = 13722 / 16384.0 * 360 - 180;
    Map<At, TileShape> tiles = cut(wkt("LINESTRING (" + (edge - 0.005) + " 31.2450, " + (edge + 0.005) + " 31.2450, " + (edge + 0.005) + " 31.2460, " + (edge - 0.005) + " 31.2460)"), 14);
    assertThat(tiles.entrySet().stream().filter(e -> e.getKey().x == 13721).findFirst().orElseThrow().getValue().parts()).hasSize(2);
    assertThat(tiles.entrySet().stream().filter(e -> e.getKey().x == 13722).findFirst().orElseThrow().getValue().parts()).hasSize(1);
  }

  @Test
  void whatIsTooSmallToBeSeenIsLeftOut() throws ParseException {
    Geometry house = wkt("POLYGON ((121.4 31.2, 121.4002 31.2, 121.4002 31.2002, 121.4 31.2002, 121.4 31.2))");
    assertThat(cut(house, 10)).isEmpty();
    assertThat(cut(house, 14)).hasSize(1);
    assertThat(cut(wkt("LINESTRING (121.4 31.2, 121.4 31.2)"), 14)).isEmpty();
  }

  @Test
  void whereATileIsFullTheLeastAndSmallestAreLeftOut() {
    List<TilePieces.Piece> pieces = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      int x = i % 200 * 20;
      int y = i / 200 * 20;
      pieces.add(new TilePieces.Piece(13, 0, 0, 0, i, new TileLayer.Drawn(i + 1, new TileShape(TileShape.Type.POLYGON,
          List.of(new int[] {x, y, x + 10, y, x + 10, y + 10, x, y + 10})), Map.of("height", (long) i))));
    }
    byte[] body = TileAssembly.write("building", 13, pieces);
    assertThat(body.length).isLessThanOrEqualTo(DrawnAs.budget("building")).isGreaterThan(DrawnAs.budget("building") * 3 / 4);
    List<DecodedTile.Feature> kept = DecodedTile.of(body).features("building");
    assertThat(kept.stream().mapToLong(DecodedTile.Feature::id).min().orElseThrow()).as("the largest stay").isEqualTo(40_000L - kept.size() + 1);
  }

  @Test
  void aTileOfAllLayersStaysBelowHalfAMegabyte() {
    assertThat(List.of("green", "water", "rail", "road", "building", "place").stream().mapToInt(DrawnAs::budget).sum()).isLessThan(500_000);
  }

  @Test
  void piecesOfARoadAreJoinedSoThatItsNameFits() {
    List<TilePieces.Piece> pieces = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pieces.add(new TilePieces.Piece(14, 0, 0, 5, 10, new TileLayer.Drawn(i + 1, new TileShape(TileShape.Type.LINE, List.of(new int[] {i * 10, 5, i * 10 + 10, 5})),
          Map.of("class", "primary", "name", i < 9 ? "听雨路" : "观澜路"))));
    }
    List<DecodedTile.Feature> roads = DecodedTile.of(TileAssembly.write("road", 14, pieces)).features("road");
    assertThat(roads).hasSize(2);
    assertThat(roads.stream().filter(r -> r.tags().get("name").equals("听雨路")).findFirst().orElseThrow().geometry().getLength()).isEqualTo(90);
  }
}
