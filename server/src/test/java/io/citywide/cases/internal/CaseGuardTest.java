package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.internal.CaseGround.Crew;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What must hold before a step is taken, and what is said where it does not. */
@ServerTest
class CaseGuardTest {

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Cases cases;

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

  private static String whyNot(Answer detail, CaseAction action) {
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

  private static StepCommand result(CaseAction action, String result) {
    return new StepCommand(action, null, null, null, null, null, null, null, null, null, null, null, result, null, null, null, null, null);
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
}
