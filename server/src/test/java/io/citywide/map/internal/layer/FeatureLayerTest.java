package io.citywide.map.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile;
import io.citywide.map.LayerTilesTest;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TilePen;
import io.citywide.place.TestCity;
import io.citywide.platform.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Lines and areas of the base map, in tiles and in the penetrating query. */
@ServerTest
class FeatureLayerTest {

  private static final String CITY = "720200";
  private static final TestCity PLACES = new TestCity(CITY, 102.2, 26.2);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired FeatureLayer layer;
  @Autowired FeatureIndex index;
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
    index.renew();
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
    index.renew();
    String revision = layer.revision();
    assertThat(count("test-quarters", circle(0.7, 0.7, 1))).as("within it, far from its edge").isEqualTo(1);
    put(steward, "test-quarters", List.of(feature("一区", "Polygon", List.of(PLACES.box(1.5, 0.5, 2, 1).getFirst()))));
    index.renew();
    assertThat(layer.revision()).isNotEqualTo(revision);
    assertThat(count("test-quarters", circle(0.7, 0.7, 1))).isZero();
    assertThat(leader.post("/api/map/inside/features?after=x", Map.of("region", circle(0.7, 0.7, 1))).problem()).isEqualTo("map.invalid-query");
  }

  private List<DecodedTile.Feature> tile(int zoom, String kinds) {
    var answer = LayerTilesTest.bytes(leader, "/api/map/tiles/features/" + LayerTilesTest.tile(zoom, 102.202, 26.201) + ".mvt?kinds=" + kinds);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().length).isLessThanOrEqualTo(TilePen.MOST_BYTES);
    return DecodedTile.of(answer.body()).features("features");
  }

  @Test
  void aWideTileHoldsCellsOfTheGridThatCountEachFeatureOnce() {
    for (int zoom = 4; zoom < 14; zoom++) {
      List<DecodedTile.Feature> cells = tile(zoom, "test-sites,test-pipes");
      assertThat(cells.stream().mapToLong(DecodedTile.Feature::count).sum()).as("zoom %d", zoom).isEqualTo(1_003);
      assertThat(cells.stream().filter(c -> c.count() > 3)).allSatisfy(c -> assertThat(c.tags()).containsEntry("dominant", "test-sites").containsEntry("worst", 0L));
    }
    List<Long> expected = SITES.values().stream().map(site -> polygon(site).getInteriorPoint().getCoordinate())
        .collect(Collectors.groupingBy(at -> List.of(Math.floor(at.x * 900), Math.floor(at.y * 900)), Collectors.counting())).values().stream().sorted().toList();
    assertThat(tile(13, "test-sites").stream().map(DecodedTile.Feature::count).sorted().toList()).as("cells of 4 seconds").isEqualTo(expected);
  }

  @Test
  void aNearTileThatIsFullHoldsCellsInsteadOfNothing() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    List<Map<String, Object>> many = new ArrayList<>();
    SITES.forEach((n, ring) -> many.add(feature("长".repeat(180) + n, "Polygon", List.of(ring))));
    put(steward, "test-full", many);
    index.renew();
    assertThat(tile(14, "test-sites")).as("fits, but for the smallest, of less than half a metre").hasSizeGreaterThan(600).noneSatisfy(f -> assertThat(f.tags()).containsKey("count"));
    List<DecodedTile.Feature> cells = tile(14, "test-full");
    assertThat(cells).allSatisfy(c -> assertThat(c.tags()).containsEntry("dominant", "test-full"));
    assertThat(cells.stream().mapToLong(DecodedTile.Feature::count).sum()).isEqualTo(1_000);
  }

  /** What lies within 100 m of its point is found another way than what reaches farther; the pipes and these are of both. */
  @Test
  void everythingIsFoundFromItsFarthestEnd() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    put(steward, "test-ends", List.of(line("短", 1, 1.9, 2.9, 1.9), line("长", 1, 1.8, 3.2, 1.8)));
    index.renew();
    for (double x : new double[] {1, 2.9}) {
      assertThat(names(circle(x, 1.9, 2), "test-ends", 1)).containsExactly("短");
    }
    for (double x : new double[] {1, 3.2}) {
      assertThat(names(circle(x, 1.8, 2), "test-ends", 1)).containsExactly("长");
    }
    assertThat(names(circle(2, 1.85, 200), "test-ends", 1)).containsExactly("短", "长");
    assertThat(count("test-ends", circle(3.05, 1.85, 8))).isEqualTo(1);
  }

  /** A layer that is taken over again has other ids, though its content is the same. */
  @Test
  void theSameLayerAgainIsFoundAgainAndListedEverywherePageByPage() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    List<Map<String, Object>> twice = List.of(line("甲", 1, 1.7, 1.1, 1.7), line("乙", 1, 1.71, 1.1, 1.71), line("丙", 1, 1.72, 1.1, 1.72));
    put(steward, "test-twice", twice);
    index.renew();
    put(steward, "test-twice", twice);
    index.renew();
    assertThat(names(circle(1.05, 1.71, 20), "test-twice", 2)).containsExactly("甲", "乙", "丙");

    List<String> everywhere = new ArrayList<>();
    String after = null;
    do {
      Slice<Found> page = layer.list(new Selection(new Region.Anywhere(), Set.of("test-pipes", "test-twice"), null), after, 2);
      page.items().forEach(found -> everywhere.add(found.titleZh()));
      after = page.next();
    } while (after != null);
    assertThat(everywhere).containsExactly("一号管", "二号管", "斜管", "甲", "乙", "丙");
  }
}
