package io.citywide.vitals.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseCounts;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.TestCity;
import io.citywide.platform.NewIds;
import io.citywide.vitals.internal.Period.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Vital signs over a small city: two communities, cases of the two months before this one, one of them nobody knows the community of. */
@ServerTest
class VitalsTest {

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String CITY = "938700";
  private static final String STREET = "938702001";
  private static final String PLANE = "938702001001";
  private static final String WILLOW = "938702001002";
  private static final String KIND = "gb47678.5-M06010";
  private static boolean made;
  private static Someone steward;

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired Reckoner reckoner;
  @Autowired IndicatorBook book;
  @Autowired FigureBook figures;
  @Autowired CaseCounts counts;

  private final Span last = Period.MONTH.shift(Period.MONTH.around(Instant.now(), ZONE), -1, ZONE);
  private final Span before = Period.MONTH.shift(last, -1, ZONE);

  private <T> T asSystem(Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  @BeforeEach
  void city() {
    if (made) {
      return;
    }
    made = true;
    Answer imported = people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", new TestCity(CITY, 92.1, 24).geoJson());
    assertThat(imported.status()).as(imported.text()).isEqualTo(200);
    steward = people.someone(Role.EVALUATOR, CITY, null);
    Random random = new Random(11);
    asSystem(() -> {
      for (int n = 0; n < 60; n++) {
        Span span = n % 2 == 0 ? last : before;
        Instant at = span.from().plus(Duration.ofHours(2 + random.nextInt(500)));
        String area = n % 15 == 14 ? STREET : (n % 3 == 0 ? PLANE : WILLOW) + "00" + (1 + n % 4);
        insert(n, area, at, at.plus(Duration.ofHours(20)), random.nextInt(3) == 0 ? 30 : 10);
      }
      return null;
    });
    assertThat(reckoner.reckonAll()).isPositive();
  }

  private long insert(int n, String area, Instant at, Instant due, int hours) {
    return jdbc.sql("""
            INSERT INTO case_file (case_no, stage, stage_since, title, area_code, source_channel, last_signal_at, reported_at, accepted_at, filed_at, dispatched_at, disposal_due_at,
              disposed_at, closed_at, kind_id, signal_count)
            VALUES (:no, 'CLOSED', :at, '案件', :area, 'HOTLINE', :at, :at, :at, :at, :at, :due, :done, :done, :kind, 1) RETURNING id""")
        .param("no", "93870220260101%05d".formatted(n)).param("area", area).param("at", ValueStore.utc(at)).param("due", ValueStore.utc(due))
        .param("done", ValueStore.utc(at.plus(Duration.ofHours(hours)))).param("kind", KIND).query(Long.class).single();
  }

  @Test
  void whatWasCommittedLateIsFoundAndWhatWasSeenIsNotComputedAgain() {
    Instant old = before.from().plus(Duration.ofHours(5));
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      status.setRollbackOnly();
      CaseCounts.Arrived first = counts.arrived(0, 0, 0);
      assertThat(counts.arrived(0, first.mark(), first.seen())).as("seen").isEqualTo(new CaseCounts.Arrived(first.mark(), 0, null));

      long late = NewIds.of(jdbc, "case_file", 1).getFirst();
      long came = insert(9001, PLANE, last.from(), last.from(), 10);
      CaseCounts.Arrived second = counts.arrived(0, first.mark(), first.seen());
      assertThat(second).isEqualTo(new CaseCounts.Arrived(came, 1, last.from()));

      jdbc.sql("UPDATE case_file SET id = :late WHERE id = :id").param("late", late).param("id", insert(9002, PLANE, old, old, 10)).update();
      assertThat(counts.arrived(first.mark(), second.mark(), second.seen())).as("it lies before the mark and was not counted there")
          .isEqualTo(new CaseCounts.Arrived(second.mark(), 0, old));
    }));
  }

  @Test
  void whoIsStoppedAmongPeriodsThatAreOverDoesThemAgain() {
    // The task of this server may run meanwhile and mark what it did, but not each time.
    boolean due = false;
    for (int attempt = 0; attempt < 3 && !due; attempt++) {
      asSystem(() -> jdbc.sql("UPDATE vitals_looked SET before = 0, mark = 0, seen = 0").update());
      List<Duration> took = new ArrayList<>();
      assertThat(reckoner.reckonAll(one -> {
        took.add(one);
        return took.size() < 3;
      })).isPositive();
      assertThat(took).hasSize(3);
      due = mark() == 0;
    }
    assertThat(due).as("what was not done is due").isTrue();

    reckoner.reckonAll();
    assertThat(mark()).isPositive();
  }

  private long mark() {
    return asSystem(() -> jdbc.sql("SELECT max(mark) FROM vitals_looked").query(Long.class).single());
  }

  private Map<String, double[]> stored(String indicator, Span span) {
    Map<String, double[]> byArea = new LinkedHashMap<>();
    asSystem(() -> jdbc.sql("SELECT area_code, above, below, value FROM vitals_value WHERE indicator = :i AND period_from = :from AND area_code LIKE '9387%'")
        .param("i", indicator).param("from", ValueStore.utc(span.from()))
        .query((row, n) -> byArea.put(row.getString(1), new double[] {row.getDouble(2), row.getDouble(3), row.getDouble(4)})).list());
    return byArea;
  }

  private JsonNode get(TestClient client, String path) {
    Answer answer = client.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void theStarterSetHasItsIndicatorsAndEveryFormulaOfItHolds() {
    IndicatorBook.Tree tree = asSystem(book::tree);
    List<Indicator> first = tree.dimensions().stream().flatMap(d -> tree.childrenOf(d.code()).stream()).toList();
    assertThat(first).hasSizeGreaterThanOrEqualTo(86);
    assertThat(tree.indicators().stream().filter(i -> i.source() == Source.FORMULA)).hasSameSizeAs(tree.ready());
    assertThat(tree.dimensions()).extracting(Indicator::nameZh).contains("服务民生", "城市治理", "数字经济", "生态环境", "安全韧性");
    assertThat(first).extracting(Indicator::nameZh).contains("干净", "整洁", "有序", "群众满意", "市政设施", "房屋建筑", "交通设施", "人员密集区域", "群众获得感");
  }

  @Test
  void theParentIsTheSumOfItsPartsAndEqualsAPlainCount() {
    for (Span span : List.of(last, before)) {
      Map<String, double[]> rate = stored("GOV02", span);
      long due = plain("true", span);
      long onTime = plain("disposed_at <= disposal_due_at", span);
      assertThat(rate.get(CITY)[1]).isEqualTo(due);
      assertThat(rate.get(CITY)[0]).isEqualTo(100.0 * onTime);
      assertThat(rate.get(CITY)[2]).isCloseTo(100.0 * onTime / due, within(1e-9));
      long streetOnly = plain("area_code = '" + STREET + "'", span);
      assertThat(rate.get(PLANE)[1] + rate.get(WILLOW)[1] + streetOnly).isEqualTo(rate.get(STREET)[1]).isEqualTo(rate.get("938702")[1]);
      double worst = stored("GOV12", span).get(CITY)[2];
      assertThat(worst).isLessThanOrEqualTo(Math.min(rate.get(PLANE)[2], rate.get(WILLOW)[2]) + 1e-9);
      // Of an indicator that reads others, each area has its own.
      assertThat(stored("GOV13", span).get(CITY)[2]).isCloseTo(0.6 * rate.get(CITY)[2] + 0.4 * (100 - stored("PEO05", span).get(CITY)[2]), within(1e-9));
    }
  }

  private long plain(String condition, Span span) {
    return asSystem(() -> jdbc.sql("SELECT count(*) FROM case_file WHERE area_code LIKE '9387%' AND least(disposed_at, disposal_due_at) >= :from AND least(disposed_at, disposal_due_at) < :to AND "
        + condition).param("from", ValueStore.utc(span.from())).param("to", ValueStore.utc(span.to())).query(Long.class).single());
  }

  @Test
  void nothingOverNothingIsNoValueAndReckoningAgainChangesNothing() {
    assertThat(stored("PEO01", last)).as("nobody judged a case").isEmpty();
    assertThat(stored("PEO01", before)).isEmpty();
    List<String> was = versions();
    reckoner.reckonAll();
    assertThat(versions()).isEqualTo(was).hasSizeGreaterThan(50);
  }

  private List<String> versions() {
    return asSystem(() -> jdbc.sql("SELECT indicator || area_code || period_from || ':' || xmin FROM vitals_value WHERE area_code LIKE '9387%' AND period_to < now() ORDER BY 1").query(String.class).list());
  }

  @Test
  void whatMovedItAddsUpToTheChangeExactly() {
    JsonNode moved = get(steward.client(), "/api/vitals/indicators/GOV02/areas?area=" + STREET + "&from=" + last.from() + "&before=" + before.from());
    assertThat(moved.path("exact").asBoolean()).isTrue();
    double sum = 0;
    List<String> areas = new ArrayList<>();
    for (JsonNode row : moved.path("rows")) {
      sum += row.path("total").asDouble();
      assertThat(row.path("rate").asDouble() + row.path("mix").asDouble()).isCloseTo(row.path("total").asDouble(), within(1e-9));
      areas.add(row.path("area").asString("elsewhere"));
    }
    assertThat(areas).contains(PLANE, WILLOW, "elsewhere");
    assertThat(sum).isCloseTo(moved.path("change").asDouble(), within(1e-9)).isNotZero();
  }

  @Test
  void everyNumberOpensToTheCasesItIsMadeOf() {
    JsonNode behind = get(steward.client(), "/api/vitals/indicators/GOV02/behind?area=" + PLANE + "&from=" + last.from());
    assertThat(behind.path("figures")).hasSize(2);
    for (JsonNode figure : behind.path("figures")) {
      JsonNode q = figure.path("query");
      JsonNode cases = get(steward.client(), "/api/cases/counted?limit=200&counted=" + q.path("counted").asString() + "&areaCode=" + q.path("areaCode").asString() + "&from=" + q.path("from").asString()
          + "&to=" + q.path("to").asString());
      assertThat(cases.path("items").size()).isEqualTo(figure.path("amount").asInt()).isPositive();
    }
    assertThat(get(steward.client(), "/api/vitals/indicators/ENV06/behind?area=" + PLANE + "&from=" + last.from()).path("figures").get(0).path("query").path("kinds").asString()).isEqualTo("M06010");
    JsonNode measured = get(steward.client(), "/api/vitals/indicators/ENV05/behind?area=" + PLANE + "&from=" + last.from()).path("figures").get(0);
    assertThat(measured.path("open").asString()).isEqualTo("devices");
    assertThat(measured.path("query").toString()).isEqualTo("{\"area\":\"%s\",\"property\":\"laeq\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(PLANE, last.from(), last.from().plus(Duration.ofDays(1))));
  }

  @Test
  void whoAnswersForOneCommunityReadsThatAloneAndChangesNoIndicator() {
    TestClient one = people.someone(Role.EVALUATOR, PLANE, null).client();
    JsonNode overview = get(one, "/api/vitals");
    assertThat(overview.path("area").path("code").asString()).isEqualTo(PLANE);
    assertThat(overview.path("dimensions")).hasSize(7);
    assertThat(one.get("/api/vitals?area=" + STREET).problem()).isEqualTo("vitals.unknown-area");
    assertThat(one.get("/api/vitals/indicators/GOV02?area=" + WILLOW).status()).isEqualTo(404);
    assertThat(one.put("/api/vitals/indicators/GOV02", Map.of("weight", 1, "version", 1)).status()).isEqualTo(403);
    assertThat(one.put("/api/vitals/indicators/CONTENT2/values", Map.of("area", WILLOW, "at", last.from().toString(), "value", 80)).problem()).isEqualTo("vitals.outside-scope");
    assertThat(people.someone(Role.LEADER, CITY, null).client().put("/api/vitals/indicators/GOV02", Map.of("weight", 1, "version", 1)).status()).isEqualTo(403);
  }

  @Test
  void aBadFormulaIsRefusedWithItsPlaceInBothLanguagesAndChangesNothing() {
    Map<String, Object> form = new LinkedHashMap<>(Map.of("code", "TST1", "parentCode", "GOV", "nameZh", "试算", "nameEn", "Trial", "direction", "NONE", "formula", "100 * cases.closd / cases.closureDue",
        "aggregation", "MEAN", "period", "MONTH"));
    Answer refused = steward.client().send("POST", "/api/vitals/indicators", form, Map.of("Accept-Language", "zh-CN"));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("vitals.invalid-formula");
    assertThat(refused.json().path("column").asInt()).isEqualTo(7);
    assertThat(refused.json().path("detail").asString()).isEqualTo("第 7 个字符：没有名为“cases.closd”的数据");
    assertThat(refused.json().path("reasonEn").asString()).isEqualTo("there is no figure 'cases.closd'");
    form.put("formula", "cases.closed * cases.closureDue");
    assertThat(steward.client().post("/api/vitals/check", form).problem()).as("not a mean").isEqualTo("vitals.invalid-formula");
    form.put("formula", "100 * cases.closed / cases.closureDue");
    JsonNode checked = steward.client().post("/api/vitals/check?area=" + STREET, form).json();
    assertThat(checked.path("samples").get(0).path("value").asDouble()).isEqualTo(100);
    assertThat(checked.path("samples")).hasSize(3);
    assertThat(asSystem(() -> jdbc.sql("SELECT count(*) FROM vitals_indicator WHERE code = 'TST1'").query(Long.class).single())).isZero();
    form.put("formula", "indicator.TST1 + 1");
    form.put("aggregation", "EACH");
    assertThat(steward.client().post("/api/vitals/check", form).json().path("reasonZh").asString()).isEqualTo("指标 TST1 不能由自己计算得出");
  }

  @Test
  void aChangeOfAnIndicatorCountsAtOnceStaysInTheLedgerAndOneOfTwoWins() {
    Map<String, Object> form = new LinkedHashMap<>(Map.of("code", "TST2", "parentCode", "ECO", "nameZh", "试行", "nameEn", "Test", "direction", "HIGHER", "formula", "100 * cases.disposedOnTime / cases.disposalDue",
        "aggregation", "MEAN", "period", "MONTH", "weight", 0, "thresholds", Map.of("*", List.of(95, 90, 80, 70))));
    Answer created = steward.client().post("/api/vitals/indicators", form);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    settled("TST2");
    assertThat(stored("TST2", last)).as("past periods too").isNotEmpty();
    Answer changed = steward.client().put("/api/vitals/indicators/TST2", Map.of("version", 1, "thresholds", Map.of("*", List.of(50, 40, 30, 20))));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(steward.client().put("/api/vitals/indicators/TST2", Map.of("version", 1, "weight", 0)).problem()).isEqualTo("vitals.indicator-changed");
    assertThat(steward.client().put("/api/vitals/indicators/TST2", Map.of("version", 2, "thresholds", Map.of("*", List.of(50, 60, 30, 20)))).problem()).isEqualTo("vitals.invalid-indicator");
    assertThat(asSystem(() -> jdbc.sql("SELECT string_agg(act, ',' ORDER BY id) FROM identity_access_log WHERE object = 'indicator:TST2'").query(String.class).single())).isEqualTo("vitals.added,vitals.changed");
    steward.client().put("/api/vitals/indicators/TST2", Map.of("version", 2, "validTo", "2026-01-02"));
  }

  /** Waits until the values of an indicator have followed its change, and answers how it stands in the city then. */
  private JsonNode settled(String code) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      JsonNode detail = get(steward.client(), "/api/vitals/indicators/" + code + "?area=" + CITY);
      if (detail.path("row").path("computing").isNull()) {
        return detail;
      }
      assertThat(System.nanoTime()).as("computed within 60 s").isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private Map<String, Object> communities(String code) {
    return new LinkedHashMap<>(Map.of("code", code, "parentCode", "ECO", "nameZh", "社区数", "nameEn", "Communities", "direction", "HIGHER", "formula", "places.communities", "aggregation", "SUM",
        "period", "MONTH", "weight", 0, "thresholds", Map.of("*", List.of(4, 3, 2, 1))));
  }

  @Test
  void aChangeAnswersAtOnceAndNoValueOfTheOldDefinitionStandsForTheNewOne() throws Exception {
    assertThat(steward.client().post("/api/vitals/indicators", communities("TST4")).status()).isEqualTo(201);
    JsonNode first = settled("TST4");
    double before = first.path("row").path("value").asDouble();
    assertThat(before).isPositive();
    assertThat(first.path("history").size()).as("past periods too").isGreaterThan(2);
    JsonNode renamed = steward.client().put("/api/vitals/indicators/TST4?area=" + CITY, Map.of("version", 1, "nameZh", "社区个数")).json();
    assertThat(renamed.path("row").path("computing").isNull()).as("another name needs no computing").isTrue();
    assertThat(renamed.path("row").path("state").asString()).isEqualTo("OK");

    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch let = new CountDownLatch(1);
    Thread other = Thread.ofVirtual().start(() -> asSystem(() -> {
      // Something else is being computed, for as long as it likes.
      jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('citywide.vitals'))").query((row, n) -> 0).single();
      held.countDown();
      try {
        return let.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }));
    try {
      assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
      Answer changed = steward.client().put("/api/vitals/indicators/TST4", Map.of("version", 2, "formula", "10 * places.communities", "thresholds", Map.of("*", List.of(40, 30, 20, 10))));
      assertThat(changed.status()).as("while nothing can be computed: %s", changed.text()).isEqualTo(200);
      JsonNode now = get(steward.client(), "/api/vitals/indicators/TST4?area=" + CITY);
      assertThat(now.path("definition").path("formula").asString()).isEqualTo("10 * places.communities");
      assertThat(now.path("definition").path("version").asInt()).isEqualTo(3);
      assertThat(now.path("row").path("state").asString()).isEqualTo("COMPUTING");
      assertThat(now.path("row").path("value").isNull()).isTrue();
      assertThat(now.path("row").path("computing").path("done").asInt()).isZero();
      assertThat(now.path("previous").isNull()).isTrue();
      for (JsonNode point : now.path("history")) {
        assertThat(point.path("earlier").asBoolean()).isTrue();
      }
      for (JsonNode row : get(steward.client(), "/api/vitals/indicators?area=" + CITY)) {
        assertThat(row.path("state").asString().equals("COMPUTING")).as(row.path("code").asString()).isEqualTo(row.path("code").asString().equals("TST4"));
      }
    } finally {
      let.countDown();
      other.join();
    }
    JsonNode after = settled("TST4");
    assertThat(after.path("row").path("value").asDouble()).isEqualTo(10 * before);
    assertThat(after.path("row").path("earlier").asBoolean()).isFalse();
    assertThat(after.path("previous").path("earlier").asBoolean()).as("what was over stays as it was, and says so").isTrue();
    assertThat(after.path("previous").path("value").asDouble()).isEqualTo(before);
    assertThat(after.path("previous").path("change").isNull()).as("between two definitions there is no change").isTrue();
    assertThat(after.path("history").path(after.path("history").size() - 1).path("earlier").asBoolean()).isFalse();
    assertThat(get(steward.client(), "/api/vitals/indicators/TST4/areas?area=" + CITY).path("exact").asBoolean()).isFalse();
    steward.client().put("/api/vitals/indicators/TST4", Map.of("version", 3, "validTo", "2026-01-02"));
  }

  private Map<Instant, Instant> periods(String code) {
    Map<Instant, Instant> periods = new TreeMap<>();
    asSystem(() -> jdbc.sql("SELECT DISTINCT period_from, period_to FROM vitals_value WHERE indicator = :code").param("code", code)
        .query((row, n) -> periods.put(row.getObject(1, OffsetDateTime.class).toInstant(), row.getObject(2, OffsetDateTime.class).toInstant())).list());
    return periods;
  }

  @Test
  void whatAServerLeftUndoneIsTakenUpAgainAndAnotherPeriodLeavesNothingOfTheOldOne() {
    assertThat(steward.client().post("/api/vitals/indicators", communities("TST5")).status()).isEqualTo(201);
    settled("TST5");
    Map<Instant, Instant> all = periods("TST5");
    Map<String, Object> was = rowsOf("TST5");
    asSystem(() -> {
      // As a server leaves it that is killed after the present period and some of those before.
      for (String table : List.of("vitals_value", "vitals_reckoned")) {
        jdbc.sql("DELETE FROM " + table + " WHERE indicator = 'TST5' AND period_from < :before").param("before", ValueStore.utc(before.from())).update();
      }
      return jdbc.sql("INSERT INTO vitals_wanted (indicator, version, anew, asked_at, done, of) VALUES ('TST5', 1, false, now(), 3, 14)").update();
    });
    assertThat(periods("TST5")).hasSizeLessThan(all.size());
    settled("TST5");
    assertThat(periods("TST5")).isEqualTo(all);
    assertThat(rowsOf("TST5")).as("what was done is not done again").containsAllEntriesOf(was.entrySet().stream().filter(e -> Instant.parse(e.getKey().substring(e.getKey().indexOf('@') + 1))
        .compareTo(before.from()) >= 0).collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));

    assertThat(steward.client().put("/api/vitals/indicators/TST5", Map.of("version", 1, "period", "QUARTER")).status()).isEqualTo(200);
    settled("TST5");
    assertThat(periods("TST5")).isNotEmpty().allSatisfy((from, to) -> assertThat(new Span(from, to)).isEqualTo(Period.QUARTER.around(from, ZONE)));
    steward.client().put("/api/vitals/indicators/TST5", Map.of("version", 2, "validTo", "2026-01-02"));
  }

  /** By area and period, the transaction that wrote it last. */
  private Map<String, Object> rowsOf(String code) {
    Map<String, Object> rows = new TreeMap<>();
    asSystem(() -> jdbc.sql("SELECT area_code, period_from, xmin::text FROM vitals_value WHERE indicator = :code").param("code", code)
        .query((row, n) -> rows.put(row.getString(1) + "@" + row.getObject(2, OffsetDateTime.class).toInstant(), row.getString(3))).list());
    return rows;
  }

  private void warn(int n, String area, int grade, int worst, boolean live, Instant since) {
    asSystem(() -> jdbc.sql("""
            INSERT INTO sensing_warning (origin, rule_code, rule_version, name_zh, name_en, subject, subject_zh, subject_en, number, category, state, grade, worst, since, grade_since, changed_at,
              ended_at, reason_zh, reason_en, last_alarm_at, area_code, steps)
            VALUES ('WATCH', 'vitals-test', 1, '试', 'Test', :subject, :subject, :subject, 1, 'Other', :state, :grade, :worst, :since, :since, :since, :ended, '试', 'test', :since, :area, 1)""")
        .param("subject", "VT-" + n).param("state", live ? "LIVE" : "ENDED").param("grade", grade).param("worst", worst).param("since", ValueStore.utc(since))
        .param("ended", live ? null : ValueStore.utc(since.plusSeconds(60))).param("area", area).update());
  }

  @Test
  void warningsAreFiguresOfTheAreaByTheirGradeNowAndByTheHighestTheyCameTo() {
    Instant then = last.from().plus(Duration.ofHours(5));
    warn(1, PLANE + "001", 4, 4, true, then);
    warn(2, PLANE, 2, 4, true, then);
    warn(3, WILLOW, 4, 4, true, before.from());
    warn(4, WILLOW, 1, 3, false, then);
    Map<String, Double> expected = Map.of("warnings.live", 3.0, "warnings.live.red", 2.0, "warnings.live.blue", 0.0, "warnings.raised", 3.0, "warnings.raised.red", 2.0, "warnings.raised.orange", 1.0);
    FigureBook.Read read = asSystem(() -> figures.read(expected.keySet(), last));
    expected.forEach((name, count) -> assertThat(read.total().get(name)[read.land().get(STREET)]).as(name).isEqualTo(count));
    assertThat(read.total().get("warnings.live.red")[read.land().get(PLANE)]).isEqualTo(1);
    assertThat(figures.find("warnings.live.purple")).isEmpty();
    Map<String, Object> form = new LinkedHashMap<>(Map.of("code", "TST3", "parentCode", "SAF", "nameZh", "红色预警", "nameEn", "Red warnings", "direction", "LOWER", "formula", "warnings.live.red",
        "aggregation", "SUM", "period", "DAY", "thresholds", Map.of("*", List.of(0, 1, 2, 3))));
    JsonNode checked = steward.client().post("/api/vitals/check?area=" + STREET, form).json();
    assertThat(checked.path("samples").get(0).path("value").asDouble()).as(checked.toString()).isEqualTo(2);
    assertThat(checked.path("past").asBoolean()).as("of the past nobody knows what was live").isFalse();
  }

  @Test
  void whatPeopleEnteredRollsUpOnlyWhereAllAreasHaveIt() {
    Span quarter = Period.QUARTER.shift(Period.QUARTER.around(Instant.now(), ZONE), -1, ZONE);
    String path = "/api/vitals/indicators/CONTENT2/values";
    assertThat(steward.client().put(path, Map.of("area", PLANE, "at", quarter.from().toString(), "value", 90, "base", 100, "note", "问卷")).status()).isEqualTo(200);
    assertThat(stored("CONTENT2", quarter)).containsOnlyKeys(PLANE);
    Answer second = steward.client().put(path, Map.of("area", WILLOW, "at", quarter.from().toString(), "value", 60, "base", 300));
    assertThat(second.status()).as(second.text()).isEqualTo(200);
    assertThat(stored("CONTENT2", quarter).get(CITY)[2]).isCloseTo(67.5, within(1e-9));
    assertThat(steward.client().put(path, Map.of("area", PLANE, "at", quarter.from().toString(), "value", 130)).problem()).isEqualTo("vitals.invalid-value");
    assertThat(steward.client().put(path, Map.of("area", PLANE, "at", Instant.now().plusSeconds(9_000_000).toString(), "value", 50)).problem()).isEqualTo("vitals.invalid-value");
    assertThat(steward.client().put("/api/vitals/indicators/GOV02/values", Map.of("area", PLANE, "at", quarter.from().toString(), "value", 50)).problem()).isEqualTo("vitals.invalid-value");
    JsonNode behind = get(steward.client(), "/api/vitals/indicators/CONTENT2/behind?area=" + PLANE + "&from=" + quarter.from());
    assertThat(behind.path("entries").get(0).path("note").asString()).isEqualTo("问卷");
    JsonNode whole = get(steward.client(), "/api/vitals/indicators/CONTENT2/behind?area=" + CITY + "&from=" + quarter.from()).path("entries");
    assertThat(whole.valueStream().map(e -> e.path("area").asString() + " " + e.path("value").asDouble()).toList()).as("the city's value is made of these").containsExactly(PLANE + " 90.0", WILLOW + " 60.0");
    assertThat(whole.get(0).path("name").asString()).isNotEmpty();
    // Taken back, it is no longer there, and what was built on it neither.
    Map<String, Object> back = new LinkedHashMap<>(Map.of("area", PLANE, "at", quarter.from().toString()));
    back.put("value", null);
    assertThat(steward.client().put(path, back).status()).isEqualTo(200);
    assertThat(stored("CONTENT2", quarter)).containsOnlyKeys(WILLOW);
  }

  @Test
  void aSystemDeliversTheValuesOfAnIndicatorThatWasToBeConnected() {
    TestClient hotline = people.machine(CITY, Permission.VITALS_ENTER);
    String day = Instant.now().minus(Duration.ofDays(1)).toString();
    String path = "/api/vitals/indicators/PEO13";
    assertThat(get(steward.client(), path + "?area=" + CITY).at("/row/state").asString()).isEqualTo("PENDING");
    assertThat(hotline.put(path + "/values", Map.of("area", CITY, "at", day, "value", 93.4, "base", 18_211, "note", "话务平台")).status()).isEqualTo(200);
    JsonNode row = get(steward.client(), path + "?area=" + CITY).path("row");
    assertThat(row.path("state").asString()).as(row.toString()).isEqualTo("OK");
    assertThat(row.path("value").asDouble()).isEqualTo(93.4);
    assertThat(row.path("grade").asString()).isEqualTo("BLUE");
    assertThat(hotline.put("/api/vitals/indicators/CONTENT2/values", Map.of("area", CITY, "at", day, "value", 80)).problem()).as("people answer for it").isEqualTo("vitals.invalid-value");
    assertThat(hotline.put(path + "/values", Map.of("area", "110000", "at", day, "value", 80)).status()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void thePageSaysWhatIsWrongWhereAndSinceWhenAndWhatIsNotConnected() {
    JsonNode overview = get(steward.client(), "/api/vitals?area=" + STREET);
    JsonNode wrong = null;
    for (JsonNode each : overview.path("wrong")) {
      wrong = each.path("code").asString().equals("CLEAN1") ? each : wrong;
    }
    assertThat(wrong).as(overview.toString()).isNotNull();
    assertThat(wrong.path("since").asString()).isEqualTo(before.from().toString());
    assertThat(wrong.path("worst").size()).isPositive();
    for (JsonNode dimension : overview.path("dimensions")) {
      assertThat(dimension.path("coverage").asDouble()).isBetween(0.0, 0.99);
      if (!dimension.path("score").isNull()) {
        assertThat(dimension.path("score").asDouble()).isBetween(0.0, 100.0);
      }
    }
    JsonNode rows = get(steward.client(), "/api/vitals/indicators?area=" + STREET);
    for (JsonNode row : rows) {
      assertThat(row.path("state").asString().equals("PENDING") && !row.path("source").asString().equals("GROUP")).isEqualTo(row.path("source").asString().equals("DATASET"));
    }
    JsonNode detail = get(steward.client(), "/api/vitals/indicators/GOV02?area=" + CITY);
    assertThat(detail.path("history").size()).isGreaterThanOrEqualTo(2);
  }
}
