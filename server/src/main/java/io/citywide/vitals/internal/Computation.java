package io.citywide.vitals.internal;

import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.vitals.internal.FigureBook.Land;
import io.citywide.vitals.internal.Indicator.Ready;
import io.citywide.vitals.internal.ValueStore.Made;
import io.citywide.watch.Formula;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of areas by the formula of an indicator, and what they are judged to be. */
final class Computation {

  private Computation() {}

  /** One value of one area, before it is judged. NaN: none. */
  record Parts(double[] above, double[] below, double[] value) {

    static Parts none(int n) {
      double[][] none = new double[3][n];
      for (double[] each : none) {
        Arrays.fill(each, Double.NaN);
      }
      return new Parts(none[0], none[1], none[2]);
    }
  }

  /** What the formulas read of sources, not of other indicators. */
  static Set<String> names(List<Ready> ready) {
    Set<String> names = new LinkedHashSet<>();
    ready.forEach(r -> r.formula().reads().stream().filter(n -> !n.startsWith(IndicatorBook.OTHER)).forEach(names::add));
    return names;
  }

  /** The values of every area. {@code others}: values of the indicators that it reads, by their names. */
  static Parts compute(Ready ready, FigureBook.Read read, Map<String, double[]> others) {
    Formula formula = ready.formula();
    Land land = read.land();
    int n = land.size();
    Parts parts = Parts.none(n);
    double[] figures = new double[formula.reads().size()];
    Aggregation aggregation = ready.indicator().aggregation();
    for (int i = n - 1; i >= 0; i--) {
      for (int k = 0; k < figures.length; k++) {
        String name = formula.reads().get(k);
        double[] of = name.startsWith(IndicatorBook.OTHER) ? others.get(name) : aggregation == Aggregation.WORST ? read.own().get(name) : read.total().get(name);
        figures[k] = of == null ? Double.NaN : of[i];
      }
      if (aggregation == Aggregation.SUM || aggregation == Aggregation.MEAN) {
        parts.above()[i] = formula.above(figures);
        parts.below()[i] = formula.below(figures);
      }
      double value = formula.value(figures);
      parts.value()[i] = aggregation == Aggregation.WORST ? worse(ready.indicator(), parts.value()[i], value) : value;
      if (aggregation == Aggregation.WORST && land.parents[i] >= 0) {
        int parent = land.parents[i];
        parts.value()[parent] = worse(ready.indicator(), parts.value()[parent], parts.value()[i]);
      }
    }
    return parts;
  }

  static double worse(Indicator indicator, double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.isNaN(a) ? b : a;
    }
    return switch (indicator.direction()) {
      case HIGHER -> Math.min(a, b);
      case LOWER, NONE -> Math.max(a, b);
      case RANGE -> {
        Bands bands = indicator.bands(AreaLevel.COMMUNITY);
        yield bands == null || bands.score(a) > bands.score(b) ? b : a;
      }
    };
  }

  static List<Made> judged(Indicator indicator, Land land, Parts parts, boolean notYet) {
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < land.size(); i++) {
      if (!Double.isNaN(parts.value()[i])) {
        Area area = land.areas.get(i);
        Bands bands = notYet ? null : indicator.bands(area.level());
        made.add(new Made(area.code(), parts.above()[i], parts.below()[i], parts.value()[i], bands == null ? null : bands.grade(parts.value()[i]),
            bands == null ? null : bands.score(parts.value()[i])));
      }
    }
    return made;
  }
}
