package io.citywide.bench;

import io.citywide.demo.CityPlan;
import io.citywide.grid.GridKeys;
import io.citywide.place.internal.Locator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.index.strtree.STRtree;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a point to its unit grid, in the generated city: the locator of the module place (encoding the point's key
 * included) beside what one would take from the shelf, a JTS STRtree of the boxes with an indexed exact test of each
 * polygon.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class LocateBenchmark {
  static final int POINTS = 4096;

  final double[] lons = new double[POINTS];
  final double[] lats = new double[POINTS];
  final List<Locator.Shape> grids;
  final Locator locator;
  final long buildMillis;
  private final STRtree tree = new STRtree();

  private record Entry(String code, IndexedPointInAreaLocator exact) {}

  public LocateBenchmark() {
    List<Locator.Shape> shapes = new ArrayList<>();
    Envelope city = new Envelope();
    List<String> levels = List.of("CITY", "DISTRICT", "STREET", "COMMUNITY", "UNIT_GRID");
    for (var area : CityPlan.generate(1).areas()) {
      shapes.add(new Locator.Shape(area.code(), levels.indexOf(area.level()), area.boundary()));
      city.expandToInclude(area.boundary().getEnvelopeInternal());
    }
    grids = shapes.stream().filter(s -> s.depth() == 4).toList();
    long start = System.nanoTime();
    locator = Locator.of(shapes);
    buildMillis = (System.nanoTime() - start) / 1_000_000;
    for (Locator.Shape grid : grids) {
      tree.insert(grid.boundary().getEnvelopeInternal(), new Entry(grid.code(), new IndexedPointInAreaLocator(grid.boundary())));
    }
    tree.build();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < POINTS; i++) {
      lons[i] = Math.round(random.nextDouble(city.getMinX(), city.getMaxX()) * 1e7) / 1e7;
      lats[i] = Math.round(random.nextDouble(city.getMinY(), city.getMaxY()) * 1e7) / 1e7;
    }
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public int locate() {
    int found = 0;
    for (int i = 0; i < POINTS; i++) {
      if (locator.locate(lons[i], lats[i], GridKeys.encode(lons[i], lats[i], 9)) != null) found++;
    }
    return found;
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public int strTree() {
    int found = 0;
    for (int i = 0; i < POINTS; i++) {
      if (strTree(lons[i], lats[i]) != null) found++;
    }
    return found;
  }

  String strTree(double lon, double lat) {
    Coordinate at = new Coordinate(lon, lat);
    for (Object candidate : tree.query(new Envelope(at))) {
      Entry entry = (Entry) candidate;
      if (entry.exact.locate(at) != Location.EXTERIOR) return entry.code;
    }
    return null;
  }

  /** Metres from a unit grid's boundary, at most a fifth too many, as degrees of longitude are shorter than of latitude. */
  static double metersFromEdge(Locator.Shape grid, double lon, double lat) {
    return grid.boundary().getBoundary().distance(new GeometryFactory().createPoint(new Coordinate(lon, lat))) * 111_320;
  }
}
