package io.citywide.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The animal requests of Boston 2015 to 2018 (City of Boston open data), and what their closing texts tell of which belong
 * together.
 *
 * @param rows in the order of their opening
 * @param pairs requests of which one closing text names the other
 * @param labelled ids of rows whose closing text says "duplicate", and of those in a pair
 */
record BostonReports(List<Row> rows, List<Pair> pairs, Set<Long> labelled) {

  static final ZoneId BOSTON = ZoneId.of("America/New_York");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int ROWS_APART = 1_000;

  /** Animals in the words of the crews, and what they are one of; birds are told apart too seldom to count as kinds. */
  private static final Map<String, String> ANIMALS = Map.ofEntries(
      Map.entry("squirrel", "squirrel"), Map.entry("raccoon", "raccoon"), Map.entry("racoon", "raccoon"), Map.entry("skunk", "skunk"),
      Map.entry("opossum", "opossum"), Map.entry("possum", "opossum"), Map.entry("cat", "cat"), Map.entry("kitten", "cat"), Map.entry("dog", "dog"),
      Map.entry("puppy", "dog"), Map.entry("rat", "rat"), Map.entry("bird", "bird"), Map.entry("pigeon", "bird"), Map.entry("seagull", "bird"),
      Map.entry("goose", "bird"), Map.entry("geese", "bird"), Map.entry("duck", "bird"), Map.entry("turkey", "bird"), Map.entry("hawk", "bird"),
      Map.entry("rabbit", "rabbit"), Map.entry("bunny", "rabbit"), Map.entry("coyote", "coyote"), Map.entry("deer", "deer"), Map.entry("bat", "bat"),
      Map.entry("mouse", "mouse"), Map.entry("mice", "mouse"), Map.entry("swan", "bird"), Map.entry("crow", "bird"), Map.entry("owl", "bird"));
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  /** @param animals kinds that the closing text names */
  record Row(
      long id, Instant opened, Instant closed, String kindId, String address, double lon, double lat, String closingText, Set<String> animals) {

    boolean saidDuplicate() {
      return closingText.toLowerCase(Locale.ROOT).contains("duplic");
    }

    int year() {
      return opened.atZone(BOSTON).getYear();
    }

    boolean openAt(Instant moment) {
      return closed == null || closed.isAfter(moment);
    }
  }

  record Pair(long duplicate, long parent) {}

  /** @param folder with {@code animal_*.csv} and {@code duplicate_pairs.csv} */
  static BostonReports read(Path folder) throws IOException {
    List<Row> rows = readRows(folder);
    List<Pair> pairs = readPairs(folder.resolve("duplicate_pairs.csv"));
    Set<Long> labelled = new HashSet<>();
    pairs.forEach(p -> {
      labelled.add(p.duplicate());
      labelled.add(p.parent());
    });
    rows.stream().filter(Row::saidDuplicate).forEach(r -> labelled.add(r.id()));
    return new BostonReports(rows, pairs, labelled);
  }

  /** How often the animals of unrelated reports of about the same weeks agree. */
  double chanceAgreement() {
    List<Row> named = rows.stream().filter(r -> !r.animals().isEmpty()).toList();
    int agree = 0;
    for (int i = 0; i + ROWS_APART < named.size(); i++) {
      if (!Collections.disjoint(named.get(i).animals(), named.get(i + ROWS_APART).animals())) {
        agree++;
      }
    }
    return (double) agree / (named.size() - ROWS_APART);
  }

  private static List<Row> readRows(Path folder) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "animal_*.csv")) {
      for (Path file : files) {
        for (CSVRecord r : records(file)) {
          boolean placed = !r.get("longitude").isBlank() && !r.get("latitude").isBlank();
          rows.add(new Row(Long.parseLong(r.get("case_enquiry_id")), time(r.get("open_dt")), r.get("closed_dt").isBlank() ? null : time(r.get("closed_dt")),
              "boston311-M" + r.get("type").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), r.get("location"),
              placed ? Double.parseDouble(r.get("longitude")) : Double.NaN, placed ? Double.parseDouble(r.get("latitude")) : Double.NaN,
              r.get("closure_reason"), animals(r.get("closure_reason"))));
        }
      }
    }
    rows.sort(Comparator.comparing(Row::opened).thenComparing(Row::id));
    return rows;
  }

  private static Set<String> animals(String closingText) {
    return WORD.matcher(closingText.toLowerCase(Locale.ROOT)).results().map(MatchResult::group)
        .map(w -> ANIMALS.getOrDefault(w, w.endsWith("s") ? ANIMALS.get(w.substring(0, w.length() - 1)) : null))
        .filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
  }

  private static List<Pair> readPairs(Path file) throws IOException {
    return records(file).stream().map(r -> new Pair(Long.parseLong(r.get("dup")), Long.parseLong(r.get("parent")))).toList();
  }

  private static List<CSVRecord> records(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file); var parser = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader)) {
      return parser.getRecords();
    }
  }

  private static Instant time(String text) {
    return LocalDateTime.parse(text.substring(0, 19), TIME).atZone(BOSTON).toInstant();
  }
}
