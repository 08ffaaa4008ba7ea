package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The base map over HTTP: public tiles that are there as soon as a layer was replaced. */
@ServerTest
class BaseTileTest {

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final double LON = 77.01;
  private static final double LAT = 33.01;

  private static Map<String, Object> layer(Map<String, Object> properties, Map<String, Object> geometry) {
    return Map.of("type", "FeatureCollection", "features", List.of(Map.of("type", "Feature", "properties", properties, "geometry", geometry)));
  }

  private static Map<String, Object> road(String name) {
    return layer(Map.of("name", name, "kind", "avenue"), Map.of("type", "LineString", "coordinates", List.of(List.of(LON, LAT), List.of(LON + 0.003, LAT + 0.001))));
  }

  private static String tileAt(int zoom) {
    int n = 1 << zoom;
    int x = (int) ((LON + 180) / 360 * n);
    int y = (int) ((1 - Math.log(Math.tan(Math.toRadians(LAT)) + 1 / Math.cos(Math.toRadians(LAT))) / Math.PI) / 2 * n);
    return zoom + "/" + x + "/" + y;
  }

  private HttpResponse<byte[]> get(String path, String... headers) {
    try {
      var request = HttpRequest.newBuilder(URI.create(people.nobody().base() + path));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private DecodedTile tile(int zoom) {
    HttpResponse<byte[]> answer = get("/api/map/base/" + tileAt(zoom) + ".mvt");
    return answer.statusCode() == 204 ? DecodedTile.of(new byte[0]) : DecodedTile.of(answer.body());
  }

  private TestClient steward() {
    return people.someone(Role.SYSTEM_ADMIN, "770100", null).client();
  }

  @Test
  void aReplacedLayerIsInTheTilesFromTheZoomWhereItsFeaturesMatter() {
    TestClient steward = steward();
    assertThat(steward.put("/api/basemap/roads", road("听雨路")).status()).isEqualTo(200);
    steward.put("/api/basemap/buildings?minZoom=13.5", layer(Map.of("name", "望湖大厦", "floors", 12, "kind", "commercial"),
        Map.of("type", "Polygon", "coordinates", List.of(List.of(List.of(LON, LAT), List.of(LON + 0.001, LAT), List.of(LON + 0.001, LAT + 0.001), List.of(LON, LAT + 0.001), List.of(LON, LAT))))));
    DecodedTile tile = tile(14);
    assertThat(tile.features("road").getFirst().tags()).containsEntry("name", "听雨路").containsEntry("class", "primary");
    assertThat(tile.features("building").getFirst().tags()).as("twelve storeys of three metres").containsEntry("height", 36L).containsEntry("name", "望湖大厦");
    assertThat(tile.extent("road")).isEqualTo(8192);
    assertThat(tile(9).features("road").getFirst().tags()).as("no names where none is drawn").doesNotContainKey("name");
    assertThat(tile(7).features("road")).as("an avenue is not seen from so far").isEmpty();
    assertThat(tile(12).features("building")).isEmpty();

    steward.put("/api/basemap/roads", road("观澜路"));
    assertThat(tile(14).features("road").getFirst().tags()).containsEntry("name", "观澜路");
    assertThat(tile(14).features("building")).as("the other layers stay").isNotEmpty();
  }

  @Test
  void isKeptForEverUnderItsEditionAndAskedForAgainWithoutIt() throws IOException {
    TestClient steward = steward();
    steward.put("/api/basemap/roads", road("听雨路"));
    Answer described = people.nobody().get("/api/map/base.json");
    assertThat(described.json().path("tilejson").asString()).isEqualTo("3.0.0");
    assertThat(described.json().path("vector_layers").findValuesAsString("id")).contains("road");
    String address = described.json().at("/tiles/0").asString().replace("{z}/{x}/{y}", tileAt(14));
    HttpResponse<byte[]> packed = get(address, "Accept-Encoding", "gzip");
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(packed.headers().firstValue("Content-Type")).contains("application/vnd.mapbox-vector-tile");
    assertThat(packed.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable").contains("public");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes()).isEqualTo(get(address).body());

    HttpResponse<byte[]> bare = get("/api/map/base/" + tileAt(14) + ".mvt");
    assertThat(bare.headers().firstValue("Cache-Control").orElseThrow()).contains("max-age=60");
    String etag = bare.headers().firstValue("ETag").orElseThrow();
    assertThat(get("/api/map/base/" + tileAt(14) + ".mvt", "If-None-Match", etag).statusCode()).isEqualTo(304);
    steward.put("/api/basemap/roads", road("观澜路"));
    assertThat(get("/api/map/base/" + tileAt(14) + ".mvt", "If-None-Match", etag).statusCode()).isEqualTo(200);
    assertThat(people.nobody().get("/api/map/base.json").json().at("/tiles/0").asString()).isNotEqualTo(described.json().at("/tiles/0").asString());
  }

  @Test
  void anEmptyTileIsNoContentAndOneThatCannotBeIsRefused() {
    assertThat(get("/api/map/base/14/0/0.mvt").statusCode()).isEqualTo(204);
    for (String none : List.of("15/0/0", "3/8/0", "-1/0/0", "0/0/1")) {
      assertThat(people.nobody().get("/api/map/base/" + none + ".mvt").problem()).as(none).isEqualTo("request.not-found");
    }
    assertThat(people.nobody().get("/api/map/base/a/0/0.mvt").status()).isEqualTo(400);
  }

  @Test
  void twoLayersThatWouldBeDrawnAsOneAreRefused() {
    TestClient steward = steward();
    steward.put("/api/basemap/roads", road("听雨路"));
    Answer second = steward.put("/api/basemap/road", road("观澜路"));
    assertThat(second.problem()).isEqualTo("place.invalid-layer");
    assertThat(second.text()).contains("'roads'");
    assertThat(people.nobody().get("/api/basemap/road.geojson").status()).as("nothing was kept").isEqualTo(404);
  }

  @Test
  void aRefusedLayerLeavesTheTilesAsTheyWere() {
    TestClient steward = steward();
    steward.put("/api/basemap/roads", road("听雨路"));
    assertThat(steward.put("/api/basemap/roads", layer(Map.of(), Map.of("type", "Circle"))).status()).isEqualTo(422);
    assertThat(tile(14).features("road").getFirst().tags()).containsEntry("name", "听雨路");
  }
}
