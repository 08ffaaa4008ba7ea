package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.grid.GridBox;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.map.spi.Selection;
import io.citywide.place.TestCity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Buildings are found where their outline lies, however far it reaches from their point, and nowhere else. */
@ServerTest
class BuildingOutlineTest {

  private static final String CITY = "740300";
  private static final TestCity PLACES = new TestCity(CITY, 117.45, 33.35);
  private static final GeometryFactory FACTORY = new GeometryFactory();
  private static final int MANY = 150;
  private static boolean built;

  /** Triangles around a point from 10 m to 10 km, a third of the buildings without an outline; the same each time. */
  private static final Map<String, Made> BUILDINGS = made();

  private record Made(double lon, double lat, List<List<Double>> ring) {
    boolean lies(Geometry shape) {
      return shape.intersects(FACTORY.createPoint(new Coordinate(lon, lat))) || ring != null && shape.intersects(polygon(ring));
    }

    String line(String ident) {
      return "{\"ident\": \"%s\", \"name\": \"试验楼\", \"use\": \"OFFICE\", \"lon\": %s, \"lat\": %s%s, \"rooms\": [{\"number\": \"1\", \"households\": [{\"members\": 2}]}]}\n"
          .formatted(ident, lon, lat, ring == null ? "" : ", \"outline\": {\"type\": \"Polygon\", \"coordinates\": [" + ring + "]}");
    }
  }

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired LayerBook layers;
  private TestClient leader;

  private static Map<String, Made> made() {
    Map<String, Made> made = new TreeMap<>();
    Random random = new Random(15);
    for (int n = 0; n < MANY; n++) {
      double lon = PLACES.at(random.nextDouble() * 4, 0).get(0);
      double lat = PLACES.at(0, random.nextDouble() * 2).get(1);
      double reach = 0.0001 * Math.pow(10, 3 * random.nextDouble());
      made.put("L-%04d".formatted(n), new Made(lon, lat, n % 3 == 0 ? null : List.of(List.of(lon - reach, lat - reach * random.nextDouble()),
          List.of(lon + reach * random.nextDouble(), lat - 0.3 * reach), List.of(lon, lat + reach * random.nextDouble())).stream()
              .collect(Collectors.collectingAndThen(Collectors.toList(), ring -> {
                ring.add(ring.getFirst());
                return ring;
              }))));
    }
    // The letter L, 40 m on a side: its notch is to the north-east of its point.
    made.put("L-9999", new Made(PLACES.at(3.05, 1.05).get(0), PLACES.at(3.05, 1.05).get(1),
        List.of(PLACES.at(3, 1), PLACES.at(3.4, 1), PLACES.at(3.4, 1.1), PLACES.at(3.1, 1.1), PLACES.at(3.1, 1.4), PLACES.at(3, 1.4), PLACES.at(3, 1))));
    return made;
  }

  @BeforeEach
  void manyBuildings() {
    if (!built) {
      TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
      assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
      Answer taken = steward.send("POST", "/api/buildings:batch", BUILDINGS.entrySet().stream().map(e -> e.getValue().line(e.getKey())).collect(Collectors.joining()),
          Map.of("Content-Type", "application/x-ndjson"));
      assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(BUILDINGS.size());
      built = true;
    }
    leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
  }

  private static Geometry polygon(List<List<Double>> ring) {
    return FACTORY.createPolygon(ring.stream().map(p -> new Coordinate(p.get(0), p.get(1))).toArray(Coordinate[]::new));
  }

  private static Map<String, Object> circle(double lon, double lat, double radius) {
    return Map.of("circle", Map.of("lon", lon, "lat", lat, "radius", radius));
  }

  private static Map<String, Object> circleAt(double x, double y, double radius) {
    return circle(PLACES.at(x, y).get(0), PLACES.at(x, y).get(1), radius);
  }

  private List<String> listed(String layer, Map<String, Object> region, int limit) {
    List<String> found = new ArrayList<>();
    String after = "";
    do {
      Answer page = leader.post("/api/map/inside/" + layer + "?limit=" + limit + after, Map.of("region", region));
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      page.json().path("items").forEach(i -> found.add(i.path("id").asString()));
      after = page.json().path("next").isNull() ? null : "&after=" + page.json().path("next").asString();
    } while (after != null);
    return found;
  }

  private long counted(String layer, Map<String, Object> region) {
    JsonNode answer = leader.post("/api/map/inside", Map.of("region", region, "layers", List.of(layer))).json();
    return StreamSupport.stream(answer.path("layers").spliterator(), false).mapToLong(l -> l.path("count").asLong()).sum();
  }

  @Test
  void aClickOnAWallFindsTheBuildingAndOneInTheNotchDoesNot() {
    // A tenth is 9 m from west to east and 11 m from south to north here.
    for (String layer : List.of("buildings", "households")) {
      assertThat(listed(layer, circleAt(3.35, 1.05, 1), 50)).as("in the far end of an arm").contains("L-9999");
      assertThat(listed(layer, circleAt(3.05, 1.42, 3), 50)).as("2 m beyond the end of the other").contains("L-9999");
      assertThat(listed(layer, circleAt(3.05, 1.42, 1), 50)).doesNotContain("L-9999");
      assertThat(listed(layer, circleAt(3.25, 1.25, 5), 50)).as("between the arms").doesNotContain("L-9999");
      assertThat(listed(layer, Map.of("polygon", Map.of("type", "Polygon", "coordinates", PLACES.box(3.39, 1.09, 3.5, 1.5))), 50)).as("a corner").contains("L-9999");
    }
  }

  @Test
  void countsAndListsOfEveryRegionAreThoseOfTheOutlinesThemselves() {
    assertThat(Viewer.callAs(Viewer.system("test"), () -> transaction.<Set<Integer>>execute(s -> new HashSet<>(
        jdbc.sql("SELECT DISTINCT reach FROM place_building WHERE ident LIKE 'L-%'").query(Integer.class).list())))).as("every class of reach is tried").hasSize(6);
    Random random = new Random(4);
    for (int i = 0; i < 14; i++) {
      double lon = PLACES.at(-2 + random.nextDouble() * 8, 0).get(0);
      double lat = PLACES.at(0, -2 + random.nextDouble() * 6).get(1);
      double size = 0.00003 * Math.pow(10, 3 * random.nextDouble());
      List<List<Double>> ring = List.of(List.of(lon, lat), List.of(lon + size, lat), List.of(lon + size / 3, lat + size / 4), List.of(lon, lat + size), List.of(lon, lat));
      Map<String, Object> asked = i % 2 == 0 ? circle(lon, lat, size * 50_000) : Map.of("polygon", Map.of("type", "Polygon", "coordinates", List.of(ring)));
      Geometry shape = i % 2 == 0 ? RegionCover.shape(new Region.Circle(lon, lat, size * 50_000)) : polygon(ring);
      Set<String> expected = BUILDINGS.entrySet().stream().filter(e -> e.getValue().lies(shape)).map(Map.Entry::getKey).collect(Collectors.toSet());
      assertThat(listed("buildings", asked, i < 2 ? 7 : 500)).as("list %d", i).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
      assertThat(counted("buildings", asked)).as("count %d", i).isEqualTo(expected.size());
      assertThat(counted("households", asked)).as("households %d", i).isEqualTo(expected.size());
    }
    Region.Box box = new Region.Box(new GridBox(PLACES.at(1, 0).get(0), PLACES.at(0, 1).get(1), PLACES.at(1.3, 0).get(0), PLACES.at(0, 1.2).get(1)));
    Set<String> expected = BUILDINGS.entrySet().stream().filter(e -> e.getValue().lies(RegionCover.shape(box))).map(Map.Entry::getKey).collect(Collectors.toSet());
    Viewer viewer = people.someone(Role.SHIFT_LEADER, CITY, null).viewer();
    assertThat(Viewer.callAs(viewer, () -> layers.get("buildings").count(new Selection(box, Set.of(), null))).getFirst().count()).as("a box").isEqualTo(expected.size());
  }

  @Test
  void aLookGoesByTheIndexOfTheGridHoweverManyBuildingsThereAre() {
    Viewer viewer = people.someone(Role.SHIFT_LEADER, CITY, null).viewer();
    long read = Viewer.callAs(viewer, () -> transaction.<Long>execute(status -> {
      status.setRollbackOnly();
      jdbc.sql("""
          INSERT INTO place_building (ident, name, use, area_code, lon, lat, grid_key, changed_at)
          SELECT 'LL-' || i, '楼', 'OTHER', '740302001001001', lon, lat, grid_key + i * 4096, changed_at
          FROM place_building, generate_series(100, 30000) i WHERE ident = 'L-9999'""").update();
      long before = fetched();
      Region click = new Region.Circle(PLACES.at(3.35, 1.05).get(0), PLACES.at(3.35, 1.05).get(1), 5);
      assertThat(layers.get("buildings").count(new Selection(click, Set.of(), null)).getFirst().count()).isPositive();
      assertThat(layers.get("buildings").list(new Selection(click, Set.of(), null), null, 50).items()).isNotEmpty();
      return fetched() - before;
    }));
    assertThat(read).as("rows of 30,000 that were looked at").isLessThan(1_000);
  }

  /** Rows of the register that this transaction has read so far, by a scan or by an index. */
  private long fetched() {
    return jdbc.sql("SELECT pg_stat_get_xact_tuples_returned('place_building'::regclass) + pg_stat_get_xact_tuples_fetched('place_building'::regclass)").query(Long.class).single();
  }
}
