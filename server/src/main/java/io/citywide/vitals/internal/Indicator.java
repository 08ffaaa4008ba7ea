package io.citywide.vitals.internal;

import io.citywide.place.AreaLevel;
import io.citywide.watch.Formula;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One node of the tree of vital signs.
 *
 * @param code 1 to 20 capital letters and digits, beginning with a letter; never changes
 * @param parentCode {@code null}: a dimension
 * @param position among its siblings
 * @param unit as it is shown, such as {@code %}
 * @param formula CEL over named figures; {@code null} unless the source is FORMULA
 * @param weight beside its siblings; 0: it does not count for the health
 * @param thresholds by level of the area, {@link #EVERY} for the others; empty: it is not judged
 * @param freshFor a value that speaks of longer ago is out of date
 * @param evidence how well its definition is known: VERIFIED, RECALLED, or LOCAL
 * @param validTo last day, {@code null} while in force
 * @param defined version since which its values mean what they mean now; of earlier ones they are of an earlier definition
 */
public record Indicator(String code, String parentCode, int position, String nameZh, String nameEn, String meaningZh, String meaningEn, String unit, int decimals,
    Direction direction, Source source, String formula, Aggregation aggregation, Period period, double weight, Map<String, Bands> thresholds, Duration freshFor,
    Long ownerUnitId, String standardRef, String evidence, LocalDate validFrom, LocalDate validTo, int version, String changedBy, Instant changedAt,
    int defined) {

  /** Stands for every level that has no thresholds of its own. */
  static final String EVERY = "*";

  public Indicator {
    thresholds = Map.copyOf(thresholds);
  }

  boolean isActive(LocalDate day) {
    return !day.isBefore(validFrom) && (validTo == null || !day.isAfter(validTo));
  }

  /** {@code null}: it is not judged in areas of this level. */
  Bands bands(AreaLevel level) {
    Bands own = thresholds.get(level.name());
    return own == null ? thresholds.get(EVERY) : own;
  }

  /** Whether its values are those of the other; words, weight and the promise of freshness change none. */
  boolean hasValuesOf(Indicator other) {
    return source == other.source && Objects.equals(formula, other.formula) && aggregation == other.aggregation && period == other.period && direction == other.direction
        && bounds().equals(other.bounds());
  }

  /** As they are written, which can be compared. */
  private Map<String, List<?>> bounds() {
    Map<String, List<?>> bounds = new HashMap<>();
    thresholds.forEach((level, bands) -> bounds.put(level, bands.json()));
    return bounds;
  }

  /**
   * An indicator with its formula understood.
   *
   * @param grows within a period its value only grows, so that it is judged when the period is over
   * @param past whether periods that are over can be computed too
   * @param entered the indicators that it reads whose values come one by one
   */
  record Ready(Indicator indicator, Formula formula, boolean grows, boolean past, List<Indicator> entered) {}
}
