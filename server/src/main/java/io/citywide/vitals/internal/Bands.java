package io.citywide.vitals.internal;

import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The four bounds of an indicator, from blue to red. A value beyond one (below it where higher is better, above it where
 * lower is, outside the pair of a range) has at least that colour. At the bounds the score is 85, 70, 55 and 40; between
 * them it runs straight, beyond the outer ones as steep as in the band beside, and never leaves 0 to 100.
 *
 * @param low bounds from below, falling; {@code null}: nothing is too low
 * @param high bounds from above, rising; {@code null}: nothing is too high
 */
public record Bands(double[] low, double[] high) {

  private static final double[] SCORES = {85, 70, 55, 40};

  /**
   * Reads the bounds of one level as they are written in JSON.
   *
   * @param given four numbers from blue to red; of a range four pairs
   * @throws ProblemException {@code vitals.invalid-indicator} naming the level
   */
  static Bands read(Direction direction, String level, Object given) {
    if (!(given instanceof List<?> list) || list.size() != 4) {
      throw bad(level, "has four bounds, from blue to red, was " + given, "须依次给出蓝、黄、橙、红四个界限");
    }
    if (direction == Direction.RANGE) {
      double[] low = new double[4];
      double[] high = new double[4];
      for (int i = 0; i < 4; i++) {
        if (!(list.get(i) instanceof List<?> pair) || pair.size() != 2) {
          throw bad(level, "has a pair [low, high] for each colour, was " + list.get(i), "每种颜色须给出下限和上限");
        }
        low[i] = number(level, pair.get(0));
        high[i] = number(level, pair.get(1));
        if (!(low[i] < high[i])) {
          throw bad(level, "has a low bound below the high one, was " + low[i] + ".." + high[i], "下限须小于上限");
        }
      }
      ordered(level, low, false);
      ordered(level, high, true);
      return new Bands(low, high);
    }
    double[] bounds = new double[4];
    for (int i = 0; i < 4; i++) {
      bounds[i] = number(level, list.get(i));
    }
    ordered(level, bounds, direction == Direction.LOWER);
    return direction == Direction.LOWER ? new Bands(null, bounds) : new Bands(bounds, null);
  }

  private static double number(String level, Object given) {
    if (!(given instanceof Number n) || !Double.isFinite(n.doubleValue())) {
      throw bad(level, "has numbers as bounds, was " + given, "界限须为数字");
    }
    return n.doubleValue();
  }

  private static void ordered(String level, double[] bounds, boolean rising) {
    for (int i = 1; i < 4; i++) {
      if (rising ? !(bounds[i] > bounds[i - 1]) : !(bounds[i] < bounds[i - 1])) {
        throw bad(level, (rising ? "rises" : "falls") + " from blue to red, was " + bounds[i - 1] + ", " + bounds[i], "界限须从蓝到红依次" + (rising ? "升高" : "降低"));
      }
    }
  }

  private static ProblemException bad(String level, String en, String zh) {
    return new ProblemException(VitalsProblem.INVALID_INDICATOR, "the threshold of " + level + " " + en, Map.of("field", "thresholds", "level", level))
        .zh("“" + level + "”的阈值有误：" + zh);
  }

  /** As {@link #read} reads it. */
  List<?> json() {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      list.add(low != null && high != null ? List.of(low[i], high[i]) : low != null ? (Object) low[i] : (Object) high[i]);
    }
    return list;
  }

  Grade grade(double value) {
    int worst = 0;
    for (int i = 0; i < 4; i++) {
      if (low != null && value < low[i] || high != null && value > high[i]) {
        worst = i + 1;
      }
    }
    return Grade.values()[worst];
  }

  /** 0 to 100. */
  double score(double value) {
    double score = 100;
    if (low != null) {
      score = Math.min(score, side(value, low, 1));
    }
    if (high != null) {
      score = Math.min(score, side(-value, high, -1));
    }
    return score;
  }

  /** Bounds fall when multiplied by {@code sign}. */
  private static double side(double value, double[] bounds, double sign) {
    int i = 0;
    while (i < 2 && value < sign * bounds[i + 1]) {
      i++;
    }
    double upper = sign * bounds[i];
    double lower = sign * bounds[i + 1];
    double score = SCORES[i + 1] + (SCORES[i] - SCORES[i + 1]) * (value - lower) / (upper - lower);
    return Math.clamp(score, 0, 100);
  }
}
