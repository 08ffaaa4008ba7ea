package io.citywide.bench.load;

import io.citywide.bench.BenchResult;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code citywide bench lifecycle}: how many cases a second go all their way, how that holds with a million cases, what a
 * burst does, how fast reports come in in bulk and how long people wait for a screen. Server, database and clients share
 * the machine; the clients are a process of their own and know only HTTP. Writes {@code bench/results/lifecycle.json}.
 */
public final class LifecycleBench {

  private static final int SMALL = 10_000;

  /** Of a warm-up, each a quarter of the time of a steady load. */
  private static final int MOST_STRETCHES = 10;

  private static final Duration AFTERMATH = Duration.ofSeconds(155);

  private LifecycleBench() {}

  /** What to do: {@code --cases N} (default 1,000,000), {@code --seconds N} of each steady load (60), {@code --clients N} (8), {@code --heap SIZE} (512m). */
  record Options(int cases, int seconds, int clients, String heap, boolean write, List<String> jvm) {
    static Options of(String[] args) {
      int cases = 1_000_000;
      int seconds = 60;
      int clients = 8;
      String heap = "512m";
      boolean write = true;
      List<String> jvm = new ArrayList<>();
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--cases" -> cases = Integer.parseInt(args[++i]);
          case "--seconds" -> seconds = Integer.parseInt(args[++i]);
          case "--clients" -> clients = Integer.parseInt(args[++i]);
          case "--heap" -> heap = args[++i];
          case "--dry" -> write = false;
          case "--jvm" -> jvm.add(args[++i]);
          default -> throw new IllegalArgumentException("unknown option " + args[i] + "; there are --cases N, --seconds N, --clients N, --heap SIZE, --dry, --jvm OPTION");
        }
      }
      return new Options(cases, seconds, clients, heap, write, jvm);
    }
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    Path data = Files.createTempDirectory("citywide-load");
    Map<String, Double> figures = new TreeMap<>();
    try (ServerProcess server = ServerProcess.start(BenchResult.root().resolve("server/target/citywide.jar"), data, options.heap(), options.jvm(), List.of(), Duration.ofMinutes(5))) {
      run(server, options, figures);
    } finally {
      delete(data);
    }
    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    if (options.write()) {
      Path file = BenchResult.now("lifecycle", "./citywide bench lifecycle" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "generated city, reports of a year in bulk (99 of 100 closed), then life cycles of seven calls at " + options.clients()
              + " clients; server -Xmx" + options.heap() + ", its database and the clients on one machine",
          "every case of the bursts asked for again over HTTP: " + figures.get("spike_checked").longValue()
              + " cases have exactly the acknowledged steps; no call of a steady load was refused", figures).write();
      System.out.println("written to " + file);
    }
  }

  private static void run(ServerProcess server, Options options, Map<String, Double> figures) throws IOException, InterruptedException {
    Crew crew = new Crew(server.address());
    Wire machine = Wire.machine(server.address(), OperatorKey.find(server.data()).orElseThrow(() -> new IOException("the server has no operator key")));
    History history = new History(crew, machine, "load-history");

    history.load(0, SMALL, n -> {});
    warmUp(crew, server, options, 1);
    SteadyLoad.Result small = steady("with " + SMALL + " cases", crew, server, options, options.seconds(), 1_000);
    figures.put("lifecycles_per_second_10k", small.perSecond());
    figures.put("call_p95_ms_10k", small.calls().quantileMillis(0.95));

    System.out.println("bulk import of " + (options.cases() - SMALL) + " reports");
    double[] before = server.processorSeconds();
    double rows = history.load(SMALL, options.cases(), n -> {
      if (n % 100_000 == 0) {
        System.out.println("  " + n);
      }
    });
    double[] after = server.processorSeconds();
    double n = Math.max(1, options.cases() - SMALL);
    System.out.printf("  %.0f reports/s; microseconds of processor a report: server %.0f, database %.0f%n", rows, (after[0] - before[0]) * 1e6 / n,
        (after[1] - before[1]) * 1e6 / n);
    figures.put("import_reports_per_second", rows);
    figures.put("import_server_cpu_us_per_report", (after[0] - before[0]) * 1e6 / n);
    figures.put("import_database_cpu_us_per_report", (after[1] - before[1]) * 1e6 / n);

    figures.put("database_bytes_per_case_1m", server.databaseBytes() / (double) options.cases());

    // People look at a city, not at its import: the tasks of every half minute have begun by then, also the one that arranges
    // cases for the map when they ended two minutes ago, and are waited for.
    Thread.sleep(AFTERMATH);
    double settled = AFTERMATH.toSeconds() + server.settle(Duration.ofMinutes(5));
    System.out.printf("  at rest %.0f s after the import%n", settled);
    figures.put("import_settled_seconds", settled);
    Reading.Result reading = Reading.run(crew, LocalDate.now().minusMonths(2).toString());
    System.out.printf("  queue p95 %.1f ms, case page p95 %.1f ms, evaluation of a month %.0f ms%n", reading.deskP95(), reading.caseP95(), reading.evaluationMonth());
    figures.put("desk_query_p95_ms_1m", reading.deskP95());
    figures.put("case_page_p95_ms_1m", reading.caseP95());
    figures.put("evaluation_month_ms_1m", reading.evaluationMonth());

    warmUp(crew, server, options, 1_001);
    SteadyLoad.Result large = steady("with " + options.cases() + " cases", crew, server, options, options.seconds(), 2_000);
    figures.put("lifecycles_per_second_1m", large.perSecond());
    figures.put("call_p95_ms_1m", large.calls().quantileMillis(0.95));
    figures.put("call_p50_ms_1m", large.calls().quantileMillis(0.5));
    figures.put("call_p99_ms_1m", large.calls().quantileMillis(0.99));
    figures.put("server_cpu_ms_per_lifecycle", large.serverMillis());
    figures.put("database_cpu_ms_per_lifecycle", large.databaseMillis());
    figures.put("client_cpu_ms_per_lifecycle", large.clientMillis());

    Spike.Result spike = new Spike(crew, large.perSecond() * Journey.CALLS, 5).run(5, Duration.ofSeconds(10));
    System.out.println("bursts: " + spike);
    spike.faults().forEach(fault -> System.out.println("  " + fault));
    figures.put("spike_calls", (double) spike.calls());
    figures.put("spike_turned_away_rate", spike.turnedAway() / (double) spike.calls());
    figures.put("spike_error_rate", spike.errors() / (double) spike.calls());
    figures.put("spike_lost_acknowledged", (double) spike.faults().size());
    figures.put("spike_checked", (double) spike.checked());
    figures.put("spike_offered_times", spike.offeredTimes());
    figures.put("spike_recovery_seconds", spike.recoverySeconds());
    figures.put("spike_call_p95_ms", spike.burstP95());

    figures.put("server_heap_mb_1m", server.heapMegabytes());
    figures.put("server_live_heap_mb_1m", server.liveHeapMegabytes());
    figures.put("server_peak_resident_mb", server.peakResidentMegabytes());
  }

  /** Until the compiler of the JVM has done its work: a stretch is no more than 3 % faster than the best before it. */
  private static void warmUp(Crew crew, ServerProcess server, Options options, long seed) throws IOException, InterruptedException {
    double best = 0;
    for (int stretch = 0; stretch < MOST_STRETCHES; stretch++) {
      double now = steady("warm-up", crew, server, options, Math.max(5, options.seconds() / 4), seed + stretch).perSecond();
      if (now < best * 1.03) {
        return;
      }
      best = now;
    }
  }

  private static SteadyLoad.Result steady(String what, Crew crew, ServerProcess server, Options options, int seconds, long seed)
      throws IOException, InterruptedException {
    SteadyLoad.Result r = SteadyLoad.run(crew, server, options.clients(), Duration.ofSeconds(seconds), seed);
    System.out.printf("%s: %.1f life cycles/s, call p50 %.1f p95 %.1f p99 %.1f ms, %d joined; ms of processor a life cycle: server %.2f, database %.2f, clients %.2f%n", what,
        r.perSecond(), r.calls().quantileMillis(0.5), r.calls().quantileMillis(0.95), r.calls().quantileMillis(0.99), r.joined(), r.serverMillis(),
        r.databaseMillis(), r.clientMillis());
    StringBuilder each = new StringBuilder("  p50 of each call:");
    for (Latencies call : r.byCall()) {
      each.append(String.format(" %.1f", call.quantileMillis(0.5)));
    }
    System.out.println(each);
    return r;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
