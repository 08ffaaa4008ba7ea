package io.citywide.cases.internal.evaluation;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/** A cycle of evaluation (GB/T 30428.4: 日、周、月、季、年), by the days of the city's time zone. */
public enum Period {
  DAY,
  /** Monday to Sunday. */
  WEEK,
  MONTH,
  QUARTER,
  YEAR;

  /** [from, to) in instants. */
  public record Span(Instant from, Instant to) {}

  /** The span of this period in which {@code day} lies. */
  public Span around(LocalDate day, ZoneId zone) {
    LocalDate first = switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case QUARTER -> day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1);
      case YEAR -> day.withDayOfYear(1);
    };
    LocalDate next = switch (this) {
      case DAY -> first.plusDays(1);
      case WEEK -> first.plusWeeks(1);
      case MONTH -> first.plusMonths(1);
      case QUARTER -> first.plusMonths(3);
      case YEAR -> first.plusYears(1);
    };
    return new Span(first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
  }
}
