package io.citywide.cases;

import static io.citywide.cases.LimitUnit.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock that limits run on: holidays and make-up workdays of 2026 by the State Council notice of 2025-11-04, shifts 08–12 and 14–18. */
class WorkingCalendarTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  static WorkingCalendar calendar2026() {
    return new WorkingCalendar(SHANGHAI, List.of(version2026()));
  }

  private static WorkingCalendar.Version version2026() {
    return new WorkingCalendar.Version(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31),
        List.of(shift("08:00", "12:00"), shift("14:00", "18:00")),
        Stream.of("2026-01-01/2026-01-03", "2026-02-15/2026-02-23", "2026-04-04/2026-04-06", "2026-05-01/2026-05-05",
                "2026-06-19/2026-06-21", "2026-09-25/2026-09-27", "2026-10-01/2026-10-07")
            .map(r -> r.split("/"))
            .flatMap(r -> LocalDate.parse(r[0]).datesUntil(LocalDate.parse(r[1]).plusDays(1)))
            .collect(Collectors.toSet()),
        Stream.of("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10").map(LocalDate::parse)
            .collect(Collectors.toSet()));
  }

  private static WorkingCalendar.Shift shift(String open, String close) {
    return new WorkingCalendar.Shift(LocalTime.parse(open), LocalTime.parse(close));
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(SHANGHAI).toInstant();
  }

  private final WorkingCalendar calendar = calendar2026();

  @ParameterizedTest(name = "{0} + {1} {2} = {3}")
  @CsvSource({
    "2026-02-13T17:00, 4, WORKING_HOUR, 2026-02-14T11:00",
    "2026-02-13T17:00, 8, WORKING_HOUR, 2026-02-14T17:00",
    "2026-02-13T17:00, 12, WORKING_HOUR, 2026-02-24T11:00",
    "2026-03-02T08:00, 4, WORKING_HOUR, 2026-03-02T12:00",
    "2026-03-02T12:30, 1, WORKING_HOUR, 2026-03-02T15:00",
    "2026-03-07T10:00, 2, WORKING_HOUR, 2026-03-09T10:00",
    "2026-04-30T16:30, 16, WORKING_HOUR, 2026-05-07T16:30",
    "2026-09-30T18:00, 8, WORKING_HOUR, 2026-10-08T18:00",
    "2026-03-02T09:15, 24, WORKING_HOUR, 2026-03-05T09:15",
    "2026-02-13T17:00, 3, WORKING_DAY, 2026-02-25T17:00",
    "2026-02-13T17:00, 3, WORKING_DAY_END, 2026-02-25T18:00",
    "2026-09-30T09:00, 5, WORKING_DAY, 2026-10-13T09:00",
    "2026-09-30T09:00, 5, WORKING_DAY_END, 2026-10-13T18:00",
    "2026-02-14T23:00, 2, URGENT_HOUR, 2026-02-15T01:00",
    "2026-02-14T23:00, 3, NATURAL_DAY, 2026-02-17T23:00",
    "2026-03-07T10:00, 1, WORKING_DAY_END, 2026-03-09T18:00"
  })
  void countsLimitsAsTheVectorsSay(String start, int value, LimitUnit unit, String due) {
    assertThat(calendar.due(at(start), value, unit)).isEqualTo(at(due));
  }

  @Test
  void elapsedIsTheInverseOfAddWorkingWhereverTheStartLies() {
    Random random = new Random(20260302);
    Instant first = at("2025-12-20T00:00");
    for (int i = 0; i < 20_000; i++) {
      Instant start = first.plusMillis(random.nextLong(Duration.ofDays(390).toMillis()));
      Duration budget = i % 3 == 0 ? Duration.ofMinutes(random.nextInt(20_000)) : Duration.ofNanos(random.nextLong(Duration.ofHours(200).toNanos()));

      Instant end = calendar.addWorking(start, budget);

      assertThat(calendar.elapsed(start, end)).as("%s + %s", start, budget).isEqualTo(budget);
      assertThat(end).isAfterOrEqualTo(start);
    }
  }

  @Test
  void agreesWithAWalkThroughEveryMinuteOfTheYear() {
    // Counted the slow way, without any of the code under test.
    Set<LocalDate> holidays = version2026().holidays();
    Set<LocalDate> makeup = version2026().makeupDays();
    Instant start = at("2026-01-01T00:00");
    long worked = 0;
    for (LocalDateTime t = LocalDateTime.parse("2026-01-01T00:00"); t.getYear() == 2026; t = t.plusMinutes(1)) {
      if (t.getMinute() % 17 == 0) {
        assertThat(calendar.elapsed(start, t.atZone(SHANGHAI).toInstant()).toMinutes()).as("%s", t).isEqualTo(worked);
      }
      LocalDate day = t.toLocalDate();
      boolean work = makeup.contains(day) || (day.getDayOfWeek().getValue() < 6 && !holidays.contains(day));
      int hour = t.getHour();
      if (work && ((hour >= 8 && hour < 12) || (hour >= 14 && hour < 18))) {
        worked++;
      }
    }
    assertThat(worked).isEqualTo(calendar.elapsed(start, at("2027-01-01T00:00")).toMinutes()).isEqualTo(248 * 8 * 60);
  }

  @Test
  void elapsedBackwardsIsNegative() {
    assertThat(calendar.elapsed(at("2026-03-02T10:00"), at("2026-03-02T08:30"))).isEqualTo(Duration.ofMinutes(-90));
  }

  @Test
  void aPauseMovesTheDeadlineByWhatWasLeft() {
    Instant due = calendar.due(at("2026-03-02T08:00"), 8, WORKING_HOUR);
    Duration left = calendar.elapsed(at("2026-03-02T11:00"), due);

    assertThat(left).isEqualTo(Duration.ofHours(5));
    assertThat(calendar.addWorking(at("2026-03-04T20:00"), left)).isEqualTo(at("2026-03-05T15:00"));
  }

  @Test
  void aLaterVersionWinsOnItsDaysOnly() {
    var storm = new WorkingCalendar.Version(LocalDate.of(2026, 7, 20), LocalDate.of(2026, 7, 21), List.of(shift("08:00", "20:00")),
        Set.of(LocalDate.of(2026, 7, 21)), Set.of());
    var changed = new WorkingCalendar(SHANGHAI, List.of(version2026(), storm));

    assertThat(changed.due(at("2026-07-20T17:00"), 4, WORKING_HOUR)).isEqualTo(at("2026-07-22T09:00"));
    assertThat(changed.due(at("2026-03-02T12:30"), 1, WORKING_HOUR)).isEqualTo(at("2026-03-02T15:00"));
  }

  @Test
  void daysWithoutAVersionCountMondayToFriday() {
    assertThat(calendar.isWorkday(LocalDate.of(2027, 10, 1))).isTrue();
    assertThat(calendar.isWorkday(LocalDate.of(2027, 10, 2))).isFalse();
  }

  @Test
  void aNightInWhichClocksChangeIsAsLongAsItWas() {
    var boston = new WorkingCalendar(ZoneId.of("America/New_York"),
        List.of(new WorkingCalendar.Version(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31), List.of(shift("00:00", "12:00")), Set.of(),
            Set.of(LocalDate.of(2026, 3, 8)))));

    assertThat(boston.elapsed(Instant.parse("2026-03-08T05:00:00Z"), Instant.parse("2026-03-08T16:00:00Z"))).isEqualTo(Duration.ofHours(11));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> shift("12:00", "08:00")).hasMessageContaining("closes after it opens");
    assertThatThrownBy(() -> calendar.addWorking(at("2026-03-02T08:00"), Duration.ofMinutes(-1))).hasMessageContaining("negative");
    assertThatThrownBy(() -> calendar.addWorking(at("1999-03-02T08:00"), Duration.ofMinutes(1))).hasMessageContaining("2000-01-01");
    assertThatThrownBy(() -> calendar.due(at("2026-03-02T08:00"), 0, WORKING_HOUR)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> new WorkingCalendar.Version(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31),
        List.of(shift("08:00", "12:00"), shift("11:00", "18:00")), Set.of(), Set.of())).hasMessageContaining("overlap");
    assertThatThrownBy(() -> new WorkingCalendar.Version(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31),
        List.of(shift("08:00", "12:00")), Set.of(LocalDate.of(2025, 1, 1)), Set.of())).hasMessageContaining("2025-01-01");
  }

  @Test
  void answersAsFastTenYearsAwayAsTomorrow() {
    long begin = System.nanoTime();
    Instant end = at("2026-03-02T08:00");
    for (int i = 0; i < 100_000; i++) {
      end = calendar.addWorking(at("2026-03-02T08:00"), Duration.ofHours(20_000 + i % 100));
    }
    assertThat(end.atZone(SHANGHAI).getYear()).isGreaterThan(2034);
    // 100,000 answers; a walk over ten years of days would take minutes.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
  }
}
