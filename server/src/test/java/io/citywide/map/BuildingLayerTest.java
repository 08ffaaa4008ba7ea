package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile.Feature;
import io.citywide.place.TestCity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Buildings and households on the map: drawn, counted, listed and summed within one's area, and nobody's name among it. */
@ServerTest
class BuildingLayerTest {

  private static final String CITY = "740100";
  private static final String A = "740102001001";
  private static final String B = "740102001002";
  private static final TestCity PLACES = new TestCity(CITY, 116.45, 31.35);
  private static final Map<String, String> NDJSON = Map.of("Content-Type", "application/x-ndjson");

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private TestClient steward;
  private TestClient leader;

  /** In A a block of flats with an outline and a tower of offices, in B a house. */
  @BeforeEach
  void threeBuildings() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    take(block("\"ELDERLY_ALONE\", \"LOW_INCOME\"") + tower() + house());
    leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
  }

  private void take(String lines) {
    Answer taken = steward.send("POST", "/api/buildings:batch", lines, NDJSON);
    assertThat(taken.json().path("rejected").size()).as(taken.text()).isZero();
  }

  private static String block(String care) {
    return """
        {"ident": "M-0001", "name": "梧桐苑1幢", "use": "RESIDENTIAL", "floors": 6, "outline": {"type": "Polygon", "coordinates": %s}, "rooms": [{"number": "101", "households": [{"members": 1, "care": [%s], "head": "林示例"}]}, {"number": "102", "households": [{"members": 3, "head": "王示例"}]}]}
        """.formatted(PLACES.box(0.4, 0.4, 0.6, 0.6), care);
  }

  private static String tower() {
    return "{\"ident\": \"M-0002\", \"name\": \"云泽大厦\", \"use\": \"OFFICE\", \"floors\": 20, \"height\": 92.5, \"lon\": %s, \"lat\": %s}\n".formatted(PLACES.at(1.5, 1.5).toArray());
  }

  private static String house() {
    return "{\"ident\": \"M-0003\", \"name\": \"杨柳里3号\", \"use\": \"RESIDENTIAL\", \"lon\": %s, \"lat\": %s, \"rooms\": [{\"number\": \"1\", \"households\": [{\"members\": 2, \"care\": [\"ELDERLY_COUPLE\"], \"head\": \"赵示例\"}]}]}\n"
        .formatted(PLACES.at(2.5, 0.5).toArray());
  }

  private static List<Feature> tile(TestClient client, String layer, int zoom) {
    var answer = LayerTilesTest.bytes(client, "/api/map/tiles/" + layer + "/" + LayerTilesTest.tile(zoom, 116.4515, 31.351) + ".mvt");
    assertThat(answer.statusCode()).isIn(200, 204);
    return answer.statusCode() == 204 ? List.of() : DecodedTile.of(answer.body()).features(layer);
  }

  private static JsonNode inside(TestClient client, Map<String, Object> region, String layer) {
    Answer answer = client.post("/api/map/inside", Map.of("region", region));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return StreamSupport.stream(answer.json().path("layers").spliterator(), false).filter(l -> l.path("id").asString().equals(layer)).findFirst()
        .orElse(answer.json().path("nothing"));
  }

  private static String kinds(JsonNode layer) {
    return layer.path("count").asLong() + ": " + StreamSupport.stream(layer.path("kinds").spliterator(), false)
        .map(k -> k.path("kind").asString() + " " + k.path("count").asLong() + "/" + k.path("worst").asInt()).sorted().collect(Collectors.joining(" "));
  }

  private static Map<String, Object> circle(double x, double y, double radius) {
    return Map.of("circle", Map.of("lon", PLACES.at(x, y).get(0), "lat", PLACES.at(x, y).get(1), "radius", radius));
  }

  @Test
  void aNearTileHoldsOutlinesWithFloorsAndHeightAndPointsWhereNoneIsKnown() {
    List<Feature> drawn = tile(leader, "buildings", 15);
    Feature block = drawn.stream().filter(f -> f.tags().get("ident").equals("M-0001")).findFirst().orElseThrow();
    assertThat(block.geometry().getGeometryType()).isEqualTo("Polygon");
    assertThat(block.tags()).containsEntry("kind", "RESIDENTIAL").containsEntry("floors", 6L).containsEntry("height", 18L).containsEntry("grade", 3L);
    Feature tower = drawn.stream().filter(f -> f.tags().get("ident").equals("M-0002")).findFirst().orElseThrow();
    assertThat(tower.geometry().getGeometryType()).isEqualTo("Point");
    assertThat(((Number) tower.tags().get("height")).longValue()).isEqualTo(93);
    assertThat(tile(people.someone(Role.DISPATCHER, CITY, null).client(), "buildings", 15)).as("who may not read households sees no care")
        .allSatisfy(f -> assertThat(f.tags()).containsEntry("grade", 0L));
  }

  @Test
  void aWideTileHoldsCellsThatCountEachBuildingOnce() {
    for (int zoom : new int[] {6, 9, 11, 12, 13}) {
      assertThat(tile(leader, "buildings", zoom).stream().mapToLong(Feature::count).sum()).as("zoom " + zoom).isEqualTo(3);
      assertThat(tile(leader, "households", zoom).stream().mapToLong(Feature::count).sum()).as("zoom " + zoom).isEqualTo(3);
    }
    assertThat(tile(leader, "buildings", 9).getFirst().tags()).containsEntry("dominant", "RESIDENTIAL").containsEntry("worst", 3L);
    TestClient inGrid = people.someone(Role.SHIFT_LEADER, A + "001", null).client();
    assertThat(tile(inGrid, "buildings", 9).stream().mapToLong(Feature::count).sum()).as("who sees less than a community").isEqualTo(1);
  }

  @Test
  void householdsAreCountedByMarkerAndNamed() {
    assertThat(kinds(inside(leader, Map.of("area", CITY), "households"))).isEqualTo("3: ELDERLY_ALONE 1/3 ELDERLY_COUPLE 1/2 LOW_INCOME 1/1 PLAIN 1/0");
    assertThat(kinds(inside(leader, circle(0.5, 0.5, 40), "households"))).isEqualTo("2: ELDERLY_ALONE 1/3 LOW_INCOME 1/1 PLAIN 1/0");
    assertThat(kinds(inside(leader, circle(0.5, 0.5, 40), "buildings"))).isEqualTo("1: RESIDENTIAL 1/3");
    String listed = leader.post("/api/map/inside/households", Map.of("region", Map.of("area", CITY), "kinds", List.of("ELDERLY_ALONE"))).text();
    assertThat(listed).contains("M-0001", "\"care_ELDERLY_ALONE\":1", "独居老人 1").doesNotContain("M-0003", "示例");
    TestClient dispatcher = people.someone(Role.DISPATCHER, CITY, null).client();
    assertThat(inside(dispatcher, Map.of("area", CITY), "households").isMissingNode()).isTrue();
    assertThat(kinds(inside(dispatcher, Map.of("area", CITY), "buildings"))).isEqualTo("3: OFFICE 1/0 RESIDENTIAL 2/0");
    assertThat(dispatcher.post("/api/map/inside/households", Map.of("region", Map.of("area", CITY))).problem()).isEqualTo("map.unknown-layer");
  }

  @Test
  void everyoneSeesWhatLiesInTheirAreaAndInPagesEachOnce() {
    TestClient inB = people.someone(Role.SHIFT_LEADER, B, null).client();
    assertThat(kinds(inside(inB, circle(1.5, 1, 1000), "buildings"))).isEqualTo("1: RESIDENTIAL 1/2");
    assertThat(inB.post("/api/map/inside/buildings", Map.of("region", Map.of("area", CITY))).text()).contains("M-0003").doesNotContain("M-0001", "M-0002");
    for (Map<String, Object> region : List.of(Map.<String, Object>of("area", CITY), circle(1.5, 1, 1000))) {
      String found = "";
      String after = "";
      int pages = 0;
      do {
        JsonNode page = leader.post("/api/map/inside/buildings?limit=1" + after, Map.of("region", region)).json();
        found += StreamSupport.stream(page.path("items").spliterator(), false).map(f -> f.path("id").asString()).collect(Collectors.joining());
        after = page.path("next").isNull() ? null : "&after=" + page.path("next").asString();
      } while (after != null && ++pages < 10);
      assertThat(found).hasSize(18).contains("M-0001", "M-0002", "M-0003");
    }
    assertThat(leader.post("/api/map/export/buildings.csv", Map.of("region", Map.of("area", CITY))).text()).contains("云泽大厦", "杨柳里3号");
  }

  @Test
  void figuresLeadDownToTheBuildings() {
    JsonNode community = leader.get("/api/map/areas/" + A + "/figures").json();
    assertThat(community.at("/area/figures/buildings").asInt() + community.at("/area/figures/households").asInt() + community.at("/area/figures/caredFor").asInt()).isEqualTo(5);
    assertThat(StreamSupport.stream(community.path("children").spliterator(), false).map(c -> c.path("code").asString().substring(12) + "=" + c.at("/figures/buildings").asInt()))
        .containsExactly("001=1", "002=0", "003=0", "004=1");
    assertThat(StreamSupport.stream(community.path("buildings").spliterator(), false).map(b -> b.path("ident").asString())).containsExactly("M-0001", "M-0002");
    assertThat(leader.get("/api/map/areas/" + A + "004/figures").json().at("/buildings/0/use").asString()).isEqualTo("OFFICE");
    JsonNode city = leader.get("/api/map/areas/" + CITY + "/figures").json();
    assertThat(city.at("/area/figures/buildings").asInt()).isEqualTo(3);
    assertThat(city.path("buildings")).isEmpty();
  }

  @Test
  void theFileOfABuildingTellsWhatLiesInAndAtIt() {
    List<Double> hydrant = PLACES.at(0.62, 0.5);
    List<Double> lamp = PLACES.at(0.9, 0.5);
    Answer taken = steward.post("/api/components:batch", List.of(Map.of("ident", "74010201024000001", "lon", hydrant.get(0), "lat", hydrant.get(1)),
        Map.of("ident", "74010201024000002", "lon", lamp.get(0), "lat", lamp.get(1))));
    assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(2);
    List<Double> door = PLACES.at(0.5, 0.45);
    Answer opened = leader.post("/api/cases", Map.of("description", "楼道堆放杂物", "kindId", "gb47678.5-M06010", "lon", door.get(0), "lat", door.get(1)));
    assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    Answer file = await(() -> leader.get("/api/buildings/M-0001"), a -> a.json().at("/around/1/count").asInt() == 1);
    assertThat(file.json().at("/building/ident").asString()).isEqualTo("M-0001");
    assertThat(file.json().at("/around/0/id").asString() + file.json().at("/around/1/id").asString()).isEqualTo("casescomponents");
    assertThat(file.json().at("/around/1/first/0/id").asString()).as("2 m from the wall, not the one 30 m away").isEqualTo("74010201024000001");
    assertThat(file.json().at("/around/0/count").asInt()).isPositive();
    assertThat(file.json().at("/around/0/first/0/titleZh").asString()).isNotEmpty();
    assertThat(leader.get("/api/buildings/M-0002").json().at("/around/1/count").asInt()).isZero();
  }

  /** The index of components follows within two seconds. */
  private static Answer await(Supplier<Answer> ask, Predicate<Answer> enough) {
    long end = System.nanoTime() + 30_000_000_000L;
    Answer answer = ask.get();
    while (!enough.test(answer) && System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
      answer = ask.get();
    }
    return answer;
  }

  @Test
  void aBuildingTakesItsOutlineFromTheBaseMapUnlessItBroughtOne() {
    Map<String, Object> shape = Map.of("type", "Polygon", "coordinates", PLACES.box(1.4, 1.4, 1.6, 1.6));
    Map<String, Object> over = Map.of("type", "Polygon", "coordinates", PLACES.box(0.3, 0.3, 0.7, 0.7));
    Answer base = steward.put("/api/basemap/buildings?minZoom=13", Map.of("type", "FeatureCollection", "features", List.of(
        Map.of("type", "Feature", "properties", Map.of(), "geometry", shape), Map.of("type", "Feature", "properties", Map.of(), "geometry", over))));
    assertThat(base.status()).as(base.text()).isLessThan(300);
    steward.send("POST", "/api/buildings:outline", "", NDJSON);
    Map<String, String> width = tile(leader, "buildings", 15).stream().collect(Collectors.toMap(f -> (String) f.tags().get("ident"), f -> f.geometry().getGeometryType()
        + Math.round(f.geometry().getEnvelopeInternal().getWidth())));
    assertThat(width.get("M-0002")).as("a point before").startsWith("Polygon");
    assertThat(width.get("M-0002")).as("its own of 0.0002° stays").isEqualTo(width.get("M-0001"));
    assertThat(width.get("M-0003")).startsWith("Point");
  }

  @Test
  void sumsFollowABuildingThatChangesAndTheTileIsAskedForAnew() {
    String tile = "/api/map/tiles/buildings/" + LayerTilesTest.tile(15, 116.4515, 31.351) + ".mvt";
    String etag = LayerTilesTest.bytes(leader, tile).headers().firstValue("ETag").orElseThrow();
    take(block(""));
    assertThat(LayerTilesTest.bytes(leader, tile, "If-None-Match", etag).statusCode()).isEqualTo(200);
    assertThat(kinds(inside(leader, Map.of("area", CITY), "households"))).isEqualTo("3: ELDERLY_COUPLE 1/2 PLAIN 2/0");
    assertThat(kinds(inside(leader, Map.of("area", CITY), "buildings"))).isEqualTo("3: OFFICE 1/0 RESIDENTIAL 2/2");
    assertThat(tile(leader, "households", 9).stream().mapToLong(Feature::count).sum()).isEqualTo(3);
  }

  @Test
  void theQuestionForNumbersElsewhereTellsNothingElse() {
    String asked = "SELECT count(*) FROM place_buildings_elsewhere(ARRAY['M-0001', 'M-0003', 'M-9999'])";
    Viewer inB = people.someone(Role.SYSTEM_ADMIN, B, null).viewer();
    assertThat(Viewer.callAs(inB, () -> transaction.<Long>execute(s -> jdbc.sql(asked).query(Long.class).single()))).isEqualTo(1);
    // A table of the session's own must not stand in for the register while the function runs as its owner.
    assertThat(Viewer.callAs(inB, () -> transaction.<Long>execute(s -> {
      jdbc.sql("CREATE TEMP TABLE place_building (ident text, area_code text) ON COMMIT DROP").update();
      jdbc.sql("INSERT INTO place_building VALUES ('M-9999', '000000')").update();
      return jdbc.sql(asked).query(Long.class).single();
    }))).isEqualTo(1);
    assertThat(Viewer.callAs(inB, () -> transaction.<List<String>>execute(s -> jdbc.sql("""
        SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
          AND (NOT array_to_string(p.proconfig, ' ') LIKE '%pg_temp' OR EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0))""")
        .query(String.class).list()))).as("functions that run as the owner, without a safe path or for everybody").isEmpty();
  }
}
