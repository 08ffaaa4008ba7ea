package io.citywide.watch;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Predicate;

/**
 * Settings of an engine.
 *
 * @param lateness a value that is older than the newest of its series by more is late, default 1 minute
 * @param ahead a value may be so far ahead of the clock, default 5 minutes
 * @param valuesKept the most values one input keeps for its windows; with more, the oldest leave early; 1..1,000,000, default 4096
 * @param zone of {@code hour}, {@code weekday}, {@code workday} and {@code holiday} in conditions, default Asia/Shanghai
 * @param workday whether people work on this day, default Monday to Friday; the same day must give the same answer
 */
public record Settings(Duration lateness, Duration ahead, int valuesKept, ZoneId zone, Predicate<LocalDate> workday) {
  public static final Settings DEFAULT = new Settings(Duration.ofMinutes(1), Duration.ofMinutes(5), 4096, ZoneId.of("Asia/Shanghai"));

  /** With Monday to Friday as workdays. */
  public Settings(Duration lateness, Duration ahead, int valuesKept, ZoneId zone) {
    this(lateness, ahead, valuesKept, zone, DaysOff.NONE);
  }

  public Settings {
    if (lateness.isNegative()) throw new IllegalArgumentException("lateness must not be negative, was " + lateness);
    if (ahead.isNegative()) throw new IllegalArgumentException("ahead must not be negative, was " + ahead);
    if (valuesKept < 1 || valuesKept > 1_000_000) throw new IllegalArgumentException("valuesKept must be 1..1000000, was " + valuesKept);
  }
}
