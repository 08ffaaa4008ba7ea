package io.citywide.vitals.internal;

import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.vitals.internal.Entries.Entry;
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

  /**
   * The values of every area.
   *
   * @param others values of the indicators that it reads, by their names; where the worst of the areas below is looked for, that of an area counts only if none below has one
   */
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
        boolean other = name.startsWith(IndicatorBook.OTHER);
        double[] of = other ? others.get(name) : aggregation == Aggregation.WORST ? read.own().get(name) : read.total().get(name);
        boolean fromBelow = other && aggregation == Aggregation.WORST && !Double.isNaN(parts.value()[i]);
        figures[k] = of == null || fromBelow ? Double.NaN : of[i];
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

  /**
   * What was entered, and what follows from it for the areas above: an area's own entry first; a sum or a mean only where all areas below have one, the worst where
   * any has.
   */
  static Parts entered(Indicator indicator, Land land, Map<String, Entry> entered) {
    int n = land.size();
    Parts parts = Parts.none(n);
    int[] children = new int[n];
    int[] known = new int[n];
    double[] above = new double[n];
    double[] below = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      Entry own = entered.get(land.areas.get(i).code());
      if (own != null) {
        parts.value()[i] = own.value();
        parts.below()[i] = own.base() == null ? Double.NaN : own.base();
        parts.above()[i] = indicator.aggregation() == Aggregation.SUM ? own.value() : own.base() == null ? Double.NaN : own.value() * own.base();
      } else if (known[i] > 0 && known[i] == children[i]) {
        if (indicator.aggregation() == Aggregation.SUM) {
          parts.above()[i] = above[i];
          parts.value()[i] = above[i];
        } else if (indicator.aggregation() == Aggregation.MEAN && below[i] > 0) {
          parts.above()[i] = above[i];
          parts.below()[i] = below[i];
          parts.value()[i] = above[i] / below[i];
        }
      }
      int parent = land.parents[i];
      if (parent >= 0) {
        children[parent]++;
        boolean counts = !Double.isNaN(parts.above()[i]) && (indicator.aggregation() != Aggregation.MEAN || !Double.isNaN(parts.below()[i]));
        if (counts) {
          known[parent]++;
          above[parent] += parts.above()[i];
          below[parent] += Double.isNaN(parts.below()[i]) ? 0 : parts.below()[i];
        }
        if (indicator.aggregation() == Aggregation.WORST && !entered.containsKey(land.areas.get(parent).code())) {
          parts.value()[parent] = worse(indicator, parts.value()[parent], parts.value()[i]);
        }
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
