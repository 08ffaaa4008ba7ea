package io.citywide.vitals.internal;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** For how long an indicator is counted, by the calendar of the city. */
public enum Period {
  HOUR(Duration.ofHours(3), 48, 24),
  DAY(Duration.ofDays(2), 60, 31),
  /** Monday to Sunday. */
  WEEK(Duration.ofDays(10), 53, 13),
  MONTH(Duration.ofDays(40), 25, 13),
  QUARTER(Duration.ofDays(120), 13, 5),
  YEAR(Duration.ofDays(400), 6, 2);

  /** [from, to). */
  public record Span(Instant from, Instant to) {

    boolean isOver(Instant now) {
      return !to.isAfter(now);
    }
  }

  private final Duration freshFor;
  private final int shown;
  private final int past;

  Period(Duration freshFor, int shown, int past) {
    this.freshFor = freshFor;
    this.shown = shown;
    this.past = past;
  }

  /** How many before the present one are computed where nobody did, and again when something of that time comes late. */
  int past() {
    return past;
  }

  /** For how long a value is good where nobody promised anything. */
  Duration freshFor() {
    return freshFor;
  }

  /** How many a chart of the history shows. */
  int shown() {
    return shown;
  }

  /** The one in which {@code at} lies. */
  Span around(Instant at, ZoneId zone) {
    return from(first(at.atZone(zone)));
  }

  /** {@code by} periods later, earlier where negative. */
  Span shift(Span span, int by, ZoneId zone) {
    return from(plus(span.from().atZone(zone), by));
  }

  /** The same a year before; of weeks the one 52 weeks before. */
  Span yearBefore(Span span, ZoneId zone) {
    ZonedDateTime from = span.from().atZone(zone);
    return this == WEEK ? shift(span, -52, zone) : from(first(from.minusYears(1)));
  }

  private Span from(ZonedDateTime from) {
    return new Span(from.toInstant(), plus(from, 1).toInstant());
  }

  private ZonedDateTime first(ZonedDateTime at) {
    LocalDateTime day = at.toLocalDate().atStartOfDay();
    LocalDateTime first = switch (this) {
      case HOUR -> at.toLocalDateTime().truncatedTo(ChronoUnit.HOURS);
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case QUARTER -> day.withDayOfMonth(1).withMonth((at.getMonthValue() - 1) / 3 * 3 + 1);
      case YEAR -> day.withDayOfYear(1);
    };
    return first.atZone(at.getZone());
  }

  private ZonedDateTime plus(ZonedDateTime from, int by) {
    return switch (this) {
      case HOUR -> from.plusHours(by);
      case DAY -> from.plusDays(by);
      case WEEK -> from.plusWeeks(by);
      case MONTH -> from.plusMonths(by);
      case QUARTER -> from.plusMonths(3L * by);
      case YEAR -> from.plusYears(by);
    };
  }
}
