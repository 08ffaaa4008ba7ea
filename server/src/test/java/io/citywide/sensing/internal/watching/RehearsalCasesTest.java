package io.citywide.sensing.internal.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.grid.GridKeys;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a rule would have warned of, beside what people reported: two devices, five small fires, ten cases. */
@ServerTest
class RehearsalCasesTest {

  private static final String CITY = "761400";
  private static final String A = "761402001001";
  private static final String B = "761402001002";
  private static final String TYPE = "beside-smoke";
  private static final String KIND = "gb47678.5-M06010";
  private static final String OTHER = "gb47678.5-M06020";
  private static final TestCity PLACES = new TestCity(CITY, 109.71, 28.71);
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.HOURS);
  /** Hours ago at which it burned for an hour. */
  private static final Map<String, Set<Integer>> FIRES = Map.of("BS-1", Set.of(200, 150, 100), "BS-2", Set.of(180, 60));
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private <T> T asSystem(Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  @BeforeEach
  void aCityWithFires() {
    if (built) {
      return;
    }
    built = true;
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    Answer building = steward.send("POST", "/api/buildings:batch", "{\"ident\": \"BS-0001\", \"name\": \"杨柳里1号\", \"use\": \"RESIDENTIAL\", \"outline\": {\"type\": \"Polygon\", \"coordinates\": %s}}\n"
        .formatted(PLACES.box(3.4, 0.4, 3.9, 0.9)), Map.of("Content-Type", "application/x-ndjson"));
    assertThat(building.json().path("rejected").size()).as(building.text()).isZero();
    asSystem(() -> jdbc.sql("""
        INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
        VALUES (:type, '烟感', 'Smoke detector', '[{"name":"level","nameZh":"烟雾","nameEn":"Smoke","unit":"%","low":0,"high":100,"intervalSeconds":3600}]', '1 day', '400 days')
        """).param("type", TYPE).update());
    device("BS-1", A, 0.5, 0.5, "BS-LID", null);
    device("BS-2", B, 3.5, 0.5, null, "BS-0001");
    directory.refresh();
    List<Map<String, Object>> history = new ArrayList<>();
    for (int hour = 210; hour > 0; hour--) {
      for (String code : FIRES.keySet()) {
        history.add(Map.of("device", code, "time", ago(hour).toEpochMilli(), "values", Map.of("level", FIRES.get(code).contains(hour) ? hour == 150 ? 70 : 30 : 5)));
      }
    }
    Answer sent = people.machine(CITY, Permission.OBSERVATION_WRITE).post("/api/observations", history);
    assertThat(sent.status()).as(sent.text()).isEqualTo(200);

    // Around the fire of BS-1 200 hours ago, 2 hours before and after: by distance and by the component.
    report(1, A, KIND, 0.55, 0.5, null, ago(200).plus(Duration.ofMinutes(30)), "CLOSED");
    report(2, A, OTHER, 1.9, 1.9, "BS-LID", ago(199), "DISPATCHED");
    report(3, A, OTHER, 1.2, 0.5, null, ago(200), "CLOSED");                                  // 68 m away
    report(4, A, KIND, 0.55, 0.5, null, ago(203), "CLOSED");                                  // an hour too early
    report(5, A, KIND, 0.55, 0.5, null, ago(200), "VOID");
    report(6, "440102001001", KIND, 0.55, 0.5, null, ago(200), "CLOSED");                     // another city's
    // In the building of BS-2, though 49 m away.
    report(7, B, OTHER, 3.85, 0.8, null, ago(180), "CLOSED");
    report(8, B, OTHER, 3.95, 0.8, null, ago(180), "CLOSED");                                 // beside the building
    // The fire 150 hours ago ended 149 hours ago: until 147 hours ago.
    report(9, A, null, 0.5, 0.55, null, ago(147).minusSeconds(1), "REPORTED");
    report(10, A, null, 0.5, 0.55, null, ago(147), "REPORTED");
    report(11, A, KIND, 1.8, 1.8, null, ago(120), "CLOSED");                                  // where no device is
  }

  private static Instant ago(int hours) {
    return NOW.minus(Duration.ofHours(hours));
  }

  private void device(String code, String area, double x, double y, String component, String building) {
    asSystem(() -> {
      jdbc.sql("""
              INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, group_code, component_ident, building_ident)
              VALUES (:code, :type, :name, :lon, :lat, :key, :area, 'BS-shed', :component, :building)""")
          .param("code", code).param("type", TYPE).param("name", "车棚" + code).param("lon", PLACES.at(x, y).get(0)).param("lat", PLACES.at(x, y).get(1))
          .param("key", GridKeys.encode(PLACES.at(x, y).get(0), PLACES.at(x, y).get(1), 9)).param("area", area).param("component", component).param("building", building).update();
      return jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, 'level' FROM sensing_device WHERE code = :code").param("code", code).update();
    });
  }

  private void report(int n, String area, String kind, double x, double y, String component, Instant at, String stage) {
    asSystem(() -> jdbc.sql("""
            INSERT INTO case_file (case_no, stage, stage_since, title, area_code, source_channel, last_signal_at, reported_at, kind_id, signal_count, lon, lat, grid_key, component_ident)
            VALUES (:no, :stage, :at, '烟雾', :area, 'HOTLINE', :at, :at, :kind, 1, :lon, :lat, :key, :component)""")
        .param("no", number(n)).param("stage", stage).param("at", at.atOffset(ZoneOffset.UTC)).param("area", area).param("kind", kind).param("lon", PLACES.at(x, y).get(0))
        .param("lat", PLACES.at(x, y).get(1)).param("key", GridKeys.encode(PLACES.at(x, y).get(0), PLACES.at(x, y).get(1), 9)).param("component", component).update());
  }

  private static String number(int n) {
    return "76140220260101%05d".formatted(n);
  }

  private Map<String, Object> body(String per) {
    return new HashMap<>(Map.of("document", """
        rule: bs-draft
        name: {zh: 车棚烟感, en: Smoke in a bicycle shed}
        watch: {type: %s, area: "%s"%s}
        inputs: {level: level}
        grades:
          yellow: {when: "level > 20"}
          red: {when: "level > 60", until: "level < 10"}
        """.formatted(TYPE, CITY, per), "from", ago(24 * 30).toString(), "to", NOW.toString(), "nearMeters", 30, "nearHours", 2, "caseKind", KIND));
  }

  private JsonNode rehearse(TestClient client, Map<String, Object> body) {
    Answer answer = client.post("/api/watch-rules/rehearse", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.text().lines().toList().getLast()).path("outcome");
  }

  /** {@code device hours-ago: number/tie …} of each episode, in their order. */
  private static List<String> told(JsonNode outcome) {
    return outcome.path("episodes").valueStream().map(e -> {
      assertThat(e.path("caseCount").asInt()).isEqualTo(e.path("cases").size());
      return e.path("subject").asString() + " " + Duration.between(Instant.parse(e.path("raised").asString()), NOW).toHours() + ":"
          + e.path("cases").valueStream().map(c -> " " + Integer.parseInt(c.path("caseNo").asString().substring(14)) + "/" + c.path("tie").asString()).reduce("", String::concat);
    }).toList();
  }

  @Test
  void eachEpisodeHasTheCasesReportedAroundItAndWhatNoEpisodeExplainsIsMissed() {
    TestClient officer = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    JsonNode outcome = rehearse(officer, body(""));
    assertThat(told(outcome)).containsExactly("BS-1 200: 2/COMPONENT 1/NEAR", "BS-2 180: 7/BUILDING", "BS-1 150: 9/NEAR", "BS-1 100:", "BS-2 60:");
    JsonNode compared = outcome.path("compared");
    assertThat(compared.path("episodes").asInt()).isEqualTo(5);
    assertThat(compared.path("with").asInt()).isEqualTo(3);
    assertThat(compared.path("without").asInt()).isEqualTo(2);
    JsonNode near = outcome.at("/episodes/0/cases/1");
    assertThat(near.path("meters").asInt()).isEqualTo(5);
    assertThat(near.path("stage").asString()).isEqualTo("CLOSED");
    assertThat(near.path("kindZh").asString()).isEqualTo("暴露垃圾");
    assertThat(near.path("at").asString()).isEqualTo(ago(200).plus(Duration.ofMinutes(30)).toString());
    assertThat(outcome.at("/episodes/2/cases/0/kindId").isNull()).isTrue();
    // Of the kind: 1, 4 and 11; 4 in no episode though beside the device, 11 where no device is.
    assertThat(compared.at("/ofKind/all").asInt()).isEqualTo(3);
    assertThat(compared.at("/ofKind/missed").asInt()).isEqualTo(2);
    assertThat(compared.at("/ofKind/beyond").asInt()).isEqualTo(1);
    assertThat(compared.at("/ofKind/first").valueStream().map(c -> c.path("caseNo").asString() + " " + (c.path("tie").isNull() ? "none" : c.path("tie").asString())))
        .containsExactly(number(4) + " NEAR", number(11) + " none");

    // Farther and longer: what was too far and too early is there.
    Map<String, Object> wide = body("");
    wide.putAll(Map.of("nearMeters", 100, "nearHours", 4));
    wide.remove("caseKind");
    JsonNode wider = rehearse(officer, wide);
    assertThat(told(wider)).containsExactly("BS-1 200: 2/COMPONENT 1/NEAR 4/NEAR 3/NEAR", "BS-2 180: 7/BUILDING 8/NEAR", "BS-1 150: 9/NEAR 10/NEAR", "BS-1 100:", "BS-2 60:");
    assertThat(wider.at("/compared/ofKind").isNull()).as("no kind, nothing missed").isTrue();
  }

  @Test
  void aWarningOfAGroupHasTheCasesAroundAllItsDevices() {
    JsonNode outcome = rehearse(people.someone(Role.SHIFT_LEADER, CITY, null).client(), body(", per: group"));
    // The other device's calm value ends the fire of 150 hours ago at once, so that the case 3 hours later is none of it.
    assertThat(told(outcome)).containsExactly("BS-shed 200: 2/COMPONENT 1/NEAR", "BS-shed 180: 7/BUILDING", "BS-shed 150:", "BS-shed 100:", "BS-shed 60:");
    assertThat(outcome.at("/compared/with").asInt()).isEqualTo(2);
  }

  @Test
  void whoAnswersForOneCommunityComparesWithItsCasesAlone() {
    Map<String, Object> body = body("");
    body.put("document", body.get("document").toString().replace("\"" + CITY + "\"", "\"" + B + "\""));
    JsonNode outcome = rehearse(people.someone(Role.SHIFT_LEADER, B, null).client(), body);
    assertThat(told(outcome)).containsExactly("BS-2 180: 7/BUILDING", "BS-2 60:");
    assertThat(outcome.at("/compared/ofKind/all").asInt()).isZero();
  }

  @Test
  void distancesTimesAndKindsThatAreNoneAreRefusedByName() {
    TestClient officer = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    Map.of("nearMeters", (Object) 2001, "nearHours", 169, "caseKind", "gb-nothing").forEach((field, value) -> {
      Map<String, Object> body = body("");
      body.put(field, value);
      Answer answer = officer.post("/api/watch-rules/rehearse", body);
      assertThat(answer.problem()).isEqualTo("watch.invalid");
      assertThat(answer.json().path("field").asString()).isEqualTo(field);
    });
  }

  @Test
  void theSystemAdministratorReadsRulesAndPublishesNone() {
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(admin.get("/api/watch-rules").status()).isEqualTo(200);
    assertThat(admin.post("/api/watch-rules/check", Map.of("document", body("").get("document"))).json().path("flaws").size()).isZero();
    assertThat(admin.post("/api/watch-rules/rehearse", body("")).problem()).isEqualTo("identity.forbidden");
    assertThat(admin.put("/api/watch-rules/draft", Map.of("document", body("").get("document"))).problem()).isEqualTo("identity.forbidden");
    assertThat(admin.post("/api/watch-rules/bs-draft/publish", Map.of("edit", 1)).problem()).isEqualTo("identity.forbidden");
  }
}
