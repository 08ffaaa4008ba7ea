package io.citywide.bench;

import io.citywide.bench.BostonReports.Pair;
import io.citywide.bench.BostonReports.Row;
import io.citywide.intake.internal.matching.Candidate;
import io.citywide.intake.internal.matching.Meters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Replays the reports in the order of their opening, each against the cases open at that moment: a case is open from the opening
 * of its first report until the last of its reports was closed.
 */
final class MatchingReplay {

  private static final double CELL_DEGREES = 0.002;
  private static final double BASELINE_METERS = 150;
  private static final Duration BASELINE_WINDOW = Duration.ofDays(7);

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
  interface Rule extends BiFunction<Row, List<Candidate>, Candidate> {}

  private final BostonReports reports;

  MatchingReplay(BostonReports reports) {
    this.reports = reports;
  }

  /** What one would write first: the nearest open case of the same type within 150 m, last reported within 7 days. */
  static Candidate baseline(Row row, List<Candidate> candidates) {
    return candidates.stream().filter(c -> c.kindId().equals(row.kindId()))
        .filter(c -> Duration.between(c.lastSignalAt(), row.opened()).abs().compareTo(BASELINE_WINDOW) <= 0)
        .filter(c -> Meters.between(row.lon(), row.lat(), c.lon(), c.lat()) <= BASELINE_METERS)
        .min(Comparator.comparingDouble(c -> Meters.between(row.lon(), row.lat(), c.lon(), c.lat()))).orElse(null);
  }

  /** What happened, by the year in which a report, or the duplicate of a pair, was opened. */
  Map<Integer, MatchingTally> replay(Rule rule) {
    Map<Long, List<Cluster>> index = new HashMap<>();
    Map<Long, Cluster> clusterOf = new HashMap<>();
    Map<Integer, MatchingTally> byYear = new TreeMap<>();
    Map<Long, Integer> yearOf = new HashMap<>();
    for (Row row : reports.rows()) {
      yearOf.put(row.id(), row.year());
      MatchingTally t = byYear.computeIfAbsent(row.year(), y -> new MatchingTally());
      boolean presumedOther = !row.closingText().isBlank() && !reports.labelled().contains(row.id());
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
      if (reports.labelled().contains(row.id())) {
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
    for (Row row : reports.rows()) {
      if (row.saidDuplicate()) {
        MatchingTally t = byYear.get(row.year());
        t.saidDuplicate++;
        if (clusterOf.get(row.id()).rows.size() > 1) {
          t.saidDuplicateFound++;
        }
      }
    }
    for (Pair pair : reports.pairs()) {
      MatchingTally t = byYear.get(yearOf.get(pair.duplicate()));
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
  double displaced(Rule rule, int[] weeks) {
    Map<Long, List<Row>> index = new HashMap<>();
    reports.rows().stream().filter(r -> !Double.isNaN(r.lon()))
        .forEach(r -> index.computeIfAbsent(cell(r.lon(), r.lat(), 0, 0), k -> new ArrayList<>()).add(r));
    long asked = 0;
    long joined = 0;
    for (int away : weeks) {
      for (Row row : reports.rows()) {
        // By the calendar, so that noon stays noon when the clocks change.
        Instant at = row.opened().atZone(BostonReports.BOSTON).plusWeeks(away).toInstant();
        if (Double.isNaN(row.lon()) || at.isBefore(reports.rows().getFirst().opened()) || at.isAfter(reports.rows().getLast().opened())) {
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
}
