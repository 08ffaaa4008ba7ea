package io.citywide.vitals.internal;

import io.citywide.vitals.internal.IndicatorReader.Point;
import java.util.Arrays;
import java.util.List;

/**
 * Where an indicator is going.
 *
 * @param slope middle of the changes from period to period; {@code null} below four periods
 * @param direction RISING, FALLING, STEADY, or UNKNOWN below four periods
 * @param better {@code null}: neither, or nobody can tell
 */
public record Trend(Double slope, String direction, Boolean better) {

  /** Periods over which it is judged. */
  private static final int PERIODS = 12;

  /**
   * By the middle of the slopes between any two of the last periods that are over (Theil and Sen), which single strange ones do not move.
   *
   * @param history oldest first
   */
  static Trend of(Indicator i, List<Point> history) {
    // Of two definitions the step between them would be the trend.
    List<Point> over = history.stream().filter(p -> p.over() && !p.earlier()).toList();
    List<Point> last = over.subList(Math.max(0, over.size() - PERIODS), over.size());
    if (last.size() < 4) {
      return new Trend(null, "UNKNOWN", null);
    }
    double[] slopes = new double[last.size() * (last.size() - 1) / 2];
    int n = 0;
    for (int a = 0; a < last.size(); a++) {
      for (int b = a + 1; b < last.size(); b++) {
        slopes[n++] = (last.get(b).value() - last.get(a).value()) / (b - a);
      }
    }
    Arrays.sort(slopes);
    double slope = slopes.length % 2 == 1 ? slopes[slopes.length / 2] : (slopes[slopes.length / 2 - 1] + slopes[slopes.length / 2]) / 2;
    double level = last.stream().mapToDouble(p -> Math.abs(p.value())).average().orElse(0);
    // Less than two hundredths of the level over the whole time is no trend.
    if (Math.abs(slope) * (last.size() - 1) <= 0.02 * level) {
      return new Trend(slope, "STEADY", null);
    }
    return new Trend(slope, slope > 0 ? "RISING" : "FALLING", switch (i.direction()) {
      case HIGHER -> slope > 0;
      case LOWER -> slope < 0;
      case RANGE, NONE -> null;
    });
  }
}
