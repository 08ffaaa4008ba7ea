package io.citywide.bench;

import io.citywide.grid.GridBox;
import io.citywide.map.internal.tile.TileWriter;
import io.citywide.map.spi.TileFrame;
import io.github.sebasbaumh.mapbox.vectortile.VectorTile;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.JtsAdapter;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.MvtEncoder;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.model.JtsLayer;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.model.JtsMvt;
import io.github.sebasbaumh.mapbox.vectortile.build.MvtLayerParams;
import io.github.sebasbaumh.mapbox.vectortile.build.MvtLayerProps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writing a tile of zoom 14, from positions in degrees to bytes: {@link TileWriter} beside mapbox-vector-tile-java, which one
 * would take from the shelf. Once 20,000 points with kind and grade, once 2,000 buildings with a height, a third of them across
 * the edge of the tile.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class TileBenchmark {

  static final int POINTS = 20_000;
  static final int BUILDINGS = 2_000;

  private static final GeometryFactory SHAPES = new GeometryFactory();
  private static final double RADIUS = 6_378_137;

  final TileFrame frame = new TileFrame(14, 13722, 6688, Set.of(), null);
  private final double[] lons = new double[POINTS];
  private final double[] lats = new double[POINTS];
  private final String[] kinds = new String[POINTS];
  private final int[] grades = new int[POINTS];
  private final List<Polygon> buildings = new ArrayList<>();

  public TileBenchmark() {
    SplittableRandom random = new SplittableRandom(13);
    GridBox box = frame.box();
    double width = box.east() - box.west();
    double height = box.north() - box.south();
    for (int i = 0; i < POINTS; i++) {
      lons[i] = box.west() + random.nextDouble() * width;
      lats[i] = box.south() + random.nextDouble() * height;
      kinds[i] = "gb47678.5-C%05d".formatted(random.nextInt(120));
      grades[i] = random.nextInt(20) == 0 ? 2 : 0;
    }
    for (int i = 0; i < BUILDINGS; i++) {
      boolean edge = i % 3 == 0;
      double x = edge ? box.east() : box.west() + random.nextDouble() * width;
      double y = box.south() + random.nextDouble() * height;
      Coordinate[] ring = new Coordinate[13];
      for (int k = 0; k < 12; k++) {
        double r = (0.6 + 0.4 * random.nextDouble()) * width / 100;
        ring[k] = new Coordinate(x + r * Math.cos(Math.PI * k / 6), y + r * Math.sin(Math.PI * k / 6));
      }
      ring[12] = ring[0];
      buildings.add(SHAPES.createPolygon(ring));
    }
  }

  @Benchmark
  public byte[] points() {
    TileWriter tile = new TileWriter(frame).layer("components");
    for (int i = 0; i < POINTS; i++) {
      tile.point(i, lons[i], lats[i]).tag("kind", kinds[i]).tag("grade", grades[i]);
    }
    return tile.bytes();
  }

  @Benchmark
  public byte[] pointsOfLibrary() {
    List<Geometry> points = new ArrayList<>(POINTS);
    for (int i = 0; i < POINTS; i++) {
      Geometry point = SHAPES.createPoint(new Coordinate(x(lons[i]), y(lats[i])));
      Map<String, Object> tags = new HashMap<>(8);
      tags.put("kind", kinds[i]);
      tags.put("grade", (long) grades[i]);
      tags.put("id", (long) i);
      point.setUserData(tags);
      points.add(point);
    }
    return encoded("components", points);
  }

  @Benchmark
  public byte[] buildings() {
    TileWriter tile = new TileWriter(frame).layer("building");
    for (int i = 0; i < BUILDINGS; i++) {
      tile.geometry(i, buildings.get(i)).tag("height", 3 + i % 90);
    }
    return tile.bytes();
  }

  @Benchmark
  public byte[] buildingsOfLibrary() {
    List<Geometry> shapes = new ArrayList<>(BUILDINGS);
    for (int i = 0; i < BUILDINGS; i++) {
      Geometry shape = buildings.get(i).copy();
      shape.apply((Coordinate c) -> {
        double x = x(c.x);
        c.y = y(c.y);
        c.x = x;
      });
      shape.geometryChanged();
      Map<String, Object> tags = new HashMap<>(8);
      tags.put("height", (long) (3 + i % 90));
      tags.put("id", (long) i);
      shape.setUserData(tags);
      shapes.add(shape);
    }
    return encoded("building", shapes);
  }

  private byte[] encoded(String layer, List<Geometry> shapes) {
    GridBox box = frame.box();
    Envelope tile = new Envelope(x(box.west()), x(box.east()), y(box.south()), y(box.north()));
    Envelope clip = new Envelope(tile);
    clip.expandBy(tile.getWidth() / 64);
    MvtLayerParams params = new MvtLayerParams(4096);
    List<Geometry> inTile = new ArrayList<>();
    for (Geometry shape : shapes) {
      Geometry clipped = JtsAdapter.createTileGeom(shape, tile, clip, SHAPES, params, g -> true);
      if (!clipped.isEmpty()) {
        clipped.setUserData(shape.getUserData());
        inTile.add(clipped);
      }
    }
    return MvtEncoder.encode(new JtsMvt(new JtsLayer(layer, inTile)), params, TileBenchmark::addTags);
  }

  /** The converter that comes with the library would keep the id as a tag, too. */
  private static void addTags(Object tags, MvtLayerProps props, VectorTile.Tile.Feature.Builder feature) {
    ((Map<?, ?>) tags).forEach((name, value) -> {
      if (name.equals("id")) {
        feature.setId((Long) value);
      } else {
        feature.addTags(props.addKey((String) name)).addTags(props.addValue(value));
      }
    });
  }

  private static double x(double lon) {
    return Math.toRadians(lon) * RADIUS;
  }

  private static double y(double lat) {
    return Math.log(Math.tan(Math.PI / 4 + Math.toRadians(lat) / 2)) * RADIUS;
  }
}
