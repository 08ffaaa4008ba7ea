package io.citywide.map.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Lines and areas of the base map in the penetrating query. */
@ServerTest
class FeatureLayerTest {

  private static final String CITY = "720200";
  private static final TestCity PLACES = new TestCity(CITY, 102.2, 26.2);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired FeatureLayer layer;
  private TestClient leader;

  /** Three pipes across the city, a thousand sites of all sizes in its east, made up but the same each time. */
  @BeforeEach
  void aCityWithPipesAndSites() {
    leader = people.someone(Role.LEADER, CITY, null).client();
    if (!built) {
      TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
      assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
      put(steward, "test-pipes", List.of(line("一号管", 0.2, 0.5, 3.8, 0.5), line("二号管", 0.2, 1.5, 1.8, 1.5), line("斜管", 0.1, 0.1, 3.9, 1.9)));
      List<Map<String, Object>> sites = new ArrayList<>();
      SITES.forEach((n, ring) -> sites.add(feature("工地" + n, "Polygon", List.of(ring))));
      put(steward, "test-sites", sites);
    }
    layer.renew();
    built = true;
  }

  private static final Map<Integer, List<List<Double>>> SITES = sites();

  private static Map<Integer, List<List<Double>>> sites() {
    Map<Integer, List<List<Double>>> sites = new java.util.TreeMap<>();
    Random random = new Random(4);
    for (int n = 0; n < 1_000; n++) {
      double x = 2 + random.nextDouble() * 1.8;
      double y = 0.1 + random.nextDouble() * 1.6;
      double w = 0.002 + random.nextDouble() * random.nextDouble() * 0.2;
      sites.put(n, List.of(PLACES.at(x, y), PLACES.at(x + w, y), PLACES.at(x + w, y + w), PLACES.at(x, y + w), PLACES.at(x, y)));
    }
    return sites;
  }

  private static void put(TestClient steward, String name, List<Map<String, Object>> features) {
    Answer answer = steward.put("/api/basemap/" + name + "?minZoom=12", Map.of("type", "FeatureCollection", "features", features));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static Map<String, Object> line(String name, double x1, double y1, double x2, double y2) {
    return feature(name, "LineString", List.of(PLACES.at(x1, y1), PLACES.at(x2, y2)));
  }

  private static Map<String, Object> feature(String name, String type, Object coordinates) {
    return Map.of("type", "Feature", "properties", Map.of("name", name, "kind", "某类", "depth", 3), "geometry", Map.of("type", type, "coordinates", coordinates));
  }

  private static Map<String, Object> circle(double x, double y, double radius) {
    return Map.of("circle", Map.of("lon", PLACES.at(x, y).get(0), "lat", PLACES.at(x, y).get(1), "radius", radius));
  }

  private long count(String kind, Map<String, Object> region) {
    Answer answer = leader.post("/api/map/inside", Map.of("region", region, "layers", List.of("features")));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return StreamSupport.stream(answer.json().path("layers").path(0).path("kinds").spliterator(), false).filter(k -> k.path("kind").asString().equals(kind))
        .mapToLong(k -> k.path("count").asLong()).sum();
  }

  private List<String> names(Map<String, Object> region, String kind, int limit) {
    List<String> names = new ArrayList<>();
    String after = "";
    while (after != null) {
      Answer page = leader.post("/api/map/inside/features?limit=" + limit + after, Map.of("region", region, "kinds", List.of(kind)));
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      for (JsonNode item : page.json().path("items")) {
        assertThat(item.path("properties").path("kind").asString()).isEqualTo(kind);
        names.add(item.path("properties").path("name").asString());
      }
      assertThat(page.json().path("items").size()).isLessThanOrEqualTo(limit);
      after = page.json().path("next").isNull() ? null : "&after=" + page.json().path("next").asString();
    }
    return names;
  }

  @Test
  void aPipeIsInsideWhereItCrossesAndNotBesideIt() {
    // A tenth is 10 m from west to east and 11 m from south to north here.
    assertThat(names(circle(1.0, 1.5, 5), "test-pipes", 50)).containsExactly("二号管");
    assertThat(names(circle(1.0, 1.45, 4), "test-pipes", 50)).isEmpty();
    assertThat(names(circle(1.0, 1.45, 7), "test-pipes", 50)).containsExactly("二号管");
    assertThat(names(circle(1.0, 1.0, 100), "test-pipes", 50)).containsExactly("一号管", "二号管", "斜管");
    assertThat(count("test-pipes", Map.of("area", CITY))).isEqualTo(3);
  }

  /** The index against every shape itself. */
  @Test
  void countsAndListsAreThoseOfTheShapesThemselves() {
    Random random = new Random(9);
    for (int i = 0; i < 25; i++) {
      double x = 1.9 + random.nextDouble() * 2;
      double y = random.nextDouble() * 2;
      double side = 0.01 + random.nextDouble();
      List<List<Double>> ring = List.of(PLACES.at(x, y), PLACES.at(x + side, y), PLACES.at(x + side / 2, y + side), PLACES.at(x, y));
      Geometry region = polygon(ring);
      Set<String> expected = new HashSet<>();
      SITES.forEach((n, site) -> {
        if (polygon(site).intersects(region)) expected.add("工地" + n);
      });
      Map<String, Object> asked = Map.of("polygon", Map.of("type", "Polygon", "coordinates", List.of(ring)));
      assertThat(count("test-sites", asked)).as("count %d", i).isEqualTo(expected.size());
      if (i < 5) {
        assertThat(names(asked, "test-sites", 70)).as("list %d", i).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  private static Geometry polygon(List<List<Double>> ring) {
    return Shapes.FACTORY.createPolygon(ring.stream().map(p -> new Coordinate(p.get(0), p.get(1))).toArray(Coordinate[]::new));
  }

  @Test
  void aLayerThatIsReplacedIsAnsweredAnew() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    put(steward, "test-quarters", List.of(feature("一区", "Polygon", List.of(PLACES.box(0.5, 0.5, 1, 1).getFirst()))));
    layer.renew();
    String revision = layer.revision();
    assertThat(count("test-quarters", circle(0.7, 0.7, 1))).as("within it, far from its edge").isEqualTo(1);
    put(steward, "test-quarters", List.of(feature("一区", "Polygon", List.of(PLACES.box(1.5, 0.5, 2, 1).getFirst()))));
    layer.renew();
    assertThat(layer.revision()).isNotEqualTo(revision);
    assertThat(count("test-quarters", circle(0.7, 0.7, 1))).isZero();
    assertThat(leader.post("/api/map/inside/features?after=x", Map.of("region", circle(0.7, 0.7, 1))).problem()).isEqualTo("map.invalid-query");
  }
}
