package io.citywide.bench;

import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.MvtReader;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.TagKeyValueMapConverter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code citywide bench tiles}: {@link TileBenchmark}. Checks first that both tiles say the same of every feature, and writes
 * {@code bench/results/tiles.json}.
 */
public final class TileBench {

  /** Units of a tile: positions are rounded differently by half a unit, and simplification moves a side by one. */
  private static final double APART = 1.5;

  private TileBench() {}

  /** Runs for about a minute. */
  public static void main(String[] args) throws IOException, RunnerException {
    TileBenchmark bench = new TileBenchmark();
    int checked = compare(bench.points(), bench.pointsOfLibrary(), "components") + compare(bench.buildings(), bench.buildingsOfLibrary(), "building");
    Map<String, Double> figures = new TreeMap<>();
    figures.put("points_kb", bench.points().length / 1000.0);
    figures.put("points_of_library_kb", bench.pointsOfLibrary().length / 1000.0);
    figures.put("buildings_kb", bench.buildings().length / 1000.0);
    figures.put("buildings_of_library_kb", bench.buildingsOfLibrary().length / 1000.0);
    for (RunResult run : new Runner(new OptionsBuilder().include("\\.TileBenchmark\\.").shouldFailOnError(true).build()).run()) {
      String name = run.getParams().getBenchmark();
      String key = name.substring(name.lastIndexOf('.') + 1).replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
      figures.put(key + "_ms", new BigDecimal(run.getPrimaryResult().getScore() / 1000).round(new MathContext(3)).doubleValue());
    }
    Path file = BenchResult.now("tiles", "./citywide bench tiles",
        "a tile of zoom 14: " + TileBenchmark.POINTS + " points with kind and grade; " + TileBenchmark.BUILDINGS + " buildings of twelve corners, a third across an edge",
        checked + " features read back from both tiles by the library: the same numbers and tags, points within " + APART + " units, shapes of the same extent", figures).write();
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    System.out.println("written to " + file);
  }

  private static int compare(byte[] ours, byte[] theirs, String layer) throws IOException {
    Map<Object, Geometry> a = read(ours, layer);
    Map<Object, Geometry> b = read(theirs, layer);
    // What lies exactly on the edge or is smaller than a unit one may keep and the other leave out.
    if (Math.abs(a.size() - b.size()) > b.size() / 200) {
      throw new IllegalStateException(layer + ": " + a.size() + " features beside " + b.size());
    }
    int checked = 0;
    for (var entry : a.entrySet()) {
      Geometry other = b.get(entry.getKey());
      if (other != null) {
        checked++;
        var one = entry.getValue().getEnvelopeInternal();
        var two = other.getEnvelopeInternal();
        double off = Math.max(Math.max(Math.abs(one.getMinX() - two.getMinX()), Math.abs(one.getMaxX() - two.getMaxX())),
            Math.max(Math.abs(one.getMinY() - two.getMinY()), Math.abs(one.getMaxY() - two.getMaxY())));
        if (off > APART || !entry.getValue().getUserData().equals(other.getUserData())) {
          throw new IllegalStateException(layer + " " + entry.getKey() + ": " + entry.getValue() + " " + entry.getValue().getUserData() + " beside " + other + " " + other.getUserData());
        }
      }
    }
    return checked;
  }

  private static Map<Object, Geometry> read(byte[] tile, String layer) throws IOException {
    Map<Object, Geometry> features = new HashMap<>();
    for (Geometry geometry : MvtReader.loadMvt(new ByteArrayInputStream(tile), new GeometryFactory(), new TagKeyValueMapConverter(false, "id"), MvtReader.RING_CLASSIFIER_V2_1)
        .getLayer(layer).getGeometries()) {
      features.put(((Map<?, ?>) geometry.getUserData()).get("id"), geometry);
    }
    return features;
  }
}
