package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.grid.GridCode;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.internal.search.NameSearch;
import io.citywide.place.TestCity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** One box: names, pinyin, codes, numbers. */
@ServerTest
class SearchTest {

  private static final TestCity CITY = new TestCity("771100", 77.11, 33.31);

  @Autowired TestPeople people;
  @Autowired NameSearch names;

  private TestClient steward() {
    return people.someone(Role.SYSTEM_ADMIN, "771100", null).client();
  }

  private JsonNode hits(TestClient client, String q) {
    Answer answer = client.get("/api/map/search?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("elapsedMillis").asDouble()).isPositive();
    return answer.json().path("hits");
  }

  @Test
  void aRoadIsFoundByNameInitialsAndPinyinAsSoonAsItsLayerIsThere() throws Exception {
    TestClient steward = steward();
    steward.put("/api/areas", CITY.geoJson());
    steward.put("/api/basemap/roads", Map.of("type", "FeatureCollection", "features", List.of(
        road("寻乌烟雨路", 77.1105), road("寻乌烟雨路", 77.1106), road("银杏道", 77.1105))));
    names.renew();
    for (String typed : List.of("寻乌烟雨", "烟雨路", "xwyyl", "xunwuyanyulu", "xunwuy")) {
      JsonNode hits = hits(steward, typed);
      assertThat(hits.at("/0/titleZh").asString()).as(typed).isEqualTo("寻乌烟雨路");
      assertThat(hits.at("/0/type").asString()).isEqualTo("road");
      assertThat(hits.at("/0/detail").asString()).as("where").isNotBlank();
    }
    assertThat(hits(steward, "寻乌烟雨路").findValuesAsString("titleZh").stream().filter("寻乌烟雨路"::equals)).as("two pieces, one road").hasSize(1);
    assertThat(hits(steward, "771102").findValuesAsString("type")).as("an area by its code").contains("area");
  }

  private static Map<String, Object> road(String name, double lon) {
    return Map.of("type", "Feature", "properties", Map.of("name", name, "kind", "street"), "geometry",
        Map.of("type", "LineString", "coordinates", List.of(List.of(lon, 33.3105), List.of(lon + 0.0002, 33.3105))));
  }

  @Test
  void aBuildingIsFoundByTheBeginningOfItsAddressOrNameByThoseWhoMaySeeIt() {
    TestClient steward = steward();
    steward.put("/api/areas", CITY.geoJson());
    String lines = """
        {"ident": "SEEK-0001", "name": "听雨楼", "address": "烟波路12号", "use": "RESIDENTIAL", "lon": %1$s, "lat": %2$s}
        {"ident": "SEEK-0002", "name": "烟波大厦", "address": "湖心路3号", "use": "OFFICE", "lon": %1$s, "lat": %2$s}""".formatted(CITY.at(0.5, 0.5).get(0), CITY.at(0.5, 0.5).get(1));
    Answer taken = steward.send("POST", "/api/buildings:batch", lines, Map.of("Content-Type", "application/x-ndjson"));
    assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(2);
    JsonNode hits = hits(steward, "烟波路12");
    assertThat(hits.at("/0/type").asString()).as(hits.toString()).isEqualTo("address");
    assertThat(hits.at("/0/titleZh").asString()).isEqualTo("烟波路12号");
    assertThat(hits.at("/0/detail").asString()).startsWith("听雨楼");
    assertThat(hits(steward, "烟波").findValuesAsString("id")).contains("SEEK-0001", "SEEK-0002");
    assertThat(hits(people.someone(Role.LEADER, "990101", null).client(), "烟波").findValuesAsString("id")).as("another city").doesNotContain("SEEK-0001", "SEEK-0002");
  }

  @Test
  void aBeiDouCodeIsUnderstoodWhileItIsTyped() {
    TestClient steward = steward();
    String code = GridCode.of(121.4737, 31.2304, 7).code();
    JsonNode whole = hits(steward, code.toLowerCase(java.util.Locale.ROOT));
    assertThat(whole.at("/0/type").asString()).isEqualTo("grid");
    assertThat(whole.at("/0/id").asString()).isEqualTo(code);
    assertThat(whole.at("/0/score").asDouble()).isEqualTo(1);
    JsonNode begun = hits(steward, code.substring(0, 7));
    assertThat(code).as("the cell around what is meant").startsWith(begun.at("/0/id").asString());
    assertThat(hits(steward, "121.4737,31.2304").at("/0/lon").asDouble()).isEqualTo(121.4737);
    assertThat(hits(steward, "N99Z").findValuesAsString("type")).doesNotContain("grid");
  }

  @Test
  void aComponentIsFoundByTheBeginningOfItsNumber() {
    TestClient steward = steward();
    String ident = "77110201037000123";
    Answer taken = steward.post("/api/components:batch", List.of(Map.of("ident", ident, "kindId", "gb47678.5-C01037", "name", "路灯", "lon", 77.1105, "lat", 33.3105)));
    assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(1);
    assertThat(hits(steward, ident.substring(0, 13)).findValuesAsString("id")).contains(ident);
    assertThat(hits(steward, ident).at("/0/id").asString()).isEqualTo(ident);
    assertThat(hits(steward, "77110201037999").findValuesAsString("type")).doesNotContain("component");
  }

  @Test
  void whoeverIsOnDutyIsFoundByNameByThoseWhoAnswerForThePlace() {
    TestClient steward = steward();
    steward.put("/api/areas", CITY.geoJson());
    var member = people.someone(Role.COLLECTOR, "771102001001", null);
    Answer begun = member.client().post("/api/duty/start", Map.of());
    assertThat(begun.status()).as(begun.text()).isBetween(200, 201);
    String name = begun.json().path("duty").path("name").asString(begun.json().path("name").asString());
    assertThat(name).isNotBlank();
    assertThat(hits(people.someone(Role.SHIFT_LEADER, "771102", null).client(), name).findValuesAsString("type")).contains("person");
    assertThat(hits(people.someone(Role.SHIFT_LEADER, "771103", null).client(), name).findValuesAsString("type")).as("not by the neighbours").doesNotContain("person");
  }

  @Test
  void whatIsNoQueryIsRefusedWithTheBound() {
    TestClient steward = steward();
    assertThat(steward.get("/api/map/search?q=%20").problem()).isEqualTo("map.invalid-query");
    assertThat(steward.get("/api/map/search?q=" + "a".repeat(101)).problem()).isEqualTo("map.invalid-query");
    assertThat(steward.get("/api/map/search?q=a&limit=21").text()).contains("1..20");
    assertThat(steward.get("/api/map/search").status()).isEqualTo(400);
    assertThat(people.nobody().get("/api/map/search?q=a").status()).isEqualTo(401);
  }
}
