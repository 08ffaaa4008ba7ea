package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Signals go apart and cases come together; each side says so, and each can be undone. */
@ServerTest
class SplitMergeTest {

  private static boolean built;

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Cases cases;
  @Autowired JdbcClient jdbc;

  private final TestCity city = new TestCity("971500", 101.5, 29.5);
  private TestClient acceptor;
  private TestClient leader;

  @BeforeEach
  void buildTheCity() {
    if (!built) {
      Answer answer = people.someone(Role.SYSTEM_ADMIN, "971500", null).client().put("/api/areas", city.geoJson());
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      built = true;
    }
    acceptor = people.someone(Role.ACCEPTOR, "971500", null).client();
    leader = people.someone(Role.SHIFT_LEADER, "971500", null).client();
  }

  /** Kinds differ from test to test, so that matching joins only what a test wants joined. */
  private JsonNode report(double x, double y, String text, String kind) {
    List<Double> at = city.at(x, y);
    Answer answer = acceptor.post("/api/cases", Map.of("description", text, "lon", at.get(0), "lat", at.get(1), "kindId", "gb47678.5-M" + kind));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  private static List<Long> signalIds(JsonNode detail) {
    return detail.path("signals").valueStream().map(s -> s.path("id").asLong()).toList();
  }

  @Test
  void theSameReportTwiceIsOneCaseAndASplitMakesTwo() {
    JsonNode first = report(0.5, 0.5, "江边路口窨井盖破损，行人注意", "06010");
    JsonNode second = report(0.5, 0.5, "江边路口窨井盖破损，行人注意", "06010");
    assertThat(second.path("outcome").asString()).isEqualTo("JOINED");
    long id = first.path("caseId").asLong();
    assertThat(second.path("caseId").asLong()).isEqualTo(id);
    JsonNode before = acceptor.get("/api/cases/" + id).json();
    assertThat(before.path("signalCount").asInt()).isEqualTo(2);
    assertThat(before.path("actions").valueStream().map(a -> a.path("action").asString())).contains("SPLIT");

    Answer split = acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", List.of(second.path("signalId").asLong()), "opinion", "是另一个井盖"));

    assertThat(split.status()).as(split.text()).isEqualTo(200);
    long made = split.json().path("id").asLong();
    assertThat(made).isNotEqualTo(id);
    assertThat(split.json().path("stage").asString()).isEqualTo("ACCEPTED");
    assertThat(signalIds(split.json())).containsExactly(second.path("signalId").asLong());
    JsonNode after = acceptor.get("/api/cases/" + id).json();
    assertThat(after.path("signalCount").asInt()).isEqualTo(1);
    assertThat(signalIds(after)).containsExactly(first.path("signalId").asLong());
    assertThat(after.path("steps").valueStream().toList().getLast().path("details").path("splitTo").asLong()).isEqualTo(made);
    assertThat(split.json().path("steps").get(0).path("details").path("splitFrom").asLong()).isEqualTo(id);

    // Undone by a merge.
    Answer merged = acceptor.post("/api/cases/" + id + "/merge", Map.of("otherId", made));
    assertThat(merged.status()).as(merged.text()).isEqualTo(200);
    assertThat(merged.json().path("signalCount").asInt()).isEqualTo(2);
    assertThat(ground.file(made).stage()).isEqualTo(CaseStage.VOID);
    assertThat(ground.file(made).mergedInto()).isEqualTo(id);
  }

  @Test
  void timeInWhichTheClockStoodStillIsNotCountedAtAJoinOrASplit() {
    long id = report(3.5, 0.5, "河道护栏破损，市民请注意绕行", "06013").path("caseId").asLong();
    // Thirty days, all of them paused; no calendar has none of its hours there.
    ground.set(id, "suspension_count = 1, stage_since = now() - interval '30 days'");
    ground.asSystem(() -> jdbc.sql("INSERT INTO case_pause (case_id, since, until, reason) VALUES (:id, now() - interval '30 days', now(), 'rain')").param("id", id).update());
    JsonNode second = report(3.5, 0.5, "河道护栏破损，市民请注意绕行", "06013");
    assertThat(second.path("caseId").asLong()).isEqualTo(id);

    assertThat(acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", List.of(second.path("signalId").asLong()))).status()).isEqualTo(200);

    assertThat(ground.asSystem(() -> cases.listSteps(id))).filteredOn(s -> s.action() == CaseAction.JOIN_SIGNAL || s.action() == CaseAction.SPLIT).hasSize(2)
        .allSatisfy(s -> assertThat(s.elapsedWorkingMinutes()).as("%s", s.action()).isLessThan(10));
  }

  @Test
  void aMergeIsUndoneByReopeningTheCaseThatWentAway() {
    long a = report(1.5, 0.5, "围墙倒塌占道", "06011").path("caseId").asLong();
    long b = report(1.5, 1.5, "路灯不亮已经三天", "06012").path("caseId").asLong();
    assertThat(a).isNotEqualTo(b);
    assertThat(acceptor.post("/api/cases/" + a + "/merge", Map.of("otherId", b, "opinion", "同一起")).status()).isEqualTo(200);
    assertThat(ground.file(b).signalCount()).isZero();

    Answer answer = ground.take(leader, b, CaseAction.REOPEN, "reason", "不是一起");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    CaseView back = ground.file(b);
    assertThat(back.stage()).isEqualTo(CaseStage.ACCEPTED);
    assertThat(back.mergedInto()).isNull();
    assertThat(back.signalCount()).isEqualTo(1);
    assertThat(ground.file(a).signalCount()).isEqualTo(1);
    assertThat(signalIds(acceptor.get("/api/cases/" + b).json())).hasSize(1);
    assertThat(signalIds(acceptor.get("/api/cases/" + a).json())).hasSize(1);
  }

  @Test
  void refusesWhatMakesNoSense() {
    JsonNode first = report(2.5, 0.5, "树倒了", "06013");
    long id = first.path("caseId").asLong();
    long other = report(2.5, 1.5, "污水外溢严重", "06014").path("caseId").asLong();

    assertThat(acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", List.of(first.path("signalId").asLong()))).json().path("guard").asString())
        .isEqualTo("SEVERAL_SIGNALS");
    report(2.5, 0.5, "树倒了", "06013");
    assertThat(acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", List.of(999_999_999))).problem()).isEqualTo("case.signal-not-of-case");
    assertThat(acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", List.of())).problem()).isEqualTo("case.signal-not-of-case");
    assertThat(acceptor.post("/api/cases/" + id + "/split", Map.of("signalIds", signalIds(acceptor.get("/api/cases/" + id).json()))).problem())
        .isEqualTo("case.signal-not-of-case");
    assertThat(acceptor.post("/api/cases/" + id + "/merge", Map.of("otherId", id)).status()).isEqualTo(422);
    assertThat(acceptor.post("/api/cases/" + id + "/merge", Map.of()).status()).isEqualTo(422);
    assertThat(acceptor.post("/api/cases/" + id + "/merge", Map.of("otherId", 999_999_999)).status()).isEqualTo(404);
    assertThat(acceptor.post("/api/cases/" + id + "/merge", Map.of("otherId", other, "version", 77)).problem()).isEqualTo("case.changed");
    ground.set(other, "stage = 'CLOSED'");
    assertThat(acceptor.post("/api/cases/" + id + "/merge", Map.of("otherId", other)).problem()).isEqualTo("case.step-not-allowed");
  }

  @Test
  void aCaseIsRelocatedAndClassifiedWithWhatItWasBefore() {
    long id = report(3.5, 0.5, "垃圾成堆", "06015").path("caseId").asLong();
    CaseView before = ground.file(id);
    List<Double> at = city.at(0.5, 1.5);

    Answer moved = ground.take(acceptor, id, CaseAction.RELOCATE, "lon", at.get(0), "lat", at.get(1), "address", "江滨路 9 号");
    Answer classified = ground.take(acceptor, id, CaseAction.CLASSIFY, "kindId", "gb47678.5-M06011");

    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    assertThat(classified.status()).as(classified.text()).isEqualTo(200);
    CaseView after = ground.file(id);
    assertThat(after.areaCode()).isEqualTo("971502001001003").isNotEqualTo(before.areaCode());
    assertThat(after.gridKey()).isNotEqualTo(before.gridKey());
    var steps = ground.asSystem(() -> cases.listSteps(id));
    assertThat(steps.get(steps.size() - 2).details()).containsEntry("areaBefore", before.areaCode()).containsEntry("areaCode", "971502001001003");
    assertThat(steps.getLast().details()).containsEntry("kindBefore", "gb47678.5-M06015");
    assertThat(ground.take(acceptor, id, CaseAction.RELOCATE, "lon", 10.0, "lat", 10.0).problem()).isEqualTo("case.outside-city");
    assertThat(ground.take(acceptor, id, CaseAction.RELOCATE, "lon", 500.0, "lat", 10.0).problem()).isEqualTo("case.field");
  }

  @Test
  void aCaseThatMovesToANeighbourLeavesTheSightOfWhoMovedIt() {
    long id = report(0.4, 1.4, "占道经营", "06016").path("caseId").asLong();
    TestClient community = people.someone(Role.ACCEPTOR, "971502001001", null).client();
    List<Double> at = city.at(3.5, 1.5);

    Answer moved = ground.take(community, id, CaseAction.RELOCATE, "lon", at.get(0), "lat", at.get(1));

    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    assertThat(moved.json().path("areaCode").asString()).startsWith("971502001002");
    assertThat(community.get("/api/cases/" + id).status()).isEqualTo(404);
    assertThat(people.someone(Role.ACCEPTOR, "971502001002", null).client().get("/api/cases/" + id).status()).isEqualTo(200);
  }

  @Test
  void evidenceOfAStepMustHaveBeenStored() {
    long id = report(1.4, 1.2, "护栏缺失", "06017").path("caseId").asLong();
    long version = ground.file(id).version();

    Answer answer = ground.take(acceptor, id, CaseAction.NOTE, "opinion", "见图", "media", List.of("ab".repeat(32)));

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(ground.file(id).version()).isEqualTo(version);
  }
}
