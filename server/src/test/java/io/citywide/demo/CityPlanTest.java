package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.demo.CityPlan.PlannedArea;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.Places;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.locationtech.jts.geom.Point;
import tools.jackson.databind.JsonNode;

/** The generated city is sound by the same rules as a real one, because it enters through the same door. */
@ServerTest
class CityPlanTest {

  private static final CityPlan PLAN = CityPlan.generate(1);

  @Autowired TestPeople people;
  @Autowired Places places;
  @Autowired JdbcClient jdbc;

  @Test
  void isTheSameForTheSameSeedAndAnotherForAnother() {
    CityPlan again = CityPlan.generate(1);
    assertThat(again.areasGeoJson()).isEqualTo(PLAN.areasGeoJson());
    assertThat(again.components()).isEqualTo(PLAN.components());
    assertThat(again.layers()).isEqualTo(PLAN.layers());
    assertThat(CityPlan.generate(2).areasGeoJson()).isNotEqualTo(PLAN.areasGeoJson());
  }

  @Test
  void registersEachBuildingOnceAndNobodyWhoCouldBeCalled() {
    List<JsonNode> buildings = String.join("\n", PLAN.buildingBatches(500)).lines().map(ApiClient.JSON::readTree).toList();
    assertThat(buildings.stream().map(b -> b.path("ident").asString()).distinct().count()).isEqualTo(buildings.size()).isBetween(5_000L, 20_000L);
    List<JsonNode> rooms = buildings.stream().flatMap(b -> b.path("rooms").valueStream()).toList();
    assertThat(rooms).hasSizeBetween(5_000, 40_000);
    assertThat(rooms.stream().flatMap(r -> r.path("households").valueStream()).filter(h -> !h.path("care").isEmpty()).count()).isGreaterThan(100);
    assertThat(buildings.stream().flatMap(b -> b.findValuesAsString("phone").stream())).allMatch(phone -> phone.matches("1000[0-9]{7}"));
    assertThat(CityPlan.generate(1).buildingBatches(500)).isEqualTo(PLAN.buildingBatches(500));
  }

  @Test
  void isSoundForOtherSeedsToo() {
    for (long seed = 2; seed < 12; seed++) {
      CityPlan plan = CityPlan.generate(seed);
      assertThat(plan.areas().stream().filter(a -> a.boundary().getNumGeometries() > 1 || !a.boundary().isValid()).map(PlannedArea::code))
          .as("areas in several pieces with seed %s", seed).isEmpty();
      assertThat(plan.components()).hasSize(CityPlan.COMPONENTS);
    }
  }

  @Test
  void hasThreeDistrictsTwelveStreetsSixtyCommunitiesAndAFewThousandGrids() {
    Map<String, Long> levels = PLAN.areas().stream().collect(Collectors.groupingBy(PlannedArea::level, Collectors.counting()));
    assertThat(levels).containsEntry("CITY", 1L).containsEntry("DISTRICT", 3L).containsEntry("STREET", 12L).containsEntry("COMMUNITY", 60L);
    assertThat(PLAN.unitGrids()).isBetween(2_000, 6_000);
    assertThat(PLAN.areas().stream().filter(a -> a.boundary().getNumGeometries() > 1 || !a.boundary().isValid()).map(PlannedArea::code))
        .as("areas in several pieces").isEmpty();
    Set<String> names = new HashSet<>();
    assertThat(PLAN.areas().stream().filter(a -> !a.level().equals("UNIT_GRID") && !names.add(a.name())).map(PlannedArea::name))
        .as("names borne twice").isEmpty();
  }

  @Test
  void passesTheImportWholeAndEveryComponentLiesInAUnitGrid() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CityPlan.CITY, null).client();
    Answer areas = steward.put("/api/areas", PLAN.areasGeoJson());
    assertThat(areas.status()).as(areas.text().substring(0, Math.min(2_000, areas.text().length()))).isEqualTo(200);

    for (PlannedArea area : PLAN.areas()) {
      if (area.level().equals("UNIT_GRID")) {
        Point inside = area.boundary().getInteriorPoint();
        assertThat(places.locate(inside.getX(), inside.getY()).orElseThrow().areaCode()).isEqualTo(area.code());
      }
    }
    for (CityPlan.MapLayer layer : PLAN.layers()) {
      Answer put = steward.put("/api/basemap/" + layer.layer() + "?minZoom=" + layer.minZoom(), layer.geoJson());
      assertThat(put.status()).as(put.text()).isEqualTo(200);
    }
    assertThat(steward.get("/api/places/search?q=云泽环路").json().at("/0/kind").asString()).isEqualTo("road");

    int accepted = 0;
    for (String batch : PLAN.componentBatches(5_000)) {
      Answer answer = steward.send("POST", "/api/components:batch", batch, Map.of("Content-Type", "application/x-ndjson"));
      assertThat(answer.json().path("rejected").size()).as(answer.text()).isZero();
      accepted += answer.json().path("accepted").asInt();
    }
    assertThat(accepted).isEqualTo(CityPlan.COMPONENTS);
    assertThat(jdbc.sql("SELECT count(*) FROM place_component WHERE ident LIKE '9901%' AND (area_code IS NULL OR length(area_code) < 15)").query(Long.class).single())
        .as("components outside every unit grid").isZero();
    assertThat(jdbc.sql("SELECT count(*) FROM place_component WHERE ident LIKE '9901%' AND left(ident, 6) <> left(area_code, 6)").query(Long.class).single())
        .as("components whose code names another district than they stand in").isLessThan(100);
    assertThat(PLAN.components().stream().filter(line -> CityPlan.owners().stream().noneMatch(o -> line.contains("\"" + o.code() + "\""))))
        .as("components without an owner").isEmpty();
  }
}
