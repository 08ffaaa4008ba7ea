package io.citywide.bench.map;

import io.citywide.bench.BenchResult;
import io.citywide.bench.load.Crew;
import io.citywide.bench.load.History;
import io.citywide.bench.load.ServerProcess;
import io.citywide.bench.load.Wire;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The map of a running server that holds a city, asked over HTTP as the console asks it. */
final class CityServer {

  private static final Duration LOADED_WITHIN = Duration.ofMinutes(60);
  private static final Duration FOLLOWED_WITHIN = Duration.ofMinutes(10);

  private CityServer() {}

  /**
   * Starts a server as {@code ./citywide demo --quiet-city --components N} does, brings in cases of a year, measures, stops it.
   *
   * @param folder for its data
   * @return how the answers were checked
   */
  static String measure(Path folder, long components, int cases, Map<String, Double> figures) throws Exception {
    long begun = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(BenchResult.root().resolve("server/target/citywide.jar"), folder, "2g", List.of(),
        List.of("--components", String.valueOf(components)), LOADED_WITHIN)) {
      figures.put("server_load_seconds", (System.nanoTime() - begun) / 1e9);
      System.out.printf("a server with %,d components after %.0f s%n", components, (System.nanoTime() - begun) / 1e9);
      Wire machine = machine(server.address(), server.data());
      double rows = new History(new Crew(server.address()), machine, "map-history").load(0, cases, n -> {});
      System.out.printf("%,d cases, %.0f a second%n", cases, rows);
      return measure(server.address(), server.data(), figures);
    }
  }

  /** Measures a server that runs already. */
  static String measure(URI address, Path data, Map<String, Double> figures) throws IOException, SQLException, InterruptedException {
    Wire machine = machine(address, data);
    CityRows city = CityRows.read(data);
    figures.put("server_index_seconds", follows(machine, city.components()));
    long left = CityRows.notArranged(data);
    for (long until = System.nanoTime() + FOLLOWED_WITHIN.toNanos(); left > city.cases() / 100; left = CityRows.notArranged(data)) {
      if (System.nanoTime() > until) throw new IllegalStateException(left + " cases that ended are not arranged for the map after " + FOLLOWED_WITHIN);
      Thread.sleep(Duration.ofSeconds(2));
    }
    // Once more: the places of cases come from what is arranged by now.
    city = CityRows.read(data).checked();
    figures.put("server_components", (double) city.components());
    figures.put("server_cases", (double) city.cases());
    System.out.println("asking over HTTP");
    String checked = new InsideProbe(machine, city).run(figures);
    figures.put("search_p95_ms", new SearchProbe(machine).run(city).quantile(0.95));
    return checked;
  }

  static Wire machine(URI address, Path data) throws IOException {
    return Wire.machine(address, OperatorKey.find(data).orElseThrow(() -> new IOException("no server runs on " + data)));
  }

  /** Waits until the map has every component of the register. */
  static double follows(Wire machine, long components) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      var answer = machine.post("/api/map/inside", "{\"layers\":[\"components\"],\"region\":{\"polygon\":{\"type\":\"Polygon\",\"coordinates\":"
          + "[[[116,30],[122,30],[122,35],[116,35],[116,30]]]}}}");
      JsonNode layer = answer.done() ? answer.json().path("layers").path(0) : null;
      if (layer != null && layer.path("count").asLong() == components) return (System.nanoTime() - begun) / 1e9;
      if (System.nanoTime() - begun > FOLLOWED_WITHIN.toNanos()) throw new IllegalStateException("the map does not have all components after " + FOLLOWED_WITHIN + ": " + answer.text());
      Thread.sleep(100);
    }
  }
}
