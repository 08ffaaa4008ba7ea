package io.citywide.bench;

import io.citywide.place.internal.Locator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code citywide bench locate}: {@link LocateBenchmark}. Checks first that both ways agree on every point that is not
 * within a metre of the outer edge, which the locator forgives, and writes {@code bench/results/locate.json}.
 */
public final class LocateBench {
  private LocateBench() {}

  /** Runs for about half a minute. */
  public static void main(String[] args) throws IOException, RunnerException {
    Map<String, Double> figures = new TreeMap<>();
    LocateBenchmark bench = new LocateBenchmark();
    int inside = 0;
    for (int i = 0; i < LocateBenchmark.POINTS; i++) {
      double lon = bench.lons[i];
      double lat = bench.lats[i];
      String ours = bench.locator.locate(lon, lat);
      String theirs = bench.strTree(lon, lat);
      if (theirs != null) inside++;
      if (!java.util.Objects.equals(ours, theirs)) {
        Locator.Shape disputed = bench.grids.stream().filter(g -> g.code().equals(ours != null ? ours : theirs)).findFirst().orElseThrow();
        if (LocateBenchmark.metersFromEdge(disputed, lon, lat) > 1.2) {
          throw new IllegalStateException(lon + " " + lat + ": the tree says " + theirs + ", the locator " + ours);
        }
      }
    }
    figures.put("build_ms", (double) bench.buildMillis);
    figures.put("segments", (double) bench.locator.segments());
    for (RunResult run : new Runner(new OptionsBuilder().include("\\.LocateBenchmark\\.").shouldFailOnError(true).build()).run()) {
      String name = run.getParams().getBenchmark();
      String key = name.substring(name.lastIndexOf('.') + 1).replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
      figures.put(key + "_ns", round(run.getPrimaryResult().getScore()));
      figures.put(key + "_error_ns", round(run.getPrimaryResult().getScoreError()));
    }
    Path file = BenchResult.now("locate", "./citywide bench locate",
        LocateBenchmark.POINTS + " points of 7 decimals in the box of the generated city (seed 1), " + bench.grids.size()
            + " unit grids and the levels above them",
        LocateBenchmark.POINTS + " points, " + inside + " of them in a unit grid, located alike by both", figures).write();
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    System.out.println("written to " + file);
  }

  private static double round(double value) {
    return new BigDecimal(value).round(new MathContext(4)).doubleValue();
  }
}
