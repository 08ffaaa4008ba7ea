package io.citywide.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.TestCity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A report's way from the wire to a case, over HTTP. */
@ServerTest
class IntakeTest {

  private static final TestCity CITY = city();
  private static final String MANHOLE = "91010201001000001";
  private static final String NEXT_MANHOLE = "91010201001000002";

  @Autowired TestPeople people;

  private TestClient acceptor;

  /** One community has a name that no other test's city has: the server is shared, and a name of many places names none. */
  private static TestCity city() {
    TestCity city = new TestCity("910100", 110, 30);
    city.properties("910102001002").put("name", "苇塘社区");
    return city;
  }

  @BeforeEach
  void aCity() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    assertThat(steward.post("/api/components:batch", List.of(component(MANHOLE, 0.2, 0.2), component(NEXT_MANHOLE, 0.25, 0.2))).status()).isEqualTo(200);
    acceptor = people.someone(Role.ACCEPTOR, CITY.city, null).client();
  }

  private static Map<String, Object> component(String ident, double x, double y) {
    return Map.of("ident", ident, "lon", CITY.at(x, y).get(0), "lat", CITY.at(x, y).get(1));
  }

  private static Map<String, Object> report(double x, double y, String description) {
    Map<String, Object> body = new HashMap<>();
    body.put("description", description);
    body.put("lon", CITY.at(x, y).get(0));
    body.put("lat", CITY.at(x, y).get(1));
    return body;
  }

  private static Map<String, Object> with(Map<String, Object> body, String key, Object value) {
    Map<String, Object> more = new HashMap<>(body);
    more.put(key, value);
    return more;
  }

  private JsonNode taken(Map<String, Object> body) {
    Answer answer = acceptor.post("/api/signals", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  private static JsonNode decision(JsonNode accepted, String step) {
    for (JsonNode decision : accepted.path("decisions")) {
      if (decision.path("step").asString().equals(step)) {
        return decision;
      }
    }
    throw new AssertionError("no step " + step + " in " + accepted);
  }

  // --- the way ---

  @Test
  void aReportWithAPositionOpensACaseAndEveryStepSaysWhy() {
    JsonNode accepted = taken(report(2.5, 0.5, "路边堆满暴露垃圾，气味很大"));

    assertThat(accepted.path("outcome").asString()).isEqualTo("OPENED");
    assertThat(accepted.path("caseNo").asString()).hasSize(19);
    assertThat(accepted.path("trackingCode").asString()).hasSize(26);
    assertThat(decision(accepted, "locate").path("why").asString()).contains("苇塘社区").contains("001网格");
    assertThat(decision(accepted, "recognise").path("why").asString()).contains("暴露垃圾");
    assertThat(decision(accepted, "match").path("outcome").asString()).isEqualTo("OPENED");
    JsonNode seen = acceptor.get("/api/signals/" + accepted.path("signalId").asLong()).json();
    assertThat(seen.path("decisions")).hasSize(4);
    assertThat(seen.path("areaCode").asString()).isEqualTo("910102001002001");
  }

  @Test
  void theSameProblemReportedAgainJoinsTheOpenCaseAndSaysHowNearAndHowAlike() {
    JsonNode first = taken(report(3.2, 1.2, "人行道上有一个大坑，路面破损严重"));
    JsonNode second = taken(report(3.4, 1.2, "这里的人行道路面破损，有个大坑，差点摔倒"));

    assertThat(second.path("outcome").asString()).isEqualTo("JOINED");
    assertThat(second.path("caseId").asLong()).isEqualTo(first.path("caseId").asLong());
    JsonNode why = decision(second, "match");
    assertThat(why.path("why").asString()).matches("并入 \\d{19}：相距 19 米，.*文字相似 0\\.\\d\\d.*");
    assertThat(why.path("facts").path("distanceMeters").asDouble()).isBetween(19.0, 19.6);
    assertThat(acceptor.get("/api/cases/" + first.path("caseId").asLong()).json().path("signalCount").asInt()).isEqualTo(2);
  }

  @Test
  void anotherProblemAtTheSamePlaceOpensACaseOfItsOwn() {
    JsonNode garbage = taken(with(report(1.5, 1.5, "有一堆垃圾"), "kindId", kind("暴露垃圾")));
    JsonNode lamp = taken(with(report(1.5, 1.5, "路灯不亮"), "kindId", "gb47678.5-C01037"));

    assertThat(lamp.path("outcome").asString()).isEqualTo("OPENED");
    assertThat(lamp.path("caseId").asLong()).isNotEqualTo(garbage.path("caseId").asLong());
  }

  @Test
  void theSameManholeIsTheSameProblemAndItsNeighbourAnother() {
    JsonNode first = taken(Map.of("description", "井盖破了", "componentIdent", MANHOLE));
    JsonNode again = taken(Map.of("description", "盖子裂开，车压上去很响", "componentIdent", MANHOLE));
    JsonNode neighbour = taken(Map.of("description", "井盖破了", "componentIdent", NEXT_MANHOLE));

    assertThat(decision(first, "locate").path("outcome").asString()).isEqualTo("POINT");
    assertThat(decision(first, "recognise").path("outcome").asString()).isEqualTo("COMPONENT");
    assertThat(again.path("caseId").asLong()).isEqualTo(first.path("caseId").asLong());
    assertThat(decision(again, "match").path("why").asString()).contains("同一部件");
    assertThat(neighbour.path("caseId").asLong()).isNotEqualTo(first.path("caseId").asLong());
  }

  @Test
  void twoHundredReportsOfOneProblemAtOnceMakeOneCaseWithTwoHundredSignals() throws Exception {
    TestClient hotline = people.machine(CITY.city, Permission.SIGNAL_REPORT, Permission.SIGNAL_READ);
    hotline.get("/api/signals?limit=1"); // a hotline that has called before
    List<Callable<Answer>> calls = IntStream.range(0, 200).<Callable<Answer>>mapToObj(i -> () ->
        hotline.send("POST", "/api/signals", with(report(0.7, 1.7, "水管爆裂，路面积水严重"), "channel", "HOTLINE"), Map.of("Idempotency-Key", "storm-" + i))).toList();
    List<Long> cases = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> call : threads.invokeAll(calls)) {
        assertThat(call.get().status()).as(call.get().text()).isEqualTo(201);
        cases.add(call.get().json().path("caseId").asLong());
      }
    }
    assertThat(cases).hasSize(200);
    assertThat(cases.stream().distinct()).hasSize(1);
    assertThat(acceptor.get("/api/cases/" + cases.getFirst()).json().path("signalCount").asInt()).isEqualTo(200);
  }

  @Test
  void aReportWithoutAPointWaitsInTheQueueOfTheAreaItsTextNames() {
    JsonNode accepted = taken(Map.of("description", "苇塘社区的小广场晚上噪音太大"));

    assertThat(accepted.path("outcome").asString()).isEqualTo("WAITING_PLACE");
    assertThat(decision(accepted, "locate").path("outcome").asString()).isEqualTo("AREA");
    long id = accepted.path("signalId").asLong();
    var there = people.someone(Role.ACCEPTOR, "910102001002", null).client();
    var elsewhere = people.someone(Role.ACCEPTOR, "910102001001", null).client();
    assertThat(there.get("/api/signals?state=WAITING_PLACE").text()).contains("\"id\":" + id + ",");
    assertThat(elsewhere.get("/api/signals/" + id).problem()).isEqualTo("signal.not-found");
    assertThat(elsewhere.post("/api/signals/" + id + "/place", Map.of("lon", CITY.at(2.5, 1).get(0), "lat", CITY.at(2.5, 1).get(1))).problem()).isEqualTo("signal.not-found");

    JsonNode placed = there.post("/api/signals/" + id + "/place", Map.of("lon", CITY.at(2.1, 1.9).get(0), "lat", CITY.at(2.1, 1.9).get(1))).json();
    assertThat(placed.path("outcome").asString()).as(placed.toString()).isEqualTo("OPENED");
    assertThat(there.post("/api/signals/" + id + "/place", Map.of("lon", CITY.at(2.1, 1.9).get(0), "lat", CITY.at(2.1, 1.9).get(1))).problem()).isEqualTo("signal.not-waiting");
  }

  @Test
  void aReportThatSaysNothingOfThePlaceWaitsWhereTheWholeCityIsSeen() {
    JsonNode accepted = taken(Map.of("description", "有人半夜按喇叭"));

    assertThat(accepted.path("outcome").asString()).isEqualTo("WAITING_PLACE");
    assertThat(acceptor.get("/api/signals/" + accepted.path("signalId").asLong()).json().path("areaCode").asString()).isEqualTo(CITY.city);
  }

  @Test
  void aWaitingReportCanBeDeclinedWithAReason() {
    long id = taken(Map.of("description", "今天天气真好")).path("signalId").asLong();

    assertThat(acceptor.post("/api/signals/" + id + "/decline", Map.of("reason", " ")).problem()).isEqualTo("signal.invalid");
    JsonNode declined = acceptor.post("/api/signals/" + id + "/decline", Map.of("reason", "不是城市管理事项")).json();
    assertThat(declined.path("state").asString()).isEqualTo("DECLINED");
    assertThat(declined.path("decisions").path(declined.path("decisions").size() - 1).path("why").asString()).contains("不是城市管理事项");
  }

  // --- bad input: each a precise error, nothing changed ---

  private void refused(Map<String, Object> body, int status, String problem, String field) {
    String before = acceptor.get("/api/signals?limit=1").json().path("items").path(0).path("id").asString();
    Answer answer = acceptor.post("/api/signals", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(answer.json().path("field").asString("")).isEqualTo(field);
    assertThat(answer.response().headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
    assertThat(acceptor.get("/api/signals?limit=1").json().path("items").path(0).path("id").asString()).isEqualTo(before);
  }

  @Test
  void refusesWhatCannotBeAReportAndSaysWhichFieldIsWrong() {
    Map<String, Object> good = report(0.5, 0.5, "x");
    refused(with(good, "description", " "), 422, "signal.description", "description");
    refused(with(good, "description", "长".repeat(20_001)), 422, "signal.description", "description");
    refused(with(good, "lon", 200), 422, "signal.coordinates", "lon");
    refused(with(good, "lat", null), 422, "signal.coordinates", "lat");
    refused(with(with(good, "lon", 10.0), "lat", 10.0), 422, "signal.outside-city", "lon");
    refused(with(with(good, "lon", good.get("lat")), "lat", good.get("lon")), 422, "signal.coordinates-swapped", "lat");
    refused(with(good, "crs", "EPSG:3857"), 422, "signal.coordinate-system", "crs");
    refused(with(good, "kindId", "gb47678.5-C99999"), 422, "signal.unknown-kind", "kindId");
    refused(with(good, "areaCode", "999999"), 422, "signal.unknown-area", "areaCode");
    refused(with(good, "componentIdent", "nothing"), 422, "signal.unknown-component", "componentIdent");
    refused(with(good, "occurredAt", Instant.now().plusSeconds(3_600).toString()), 422, "signal.future", "occurredAt");
    refused(with(good, "media", List.of("0".repeat(64))), 422, "signal.unknown-media", "media");
    refused(with(good, "urgency", "PANIC"), 422, "signal.invalid", "urgency");
    refused(with(good, "reporter", Map.of("phone", "call me")), 422, "signal.reporter", "reporter.phone");
    refused(with(good, "lon", "abc"), 400, "request.invalid", "");
  }

  @Test
  void saysInWordsHowFarTheCityReaches() {
    Map<String, Object> far = with(with(report(0.5, 0.5, "x"), "lon", 10.0), "lat", 10.0);

    assertThat(acceptor.post("/api/signals", far).json().path("detail").asString())
        .matches("\\(10\\.0, 10\\.0\\) lies outside the city, which reaches from longitude \\S+ to \\S+ and from latitude \\S+ to \\S+");
    assertThat(acceptor.send("POST", "/api/signals", far, Map.of("Accept-Language", "zh-CN")).json().path("detail").asString())
        .matches("位置（10\\.0，10\\.0）不在本市范围内；本市位于经度 \\S+ 至 \\S+、纬度 \\S+ 至 \\S+ 之间");
  }

  @Test
  void convertsChineseMapCoordinates() {
    var onTheirMap = CoordinateSystem.GCJ02.fromWgs84(CITY.at(2.5, 1.5).get(0), CITY.at(2.5, 1.5).get(1));
    JsonNode accepted = taken(Map.of("description", "电线掉落", "lon", onTheirMap.lon(), "lat", onTheirMap.lat(), "crs", "GCJ02"));

    JsonNode seen = acceptor.get("/api/signals/" + accepted.path("signalId").asLong()).json();
    assertThat(seen.path("lon").asDouble()).isCloseTo(CITY.at(2.5, 1.5).get(0), within(1e-6));
    assertThat(seen.path("lat").asDouble()).isCloseTo(CITY.at(2.5, 1.5).get(1), within(1e-6));
    assertThat(decision(accepted, "accept").path("why").asString()).contains("GCJ02");
  }

  @Test
  void aMachineNeedsAKeyTheSameKeyAnswersTheSameAndAnotherBodyIsAConflict() {
    TestClient hotline = people.machine(CITY.city, Permission.SIGNAL_REPORT);
    Map<String, Object> body = report(3.9, 0.1, "树枝折断");
    Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

    assertThat(hotline.post("/api/signals", body).problem()).isEqualTo("signal.key-required");
    JsonNode first = hotline.send("POST", "/api/signals", body, key).json();
    JsonNode again = hotline.send("POST", "/api/signals", body, key).json();
    Answer other = hotline.send("POST", "/api/signals", with(body, "description", "另一件事"), key);

    assertThat(again.path("signalId")).isEqualTo(first.path("signalId"));
    assertThat(again.path("trackingCode")).isEqualTo(first.path("trackingCode"));
    assertThat(again.path("repeated").asBoolean()).isTrue();
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.problem()).isEqualTo("signal.key-reused");
  }

  // --- personal data ---

  @Test
  void personalDataAreMaskedAndShownOnlyForAPurposeThatIsRecorded() {
    long id = taken(with(report(0.1, 0.9, "井盖异响"), "reporter", Map.of("name", "张三", "phone", "13812345678", "email", "zs@example.com"))).path("signalId").asLong();

    JsonNode masked = acceptor.get("/api/signals/" + id).json().path("reporter");
    assertThat(masked.path("name").asString()).isEqualTo("张**");
    assertThat(masked.path("phone").asString()).isEqualTo("138****5678");
    assertThat(masked.path("email").asString()).isEqualTo("z***@example.com");
    assertThat(acceptor.post("/api/signals/" + id + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "看看")).problem()).isEqualTo("identity.purpose");
    assertThat(people.someone(Role.DISPATCHER, CITY.city, null).client().post("/api/signals/" + id + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")).status()).isEqualTo(403);
    assertThat(acceptor.post("/api/signals/" + id + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")).json().path("phone").asString()).isEqualTo("13812345678");
    String log = people.someone(Role.AUDIT_ADMIN, CITY.city, null).client().get("/api/access-log?limit=50").text();
    assertThat(log).contains("personal-data.revealed").contains("signal:" + id).contains("回访核实位置").doesNotContain("13812345678");
  }

  @Test
  void aHandlerSeesTheReportsOfItsOwnCasesOnly() {
    long id = taken(report(1.1, 0.1, "垃圾桶满了没人清理")).path("signalId").asLong();

    assertThat(people.someone(Role.HANDLER, CITY.city, null).client().get("/api/signals/" + id).problem()).isEqualTo("signal.not-found");
  }

  // --- batches ---

  @Test
  void aBatchTakesWhatIsGoodNamesWhatIsBadAndTakesNothingTwice() {
    TestClient importer = people.machine(CITY.city, Permission.SIGNAL_IMPORT);
    String system = "legacy-" + UUID.randomUUID();
    List<Map<String, Object>> rows = List.of(
        row(system, "1", report(0.5, 0.5, "旧系统第一条")),
        with(row(system, "2", report(0.6, 0.5, "旧系统第二条")), "history",
            Map.of("openedAt", "2025-01-02T00:00:00Z", "targetAt", "2025-01-05T00:00:00Z", "closedAt", "2025-01-03T00:00:00Z", "unitName", "环卫所")),
        row(system, "3", with(report(0, 0, "坐标不对"), "lon", 500)),
        row(system, "1", report(0.5, 0.5, "同一条又来一次")),
        with(row(system, "4", report(0.5, 0.5, "写错字段")), "descripton", "x"),
        row(system, "5", Map.of("description", "没有坐标")));

    JsonNode result = importer.post("/api/signals:batch", rows).json();
    assertThat(result.path("accepted").asInt()).as(result.toString()).isEqualTo(3);
    assertThat(result.path("opened").asInt() + result.path("joined").asInt()).isEqualTo(2);
    assertThat(result.path("waiting").asInt()).isEqualTo(1);
    assertThat(result.path("duplicates").asInt()).isEqualTo(1);
    assertThat(result.path("rejected")).hasSize(2);
    assertThat(result.path("rejected").path(0).path("index").asInt()).isEqualTo(2);
    assertThat(result.path("rejected").path(0).path("field").asString()).isEqualTo("lon");
    assertThat(result.path("rejected").path(1).path("field").asString()).isEqualTo("descripton");

    JsonNode again = importer.post("/api/signals:batch", rows).json();
    assertThat(again.path("accepted").asInt()).isZero();
    assertThat(again.path("duplicates").asInt()).isEqualTo(4);
  }

  @Test
  void theSameRowsInManyBatchesAtOnceAreTakenOnce() throws Exception {
    TestClient importer = people.machine(CITY.city, Permission.SIGNAL_IMPORT, Permission.SIGNAL_REPORT);
    String system = "twice-" + UUID.randomUUID();
    List<Map<String, Object>> rows = IntStream.range(0, 60).<Map<String, Object>>mapToObj(i -> with(row(system, "r" + i, report(0.5, 0.5, "旧系统第 " + i + " 条")), "history",
        Map.of("openedAt", "2025-01-02T00:00:00Z", "closedAt", "2025-01-03T00:00:00Z"))).toList();
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      calls.add(() -> importer.post("/api/signals:batch", rows));
    }
    calls.add(() -> importer.send("POST", "/api/signals", rows.get(30), Map.of("Idempotency-Key", system)));
    int accepted = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> call : threads.invokeAll(calls)) {
        Answer answer = call.get();
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        accepted += answer.status() == 200 ? answer.json().path("accepted").asInt() : answer.json().path("repeated").asBoolean() ? 0 : 1;
      }
    }
    assertThat(accepted).isEqualTo(60);
  }

  private static Map<String, Object> row(String system, String ref, Map<String, Object> body) {
    return with(with(body, "sourceSystem", system), "sourceRef", ref);
  }

  @Test
  void theNaturalKeyOfAnotherSystemOpensNeitherItsReportNorTheReportersSecret() {
    Map<String, Object> body = row("hotline-" + System.nanoTime(), "1", report(3.3, 0.3, "绿化带里有人倾倒建筑垃圾"));
    TestClient hotline = people.machine(CITY.city, Permission.SIGNAL_REPORT);
    JsonNode first = hotline.send("POST", "/api/signals", body, Map.of("Idempotency-Key", "first")).json();

    JsonNode again = hotline.send("POST", "/api/signals", body, Map.of("Idempotency-Key", "again")).json();
    Answer neighbour = people.machine("950999", Permission.SIGNAL_REPORT).send("POST", "/api/signals", body, Map.of("Idempotency-Key", "natural-key"));
    Answer partner = people.machine(CITY.city, Permission.SIGNAL_REPORT).send("POST", "/api/signals", body, Map.of("Idempotency-Key", "natural-key"));

    assertThat(again.path("repeated").asBoolean()).isTrue();
    assertThat(again.path("trackingCode")).isEqualTo(first.path("trackingCode"));
    assertThat(neighbour.problem()).isEqualTo("signal.key-reused");
    assertThat(neighbour.text()).doesNotContain(first.path("trackingCode").asString()).doesNotContain(first.path("caseNo").asString());
    assertThat(partner.json().path("caseNo")).isEqualTo(first.path("caseNo"));
    assertThat(partner.json().path("trackingCode").isNull()).isTrue();
  }

  @Test
  void aBatchThatIsNotUtf8IsRefusedAsAWhole() {
    Answer answer = people.machine(CITY.city, Permission.SIGNAL_IMPORT).send("POST", "/api/signals:batch", new byte[] {'{', '"', (byte) 0xC4, (byte) 0xFA, '"', '}'},
        Map.of("Content-Type", "application/x-ndjson"));
    assertThat(answer.problem()).isEqualTo("signal.invalid");
    assertThat(answer.text()).contains("UTF-8");
  }

  private String kind(String name) {
    for (JsonNode kind : acceptor.get("/api/kinds?active=true").json()) {
      if (kind.path("nameZh").asString().contains(name)) {
        return kind.path("id").asString();
      }
    }
    throw new AssertionError("the catalogue has no " + name);
  }

  // --- citizens ---

  @Test
  void aCitizensReportWhoseAnswerWasLostIsNotTakenTwice() {
    Map<String, Object> body = report(2.1, 1.3, "井盖缺失");
    Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

    JsonNode first = people.nobody().send("POST", "/api/public/reports", body, key).json();
    JsonNode again = people.nobody().send("POST", "/api/public/reports", body, key).json();

    assertThat(first.path("trackingCode").asString()).isNotBlank();
    assertThat(again.path("trackingCode")).isEqualTo(first.path("trackingCode"));
    assertThat(again.path("caseNo")).isEqualTo(first.path("caseNo"));
  }

  @Test
  void aCitizenReportsWithoutAnAccountAndFollowsByTheSecretCode() {
    TestClient citizen = people.nobody();
    Map<String, Object> body = with(with(report(3.5, 0.9, "小区门口污水外溢"), "name", "李四"), "phone", "13900001111");

    JsonNode taken = citizen.post("/api/public/reports", body).json();
    String code = taken.path("trackingCode").asString();
    Answer followed = citizen.get("/api/public/reports/" + code);

    assertThat(followed.status()).as(followed.text()).isEqualTo(200);
    assertThat(followed.json().path("caseNo")).isEqualTo(taken.path("caseNo"));
    assertThat(followed.json().path("stage").asString()).isEqualTo("REPORTED");
    assertThat(followed.json().path("timeline").path(0).path("key").asString()).isEqualTo("RECEIVED");
    assertThat(followed.text()).doesNotContain("李四").doesNotContain("139");
    assertThat(citizen.get("/api/public/reports/" + "0".repeat(26)).problem()).isEqualTo("signal.not-found");
    assertThat(citizen.post("/api/public/reports/" + code + "/rating", Map.of("satisfied", "YES")).problem()).isEqualTo("signal.not-rateable");
    assertThat(citizen.post("/api/public/reports/" + code + "/rating", Map.of("satisfied", "MAYBE")).problem()).isEqualTo("signal.invalid");
    assertThat(citizen.get("/api/public/kinds").json().size()).isGreaterThan(50);
  }

  @Test
  void withoutAnAccountNobodyFillsTheMemory() {
    Answer huge = people.nobody().post("/api/public/reports", Map.of("description", "长".repeat(100_000)));

    assertThat(huge.status()).isEqualTo(413);
    assertThat(huge.problem()).isEqualTo("request.too-large");
  }

  @Test
  void aTextWithANulCharacterIsRefusedByItsFieldAndOthersOfTheBatchAreTaken() {
    Map<String, Object> nul = with(report(1.3, 0.3, "路面坑洼"), "address", "江滨路\u0000");

    assertThat(acceptor.post("/api/signals", nul).problem()).isEqualTo("signal.invalid");
    assertThat(acceptor.get("/api/cases?q=%00").problem()).isEqualTo("request.invalid");
    JsonNode result = people.machine(CITY.city, Permission.SIGNAL_IMPORT).send("POST", "/api/signals:batch", List.of(nul, report(1.3, 0.3, "路面坑洼")),
        Map.of("Idempotency-Key", "nul-" + UUID.randomUUID())).json();
    assertThat(result.path("accepted").asInt()).as(result.toString()).isEqualTo(1);
    assertThat(result.path("rejected").path(0).path("field").asString()).isEqualTo("address");
  }
}
