package io.citywide.watch;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Set;
import java.util.function.Predicate;

/**
 * On which days people work: Monday to Friday, but for what a city has announced.
 *
 * @param off Mondays to Fridays on which nobody works
 * @param worked Saturdays and Sundays on which people do
 */
public record DaysOff(Set<LocalDate> off, Set<LocalDate> worked) implements Predicate<LocalDate> {
  /** Monday to Friday, always. */
  public static final DaysOff NONE = new DaysOff(Set.of(), Set.of());

  public DaysOff {
    off = Set.copyOf(off);
    worked = Set.copyOf(worked);
    for (LocalDate day : off) {
      if (worked.contains(day)) throw new IllegalArgumentException("a day is off or worked, " + day + " was both");
    }
  }

  @Override
  public boolean test(LocalDate day) {
    return worked.contains(day) || day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0 && !off.contains(day);
  }
}
