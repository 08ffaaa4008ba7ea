package io.citywide.bench.map;

import io.citywide.grid.GridCell;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How soon the search box answers while somebody types: {@value #QUESTIONS} beginnings of numbers, names, initials and
 * BeiDou codes, one after the other over HTTP, each timed from the request to the last byte.
 *
 * <p>Beside a running server: {@code java -cp "bench/target/lib/*:bench/target/classes" io.citywide.bench.map.SearchProbe
 * --url http://127.0.0.1:8080 --data DIR [--fill 15000000]}. {@code fill} writes so many components (districts 770001 to
 * 770016) straight into the embedded database of the folder: for a folder that is thrown away afterwards.
 */
public final class SearchProbe {

  /** Milliseconds; {@code hits} found by all questions together. */
  public record Result(long components, int questions, double p50, double p95, double max, long hits) {}

  private static final int QUESTIONS = 200;
  private static final long SEED = 20260704;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SearchProbe() {}

  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    URI url = URI.create(value(given, "--url"));
    Path data = Path.of(value(given, "--data"));
    if (given.contains("--fill")) {
      long begun = System.nanoTime();
      fill(data, Long.parseLong(value(given, "--fill")));
      System.out.printf(Locale.ROOT, "filled in %.0f s%n", (System.nanoTime() - begun) / 1e9);
    }
    System.out.println(run(url, data));
  }

  private static String value(List<String> args, String name) {
    int at = args.indexOf(name);
    if (at < 0 || at + 1 == args.size()) {
      throw new IllegalArgumentException(name + " is needed: --url URL --data DIR [--fill COUNT]");
    }
    return args.get(at + 1);
  }

  /** @param data folder of the server that answers at {@code url}, with an embedded database */
  public static Result run(URI url, Path data) throws IOException, InterruptedException, SQLException {
    String key = OperatorKey.find(data).orElseThrow(() -> new IOException("no server runs on " + data));
    List<String> idents = new ArrayList<>();
    List<String> names = new ArrayList<>();
    long components;
    try (Connection connection = connect(data); var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("SELECT reltuples::bigint FROM pg_class WHERE relname = 'place_component'")) {
        rows.next();
        components = rows.getLong(1);
      }
      try (var rows = statement.executeQuery("SELECT ident FROM place_component TABLESAMPLE SYSTEM (0.02) LIMIT 2000")) {
        while (rows.next()) {
          idents.add(rows.getString(1));
        }
      }
      try (var rows = statement.executeQuery("SELECT DISTINCT name FROM place_feature WHERE name IS NOT NULL UNION SELECT name FROM place_area LIMIT 2000")) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    List<String> questions = questions(idents, names);
    try (HttpClient http = HttpClient.newHttpClient()) {
      questions.forEach(q -> ask(http, url, key, q)); // the JVM compiles, the pages come into memory
      double[] millis = new double[questions.size()];
      long hits = 0;
      for (int i = 0; i < millis.length; i++) {
        long begun = System.nanoTime();
        JsonNode answer = ask(http, url, key, questions.get(i));
        millis[i] = (System.nanoTime() - begun) / 1e6;
        hits += answer.path("hits").size();
      }
      Arrays.sort(millis);
      return new Result(components, millis.length, millis[millis.length / 2], millis[millis.length * 95 / 100], millis[millis.length - 1], hits);
    }
  }

  private static List<String> questions(List<String> idents, List<String> names) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> questions = new ArrayList<>();
    while (questions.size() < QUESTIONS) {
      switch (questions.size() % 5) {
        case 0, 1 -> questions.add(idents.isEmpty() ? "770001" : begun(idents.get(random.nextInt(idents.size())), 6, random));
        case 2, 3 -> questions.add(names.isEmpty() ? "路" : begun(names.get(random.nextInt(names.size())), 1, random));
        default -> questions.add(random.nextBoolean() ? letters(random) : "N50G4A0010".substring(0, 5 + random.nextInt(6)));
      }
    }
    return questions;
  }

  private static String begun(String whole, int least, SplittableRandom random) {
    return whole.length() <= least ? whole : whole.substring(0, least + random.nextInt(whole.length() - least + 1));
  }

  private static String letters(SplittableRandom random) {
    StringBuilder letters = new StringBuilder();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      letters.append("abcdfghjlmnpqrstwxyz".charAt(random.nextInt(20)));
    }
    return letters.toString();
  }

  private static JsonNode ask(HttpClient http, URI url, String key, String q) {
    try {
      var request = HttpRequest.newBuilder(url.resolve("/api/map/search?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8))).header("Authorization", "Bearer " + key).build();
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("'" + q + "' was answered with " + response.statusCode() + ": " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void fill(Path data, long count) throws IOException, SQLException {
    try (Connection connection = connect(data)) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI()
          .copyIn("COPY place_component (ident, kind_id, name, lon, lat, grid_key, state, recorded_on) FROM STDIN");
      StringBuilder rows = new StringBuilder();
      for (long n = 0; n < count; n++) {
        double lon = 121 + n % 10_000 / 10_000.0;
        double lat = 30.5 + n / 10_000 % 10_000 / 10_000.0;
        rows.append(770_001 + n % 16).append(String.format(Locale.ROOT, "%02d037%06d", n / 16_000_000 + 1, n / 16 % 1_000_000)).append("\tgb47678.5-C01037\t路灯\t")
            .append(lon).append('\t').append(lat).append('\t').append(GridCell.of(lon, lat, 9).key()).append("\tINTACT\t2026-01-01\n");
        if (rows.length() > 1 << 20 || n + 1 == count) {
          byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
          copy.writeToCopy(bytes, 0, bytes.length);
          rows.setLength(0);
        }
      }
      copy.endCopy();
      try (var statement = connection.createStatement()) {
        statement.execute("ANALYZE place_component");
      }
    }
  }

  private static Connection connect(Path data) throws IOException, SQLException {
    Properties passwords = new Properties();
    try (var reader = Files.newBufferedReader(data.resolve("postgres/credentials.properties"))) {
      passwords.load(reader);
    }
    int port = Integer.parseInt(Files.readString(data.resolve("postgres/run/port")).strip());
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/citywide", "postgres", passwords.getProperty("postgres"));
  }
}
