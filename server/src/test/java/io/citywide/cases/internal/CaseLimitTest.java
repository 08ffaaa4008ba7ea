package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.Cases;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.CaseGround.Crew;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Limits of steps: what stops their clock, what adds to them, and when they are missed. */
@ServerTest
class CaseLimitTest {

  @Autowired CaseGround ground;
  @Autowired Cases cases;
  @Autowired LiveFeed feed;
  @Autowired Deadlines deadlines;
  @Autowired OverdueWatch watch;
  @Autowired CaseStore store;
  @Autowired StepLog log;
  @Autowired CaseSettings settings;
  @Autowired StepFields fields;
  @Autowired StepEffects effects;
  @Autowired Evidence evidence;

  @Test
  void aSuspensionStopsTheClockAndWhatWasLeftIsGivenBack() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE);
    // Asked by one, decided by another.
    crew.step(id, SUSPEND);
    assertThat(crew.take(Role.HANDLER, id, SUSPEND, "reason", "again").json().path("guard").asString()).isEqualTo("NO_SUSPENSION_PENDING");
    crew.step(id, DECIDE_SUSPENSION);
    CaseView paused = ground.file(id);
    assertThat(paused.suspendedAt()).isNotNull();
    assertThat(paused.dueAt()).isNull();
    assertThat(crew.as(Role.HANDLER).get("/api/cases/" + id).json().path("dueState").asString()).isEqualTo("PAUSED");
    assertThat(crew.take(Role.HANDLER, id, DISPOSE, "opinion", "done").json().path("guard").asString()).isEqualTo("NOT_SUSPENDED");
    var calendar = ground.asSystem(() -> deadlines.calendar());
    Duration left = calendar.elapsed(paused.suspendedAt(), paused.disposalDueAt());
    // As if the pause had begun ten days ago.
    Instant since = paused.suspendedAt().minus(Duration.ofDays(10));
    ground.asSystem(() -> ground.jdbc.sql("UPDATE case_pause SET since = :since WHERE case_id = :id").param("since", CaseStore.utc(since)).param("id", id).update());

    crew.step(id, RESUME);

    CaseView resumed = ground.file(id);
    Instant resumedAt = ground.asSystem(() -> cases.listSteps(id)).getLast().at();
    assertThat(resumed.suspendedAt()).isNull();
    assertThat(resumed.disposalDueAt()).isEqualTo(calendar.addWorking(resumedAt, left));
    assertThat(resumed.disposalOriginalDueAt()).isEqualTo(paused.disposalOriginalDueAt());
    assertThat(ground.asSystem(() -> cases.listSteps(id)).getLast().details()).containsKeys("dueBefore", "dueAt", "remainingMinutes");
  }

  @Test
  void anExtensionAddsToTheLimitAndKeepsTheOriginal() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE);
    CaseView before = ground.file(id);
    crew.step(id, REQUEST_EXTENSION);
    assertThat(crew.as(Role.DISPATCHER).get("/api/cases/" + id).json().path("pending").get(0).path("minutes").asInt()).isEqualTo(120);
    assertThat(crew.as(Role.DISPATCHER).get("/api/cases?queue=approve").json().path("items").valueStream().map(r -> r.path("id").asLong())).contains(id);
    assertThat(crew.as(Role.LEADER).get("/api/cases?queue=approve").json().path("items").valueStream().map(r -> r.path("id").asLong())).doesNotContain(id);

    crew.step(id, DECIDE_EXTENSION);

    CaseView after = ground.file(id);
    var calendar = ground.asSystem(() -> deadlines.calendar());
    assertThat(after.disposalDueAt()).isEqualTo(calendar.addWorking(before.disposalDueAt(), Duration.ofMinutes(120)));
    assertThat(after.disposalOriginalDueAt()).isEqualTo(before.disposalOriginalDueAt());
    assertThat(after.extensionCount()).isEqualTo(1);
    assertThat(after.pendingRequests()).isZero();
    // Refused ones change nothing but the record.
    crew.step(id, REQUEST_EXTENSION);
    crew.take(Role.DISPATCHER, id, DECIDE_EXTENSION, "approve", false, "opinion", "no need");
    assertThat(ground.file(id).disposalDueAt()).isEqualTo(after.disposalDueAt());
    crew.step(id, REQUEST_EXTENSION);
    crew.step(id, DECIDE_EXTENSION);
    assertThat(crew.take(Role.HANDLER, id, REQUEST_EXTENSION, "minutes", 10, "reason", "third").json().path("guard").asString()).isEqualTo("EXTENSIONS_LEFT");
  }

  @Test
  void aReturnMakesNoLateDispatchGood() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);
    ground.set(id, "dispatch_due_at = now() - interval '1 minute'");
    crew.step(id, DISPATCH);
    crew.take(Role.HANDLER, id, RETURN, "reason", "not our pipe");

    assertThat(ground.file(id).dispatchDueAt()).isAfter(Instant.now());
    crew.step(id, DISPATCH);

    assertThat(ground.asSystem(() -> cases.listSteps(id)).stream().filter(s -> s.action() == DISPATCH).map(StepRecord::late)).containsExactly(true, false);
  }

  /** The same work on a clock of the test's own. */
  private StepRecord takeAt(Instant now, Viewer viewer, long id, StepCommand command) {
    CaseWork then = new CaseWork(ground.jdbc, store, deadlines, log, fields, effects, settings, evidence, Clock.fixed(now, ZoneOffset.UTC));
    return Viewer.callAs(viewer, () -> ground.transaction.execute(status -> {
      then.take(id, command).orThrow();
      return cases.listSteps(id).getLast();
    }));
  }

  @Test
  void equalIsOnTimeAndAMicrosecondLaterIsLate() {
    Crew crew = ground.crew();
    long inTime = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    long late = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    StepCommand disposed = new StepCommand(DISPOSE, null, "mended", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    Viewer handler = crew.member(Role.HANDLER).viewer();

    StepRecord equal = takeAt(ground.file(inTime).disposalDueAt(), handler, inTime, disposed);
    StepRecord after = takeAt(ground.file(late).disposalDueAt().plusNanos(1000), handler, late, disposed);

    assertThat(equal.late()).isFalse();
    assertThat(after.late()).isTrue();
    assertThat(ground.file(inTime).disposalLate()).isFalse();
    assertThat(ground.file(late).disposalLate()).isTrue();
    assertThat(equal.dueAt()).isEqualTo(equal.at());
    // Three workdays of eight hours, counted from the dispatch.
    assertThat(equal.elapsedWorkingMinutes()).isEqualTo(3 * 8 * 60);
  }

  @Test
  void aClockSetBackDisturbsNeitherOrderNorCounting() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    StepCommand disposed = new StepCommand(DISPOSE, null, "mended", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    StepRecord step = takeAt(Instant.now().minus(Duration.ofDays(2)), crew.member(Role.HANDLER).viewer(), id, disposed);

    assertThat(step.action()).isEqualTo(DISPOSE);
    assertThat(step.seq()).isEqualTo(5);
    assertThat(step.elapsedWorkingMinutes()).isZero();
  }

  @Test
  void aNewlyOverdueCaseIsAnnouncedOnce() throws Exception {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    ConcurrentLinkedQueue<Notice> heard = new ConcurrentLinkedQueue<>();
    try (AutoCloseable listening = feed.listen(heard::add)) {
      watch.mark();
      assertThat(heard).noneMatch(n -> Long.valueOf(id).equals(n.data().get("caseId")));
      ground.set(id, "disposal_due_at = now() - interval '1 second'");

      // The scheduled watch may come first; together they announce it exactly once.
      watch.mark();
      watch.mark();
    }
    assertThat(heard.stream().filter(n -> Long.valueOf(id).equals(n.data().get("caseId")))).singleElement().satisfies(n -> {
      assertThat(n.type()).isEqualTo("case");
      assertThat(n.data()).containsEntry("dueState", "OVERDUE");
      assertThat(n.areaCode()).isEqualTo(ground.file(id).areaCode());
      assertThat(n.units()).contains(crew.unit.id());
    });
    assertThat(crew.as(Role.HANDLER).get("/api/cases?queue=overdue").json().path("items").valueStream().map(r -> r.path("id").asLong())).contains(id);
    JsonNode queues = crew.as(Role.HANDLER).get("/api/cases/queues").json();
    assertThat(queues.valueStream().filter(q -> q.path("queue").asString().equals("handle")).findFirst().orElseThrow().path("overdue").asInt()).isEqualTo(1);
  }

  @Test
  void anUrgentCaseRunsOnTheContinuousClock() {
    Crew crew = ground.crew();
    long id = crew.report();
    crew.take(Role.ACCEPTOR, id, ACCEPT, "urgency", "URGENT");
    crew.step(id, FILE);
    crew.step(id, DISPATCH);

    CaseView file = ground.file(id);
    assertThat(file.disposalLimitUnit()).isEqualTo(LimitUnit.URGENT_HOUR);
    assertThat(file.disposalDueAt()).isEqualTo(file.dispatchedAt().plus(Duration.ofHours(2)));
  }
}
