package io.citywide.bench;

import io.citywide.intake.internal.matching.MatchProfile;
import io.citywide.intake.internal.matching.MatchProfiles;
import io.citywide.intake.internal.matching.Matcher;
import io.citywide.intake.internal.matching.PlainLikeness;
import io.citywide.intake.internal.matching.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

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

  private static final int[] WEEKS_AWAY = {-52, -26, -13, 13, 26, 52};
  private static final double[] SHIFTS = {-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2};

  /** What a share of presumed others that join costs beside the same share of found pairs, for the wary criterion. */
  private static final double COST_OF_OTHERS = 5;

  /** Factors of the weights of distance and time among which each held-back year's parameters are chosen. */
  private static final double[] FACTORS = {0.7, 1, 1.4};

  private static final double[] BASE_SHIFTS = {-1, -0.5, 0, 0.5, 1};

  private final BostonReports reports;
  private final MatchingReplay replay;

  private MatchingBench(BostonReports reports) {
    this.reports = reports;
    this.replay = new MatchingReplay(reports);
  }

  public static void main(String[] args) throws IOException {
    Path folder = args.length > 0 ? Path.of(args[0]) : BenchResult.root().resolve("../shared/data/boston311");
    if (!Files.exists(folder.resolve("duplicate_pairs.csv"))) {
      System.err.println("no data: " + folder.toAbsolutePath().normalize() + " has no duplicate_pairs.csv; give the folder of the Boston files as first argument");
      System.exit(2);
    }
    new MatchingBench(BostonReports.read(folder)).run();
  }

  private void run() throws IOException {
    long begun = System.nanoTime();
    Map<String, Double> figures = new TreeMap<>();
    figures.put("reports", (double) reports.rows().size());
    figures.put("named_pairs", (double) reports.pairs().size());
    figures.put("labelled_rows", (double) reports.labelled().size());
    double chanceAgreement = reports.chanceAgreement();
    figures.put("animals_agree_by_chance", round(chanceAgreement));
    List<MatchProfile> profiles = MatchProfiles.defaults();
    System.out.printf(Locale.ROOT, "%d reports, %d named pairs, %d labelled rows; animals of unrelated reports agree in %.1f %%%n%n", reports.rows().size(), reports.pairs().size(),
        reports.labelled().size(), chanceAgreement * 100);
    System.out.println("                                     pairs   recall   of said   precision (95 %)     joins   false merges   precision: displaced, labelled");
    measure("baseline: same type, 150 m, 7 days", "baseline_", MatchingReplay::baseline, chanceAgreement, figures);
    for (double shift : SHIFTS) {
      String key = shift == 0 ? "" : String.format(Locale.ROOT, "%s_%.1f_", shift < 0 ? "stricter" : "looser", Math.abs(shift)).replace('.', '_');
      String name = shift == 0 ? "matcher, profiles as shipped" : String.format(Locale.ROOT, "matcher, evidence %+.1f", shift);
      measure(name, key, rule(shifted(profiles, shift, 1, 1)), chanceAgreement, figures);
    }
    heldBack(profiles, chanceAgreement, figures);
    timing(profiles, figures);
    figures.put("seconds", round((System.nanoTime() - begun) / 1e9));
    Path file = BenchResult.now("matching", "./citywide bench matching", reports.rows().size() + " animal requests of Boston 2015-2018 (City of Boston open data), replayed in the order of"
            + " opening against the cases open then; inputs: place, type, address, opening. recall = named pairs in one case / named pairs. precision = 1 - (different / known) /"
            + " (1 - c): of joins where both closing texts name an animal (known), those with different ones, corrected for the share c of unrelated reports that agree by"
            + " chance; _lower and _upper: 95 % Wilson interval. false_merge_rate = joined / all of the rows closed with a text that does not say duplicate and in no named pair (an upper bound)."
            + " f1 of precision and recall. recall_said = rows called a duplicate that share a case / all of them. precision_displaced = 1 - share of reports that would join 13 to 52 weeks away / share that would join at their time."
            + " precision_labelled = joins of rows called a duplicate or in a named pair / joins (a lower bound). baseline = nearest open case of the same type within 150 m, last reported within 7 days."
            + " held_back_ = each year judged with base and weights chosen on the three others, by f1 of precision and recall_said; held_back_wary_ = by recall - 5 x false_merge_rate; _2015 ... _2018 = that year.",
        reports.pairs().size() + " pairs and " + reports.labelled().size() + " rows labelled by closing texts, the animals named by closing texts, and every report asked again at "
            + WEEKS_AWAY.length + " displaced times", figures).write();
    System.out.println("\nwritten to " + file);
  }

  private void measure(String name, String key, MatchingReplay.Rule rule, double chanceAgreement, Map<String, Double> figures) {
    MatchingTally t = MatchingTally.sum(replay.replay(rule).values());
    double chance = replay.displaced(rule, WEEKS_AWAY);
    double own = replay.displaced(rule, new int[] {0});
    double labelledPrecision = (double) t.labelledJoins / t.joins;
    double displacedPrecision = 1 - chance / own;
    double[] precision = t.precision(chanceAgreement);
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

  private static void put(Map<String, Double> figures, String key, MatchingTally t, double[] precision) {
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

  /**
   * For each year base and weights are chosen on the three others, and judged on the one held back. Chosen by the f1 of
   * precision and {@code recall_said}: six times as many rows say "duplicate" as name the other, and pairs so few would
   * choose by luck. Then once more by a criterion that takes the upper bound of false merges for true and weighs it
   * against the few pairs: how much the criterion matters belongs to the answer.
   */
  private void heldBack(List<MatchProfile> profiles, double chanceAgreement, Map<String, Double> figures) {
    Map<String, Map<Integer, MatchingTally>> grid = new LinkedHashMap<>();
    for (double shift : BASE_SHIFTS) {
      for (double distance : FACTORS) {
        for (double time : FACTORS) {
          String name = String.format(Locale.ROOT, "base %+.1f, distance × %.1f, time × %.1f", shift, distance, time);
          grid.put(name, replay.replay(rule(shifted(profiles, shift, distance, time))));
        }
      }
    }
    MatchingTally byF1 = heldBack("by f1 of precision and recall of said", grid, t -> f1(t.precision(chanceAgreement)[0], t.saidRecall()), "held_back_", chanceAgreement, figures);
    put(figures, "held_back_", byF1, byF1.precision(chanceAgreement));
    MatchingTally wary = heldBack("by recall - 5 x false merges", grid, t -> t.recall() - COST_OF_OTHERS * t.falseMergeRate(), "held_back_wary_", chanceAgreement, figures);
    put(figures, "held_back_wary_", wary, wary.precision(chanceAgreement));
  }

  private static MatchingTally heldBack(String criterion, Map<String, Map<Integer, MatchingTally>> grid, ToDoubleFunction<MatchingTally> worth, String key, double chanceAgreement,
      Map<String, Double> figures) {
    List<MatchingTally> held = new ArrayList<>();
    System.out.println("\nyear held back   chosen on the others " + criterion + "   pairs   false merges   animals differ");
    for (int year = 2015; year <= 2018; year++) {
      int left = year;
      String best = grid.entrySet().stream().max(Comparator.comparingDouble(point ->
          worth.applyAsDouble(MatchingTally.sum(point.getValue().entrySet().stream().filter(e -> e.getKey() != left).map(Map.Entry::getValue).toList())))).orElseThrow().getKey();
      MatchingTally t = grid.get(best).get(year);
      held.add(t);
      System.out.printf(Locale.ROOT, "%d             %-45s %5d/%d   %10.2f %%   %9d/%d%n", year, best, t.pairsFound, t.pairs, t.falseMergeRate() * 100, t.otherAnimal, t.sameAnimal + t.otherAnimal);
      figures.put(key + "recall_" + year, round(t.recall()));
      figures.put(key + "false_merge_rate_" + year, round(t.falseMergeRate()));
      figures.put(key + "precision_" + year, round(t.precision(chanceAgreement)[0]));
    }
    return MatchingTally.sum(held);
  }

  private static List<MatchProfile> shifted(List<MatchProfile> profiles, double base, double distance, double time) {
    return profiles.stream().map(p -> new MatchProfile(p.kindPrefix(), p.group(), p.radiusMeters(), p.windowHours(), p.base() + base, p.distanceScaleMeters(),
        p.distanceWeight() * distance, p.timeScaleHours(), p.timeWeight() * time, p.otherKindPenalty(), p.textWeight(), p.addressBonus(), p.reporterBonus())).toList();
  }

  private void timing(List<MatchProfile> profiles, Map<String, Double> figures) {
    long before = System.nanoTime();
    replay.replay(rule(profiles));
    double micros = (System.nanoTime() - before) / 1e3 / reports.rows().size();
    figures.put("match_us", round(micros));
    System.out.printf(Locale.ROOT, "%nmatching one report takes %.1f µs, candidates in memory%n", micros);
  }

  private static MatchingReplay.Rule rule(List<MatchProfile> profiles) {
    var matcher = new Matcher(new MatchProfiles(profiles), new PlainLikeness());
    return (row, candidates) -> matcher.best(new Sighting(row.kindId(), row.lon(), row.lat(), row.address(), null, row.opened(), "", null), candidates)
        .filter(m -> m.score() >= Matcher.JOIN).map(m -> m.candidate()).orElse(null);
  }

  private static double round(double value) {
    return Math.round(value * 1e5) / 1e5;
  }
}
