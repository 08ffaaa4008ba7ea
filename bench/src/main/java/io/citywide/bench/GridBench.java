package io.citywide.bench;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2CellUnion;
import com.google.common.geometry.S2LatLng;
import com.uber.h3core.util.LatLng;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridCode;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridKeys;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code citywide bench grid}: {@link GridBenchmark}, and the line commands as whole processes on five million lines.
 * Checks every answer's sense before it measures, and writes {@code bench/results/grid.json}.
 */
public final class GridBench {
  private static final int LINES = 5_000_000;

  private GridBench() {}

  /** Runs for about three minutes. */
  public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    Map<String, Double> figures = new TreeMap<>();
    String checked = check(figures);
    System.out.println(checked);
    checked += "; " + lines(figures);
    for (RunResult run : new Runner(new OptionsBuilder().include("\\.GridBenchmark\\.").shouldFailOnError(true).build()).run()) {
      String name = run.getParams().getBenchmark();
      name = name.substring(name.lastIndexOf('.') + 1);
      String key = name.replaceAll("([a-z])(Grid|H3|S2)$", "$1_$2").toLowerCase(java.util.Locale.ROOT);
      double nanos = run.getPrimaryResult().getScore();
      double error = run.getPrimaryResult().getScoreError();
      boolean cover = key.startsWith("cover");
      figures.put(key + (cover ? "_us" : "_ns"), round(cover ? nanos / 1000 : nanos));
      figures.put(key + (cover ? "_error_us" : "_error_ns"), round(cover ? error / 1000 : error));
    }
    Path file = BenchResult.now("grid", "./citywide bench grid",
        "1024 points of 7 decimals and a polygon of 48 corners, about 1 km, near 32°N, seed 39409; grid level 7 beside "
            + "H3 resolution 13 and S2 level 20, parents at 5, 10 and 16, coverings at 6, 11 and 17; " + LINES
            + " lines through a whole process at level 10",
        checked, figures).write();
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    System.out.println("written to " + file);
  }

  private static double round(double value) {
    return new BigDecimal(value).round(new java.math.MathContext(4)).doubleValue();
  }

  /** Fails where an answer makes no sense. */
  private static String check(Map<String, Double> figures) {
    GridBenchmark bench = new GridBenchmark();
    for (int i = 0; i < GridBenchmark.POINTS; i++) {
      double lon = bench.lons[i];
      double lat = bench.lats[i];
      GridCell cell = new GridCell(bench.gridKeys[i]);
      GridCode exact = GridCode.of(new BigDecimal(Double.toString(lon)), new BigDecimal(Double.toString(lat)), GridBenchmark.GRID_LEVEL);
      expect(cell.code().equals(exact.code()) && cell.bounds().contains(lon, lat), "grid cell of", lon, lat);
      expect(near(GridKeys.centerLon(cell.key()), GridKeys.centerLat(cell.key()), lon, lat), "grid centre of", lon, lat);
      LatLng h3 = bench.h3.cellToLatLng(bench.h3Cells[i]);
      expect(near(h3.lng, h3.lat, lon, lat), "H3 centre of", lon, lat);
      S2LatLng s2 = new S2CellId(bench.s2Cells[i]).toLatLng();
      expect(near(s2.lngDegrees(), s2.latDegrees(), lon, lat), "S2 centre of", lon, lat);
      expect(GridKeys.parent(cell.key(), GridBenchmark.GRID_PARENT) == GridKeys.encode(lon, lat, GridBenchmark.GRID_PARENT),
          "grid parent of", lon, lat);
    }

    GridCovering grid = bench.coverGrid();
    List<Long> h3 = bench.coverH3();
    Set<Long> h3Set = new HashSet<>(h3);
    S2CellUnion s2 = bench.coverS2();
    SplittableRandom random = new SplittableRandom(7);
    int samples = 200_000;
    int inPolygon = 0;
    int[] covered = new int[3];
    double centreLon = 118.796877;
    double centreLat = 32.060255;
    for (int i = 0; i < samples; i++) {
      double lon = centreLon + random.nextDouble(-0.009, 0.009);
      double lat = centreLat + random.nextDouble(-0.008, 0.008);
      // S2's sides are great circles, ours and H3's straight in degrees: a point a hair inside both counts.
      boolean inside = inside(bench.ring, centreLon + (lon - centreLon) * 1.0001, centreLat + (lat - centreLat) * 1.0001);
      boolean[] in = {
        grid.contains(GridKeys.encode(lon, lat, 9)), inH3(bench, h3Set, lon, lat),
        s2.contains(S2CellId.fromLatLng(S2LatLng.fromDegrees(lat, lon)))
      };
      if (inside) inPolygon++;
      for (int k = 0; k < 3; k++) {
        expect(!inside || in[k], List.of("grid", "H3", "S2").get(k) + " covering at", lon, lat);
        if (in[k]) covered[k]++;
      }
    }
    figures.put("cover_grid_ranges", (double) grid.ranges().size());
    figures.put("cover_h3_cells", (double) h3.size());
    figures.put("cover_s2_cells", (double) s2.size());
    figures.put("cover_grid_area_ratio", round(covered[0] / (double) inPolygon));
    figures.put("cover_h3_area_ratio", round(covered[1] / (double) inPolygon));
    figures.put("cover_s2_area_ratio", round(covered[2] / (double) inPolygon));
    return GridBenchmark.POINTS + " points encoded, decoded and raised by each library; " + inPolygon
        + " points of the polygon found in each covering";
  }

  private static boolean inH3(GridBenchmark bench, Set<Long> compacted, double lon, double lat) {
    long cell = bench.h3.latLngToCell(lat, lon, 11);
    for (int r = 11; r >= 0; r--) {
      if (compacted.contains(bench.h3.cellToParent(cell, r))) return true;
    }
    return false;
  }

  private static boolean inside(double[] ring, double lon, double lat) {
    boolean odd = false;
    for (int i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > lat != ring[j + 1] > lat
          && lon < ring[i] + (lat - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) * (ring[j] - ring[i])) {
        odd = !odd;
      }
    }
    return odd;
  }

  /** Within 10 m, more than half the diagonal of any of the three cells. */
  private static boolean near(double lon, double lat, double toLon, double toLat) {
    return Math.abs(lat - toLat) < 9e-5 && Math.abs(lon - toLon) < 1.1e-4;
  }

  private static void expect(boolean holds, String what, double lon, double lat) {
    if (!holds) throw new IllegalStateException(what + " " + lon + " " + lat + " is wrong");
  }

  /** The line commands, from the start of the process to its end, and back again. */
  private static String lines(Map<String, Double> figures) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("citywide-bench-grid");
    try {
      Path points = folder.resolve("points");
      Path codes = folder.resolve("codes");
      Path centres = folder.resolve("centres");
      Path again = folder.resolve("again");
      SplittableRandom random = new SplittableRandom(39409);
      try (BufferedWriter writer = Files.newBufferedWriter(points)) {
        for (int i = 0; i < LINES; i++) {
          writer.append(BigDecimal.valueOf(random.nextLong(1_184_000_000L, 1_192_000_000L), 7).toPlainString()).append(' ')
              .append(BigDecimal.valueOf(random.nextLong(313_000_000L, 326_000_000L), 7).toPlainString()).append('\n');
        }
      }
      figures.put("stream_encode_lines_per_s", pass(points, codes, "encode"));
      figures.put("stream_decode_lines_per_s", pass(codes, centres, "decode"));
      pass(centres, again, "encode");
      long different = Files.mismatch(codes, again);
      if (different >= 0) throw new IllegalStateException("a decoded code encodes differently at byte " + different);
      int compared = 0;
      try (BufferedReader in = Files.newBufferedReader(points); BufferedReader out = Files.newBufferedReader(codes)) {
        String line;
        for (int i = 0; (line = in.readLine()) != null; i++) {
          String code = out.readLine();
          if (i % 50 != 0) continue;
          String[] words = line.split(" ");
          String exact = GridCode.of(new BigDecimal(words[0]), new BigDecimal(words[1]), 10).code();
          if (!exact.equals(code)) throw new IllegalStateException(line + " became " + code + ", not " + exact);
          compared++;
        }
        if (out.readLine() != null) throw new IllegalStateException("more codes than points");
      }
      return LINES + " codes decoded and encoded again the same, " + compared + " of them compared with exact decimals";
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static double pass(Path in, Path out, String word) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), "io.citywide.cli.Citywide", "grid", word, "-");
    builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    int exit = builder.start().waitFor();
    long nanos = System.nanoTime() - start;
    if (exit != 0) throw new IllegalStateException("citywide grid " + word + " - ended with " + exit);
    return Math.floor(LINES / (nanos / 1e9));
  }
}
