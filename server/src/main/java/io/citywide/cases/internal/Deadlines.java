package io.citywide.cases.internal;

import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.Urgency;
import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.WorkingTime;
import io.citywide.platform.Recent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** When what is due: limits by kind and urgency on the working calendar, with pauses and extensions. */
@Component
class Deadlines implements WorkingTime {

  /** Acts of the centre that have a limit of their own. */
  enum Act {
    FILE,
    DISPATCH,
    CHECK
  }

  /** A limit of disposal as granted. */
  record Limit(int value, LimitUnit unit, String pattern) {

    String words() {
      return value + " " + unit.nameZh();
    }
  }

  /**
   * A time in which the clock stood still.
   *
   * @param until {@code null}: it still does
   */
  record Pause(Instant since, Instant until) {}

  private final Recent<LimitBook> limits;
  private final CalendarStore calendars;

  Deadlines(JdbcClient jdbc, CalendarStore calendars) {
    this.limits = new Recent<>(() -> LimitBook.read(jdbc));
    this.calendars = calendars;
  }

  @Override
  public boolean isWorkingTime(Instant at) {
    return calendar().isWorkingTime(at);
  }

  WorkingCalendar calendar() {
    return calendars.calendar();
  }

  /** When an act of the centre that begins now is due; {@code null} where it has no limit. */
  Instant stageDue(Act act, Urgency urgency, Instant start) {
    return limits.get().stage(act, urgency)
        .map(l -> calendar().add(start, Duration.ofMinutes(l.minutes()), l.continuous() ? LimitUnit.URGENT_HOUR : LimitUnit.WORKING_HOUR))
        .orElse(null);
  }

  /** The limit for a kind: the rule whose pattern matches with the most characters; empty where none does. */
  Optional<Limit> disposalLimit(String kindId, Urgency urgency) {
    return limits.get().disposal(kindId, urgency);
  }

  /** To be called in the transaction that changes limits. */
  void limitsChanged() {
    limits.changed();
  }

  /** Working minutes that a case spent in its stage until then, without its pauses. */
  int minutesInStage(CaseView file, Instant until, List<Pause> pauses) {
    return (int) Math.min(Integer.MAX_VALUE, worked(calendar(), file.stageSince(), until, pauses).toMinutes());
  }

  /** Working time spent between two instants, without the pauses between them; never negative, whatever the clock did. */
  static Duration worked(WorkingCalendar calendar, Instant from, Instant to, List<Pause> pauses) {
    if (!to.isAfter(from)) {
      return Duration.ZERO;
    }
    Duration worked = calendar.elapsed(from, to);
    for (Pause pause : pauses) {
      Instant since = pause.since().isBefore(from) ? from : pause.since();
      Instant until = pause.until() == null || pause.until().isAfter(to) ? to : pause.until();
      if (until.isAfter(since)) {
        worked = worked.minus(calendar.elapsed(since, until));
      }
    }
    return worked.isNegative() ? Duration.ZERO : worked;
  }

  /**
   * The deadline of a disposal from scratch: the limit, then what extensions added, then each pause moved it by what was
   * left when the clock stopped. A pause after the deadline moves nothing.
   *
   * @param extra minutes
   * @param pauses in their order
   */
  static Instant disposalDue(WorkingCalendar calendar, Instant start, int value, LimitUnit unit, int extra, List<Pause> pauses) {
    Instant due = calendar.due(start, value, unit);
    if (extra > 0) {
      due = calendar.add(due, Duration.ofMinutes(extra), unit);
    }
    for (Pause pause : pauses) {
      if (pause.until() != null && !pause.since().isAfter(due) && !pause.since().isBefore(start)) {
        due = calendar.add(pause.until(), calendar.between(pause.since(), due, unit), unit);
      }
    }
    return due;
  }
}
