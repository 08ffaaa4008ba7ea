package io.citywide.vitals.internal;

import io.citywide.place.AreaLevel;
import io.citywide.watch.Formula;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;

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
 */
public record Indicator(String code, String parentCode, int position, String nameZh, String nameEn, String meaningZh, String meaningEn, String unit, int decimals,
    Direction direction, Source source, String formula, Aggregation aggregation, Period period, double weight, Map<String, Bands> thresholds, Duration freshFor,
    Long ownerUnitId, String standardRef, String evidence, LocalDate validFrom, LocalDate validTo, int version, String changedBy, Instant changedAt) {

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

  /** An indicator with its formula understood. {@code grows}: within a period its value only grows, so that it is judged when the period is over. */
  record Ready(Indicator indicator, Formula formula, boolean grows, boolean past) {}
}
