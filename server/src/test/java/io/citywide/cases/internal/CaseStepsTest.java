package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.CaseGround.Crew;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.intake.Evidence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Steps over HTTP, as people take them. */
@ServerTest
class CaseStepsTest {

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
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
  void aCaseGoesItsWayAndEachStepIsWrittenDown() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, REQUEST_VERIFICATION, VERIFY, FILE, DISPATCH, RECEIVE, DISPOSE, CHECK, CLOSE, EVALUATE);

    JsonNode detail = crew.as(Role.LEADER).get("/api/cases/" + id).json();

    assertThat(detail.path("stage").asString()).isEqualTo("EVALUATED");
    assertThat(detail.path("steps").valueStream().map(s -> s.path("action").asString())).containsExactly(
        "OPEN", "ACCEPT", "REQUEST_VERIFICATION", "VERIFY", "FILE", "DISPATCH", "RECEIVE", "DISPOSE", "CHECK", "CLOSE", "EVALUATE");
    JsonNode dispatch = detail.path("steps").get(5);
    assertThat(dispatch.path("personName").asString()).isEqualTo(crew.member(Role.DISPATCHER).viewer().displayName());
    assertThat(dispatch.path("role").asString()).isEqualTo("DISPATCHER");
    assertThat(dispatch.path("late").asBoolean()).isFalse();
    assertThat(dispatch.path("details").path("leadUnitName").asString()).isEqualTo(crew.unit.name());
    assertThat(dispatch.path("details").path("limit").asString()).isEqualTo("3 工作日");
    assertThat(detail.path("steps").get(7).path("unitName").asString()).isEqualTo(crew.unit.name());
    assertThat(detail.path("limits").path("disposal").path("late").asBoolean()).isFalse();
    assertThat(detail.path("actions").valueStream().map(a -> a.path("action").asString())).containsExactly("NOTE");
  }

  @Test
  void whatIsOfferedIsWhatMayBeDone() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT);
    JsonNode offered = crew.as(Role.SHIFT_LEADER).get("/api/cases/" + id).json().path("actions");

    assertThat(offered.valueStream().map(a -> a.path("action").asString()))
        .contains("FILE", "DECLINE", "REQUEST_VERIFICATION", "SUPERVISE", "VOID", "NOTE").doesNotContain("DISPATCH", "SPLIT", "DECIDE_EXTENSION");
    assertThat(crew.as(Role.HANDLER).get("/api/cases/" + id).status()).isEqualTo(404);
  }

  @Test
  void filingNeedsAClassAndTheFormAsksForIt() {
    Crew crew = ground.crew();
    long id = crew.report(null, "HOTLINE");
    crew.step(id, ACCEPT);

    Answer refused = crew.take(Role.ACCEPTOR, id, FILE);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("case.guard");
    assertThat(refused.json().path("guard").asString()).isEqualTo("HAS_KIND");
    JsonNode file = crew.as(Role.ACCEPTOR).get("/api/cases/" + id).json().path("actions").valueStream()
        .filter(a -> a.path("action").asString().equals("FILE")).findFirst().orElseThrow();
    assertThat(file.path("reasonDisabled").isNull()).isTrue();
    assertThat(file.path("fields").valueStream().filter(f -> f.path("name").asString().equals("kindId")).findFirst().orElseThrow().path("required").asBoolean()).isTrue();
    assertThat(crew.take(Role.ACCEPTOR, id, FILE, "kindId", "gb47678.5-M99999").problem()).isEqualTo("case.unknown-kind");
    assertThat(crew.take(Role.ACCEPTOR, id, FILE, "kindId", "gb47678.5-M06010").status()).isEqualTo(200);
  }

  @Test
  void whyAStepIsNotOfferedIsSaidInTheReadersLanguage() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT);
    ground.set(id, "lon = NULL, lat = NULL, grid_key = NULL");
    Map<String, String> chinese = Map.of("Accept-Language", "zh-CN");

    assertThat(whyNot(crew.as(Role.ACCEPTOR).get("/api/cases/" + id), FILE)).isEqualTo("the case has no position; relocate it");
    assertThat(whyNot(crew.as(Role.ACCEPTOR).send("GET", "/api/cases/" + id, null, chinese), FILE)).isEqualTo("案件没有坐标，请先改址");
    Answer refused = crew.as(Role.ACCEPTOR).send("POST", "/api/cases/" + id + "/steps",
        Map.of("action", "CLOSE", "version", ground.file(id).version()), chinese);
    assertThat(refused.json().path("detail").asString()).isEqualTo("案件处于“受理”阶段，不能结案");
  }

  private static String whyNot(Answer detail, io.citywide.cases.CaseAction action) {
    return detail.json().path("actions").valueStream().filter(a -> a.path("action").asString().equals(action.name()))
        .findFirst().orElseThrow().path("reasonDisabled").asString("");
  }

  @Test
  void filingNeedsAPlaceAndWhereTheChannelSaysSoAPhoto() {
    Crew crew = ground.crew();
    long nowhere = crew.caseAfter(ACCEPT);
    ground.set(nowhere, "lon = NULL, lat = NULL, grid_key = NULL");
    long vague = crew.caseAfter(ACCEPT);
    ground.set(vague, "area_code = '" + crew.district.substring(0, 4) + "00'");
    long unseen = crew.report("gb47678.5-M06010", "COLLECTOR");
    crew.step(unseen, ACCEPT);

    assertThat(crew.take(Role.ACCEPTOR, nowhere, FILE).json().path("guard").asString()).isEqualTo("HAS_POSITION");
    assertThat(crew.take(Role.ACCEPTOR, unseen, FILE).json().path("guard").asString()).isEqualTo("HAS_PHOTO");
    var cityWide = people.someone(Role.ACCEPTOR, crew.district.substring(0, 4) + "00", null);
    assertThat(ground.take(cityWide.client(), vague, FILE).json().path("guard").asString()).isEqualTo("HAS_AREA");
  }

  @Test
  void theHundredthUnitGridOfACommunityIsAPlaceLikeAnyOther() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT);
    ground.set(id, "area_code = left(area_code, 12) || '100'");

    assertThat(crew.take(Role.ACCEPTOR, id, FILE).status()).isEqualTo(200);
  }

  @Test
  void whatAVerificationDidNotFindIsNotFiled() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, REQUEST_VERIFICATION);
    crew.take(Role.COLLECTOR, id, VERIFY, "result", "NOT_EXISTS");

    assertThat(crew.take(Role.ACCEPTOR, id, FILE).json().path("guard").asString()).isEqualTo("NOT_FOUND_ABSENT");
    assertThat(crew.take(Role.ACCEPTOR, id, DECLINE, "reason", "核实不存在").status()).isEqualTo(200);
  }

  @Test
  void whoDispatchesMustNotClose() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);
    var dispatcher = crew.member(Role.DISPATCHER);
    crew.step(id, DISPATCH);
    crew.step(id, DISPOSE);
    crew.step(id, CHECK);
    // The same person in a position of the other centre.
    Viewer both = new Viewer(Viewer.Kind.PERSON, dispatcher.personId(), 0L, dispatcher.viewer().displayName(), Role.SHIFT_LEADER, null, crew.district,
        Set.of(), Role.SHIFT_LEADER.permissions());

    Step refused = Viewer.callAs(both, () -> cases.take(id, StepCommand.of(CLOSE)));

    assertThat(refused).isInstanceOfSatisfying(Step.Refused.class, r -> assertThat(r.extras()).containsEntry("guard", "NOT_THE_DISPATCHER"));
    assertThat(ground.file(id).stage()).isEqualTo(CaseStage.CHECKED);
    assertThat(crew.take(Role.ACCEPTOR, id, CLOSE).status()).isEqualTo(200);
  }

  @Test
  void whoDisposedOfACaseDoesNotCheckIt() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, DISPOSE);
    var handler = crew.member(Role.HANDLER);
    Viewer both = new Viewer(Viewer.Kind.PERSON, handler.personId(), 0L, handler.viewer().displayName(), Role.VERIFIER, null, crew.district, Set.of(),
        Role.VERIFIER.permissions());

    Step refused = Viewer.callAs(both, () -> cases.take(id, result(CHECK, "PASS")));

    assertThat(refused).isInstanceOfSatisfying(Step.Refused.class, r -> assertThat(r.extras()).containsEntry("guard", "NOT_THE_HANDLER"));
  }

  @Test
  void whoAskedDoesNotDecide() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE, REQUEST_EXTENSION);
    var handler = crew.member(Role.HANDLER);
    Viewer both = new Viewer(Viewer.Kind.PERSON, handler.personId(), 0L, handler.viewer().displayName(), Role.SHIFT_LEADER, null, crew.district, Set.of(),
        Role.SHIFT_LEADER.permissions());

    Step refused = Viewer.callAs(both, () -> cases.take(id, new StepCommand(DECIDE_EXTENSION, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, true, null)));

    assertThat(refused).isInstanceOfSatisfying(Step.Refused.class, r -> assertThat(r.extras()).containsEntry("guard", "NOT_WHO_ASKED_EXTENSION"));
  }

  private static StepCommand result(io.citywide.cases.CaseAction action, String result) {
    return new StepCommand(action, null, null, null, null, null, null, null, null, null, null, null, result, null, null, null, null, null);
  }

  @Test
  void aFailedCheckSendsItBackWithANewLimitAndIsCounted() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE, DISPOSE);
    Instant first = ground.file(id).disposalDueAt();

    crew.take(Role.VERIFIER, id, CHECK, "result", "FAIL", "opinion", "still broken");

    CaseView file = ground.file(id);
    assertThat(file.stage()).isEqualTo(CaseStage.DISPATCHED);
    assertThat(file.reworkCount()).isEqualTo(1);
    assertThat(file.disposalDueAt()).isAfterOrEqualTo(first);
    assertThat(file.disposalOriginalDueAt()).isEqualTo(first);
    assertThat(file.disposedAt()).isNull();
    assertThat(crew.take(Role.SHIFT_LEADER, id, CLOSE).problem()).isEqualTo("case.step-not-allowed");
  }

  @Test
  void aStepTheStageDoesNotAllowSaysWhatIsAllowed() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT);

    Answer refused = crew.take(Role.DISPATCHER, id, DISPATCH, "leadUnitId", crew.unit.id());

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("case.step-not-allowed");
    assertThat(refused.json().path("stage").asString()).isEqualTo("ACCEPTED");
    assertThat(refused.json().path("action").asString()).isEqualTo("DISPATCH");
    assertThat(refused.json().path("allowed").valueStream().map(JsonNode::asString)).contains("CLASSIFY", "RELOCATE", "URGE", "NOTE");
    assertThat(crew.take(Role.HANDLER, crew.caseAfter(ACCEPT, FILE, DISPATCH), CLOSE).problem()).isEqualTo("case.role-not-allowed");
  }

  @Test
  void missingAndBadFieldsAreNamed() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);

    assertThat(crew.take(Role.DISPATCHER, id, DISPATCH).json().path("field").asString()).isEqualTo("leadUnitId");
    assertThat(crew.take(Role.DISPATCHER, id, DISPATCH, "leadUnitId", 999_999_999).problem()).isEqualTo("case.unknown-unit");
    assertThat(crew.take(Role.DISPATCHER, id, DISPATCH, "leadUnitId", crew.unit.id(), "assigneeId", crew.member(Role.LEADER).personId()).json().path("field").asString())
        .isEqualTo("assigneeId");
    assertThat(crew.as(Role.DISPATCHER).post("/api/cases/" + id + "/steps", Map.of("action", "DISPATCH")).json().path("field").asString()).isEqualTo("version");
    assertThat(crew.as(Role.DISPATCHER).post("/api/cases/" + id + "/steps", Map.of("action", "FLY", "version", 1)).status()).isEqualTo(400);
    assertThat(crew.take(Role.DISPATCHER, id, NOTE, "opinion", "x".repeat(2001)).json().path("field").asString()).isEqualTo("opinion");
    assertThat(crew.as(Role.DISPATCHER).post("/api/cases/999999999/steps", Map.of("action", "NOTE", "version", 1, "opinion", "x")).problem()).isEqualTo("case.unknown");
    assertThat(ground.file(id).version()).isEqualTo(3);
  }

  @Test
  void ofTwoWhoActAtOnceOneWinsAndTheOtherIsToldWhatHappened() throws Exception {
    Crew crew = ground.crew();
    for (int round = 0; round < 10; round++) {
      long id = crew.report();
      long version = ground.file(id).version();
      var people = List.of(crew.member(Role.ACCEPTOR), crew.member(Role.SHIFT_LEADER));
      List<Answer> answers = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Answer>> going = new ArrayList<>();
        for (var person : people) {
          going.add(threads.submit(() -> {
            start.await();
            return person.client().post("/api/cases/" + id + "/steps", Map.of("action", "ACCEPT", "version", version));
          }));
        }
        start.countDown();
        for (var each : going) {
          answers.add(each.get());
        }
      }

      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
      int winner = answers.get(0).status() == 200 ? 0 : 1;
      JsonNode lost = answers.get(1 - winner).json();
      assertThat(lost.path("code").asString()).isEqualTo("case.changed");
      assertThat(lost.path("by").asString()).isEqualTo(people.get(winner).viewer().displayName());
      assertThat(lost.path("action").asString()).isEqualTo("ACCEPT");
      assertThat(lost.path("stage").asString()).isEqualTo("ACCEPTED");
      assertThat(lost.path("version").asLong()).isEqualTo(version + 1);
      assertThat(Instant.parse(lost.path("at").asString())).isBeforeOrEqualTo(Instant.now());
      assertThat(ground.asSystem(() -> cases.listSteps(id))).hasSize(2);
    }
  }

  @Test
  void aHundredNotesAtOnceKeepTheirOrder() throws Exception {
    Crew crew = ground.crew();
    long id = crew.report();
    var viewer = crew.member(Role.ACCEPTOR).viewer();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> going = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int n = i;
        going.add(threads.submit(() -> Viewer.callAs(viewer, () -> cases.take(id, new StepCommand(NOTE, null, "note " + n,
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)))));
      }
      for (var each : going) {
        each.get();
      }
    }
    List<StepRecord> steps = ground.asSystem(() -> cases.listSteps(id));
    assertThat(steps).hasSize(101);
    assertThat(steps).extracting(StepRecord::seq).isSorted().doesNotHaveDuplicates();
    assertThat(ground.file(id).version()).isEqualTo(101);
  }

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
  void aForcedClosureNeedsTwo() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH);
    assertThat(crew.take(Role.LEADER, id, DECIDE_FORCED_CLOSURE, "approve", true).json().path("guard").asString()).isEqualTo("FORCED_CLOSURE_PENDING");
    crew.step(id, REQUEST_FORCED_CLOSURE);

    crew.step(id, DECIDE_FORCED_CLOSURE);

    CaseView file = ground.file(id);
    assertThat(file.stage()).isEqualTo(CaseStage.CLOSED);
    assertThat(file.forced()).isTrue();
    assertThat(file.pendingRequests()).isZero();
  }

  @Test
  void aReturnedCaseGoesToTheDispatchersQueueAndOutOfTheHandlersSight() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE);

    Answer answer = crew.take(Role.HANDLER, id, RETURN, "reason", "not our pipe");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("stage").asString()).isEqualTo("FILED");
    assertThat(answer.json().path("actions").isEmpty()).isTrue();
    assertThat(crew.as(Role.HANDLER).get("/api/cases/" + id).status()).isEqualTo(404);
    assertThat(ground.file(id).returnCount()).isEqualTo(1);
    assertThat(ground.file(id).leadUnitId()).isNull();
    assertThat(crew.as(Role.DISPATCHER).get("/api/cases?queue=dispatch").json().path("items").valueStream().map(r -> r.path("id").asLong())).contains(id);
  }

  @Test
  void anAssistingUnitSeesTheCaseButTheLeadingOneActs() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);
    crew.take(Role.DISPATCHER, id, DISPATCH, "leadUnitId", crew.otherUnit.id(), "assistUnitIds", List.of(crew.unit.id()));

    assertThat(crew.as(Role.HANDLER).get("/api/cases/" + id).status()).isEqualTo(200);
    assertThat(crew.take(Role.HANDLER, id, DISPOSE, "opinion", "done").json().path("guard").asString()).isEqualTo("LEADS");
    assertThat(crew.take(Role.HANDLER, id, NOTE, "opinion", "we brought the crane").status()).isEqualTo(200);
  }

  @Test
  void aCaseIsReopenedWithinItsTimeOnly() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, DISPOSE, CHECK, CLOSE);
    long old = crew.caseAfter(ACCEPT, DECLINE);
    ground.set(old, "stage_since = now() - interval '16 days'");

    crew.step(id, REOPEN);

    assertThat(ground.file(id).stage()).isEqualTo(CaseStage.FILED);
    assertThat(ground.file(id).reopenCount()).isEqualTo(1);
    assertThat(ground.file(id).closedAt()).isNull();
    assertThat(crew.take(Role.SHIFT_LEADER, old, REOPEN, "reason", "sorry").json().path("guard").asString()).isEqualTo("WITHIN_REOPEN_TIME");
  }

  @Test
  void aVoidedCaseThatWasFiledBeginsAnewBeforeItsFiling() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH, RECEIVE);
    ground.set(id, "accepted_at = accepted_at - interval '3 days', filed_at = filed_at - interval '3 days', dispatch_late = true, disposal_extra_minutes = 60");
    assertThat(crew.take(Role.SHIFT_LEADER, id, VOID, "reason", "twice").status()).isEqualTo(200);

    crew.step(id, REOPEN);

    CaseView file = ground.file(id);
    assertThat(file.stage()).isEqualTo(CaseStage.ACCEPTED);
    assertThat(file.acceptedAt()).isAfterOrEqualTo(Instant.now().minus(Duration.ofMinutes(5)));
    assertThat(file.dueAt()).isEqualTo(file.filingDueAt()).isAfter(Instant.now());
    assertThat(java.util.Arrays.asList(file.filedAt(), file.dispatchDueAt(), file.dispatchedAt(), file.dispatchLate(), file.receivedAt(), file.disposalDueAt(),
        file.disposalLate(), file.checkDueAt())).containsOnlyNulls();
    assertThat(file.disposalExtraMinutes()).isZero();
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

  @Test
  void urgingAndSupervisingChangeNoStage() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE, DISPATCH);

    crew.take(Role.DISPATCHER, id, URGE);
    crew.take(Role.LEADER, id, SUPERVISE, "opinion", "今日必须办结");

    CaseView file = ground.file(id);
    assertThat(file.stage()).isEqualTo(CaseStage.DISPATCHED);
    assertThat(file.urgeCount()).isEqualTo(1);
    assertThat(file.supervised()).isTrue();
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
  void everyStepIsHeardByThoseConcerned() throws Exception {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);
    ConcurrentLinkedQueue<Notice> heard = new ConcurrentLinkedQueue<>();
    try (AutoCloseable listening = feed.listen(heard::add)) {
      crew.step(id, DISPATCH);
      crew.take(Role.HANDLER, id, RETURN, "reason", "wrong");
    }
    List<Notice> mine = heard.stream().filter(n -> Long.valueOf(id).equals(n.data().get("caseId"))).toList();
    assertThat(mine).extracting(n -> n.data().get("action")).containsExactly("DISPATCH", "RETURN");
    // The unit that lost the case hears of it, or it would stay on its screen.
    assertThat(mine.getLast().units()).contains(crew.unit.id());
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
