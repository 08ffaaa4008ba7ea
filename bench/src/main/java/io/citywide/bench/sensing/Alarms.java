package io.citywide.bench.sensing;

import io.citywide.bench.load.ServerProcess;
import io.citywide.bench.load.Wire;
import io.citywide.demo.DemoCity;
import io.citywide.platform.DataFolderDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A watch rule over every device of the fleet, and how long a warning takes from the value that causes it. */
final class Alarms {

  private static final String RULE = "bench-alarm";
  private static final String DOCUMENT = """
      rule: bench-alarm
      version: 1
      name: {zh: 测试超限, en: Benchmark limit}
      watch: {type: bench}
      inputs: {p9: p9}
      windows: {most: {max: p9, over: 1m}}
      grades:
        yellow: {when: "most > 800"}
        red: {when: "p9 > 900"}
      """;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  private Alarms() {}

  /** @return whether this server has watch rules */
  static boolean publish(ServerProcess server) throws IOException {
    Wire leader = Wire.person(server.address(), "shift", DemoCity.PASSWORD);
    Wire.Answer draft = leader.put("/api/watch-rules/draft", Wire.JSON.writeValueAsString(Map.of("document", DOCUMENT, "category", "Other", "note", "benchmark")));
    if (draft.status() == 404) {
      return false;
    }
    Wire.Answer published = draft.done() ? leader.post("/api/watch-rules/" + RULE + "/publish", Wire.JSON.writeValueAsString(Map.of("edit", draft.json().path("edit").asInt()))) : draft;
    if (!published.done()) {
      throw new IllegalStateException("the rule was not published: " + published.text());
    }
    return true;
  }

  /**
   * Sends values that cause a warning, one device after the other, while others load the server.
   *
   * @return milliseconds from before a value is sent until its warning is in the database, the 99th percentile; empty where a warning is missing
   */
  static Optional<double[]> measure(ServerProcess server, Wire machine, int first, int count) throws IOException, SQLException, InterruptedException {
    Map<String, Long> sent = new ConcurrentHashMap<>();
    Map<String, Long> seen = new HashMap<>();
    Thread sender = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < count; i++) {
        String device = "b-" + (first + i);
        sent.put(device, System.nanoTime());
        machine.lines("/api/observations", ("{\"device\":\"" + device + "\",\"values\":{\"p9\":950}}\n").getBytes(StandardCharsets.US_ASCII));
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    });
    try (DataFolderDatabase database = DataFolderDatabase.open(server.data()); Connection connection = database.connect();
        PreparedStatement select = connection.prepareStatement("SELECT id, subject FROM sensing_warning WHERE rule_code = '" + RULE + "' AND id > ? ORDER BY id")) {
      long last = 0;
      long until = System.nanoTime() + count * PAUSE_NANOS * 3 + TimeUnit.SECONDS.toNanos(60);
      while (seen.size() < count && System.nanoTime() < until) {
        select.setLong(1, last);
        try (var row = select.executeQuery()) {
          while (row.next()) {
            last = row.getLong(1);
            seen.putIfAbsent(row.getString(2), System.nanoTime());
          }
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    sender.join();
    if (!seen.keySet().containsAll(sent.keySet())) {
      System.out.println(seen.size() + " warnings of " + count);
      return Optional.empty();
    }
    double[] millis = sent.entrySet().stream().mapToDouble(e -> (seen.get(e.getKey()) - e.getValue()) / 1e6).sorted().toArray();
    System.out.printf("warnings: p50 %.0f ms, p99 %.0f ms, longest %.0f ms%n", millis[millis.length / 2], millis[millis.length * 99 / 100], millis[millis.length - 1]);
    return Optional.of(Arrays.copyOf(millis, millis.length));
  }
}
