package io.citywide.vitals.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.vitals.internal.Period.Span;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Formulas over indicators whose values are entered by people or delivered by systems: in a small city of two communities. */
@ServerTest
class FormulaOverEntriesTest {

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String CITY = "938800";
  private static final String DISTRICT = "938802";
  private static final String STREET = "938802001";
  private static final String PLANE = "938802001001";
  private static final String WILLOW = "938802001002";
  private static TestClient steward;

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired Reckoner reckoner;

  private final Span last = Period.MONTH.shift(Period.MONTH.around(Instant.now(), ZONE), -1, ZONE);

  @BeforeEach
  void city() {
    if (steward == null) {
      Answer imported = people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", new TestCity(CITY, 92.3, 24).geoJson());
      assertThat(imported.status()).as(imported.text()).isEqualTo(200);
      steward = people.someone(Role.EVALUATOR, CITY, null).client();
    }
  }

  private <T> T asSystem(Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  private static Map<String, Object> form(String code, Source source, Aggregation aggregation, String formula) {
    Map<String, Object> form = new LinkedHashMap<>(Map.of("code", code, "parentCode", "ECO", "nameZh", "试" + code, "nameEn", "Trial " + code, "direction", "NONE", "unit", "",
        "source", source.name(), "aggregation", aggregation.name(), "period", "MONTH"));
    if (formula != null) {
      form.put("formula", formula);
    }
    return form;
  }

  private static void create(String code, Source source, Aggregation aggregation, String formula) {
    Answer created = steward.post("/api/vitals/indicators", form(code, source, aggregation, formula));
    assertThat(created.status()).as(created.text()).isEqualTo(201);
  }

  private static void end(String... codes) {
    for (String code : codes) {
      steward.put("/api/vitals/indicators/" + code, Map.of("version", 1, "validTo", "2026-01-02"));
    }
  }

  private static void enter(TestClient who, String code, Span span, String area, Integer value, Integer base) {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("area", area, "at", span.from().toString()));
    body.put("value", value);
    body.put("base", base);
    Answer entered = who.put("/api/vitals/indicators/" + code + "/values", body);
    assertThat(entered.status()).as(entered.text()).isEqualTo(200);
  }

  /** Waits until nothing of an indicator like this is still to be computed, here or by the server's own task. */
  private void follow(String like) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (asSystem(() -> jdbc.sql("SELECT (SELECT count(*) FROM vitals_came WHERE indicator LIKE :like) + (SELECT count(*) FROM vitals_wanted WHERE indicator LIKE :like)")
        .param("like", like).query(Long.class).single()) > 0) {
      assertThat(System.nanoTime()).as("computed within 60 s").isLessThan(until);
      if (reckoner.reckonWanted() == 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private Map<String, Double> stored(String indicator, Span span) {
    Map<String, Double> byArea = new LinkedHashMap<>();
    asSystem(() -> jdbc.sql("SELECT area_code, value FROM vitals_value WHERE indicator = :i AND period_from = :from AND area_code LIKE '9388%'").param("i", indicator)
        .param("from", ValueStore.utc(span.from())).query((row, n) -> byArea.put(row.getString(1), row.getDouble(2))).list());
    return byArea;
  }

  @Test
  void aFormulaReadsWhatWasEnteredAsItRollsUpAndFollowsEachEntry() {
    create("TSE1", Source.MANUAL, Aggregation.SUM, null);
    create("TSE2", Source.SURVEY, Aggregation.MEAN, null);
    create("TSE3", Source.DATASET, Aggregation.MEAN, null);
    create("TSE4", Source.FORMULA, Aggregation.EACH, "places.communities * indicator.TSE1 / indicator.TSE2");
    create("TSE5", Source.FORMULA, Aggregation.EACH, "indicator.TSE4 + indicator.TSE3");
    create("TSE6", Source.FORMULA, Aggregation.WORST, "2 * indicator.TSE1");
    follow("TSE%");
    assertThat(stored("TSE4", last)).as("nobody entered anything").isEmpty();

    enter(steward, "TSE1", last, PLANE, 90, null);
    enter(steward, "TSE2", last, PLANE, 80, 100);
    follow("TSE%");
    assertThat(stored("TSE4", last)).as("nothing above where one of the areas below has no value").containsExactlyEntriesOf(Map.of(PLANE, 90 / 80.0));
    enter(steward, "TSE1", last, WILLOW, 60, null);
    enter(steward, "TSE2", last, WILLOW, 60, 300);
    follow("TSE%");
    Map<String, Double> each = stored("TSE4", last);
    assertThat(each).containsOnlyKeys(PLANE, WILLOW, STREET, DISTRICT, CITY).containsEntry(WILLOW, 1.0);
    assertThat(each.get(CITY)).as("the sum, over the mean by answers").isCloseTo(2 * 150 / 65.0, within(1e-9));
    assertThat(stored("TSE6", last)).as("the worst of the communities, not their sum").containsEntry(WILLOW, 120.0).containsEntry(STREET, 180.0).containsEntry(CITY, 180.0);
    assertThat(stored("TSE5", last)).as("one of those that it reads has no value").isEmpty();

    enter(people.machine(CITY, Permission.VITALS_ENTER), "TSE3", last, CITY, 7, null);
    follow("TSE%");
    assertThat(stored("TSE5", last)).as("through another formula too").containsOnlyKeys(CITY);
    assertThat(stored("TSE5", last).get(CITY)).isCloseTo(7 + 2 * 150 / 65.0, within(1e-9));

    JsonNode checked = steward.post("/api/vitals/check?area=" + STREET, form("TSE7", Source.FORMULA, Aggregation.EACH, "indicator.TSE4 - indicator.TSE1")).json();
    assertThat(checked.path("past").asBoolean()).as(checked.toString()).isTrue();
    assertThat(checked.path("samples").get(0).path("value").asDouble()).isCloseTo(2 * 150 / 65.0 - 150, within(1e-9));
    JsonNode behind = steward.get("/api/vitals/indicators/TSE4/behind?area=" + CITY + "&from=" + last.from()).json();
    assertThat(behind.path("indicators").valueStream().map(row -> row.path("code").asString()).toList()).containsExactly("TSE1", "TSE2");

    enter(steward, "TSE2", last, WILLOW, null, null);
    follow("TSE%");
    assertThat(stored("TSE4", last)).as("taken back").containsOnlyKeys(PLANE);
    Span old = Period.MONTH.shift(last, -3, ZONE);
    enter(steward, "TSE1", Period.MONTH.shift(last, -1, ZONE), PLANE, 1, null);
    enter(steward, "TSE1", old, PLANE, 30, null);
    enter(steward, "TSE2", old, PLANE, 10, 1);
    follow("TSE%");
    assertThat(stored("TSE1", old)).as("older than others that were entered").containsEntry(PLANE, 30.0);
    assertThat(stored("TSE4", old)).containsEntry(PLANE, 3.0);
    JsonNode then = steward.get("/api/vitals/indicators/TSE4/behind?area=" + PLANE + "&from=" + old.from()).json();
    assertThat(then.path("indicators").valueStream().map(row -> row.path("value").asDouble()).toList()).as("what it was made of then").containsExactly(30.0, 10.0);
    end("TSE6", "TSE5", "TSE4", "TSE3", "TSE2", "TSE1");
  }

  @Test
  void whatAFormulaCannotReadIsRefusedWithTheReasonAndHowToMendIt() {
    create("TSF1", Source.MANUAL, Aggregation.SUM, null);
    create("TSF2", Source.FORMULA, Aggregation.EACH, "2 * indicator.TSF1");
    Map<String, Object> group = form("TSF3", Source.FORMULA, Aggregation.EACH, "1 + indicator.ECO");
    JsonNode refused = steward.post("/api/vitals/check", group).json();
    assertThat(refused.path("column").asInt()).as(refused.toString()).isEqualTo(5);
    assertThat(refused.path("reasonEn").asString()).isEqualTo("indicator TSF3 reads ECO, a GROUP, which has a score but no value of its own; read indicators below it instead");
    assertThat(refused.path("reasonZh").asString()).isEqualTo("指标 TSF3 引用的 ECO 为“汇总”指标，只有得分、没有数值，请改为引用其下级指标");
    Map<String, Object> quarter = form("TSF3", Source.FORMULA, Aggregation.EACH, "indicator.TSF1");
    quarter.put("period", "QUARTER");
    assertThat(steward.post("/api/vitals/check", quarter).json().path("reasonEn").asString()).startsWith("indicator TSF3 (QUARTER) reads TSF1 (MONTH);");
    assertThat(steward.post("/api/vitals/check", form("TSF3", Source.FORMULA, Aggregation.SUM, "2 * indicator.TSF1")).json().path("reasonEn").asString()).endsWith("use EACH for others");

    Answer other = steward.put("/api/vitals/indicators/TSF1", Map.of("version", 1, "period", "QUARTER"));
    assertThat(other.problem()).as("what reads it would no longer hold").isEqualTo("vitals.invalid-formula");
    assertThat(other.json().path("reasonEn").asString()).startsWith("indicator TSF2 (MONTH) reads TSF1 (QUARTER);");
    Answer circle = steward.put("/api/vitals/indicators/TSF1", Map.of("version", 1, "source", "FORMULA", "aggregation", "EACH", "formula", "indicator.TSF2"));
    assertThat(circle.json().path("reasonEn").asString()).as(circle.text()).isEqualTo("indicator TSF1 would be computed from itself");
    end("TSF2", "TSF1");
  }
}
