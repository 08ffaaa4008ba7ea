package io.citywide.bench.sensing;

import io.citywide.bench.BenchResult;
import io.citywide.bench.load.ServerProcess;
import io.citywide.bench.load.Wire;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * {@code citywide bench sensing}: how fast observations are taken in durably by HTTP and MQTT, beside a row for each value by COPY
 * into the same PostgreSQL in the same run; how small they are kept; how fast they are read. Server, database and clients share
 * the machine; the clients are a process of their own. Writes {@code bench/results/sensing.json}.
 */
public final class SensingBench {

  private static final int LINES_OF_A_REQUEST = 2_000;
  private static final int CONNECTIONS = 1_000;
  private static final int WINDOW = 20;
  private static final int ALARMS_FROM = 10;

  private SensingBench() {}

  /** {@code --devices N} with ten series each (100,000), {@code --rounds N} of values of every series (20), {@code --clients N} (4), {@code --handfuls N} of 20 messages by MQTT (30), {@code --heap SIZE} (1g). */
  record Options(int devices, int rounds, int clients, int handfuls, String heap, boolean write, List<String> jvm) {
    static Options of(String[] args) {
      int devices = 100_000;
      int rounds = 20;
      int clients = 4;
      int handfuls = 30;
      String heap = "1g";
      boolean write = true;
      List<String> jvm = new ArrayList<>();
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--devices" -> devices = Integer.parseInt(args[++i]);
          case "--rounds" -> rounds = Integer.parseInt(args[++i]);
          case "--clients" -> clients = Integer.parseInt(args[++i]);
          case "--handfuls" -> handfuls = Integer.parseInt(args[++i]);
          case "--heap" -> heap = args[++i];
          case "--dry" -> write = false;
          case "--jvm" -> jvm.add(args[++i]);
          default -> throw new IllegalArgumentException("unknown option " + args[i]
              + "; there are --devices N, --rounds N, --clients N, --handfuls N, --heap SIZE, --dry, --jvm OPTION");
        }
      }
      return new Options(devices, rounds, clients, handfuls, heap, write, jvm);
    }
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    Path data = Files.createTempDirectory("citywide-sensing");
    Map<String, Double> figures = new TreeMap<>();
    int mqtt;
    try (ServerSocket free = new ServerSocket(0)) {
      mqtt = free.getLocalPort();
    }
    try (ServerProcess server = ServerProcess.start(BenchResult.root().resolve("server/target/citywide.jar"), data, options.heap(), options.jvm(),
        List.of("--mqtt-port", String.valueOf(mqtt)), Duration.ofMinutes(10))) {
      run(server, mqtt, options, figures);
    } finally {
      delete(data);
    }
    figures.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    figures.forEach((key, value) -> System.out.println(key + " " + value));
    if (options.write()) {
      Path file = BenchResult.now("sensing", "./citywide bench sensing" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "%,d series of %,d devices, values of one decimal, all series in each round, of each device one of ten read by a watch rule with the maximum of a minute; 1,000 connections of MQTT, whose values are of the day before, which no rule judges; real series of SKAB and NAB; server -Xmx%s, its database and the clients on one machine"
              .formatted(options.devices() * Fleet.PROPERTIES, options.devices(), options.heap()),
          "the newest value of every series, and count and sum of 400 series, read back over HTTP and equal to what was sent; every MQTT message acknowledged once; every value of the real series read back",
          figures).write();
      System.out.println("written to " + file);
    }
  }

  private static void run(ServerProcess server, int mqtt, Options options, Map<String, Double> figures) throws Exception {
    Wire machine = Wire.machine(server.address(), OperatorKey.find(server.data()).orElseThrow(() -> new IOException("the server has no operator key")));
    Path sensors = Path.of(System.getenv().getOrDefault("CITYWIDE_SHARED", BenchResult.root().resolve("../shared").toString())).resolve("data/sensors");
    if (Files.isDirectory(sensors)) {
      figures.put("bytes_per_observation", RealSeries.bytesPerObservation(sensors, server.data(), machine));
      figures.put("skab_valve1_f1", RealSeries.skabF1(sensors));
      System.out.printf("real series: %.3f bytes an observation, F1 of SKAB valve1 %.3f%n", figures.get("bytes_per_observation"), figures.get("skab_valve1_f1"));
    } else {
      System.out.println("the real series are not here (set CITYWIDE_SHARED): bytes_per_observation and skab_valve1_f1 are not measured");
    }

    Fleet fleet = new Fleet(options.devices(), System.currentTimeMillis() / 1000 * 1000 - 60_000L);
    fleet.register(server.data());
    while (machine.get("/api/observations/newest?device=b-" + (options.devices() - 1) + "&property=p9").text().contains("unknown-device")) {
      Thread.sleep(50);
    }
    System.out.printf("%,d devices are known%n", options.devices());
    boolean watched = Alarms.publish(server);
    server.settle(Duration.ofMinutes(1));

    // Turn by turn, so that what else the machine does falls on both.
    http(server, fleet, 0, 1, options, new TreeMap<>());
    int half = Math.max(1, options.rounds() / 2);
    List<Double> ours = new ArrayList<>();
    List<Double> rows = new ArrayList<>();
    for (int turn = 0; turn < 2; turn++) {
      ours.add(http(server, fleet, 1 + turn * half, half, options, figures));
      rows.add(PlainRows.copy(server.data(), fleet, half, LINES_OF_A_REQUEST, options.clients()));
      System.out.printf("HTTP %,.0f observations/s, COPY of plain rows %,.0f rows/s%n", ours.get(turn), rows.get(turn));
    }
    figures.put("http_observations_per_second", ours.stream().mapToDouble(d -> d).average().orElseThrow());
    figures.put("copy_rows_per_second", rows.stream().mapToDouble(d -> d).average().orElseThrow());
    figures.put("http_to_copy", figures.get("http_observations_per_second") / figures.get("copy_rows_per_second"));
    int last = 2 * half;
    check(machine, fleet, last + 1);
    latest(machine, fleet, last, figures);
    if (watched) {
      alarms(server, machine, fleet, last + 1, figures);
    } else {
      System.out.println("this server has no watch rules: alarm_p99_ms is not measured");
    }
    mqtt(server, machine, mqtt, options, figures);
    day(machine, fleet, figures);
    figures.put("server_peak_resident_mb", server.peakResidentMegabytes());
  }

  /** Until the watch has judged all that was acknowledged. */
  private static void awaitWatch(Wire machine) throws InterruptedException {
    while (true) {
      Wire.Answer metrics = machine.get("/metrics");
      String line = metrics.text().lines().filter(l -> l.startsWith("citywide_watch_behind ")).findFirst()
          .orElseThrow(() -> new IllegalStateException("/metrics does not tell how far the watch is: " + metrics.status()));
      if (Double.parseDouble(line.substring(line.indexOf(' ') + 1)) == 0) {
        return;
      }
      Thread.sleep(20);
    }
  }

  /** @return observations a second, from the first byte until the last is acknowledged and judged by the watch */
  private static double http(ServerProcess server, Fleet fleet, int first, int rounds, Options options, Map<String, Double> figures) throws Exception {
    List<byte[]> bodies = new ArrayList<>();
    for (int round = first; round < first + rounds; round++) {
      for (int device = 0; device < fleet.devices(); device += LINES_OF_A_REQUEST) {
        bodies.add(fleet.lines(device, Math.min(fleet.devices(), device + LINES_OF_A_REQUEST), round));
      }
    }
    Wire machine = Wire.machine(server.address(), OperatorKey.find(server.data()).orElseThrow());
    AtomicInteger next = new AtomicInteger();
    AtomicReference<String> fault = new AtomicReference<>();
    double[] before = server.processorSeconds();
    long begun = System.nanoTime();
    List<Thread> clients = new ArrayList<>();
    for (int c = 0; c < options.clients(); c++) {
      clients.add(Thread.ofPlatform().start(() -> {
        for (int i = next.getAndIncrement(); i < bodies.size() && fault.get() == null; i = next.getAndIncrement()) {
          Wire.Answer answer = machine.lines("/api/observations", bodies.get(i));
          if (answer.status() == 503) {
            // Turned away, honestly: it comes again.
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000L);
            answer = machine.lines("/api/observations", bodies.get(i));
          }
          if (answer.status() != 200 || !answer.json().path("refused").isEmpty()) {
            fault.compareAndSet(null, answer.status() + " " + answer.text());
          }
        }
      }));
    }
    for (Thread client : clients) {
      client.join();
    }
    double acknowledged = (System.nanoTime() - begun) / 1e9;
    if (fault.get() != null) {
      throw new IllegalStateException("observations were refused: " + fault.get());
    }
    awaitWatch(machine);
    double seconds = (System.nanoTime() - begun) / 1e9;
    figures.put("watch_behind_seconds", seconds - acknowledged);
    double[] after = server.processorSeconds();
    double count = (double) rounds * fleet.series();
    figures.put("http_server_cpu_us_per_observation", (after[0] - before[0]) * 1e6 / count);
    figures.put("http_database_cpu_us_per_observation", (after[1] - before[1]) * 1e6 / count);
    return count / seconds;
  }

  /** Count and sum of some series, read over HTTP. */
  private static void check(Wire machine, Fleet fleet, int rounds) {
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      int device = random.nextInt(fleet.devices());
      int property = random.nextInt(Fleet.PROPERTIES);
      if (device < CONNECTIONS && property == 0) {
        continue;
      }
      Wire.Answer answer = machine.get("/api/observations/sums?device=b-" + device + "&property=p" + property + "&step=HOUR&from=" + fleet.begin + "&to=" + (fleet.time(rounds) + 3_600_000L));
      if (answer.status() != 200) {
        throw new IllegalStateException("sums of b-" + device + " were not answered: " + answer.status() + " " + answer.text());
      }
      JsonNode sums = answer.json();
      long count = 0;
      double sum = 0;
      for (JsonNode part : sums) {
        count += part.path("count").asLong();
        sum += part.path("sum").asDouble();
      }
      double expected = 0;
      for (int round = 0; round < rounds; round++) {
        expected += Fleet.value(device, property, round);
      }
      if (count != rounds || Math.abs(sum - expected) > 1e-6) {
        throw new IllegalStateException("b-" + device + " p" + property + ": " + count + " values of sum " + sum + " instead of " + rounds + " of " + expected);
      }
    }
  }

  private static void latest(Wire machine, Fleet fleet, int last, Map<String, Double> figures) {
    Random random = new Random(6);
    double[] millis = new double[300];
    for (int i = 0; i < millis.length; i++) {
      int device = random.nextInt(fleet.devices());
      Wire.Answer answer = machine.get("/api/observations/newest?device=b-" + device + "&property=p3");
      if (answer.json().path("value").asDouble() != Fleet.value(device, 3, last)) {
        throw new IllegalStateException("the newest value of b-" + device + " is " + answer.text());
      }
      millis[i] = answer.nanos() / 1e6;
    }
    Arrays.sort(millis);
    figures.put("latest_one_ms", millis[millis.length / 2]);
    figures.put("latest_one_p99_ms", millis[millis.length * 99 / 100]);
    double best = Double.MAX_VALUE;
    for (int turn = 0; turn < 3; turn++) {
      Wire.Answer all = machine.get("/api/observations/latest?type=bench");
      best = Math.min(best, all.nanos() / 1e9);
      if (turn == 0) {
        long lines = new String(all.body(), StandardCharsets.US_ASCII).lines().filter(line -> newest(line, last)).count();
        if (lines != fleet.series()) {
          throw new IllegalStateException(lines + " newest values are as they were sent, of " + fleet.series());
        }
      }
    }
    figures.put("latest_all_seconds", best);
  }

  private static boolean newest(String line, int last) {
    int device = Integer.parseInt(line.substring(13, line.indexOf('"', 13)));
    int property = line.charAt(line.indexOf("\"property\":\"p") + 13) - '0';
    return Double.parseDouble(line.substring(line.lastIndexOf(':') + 1, line.length() - 1)) == Fleet.value(device, property, last);
  }

  /** Warnings at half of the load that was reached. */
  private static void alarms(ServerProcess server, Wire machine, Fleet fleet, int round, Map<String, Double> figures) throws Exception {
    double nanosOfARequest = 1e9 * LINES_OF_A_REQUEST * Fleet.PROPERTIES / (figures.get("http_observations_per_second") / 2);
    int count = Math.min(300, fleet.devices() / 2);
    java.util.concurrent.atomic.AtomicBoolean done = new java.util.concurrent.atomic.AtomicBoolean();
    Thread load = Thread.ofPlatform().start(() -> {
      long next = System.nanoTime();
      // Rounds may pass faster than seconds do, so the load leaves out the devices that are to warn: their values would come late.
      int begin = ALARMS_FROM + count;
      for (int device = begin, r = round; !done.get(); device += LINES_OF_A_REQUEST) {
        if (device >= fleet.devices()) {
          device = begin;
          r++;
        }
        machine.lines("/api/observations", fleet.lines(device, Math.min(fleet.devices(), device + LINES_OF_A_REQUEST), r));
        next += (long) nanosOfARequest;
        java.util.concurrent.locks.LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
      }
    });
    try {
      Alarms.measure(server, machine, ALARMS_FROM, count).ifPresentOrElse(millis -> figures.put("alarm_p99_ms", millis[millis.length * 99 / 100]),
          () -> {
            throw new IllegalStateException("values that must warn caused no warning");
          });
    } finally {
      done.set(true);
      load.join();
    }
  }

  private static void mqtt(ServerProcess server, Wire machine, int port, Options options, Map<String, Double> figures) throws Exception {
    // Their own moments, a day before, so that none was known.
    Fleet fleet = new Fleet(CONNECTIONS, System.currentTimeMillis() / 1000 * 1000 - 30 * 3_600_000L);
    try (MqttFleet devices = new MqttFleet(fleet, port, Math.min(CONNECTIONS, options.devices()), WINDOW)) {
      devices.publish(Math.max(1, options.handfuls() / 5), 4);
      double[] before = server.processorSeconds();
      long begun = System.nanoTime();
      long messages = devices.publish(options.handfuls(), 4);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double[] after = server.processorSeconds();
      figures.put("mqtt_messages_per_second", messages / seconds);
      figures.put("mqtt_server_cpu_us_per_message", (after[0] - before[0]) * 1e6 / messages);
      System.out.printf("MQTT %,.0f messages/s%n", messages / seconds);
      for (int device = 0; device < devices.connections(); device += 37) {
        long count = 0;
        double sum = 0;
        for (JsonNode part : machine.get("/api/observations/sums?device=b-" + device + "&property=p0&step=HOUR&from=" + fleet.begin + "&to=" + (fleet.time(devices.rounds()) + 3_600_000L)).json()) {
          count += part.path("count").asLong();
          sum += part.path("sum").asDouble();
        }
        double expected = 0;
        for (int round = 0; round < devices.rounds(); round++) {
          expected += Fleet.value(device, 0, round);
        }
        if (count != devices.rounds() || Math.abs(sum - expected) > 1e-5) {
          throw new IllegalStateException("b-" + device + ": " + count + " values by MQTT, sum " + sum + ", instead of " + devices.rounds() + ", " + expected);
        }
      }
    }
  }

  /** A day of a series that says something each minute, and of one that does each second; in chunks. */
  private static void day(Wire machine, Fleet fleet, Map<String, Double> figures) {
    int device = fleet.devices() - 1;
    long day = fleet.begin - 20 * 86_400_000L;
    for (int property = 1; property <= 2; property++) {
      StringBuilder body = new StringBuilder();
      int step = property == 1 ? 60_000 : 1000;
      for (int i = 0; i < 86_400_000 / step; i++) {
        body.append("{\"device\":\"b-").append(device).append("\",\"time\":").append(day + (long) i * step).append(",\"values\":{\"p").append(property).append("\":").append(i % 300 / 10.0).append("}}\n");
      }
      Wire.Answer answer = machine.lines("/api/observations", body.toString().getBytes(StandardCharsets.US_ASCII));
      if (answer.status() != 200) {
        throw new IllegalStateException(answer.text());
      }
    }
    RealSeries.compact(machine);
    for (int property = 1; property <= 2; property++) {
      double[] millis = new double[40];
      for (int i = 0; i < millis.length; i++) {
        Wire.Answer answer = machine.get("/api/devices/b-" + device + "/observations?property=p" + property + "&from=" + day + "&to=" + (day + 86_400_000L) + "&limit=100000");
        millis[i] = answer.nanos() / 1e6;
        if (i == 0 && answer.json().path("items").size() != (property == 1 ? 1440 : 86_400)) {
          throw new IllegalStateException("a day has " + answer.json().path("items").size() + " values");
        }
      }
      Arrays.sort(millis);
      figures.put(property == 1 ? "series_day_ms" : "series_day_of_seconds_ms", millis[millis.length / 2]);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
