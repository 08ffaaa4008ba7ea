package io.citywide.bench.map;

import io.citywide.bench.BenchResult;
import io.citywide.bench.EmbeddedDatabase;
import io.citywide.bench.load.ServerProcess;
import io.citywide.demo.Metropolis;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code citywide bench components [--rows 2500000] [--dry]}: a register of components as CSV, brought in by the command
 * that a city would use, {@code ./citywide import components}, over HTTP into a server of its own; then once more, which
 * changes nothing. Takes about three minutes; writes {@code bench/results/components.json}.
 */
public final class ComponentsBench {

  private static final Pattern OUTCOME = Pattern.compile("read (\\d+), added (\\d+), changed (\\d+), unchanged (\\d+), rejected (\\d+)");

  private static final String MAPPING = """
      source: bench
      crs: CGCS2000
      columns: {ident: ident, lon: lon, lat: lat, owner: ownerCode, accuracy: accuracy, status: state}
      """;

  private ComponentsBench() {}

  /**
   * What the command said, and how long it took from its start to its end.
   *
   * @param taken rows that are there now, new or changed
   */
  private record Outcome(long read, long taken, long unchanged, long rejected, double seconds) {}

  public static void main(String[] args) throws Exception {
    int rows = Metropolis.PART;
    boolean write = true;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--rows" -> rows = Integer.parseInt(args[++i]);
        case "--dry" -> write = false;
        default -> throw new IllegalArgumentException("components takes --rows N and --dry, was " + args[i]);
      }
    }
    if (rows < 1 || rows > Metropolis.PART) throw new IllegalArgumentException("--rows must be 1.." + Metropolis.PART + ", one import, was " + rows);
    Path folder = Files.createTempDirectory("citywide-components-bench");
    Map<String, Double> figures = new TreeMap<>();
    try {
      measure(folder, rows, figures);
    } finally {
      MapBench.delete(folder);
    }
    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    GoalTable.print(figures);
    if (write) {
      System.out.println("written to " + BenchResult.now("components", "./citywide bench components" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "%,d components of a made-up metropolis as CSV, by the command 'import components' over HTTP into the register of the generated city; server -Xmx512m, its database and the command on one machine; timed from the command's start to its end"
              .formatted(rows),
          "every row is in the register and on the map, none was rejected; the second import changed none", figures).write());
    }
  }

  private static void measure(Path folder, int rows, Map<String, Double> figures) throws Exception {
    Path file = folder.resolve("register.csv");
    try (InputStream csv = new Metropolis(rows).rows(0)) {
      Files.copy(csv, file);
    }
    Path mapping = Files.writeString(folder.resolve("register.yaml"), MAPPING);
    Path jar = BenchResult.root().resolve("server/target/citywide.jar");
    // The areas of the metropolis, and of its components one.
    try (ServerProcess server = ServerProcess.start(jar, folder.resolve("server"), "512m", List.of(), List.of("--components", "1"), Duration.ofMinutes(5))) {
      long before = components(server);
      Outcome first = run(jar, file, mapping, server.data());
      expect(rows, first.read(), "rows read");
      expect(0, first.rejected(), "rows rejected");
      expect(rows, first.taken() + first.unchanged(), "rows taken");
      figures.put("component_import_rows", (double) rows);
      figures.put("component_import_rows_per_second", rows / first.seconds());
      figures.put("component_import_mb_per_second", Files.size(file) / 1e6 / first.seconds());
      figures.put("component_map_follows_seconds", CityServer.follows(CityServer.machine(server.address(), server.data()), components(server)));
      Outcome again = run(jar, file, mapping, server.data());
      expect(rows, again.unchanged(), "rows unchanged by the second import");
      figures.put("component_reimport_rows_per_second", rows / again.seconds());
      long known = components(server);
      if (known < rows || known > before + rows) throw new IllegalStateException("the register has %,d components, %,d before and %,d rows".formatted(known, before, rows));
    }
  }

  private static long components(ServerProcess server) throws Exception {
    return EmbeddedDatabase.number(server.data(), "SELECT count(*) FROM place_component WHERE state <> 'REMOVED'");
  }

  private static Outcome run(Path jar, Path file, Path mapping, Path data) throws IOException, InterruptedException {
    Path out = file.resolveSibling("import.out");
    long begun = System.nanoTime();
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx512m",
        "-jar", jar.toString(), "import", "components", file.toString(), "--mapping", mapping.toString(), "--data", data.toString(), "--quiet")
        .redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(20, TimeUnit.MINUTES);
    double seconds = (System.nanoTime() - begun) / 1e9;
    process.destroyForcibly();
    String said = Files.readString(out);
    System.out.print(said);
    Matcher outcome = OUTCOME.matcher(said);
    if (!ended || !outcome.find()) throw new IOException("the import did not come to its end: " + said);
    System.out.printf(Locale.ROOT, "  %.1f s in all%n", seconds);
    return new Outcome(number(outcome, 1), number(outcome, 2) + number(outcome, 3), number(outcome, 4), number(outcome, 5), seconds);
  }

  private static long number(Matcher outcome, int group) {
    return Long.parseLong(outcome.group(group));
  }

  private static void expect(long expected, long actual, String what) {
    if (expected != actual) throw new IllegalStateException(what + ": " + actual + ", expected " + expected);
  }
}
