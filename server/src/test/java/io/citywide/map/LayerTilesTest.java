package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile.Feature;
import io.citywide.place.TestCity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Layers and their tiles over HTTP. */
@ServerTest
public class LayerTilesTest {

  private static final String CITY = "760100";
  private static final String GRID = "760102001001001";
  private static final TestCity PLACES = new TestCity(CITY, 76.05, 36.05);

  @Autowired TestPeople people;

  private TestClient steward;

  @BeforeEach
  void city() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
  }

  /** Number of the tile of a zoom around a point. */
  public static String tile(int zoom, double lon, double lat) {
    int n = 1 << zoom;
    double sine = Math.sin(Math.toRadians(lat));
    return zoom + "/" + (int) ((lon + 180) / 360 * n) + "/" + (int) ((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * n);
  }

  private static String areas(int zoom) {
    return "/api/map/tiles/areas/" + tile(zoom, 76.0505, 36.0505) + ".mvt";
  }

  public static HttpResponse<byte[]> bytes(TestClient client, String path, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(client.base() + path));
    client.headers().forEach(request::header);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode layer(Answer layers, String id) {
    for (JsonNode layer : layers.json().path("layers")) {
      if (layer.path("id").asString().equals(id)) {
        return layer;
      }
    }
    return layers.json().path("nothing");
  }

  @Test
  void theListNamesWhereTheTilesAreAndTheirRevision() {
    Answer layers = steward.get("/api/map/layers");
    assertThat(layers.status()).as(layers.text()).isEqualTo(200);
    JsonNode areas = layer(layers, "areas");
    assertThat(areas.path("tiles").asString()).isEqualTo("/api/map/tiles/areas/{z}/{x}/{y}.mvt");
    assertThat(areas.path("titleZh").asString()).isEqualTo("区域");
    assertThat(areas.path("revision").asString()).isNotEmpty();
    assertThat(layers.json().path("overlays").isArray()).isTrue();
  }

  @Test
  void aTileHoldsTheBoundariesThatSuitItsZoom() {
    List<Feature> wide = DecodedTile.of(bytes(steward, areas(8)).body()).features("areas");
    assertThat(wide).extracting(f -> f.tags().get("kind")).contains("CITY", "DISTRICT").doesNotContain("UNIT_GRID", "STREET");
    List<Feature> near = DecodedTile.of(bytes(steward, areas(16)).body()).features("areas");
    Feature grid = near.stream().filter(f -> f.tags().get("code").equals(GRID)).findFirst().orElseThrow();
    assertThat(grid.tags()).containsEntry("kind", "UNIT_GRID").containsEntry("name", "001网格");
    assertThat(grid.id()).isEqualTo(Long.parseLong(GRID));
    // 0.001° of longitude at zoom 16.
    assertThat(grid.geometry().getEnvelopeInternal().getWidth()).isBetween(744.0, 748.0);
  }

  @Test
  void onlyTheKindsThatAreAskedForAreDrawn() {
    List<Feature> some = DecodedTile.of(bytes(steward, areas(16) + "?kinds=STREET,CITY&kinds=DISTRICT").body()).features("areas");
    assertThat(some).extracting(f -> (String) f.tags().get("kind")).containsOnly("STREET", "CITY", "DISTRICT");
  }

  @Test
  void whoHasTheTileIsToldSoAndWhoHasAnOlderOneGetsTheNew() {
    HttpResponse<byte[]> first = bytes(steward, areas(16));
    String etag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Content-Type")).contains("application/vnd.mapbox-vector-tile");
    HttpResponse<byte[]> again = bytes(steward, areas(16), "If-None-Match", "\"other\", " + etag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    PLACES.properties(GRID).put("name", "改名" + System.nanoTime());
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    assertThat(bytes(steward, areas(16), "If-None-Match", etag).statusCode()).isEqualTo(200);
  }

  @Test
  void aTileIsKeptOnlyUnderTheRevisionItWasDrawnFromAndByNobodyButItsReader() {
    String revision = layer(steward.get("/api/map/layers"), "areas").path("revision").asString();
    assertThat(bytes(steward, areas(16) + "?v=" + revision).headers().firstValue("Cache-Control").orElseThrow()).contains("private").contains("max-age=600");
    assertThat(bytes(steward, areas(16) + "?v=old").headers().firstValue("Cache-Control").orElseThrow()).contains("no-cache").contains("private");
    assertThat(bytes(steward, areas(16)).headers().allValues("Vary").toString()).contains("Cookie", "Authorization", "Accept-Encoding");
  }

  @Test
  void theETagOfAnotherScopeIsAnother() {
    TestClient elsewhere = people.someone(Role.LEADER, "760102", null).client();
    TestClient here = people.someone(Role.LEADER, CITY, null).client();
    assertThat(bytes(elsewhere, areas(16)).headers().firstValue("ETag")).isNotEqualTo(bytes(here, areas(16)).headers().firstValue("ETag"));
  }

  @Test
  void aTileIsCompressedForWhoeverTakesThat() throws IOException {
    byte[] plain = bytes(steward, areas(16)).body();
    HttpResponse<byte[]> packed = bytes(steward, areas(16), "Accept-Encoding", "br;q=1.0, gzip;q=0.8");
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes()).isEqualTo(plain);
    assertThat(bytes(steward, areas(16), "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void nothingThereIsNoContent() {
    assertThat(bytes(steward, "/api/map/tiles/areas/14/0/0.mvt").statusCode()).isEqualTo(204);
  }

  @Test
  void theCityIsNotPublicHereAndALayerOutOfSightIsAsUnknownAsNone() {
    assertThat(people.nobody().get(areas(16)).status()).isEqualTo(401);
    assertThat(people.nobody().get("/api/map/layers").status()).isEqualTo(401);
    TestClient machine = people.machine(CITY, Permission.PLACE_READ);
    assertThat(machine.get(areas(16)).status()).isEqualTo(200);
    Answer none = machine.get("/api/map/tiles/nothing/1/0/0.mvt");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.problem()).isEqualTo("map.unknown-layer");
  }

  @Test
  void numbersThatAreNoTileAreRefusedInWords() {
    for (String path : List.of("23/0/0", "-1/0/0", "1/2/0", "1/0/2", "1/0/x", "1.5/0/0", "1/0/99999999999999", "0/0/-0", "١/0/0")) {
      Answer answer = steward.get("/api/map/tiles/areas/" + path.replace("١", "%D9%A1") + ".mvt");
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.problem()).as(path).isEqualTo("map.invalid-query");
      assertThat(answer.json().path("field").asString()).as(path).isIn("z", "x", "y");
    }
    assertThat(steward.get(areas(16) + "?at=yesterday").problem()).isEqualTo("map.invalid-query");
    assertThat(steward.get(areas(16) + "?at=2026-01-01T00:00:00Z").problem()).isEqualTo("map.no-past");
  }

  @Test
  void whateverIsAskedTheServerNeverFails() {
    Random random = new Random(76);
    List<String> parts = List.of("0", "5", "16", "-3", "a", "%00", "%2e%2e", "1e9", "", "areas", "%E6%B9%96", "4294967296", "{z}", "'--", ";", "%25");
    for (int i = 0; i < 300; i++) {
      StringBuilder path = new StringBuilder("/api/map/tiles/areas");
      for (int k = 0; k < 3; k++) {
        path.append('/').append(parts.get(random.nextInt(parts.size())));
      }
      path.append(".mvt?").append(List.of("kinds", "at", "v", "other").get(random.nextInt(4))).append('=').append(parts.get(random.nextInt(parts.size())).replace("{z}", "z").replace("'--", "%27"));
      Answer answer = steward.send("GET", path.toString().replace("{z}", "%7Bz%7D"), null, Map.of());
      assertThat(answer.status()).as(path.toString()).isLessThan(500);
    }
  }
}
