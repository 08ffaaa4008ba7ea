package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.CaseGround.Crew;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
  @Autowired Cases cases;
  @Autowired LiveFeed feed;

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
    assertThat(Arrays.asList(file.filedAt(), file.dispatchDueAt(), file.dispatchedAt(), file.dispatchLate(), file.receivedAt(), file.disposalDueAt(),
        file.disposalLate(), file.checkDueAt())).containsOnlyNulls();
    assertThat(file.disposalExtraMinutes()).isZero();
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
}
