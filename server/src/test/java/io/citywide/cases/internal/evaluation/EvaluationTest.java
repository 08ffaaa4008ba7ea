package io.citywide.cases.internal.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseView;
import io.citywide.cases.Evaluation;
import io.citywide.cases.Evaluation.Query;
import io.citywide.cases.Evaluation.Ratio;
import io.citywide.cases.Evaluation.Report;
import io.citywide.cases.Evaluation.Row;
import io.citywide.cases.Evaluation.Subject;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.TestCity;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The counters and ratios of GB/T 30428.4 on ten cases made by hand, October 2026 in Shanghai. Each case stands for one
 * clause of docs/evaluation.md.
 */
@ServerTest
class EvaluationTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final Instant OCTOBER = day(10, 1);
  private static final Instant NOVEMBER = day(11, 1);
  private static int cities = 0;

  @Autowired TestPeople people;
  @Autowired Evaluation evaluation;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private String city;
  private String district;
  private String street;
  private String plane;
  private String willow;
  private UnitRef sanitation;
  private UnitRef formula;
  private Someone collector;
  private Someone acceptor;
  private Someone shiftLeader;
  private Someone hasty;
  private Someone careful;
  private Someone verifier;
  private Someone evaluator;
  private int made;

  private static Instant day(int month, int day) {
    return LocalDate.of(2026, month, day).atStartOfDay(SHANGHAI).toInstant();
  }

  private static Instant at(int month, int day, int hour, int minute) {
    return LocalDate.of(2026, month, day).atTime(hour, minute).atZone(SHANGHAI).toInstant();
  }

  @BeforeEach
  void tenCases() {
    int n = ++cities;
    city = "95%02d00".formatted(n);
    var map = new TestCity(city, 95 + n * 0.1, 28);
    Answer imported = people.someone(Role.SYSTEM_ADMIN, city, null).client().put("/api/areas", map.geoJson());
    assertThat(imported.status()).as(imported.text()).isEqualTo(200);
    district = city.substring(0, 4) + "02";
    street = district + "001";
    plane = street + "001";
    willow = street + "002";
    sanitation = people.unit("环卫处" + n, UnitKind.DEPARTMENT, city, null);
    formula = people.unit("=HYPERLINK(" + n + ")", UnitKind.DEPARTMENT, city, null);
    collector = people.someone(Role.COLLECTOR, city, null);
    acceptor = people.someone(Role.ACCEPTOR, city, null);
    shiftLeader = people.someone(Role.SHIFT_LEADER, city, null);
    hasty = people.someone(Role.DISPATCHER, city, null);
    careful = people.someone(Role.DISPATCHER, city, null);
    verifier = people.someone(Role.VERIFIER, city, null);
    evaluator = people.someone(Role.EVALUATOR, city, null);
    asSystem(() -> {
      insertCases();
      return null;
    });
  }

  private void insertCases() {
    // A: by a collector, everything in time; disposed exactly at its deadline (equal is on time), closed a little after it.
    long a = insert("EVALUATED", plane, sanitation, reported(at(10, 5, 9, 0)), "accepted_at", at(10, 5, 9, 5), "filed_at", at(10, 5, 9, 10),
        "filing_due_at", at(10, 5, 9, 10), "dispatched_at", at(10, 5, 9, 20), "dispatch_due_at", at(10, 5, 9, 20), "disposal_due_at", at(10, 6, 10, 0),
        "disposed_at", at(10, 6, 10, 0), "check_due_at", at(10, 6, 12, 0), "checked_at", at(10, 6, 12, 0), "closed_at", at(10, 6, 12, 30),
        "citizen_rating", "YES", "reporter_person_id", collector.personId(), "reporter_role", "COLLECTOR");
    // B: by the hotline, everything late, sent to the wrong unit first, reworked once.
    long b = insert("CLOSED", willow, formula, reported(at(10, 7, 9, 0)), "accepted_at", at(10, 7, 9, 5), "filed_at", at(10, 7, 11, 0),
        "filing_due_at", at(10, 7, 9, 30), "dispatched_at", at(10, 7, 15, 0), "dispatch_due_at", at(10, 7, 11, 30), "return_count", 1,
        "disposal_due_at", at(10, 9, 10, 0), "disposed_at", at(10, 9, 10, 0).plusNanos(1000), "rework_count", 1, "check_due_at", at(10, 9, 12, 0),
        "checked_at", at(10, 9, 12, 1), "closed_at", at(10, 10, 9, 0), "citizen_rating", "NO");
    // C: due in October after an extension, still not disposed.
    insert("DISPATCHED", plane, sanitation, filed(at(10, 12, 9, 0)), "disposal_due_at", at(10, 20, 9, 0), "extension_count", 1);
    // D: accepted, then turned away. E: filed, then void. I: accepted, not filed yet.
    insert("NOT_ACCEPTED", plane, null, reported(at(10, 13, 9, 0)), "accepted_at", at(10, 13, 9, 5));
    insert("VOID", plane, null, filed(at(10, 14, 9, 0)), "disposal_due_at", at(10, 15, 9, 0));
    insert("ACCEPTED", plane, null, reported(at(10, 31, 9, 0)), "accepted_at", at(10, 31, 9, 5));
    // F: suspended before its deadline: the clock stands still, nothing is due.
    insert("DISPATCHED", plane, sanitation, filed(at(10, 10, 9, 0)), "disposal_due_at", at(10, 15, 9, 0), "suspended_at", at(10, 11, 9, 0));
    // G: imported, reported in September, due in November, closed in October: due where it was done.
    insert("CLOSED", willow, sanitation, filed(at(9, 20, 9, 0)), "disposal_due_at", at(11, 2, 9, 0), "disposed_at", at(10, 30, 9, 0),
        "closed_at", at(10, 30, 9, 0), "imported_source", "test", "imported_ref", city + "-G");
    // H: due in October, but disposed and closed in September already: not October's.
    insert("CLOSED", willow, sanitation, filed(at(9, 20, 9, 0)), "disposal_due_at", at(10, 1, 9, 0), "disposed_at", at(9, 29, 9, 0), "closed_at", at(9, 30, 18, 0));
    // J: closed by force before its deadline, without disposal.
    insert("CLOSED", willow, sanitation, filed(at(10, 8, 9, 0)), "disposal_due_at", at(10, 12, 9, 0), "closed_at", at(10, 11, 9, 0), "forced", true);

    step(a, 1, "OPEN", collector, at(10, 5, 9, 0), null);
    step(a, 2, "ACCEPT", acceptor, at(10, 5, 9, 5), null);
    step(a, 3, "FILE", shiftLeader, at(10, 5, 9, 10), false);
    step(a, 4, "DISPATCH", hasty, at(10, 5, 9, 20), false);
    step(a, 5, "CHECK", verifier, at(10, 6, 12, 0), false);
    step(a, 6, "CLOSE", shiftLeader, at(10, 6, 12, 30), null);
    step(b, 1, "OPEN", null, at(10, 7, 9, 0), null);
    step(b, 2, "ACCEPT", acceptor, at(10, 7, 9, 5), null);
    step(b, 3, "FILE", shiftLeader, at(10, 7, 11, 0), true);
    step(b, 4, "DISPATCH", hasty, at(10, 7, 12, 0), true);
    step(b, 5, "RETURN", null, at(10, 7, 14, 0), null);
    step(b, 6, "DISPATCH", careful, at(10, 7, 15, 0), false);
    step(b, 7, "CHECK", verifier, at(10, 9, 11, 0), false);
    step(b, 8, "CHECK", verifier, at(10, 9, 12, 1), true);
    step(b, 9, "CLOSE", shiftLeader, at(10, 10, 9, 0), null);
  }

  private static Map<String, Object> reported(Instant at) {
    return new HashMap<>(Map.of("reported_at", at));
  }

  /** Reported, accepted, filed and dispatched in one moment, without limits. */
  private static Map<String, Object> filed(Instant at) {
    return new HashMap<>(Map.of("reported_at", at, "accepted_at", at, "filed_at", at, "dispatched_at", at));
  }

  private long insert(String stage, String area, UnitRef lead, Map<String, Object> start, Object... more) {
    Map<String, Object> row = new LinkedHashMap<>(start);
    for (int i = 0; i < more.length; i += 2) {
      row.put((String) more[i], more[i + 1]);
    }
    row.put("case_no", district + "20261001%05d".formatted(++made));
    row.put("stage", stage);
    row.put("stage_since", start.get("reported_at"));
    row.put("last_signal_at", start.get("reported_at"));
    row.put("title", "案件" + made);
    row.put("area_code", area);
    row.put("source_channel", "HOTLINE");
    row.put("lead_unit_id", lead == null ? null : lead.id());
    var statement = jdbc.sql("INSERT INTO case_file (" + String.join(", ", row.keySet()) + ") VALUES (:" + String.join(", :", row.keySet()) + ") RETURNING id");
    for (var column : row.entrySet()) {
      statement = statement.param(column.getKey(), column.getValue() instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : column.getValue());
    }
    return statement.query(Long.class).single();
  }

  private void step(long caseId, int seq, String action, Someone who, Instant at, Boolean late) {
    jdbc.sql("""
            INSERT INTO case_step (case_id, seq, action, to_stage, at, person_id, person_name, role, late)
            VALUES (:case, :seq, :action, 'X', :at, :person, 'x', :role, :late)""")
        .param("case", caseId).param("seq", seq).param("action", action).param("at", at.atOffset(ZoneOffset.UTC))
        .param("person", who == null ? null : who.personId()).param("role", who == null ? null : who.viewer().role().name()).param("late", late)
        .update();
  }

  private <T> T asSystem(Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  private Report october(Subject subject, String area) {
    return Viewer.callAs(evaluator.viewer(), () -> evaluation.evaluate(new Query(subject, area, OCTOBER, NOVEMBER)));
  }

  @Test
  void theTenCasesOfOctober() {
    assertThat(october(Subject.AREA, city).total().counts()).containsExactly(
        entry("reported", 8L), entry("effectivelyReported", 5L), entry("collectorEffectivelyReported", 1L), entry("missed", 4L),
        entry("accepted", 8L), entry("acceptedAndFiled", 5L), entry("filed", 5L), entry("filedOnTime", 4L),
        entry("dispatched", 5L), entry("dispatchedAccurately", 4L), entry("dispatchedOnTime", 4L),
        entry("disposalDue", 5L), entry("disposed", 4L), entry("disposedOnTime", 3L), entry("disposedLate", 1L), entry("overdue", 1L),
        entry("reworked", 1L), entry("extended", 1L), entry("suspended", 1L),
        entry("checkDue", 2L), entry("checked", 2L), entry("checkedOnTime", 1L),
        entry("closureDue", 5L), entry("closed", 4L), entry("closedOnTime", 3L), entry("closedLate", 1L), entry("notClosed", 1L),
        entry("rated", 2L), entry("satisfied", 1L));
  }

  @Test
  void everyRatioShowsItsNumeratorAndDenominator() {
    Map<String, Ratio> ratios = october(Subject.AREA, city).total().ratios();

    assertThat(ratios).containsEntry("filingRate", ratio(5, 8, "62.50")).containsEntry("onTimeFilingRate", ratio(4, 5, "80.00"))
        .containsEntry("accurateDispatchRate", ratio(4, 5, "80.00")).containsEntry("onTimeDispatchRate", ratio(4, 5, "80.00"))
        .containsEntry("disposalRate", ratio(4, 5, "80.00")).containsEntry("onTimeDisposalRate", ratio(3, 5, "60.00"))
        .containsEntry("reworkRate", ratio(1, 5, "20.00")).containsEntry("onTimeCheckRate", ratio(1, 2, "50.00"))
        .containsEntry("closureRate", ratio(4, 5, "80.00")).containsEntry("onTimeClosureRate", ratio(3, 5, "60.00"))
        .containsEntry("effectiveReportRate", ratio(5, 8, "62.50")).containsEntry("missedReportRate", ratio(4, 5, "80.00"))
        .containsEntry("satisfactionRate", ratio(1, 2, "50.00")).hasSize(RatioDefinition.values().length);
  }

  private static Ratio ratio(long numerator, long denominator, String percent) {
    return new Ratio(numerator, denominator, new BigDecimal(percent));
  }

  /** Published figures of a city for December 2016: 911 and 737 of 972 (结案率, 按期结案率). */
  @Test
  void percentsHaveTwoDecimalsHalfUpAndNothingHasNone() {
    assertThat(RatioDefinition.of(911, 972).percent()).isEqualTo(new BigDecimal("93.72"));
    assertThat(RatioDefinition.of(737, 972).percent()).isEqualTo(new BigDecimal("75.82"));
    assertThat(RatioDefinition.of(1, 800).percent()).isEqualTo(new BigDecimal("0.13"));
    assertThat(RatioDefinition.of(0, 0).percent()).isNull();
    assertThat(RatioDefinition.of(0, 5).percent()).isEqualTo(new BigDecimal("0.00"));
  }

  @Test
  void theScoreIsTheWeightedMeanOfWhatHasADenominator() {
    Map<String, BigDecimal> weights = Map.of("onTimeDisposalRate", new BigDecimal("3"), "reworkRate", new BigDecimal("1"), "satisfactionRate", new BigDecimal("9"));
    Map<String, Ratio> ratios = Map.of("onTimeDisposalRate", ratio(3, 5, "60.00"), "reworkRate", ratio(1, 5, "20.00"),
        "satisfactionRate", RatioDefinition.of(0, 0));

    // (3 × 60 + 1 × (100 − 20)) / 4
    assertThat(Scoring.score(ratios, weights)).isEqualTo(new BigDecimal("65.00"));
    assertThat(Scoring.score(Map.of(), weights)).isNull();
    assertThat(List.of("90.00", "89.99", "80.00", "70.00", "60.00", "59.99").stream().map(BigDecimal::new).map(Scoring::grade))
        .containsExactly("A", "B", "B", "C", "D", "E");
    // AREA: 15×80 + 15×80 + 25×60 + 10×80 + 20×60 + 15×50 over 100.
    assertThat(october(Subject.AREA, city).total().score()).isEqualTo(new BigDecimal("66.50"));
    assertThat(october(Subject.AREA, city).total().grade()).isEqualTo("D");
  }

  @Test
  void areasAreThoseDirectlyBelowAndAddUpToTheWhole() {
    Report communities = october(Subject.AREA, street);

    assertThat(communities.rows()).extracting(Row::key).containsExactly(plane, willow);
    assertThat(communities.rows()).extracting(Row::name).containsExactly("梧桐社区", "杨柳社区");
    assertThat(communities.rows()).extracting(r -> r.counts().get("disposalDue")).containsExactly(2L, 3L);
    assertThat(october(Subject.AREA, city).rows()).extracting(Row::key).containsExactly(district);
    for (Counter counter : Counter.values()) {
      assertThat(communities.rows().stream().mapToLong(r -> r.counts().get(counter.code())).sum()).as(counter.code())
          .isEqualTo(communities.total().counts().get(counter.code()));
    }
  }

  @Test
  void unitsAreThoseThatLead() {
    Report units = october(Subject.UNIT, city);

    assertThat(units.rows()).extracting(Row::key).containsExactly(String.valueOf(sanitation.id()), String.valueOf(formula.id()), "-");
    assertThat(units.rows().getFirst().counts()).containsEntry("disposalDue", 4L).containsEntry("disposedOnTime", 3L).containsEntry("overdue", 1L);
    assertThat(units.rows().get(1).counts()).containsEntry("disposalDue", 1L).containsEntry("disposedLate", 1L).containsEntry("reworked", 1L);
    assertThat(units.rows().get(2).counts()).containsEntry("disposalDue", 0L).containsEntry("accepted", 3L);
  }

  @Test
  void positionsAnswerForTheirOwnSteps() {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    october(Subject.POSITION, city).rows().forEach(r -> counts.put(r.key(), r.counts()));

    assertThat(counts.get(collector.personId() + ":COLLECTOR")).containsEntry("reported", 1L).containsEntry("effectivelyReported", 1L);
    assertThat(counts.get(acceptor.personId() + ":ACCEPTOR")).containsEntry("accepted", 2L).containsEntry("acceptedAndFiled", 2L);
    assertThat(counts.get(shiftLeader.personId() + ":SHIFT_LEADER")).containsEntry("filed", 2L).containsEntry("filedOnTime", 1L).containsEntry("closed", 2L);
    // Who chose the wrong unit answers for the return, not who mended it.
    assertThat(counts.get(hasty.personId() + ":DISPATCHER")).containsEntry("dispatched", 2L).containsEntry("dispatchedAccurately", 1L)
        .containsEntry("dispatchedOnTime", 1L);
    assertThat(counts.get(careful.personId() + ":DISPATCHER")).containsEntry("dispatched", 1L).containsEntry("dispatchedAccurately", 1L);
    // Two checks of one case are one case.
    assertThat(counts.get(verifier.personId() + ":VERIFIER")).containsEntry("checked", 2L).containsEntry("checkedOnTime", 2L);
    assertThat(october(Subject.POSITION, city).total()).isNull();
  }

  @Test
  void everyNumberOpensToExactlyItsCases() {
    for (Subject subject : Subject.values()) {
      Query query = new Query(subject, subject == Subject.AREA ? street : city, OCTOBER, NOVEMBER);
      Report report = Viewer.callAs(evaluator.viewer(), () -> evaluation.evaluate(query));
      assertThat(report.rows()).isNotEmpty();
      for (Row row : report.rows()) {
        for (var count : row.counts().entrySet()) {
          List<CaseView> behind = Viewer.callAs(evaluator.viewer(), () -> evaluation.listCases(query, row.key(), count.getKey(), 0, 1000).items());
          assertThat(behind).as("%s %s %s", subject, row.key(), count.getKey()).hasSize(count.getValue().intValue()).doesNotHaveDuplicates();
        }
      }
    }
  }

  @Test
  void everyCaseBelongsToExactlyOneDayOfEachCounter() {
    Map<String, Long> days = new HashMap<>();
    for (LocalDate day = LocalDate.of(2026, 10, 1); day.isBefore(LocalDate.of(2026, 11, 1)); day = day.plusDays(1)) {
      var span = Period.DAY.around(day, SHANGHAI);
      Viewer.callAs(evaluator.viewer(), () -> evaluation.evaluate(new Query(Subject.AREA, city, span.from(), span.to()))).total().counts()
          .forEach((code, n) -> days.merge(code, n, Long::sum));
    }

    assertThat(days).isEqualTo(october(Subject.AREA, city).total().counts());
  }

  @Test
  void noNumeratorExceedsItsDenominator() {
    for (Subject subject : Subject.values()) {
      for (Row row : october(subject, city).rows()) {
        assertThat(row.ratios().entrySet()).allSatisfy(r -> assertThat(r.getValue().numerator()).as("%s %s", row.key(), r.getKey())
            .isLessThanOrEqualTo(r.getValue().denominator()));
      }
    }
  }

  @Test
  void whatLiesInTheFutureIsNotDueYet() {
    Instant now = Instant.now();
    asSystem(() -> insert("DISPATCHED", plane, sanitation, filed(now.minusSeconds(60)), "disposal_due_at", now.plusSeconds(3600)));

    Row total = Viewer.callAs(evaluator.viewer(), () ->
        evaluation.evaluate(new Query(Subject.AREA, city, now.minusSeconds(3600), now.plusSeconds(86_400)))).total();

    assertThat(total.counts()).containsEntry("dispatched", 1L).containsEntry("disposalDue", 0L).containsEntry("overdue", 0L);
  }

  @Test
  void aCommunitySeesItsOwnCasesOnly() {
    TestClient ofPlane = people.someone(Role.LEADER, plane, null).client();

    var answer = ofPlane.get("/api/evaluation?object=area&period=month&at=2026-10-15&areaCode=" + street);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("rows")).hasSize(1);
    assertThat(answer.json().at("/rows/0/key").asString()).isEqualTo(plane);
    assertThat(answer.json().at("/total/counts/disposalDue").asLong()).isEqualTo(2);
    assertThat(ofPlane.get("/api/evaluation/cases?object=area&counter=disposalDue&period=month&at=2026-10-15&areaCode=" + street + "&key=" + willow)
        .json().path("items")).isEmpty();
  }

  @Test
  void answersOverHttpWithPagesOfCases() {
    TestClient client = evaluator.client();
    var report = client.get("/api/evaluation?object=unit&period=month&at=2026-10-31&areaCode=" + city).json();
    assertThat(report.path("from").asString()).isEqualTo("2026-09-30T16:00:00Z");
    assertThat(report.path("to").asString()).isEqualTo("2026-10-31T16:00:00Z");
    assertThat(report.at("/rows/0/ratios/onTimeDisposalRate/percent").asDouble()).isEqualTo(75.0);
    assertThat(client.get("/api/evaluation?object=unit&from=2026-10-01&to=2026-11-01&areaCode=" + city).json().path("rows")).isEqualTo(report.path("rows"));

    String cases = "/api/evaluation/cases?object=unit&counter=disposalDue&areaCode=" + city + "&key=" + sanitation.id()
        + "&from=2026-09-30T16:00:00Z&to=2026-10-31T16:00:00Z&limit=3";
    var first = client.get(cases).json();
    assertThat(first.path("items")).hasSize(3);
    var second = client.get(cases + "&after=" + first.path("next").asString()).json();
    assertThat(second.path("items")).hasSize(1);
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(client.get("/api/evaluation/definitions").json().path("counters")).hasSize(Counter.values().length);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    TestClient client = evaluator.client();
    assertThat(client.get("/api/evaluation?object=street&period=month").json().path("field").asString()).isEqualTo("object");
    assertThat(client.get("/api/evaluation?object=area&period=decade").text()).contains("quarter").contains("decade");
    assertThat(client.get("/api/evaluation?object=area").json().path("field").asString()).isEqualTo("period");
    assertThat(client.get("/api/evaluation?object=area&from=2026-10-02&to=2026-10-02").json().path("field").asString()).isEqualTo("to");
    assertThat(client.get("/api/evaluation?object=area&period=month&areaCode=123456").problem()).isEqualTo("case.invalid-filter");
    assertThat(client.get("/api/evaluation/cases?object=position&counter=overdue&period=month").text()).contains("dispatchedOnTime");
    assertThat(people.someone(Role.HANDLER, city, sanitation).client().get("/api/evaluation?object=area&period=month").status()).isEqualTo(403);
    assertThat(acceptor.client().get("/api/evaluation.xlsx?object=area&period=month").status()).isEqualTo(403);
  }

  @Test
  void theWorkbookCarriesItsDefinitionsAndNoFormula(@TempDir Path folder) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(evaluator.client().base() + "/api/evaluation.xlsx?object=unit&period=month&at=2026-10-15&areaCode=" + city))
        .header("Cookie", "citywide_session=" + evaluator.token()).build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-disposition").orElseThrow()).contains("evaluation-unit-2026-10-01.xlsx");
    Map<String, String> parts = new HashMap<>();
    Path file = Files.write(folder.resolve("evaluation.xlsx"), answer.body());
    try (var zip = new ZipFile(file.toFile())) {
      for (var part : zip.stream().toList()) {
        parts.put(part.getName(), new String(zip.getInputStream(part).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(parts).containsKeys("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml");
    String all = Pattern.compile("&#x([0-9a-fA-F]+);|&#([0-9]+);").matcher(String.join("", parts.values()))
        .replaceAll(m -> Matcher.quoteReplacement(Character.toString(m.group(1) == null ? Integer.parseInt(m.group(2)) : Integer.parseInt(m.group(1), 16))))
        .replace("&apos;", "'");
    assertThat(all).contains(sanitation.name()).contains("'=HYPERLINK(").contains(Counter.CLOSURE_DUE.definitionZh()).doesNotContain("<f>");
    assertThat(parts.get("xl/worksheets/sheet1.xml")).containsPattern("<v>75(\\.0+)?</v>");
  }

  @Test
  void periodsFollowTheDaysOfTheCity() {
    LocalDate sunday = LocalDate.of(2026, 11, 22);
    assertThat(Period.DAY.around(sunday, SHANGHAI)).isEqualTo(new Period.Span(day(11, 22), day(11, 23)));
    assertThat(Period.WEEK.around(sunday, SHANGHAI)).isEqualTo(new Period.Span(day(11, 16), day(11, 23)));
    assertThat(Period.MONTH.around(sunday, SHANGHAI)).isEqualTo(new Period.Span(day(11, 1), day(12, 1)));
    assertThat(Period.QUARTER.around(sunday, SHANGHAI)).isEqualTo(new Period.Span(day(10, 1), LocalDate.of(2027, 1, 1).atStartOfDay(SHANGHAI).toInstant()));
    assertThat(Period.YEAR.around(sunday, SHANGHAI).from()).isEqualTo(day(1, 1));
    // The day on which a city sets its clocks back has 25 hours.
    var long25 = Period.DAY.around(LocalDate.of(2026, 11, 1), ZoneId.of("America/New_York"));
    assertThat(java.time.Duration.between(long25.from(), long25.to()).toHours()).isEqualTo(25);
  }
}
