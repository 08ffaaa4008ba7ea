package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** One building, one file: seen within one's area, masked, and in clear only for a purpose. */
@ServerTest
class BuildingTest {

  private static final TestCity CITY = new TestCity("780700", 118.5, 30);
  private static final Map<String, String> NDJSON = Map.of("Content-Type", "application/x-ndjson");

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private TestClient steward;
  private TestClient leader;

  @BeforeEach
  void twoBuildings() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    Answer taken = steward.send("POST", "/api/buildings:batch", building("B-0001", 0.5) + building("B-0002", 2.5), NDJSON);
    assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(2);
    leader = people.someone(Role.SHIFT_LEADER, CITY.city, null).client();
  }

  private static String building(String ident, double x) {
    List<Double> at = CITY.at(x, 0.5);
    return """
        {"ident": "%s", "name": "梧桐苑1幢", "use": "RESIDENTIAL", "floors": 6, "lon": %s, "lat": %s, "rooms": [{"number": "101", "floor": 1, "occupancy": "OWNER", "households": [{"members": 1, "care": ["ELDERLY_ALONE"], "head": "林示例", "phone": "13900001234"}]}, {"number": "102", "occupancy": "RENTED"}], "enterprises": [{"name": "云泽示例商店", "trade": "零售", "contact": "周示例", "phone": "13900005678"}]}
        """.formatted(ident, at.get(0), at.get(1));
  }

  @Test
  void theFileTellsRoomsEnterprisesAndWhomToLookAfter() {
    var file = leader.get("/api/buildings/B-0001").json();
    assertThat(file.at("/building/areaCode").asString()).isEqualTo("780702001001001");
    assertThat(file.at("/building/rooms").asInt() + file.at("/building/households").asInt() + file.at("/building/caredFor").asInt()).isEqualTo(4);
    assertThat(file.at("/enterprises/0/name").asString()).isEqualTo("云泽示例商店");
    assertThat(file.at("/care/0/nameZh").asString()).isEqualTo("独居老人");
    assertThat(people.someone(Role.DISPATCHER, CITY.city, null).client().get("/api/buildings/B-0001").json().path("care").isNull()).as("who may not see households").isTrue();
    assertThat(leader.get("/api/buildings:counts?area=780702001").text()).contains("\"areaCode\":\"780702001002\",\"buildings\":1,\"rooms\":2,\"households\":1,\"enterprises\":1,\"caredFor\":1");
  }

  @Test
  void householdsAreMaskedAndAPurposeShowsThemInClear() {
    var household = leader.get("/api/buildings/B-0001/households").json().get(0);
    assertThat(household.path("head").asString() + household.path("phone").asString()).isEqualTo("林**139****1234");

    String door = "/api/households/" + household.path("id").asLong() + "/reveal";
    assertThat(leader.post(door, Map.of("purpose", "EMERGENCY", "reason", "x")).status()).isEqualTo(422);
    assertThat(leader.post(door, Map.of("purpose", "EMERGENCY", "reason", "楼内燃气泄漏")).json().path("phone").asString()).isEqualTo("13900001234");

    assertThat(people.someone(Role.COLLECTOR, CITY.city, null).client().post(door, Map.of("purpose", "EMERGENCY", "reason", "楼内燃气泄漏")).status()).isEqualTo(403);
    assertThat(steward.get("/api/buildings/B-0001/households").status()).as("who imports them need not see them").isEqualTo(403);
    assertThat(asSystem("SELECT count(*) FROM identity_access_log WHERE act = 'personal-data.revealed' AND object LIKE 'household:%'")).isPositive();
    assertThat(asSystem("SELECT count(*) FROM place_household WHERE position(convert_to('林示例', 'UTF8') IN personal) > 0")).as("in clear in the database").isZero();
  }

  @Test
  void whomToCallInAnEnterpriseIsMaskedUntilAPurposeIsTold() {
    var shop = leader.get("/api/buildings/B-0001").json().at("/enterprises/0");
    assertThat(shop.path("contact").asString() + shop.path("phone").asString()).isEqualTo("周**139****5678");
    String door = "/api/enterprises/" + shop.path("id").asLong() + "/reveal";
    Map<String, String> why = Map.of("purpose", "EMERGENCY", "reason", "店内冒烟，需联系店主");
    assertThat(people.someone(Role.DISPATCHER, CITY.city, null).client().post(door, why).status()).isEqualTo(403);
    assertThat(people.someone(Role.SHIFT_LEADER, "780702001002", null).client().post(door, why).problem()).isEqualTo("place.unknown-enterprise");
    assertThat(leader.post(door, why).json().path("contact").asString()).isEqualTo("周示例");
    assertThat(asSystem("SELECT count(*) FROM identity_access_log WHERE act = 'personal-data.revealed' AND object LIKE 'enterprise:%'")).isPositive();
    assertThat(asSystem("SELECT count(*) FROM place_enterprise WHERE position(convert_to('周示例', 'UTF8') IN personal) > 0")).as("in clear in the database").isZero();
  }

  @Test
  void whoWorksInTheAreaBesideSeesNothingOfIt() {
    TestClient beside = people.someone(Role.SHIFT_LEADER, "780702001002", null).client();
    assertThat(beside.get("/api/buildings").text()).contains("B-0002").doesNotContain("B-0001");
    assertThat(beside.get("/api/buildings/B-0001").problem()).isEqualTo("place.unknown-building");
    long household = leader.get("/api/buildings/B-0001/households").json().get(0).path("id").asLong();
    assertThat(beside.post("/api/households/" + household + "/reveal", Map.of("purpose", "EMERGENCY", "reason", "楼内燃气泄漏")).problem()).isEqualTo("place.unknown-household");
    TestClient other = people.someone(Role.SYSTEM_ADMIN, "780702001002", null).client();
    assertThat(other.send("POST", "/api/buildings:batch", building("B-0001", 2.5), NDJSON).text()).as("nor moves it over").contains("\"accepted\":0", "outside the area that you administer");
  }

  @Test
  void whatALineDoesNotSayStays() {
    Answer moved = steward.send("POST", "/api/buildings:batch", "{\"ident\": \"B-0002\", \"floors\": 7, \"lon\": %s, \"lat\": %s}".formatted(CITY.at(1.5, 0.5).toArray()), NDJSON);
    assertThat(moved.json().path("accepted").asInt()).as(moved.text()).isEqualTo(1);
    var file = leader.get("/api/buildings/B-0002").json();
    assertThat(file.at("/building/name").asString() + file.at("/building/floors").asInt() + file.at("/building/height").asInt()).isEqualTo("梧桐苑1幢721");
    assertThat(file.at("/building/rooms").asInt() + file.at("/building/households").asInt() + file.at("/building/caredFor").asInt()).isEqualTo(4);
    assertThat(people.someone(Role.SHIFT_LEADER, "780702001001", null).client().get("/api/buildings/B-0002/households").json().size()).as("they moved with it").isEqualTo(1);
    steward.send("POST", "/api/buildings:batch", "{\"ident\": \"B-0002\", \"rooms\": []}", NDJSON);
    file = leader.get("/api/buildings/B-0002").json();
    assertThat(file.at("/building/rooms").asInt() + file.at("/building/caredFor").asInt()).isZero();
    assertThat(file.path("enterprises").size()).isEqualTo(1);
  }

  @Test
  void aBadLineIsNamedAndTheOthersAreTaken() {
    String text = steward.send("POST", "/api/buildings:batch", building("B-0003", 0.6) + building("B-0004", 90) + building("b", 0.5)
        + building("B-0005", 0.5).replace("ELDERLY_ALONE", "HERO") + "no json\n" + building("B-0006", 0.5).replace("\"102\"", "\"101\"")
        + building("B-0007", 0.5).replace("\"lat\"", "\"y\"").replace("\"lon\"", "\"lat\"").replace("\"y\"", "\"lon\"") + building("B-0008", 0.5).replace("\"lon\"", "\"x\""), NDJSON).text();
    assertThat(text).contains("\"accepted\":1", "the position 118.59, 30.0005 lies ", "longitude and latitude look swapped: 30.0005, 118.5005 lies outside the city, 118.5005, 30.0005 inside",
        "within an area of the city", "4 to 30 of", "marker 'HERO'", "not JSON", "room 101 appears twice");
    byte[] tooMany = "{}\n".repeat(501).getBytes(StandardCharsets.UTF_8);
    assertThat(steward.send("POST", "/api/buildings:batch", tooMany, NDJSON).problem()).isEqualTo("place.invalid-batch");
  }

  private long asSystem(String sql) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> jdbc.sql(sql).query(Long.class).single()));
  }
}
