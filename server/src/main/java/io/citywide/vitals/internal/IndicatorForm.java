package io.citywide.vitals.internal;

import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An indicator as somebody writes it; what is absent stays as it is, or takes its default.
 *
 * @param thresholds by level of the area or {@code *}: four bounds from blue to red, of a range four pairs
 * @param clear names of fields that are to be empty: {@code ownerUnitId}, {@code validTo}, {@code formula}
 */
public record IndicatorForm(String code, String parentCode, Integer position, String nameZh, String nameEn, String meaningZh, String meaningEn, String unit, Integer decimals,
    String direction, String source, String formula, String aggregation, String period, Double weight, Map<String, Object> thresholds, Double freshHours, Long ownerUnitId,
    String standardRef, String evidence, String validFrom, String validTo, Integer version, java.util.Set<String> clear) {

  /** @param was {@code null}: a new one */
  public Indicator indicator(Indicator was) {
    Direction way = oneOf(Direction.class, "direction", direction, was == null ? Direction.HIGHER : was.direction());
    Source from = oneOf(Source.class, "source", source, was == null ? Source.FORMULA : was.source());
    Period each = oneOf(Period.class, "period", period, was == null ? Period.MONTH : was.period());
    Map<String, Bands> bands = new LinkedHashMap<>();
    if (thresholds != null) {
      thresholds.forEach((level, bounds) -> bands.put(level, Bands.read(way, level, bounds)));
    } else if (was != null && was.direction() == way) {
      bands.putAll(was.thresholds());
    }
    boolean noFormula = from != Source.FORMULA || clear != null && clear.contains("formula");
    return new Indicator(was == null ? or(code, "") : was.code(), was == null ? blank(parentCode) : parentCode == null ? was.parentCode() : blank(parentCode),
        position != null ? position : was == null ? 10_000 : was.position(), or(nameZh, was == null ? "" : was.nameZh()), or(nameEn, was == null ? "" : was.nameEn()),
        or(meaningZh, was == null ? "" : was.meaningZh()), or(meaningEn, was == null ? "" : was.meaningEn()), or(unit, was == null ? "" : was.unit()),
        decimals != null ? decimals : was == null ? 1 : was.decimals(), way, from, noFormula ? null : or(formula, was == null || was.formula() == null ? "" : was.formula()),
        oneOf(Aggregation.class, "aggregation", aggregation, was == null ? Aggregation.MEAN : was.aggregation()), each, weight != null ? weight : was == null ? 0 : was.weight(), bands,
        freshHours != null ? hours(freshHours) : was == null || was.period() != each ? each.freshFor() : was.freshFor(),
        clear != null && clear.contains("ownerUnitId") ? null : ownerUnitId != null ? ownerUnitId : was == null ? null : was.ownerUnitId(),
        or(standardRef, was == null ? "" : was.standardRef()), or(evidence, was == null ? "LOCAL" : was.evidence()),
        validFrom != null ? day("validFrom", validFrom) : was == null ? LocalDate.of(2026, 1, 1) : was.validFrom(),
        clear != null && clear.contains("validTo") ? null : validTo != null && !validTo.isBlank() ? day("validTo", validTo) : was == null ? null : was.validTo(),
        version == null ? 1 : version, "", Instant.EPOCH, was == null ? 1 : was.defined());
  }

  private static Duration hours(double hours) {
    if (!(hours > 0 && hours <= 87_840)) {
      throw bad("freshHours", "a promise of freshness is more than 0 and at most 87840 hours, was " + hours, "时效承诺须大于 0 且不超过 87840 小时");
    }
    return Duration.ofSeconds(Math.round(hours * 3600));
  }

  private static String or(String text, String otherwise) {
    return text == null ? otherwise : text.strip();
  }

  private static String blank(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static LocalDate day(String field, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw bad(field, field + " is a day such as 2026-11-22, was '" + text + "'", "日期格式有误：" + text);
    }
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String field, String text, E otherwise) {
    if (text == null) {
      return otherwise;
    }
    return Arrays.stream(type.getEnumConstants()).filter(e -> e.name().equals(text)).findFirst()
        .orElseThrow(() -> bad(field, field + " is one of " + Arrays.toString(type.getEnumConstants()) + ", was '" + text + "'", "“" + field + "”的取值有误：" + text));
  }

  private static ProblemException bad(String field, String en, String zh) {
    return new ProblemException(VitalsProblem.INVALID_INDICATOR, en, Map.of("field", field)).zh(zh);
  }
}
