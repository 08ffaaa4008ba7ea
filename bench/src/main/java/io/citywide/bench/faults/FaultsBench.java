package io.citywide.bench.faults;

import io.citywide.bench.BenchResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code citywide bench faults [--rounds N] [--seed N]}: {@link KillLoop} on a server in a process of its own. Writes
 * {@code bench/results/faults.json}; ends with code 1 where an invariant did not hold, and keeps the data folder then.
 */
public final class FaultsBench {
  private FaultsBench() {}

  /** Runs for about eight seconds a round. */
  public static void main(String[] args) throws Exception {
    int rounds = 100;
    long seed = 20_261_122;
    boolean write = true;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--rounds" -> rounds = Integer.parseInt(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--dry" -> write = false;
        default -> {
          System.err.println("error: '" + args[i] + "' is not one of --rounds N, --seed N, --dry (writes no result)");
          System.exit(2);
        }
      }
    }
    Path folder = Files.createTempDirectory("citywide-faults-");
    List<String> java = ServerUnderTest.java(BenchResult.root());
    Map<String, Double> figures = new TreeMap<>();
    KillLoop kills = new KillLoop(java, folder.resolve("kills"), seed, line -> System.out.println(line));
    kills.run(rounds);
    figures.putAll(kills.figures());
    List<Invariants.Violation> violations = kills.violations();

    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    violations.stream().limit(50).forEach(v -> System.out.println("VIOLATION " + v.kind().name().toLowerCase(Locale.ROOT) + ": " + v.words()));
    if (write) {
      System.out.println("written to " + BenchResult.now("faults", "./citywide bench faults --rounds " + rounds + " --seed " + seed,
          "a city of one district, " + KillLoop.WORKERS + " workers taking problems from the photo to the closed case over HTTP; " + rounds
              + " kills with SIGKILL at random moments (seed " + seed + ")",
          kills.answersChecked() + " acknowledged acts looked up in the database after the last kill, and all earlier ones after each", figures).write());
    }
    if (violations.isEmpty()) {
      deleteTree(folder);
    } else {
      System.out.println("the data folder is kept: " + folder);
      System.exit(1);
    }
  }

  static void deleteTree(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
