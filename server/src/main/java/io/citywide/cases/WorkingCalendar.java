package io.citywide.cases;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which minutes count. All shifts of all workdays from {@link #FIRST_DAY} to {@link #LAST_DAY} lie in sorted arrays with
 * the working time before each, so that every question is one or two binary searches, however far apart the days.
 *
 * <p>Shifts are half-open: at its close a shift is over, yet a limit that ends exactly at a close ends there and not at
 * the next opening. Law: {@code elapsed(start, addWorking(start, d))} equals {@code d}. Immutable, exact to the
 * nanosecond, right across changes to summer time.
 */
public final class WorkingCalendar {

  /** First day that can be asked for. */
  public static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);

  /** Last day that can be asked for. */
  public static final LocalDate LAST_DAY = LocalDate.of(2049, 12, 31);

  /**
   * A time of work within a day, local time.
   *
   * @param close after {@code open}; a night shift is two shifts
   */
  public record Shift(LocalTime open, LocalTime close) {

    public Shift {
      if (!close.isAfter(open)) {
        throw new IllegalArgumentException("a shift closes after it opens, was " + open + " to " + close);
      }
    }
  }

  /**
   * What holds for a range of days.
   *
   * @param validFrom first day
   * @param validTo last day
   * @param shifts in order, without overlap, at least one
   * @param holidays days off, whatever their weekday
   * @param makeupDays workdays, whatever their weekday (调休上班)
   */
  public record Version(LocalDate validFrom, LocalDate validTo, List<Shift> shifts, Set<LocalDate> holidays, Set<LocalDate> makeupDays) {

    public Version {
      shifts = List.copyOf(shifts);
      holidays = Set.copyOf(holidays);
      makeupDays = Set.copyOf(makeupDays);
      if (validTo.isBefore(validFrom)) {
        throw new IllegalArgumentException("a calendar ends after it begins, was " + validFrom + " to " + validTo);
      }
      if (validFrom.isBefore(FIRST_DAY) || validTo.isAfter(LAST_DAY)) {
        throw new IllegalArgumentException("a calendar lies within " + FIRST_DAY + " and " + LAST_DAY + ", was " + validFrom + " to " + validTo);
      }
      if (shifts.isEmpty()) {
        throw new IllegalArgumentException("a calendar needs at least one shift");
      }
      for (int i = 1; i < shifts.size(); i++) {
        if (shifts.get(i).open().isBefore(shifts.get(i - 1).close())) {
          throw new IllegalArgumentException("shifts are in order and do not overlap: " + shifts.get(i - 1) + " and " + shifts.get(i));
        }
      }
      for (LocalDate day : holidays) {
        within(day, validFrom, validTo, "holiday");
        if (makeupDays.contains(day)) {
          throw new IllegalArgumentException(day + " cannot be a holiday and a make-up workday");
        }
      }
      for (LocalDate day : makeupDays) {
        within(day, validFrom, validTo, "make-up workday");
      }
    }

    private static void within(LocalDate day, LocalDate from, LocalDate to, String what) {
      if (day.isBefore(from) || day.isAfter(to)) {
        throw new IllegalArgumentException(what + " " + day + " lies outside " + from + " to " + to);
      }
    }

    boolean holds(LocalDate day) {
      return !day.isBefore(validFrom) && !day.isAfter(validTo);
    }

    boolean workday(LocalDate day) {
      return makeupDays.contains(day) || (!holidays.contains(day) && weekday(day));
    }

    Duration daily() {
      return shifts.stream().map(s -> Duration.between(s.open(), s.close())).reduce(Duration.ZERO, Duration::plus);
    }
  }

  private final ZoneId zone;
  private final List<Version> versions;

  /** Shift i: [open[i], close[i]) in epoch nanoseconds, with before[i] working nanoseconds before it. */
  private final long[] open;
  private final long[] close;
  private final long[] before;

  /** Workday i: its epoch day, and the close of its last shift. */
  private final long[] workday;
  private final long[] workdayClose;

  /**
   * @param versions a later one wins where ranges overlap; on days of none Monday to Friday count, with the last
   *     version's shifts
   */
  public WorkingCalendar(ZoneId zone, List<Version> versions) {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a calendar needs at least one version");
    }
    this.zone = zone;
    this.versions = List.copyOf(versions);
    int days = (int) (LAST_DAY.toEpochDay() - FIRST_DAY.toEpochDay() + 1);
    int most = days * versions.stream().mapToInt(v -> v.shifts().size()).max().orElseThrow();
    long[] opens = new long[most];
    long[] closes = new long[most];
    long[] befores = new long[most];
    long[] workdays = new long[days];
    long[] workdayCloses = new long[days];
    int shifts = 0;
    int work = 0;
    long total = 0;
    for (LocalDate day = FIRST_DAY; !day.isAfter(LAST_DAY); day = day.plusDays(1)) {
      if (!isWorkday(day)) {
        continue;
      }
      for (Shift shift : versionOf(day).shifts()) {
        opens[shifts] = nanos(day.atTime(shift.open()).atZone(zone).toInstant());
        closes[shifts] = nanos(day.atTime(shift.close()).atZone(zone).toInstant());
        befores[shifts] = total;
        total += closes[shifts] - opens[shifts];
        shifts++;
      }
      workdays[work] = day.toEpochDay();
      workdayCloses[work] = closes[shifts - 1];
      work++;
    }
    open = Arrays.copyOf(opens, shifts);
    close = Arrays.copyOf(closes, shifts);
    before = Arrays.copyOf(befores, shifts);
    workday = Arrays.copyOf(workdays, work);
    workdayClose = Arrays.copyOf(workdayCloses, work);
  }

  private static boolean weekday(LocalDate day) {
    return day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY;
  }

  private Version versionOf(LocalDate day) {
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (versions.get(i).holds(day)) {
        return versions.get(i);
      }
    }
    return versions.getLast();
  }

  /** Whether work is done on that day. */
  public boolean isWorkday(LocalDate day) {
    Version version = versionOf(day);
    return version.holds(day) ? version.workday(day) : weekday(day);
  }

  /** Whether that instant lies within a shift. */
  public boolean isWorkingTime(Instant at) {
    int i = shiftFrom(nanos(at));
    return i >= 0 && nanos(at) < close[i];
  }

  /**
   * When {@code budget} of working time is used up, beginning at {@code start}. A start outside the shifts counts from
   * the next opening; a budget that ends exactly at a close ends there.
   *
   * @throws IllegalArgumentException for a negative budget, or outside the days of this calendar
   */
  public Instant addWorking(Instant start, Duration budget) {
    if (budget.isNegative()) {
      throw new IllegalArgumentException("working time to add must not be negative, was " + budget);
    }
    long from = checked(start);
    long target = workedUntil(from) + budget.toNanos();
    if (budget.isZero()) {
      int i = shiftFrom(from);
      if (i >= 0 && from < close[i]) {
        return start;
      }
      if (i + 1 >= open.length) {
        throw beyond(start, budget);
      }
      return instant(open[i + 1]);
    }
    // The first shift whose close reaches the target.
    int low = 0;
    int high = open.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before[middle] + close[middle] - open[middle] >= target) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low == open.length) {
      throw beyond(start, budget);
    }
    return instant(open[low] + target - before[low]);
  }

  /**
   * Working time between two instants; negative when {@code to} lies before {@code from}.
   *
   * @throws IllegalArgumentException outside the days of this calendar
   */
  public Duration elapsed(Instant from, Instant to) {
    return Duration.ofNanos(workedUntil(checked(to)) - workedUntil(checked(from)));
  }

  /** {@link #addWorking} for limits in working time, plain addition for continuous ones. */
  public Instant add(Instant start, Duration budget, LimitUnit unit) {
    return unit.continuous() ? start.plus(budget) : addWorking(start, budget);
  }

  /** {@link #elapsed} for limits in working time, plain difference for continuous ones. */
  public Duration between(Instant from, Instant to, LimitUnit unit) {
    return unit.continuous() ? Duration.between(from, to) : elapsed(from, to);
  }

  /**
   * When a limit that begins at {@code start} is over. Something done exactly then is on time.
   *
   * @param value 1 or more
   */
  public Instant due(Instant start, int value, LimitUnit unit) {
    if (value < 1) {
      throw new IllegalArgumentException("a limit is at least 1, was " + value);
    }
    return switch (unit) {
      case URGENT_HOUR -> start.plus(Duration.ofHours(value));
      case WORKING_HOUR -> addWorking(start, Duration.ofHours(value));
      case WORKING_DAY -> addWorking(start, versionOf(start.atZone(zone).toLocalDate()).daily().multipliedBy(value));
      case WORKING_DAY_END -> endOfWorkday(start, value);
      case NATURAL_DAY -> start.atZone(zone).plusDays(value).toInstant();
    };
  }

  private Instant endOfWorkday(Instant start, int n) {
    checked(start);
    long day = start.atZone(zone).toLocalDate().toEpochDay();
    int next = Arrays.binarySearch(workday, day + 1);
    int index = (next >= 0 ? next : -next - 1) + n - 1;
    if (index >= workday.length) {
      throw beyond(start, Duration.ofDays(n));
    }
    return instant(workdayClose[index]);
  }

  /** Index of the last shift that opens at or before {@code t}, -1 where there is none. */
  private int shiftFrom(long t) {
    int i = Arrays.binarySearch(open, t);
    return i >= 0 ? i : -i - 2;
  }

  private long workedUntil(long t) {
    int i = shiftFrom(t);
    return i < 0 ? 0 : before[i] + Math.min(t, close[i]) - open[i];
  }

  private long checked(Instant at) {
    LocalDate day = at.atZone(zone).toLocalDate();
    if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
      throw new IllegalArgumentException("the working calendar covers " + FIRST_DAY + " to " + LAST_DAY + ", was " + at);
    }
    return nanos(at);
  }

  private static IllegalArgumentException beyond(Instant start, Duration budget) {
    return new IllegalArgumentException(budget + " after " + start + " lies beyond the working calendar, which ends on " + LAST_DAY);
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
