package io.citywide.bench;

import io.citywide.intake.internal.matching.Candidate;
import io.citywide.intake.internal.matching.MatchProfile;
import io.citywide.intake.internal.matching.MatchProfiles;
import io.citywide.intake.internal.matching.Matcher;
import io.citywide.intake.internal.matching.Meters;
import io.citywide.intake.internal.matching.PlainLikeness;
import io.citywide.intake.internal.matching.Sighting;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * How well reports of the same problem are recognised, on every animal request of Boston 2015 to 2018, with the
 * matcher and the profiles of the server.
 *
 * <p>The reports are replayed in the order of their opening. Each is matched against the cases open at that moment: a
 * case is open from the opening of its first report until the last of its reports was closed. Place, type, address in
 * words and times of opening are the only inputs; the times of closing only decide what is open; closing texts only
 * judge. Two yardsticks judge, because the labels are few and incomplete:
 *
 * <ul>
 *   <li><b>Named pairs</b>: closing texts that name the other request. A pair is found when both are in one case,
 *       whichever was opened first. {@code recall} = pairs found / pairs.
 *   <li><b>Labelled rows</b>: rows of a named pair, and rows whose closing text says "duplicate" without naming another.
 *       {@code other_merged} = joins of rows that are not labelled / rows not labelled: an upper bound of false merges,
 *       since most duplicates were never called so. {@code precision_labelled} = joins of labelled rows / joins: a
 *       lower bound for the same reason.
 *   <li><b>Displaced reports</b>: every report is asked for once more, 13 to 52 weeks before and after its time, same
 *       place, weekday and hour. There is nothing of its own to be found then, so whatever it would join, it joins by
 *       chance: {@code chance_merged} = displaced reports that would join / displaced reports. {@code precision_estimated}
 *       = 1 − chance_merged / share of reports that would join at their own time. It says what the labels cannot, save for
 *       unrelated reports that come in bursts.
 * </ul>
 */
public final class MatchingBench {

  private static final ZoneId BOSTON = ZoneId.of("America/New_York");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int[] WEEKS_AWAY = {-52, -26, -13, 13, 26, 52};
  private static final double[] SHIFTS = {-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2};
  private static final double CELL_DEGREES = 0.002;
  private static final double BASELINE_METERS = 150;
  private static final Duration BASELINE_WINDOW = Duration.ofDays(7);

  /** What a join of an unlabelled row costs beside a found pair when an operating point is chosen. */
  private static final double COST_OF_OTHERS = 5;

  private final List<Row> rows;
  private final List<Pair> pairs;
  private final Set<Long> labelled = new HashSet<>();

  private record Row(long id, Instant opened, Instant closed, String kindId, String address, double lon, double lat, boolean saidDuplicate) {
    int year() {
      return opened.atZone(BOSTON).getYear();
    }

    boolean openAt(Instant moment) {
      return closed == null || closed.isAfter(moment);
    }
  }

  private record Pair(long duplicate, long parent) {}

  /** A case of the replay. */
  private static final class Cluster {
    final Row first;
    Instant last;
    Instant closes;

    Cluster(Row first) {
      this.first = first;
      this.last = first.opened();
      this.closes = first.closed() == null ? Instant.MAX : first.closed();
    }

    void add(Row row) {
      last = row.opened();
      closes = row.closed() == null || closes.equals(Instant.MAX) ? Instant.MAX : row.closed().isAfter(closes) ? row.closed() : closes;
    }

    Candidate candidate() {
      return new Candidate(first.id(), String.valueOf(first.id()), first.kindId(), first.lon(), first.lat(), first.address(), null, first.opened(), last, List.of(), Set.of());
    }
  }

  /** Which of the cases a report joins, if any; the cases are open and near. */
  private interface Rule extends BiFunction<Row, List<Candidate>, Candidate> {}

  private record Outcome(int pairsFound, int joins, int labelledJoins, int otherJoins, Map<Integer, int[]> byYear) {}

  private MatchingBench(List<Row> rows, List<Pair> pairs) {
    this.rows = rows;
    this.pairs = pairs;
    pairs.forEach(p -> {
      labelled.add(p.duplicate());
      labelled.add(p.parent());
    });
    rows.stream().filter(Row::saidDuplicate).forEach(r -> labelled.add(r.id()));
  }

  public static void main(String[] args) throws IOException {
    Path folder = args.length > 0 ? Path.of(args[0]) : BenchResult.root().resolve("../shared/data/boston311");
    if (!Files.exists(folder.resolve("duplicate_pairs.csv"))) {
      System.err.println("no data: " + folder.toAbsolutePath().normalize() + " has no duplicate_pairs.csv; give the folder of the Boston files as first argument");
      System.exit(2);
    }
    new MatchingBench(readRows(folder), readPairs(folder.resolve("duplicate_pairs.csv"))).run();
  }

  private void run() throws IOException {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("reports", (double) rows.size());
    figures.put("named_pairs", (double) pairs.size());
    figures.put("labelled_rows", (double) labelled.size());
    List<MatchProfile> profiles = MatchProfiles.defaults();
    System.out.printf(Locale.ROOT, "%d reports, %d named pairs, %d labelled rows%n%n", rows.size(), pairs.size(), labelled.size());
    System.out.println("                                 pairs found   recall   joins   others merged   merged by chance   precision: labelled, estimated");
    measure("baseline: same type, 150 m, 7 days", "baseline_", MatchingBench::baseline, figures);
    Map<Double, Outcome> curve = new TreeMap<>();
    for (double shift : SHIFTS) {
      String key = shift == 0 ? "" : String.format(Locale.ROOT, "curve_%+.1f_", shift);
      String name = shift == 0 ? "matcher, profiles as shipped" : String.format(Locale.ROOT, "matcher, evidence %+.1f", shift);
      curve.put(shift, measure(name, key, rule(profiles, shift), figures));
    }
    heldOut(curve, figures);
    timing(profiles, figures);
    Path file = BenchResult.now("matching", "./citywide bench matching", rows.size() + " animal requests of Boston 2015-2018 (City of Boston open data), replayed in the order of opening",
        pairs.size() + " pairs named by closing texts, " + labelled.size() + " labelled rows, and every report asked again at " + WEEKS_AWAY.length + " displaced times", figures).write();
    System.out.println("\nwritten to " + file);
  }

  private Outcome measure(String name, String key, Rule rule, Map<String, Double> figures) {
    Outcome o = replay(rule);
    double recall = (double) o.pairsFound() / pairs.size();
    double others = (double) o.otherJoins() / (rows.size() - labelled.size());
    double chance = displaced(rule, WEEKS_AWAY);
    double own = displaced(rule, new int[] {0});
    double labelledPrecision = (double) o.labelledJoins() / o.joins();
    double estimated = 1 - chance / own;
    System.out.printf(Locale.ROOT, "%-34s %5d/%d   %6.1f %%   %5d   %11.2f %%   %14.2f %%   %17.1f %%, %.1f %%%n", name, o.pairsFound(), pairs.size(), recall * 100,
        o.joins(), others * 100, chance * 100, labelledPrecision * 100, estimated * 100);
    figures.put(key + "recall", round(recall));
    figures.put(key + "pairs_found", (double) o.pairsFound());
    figures.put(key + "joins", (double) o.joins());
    figures.put(key + "other_merged", round(others));
    figures.put(key + "chance_merged", round(chance));
    figures.put(key + "precision_labelled", round(labelledPrecision));
    figures.put(key + "precision_estimated", round(estimated));
    return o;
  }

  /** For each year the evidence asked for is chosen on the three others, and judged on the one left out. */
  private void heldOut(Map<Double, Outcome> curve, Map<String, Double> figures) {
    int found = 0;
    int of = 0;
    int others = 0;
    int otherRows = 0;
    System.out.println("\nyear held out   evidence chosen on the others   pairs found   others merged");
    for (int year = 2015; year <= 2018; year++) {
      int held = year;
      double best = Double.NEGATIVE_INFINITY;
      double chosen = 0;
      for (var point : curve.entrySet()) {
        int[] sum = new int[4];
        point.getValue().byYear().forEach((y, n) -> {
          if (y != held) {
            for (int i = 0; i < 4; i++) {
              sum[i] += n[i];
            }
          }
        });
        double worth = (double) sum[0] / sum[1] - COST_OF_OTHERS * sum[2] / sum[3];
        if (worth > best) {
          best = worth;
          chosen = point.getKey();
        }
      }
      int[] n = curve.get(chosen).byYear().get(year);
      System.out.printf(Locale.ROOT, "%d            %+25.1f   %8d/%d   %11.2f %%%n", year, chosen, n[0], n[1], 100.0 * n[2] / n[3]);
      found += n[0];
      of += n[1];
      others += n[2];
      otherRows += n[3];
    }
    figures.put("held_out_recall", round((double) found / of));
    figures.put("held_out_other_merged", round((double) others / otherRows));
    System.out.printf(Locale.ROOT, "all                                        %8d/%d   %11.2f %%%n", found, of, 100.0 * others / otherRows);
  }

  private void timing(List<MatchProfile> profiles, Map<String, Double> figures) {
    long before = System.nanoTime();
    replay(rule(profiles, 0));
    double micros = (System.nanoTime() - before) / 1e3 / rows.size();
    figures.put("match_us", round(micros));
    System.out.printf(Locale.ROOT, "%nmatching one report takes %.1f µs, candidates in memory%n", micros);
  }

  private static Rule rule(List<MatchProfile> profiles, double shift) {
    var matcher = new Matcher(new MatchProfiles(profiles.stream().map(p -> p.shifted(shift)).toList()), new PlainLikeness());
    return (row, candidates) -> matcher.best(new Sighting(row.kindId(), row.lon(), row.lat(), row.address(), null, row.opened(), "", null), candidates)
        .filter(m -> m.score() >= Matcher.JOIN).map(m -> m.candidate()).orElse(null);
  }

  /** What one would write first: the nearest open case of the same type within 150 m, last reported within 7 days. */
  private static Candidate baseline(Row row, List<Candidate> candidates) {
    return candidates.stream().filter(c -> c.kindId().equals(row.kindId()))
        .filter(c -> Duration.between(c.lastSignalAt(), row.opened()).abs().compareTo(BASELINE_WINDOW) <= 0)
        .filter(c -> Meters.between(row.lon(), row.lat(), c.lon(), c.lat()) <= BASELINE_METERS)
        .min(Comparator.comparingDouble(c -> Meters.between(row.lon(), row.lat(), c.lon(), c.lat()))).orElse(null);
  }

  private Outcome replay(Rule rule) {
    Map<Long, List<Cluster>> index = new HashMap<>();
    Map<Long, Long> caseOf = new HashMap<>();
    Map<Long, Cluster> clusters = new HashMap<>();
    Map<Integer, int[]> byYear = new TreeMap<>();
    Map<Long, Integer> yearOf = new HashMap<>();
    int joins = 0;
    int labelledJoins = 0;
    for (Row row : rows) {
      yearOf.put(row.id(), row.year());
      int[] year = byYear.computeIfAbsent(row.year(), y -> new int[4]);
      if (!labelled.contains(row.id())) {
        year[3]++;
      }
      Candidate joined = Double.isNaN(row.lon()) ? null : rule.apply(row, near(index, row));
      if (joined == null) {
        Cluster cluster = new Cluster(row);
        clusters.put(row.id(), cluster);
        caseOf.put(row.id(), row.id());
        if (!Double.isNaN(row.lon())) {
          index.computeIfAbsent(cell(row.lon(), row.lat(), 0, 0), k -> new ArrayList<>()).add(cluster);
        }
      } else {
        clusters.get(joined.caseId()).add(row);
        caseOf.put(row.id(), joined.caseId());
        joins++;
        if (labelled.contains(row.id())) {
          labelledJoins++;
        } else {
          year[2]++;
        }
      }
    }
    int found = 0;
    for (Pair pair : pairs) {
      int[] year = byYear.get(yearOf.get(pair.duplicate()));
      year[1]++;
      if (caseOf.get(pair.duplicate()).equals(caseOf.get(pair.parent()))) {
        found++;
        year[0]++;
      }
    }
    return new Outcome(found, joins, labelledJoins, joins - labelledJoins, byYear);
  }

  private static List<Candidate> near(Map<Long, List<Cluster>> index, Row row) {
    List<Candidate> near = new ArrayList<>();
    for (int dx = -1; dx <= 1; dx++) {
      for (int dy = -1; dy <= 1; dy++) {
        for (Cluster cluster : index.getOrDefault(cell(row.lon(), row.lat(), dx, dy), List.of())) {
          if (cluster.closes.isAfter(row.opened())) {
            near.add(cluster.candidate());
          }
        }
      }
    }
    return near;
  }

  /**
   * The share of reports that would join a single other report, were they made some weeks from their time. Only reports
   * whose displaced time lies within the files count.
   */
  private double displaced(Rule rule, int[] weeks) {
    Map<Long, List<Row>> index = new HashMap<>();
    rows.stream().filter(r -> !Double.isNaN(r.lon())).forEach(r -> index.computeIfAbsent(cell(r.lon(), r.lat(), 0, 0), k -> new ArrayList<>()).add(r));
    long asked = 0;
    long joined = 0;
    for (int away : weeks) {
      for (Row row : rows) {
        // By the calendar, so that noon stays noon when the clocks change.
        Instant at = row.opened().atZone(BOSTON).plusWeeks(away).toInstant();
        if (Double.isNaN(row.lon()) || at.isBefore(rows.getFirst().opened()) || at.isAfter(rows.getLast().opened())) {
          continue;
        }
        asked++;
        Row moved = new Row(row.id(), at, row.closed(), row.kindId(), row.address(), row.lon(), row.lat(), false);
        if (rule.apply(moved, open(index, moved, at)) != null) {
          joined++;
        }
      }
    }
    return (double) joined / asked;
  }

  private static List<Candidate> open(Map<Long, List<Row>> index, Row row, Instant at) {
    List<Candidate> open = new ArrayList<>();
    Instant since = at.minus(BASELINE_WINDOW);
    for (int dx = -1; dx <= 1; dx++) {
      for (int dy = -1; dy <= 1; dy++) {
        for (Row other : index.getOrDefault(cell(row.lon(), row.lat(), dx, dy), List.of())) {
          boolean before = other.opened().isBefore(at) || other.opened().equals(at) && other.id() < row.id();
          if (other.id() != row.id() && before && !other.opened().isBefore(since) && other.openAt(at)) {
            open.add(new Cluster(other).candidate());
          }
        }
      }
    }
    return open;
  }

  private static long cell(double lon, double lat, int dx, int dy) {
    return (long) (Math.floor(lon / CELL_DEGREES) + dx) << 32 ^ (long) (Math.floor(lat / CELL_DEGREES) + dy) & 0xFFFF_FFFFL;
  }

  private static double round(double value) {
    return Math.round(value * 1e5) / 1e5;
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
              r.get("closure_reason").toLowerCase(Locale.ROOT).contains("duplic")));
        }
      }
    }
    rows.sort(Comparator.comparing(Row::opened).thenComparing(Row::id));
    return rows;
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
