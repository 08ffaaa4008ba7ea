package io.citywide.bench.load;

import io.citywide.bench.BenchResult;
import io.citywide.bench.EmbeddedDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.function.ToDoubleFunction;

/**
 * {@code citywide bench ledger [--pairs 6] [--seconds 8] [--clients 8] [--dry]}: what appending to the ledger, and sealing,
 * cost the life cycles of {@link LifecycleBench}. Two servers stand side by side, the one as it is, the other
 * {@link WithoutLedger}; the same load goes to one and then to the other, so that what else changes on the machine falls
 * on both. Takes less than four minutes; writes {@code bench/results/ledger.json}.
 */
public final class LedgerBench {

  private static final double GOAL_PERCENT = 10;

  /** Stretches before those that count, until the compiler of the JVM has done most of its work. */
  private static final int WARM_UP = 3;

  private LedgerBench() {}

  /** A server, who works on it, and what was measured there. */
  private record Side(String name, ServerProcess server, Crew crew, List<SteadyLoad.Result> results) {

    double mean(ToDoubleFunction<SteadyLoad.Result> figure) {
      return results.stream().mapToDouble(figure).average().orElseThrow();
    }

    double processor() {
      return mean(r -> r.serverMillis() + r.databaseMillis());
    }

    long entriesOfSteps() throws Exception {
      return EmbeddedDatabase.number(server.data(), "SELECT count(*) FROM ledger_entry e JOIN case_step s ON e.subject = 'case' AND e.subject_id = s.case_id AND e.seq = s.seq");
    }

    long steps() throws Exception {
      return EmbeddedDatabase.number(server.data(), "SELECT count(*) FROM case_step");
    }
  }

  public static void main(String[] args) throws Exception {
    int pairs = 6;
    int seconds = 8;
    int clients = 8;
    boolean write = true;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--pairs" -> pairs = Integer.parseInt(args[++i]);
        case "--seconds" -> seconds = Integer.parseInt(args[++i]);
        case "--clients" -> clients = Integer.parseInt(args[++i]);
        case "--dry" -> write = false;
        default -> throw new IllegalArgumentException("ledger takes --pairs N, --seconds N, --clients N and --dry, was " + args[i]);
      }
    }
    Path folder = Files.createTempDirectory("citywide-ledger-bench");
    Map<String, Double> figures = new TreeMap<>();
    String checked;
    FutureTask<ServerProcess> bareServer = new FutureTask<>(() -> start(folder.resolve("without"), Map.of("SPRING_MAIN_SOURCES", WithoutLedger.class.getName())));
    Thread.ofVirtual().start(bareServer);
    try (ServerProcess with = start(folder.resolve("with"), Map.of()); ServerProcess without = bareServer.get()) {
      Side kept = new Side("with the ledger", with, new Crew(with.address()), new ArrayList<>());
      Side bare = new Side("without", without, new Crew(without.address()), new ArrayList<>());
      for (int stretch = 0; stretch < WARM_UP; stretch++) {
        load(kept, clients, seconds, 1 + stretch);
        load(bare, clients, seconds, 1 + stretch);
      }
      kept.results().clear();
      bare.results().clear();
      List<Double> costs = new ArrayList<>();
      for (int pair = 0; pair < pairs; pair++) {
        boolean first = pair % 2 == 0;
        load(first ? kept : bare, clients, seconds, 1_000 + pair);
        load(first ? bare : kept, clients, seconds, 1_000 + pair);
        costs.add(100 * (1 - kept.results().getLast().perSecond() / bare.results().getLast().perSecond()));
        System.out.printf("  pair %d: the ledger costs %.1f %% of the life cycles%n", pair + 1, costs.getLast());
      }
      checked = check(kept, bare);
      costs.sort(Double::compare);
      figures.put("ledger_cost_percent", 100 * (1 - kept.mean(SteadyLoad.Result::perSecond) / bare.mean(SteadyLoad.Result::perSecond)));
      figures.put("ledger_cost_percent_least", costs.getFirst());
      figures.put("ledger_cost_percent_most", costs.getLast());
      figures.put("ledger_processor_cost_percent", 100 * (kept.processor() / bare.processor() - 1));
      figures.put("lifecycles_per_second_with", kept.mean(SteadyLoad.Result::perSecond));
      figures.put("lifecycles_per_second_without", bare.mean(SteadyLoad.Result::perSecond));
      figures.put("processor_ms_per_lifecycle_with", kept.processor());
      figures.put("processor_ms_per_lifecycle_without", bare.processor());
    } finally {
      LifecycleBench.delete(folder);
    }
    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    System.out.printf("appending costs %.1f %% of the life cycles, goal < %.0f %%: %s%n", figures.get("ledger_cost_percent"), GOAL_PERCENT,
        figures.get("ledger_cost_percent") < GOAL_PERCENT ? "reached" : "MISSED");
    if (write) {
      System.out.println("written to " + BenchResult.now("ledger", "./citywide bench ledger" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "two servers with the generated city, -Xmx512m each, one of them without entries in its ledger; life cycles of seven calls at " + clients
              + " clients, " + pairs + " pairs of " + seconds + " s on the one and then on the other, databases and clients on the same machine",
          checked, figures).write());
    }
  }

  /** Both in the same way: with the bench's classes on the path, of which the one server takes none. */
  private static ServerProcess start(Path data, Map<String, String> environment) throws IOException, InterruptedException {
    Path root = BenchResult.root();
    return ServerProcess.start(List.of("-cp", root.resolve("server/target/citywide.jar") + ":" + root.resolve("bench/target/classes"), "io.citywide.cli.Citywide"), environment, data,
        "512m", List.of(), List.of("--mqtt-port", "0"), Duration.ofMinutes(5));
  }

  private static void load(Side side, int clients, int seconds, long seed) throws IOException, InterruptedException {
    SteadyLoad.Result result = SteadyLoad.run(side.crew(), side.server(), clients, Duration.ofSeconds(seconds), seed);
    System.out.printf("%s: %.1f life cycles/s, call p50 %.1f ms; ms of processor a life cycle: server %.2f, database %.2f%n", side.name(), result.perSecond(),
        result.calls().quantileMillis(0.5), result.serverMillis(), result.databaseMillis());
    side.results().add(result);
  }

  /** @throws IllegalStateException where the one has no entry for a step, or the other has any */
  private static String check(Side kept, Side bare) throws Exception {
    long entries = kept.entriesOfSteps();
    if (entries != kept.steps() || bare.entriesOfSteps() != 0) {
      throw new IllegalStateException("%d entries for %d steps with the ledger; %d without".formatted(entries, kept.steps(), bare.entriesOfSteps()));
    }
    return "with the ledger each of " + entries + " steps has its entry, without it none of " + bare.steps() + " has; no call was refused";
  }
}
