package io.citywide.dispatch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.grid.GridCell;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.NewCase;
import io.citywide.place.TestCity;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.util.AopTestUtils;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** From the filed case to the unit: by the matrix, by a person, or by the server itself where the switch is on. */
@ServerTest
class DispatchTest {

  private static final String GARBAGE = "gb47678.5-M06010";
  private static final String MESS = "gb47678.5-M06*";
  private static int cities = 0;

  @Autowired TestPeople people;
  @Autowired Cases cases;
  @Autowired CaseDesk desk;
  @Autowired TransactionTemplate transaction;
  @Autowired LiveFeed feed;
  @Autowired AutomaticDispatch automatic;

  private TestCity city;
  private String district;
  private String street;
  private String grid;
  private UnitRef sanitation;
  private UnitRef streetOffice;
  private Someone leader;
  private Someone dispatcher;
  private TestClient matrix;

  @BeforeEach
  void aCityWithTwoUnits() {
    int n = ++cities;
    city = new TestCity("92%02d00".formatted(n), 100 + n * 0.1, 25);
    Answer imported = people.someone(Role.SYSTEM_ADMIN, city.city, null).client().put("/api/areas", city.geoJson());
    assertThat(imported.status()).as(imported.text()).isEqualTo(200);
    district = city.city.substring(0, 4) + "02";
    street = district + "001";
    grid = street + "001001";
    sanitation = people.unit("市环卫处" + n, UnitKind.DEPARTMENT, city.city, null);
    streetOffice = people.unit("望江街道办" + n, UnitKind.STREET_OFFICE, street, null);
    leader = people.someone(Role.SHIFT_LEADER, city.city, null);
    dispatcher = people.someone(Role.DISPATCHER, city.city, null);
    matrix = dispatcher.client();
  }

  private <T> T as(Viewer viewer, Callable<T> work) {
    return Viewer.callAs(viewer, () -> transaction.execute(status -> {
      try {
        return work.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }));
  }

  private <T> T asSystem(Callable<T> work) {
    return as(Viewer.system("test"), work);
  }

  private CaseView accepted() {
    Instant now = Instant.now();
    double lon = city.lon + 0.0005;
    double lat = city.lat + 0.0005;
    long id = asSystem(() -> desk.open(new NewCase(1, GARBAGE, "暴露垃圾", "路边垃圾", lon, lat, GridCell.of(lon, lat, 9).key(), grid,
        "望江路 3 号", null, "NORMAL", "HOTLINE", now, now, null, null, "热线", List.of(), "位置由话务员给出"))).caseId();
    take(leader, id, StepCommand.of(CaseAction.ACCEPT));
    return file(id);
  }

  private CaseView filed() {
    CaseView file = accepted();
    take(leader, file.id(), StepCommand.of(CaseAction.FILE));
    return file(file.id());
  }

  private CaseView file(long id) {
    return asSystem(() -> cases.findCase(id).orElseThrow());
  }

  private void take(Someone someone, long caseId, StepCommand command) {
    Step step = as(someone.viewer(), () -> cases.take(caseId, command));
    assertThat(step).isInstanceOf(Step.Taken.class);
  }

  private List<StepRecord> dispatches(long caseId) {
    return asSystem(() -> cases.listSteps(caseId)).stream().filter(s -> s.action() == CaseAction.DISPATCH).toList();
  }

  private long rule(String kind, String area, String hours, UnitRef lead, UnitRef... assist) {
    Answer made = matrix.post("/api/dispatch/rules", body(kind, area, hours, lead, assist));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("id").asLong();
  }

  private static Map<String, Object> body(String kind, String area, String hours, UnitRef lead, UnitRef... assist) {
    Map<String, Object> body = new HashMap<>(Map.of("kind", kind, "areaCode", area, "hours", hours, "leadUnitId", lead.id()));
    body.put("assistUnitIds", List.of(assist).stream().map(UnitRef::id).toList());
    return body;
  }

  private JsonNode suggestion(long caseId) {
    Answer answer = matrix.get("/api/dispatch/suggestion?caseId=" + caseId);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> codes(JsonNode reasons) {
    return StreamSupport.stream(reasons.spliterator(), false).map(r -> r.path("code").asString()).toList();
  }

  private void switchOn(String kind) {
    Answer answer = matrix.put("/api/dispatch/switches", List.of(Map.of("kind", kind, "automatic", true)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private AutomaticDispatch.Due filing(CaseView file) {
    return new AutomaticDispatch.Due(file.id(), file.caseNo(), file.areaCode(), file.filedAt());
  }

  /** Delivers an event of the outbox and waits for its end. */
  private void deliver(AutomaticDispatch.Due filed) {
    AutomaticDispatch target = AopTestUtils.getTargetObject(automatic);
    target.on(filed);
  }

  @Test
  void suggestsTheUnitOfTheMostSpecificRuleAndSaysWhatItWasPreferredTo() {
    rule("*", city.city, "ANY", streetOffice);
    long major = rule(MESS, street, "ANY", streetOffice);
    long exact = rule(GARBAGE, city.city, "ANY", sanitation, streetOffice);

    JsonNode suggestion = suggestion(filed().id());

    assertThat(suggestion.at("/leadUnit/id").asLong()).isEqualTo(sanitation.id());
    assertThat(suggestion.at("/assistUnits/0/name").asString()).isEqualTo(streetOffice.name());
    assertThat(suggestion.path("ruleId").asLong()).isEqualTo(exact);
    assertThat(codes(suggestion.path("reasons"))).containsExactly("rule-chosen", "kind-more-specific", "kind-more-specific");
    assertThat(suggestion.path("why").asString())
        .startsWith("依责任矩阵规则" + exact + "（暴露垃圾，云泽市，全天），由" + sanitation.name() + "主办，" + streetOffice.name() + "协办。")
        .contains("优先于规则" + major + "（大类市容环境，云栖区 · 望江街道，全天，" + streetOffice.name() + "）：类别更具体。");
    assertThat(suggestion.at("/reasons/1/facts/ruleId").asLong()).isEqualTo(major);
  }

  @Test
  void aUnitWhoseStationingEndedIsPassedOverAndThisIsSaid() {
    UnitRef taskForce = as(Viewer.system("test"), () -> people.unit("整治专班" + cities, UnitKind.DEPARTMENT, city.city, null));
    long passed = rule(GARBAGE, street, "ANY", taskForce);
    rule(GARBAGE, city.city, "ANY", sanitation);
    LocalDate yesterday = LocalDate.now().minusDays(2);
    Answer ended = people.someone(Role.SYSTEM_ADMIN, city.city, null).client().put("/api/units/" + taskForce.id(),
        Map.of("code", taskForce.code(), "name", taskForce.name(), "kind", "DEPARTMENT", "areaCode", city.city,
            "stationing", "TEMPORARY", "stationedUntil", yesterday.toString()));
    assertThat(ended.status()).as(ended.text()).isEqualTo(200);

    JsonNode suggestion = suggestion(filed().id());

    assertThat(suggestion.at("/leadUnit/id").asLong()).isEqualTo(sanitation.id());
    assertThat(codes(suggestion.path("reasons"))).containsExactly("rule-chosen", "stationing-ended");
    assertThat(suggestion.path("why").asString())
        .contains("规则" + passed + "未采用：" + taskForce.name() + "的临时派驻已于" + yesterday + "结束。");
  }

  @Test
  void anInactiveUnitNeitherLeadsNorAssists() {
    UnitRef closedDown = people.unit("旧城管所" + cities, UnitKind.DEPARTMENT, city.city, null);
    rule(GARBAGE, street, "ANY", closedDown);
    rule(MESS, city.city, "ANY", sanitation, closedDown);
    people.someone(Role.SYSTEM_ADMIN, city.city, null).client().put("/api/units/" + closedDown.id(),
        Map.of("code", closedDown.code(), "name", closedDown.name(), "kind", "DEPARTMENT", "areaCode", city.city, "active", false));

    JsonNode suggestion = suggestion(filed().id());

    assertThat(suggestion.at("/leadUnit/id").asLong()).isEqualTo(sanitation.id());
    assertThat(suggestion.path("assistUnits")).isEmpty();
    assertThat(codes(suggestion.path("reasons"))).containsExactly("rule-chosen", "unit-inactive", "assist-unit-inactive");
  }

  @Test
  void withoutARuleTheDispatcherGetsTheNearestSuggestionsEachWithItsReason() {
    UnitRef experienced = people.unit("老环卫所" + cities, UnitKind.DEPARTMENT, city.city, null);
    Someone handler = people.someone(Role.HANDLER, city.city, experienced);
    Someone verifier = people.someone(Role.VERIFIER, city.city, null);
    CaseView solved = filed();
    take(dispatcher, solved.id(), StepCommand.dispatch(experienced.id(), List.of(), null, Map.of()));
    take(handler, solved.id(), with(CaseAction.DISPOSE, "已清理", null));
    take(verifier, solved.id(), with(CaseAction.CHECK, null, "PASS"));
    take(leader, solved.id(), StepCommand.of(CaseAction.CLOSE));
    rule(MESS, street + "002", "ANY", sanitation);

    JsonNode suggestion = suggestion(filed().id());

    assertThat(suggestion.path("leadUnit").isNull()).isTrue();
    assertThat(codes(suggestion.path("reasons"))).containsExactly("no-rule");
    JsonNode others = suggestion.path("alternatives");
    assertThat(StreamSupport.stream(others.spliterator(), false).map(a -> a.at("/reason/code").asString()))
        .containsExactly("handled-similar-here", "leads-related-rule", "unit-of-area");
    assertThat(others.get(0).path("id").asLong()).isEqualTo(experienced.id());
    assertThat(others.get(0).path("why").asString()).isEqualTo(experienced.name() + "在云栖区 · 望江街道办结过1件暴露垃圾案件。");
    assertThat(others.get(1).path("id").asLong()).isEqualTo(sanitation.id());
    assertThat(others.get(2).path("id").asLong()).isEqualTo(streetOffice.id());
  }

  private static StepCommand with(CaseAction action, String opinion, String result) {
    return new StepCommand(action, null, opinion, null, null, null, null, null, null, null, null, null, result, null, null, null, null, null);
  }

  @Test
  void aFiledCaseIsDispatchedByItselfWhereTheSwitchIsOnAndTheStepSaysWhy() throws Exception {
    long rule = rule(GARBAGE, city.city, "ANY", sanitation, streetOffice);
    switchOn(GARBAGE);
    CaseView file = accepted();
    var dispatched = new CompletableFuture<Map<String, Object>>();
    try (var hearing = feed.listen(notice -> {
      if (Long.valueOf(file.id()).equals(notice.data().get("caseId")) && "DISPATCH".equals(notice.data().get("action"))) {
        dispatched.complete(notice.data());
      }
    })) {
      take(leader, file.id(), StepCommand.of(CaseAction.FILE));
      dispatched.get(20, TimeUnit.SECONDS);
    }

    CaseView after = file(file.id());
    assertThat(after.stage()).isEqualTo(CaseStage.DISPATCHED);
    assertThat(after.leadUnitId()).isEqualTo(sanitation.id());
    assertThat(after.assistUnitIds()).containsExactly(streetOffice.id());
    assertThat(dispatches(file.id())).singleElement().satisfies(step -> {
      assertThat(step.personId()).isNull();
      assertThat(step.personName()).isEqualTo("dispatch");
      assertThat(step.opinion()).startsWith("依责任矩阵规则" + rule);
      assertThat(step.details()).containsEntry("automatic", true).containsKey("reasons");
      assertThat(((Number) step.details().get("ruleId")).longValue()).isEqualTo(rule);
    });
  }

  @Test
  void withoutASwitchTheCaseWaitsForThePerson() {
    rule(GARBAGE, city.city, "ANY", sanitation);
    CaseView file = filed();

    deliver(filing(file));

    assertThat(file(file.id()).stage()).isEqualTo(CaseStage.FILED);
    assertThat(suggestion(file.id()).path("automatic").asBoolean()).isFalse();
  }

  @Test
  void theSwitchOfTheKindItselfOverrulesThatOfItsClass() {
    rule(GARBAGE, city.city, "ANY", sanitation);
    switchOn(MESS);
    matrix.put("/api/dispatch/switches", List.of(Map.of("kind", GARBAGE, "automatic", false)));

    assertThat(suggestion(filed().id()).path("automatic").asBoolean()).isFalse();
  }

  @Test
  void anEventDeliveredTwiceAndAtOnceDispatchesOnce() throws Exception {
    rule(GARBAGE, city.city, "ANY", sanitation);
    CaseView file = filed();
    switchOn(GARBAGE);

    try (var threads = Executors.newFixedThreadPool(4)) {
      List<? extends Future<?>> deliveries = IntStream.range(0, 8).mapToObj(i -> threads.submit(() -> deliver(filing(file)))).toList();
      for (Future<?> delivery : deliveries) {
        delivery.get(20, TimeUnit.SECONDS);
      }
    }

    assertThat(dispatches(file.id())).hasSize(1);
  }

  @Test
  void aCaseThatCameBackFromItsUnitIsLeftToThePerson() {
    rule(GARBAGE, city.city, "ANY", sanitation);
    CaseView file = filed();
    take(dispatcher, file.id(), StepCommand.dispatch(streetOffice.id(), List.of(), "先由街道处置", Map.of()));
    take(dispatcher, file.id(), withReason(CaseAction.RETURN, "派错了"));
    switchOn(GARBAGE);

    deliver(filing(file));

    assertThat(file(file.id()).stage()).isEqualTo(CaseStage.FILED);
    assertThat(dispatches(file.id())).hasSize(1);
  }

  private static StepCommand withReason(CaseAction action, String reason) {
    return new StepCommand(action, null, null, null, null, null, null, null, null, null, null, null, null, null, reason, null, null, null);
  }

  @Test
  void anAutomaticDispatchCanBeUndoneAndDoneOtherwise() {
    rule(GARBAGE, city.city, "ANY", sanitation);
    CaseView file = filed();
    switchOn(GARBAGE);
    deliver(filing(file));
    assertThat(file(file.id()).leadUnitId()).isEqualTo(sanitation.id());

    take(dispatcher, file.id(), withReason(CaseAction.RETURN, "应由街道处置"));
    take(dispatcher, file.id(), StepCommand.dispatch(streetOffice.id(), List.of(), "改派街道", Map.of()));

    assertThat(file(file.id()).leadUnitId()).isEqualTo(streetOffice.id());
    assertThat(dispatches(file.id())).extracting(StepRecord::personName).containsExactly("dispatch", dispatcher.viewer().displayName());
  }

  @Test
  void everyoneChangesOnlyTheRulesOfHisOwnArea() {
    long wide = rule(GARBAGE, city.city, "ANY", sanitation);
    TestClient ofStreet = people.someone(Role.DISPATCHER, street, null).client();
    TestClient ofNeighbour = people.someone(Role.DISPATCHER, city.city.substring(0, 4) + "03", null).client();

    Answer refused = ofStreet.post("/api/dispatch/rules", body(MESS, city.city, "ANY", sanitation));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.problem()).isEqualTo("dispatch.outside-scope");
    assertThat(ofStreet.delete("/api/dispatch/rules/" + wide).status()).isEqualTo(403);
    Answer own = ofStreet.post("/api/dispatch/rules", body(MESS, street, "ANY", streetOffice));
    assertThat(own.status()).as(own.text()).isEqualTo(201);

    // The street reads the city's rule, which holds there too; the neighbour does not read the street's.
    assertThat(ids(ofStreet.get("/api/dispatch/rules").json())).contains(wide, own.json().path("id").asLong());
    assertThat(ids(ofNeighbour.get("/api/dispatch/rules").json())).contains(wide).doesNotContain(own.json().path("id").asLong());
    assertThat(ofStreet.put("/api/dispatch/switches", List.of(Map.of("kind", "*", "areaCode", city.city, "automatic", true))).problem())
        .isEqualTo("dispatch.outside-scope");
  }

  @Test
  void aSwitchThatSaysNothingIsRefusedByItsPlaceInTheList() {
    Map<String, Object> silent = new HashMap<>(Map.of("kind", "*"));
    silent.put("automatic", null);

    Answer refused = matrix.put("/api/dispatch/switches", List.of(Map.of("kind", "*", "automatic", false), silent));

    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("request.invalid");
    assertThat(refused.json().path("faults").path(0).path("field").asString()).isEqualTo("[1].automatic");
  }

  private static List<Long> ids(JsonNode slice) {
    return StreamSupport.stream(slice.path("items").spliterator(), false).map(r -> r.path("id").asLong()).toList();
  }

  @Test
  void aRuleIsChangedOnlyOnTheVersionThatWasRead() {
    long id = rule(GARBAGE, city.city, "ANY", sanitation);
    Map<String, Object> change = body(GARBAGE, city.city, "ANY", streetOffice);
    change.put("version", 1);

    Answer first = matrix.put("/api/dispatch/rules/" + id, change);
    Answer second = matrix.put("/api/dispatch/rules/" + id, change);

    assertThat(first.json().path("version").asInt()).isEqualTo(2);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.problem()).isEqualTo("dispatch.rule-changed");
    assertThat(matrix.post("/api/dispatch/rules", body(GARBAGE, city.city, "ANY", sanitation)).problem()).isEqualTo("dispatch.rule-taken");
    assertThat(matrix.delete("/api/dispatch/rules/" + id).status()).isEqualTo(204);
    assertThat(matrix.delete("/api/dispatch/rules/" + id).problem()).isEqualTo("dispatch.unknown-rule");
  }

  @Test
  void refusesARuleForThingsThatAreNotThere() {
    assertThat(matrix.post("/api/dispatch/rules", body("gb47678.5-M99999", city.city, "ANY", sanitation)).json().path("field").asString()).isEqualTo("kind");
    assertThat(matrix.post("/api/dispatch/rules", body("暴露垃圾", city.city, "ANY", sanitation)).problem()).isEqualTo("dispatch.invalid-rule");
    assertThat(matrix.post("/api/dispatch/rules", body(GARBAGE, district + "777", "ANY", sanitation)).json().path("field").asString()).isEqualTo("areaCode");
    assertThat(matrix.post("/api/dispatch/rules", Map.of("kind", GARBAGE, "areaCode", city.city, "leadUnitId", 999_999_999)).json().path("field").asString())
        .isEqualTo("leadUnitId");
    assertThat(matrix.post("/api/dispatch/rules", body(GARBAGE, city.city, "ANY", sanitation, sanitation)).json().path("field").asString())
        .isEqualTo("assistUnitIds");
  }

  @Test
  void importsEveryGoodRowNamesTheBadOnesAndDoesNothingTheSecondTime() {
    String csv = """
        类别,区域,时段,主办单位,协办单位,生效日期,失效日期
        %s,%s,全天,%s,%s,2026-01-01,
        %s,%s,工作时间,%s,,,
        gb47678.5-M99999,%s,全天,%s,,,
        %s,%s,夜里,%s,,,
        %s,%s,全天,没有的单位,,,
        %s,%s,全天,%s,,2026-13-01,
        %s,,全天,%s,,,
        %s,%s,全天,%s,,2026-01-01,
        """.formatted(
        GARBAGE, city.city, sanitation.name(), streetOffice.code(),
        MESS, street, streetOffice.name(),
        city.city, sanitation.name(),
        GARBAGE, city.city, sanitation.name(),
        GARBAGE, city.city,
        GARBAGE, city.city, sanitation.name(),
        GARBAGE, sanitation.name(),
        GARBAGE, city.city, streetOffice.name());

    Answer first = matrix.send("POST", "/api/dispatch/rules:import", csv, Map.of("Content-Type", "text/csv"));
    Answer second = matrix.send("POST", "/api/dispatch/rules:import", csv.getBytes(Charset.forName("GB18030")), Map.of("Content-Type", "text/csv"));

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.json().path("read").asInt()).isEqualTo(8);
    assertThat(first.json().path("accepted").asInt()).isEqualTo(2);
    assertThat(first.json().path("created").asInt()).isEqualTo(2);
    assertThat(StreamSupport.stream(first.json().path("rejected").spliterator(), false)
            .map(r -> r.path("line").asInt() + " " + r.path("field").asString()))
        .containsExactly("4 kind", "5 hours", "6 lead", "7 validFrom", "8 area", "9 lead");
    assertThat(first.json().at("/rejected/1/reason").asString()).contains("ANY, WORKING or OFF").contains("夜里");
    assertThat(first.json().at("/rejected/5/reason").asString()).contains("line 2");
    assertThat(second.json().path("unchanged").asInt()).isEqualTo(2);
    assertThat(second.json().path("created").asInt() + second.json().path("changed").asInt()).isZero();

    String changed = "kind,area,lead,validFrom\n%s,%s,%s,2026-01-01\n".formatted(GARBAGE, city.city, streetOffice.name());
    assertThat(matrix.send("POST", "/api/dispatch/rules:import", changed, Map.of("Content-Type", "text/csv")).json().path("changed").asInt()).isEqualTo(1);
  }

  @Test
  void refusesATextThatIsNoMatrixAtAll() {
    assertThat(matrix.send("POST", "/api/dispatch/rules:import", "a,b\n1,2\n", Map.of("Content-Type", "text/csv")).problem()).isEqualTo("dispatch.unreadable-csv");
    assertThat(matrix.send("POST", "/api/dispatch/rules:import", "kind,area\n*,*\n", Map.of("Content-Type", "text/csv")).text()).contains("'lead' is missing");
    assertThat(matrix.send("POST", "/api/dispatch/rules:import", new byte[] {'k', (byte) 0xFF, (byte) 0xFF}, Map.of("Content-Type", "text/csv")).problem())
        .isEqualTo("dispatch.unreadable-csv");
  }
}
