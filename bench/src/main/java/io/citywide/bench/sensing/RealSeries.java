package io.citywide.bench.sensing;

import io.citywide.bench.load.Wire;
import io.citywide.platform.DataFolderDatabase;
import io.citywide.watch.stats.Residual;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The series of SKAB and NAB: how small they become, and whether faults are found in them. */
final class RealSeries {

  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int LEARN = 400;

  private RealSeries() {}

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".csv")).sorted().toList();
    }
  }

  private static long time(String text) {
    return LocalDateTime.parse(text, MOMENT).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /**
   * Sends every column of every file to a device of its own over HTTP, lets the server make chunks of them, and reads some back.
   *
   * @return bytes of the table of chunks with its index and everything, for each observation
   */
  static double bytesPerObservation(Path sensors, Path data, Wire machine) throws IOException, SQLException {
    long sent = 0;
    int devices = 0;
    List<Path> files = files(sensors);
    try (DataFolderDatabase database = DataFolderDatabase.open(data); Connection connection = database.connect(); Statement statement = connection.createStatement()) {
      // At once, so that no device is known before its series.
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention) VALUES ('bench-real', '实测', 'Real series', "
          + "'[{\"name\":\"v\",\"nameZh\":\"值\",\"nameEn\":\"Value\",\"unit\":\"1\",\"low\":null,\"high\":null,\"intervalSeconds\":60}]', '1 day', '36500 days') ON CONFLICT DO NOTHING");
      statement.execute("INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code) SELECT 'real-' || i, 'bench-real', 'real', 118.7, 32.0, 9, "
          + "(SELECT min(code) FROM place_area) FROM generate_series(0, 199) i");
      statement.execute("INSERT INTO sensing_series (device_id, property) SELECT id, 'v' FROM sensing_device WHERE type_code = 'bench-real' ORDER BY id");
      connection.commit();
      connection.setAutoCommit(true);
      while (machine.get("/api/observations/newest?device=real-199&property=v").text().contains("unknown-device")) {
        Thread.onSpinWait();
      }
      List<Runnable> checks = new ArrayList<>();
      for (Path file : files) {
        List<String> rows = Files.readAllLines(file);
        String separator = rows.getFirst().contains(";") ? ";" : ",";
        String[] names = rows.getFirst().split(separator);
        for (int column = 1; column < names.length && !names[column].equals("anomaly"); column++) {
          StringBuilder body = new StringBuilder();
          java.util.TreeMap<Long, Double> values = new java.util.TreeMap<>();
          String device = "real-" + devices++;
          for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(separator);
            values.putIfAbsent(time(cells[0]), Double.parseDouble(cells[column]));
            body.append("{\"device\":\"").append(device).append("\",\"time\":").append(time(cells[0])).append(",\"values\":{\"v\":").append(cells[column]).append("}}\n");
          }
          Wire.Answer answer = machine.lines("/api/observations", body.toString().getBytes(StandardCharsets.US_ASCII));
          if (answer.status() != 200 || answer.json().path("stored").asLong() != rows.size() - 1) {
            throw new IllegalStateException(file + ": " + answer.text());
          }
          sent += values.size();
          checks.add(() -> same(machine, device, values));
        }
      }
      // The watch says every some seconds how far it has heard; what it has not stays in the log.
      long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      long size = 0;
      for (long stored = -1; stored != sent; ) {
        compact(machine);
        try (var row = statement.executeQuery("SELECT pg_total_relation_size('sensing_chunk'), coalesce(sum(count), 0) FROM sensing_chunk")) {
          row.next();
          size = row.getLong(1);
          stored = row.getLong(2);
        }
        if (stored != sent && System.nanoTime() > until) {
          throw new IllegalStateException(stored + " observations are in chunks of " + sent);
        }
      }
      checks.forEach(Runnable::run);
      return size / (double) sent;
    }
  }

  static void compact(Wire machine) {
    Wire.Answer answer = machine.patient().post("/api/observations:compact", "");
    if (answer.status() != 204) {
      throw new IllegalStateException("chunks were not made: " + answer.text());
    }
  }

  private static void same(Wire machine, String device, java.util.TreeMap<Long, Double> values) {
    long from = values.firstKey();
    List<Double> read = new ArrayList<>();
    while (true) {
      JsonNode page = machine.get("/api/devices/" + device + "/observations?property=v&from=" + from + "&to=" + (values.lastKey() + 1) + "&limit=100000").json();
      page.path("items").forEach(item -> read.add(item.path("value").asDouble()));
      if (!page.path("next").isNumber()) {
        break;
      }
      from = page.path("next").asLong();
    }
    if (!read.equals(new ArrayList<>(values.values()))) {
      throw new IllegalStateException("the values of " + device + " are not read back as they were sent");
    }
  }

  /** F1 of all rows of SKAB valve1, each file learnt by its first 400 rows, as the benchmark of SKAB has it. */
  static double skabF1(Path sensors) throws IOException {
    long hit = 0;
    long wrong = 0;
    long missed = 0;
    for (Path file : files(sensors.resolve("skab/valve1"))) {
      List<String> rows = Files.readAllLines(file);
      List<String> names = Arrays.asList(rows.getFirst().split(";")).subList(1, 9);
      List<double[]> values = new ArrayList<>();
      for (String row : rows.subList(1, rows.size())) {
        values.add(Arrays.stream(row.split(";"), 1, 9).mapToDouble(Double::parseDouble).toArray());
      }
      Residual watch = Residual.learn(names, values.subList(0, LEARN), 5);
      for (int i = 0; i < values.size(); i++) {
        boolean alarm = watch.accept(values.get(i)).unusual();
        boolean truth = Double.parseDouble(rows.get(i + 1).split(";")[9]) > 0;
        hit += alarm && truth ? 1 : 0;
        wrong += alarm && !truth ? 1 : 0;
        missed += !alarm && truth ? 1 : 0;
      }
    }
    return 2.0 * hit / (2 * hit + wrong + missed);
  }
}
