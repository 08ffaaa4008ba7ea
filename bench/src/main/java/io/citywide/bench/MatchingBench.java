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
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * How well reports of the same problem are recognised, on every animal request of Boston 2015 to 2018, with the
 * matcher and the profiles of the server.
 *
 * <p>The reports are replayed in the order of their opening. Each is matched against the cases open at that moment: a
 * case is open from the opening of its first report until the last of its reports was closed. Place, type, address in
 * words and times of opening are the only inputs; the times of closing only decide what is open; closing texts only
 * judge. Several yardsticks judge, because labels are few and incomplete:
 *
 * <ul>
 *   <li><b>Named pairs</b>: closing texts that name the other request. A pair is found when both are in one case,
 *       whichever was opened first. {@code recall} = pairs found / pairs.
 *   <li><b>Called duplicates</b>: rows whose closing text says "duplicate", mostly without naming of what.
 *       {@code recall_said} = those that share a case with another report / all of them. A lower bound of what can be found:
 *       the other report is often not an animal request, and so not in the files.
 *   <li><b>Animals named</b>: for many requests the crew wrote which animal it was. A join where both sides name one is
 *       of known truth: the same animal, or another one and so a false merge. Unrelated requests agree by chance too, in
 *       a share {@code c} measured on requests 1,000 rows apart, so {@code precision} = 1 − (different / known) / (1 − c),
 *       with the bounds of its 95 % Wilson interval.
 *   <li><b>Presumed others</b>: rows closed with a text that does not say "duplicate" and that are in no named pair.
 *       {@code false_merge_rate} = those that joined / all of them: an upper bound, since crews seldom write that a
 *       report was a repetition. {@code precision_labelled} = joins of a row that is called a duplicate or is in a named pair / joins: a lower
 *       bound for the same reason.
 *   <li><b>Displaced reports</b>: every report is asked for once more, 13 to 52 weeks before and after its time, same
 *       place, weekday and hour. There is nothing of its own to be found then, so whatever it would join, it joins by
 *       chance: {@code chance_merged} = displaced reports that would join / displaced reports. {@code precision_displaced}
 *       = 1 − chance_merged / share of reports that would join at their own time. It uses no label at all, but cannot see
 *       unrelated reports that come in bursts; the animals can.
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

  /** What a share of presumed others that join costs beside the same share of found pairs, for the wary criterion. */
  private static final double COST_OF_OTHERS = 5;

  /** Factors of the weights of distance and time among which each held-back year's parameters are chosen. */
  private static final double[] FACTORS = {0.7, 1, 1.4};

  private static final double[] BASE_SHIFTS = {-1, -0.5, 0, 0.5, 1};
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

  private final List<Row> rows;
  private final List<Pair> pairs;
  private final Set<Long> labelled = new HashSet<>();

  /** @param animals kinds that the closing text names */
  private record Row(
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

  private record Pair(long duplicate, long parent) {}

  /** A case of the replay. */
  private static final class Cluster {
    final Row first;
    final List<Row> rows = new ArrayList<>();
    Instant last;
    Instant closes;

    Cluster(Row first) {
      this.first = first;
      rows.add(first);
      this.last = first.opened();
      this.closes = first.closed() == null ? Instant.MAX : first.closed();
    }

    void add(Row row) {
      rows.add(row);
      last = row.opened();
      closes = row.closed() == null || closes.equals(Instant.MAX) ? Instant.MAX : row.closed().isAfter(closes) ? row.closed() : closes;
    }

    Candidate candidate() {
      return new Candidate(first.id(), String.valueOf(first.id()), first.kindId(), first.lon(), first.lat(), first.address(), null, first.opened(), last, List.of(), Set.of());
    }
  }

  /** Which of the cases a report joins, if any; the cases are open and near. */
  private interface Rule extends BiFunction<Row, List<Candidate>, Candidate> {}

  /** What a replay counted, of a year or of all. */
  private static final class Tally {
    int pairs;
    int pairsFound;
    int saidDuplicate;
    int saidDuplicateFound;
    int joins;
    int labelledJoins;
    int presumedOthers;
    int presumedOthersJoined;
    int sameAnimal;
    int otherAnimal;

    static Tally sum(Collection<Tally> parts) {
      Tally sum = new Tally();
      for (Tally part : parts) {
        sum.pairs += part.pairs;
        sum.pairsFound += part.pairsFound;
        sum.saidDuplicate += part.saidDuplicate;
        sum.saidDuplicateFound += part.saidDuplicateFound;
        sum.joins += part.joins;
        sum.labelledJoins += part.labelledJoins;
        sum.presumedOthers += part.presumedOthers;
        sum.presumedOthersJoined += part.presumedOthersJoined;
        sum.sameAnimal += part.sameAnimal;
        sum.otherAnimal += part.otherAnimal;
      }
      return sum;
    }

    double recall() {
      return (double) pairsFound / pairs;
    }

    double falseMergeRate() {
      return (double) presumedOthersJoined / presumedOthers;
    }

    double saidRecall() {
      return (double) saidDuplicateFound / saidDuplicate;
    }
  }

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
    long begun = System.nanoTime();
    Map<String, Double> figures = new TreeMap<>();
    figures.put("reports", (double) rows.size());
    figures.put("named_pairs", (double) pairs.size());
    figures.put("labelled_rows", (double) labelled.size());
    double chanceAgreement = chanceAgreement();
    figures.put("animals_agree_by_chance", round(chanceAgreement));
    List<MatchProfile> profiles = MatchProfiles.defaults();
    System.out.printf(Locale.ROOT, "%d reports, %d named pairs, %d labelled rows; animals of unrelated reports agree in %.1f %%%n%n", rows.size(), pairs.size(),
        labelled.size(), chanceAgreement * 100);
    System.out.println("                                     pairs   recall   of said   precision (95 %)     joins   false merges   precision: displaced, labelled");
    measure("baseline: same type, 150 m, 7 days", "baseline_", MatchingBench::baseline, chanceAgreement, figures);
    for (double shift : SHIFTS) {
      String key = shift == 0 ? "" : String.format(Locale.ROOT, "%s_%.1f_", shift < 0 ? "stricter" : "looser", Math.abs(shift)).replace('.', '_');
      String name = shift == 0 ? "matcher, profiles as shipped" : String.format(Locale.ROOT, "matcher, evidence %+.1f", shift);
      measure(name, key, rule(shifted(profiles, shift, 1, 1)), chanceAgreement, figures);
    }
    heldBack(profiles, chanceAgreement, figures);
    timing(profiles, figures);
    figures.put("seconds", round((System.nanoTime() - begun) / 1e9));
    Path file = BenchResult.now("matching", "./citywide bench matching", rows.size() + " animal requests of Boston 2015-2018 (City of Boston open data), replayed in the order of"
            + " opening against the cases open then; inputs: place, type, address, opening. recall = named pairs in one case / named pairs. precision = 1 - (different / known) /"
            + " (1 - c): of joins where both closing texts name an animal (known), those with different ones, corrected for the share c of unrelated reports that agree by"
            + " chance; _lower and _upper: 95 % Wilson interval. false_merge_rate = joined / all of the rows closed with a text that does not say duplicate and in no named pair (an upper bound)."
            + " f1 of precision and recall. recall_said = rows called a duplicate that share a case / all of them. precision_displaced = 1 - share of reports that would join 13 to 52 weeks away / share that would join at their time."
            + " precision_labelled = joins of rows called a duplicate or in a named pair / joins (a lower bound). baseline = nearest open case of the same type within 150 m, last reported within 7 days."
            + " held_back_ = each year judged with base and weights chosen on the three others, by f1 of precision and recall_said; held_back_wary_ = by recall - 5 x false_merge_rate; _2015 ... _2018 = that year.",
        pairs.size() + " pairs and " + labelled.size() + " rows labelled by closing texts, the animals named by closing texts, and every report asked again at "
            + WEEKS_AWAY.length + " displaced times", figures).write();
    System.out.println("\nwritten to " + file);
  }

  private void measure(String name, String key, Rule rule, double chanceAgreement, Map<String, Double> figures) {
    Tally t = Tally.sum(replay(rule).values());
    double chance = displaced(rule, WEEKS_AWAY);
    double own = displaced(rule, new int[] {0});
    double labelledPrecision = (double) t.labelledJoins / t.joins;
    double displacedPrecision = 1 - chance / own;
    double[] precision = precision(t, chanceAgreement);
    System.out.printf(Locale.ROOT, "%-35s %3d/%d   %5.1f %%    %5.1f %%   %.1f %% (%.1f..%.1f)   %5d   %10.2f %%   %17.1f %%, %.1f %%%n", name, t.pairsFound, t.pairs, t.recall() * 100,
        t.saidRecall() * 100, precision[0] * 100, precision[1] * 100, precision[2] * 100, t.joins, t.falseMergeRate() * 100, displacedPrecision * 100, labelledPrecision * 100);
    put(figures, key, t, precision);
    figures.put(key + "pairs_found", (double) t.pairsFound);
    figures.put(key + "joins", (double) t.joins);
    figures.put(key + "joins_known", (double) t.sameAnimal + t.otherAnimal);
    figures.put(key + "joins_known_false", (double) t.otherAnimal);
    figures.put(key + "chance_merged", round(chance));
    figures.put(key + "precision_displaced", round(displacedPrecision));
    figures.put(key + "precision_labelled", round(labelledPrecision));
  }

  private static void put(Map<String, Double> figures, String key, Tally t, double[] precision) {
    figures.put(key + "recall", round(t.recall()));
    figures.put(key + "precision", round(precision[0]));
    figures.put(key + "precision_lower", round(precision[1]));
    figures.put(key + "precision_upper", round(precision[2]));
    figures.put(key + "false_merge_rate", round(t.falseMergeRate()));
    figures.put(key + "f1", round(f1(precision[0], t.recall())));
    figures.put(key + "recall_said", round(t.saidRecall()));
  }

  private static double f1(double precision, double recall) {
    return 2 * precision * recall / (precision + recall);
  }

  /** Precision, and the lower and upper bound of its interval; each 0..1. */
  private static double[] precision(Tally t, double chanceAgreement) {
    double n = t.sameAnimal + t.otherAnimal;
    double p = t.otherAnimal / n;
    double z = 1.96;
    // Wilson, Journal of the American Statistical Association 22, 1927
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    double differ = 1 - chanceAgreement;
    return new double[] {Math.max(0, 1 - p / differ), Math.max(0, 1 - (middle + half) / differ), Math.min(1, 1 - Math.max(0, middle - half) / differ)};
  }

  /** How often the animals of unrelated reports of about the same weeks agree. */
  private double chanceAgreement() {
    List<Row> named = rows.stream().filter(r -> !r.animals().isEmpty()).toList();
    int agree = 0;
    for (int i = 0; i + ROWS_APART < named.size(); i++) {
      if (!Collections.disjoint(named.get(i).animals(), named.get(i + ROWS_APART).animals())) {
        agree++;
      }
    }
    return (double) agree / (named.size() - ROWS_APART);
  }

  /**
   * For each year base and weights are chosen on the three others, and judged on the one held back. Chosen by the f1 of
   * precision and {@code recall_said}: six times as many rows say "duplicate" as name the other, and pairs so few would
   * choose by luck. Then once more by a criterion that takes the upper bound of false merges for true and weighs it
   * against the few pairs: how much the criterion matters belongs to the answer.
   */
  private void heldBack(List<MatchProfile> profiles, double chanceAgreement, Map<String, Double> figures) {
    Map<String, Map<Integer, Tally>> grid = new LinkedHashMap<>();
    for (double shift : BASE_SHIFTS) {
      for (double distance : FACTORS) {
        for (double time : FACTORS) {
          String name = String.format(Locale.ROOT, "base %+.1f, distance × %.1f, time × %.1f", shift, distance, time);
          grid.put(name, replay(rule(shifted(profiles, shift, distance, time))));
        }
      }
    }
    Tally byF1 = heldBack("by f1 of precision and recall of said", grid, t -> f1(precision(t, chanceAgreement)[0], t.saidRecall()), "held_back_", chanceAgreement, figures);
    put(figures, "held_back_", byF1, precision(byF1, chanceAgreement));
    Tally wary = heldBack("by recall - 5 x false merges", grid, t -> t.recall() - COST_OF_OTHERS * t.falseMergeRate(), "held_back_wary_", chanceAgreement, figures);
    put(figures, "held_back_wary_", wary, precision(wary, chanceAgreement));
  }

  private static Tally heldBack(String criterion, Map<String, Map<Integer, Tally>> grid, ToDoubleFunction<Tally> worth, String key, double chanceAgreement,
      Map<String, Double> figures) {
    List<Tally> held = new ArrayList<>();
    System.out.println("\nyear held back   chosen on the others " + criterion + "   pairs   false merges   animals differ");
    for (int year = 2015; year <= 2018; year++) {
      int left = year;
      String best = grid.entrySet().stream().max(Comparator.comparingDouble(point ->
          worth.applyAsDouble(Tally.sum(point.getValue().entrySet().stream().filter(e -> e.getKey() != left).map(Map.Entry::getValue).toList())))).orElseThrow().getKey();
      Tally t = grid.get(best).get(year);
      held.add(t);
      System.out.printf(Locale.ROOT, "%d             %-45s %5d/%d   %10.2f %%   %9d/%d%n", year, best, t.pairsFound, t.pairs, t.falseMergeRate() * 100, t.otherAnimal, t.sameAnimal + t.otherAnimal);
      figures.put(key + "recall_" + year, round(t.recall()));
      figures.put(key + "false_merge_rate_" + year, round(t.falseMergeRate()));
      figures.put(key + "precision_" + year, round(precision(t, chanceAgreement)[0]));
    }
    return Tally.sum(held);
  }

  private static List<MatchProfile> shifted(List<MatchProfile> profiles, double base, double distance, double time) {
    return profiles.stream().map(p -> new MatchProfile(p.kindPrefix(), p.group(), p.radiusMeters(), p.windowHours(), p.base() + base, p.distanceScaleMeters(),
        p.distanceWeight() * distance, p.timeScaleHours(), p.timeWeight() * time, p.otherKindPenalty(), p.textWeight(), p.addressBonus(), p.reporterBonus())).toList();
  }

  private void timing(List<MatchProfile> profiles, Map<String, Double> figures) {
    long before = System.nanoTime();
    replay(rule(profiles));
    double micros = (System.nanoTime() - before) / 1e3 / rows.size();
    figures.put("match_us", round(micros));
    System.out.printf(Locale.ROOT, "%nmatching one report takes %.1f µs, candidates in memory%n", micros);
  }

  private static Rule rule(List<MatchProfile> profiles) {
    var matcher = new Matcher(new MatchProfiles(profiles), new PlainLikeness());
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

  /** What happened, by the year in which a report, or the duplicate of a pair, was opened. */
  private Map<Integer, Tally> replay(Rule rule) {
    Map<Long, List<Cluster>> index = new HashMap<>();
    Map<Long, Cluster> clusterOf = new HashMap<>();
    Map<Integer, Tally> byYear = new TreeMap<>();
    Map<Long, Integer> yearOf = new HashMap<>();
    for (Row row : rows) {
      yearOf.put(row.id(), row.year());
      Tally t = byYear.computeIfAbsent(row.year(), y -> new Tally());
      boolean presumedOther = !row.closingText().isBlank() && !labelled.contains(row.id());
      if (presumedOther) {
        t.presumedOthers++;
      }
      Candidate joined = Double.isNaN(row.lon()) ? null : rule.apply(row, near(index, row));
      if (joined == null) {
        Cluster cluster = new Cluster(row);
        clusterOf.put(row.id(), cluster);
        if (!Double.isNaN(row.lon())) {
          index.computeIfAbsent(cell(row.lon(), row.lat(), 0, 0), k -> new ArrayList<>()).add(cluster);
        }
        continue;
      }
      Cluster cluster = clusterOf.get(joined.caseId());
      t.joins++;
      if (labelled.contains(row.id())) {
        t.labelledJoins++;
      }
      if (presumedOther) {
        t.presumedOthersJoined++;
      }
      Set<String> known = new HashSet<>();
      cluster.rows.forEach(r -> known.addAll(r.animals()));
      if (!known.isEmpty() && !row.animals().isEmpty()) {
        if (Collections.disjoint(known, row.animals())) {
          t.otherAnimal++;
        } else {
          t.sameAnimal++;
        }
      }
      cluster.add(row);
      clusterOf.put(row.id(), cluster);
    }
    for (Row row : rows) {
      if (row.saidDuplicate()) {
        Tally t = byYear.get(row.year());
        t.saidDuplicate++;
        if (clusterOf.get(row.id()).rows.size() > 1) {
          t.saidDuplicateFound++;
        }
      }
    }
    for (Pair pair : pairs) {
      Tally t = byYear.get(yearOf.get(pair.duplicate()));
      t.pairs++;
      if (clusterOf.get(pair.duplicate()) == clusterOf.get(pair.parent())) {
        t.pairsFound++;
      }
    }
    return byYear;
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
        Row moved = new Row(row.id(), at, row.closed(), row.kindId(), row.address(), row.lon(), row.lat(), "", Set.of());
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
