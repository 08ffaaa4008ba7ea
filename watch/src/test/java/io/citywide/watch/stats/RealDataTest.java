package io.citywide.watch.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The statistical watches on SKAB valve1 and NAB, one setting for all. Prints the figures of docs/watch.md. */
class RealDataTest {
  private static final int LEARN = 400;
  private static final long DAY = 86_400_000;

  private static Path sensors() {
    String shared = System.getenv().getOrDefault("CITYWIDE_SHARED", "../../shared");
    Path folder = Path.of(shared, "data", "sensors");
    assumeTrue(Files.isDirectory(folder), "the real data are not here; set CITYWIDE_SHARED");
    return folder;
  }

  private record Counts(long tp, long fp, long fn, long tn) {
    double f1() {
      return 2.0 * tp / (2 * tp + fp + fn);
    }

    @Override
    public String toString() {
      return "F1 %.3f, false alarm rate %.3f, missed alarm rate %.3f".formatted(f1(), (double) fp / (fp + tn), (double) fn / (tp + fn));
    }
  }

  @Test
  void findsTheFaultsOfTheValveByWhatNoLongerFitsTogether() throws IOException {
    long[] whole = new long[4];
    long[] after = new long[4];
    try (Stream<Path> files = Files.list(sensors().resolve("skab/valve1"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        List<String> names = Arrays.asList(lines.getFirst().split(";")).subList(1, 9);
        List<double[]> rows = new ArrayList<>();
        List<Boolean> truth = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
          String[] cells = line.split(";");
          rows.add(Arrays.stream(cells, 1, 9).mapToDouble(Double::parseDouble).toArray());
          truth.add(Double.parseDouble(cells[9]) > 0);
        }
        Residual watch = Residual.learn(names, rows.subList(0, LEARN), 5);
        for (int i = 0; i < rows.size(); i++) {
          boolean alarm = watch.accept(rows.get(i)).unusual();
          int kind = alarm ? truth.get(i) ? 0 : 1 : truth.get(i) ? 2 : 3;
          whole[kind]++;
          if (i >= LEARN) after[kind]++;
        }
      }
    }
    Counts all = new Counts(whole[0], whole[1], whole[2], whole[3]);
    System.out.println("SKAB valve1, all rows: " + all);
    System.out.println("SKAB valve1, rows after the first 400: " + new Counts(after[0], after[1], after[2], after[3]));
    assertThat(all.f1()).isGreaterThan(0.78);
  }

  private record Point(long time, double value) {}

  private record Labelled(List<Point> points, List<long[]> windows) {}

  private record Judged(int found, int falseAlarms) {}

  @Test
  void findsTheWindowsOfNabWithFewerFalseAlarmsThanAWindowedGaussian() throws IOException {
    Map<String, Labelled> sets = read(sensors().resolve("nab"));
    Map<String, double[]> seasonal = new LinkedHashMap<>();
    sets.forEach((name, set) -> {
      SeasonalBaseline baseline = new SeasonalBaseline(name);
      seasonal.put(name, set.points().stream().mapToDouble(p -> baseline.accept(p.time(), p.value()).score()).toArray());
    });
    Judged ours = judge(sets, seasonal, SeasonalBaseline.LIMIT);
    System.out.println("NAB, seasonal baseline at its own limit of 3.5: " + ours);
    System.out.println("NAB, seasonal baseline, fewest false alarms by windows found: " + best(sets, seasonal));
    Map<String, ToDoubleFunction<Labelled>> windows = new LinkedHashMap<>();
    windows.put("a day", set -> (double) DAY / step(set));
    windows.put("a week", set -> 7.0 * DAY / step(set));
    windows.put("6400 values (as in NAB)", set -> 6400);
    windows.forEach((name, window) -> {
      Map<String, double[]> gaussian = new LinkedHashMap<>();
      sets.forEach((n, set) -> gaussian.put(n, gaussian(set, (int) window.applyAsDouble(set))));
      Map<Integer, Integer> best = best(sets, gaussian);
      System.out.println("NAB, Gaussian over " + name + ", fewest false alarms by windows found: " + best);
      best.forEach((found, falseAlarms) -> {
        if (found == ours.found()) assertThat(ours.falseAlarms()).as("against the Gaussian over " + name + ", its threshold chosen after the fact").isLessThan(falseAlarms);
      });
    });
    assertThat(ours.found()).isGreaterThanOrEqualTo(8);
  }

  private static Map<String, Labelled> read(Path folder) throws IOException {
    Map<String, Labelled> sets = new LinkedHashMap<>();
    Matcher m = Pattern.compile("\"[^\"]*/([^\"/]+\\.csv)\": \\[(.*?)\\n ]", Pattern.DOTALL).matcher(Files.readString(folder.resolve("windows.json")));
    while (m.find()) {
      List<long[]> windows = new ArrayList<>();
      Matcher w = Pattern.compile("\"([^\"]+)\",\\s*\"([^\"]+)\"").matcher(m.group(2));
      while (w.find()) windows.add(new long[] {time(w.group(1)), time(w.group(2))});
      List<Point> points = new ArrayList<>();
      List<String> lines = Files.readAllLines(folder.resolve(m.group(1)));
      for (String line : lines.subList(1, lines.size())) {
        int comma = line.indexOf(',');
        points.add(new Point(time(line.substring(0, comma)), Double.parseDouble(line.substring(comma + 1))));
      }
      sets.put(m.group(1).replace(".csv", ""), new Labelled(points, windows));
    }
    assertThat(sets).hasSize(3);
    return sets;
  }

  private static long time(String text) {
    return LocalDateTime.parse(text.substring(0, 19).replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static long step(Labelled set) {
    return set.points().get(1).time() - set.points().getFirst().time();
  }

  /**
   * After the first 15 % of each file, as in NAB: a window is found when an alarm lies in it; alarms outside of windows
   * that are less than half a day apart are one false alarm.
   */
  private static Judged judge(Map<String, Labelled> sets, Map<String, double[]> scores, double limit) {
    int found = 0;
    int wrong = 0;
    for (Map.Entry<String, Labelled> entry : sets.entrySet()) {
      List<Point> points = entry.getValue().points();
      List<long[]> windows = entry.getValue().windows();
      double[] score = scores.get(entry.getKey());
      boolean[] hit = new boolean[windows.size()];
      long last = Long.MIN_VALUE / 2;
      for (int i = points.size() * 15 / 100; i < score.length; i++) {
        if (!(score[i] > limit)) continue;
        long at = points.get(i).time();
        int in = -1;
        for (int w = 0; w < hit.length; w++) if (at >= windows.get(w)[0] && at <= windows.get(w)[1]) in = w;
        if (in >= 0) {
          hit[in] = true;
          continue;
        }
        if (at - last > DAY / 2) wrong++;
        last = at;
      }
      for (boolean h : hit) if (h) found++;
    }
    return new Judged(found, wrong);
  }

  /** For each number of windows, the fewest false alarms with which at least so many are found, over one limit for all series. */
  private static Map<Integer, Integer> best(Map<String, Labelled> sets, Map<String, double[]> scores) {
    double[] all = scores.values().stream().flatMapToDouble(Arrays::stream).filter(s -> s > 0).sorted().toArray();
    TreeSet<Double> limits = new TreeSet<>();
    for (int i = 0; i < 300; i++) limits.add(all[(int) ((all.length - 1) * (0.5 + 0.5 * (1 - Math.pow(1 - i / 299.0, 3))))]);
    Map<Integer, Integer> best = new TreeMap<>();
    for (double limit : limits) {
      Judged judged = judge(sets, scores, limit);
      for (int found = 1; found <= judged.found(); found++) best.merge(found, judged.falseAlarms(), Math::min);
    }
    return best;
  }

  private static double[] gaussian(Labelled set, int window) {
    List<Point> points = set.points();
    double[] score = new double[points.size()];
    double shift = points.getFirst().value();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < score.length; i++) {
      int n = Math.min(i, window);
      double value = points.get(i).value() - shift;
      if (n >= Math.min(window, 100)) {
        double mean = sum / n;
        score[i] = Math.abs(value - mean) / Math.sqrt(Math.max(squares / n - mean * mean, 1e-12));
      }
      sum += value;
      squares += value * value;
      if (i >= window) {
        double gone = points.get(i - window).value() - shift;
        sum -= gone;
        squares -= gone * gone;
      }
    }
    return score;
  }
}
