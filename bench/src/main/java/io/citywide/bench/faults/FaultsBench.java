package io.citywide.bench.faults;

import io.citywide.bench.BenchResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code citywide bench faults [--rounds N] [--seed N] [--backup-mb N]}: {@link KillLoop}, {@link BackupDrill},
 * {@link FullDisk}, {@link CutConnection} and {@link SetBackClock} on servers in processes of their own. Writes
 * {@code bench/results/faults.json}; ends with code 1 where something did not hold, and keeps the data folders then.
 */
public final class FaultsBench {
  private static final int CUT_SECONDS = 30;
  private static final int CLOCK_SECONDS = 20;

  private FaultsBench() {}

  /** Runs for about ten seconds a round, and some minutes more. */
  public static void main(String[] args) throws Exception {
    int rounds = 100;
    long seed = 20_261_122;
    int megabytes = 2_000;
    boolean write = true;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--rounds" -> rounds = Integer.parseInt(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--backup-mb" -> megabytes = Integer.parseInt(args[++i]);
        case "--dry" -> write = false;
        default -> {
          System.err.println("error: '" + args[i] + "' is not one of --rounds N, --seed N, --backup-mb N, --dry (writes no result)");
          System.exit(2);
        }
      }
    }
    Path folder = Files.createTempDirectory("citywide-faults-");
    List<String> java = Launch.built(BenchResult.root());
    Findings findings = new Findings(System.out::println);
    long acknowledged = run(folder, java, rounds, seed, megabytes, findings);

    Map<String, Double> figures = findings.figures();
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    findings.violations().stream().limit(50).forEach(v -> System.out.println("VIOLATION " + v.kind().name().toLowerCase(Locale.ROOT) + ": " + v.words()));
    if (write) {
      System.out.println("written to " + BenchResult.now("faults", "./citywide bench faults --rounds " + rounds + " --seed " + seed + " --backup-mb " + megabytes,
          "a city of one district; " + Staff.BUSY.workers() + " workers taking problems from the photo to the closed case over HTTP, an administrator importing areas, "
              + "an evaluator drawing reports; " + rounds + " kills with SIGKILL at random moments; a backup of " + megabytes
              + " MB under load; a disk filled to its last byte; a database cut off for " + CUT_SECONDS + " s; a clock set back an hour",
          acknowledged + " acknowledged acts looked up in the database after the last kill, and all earlier ones after each", figures).write());
    }
    if (findings.violations().isEmpty()) {
      deleteTree(folder);
    } else {
      System.out.println("the data folders are kept: " + folder);
      System.exit(1);
    }
  }

  private static long run(Path folder, List<String> java, int rounds, long seed, int megabytes, Findings findings) throws Exception {
    long acknowledged;
    try (Ground ground = Ground.fresh(folder.resolve("kills"), java, Staff.BUSY, findings)) {
      ground.begin();
      new KillLoop(ground, seed, findings).run(rounds);
      acknowledged = ground.invariants.answersChecked();
      if (!findings.violations().isEmpty()) {
        return acknowledged;
      }
      BackupDrill drill = new BackupDrill(ground, findings);
      Path small = folder.resolve("small.backup");
      Path before = drill.backup(small, false);
      FullDisk.run(folder.resolve("full"), java, ground, small, before, findings);
      CutConnection.run(folder.resolve("cut"), folder.resolve("cut"), java, ground, small, before, CUT_SECONDS, far -> {}, findings);
      SetBackClock.run(folder.resolve("clock"), java, ground, small, before, CLOCK_SECONDS, findings);
      if (megabytes > 0) {
        drill.ballast(megabytes);
        Path large = folder.resolve("large.backup");
        before = drill.backup(large, true);
        drill.restoreAndCheck(large, before, folder.resolve("restored"), java);
      }
    }
    return acknowledged;
  }

  static void deleteTree(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
