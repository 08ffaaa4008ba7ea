package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** An import of areas is taken over whole or not at all, and every fault is named with its place (GB/T 30428.1 无缝拼接). */
@ServerTest
class AreaImportTest {

  private static int cities;

  @Autowired TestPeople people;
  @Autowired Places places;

  private TestCity city;
  private TestClient steward;

  @BeforeEach
  void aCityOfItsOwn() {
    int n = cities++;
    city = new TestCity("89%02d00".formatted(n), 110 + n, 30);
    steward = people.someone(Role.SYSTEM_ADMIN, city.city, null).client();
  }

  private Answer put() {
    return steward.put("/api/areas", city.geoJson());
  }

  private String code(String below) {
    return city.city.substring(0, 4) + below;
  }

  private List<String> faults(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("place.invalid-areas");
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : answer.json().path("faults")) {
      faults.add(fault.path("code").asString("") + ": " + fault.path("fault").asString(""));
    }
    assertThat(places.findArea(city.city)).as("nothing was imported").isEmpty();
    return faults;
  }

  @Test
  void takesAllLevelsAtOnceAndFindsThePointAtOnce() {
    Answer answer = put();
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("added").asInt()).isEqualTo(13);

    Answer spot = steward.get("/api/places/locate?lon=" + (city.lon + 0.0015) + "&lat=" + (city.lat + 0.0005));
    assertThat(spot.json().path("areaCode").asString()).isEqualTo(code("02001001002"));
    assertThat(spot.json().path("description").asString()).isEqualTo("云栖区 · 望江街道 · 梧桐社区 · 002网格");
    assertThat(spot.json().at("/spot/street/name").asString()).isEqualTo("望江街道");
  }

  @Test
  void importsTheSameFileTwiceWithoutChangingAnything() {
    put();
    Answer second = put();
    assertThat(second.json().path("unchanged").asInt()).isEqualTo(13);
    assertThat(second.json().path("changed").asInt()).isZero();
  }

  @Test
  void refusesUnitGridsThatLeaveAGap() {
    city.features.remove(code("02001001003"));
    assertThat(faults(put())).singleElement().asString().contains(code("02001001")).contains("leave a gap of");
  }

  @Test
  void saysWhereUnitGridsOverlap() {
    city.area(code("02001001001"), "001网格", city.box(0, 0, 1.5, 1));
    Answer answer = put();
    assertThat(faults(answer)).anyMatch(f -> f.contains("overlaps") && f.contains("m²"));
    double lon = answer.json().at("/faults/0/where/0").asDouble();
    assertThat(lon).isBetween(city.lon + 0.001, city.lon + 0.0015);
  }

  @Test
  void refusesAnAreaOutsideItsParent() {
    city.area(code("02001002"), "杨柳社区", city.box(2, 0, 5, 2));
    assertThat(faults(put())).anyMatch(f -> f.startsWith(code("02001002")) && f.contains("outside its parent"));
  }

  @Test
  void refusesARingThatCrossesItself() {
    city.area(code("02001001001"), "001网格",
        List.of(List.of(city.at(0, 0), city.at(1, 1), city.at(1, 0), city.at(0, 1), city.at(0, 0))));
    assertThat(faults(put())).singleElement().asString().contains("not valid").contains("Self-intersection");
  }

  @Test
  void listsEveryFaultOfTheFileAndNotOnlyTheFirst() {
    city.area("32010", "短码", null);
    city.area("32010200100100301", "长码", null);
    city.properties(code("02001001001")).put("name", "");
    city.properties(code("02001001002")).put("level", "STREET");
    city.area(code("02001001003"), "003网格", List.of(List.of(List.of(30.0, 118.9), List.of(30.0, 119.0), List.of(30.1, 118.9), List.of(30.0, 118.9))));
    assertThat(faults(put()))
        .hasSize(5)
        .anyMatch(f -> f.contains("'32010' has 5"))
        .anyMatch(f -> f.contains("15 characters") && f.contains("has 17") && f.contains("alias"))
        .anyMatch(f -> f.contains("name must have"))
        .anyMatch(f -> f.contains("is a UNIT_GRID"))
        .anyMatch(f -> f.contains("swapped"));
  }

  @Test
  void refusesAnAreaWithoutAParent() {
    city.features.remove(code("02001"));
    assertThat(faults(put())).anyMatch(f -> f.contains("its parent " + code("02001") + " is neither in the file nor known"));
  }

  @Test
  void refusesToChangeTheShapeOfAUnitGridUnderItsCodeAndTakesItUnderANewOne() {
    assertThat(put().status()).isEqualTo(200);
    TestCity changed = new TestCity(city.city, city.lon, city.lat);
    changed.features.clear();
    changed.area(code("02001001001"), "001网格", city.box(0, 0, 1.2, 1));
    changed.area(code("02001001002"), "002网格", city.box(1.2, 0, 2, 1));
    assertThat(steward.put("/api/areas", changed.geoJson()).text()).contains("needs a new code");

    changed.features.clear();
    for (String old : List.of("02001001001", "02001001002")) {
      changed.area(code(old), "旧网格", null);
      changed.properties(code(old)).put("validTo", "2020-12-31");
      changed.properties(code(old)).put("validFrom", "2020-01-01");
    }
    changed.area(code("02001001005"), "005网格", city.box(0, 0, 1.2, 1));
    changed.area(code("02001001006"), "006网格", city.box(1.2, 0, 2, 1));
    Answer answer = steward.put("/api/areas", changed.geoJson());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(places.locate(city.lon + 0.0011, city.lat + 0.0005).orElseThrow().areaCode()).isEqualTo(code("02001001005"));

    assertThat(put().text()).as("an ended code never comes back").contains("never used again");
  }

  @Test
  void acceptsAreasWithoutBoundaryWhichNoPointIsFoundIn() {
    city.features.keySet().removeIf(c -> c.length() == 15);
    city.area(code("02001002"), "杨柳社区", null);
    assertThat(put().status()).isEqualTo(200);
    assertThat(places.locate(city.lon + 0.0005, city.lat + 0.0005).orElseThrow().deepest().name()).isEqualTo("梧桐社区");
    Spot spot = places.locate(city.lon + 0.0035, city.lat + 0.0005).orElseThrow();
    assertThat(spot.deepest().name()).isEqualTo("望江街道");
    assertThat(spot.community()).isNull();
  }

  @Test
  void convertsGcj02OnImport() {
    for (Map<String, Object> feature : city.features.values()) {
      feature.compute("geometry", (k, g) -> shifted((Map<?, ?>) g));
    }
    Answer answer = steward.put("/api/areas?crs=GCJ02", city.geoJson());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(places.locate(city.lon + 0.0005, city.lat + 0.0005).orElseThrow().areaCode()).isEqualTo(code("02001001001"));
  }

  private static Object shifted(Map<?, ?> geometry) {
    List<?> ring = (List<?>) ((List<?>) geometry.get("coordinates")).getFirst();
    List<List<Double>> there = ring.stream().map(p -> {
      var position = CoordinateSystem.GCJ02.fromWgs84((Double) ((List<?>) p).get(0), (Double) ((List<?>) p).get(1));
      return List.of(position.lon(), position.lat());
    }).toList();
    return Map.of("type", "Polygon", "coordinates", List.of(there));
  }

  @Test
  void onlyAStewardMayImport() {
    assertThat(people.someone(Role.DISPATCHER, city.city, null).client().put("/api/areas", city.geoJson()).status()).isEqualTo(403);
    assertThat(people.nobody().put("/api/areas", city.geoJson()).status()).isEqualTo(401);
  }

  @Test
  void refusesABodyThatIsNoFeatureCollection() {
    assertThat(steward.put("/api/areas", Map.of("type", "Feature")).problem()).isEqualTo("place.unreadable-geojson");
  }

  @Test
  void givesBoundariesWithinTheScopeOfTheViewer() {
    assertThat(put().status()).isEqualTo(200);
    TestClient community = people.someone(Role.COLLECTOR, code("02001001"), null).client();
    Answer answer = community.get("/api/areas.geojson?level=UNIT_GRID");
    assertThat(answer.json().path("features").size()).isEqualTo(4);
    assertThat(community.get("/api/areas?level=COMMUNITY&parent=" + code("02001")).json().size()).isEqualTo(2);
    assertThat(community.get("/api/areas/" + code("02001001")).json().path("chain").size()).isEqualTo(4);
    assertThat(community.get("/api/areas/990000").problem()).isEqualTo("place.unknown-area");
  }

  @Test
  void tellsWhenAPositionIsOutsideOrSwapped() {
    assertThat(put().status()).isEqualTo(200);
    assertThat(steward.get("/api/places/locate?lon=10&lat=10").problem()).isEqualTo("place.outside");
    assertThat(steward.get("/api/places/locate?lon=30&lat=" + city.lon).json().path("detail").asString()).contains("swapped");
    assertThat(steward.get("/api/places/search?q=梧桐").text()).contains("梧桐社区");
  }
}
