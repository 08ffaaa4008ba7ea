package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.TestCity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What lies inside a circle, a polygon or an area, and the figures of areas and of the panel. */
@ServerTest
class InsideTest {

  private static final String CITY = "750300";
  private static final String A = "750302001001";
  private static final String B = "750302001002";
  private static final TestCity PLACES = new TestCity(CITY, 107.71, 27.51);
  private static final String COVER = "gb47678.5-M01001";
  private static final String WASTE = "gb47678.5-M06010";
  private static boolean built;
  private static UnitRef office;
  private static long overdue;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired JdbcClient jdbc;

  /** Three cases in A (one overdue), two in B (one led by the street office), one closed twice over in B. */
  @BeforeEach
  void aSmallCity() {
    if (built) {
      return;
    }
    built = true;
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    office = people.unit("望江街道办事处", UnitRef.UnitKind.STREET_OFFICE, "750302001", null);
    overdue = report(0.5, 0.5, WASTE, "堆了一袋建筑垃圾");
    ground.set(overdue, "filing_due_at = now() - interval '1 hour'");
    report(1.5, 0.5, COVER, "供水井盖松动");
    report(0.5, 1.5, COVER, "井盖不见了");
    report(3.5, 0.5, WASTE, "垃圾桶旁有垃圾");
    long led = report(2.5, 1.5, COVER, "井盖响个不停");
    ground.set(led, "stage = 'DISPATCHED', lead_unit_id = " + office.id() + ", dispatched_at = now(), urgency = 'URGENT'");
    for (double x : List.of(3.50, 3.55, 3.60)) {
      long closed = report(x, 1.7, COVER, "同一处井盖又坏了 " + x);
      ground.set(closed, "stage = 'CLOSED', closed_at = now() - interval '1 minute', steps = 2");
      ground.asSystem(() -> jdbc.sql("INSERT INTO case_step (case_id, seq, action, from_stage, to_stage, at, person_name) SELECT id, 2, 'CLOSE', 'CHECKED', 'CLOSED', closed_at, '值班' FROM case_file WHERE id = :id")
          .param("id", closed).update());
    }
  }

  private long report(double x, double y, String kind, String text) {
    List<Double> at = PLACES.at(x, y);
    Answer answer = people.someone(Role.ACCEPTOR, CITY, null).client().post("/api/cases", Map.of("description", text, "lon", at.get(0), "lat", at.get(1), "kindId", kind));
    assertThat(answer.json().path("outcome").asString()).as(answer.text()).isEqualTo("OPENED");
    return answer.json().path("caseId").asLong();
  }

  private static Map<String, Object> circle(double x, double y, double radius) {
    List<Double> at = PLACES.at(x, y);
    return Map.of("region", Map.of("circle", Map.of("lon", at.get(0), "lat", at.get(1), "radius", radius)));
  }

  private static Map<String, Object> area(String code) {
    return Map.of("region", Map.of("area", code));
  }

  private static Map<String, Object> polygon(List<?>... rings) {
    List<Object> all = new ArrayList<>();
    for (List<?> ring : rings) {
      all.add(ring.getFirst());
    }
    return Map.of("region", Map.of("polygon", Map.of("type", "Polygon", "coordinates", all)));
  }

  private TestClient leader(String area) {
    return people.someone(Role.LEADER, area, null).client();
  }

  private static JsonNode cases(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return StreamSupport.stream(answer.json().path("layers").spliterator(), false).filter(l -> l.path("id").asString().equals("cases")).findFirst().orElseThrow();
  }

  private static long count(Answer answer) {
    return cases(answer).path("count").asLong();
  }

  @Test
  void aCircleHoldsWhatLiesWithinItsRadiusAndNothingElse() {
    TestClient leader = leader(CITY);
    // A thousandth of a degree is 99 m from west to east and 111 m from south to north here.
    assertThat(count(leader.post("/api/map/inside", circle(0.5, 0.5, 90)))).isEqualTo(1);
    assertThat(count(leader.post("/api/map/inside", circle(0.5, 0.5, 105)))).isEqualTo(2);
    assertThat(count(leader.post("/api/map/inside", circle(0.5, 0.5, 115)))).isEqualTo(3);
    assertThat(leader.post("/api/map/inside", circle(0.5, 0.5, 100)).json().path("region").path("areaKm2").asDouble()).isEqualTo(0.0314);
  }

  @Test
  void aPolygonWithAHoleLeavesOutWhatIsInTheHole() {
    TestClient leader = leader(CITY);
    assertThat(count(leader.post("/api/map/inside", polygon(PLACES.box(0, 0, 4, 2))))).isEqualTo(5);
    assertThat(count(leader.post("/api/map/inside", polygon(PLACES.box(0, 0, 4, 2), PLACES.box(1, 0.2, 3, 1.8))))).isEqualTo(3);
  }

  @Test
  void countsComeByKindWithTheWorstGradeAndTheUnitsThatAnswerForThePlace() {
    Answer answer = leader(CITY).post("/api/map/inside", area(CITY));
    JsonNode layer = cases(answer);

    assertThat(layer.path("worst").asInt()).isEqualTo(4);
    assertThat(StreamSupport.stream(layer.path("kinds").spliterator(), false).map(k -> k.path("kind").asString() + " " + k.path("count").asInt() + " " + k.path("worst").asInt()))
        .containsExactly(COVER + " 3 " + worst(layer, COVER), WASTE + " 2 4");
    assertThat(answer.json().path("units").toString()).contains(office.name()).contains("\"count\":1");
    assertThat(answer.json().path("elapsedMillis").asLong()).isLessThan(5_000);
  }

  private static int worst(JsonNode layer, String kind) {
    return StreamSupport.stream(layer.path("kinds").spliterator(), false).filter(k -> k.path("kind").asString().equals(kind)).findFirst().orElseThrow().path("worst").asInt();
  }

  @Test
  void everyoneCountsExactlyWhatTheirScopeHolds() {
    assertThat(count(leader(A).post("/api/map/inside", polygon(PLACES.box(0, 0, 4, 2))))).isEqualTo(3);
    assertThat(count(leader(B).post("/api/map/inside", polygon(PLACES.box(0, 0, 4, 2))))).isEqualTo(2);
    assertThat(count(leader(B).post("/api/map/inside", area(A)))).isZero();
    assertThat(leader(A).post("/api/map/inside/history", area(CITY)).json().path("total").asLong()).isZero();
    Someone handler = people.someone(Role.HANDLER, CITY, office);
    assertThat(count(handler.client().post("/api/map/inside", area(CITY)))).isEqualTo(1);
    // An administrator sees the ground and no case on it.
    Answer admin = people.someone(Role.SYSTEM_ADMIN, CITY, null).client().post("/api/map/inside", area(CITY));
    assertThat(admin.json().path("layers").toString()).doesNotContain("\"cases\"");
  }

  @Test
  void whatWasCountedIsListedPageByPageWhatIsDueFirstBeforeTheRest() {
    TestClient leader = leader(CITY);
    List<String> listed = new ArrayList<>();
    String next = null;
    do {
      Answer page = leader.post("/api/map/inside/cases?limit=2" + (next == null ? "" : "&after=" + next), area(CITY));
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      page.json().path("items").forEach(f -> listed.add(f.path("id").asString()));
      next = page.json().path("next").isNull() ? null : page.json().path("next").asString();
    } while (next != null);

    assertThat(listed).hasSize(5).doesNotHaveDuplicates().startsWith(String.valueOf(overdue));
    Map<String, Object> waste = new HashMap<>(area(CITY));
    waste.put("kinds", List.of(WASTE));
    JsonNode first = leader.post("/api/map/inside/cases", waste).json().path("items");
    assertThat(first).hasSize(2);
    assertThat(first.path(0).path("geometry").path("type").asString()).isEqualTo("Point");
    assertThat(first.path(0).path("properties").path("stage").asString()).isEqualTo("REPORTED");
    assertThat(first.path(0).path("properties").path("grade").asInt()).isEqualTo(4);
  }

  @Test
  void whatHappenedHereBeforeIsToldByKindAndMonthAndByPlacesWhereItCameBack() {
    Answer answer = leader(CITY).post("/api/map/inside/history", circle(3.55, 1.7, 60));
    JsonNode body = answer.json();

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(body.path("total").asLong()).isEqualTo(3);
    assertThat(body.path("months").path(0).path("month").asString()).matches("\\d{4}-\\d{2}");
    assertThat(body.path("months").path(0).path("kind").asString()).isEqualTo(COVER);
    assertThat(body.path("repeats")).hasSize(1);
    assertThat(body.path("repeats").path(0).path("count").asLong()).isEqualTo(3);
    assertThat(body.path("repeats").path(0).path("ids")).hasSize(3);
    assertThat(leader(CITY).post("/api/map/inside/history", circle(0.5, 0.5, 60)).json().path("total").asLong()).isZero();
  }

  @Test
  void aBadRegionIsRefusedAndToldWhatIsWrongAndWhere() {
    TestClient leader = leader(CITY);
    refused(leader, Map.of(), "map.invalid-region", "region is missing");
    refused(leader, Map.of("region", Map.of("circle", Map.of("lon", 107.7, "lat", 27.5, "radius", 0))), "map.invalid-region", "above 0 and at most 50000");
    refused(leader, Map.of("region", Map.of("circle", Map.of("lon", 27.5, "lat", 107.7, "radius", 10))), "map.invalid-region", "longitude comes first");
    refused(leader, Map.of("region", Map.of("circle", Map.of("lon", 107.7, "lat", 27.5, "radius", 10), "area", A)), "map.invalid-region", "exactly one");
    refused(leader, Map.of("region", Map.of("area", "nowhere")), "place.unknown-area", "nowhere");
    List<List<Double>> bow = List.of(PLACES.at(0, 0), PLACES.at(2, 2), PLACES.at(2, 0), PLACES.at(0, 2), PLACES.at(0, 0));
    Answer crossing = refused(leader, Map.of("region", Map.of("polygon", Map.of("type", "Polygon", "coordinates", List.of(bow)))), "map.invalid-region", "crosses itself at 107.711, 27.511");
    assertThat(crossing.json().path("lon").asDouble()).isEqualTo(107.711);
    List<List<Double>> wide = List.of(List.of(90.0, 20.0), List.of(120.0, 20.0), List.of(120.0, 30.0));
    refused(leader, Map.of("region", Map.of("polygon", Map.of("type", "Polygon", "coordinates", List.of(wide)))), "map.invalid-region", "10 degrees");
    List<List<Double>> many = IntStream.range(0, 10_001).mapToObj(i -> PLACES.at(Math.cos(i / 1600.0), Math.sin(i / 1600.0))).toList();
    refused(leader, Map.of("region", Map.of("polygon", Map.of("type", "Polygon", "coordinates", List.of(many)))), "map.invalid-region", "10000 points");
    refused(leader, Map.of("region", Map.of("area", A), "at", "-1000000000-01-01T00:00:00Z"), "map.invalid-query", "1900 and 9999");
    refused(leader, Map.of("region", Map.of("area", A), "kinds", java.util.Arrays.asList(WASTE, null)), "request.invalid", "\"kinds\"");
    assertThat(leader.get("/api/map/areas/" + A + "/figures?at=%2B1000000000-12-31T23:59:59Z").problem()).isEqualTo("map.invalid-query");
    assertThat(leader.post("/api/map/inside/nothing", area(CITY)).problem()).isEqualTo("map.unknown-layer");
    assertThat(leader.post("/api/map/inside/cases?limit=0", area(CITY)).problem()).isEqualTo("map.invalid-query");
    assertThat(leader.post("/api/map/inside/cases?after=x", area(CITY)).problem()).isEqualTo("map.invalid-query");
  }

  private static Answer refused(TestClient client, Object body, String code, String words) {
    Answer answer = client.post("/api/map/inside", body);
    assertThat(answer.problem()).as(answer.text()).isEqualTo(code);
    assertThat(answer.json().path("detail").asString()).contains(words);
    return answer;
  }

  @Test
  void figuresOfAnAreaAreTheSumOfThoseBelowIt() {
    JsonNode district = leader(CITY).get("/api/map/areas/750302001/figures").json();
    JsonNode first = district.path("children").path(0);
    JsonNode second = district.path("children").path(1);

    assertThat(district.path("chain")).hasSize(3);
    assertThat(first.path("code").asString()).isEqualTo(A);
    assertThat(first.path("figures").path("open").asLong()).isEqualTo(3);
    assertThat(first.path("figures").path("overdue").asLong()).isEqualTo(1);
    assertThat(second.path("figures").path("open").asLong()).isEqualTo(2);
    assertThat(second.path("figures").path("newToday").asLong()).isEqualTo(5);
    assertThat(second.path("figures").path("closedToday").asLong()).isEqualTo(3);
    assertThat(first.path("bbox").path(0).asDouble()).isEqualTo(107.71);
    district.path("area").path("figures").properties().forEach(f -> assertThat(f.getValue().asLong()).as(f.getKey())
        .isEqualTo(first.path("figures").path(f.getKey()).asLong() + second.path("figures").path(f.getKey()).asLong()));
    assertThat(leader(CITY).get("/api/map/areas/" + A + "/figures").json().path("children")).hasSize(4);
    JsonNode ofB = leader(B).get("/api/map/areas/750302001/figures").json();
    assertThat(ofB.path("area").path("figures").path("open").asLong()).isEqualTo(2);
    assertThat(ofB.path("children").path(0).path("bbox").isNull()).isTrue();
    assertThat(leader(CITY).get("/api/map/areas/nowhere/figures").problem()).isEqualTo("place.unknown-area");
    Instant before = Instant.now().minus(30, ChronoUnit.DAYS);
    assertThat(leader(CITY).get("/api/map/areas/750302001/figures?at=" + before).json().path("area").path("figures").path("open").asLong()).isZero();
  }

  @Test
  void everyNumberOfThePanelOpensTheCasesThatItCounted() {
    TestClient leader = leader(CITY);
    JsonNode summary = leader.get("/api/map/summary").json();

    assertThat(summary.path("open").asLong()).isEqualTo(5);
    assertThat(summary.path("overdue").asLong()).isEqualTo(1);
    assertThat(summary.path("newToday").asLong()).isEqualTo(8);
    assertThat(summary.path("closedToday").asLong()).isEqualTo(3);
    assertThat(summary.path("urgent")).hasSize(1);
    assertThat(summary.path("hotKinds").path(0).path("kind").asString()).isEqualTo(COVER);
    for (String figure : List.of("open", "overdue", "dueSoon", "newToday", "closedToday")) {
      JsonNode link = summary.path("lists").path(figure);
      StringBuilder address = new StringBuilder(link.path("path").asString() + "?limit=200");
      link.path("query").properties().forEach(p -> address.append('&').append(p.getKey()).append('=').append(p.getValue().asString()));
      assertThat(leader.get(address.toString()).json().path("items").size()).as("%s: %s", figure, address).isEqualTo(summary.path(figure).asInt());
    }
    assertThat(leader(B).get("/api/map/summary").json().path("open").asLong()).isEqualTo(2);
    assertThat(leader(B).get("/api/map/summary?area=" + A).json().path("open").asLong()).isZero();
    assertThat(leader.get("/api/map/summary?area=nowhere").problem()).isEqualTo("place.unknown-area");
  }

  @Test
  void aStepLeavesItsTraceOnTheMapAtOnce() {
    TestCity other = new TestCity("750400", 107.81, 27.51);
    assertThat(people.someone(Role.SYSTEM_ADMIN, "750400", null).client().put("/api/areas", other.geoJson()).status()).isEqualTo(200);
    TestClient leader = leader("750400");
    List<Double> at = other.at(1.5, 1.5);
    Map<String, Object> here = Map.of("region", Map.of("circle", Map.of("lon", at.get(0), "lat", at.get(1), "radius", 20)));
    assertThat(count(leader.post("/api/map/inside", here))).isZero();
    TestClient shift = people.someone(Role.SHIFT_LEADER, "750400", null).client();
    long id = shift.post("/api/cases", Map.of("description", "刚刚倒下的垃圾", "lon", at.get(0), "lat", at.get(1), "kindId", WASTE)).json().path("caseId").asLong();
    assertThat(count(leader.post("/api/map/inside", here))).isEqualTo(1);
    assertThat(ground.take(shift, id, CaseAction.VOID, "reason", "误报").status()).isEqualTo(200);
    assertThat(count(leader.post("/api/map/inside", here))).isZero();
  }
}
