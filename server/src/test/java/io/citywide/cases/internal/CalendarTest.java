package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.WorkingCalendar;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The calendar and the limits as data: read, changed, and what a change does to cases under way. */
@ServerTest
class CalendarTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Cases cases;
  @Autowired Deadlines deadlines;

  private TestClient admin() {
    return people.someone(Role.SYSTEM_ADMIN, "980000", null).client();
  }

  @Test
  void the2026CalendarIsShipped() {
    JsonNode first = admin().get("/api/calendar").json().path("versions").valueStream().filter(v -> v.path("number").asInt() == 1).findFirst().orElseThrow();

    assertThat(first.path("validFrom").asString()).isEqualTo("2026-01-01");
    assertThat(first.path("holidays").size()).isEqualTo(3 + 9 + 3 + 5 + 3 + 3 + 7);
    assertThat(first.path("makeupDays").valueStream().map(JsonNode::asString))
        .containsExactly("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10");
    assertThat(first.path("shifts").get(0).path("open").asString()).startsWith("08:00");
    assertThat(ground.asSystem(() -> deadlines.calendar()).isWorkday(LocalDate.of(2026, 2, 14))).isTrue();
    assertThat(ground.asSystem(() -> deadlines.calendar()).isWorkday(LocalDate.of(2026, 10, 7))).isFalse();
  }

  private static Map<String, Object> draft(String from, String to, List<String> holidays) {
    return new LinkedHashMap<>(Map.of("validFrom", from, "validTo", to, "shifts", List.of(Map.of("open", "08:00", "close", "12:00"), Map.of("open", "14:00", "close", "18:00")),
        "holidays", holidays, "makeupDays", List.of(), "source", "test"));
  }

  @Test
  void aNewVersionMovesTheDeadlinesOfOpenCasesOnlyAndSaysSo() {
    CaseGround.Crew crew = ground.crew();
    long open = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    long closed = crew.caseAfter(ACCEPT, FILE, DISPATCH, DISPOSE, CHECK, CLOSE);
    long urgent = crew.report();
    crew.take(Role.ACCEPTOR, urgent, ACCEPT, "urgency", "URGENT");
    crew.step(urgent, FILE);
    crew.step(urgent, DISPATCH);
    CaseView before = ground.file(open);
    CaseView closedBefore = ground.file(closed);
    CaseView urgentBefore = ground.file(urgent);
    // The due day becomes a day off, and some days after it.
    LocalDate due = before.disposalDueAt().atZone(SHANGHAI).toLocalDate();
    List<String> off = due.datesUntil(due.plusDays(3)).map(LocalDate::toString).toList();

    Answer answer = admin().put("/api/calendar", draft(due.toString(), due.plusDays(2).toString(), off));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("recomputed").asInt()).isPositive();
    CaseView after = ground.file(open);
    assertThat(after.disposalDueAt()).isAfter(before.disposalDueAt())
        .isEqualTo(ground.asSystem(() -> deadlines.calendar()).due(before.disposalStartedAt(), 3, LimitUnit.WORKING_DAY));
    assertThat(after.disposalOriginalDueAt()).isEqualTo(before.disposalOriginalDueAt());
    assertThat(ground.asSystem(() -> cases.listSteps(open)).getLast()).satisfies(s -> {
      assertThat(s.details()).containsEntry("dueBefore", before.disposalDueAt().toString()).containsEntry("dueAt", after.disposalDueAt().toString());
      assertThat(s.seq()).isEqualTo(5);
    });
    assertThat(ground.file(closed).disposalDueAt()).isEqualTo(closedBefore.disposalDueAt());
    assertThat(ground.file(closed).version()).isEqualTo(closedBefore.version());
    assertThat(ground.file(urgent).disposalDueAt()).isEqualTo(urgentBefore.disposalDueAt());
    // The life cycle goes on.
    crew.step(open, DISPOSE);
  }

  @Test
  void badCalendarsAreRefusedWithTheReasonAndChangeNothing() {
    TestClient admin = admin();
    int versions = admin.get("/api/calendar").json().path("versions").size();

    assertThat(admin.put("/api/calendar", draft("2027-12-31", "2027-01-01", List.of())).json().path("detail").asString()).contains("ends after it begins");
    assertThat(admin.put("/api/calendar", draft("2027-01-01", "2027-12-31", List.of("2026-01-01"))).json().path("detail").asString()).contains("2026-01-01");
    assertThat(admin.put("/api/calendar", draft("2027-01-01", "2027-12-31", List.of("2027-01-01", "2027-01-01"))).problem()).isEqualTo("case.invalid-calendar");
    assertThat(admin.put("/api/calendar", draft("1990-01-01", "1990-12-31", List.of())).status()).isEqualTo(422);
    assertThat(admin.put("/api/calendar", Map.of("validFrom", "2027-01-01")).json().path("field").asString()).isEqualTo("validTo");
    assertThat(people.someone(Role.SHIFT_LEADER, "980000", null).client().put("/api/calendar", draft("2027-01-01", "2027-12-31", List.of())).status()).isEqualTo(403);
    assertThat(admin.get("/api/calendar").json().path("versions").size()).isEqualTo(versions);
  }

  @Test
  void theLongestPatternDecidesTheLimit() {
    TestClient admin = admin();
    JsonNode before = admin.get("/api/case-rules").json();
    List<Object> rules = new ArrayList<>(before.path("rules").valueStream().map(r -> (Object) r).toList());
    rules.add(Map.of("kindPattern", "gb47678.5-M06*", "urgency", "NORMAL", "value", 4, "unit", "WORKING_HOUR"));
    rules.add(Map.of("kindPattern", "gb47678.5-M06012", "urgency", "NORMAL", "value", 1, "unit", "WORKING_DAY_END"));
    List<Object> stageLimits = List.copyOf(before.path("stageLimits").valueStream().map(r -> (Object) r).toList());

    Answer answer = admin.put("/api/case-rules", Map.of("rules", rules, "stageLimits", stageLimits));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(ground.asSystem(() -> deadlines.disposalLimit("gb47678.5-M06010", io.citywide.cases.Urgency.NORMAL)).orElseThrow().words()).isEqualTo("4 工作时");
    assertThat(ground.asSystem(() -> deadlines.disposalLimit("gb47678.5-M06012", io.citywide.cases.Urgency.NORMAL)).orElseThrow().unit()).isEqualTo(LimitUnit.WORKING_DAY_END);
    assertThat(ground.asSystem(() -> deadlines.disposalLimit("gb47678.5-M01001", io.citywide.cases.Urgency.NORMAL)).orElseThrow().words()).isEqualTo("3 工作日");
    assertThat(ground.asSystem(() -> deadlines.disposalLimit(null, io.citywide.cases.Urgency.URGENT)).orElseThrow().unit()).isEqualTo(LimitUnit.URGENT_HOUR);
    Answer bad = admin.put("/api/case-rules", Map.of("rules", List.of(Map.of("kindPattern", "a*b", "urgency", "NORMAL", "value", 4, "unit", "WORKING_HOUR")), "stageLimits", stageLimits));
    assertThat(bad.problem()).isEqualTo("case.invalid-rule");
    assertThat(bad.json().path("index").asInt()).isZero();
    assertThat(admin.put("/api/case-rules", Map.of("rules", List.of(Map.of("kindPattern", "*", "urgency", "NORMAL", "value", 0, "unit", "WORKING_HOUR")),
        "stageLimits", stageLimits)).json().path("field").asString()).isEqualTo("value");
    // As it was, for the other tests of this server.
    assertThat(admin.put("/api/case-rules", Map.of("rules", before.path("rules"), "stageLimits", before.path("stageLimits"))).status()).isEqualTo(200);
  }

  @Test
  void pausesAndExtensionsAddUpHoweverOftenTheyAreCounted() {
    WorkingCalendar calendar = new WorkingCalendar(SHANGHAI, List.of(new WorkingCalendar.Version(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31),
        List.of(new WorkingCalendar.Shift(LocalTime.of(8, 0), LocalTime.of(12, 0)), new WorkingCalendar.Shift(LocalTime.of(14, 0), LocalTime.of(18, 0))), Set.of(), Set.of())));
    Instant start = Instant.parse("2026-03-02T00:00:00Z"); // Monday 08:00 in Shanghai
    Deadlines.Pause first = new Deadlines.Pause(start.plus(Duration.ofHours(1)), start.plus(Duration.ofHours(25)));
    Deadlines.Pause second = new Deadlines.Pause(start.plus(Duration.ofHours(26)), start.plus(Duration.ofHours(74)));

    // 8 hours: 1 before the first pause, 1 between, 6 left from Thursday 10:00: 2 until noon, 4 until 18:00.
    assertThat(Deadlines.disposalDue(calendar, start, 8, LimitUnit.WORKING_HOUR, 0, List.of(first, second))).isEqualTo(Instant.parse("2026-03-05T10:00:00Z"));
    // Two hours more: Friday 10:00.
    assertThat(Deadlines.disposalDue(calendar, start, 8, LimitUnit.WORKING_HOUR, 120, List.of(first, second))).isEqualTo(Instant.parse("2026-03-06T02:00:00Z"));
    // A pause after the deadline, or one that still lasts, moves nothing.
    assertThat(Deadlines.disposalDue(calendar, start, 1, LimitUnit.WORKING_HOUR, 0, List.of(second))).isEqualTo(Instant.parse("2026-03-02T01:00:00Z"));
    assertThat(Deadlines.disposalDue(calendar, start, 8, LimitUnit.WORKING_HOUR, 0, List.of(new Deadlines.Pause(start.plusSeconds(60), null))))
        .isEqualTo(Instant.parse("2026-03-02T10:00:00Z"));
    // On the continuous clock the pause counts by itself.
    assertThat(Deadlines.disposalDue(calendar, start, 2, LimitUnit.URGENT_HOUR, 0, List.of(first))).isEqualTo(start.plus(Duration.ofHours(26)));
    // Worked: what lies in a pause is not counted.
    assertThat(Deadlines.worked(calendar, start, start.plus(Duration.ofHours(74)), List.of(first, second))).isEqualTo(Duration.ofHours(2));
  }
}
