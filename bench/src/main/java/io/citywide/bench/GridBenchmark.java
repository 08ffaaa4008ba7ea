package io.citywide.bench;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2CellUnion;
import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2Loop;
import com.google.common.geometry.S2Point;
import com.google.common.geometry.S2Polygon;
import com.google.common.geometry.S2RegionCoverer;
import com.uber.h3core.H3Core;
import com.uber.h3core.PolygonToCellsFlags;
import com.uber.h3core.util.LatLng;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The same work with BeiDou codes, H3 and S2 at cells of about the same size near 32°N: points at BeiDou level 7
 * (6.5 m × 7.7 m, 50 m²), H3 resolution 13 (44 m² on average) and S2 level 20 (77 m² on average), their parents at
 * BeiDou 5 (13,000 m²), H3 10 (15,000 m²), S2 16 (20,000 m²); coverings at BeiDou 6 (3,200 m²), H3 11 (2,150 m²),
 * S2 17 (4,950 m²), each a superset of the polygon, BeiDou and S2 of at most 256 ranges or cells, H3 compacted.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@State(Scope.Benchmark)
public class GridBenchmark {
  static final int POINTS = 1024;
  static final int GRID_LEVEL = 7;
  static final int H3_LEVEL = 13;
  static final int S2_LEVEL = 20;
  static final int GRID_PARENT = 5;
  static final int H3_PARENT = 10;
  static final int S2_PARENT = 16;
  static final int MOST = 256;

  final double[] lons = new double[POINTS];
  final double[] lats = new double[POINTS];
  final long[] gridKeys = new long[POINTS];
  final long[] h3Cells = new long[POINTS];
  final long[] s2Cells = new long[POINTS];
  final H3Core h3;
  /** A community of about 1 km with 48 corners. */
  final double[] ring;
  private final List<LatLng> h3Ring;
  private final S2Polygon s2Polygon;

  public GridBenchmark() {
    SplittableRandom random = new SplittableRandom(39409);
    try {
      h3 = H3Core.newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 0; i < POINTS; i++) {
      // Seven decimals, as positioning devices write them.
      lons[i] = Math.round(random.nextDouble(118.4, 119.2) * 1e7) / 1e7;
      lats[i] = Math.round(random.nextDouble(31.3, 32.6) * 1e7) / 1e7;
      gridKeys[i] = GridKeys.encode(lons[i], lats[i], GRID_LEVEL);
      h3Cells[i] = h3.latLngToCell(lats[i], lons[i], H3_LEVEL);
      s2Cells[i] = S2CellId.fromLatLng(S2LatLng.fromDegrees(lats[i], lons[i])).parent(S2_LEVEL).id();
    }
    ring = new double[96];
    h3Ring = new ArrayList<>();
    List<S2Point> vertices = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      double angle = 2 * Math.PI * i / 48;
      double radius = random.nextDouble(0.0035, 0.0055);
      ring[2 * i] = 118.796877 + radius * Math.cos(angle) / Math.cos(Math.toRadians(32));
      ring[2 * i + 1] = 32.060255 + radius * Math.sin(angle);
      h3Ring.add(new LatLng(ring[2 * i + 1], ring[2 * i]));
      vertices.add(S2LatLng.fromDegrees(ring[2 * i + 1], ring[2 * i]).toPoint());
    }
    s2Polygon = new S2Polygon(new S2Loop(vertices));
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void encodeGrid(Blackhole hole) {
    for (int i = 0; i < POINTS; i++) hole.consume(GridKeys.encode(lons[i], lats[i], GRID_LEVEL));
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void encodeH3(Blackhole hole) {
    for (int i = 0; i < POINTS; i++) hole.consume(h3.latLngToCell(lats[i], lons[i], H3_LEVEL));
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void encodeS2(Blackhole hole) {
    for (int i = 0; i < POINTS; i++) {
      hole.consume(S2CellId.fromLatLng(S2LatLng.fromDegrees(lats[i], lons[i])).parent(S2_LEVEL).id());
    }
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void decodeGrid(Blackhole hole) {
    for (long key : gridKeys) {
      hole.consume(GridKeys.centerLon(key));
      hole.consume(GridKeys.centerLat(key));
    }
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void decodeH3(Blackhole hole) {
    for (long cell : h3Cells) {
      LatLng centre = h3.cellToLatLng(cell);
      hole.consume(centre.lng);
      hole.consume(centre.lat);
    }
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void decodeS2(Blackhole hole) {
    for (long cell : s2Cells) {
      S2LatLng centre = new S2CellId(cell).toLatLng();
      hole.consume(centre.lngDegrees());
      hole.consume(centre.latDegrees());
    }
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void parentGrid(Blackhole hole) {
    for (long key : gridKeys) hole.consume(GridKeys.parent(key, GRID_PARENT));
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void parentH3(Blackhole hole) {
    for (long cell : h3Cells) hole.consume(h3.cellToParent(cell, H3_PARENT));
  }

  @Benchmark
  @OperationsPerInvocation(POINTS)
  public void parentS2(Blackhole hole) {
    for (long cell : s2Cells) hole.consume(new S2CellId(cell).parent(S2_PARENT).id());
  }

  @Benchmark
  public GridCovering coverGrid() {
    return GridCovering.ofPolygon(new double[][] {ring}, 6, MOST);
  }

  @Benchmark
  public List<Long> coverH3() {
    return h3.compactCells(
        h3.polygonToCellsExperimental(h3Ring, List.of(), 11, PolygonToCellsFlags.containment_overlapping));
  }

  @Benchmark
  public S2CellUnion coverS2() {
    return S2RegionCoverer.builder().setMaxLevel(17).setMaxCells(MOST).build().getCovering(s2Polygon);
  }
}
