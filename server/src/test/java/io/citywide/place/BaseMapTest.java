package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The base map is ours: layers replaced as a whole, served compressed, public, asked for again only when they changed. */
@ServerTest
class BaseMapTest {

  @Autowired TestPeople people;

  private static Map<String, Object> roads(String name) {
    return roads(name, 1);
  }

  private static Map<String, Object> roads(String name, int count) {
    return Map.of("type", "FeatureCollection", "features", Collections.nCopies(count, Map.of("type", "Feature",
        "properties", Map.of("name", name, "kind", "arterial", "bridge", 1),
        "geometry", Map.of("type", "LineString", "coordinates", List.of(List.of(111.0, 31.0), List.of(111.01, 31.0), List.of(111.02, 31.0))))));
  }

  @Test
  void servesALayerToEverybodyAndOnlyWhenItChanged() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "320100", null).client();
    Answer put = steward.put("/api/basemap/roads?minZoom=9", roads("听雨路"));
    assertThat(put.status()).as(put.text()).isEqualTo(200);

    TestClient nobody = people.nobody();
    Answer plain = nobody.get("/api/basemap/roads.geojson");
    assertThat(plain.json().at("/features/0/properties/name").asString()).isEqualTo("听雨路");
    assertThat(plain.json().at("/features/0/properties/bridge").asInt()).as("own properties are served too").isEqualTo(1);
    String etag = plain.response().headers().firstValue("ETag").orElseThrow();
    assertThat(plain.response().headers().firstValue("Cache-Control").orElseThrow()).contains("max-age=60").contains("public");
    assertThat(nobody.send("GET", "/api/basemap/roads.geojson", null, Map.of("If-None-Match", etag)).status()).isEqualTo(304);
    steward.put("/api/basemap/roads?minZoom=9", roads("一条名字长到值得压缩的路".repeat(12), 20));
    Answer gzip = nobody.send("GET", "/api/basemap/roads.geojson", null, Map.of("Accept-Encoding", "gzip"));
    assertThat(gzip.response().headers().firstValue("Content-Encoding")).contains("gzip");

    steward.put("/api/basemap/roads?minZoom=9", roads("观澜路"));
    Answer changed = nobody.send("GET", "/api/basemap/roads.geojson", null, Map.of("If-None-Match", etag));
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text()).contains("观澜路").doesNotContain("听雨路");
    assertThat(nobody.get("/api/basemap").text()).contains("\"minZoom\":9.0");
    assertThat(nobody.get("/api/public/map").json().path("layers").size()).isPositive();
    assertThat(nobody.get("/api/public/areas.geojson").status()).isEqualTo(200);
  }

  @Test
  void findsARoadByItsName() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "320100", null).client();
    steward.put("/api/basemap/lanes", roads("百分%之路_"));
    Answer found = steward.get("/api/places/search?q=%25%E4%B9%8B");
    assertThat(found.json().at("/0/kind").asString()).as(found.text()).isEqualTo("lane");
    assertThat(found.json().at("/0/lon").asDouble()).isEqualTo(111.01);
    assertThat(steward.get("/api/places/search?q=%25%25").json().size()).isZero();
    assertThat(steward.get("/api/places/search?q=").status()).isEqualTo(400);
  }

  @Test
  void refusesALayerWithFaultsAndKeepsTheOldOne() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "320100", null).client();
    steward.put("/api/basemap/water", roads("云江"));
    Map<String, Object> bad = Map.of("type", "FeatureCollection", "features", List.of(
        Map.of("type", "Feature", "properties", Map.of(), "geometry", Map.of("type", "Circle", "coordinates", List.of())),
        Map.of("type", "Feature", "properties", Map.of(), "geometry", Map.of("type", "Point", "coordinates", List.of(31, 111)))));
    Answer answer = steward.put("/api/basemap/water", bad);
    assertThat(answer.problem()).isEqualTo("place.invalid-layer");
    assertThat(answer.json().path("faults").size()).isEqualTo(2);
    assertThat(answer.text()).contains("'Circle'").contains("swapped");
    assertThat(steward.get("/api/basemap/water.geojson").text()).contains("云江");
    assertThat(steward.put("/api/basemap/Water1", roads("x")).problem()).isEqualTo("place.invalid-layer");
    assertThat(people.nobody().get("/api/basemap/none.geojson").problem()).isEqualTo("place.unknown-layer");
    assertThat(people.nobody().put("/api/basemap/water", roads("x")).status()).isEqualTo(401);
  }
}
