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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * {@code citywide bench ledger [--pairs 13] [--seconds 4] [--clients 8] [--dry]}: what appending to the ledger, and sealing,
 * cost the life cycles of {@link LifecycleBench}. One server works with its ledger and without, in turn
 * ({@link SwitchedLedger}), so that what else changes, in the machine or in the server, falls on both: the cost is the
 * median over many short pairs, as one of them differs by a tenth from the next with the same work. Takes some five minutes; writes {@code bench/results/ledger.json}.
 */
public final class LedgerBench {

  private static final double GOAL_PERCENT = 10;

  /** Stretches before those that count, until the compiler of the JVM has done its work. */
  private static final int WARM_UP = 20;

  /** In which what was appended is sealed. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final ServerProcess server;
  private final Crew crew;
  private final Path off;
  private final int clients;
  private final Duration time;
  private final List<SteadyLoad.Result> with = new ArrayList<>();
  private final List<SteadyLoad.Result> without = new ArrayList<>();
  private long seed;
  private long proved;

  private LedgerBench(ServerProcess server, Path off, int clients, Duration time) throws IOException {
    this.server = server;
    this.crew = new Crew(server.address());
    this.off = off;
    this.clients = clients;
    this.time = time;
  }

  public static void main(String[] args) throws Exception {
    int pairs = 13;
    int seconds = 4;
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
    Path root = BenchResult.root();
    Path off = folder.resolve("off");
    Map<String, Double> figures = new TreeMap<>();
    String checked;
    try (ServerProcess server = ServerProcess.start(
        List.of("-cp", root.resolve("server/target/citywide.jar") + ":" + root.resolve("bench/target/classes"), "io.citywide.cli.Citywide"),
        Map.of("SPRING_MAIN_SOURCES", SwitchedLedger.class.getName(), SwitchedLedger.OFF, off.toString()), folder.resolve("data"), "512m", List.of(),
        List.of("--mqtt-port", "0"), Duration.ofMinutes(5))) {
      LedgerBench bench = new LedgerBench(server, off, clients, Duration.ofSeconds(seconds));
      bench.run(pairs, figures);
      checked = "with the ledger each of " + bench.proved + " steps has its entry, without it none has; no call was refused";
    } finally {
      LifecycleBench.delete(folder);
    }
    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    System.out.printf("appending costs %.1f %% of the life cycles, goal < %.0f %%: %s%n", figures.get("ledger_cost_percent"), GOAL_PERCENT,
        figures.get("ledger_cost_percent") < GOAL_PERCENT ? "reached" : "MISSED");
    if (write) {
      System.out.println("written to " + BenchResult.now("ledger", "./citywide bench ledger" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "a server with the generated city, -Xmx512m, that appends to its ledger and does not, in turn; life cycles of seven calls at " + clients + " clients, "
              + pairs + " pairs of " + seconds + " s; database and clients on the same machine",
          checked, figures).write());
    }
  }

  private void run(int pairs, Map<String, Double> figures) throws Exception {
    for (int stretch = 0; stretch < WARM_UP; stretch++) {
      load(stretch % 2 == 0);
    }
    with.clear();
    without.clear();
    List<Double> costs = new ArrayList<>();
    List<Double> processorCosts = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      load(pair % 2 == 0);
      load(pair % 2 != 0);
      costs.add(100 * (1 - with.getLast().perSecond() / without.getLast().perSecond()));
      processorCosts.add(100 * (processor(with.getLast()) / processor(without.getLast()) - 1));
      System.out.printf("  pair %d: the ledger costs %.1f %% of the life cycles%n", pair + 1, costs.getLast());
    }
    figures.put("ledger_cost_percent", median(costs));
    figures.put("ledger_cost_percent_least", Collections.min(costs));
    figures.put("ledger_cost_percent_most", Collections.max(costs));
    figures.put("ledger_processor_cost_percent", median(processorCosts));
    figures.put("lifecycles_per_second_with", mean(with, SteadyLoad.Result::perSecond));
    figures.put("lifecycles_per_second_without", mean(without, SteadyLoad.Result::perSecond));
    figures.put("processor_ms_per_lifecycle_with", mean(with, LedgerBench::processor));
    figures.put("processor_ms_per_lifecycle_without", mean(without, LedgerBench::processor));
  }

  private static double processor(SteadyLoad.Result result) {
    return result.serverMillis() + result.databaseMillis();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  private static double mean(List<SteadyLoad.Result> results, ToDoubleFunction<SteadyLoad.Result> figure) {
    return results.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** @throws IllegalStateException where a step has no entry with the ledger, or has one without */
  private void load(boolean ledger) throws Exception {
    if (ledger) {
      Files.deleteIfExists(off);
    } else if (!Files.exists(off)) {
      Files.createFile(off);
    }
    long steps = steps();
    long entries = entries();
    SteadyLoad.Result result = SteadyLoad.run(crew, server, clients, time, ++seed);
    System.out.printf("%s the ledger: %.1f life cycles/s, call p50 %.1f ms; ms of processor a life cycle: server %.2f, database %.2f%n", ledger ? "with" : "without",
        result.perSecond(), result.calls().quantileMillis(0.5), result.serverMillis(), result.databaseMillis());
    (ledger ? with : without).add(result);
    long taken = steps() - steps;
    long written = entries() - entries;
    if (taken == 0 || written != (ledger ? taken : 0)) {
      throw new IllegalStateException("%d entries for %d steps %s the ledger".formatted(written, taken, ledger ? "with" : "without"));
    }
    proved += written;
    Thread.sleep(REST);
  }

  private long steps() throws Exception {
    return EmbeddedDatabase.number(server.data(), "SELECT count(*) FROM case_step");
  }

  /** Of steps. */
  private long entries() throws Exception {
    return EmbeddedDatabase.number(server.data(), "SELECT count(*) FROM ledger_entry WHERE subject = 'case' AND seq > 0");
  }
}
