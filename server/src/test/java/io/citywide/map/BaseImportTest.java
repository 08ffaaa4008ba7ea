package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of OpenStreetMap over HTTP: all of it becomes the base map, or nothing. */
@ServerTest
class BaseImportTest {

  private static final String ROAD = """
      <osm version="0.6"><node id="1" lat="33.1100" lon="77.1100"/><node id="2" lat="33.1110" lon="77.1150"/>
      <way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="%s"/></way></osm>
      """;

  @Autowired TestPeople people;

  private Answer send(TestClient client, byte[] file) {
    return client.send("PUT", "/api/map/base", file, Map.of("Content-Type", "application/octet-stream"));
  }

  private TestClient steward() {
    return people.someone(Role.SYSTEM_ADMIN, "770100", null).client();
  }

  private static JsonNode last(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    List<String> lines = answer.text().lines().toList();
    return JsonMapper.shared().readTree(lines.getLast());
  }

  private DecodedTile tile(int zoom, double lon, double lat) {
    int n = 1 << zoom;
    int x = (int) ((lon + 180) / 360 * n);
    int y = (int) ((1 - Math.log(Math.tan(Math.toRadians(lat)) + 1 / Math.cos(Math.toRadians(lat))) / Math.PI) / 2 * n);
    try {
      HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(people.nobody().base() + "/api/map/base/" + zoom + "/" + x + "/" + y + ".mvt")).build(),
          BodyHandlers.ofByteArray());
      assertThat(answer.body().length).as("bytes of a tile").isLessThanOrEqualTo(500_000);
      return DecodedTile.of(answer.body());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theWholeBaseMapIsReplacedAndItsSourceIsNamed() {
    JsonNode finished = last(send(steward(), ROAD.formatted("听雨路").getBytes(StandardCharsets.UTF_8))).path("finished");
    assertThat(finished.at("/features/roads").asInt()).isEqualTo(1);
    assertThat(tile(14, 77.1125, 33.1105).features("road").getFirst().tags()).containsEntry("name", "听雨路");
    assertThat(people.nobody().get("/api/map/base.json").json().path("attribution").asString()).isEqualTo("© OpenStreetMap contributors");
    assertThat(steward().get("/api/places/search?q=听雨路").json().at("/0/kind").asString()).isEqualTo("road");
  }

  @Test
  void aFileWithAFaultChangesNothing() {
    TestClient steward = steward();
    send(steward, ROAD.formatted("听雨路").getBytes(StandardCharsets.UTF_8));
    JsonNode problem = last(send(steward, ROAD.formatted("观澜路").replace("77.1150", "777").getBytes(StandardCharsets.UTF_8))).path("problem");
    assertThat(problem.path("code").asString()).isEqualTo("map.unreadable-osm");
    assertThat(problem.path("detail").asString()).contains("line 1").contains("node 2").contains("777");
    assertThat(tile(14, 77.1125, 33.1105).features("road").getFirst().tags()).containsEntry("name", "听雨路");
    JsonNode nothing = last(send(steward, "<osm><node id=\"1\" lat=\"1\" lon=\"1\"/></osm>".getBytes(StandardCharsets.UTF_8))).path("problem");
    assertThat(nothing.path("detail").asString()).contains("neither roads");
    assertThat(send(steward, "{}".getBytes(StandardCharsets.UTF_8)).problem()).as("certain at the first byte").isEqualTo("map.unreadable-osm");
  }

  @Test
  void onlyWhoAdministersTheCityMay() {
    byte[] file = ROAD.formatted("观澜路").getBytes(StandardCharsets.UTF_8);
    assertThat(send(people.nobody(), file).status()).isEqualTo(401);
    assertThat(send(people.someone(Role.ACCEPTOR, "770100", null).client(), file).status()).isEqualTo(403);
    assertThat(send(people.someone(Role.SYSTEM_ADMIN, "770102", null).client(), file).problem()).isEqualTo("identity.forbidden");
  }

  @Test
  void theCentreOfShanghaiIsOnTheMapWithItsStreetsByName() throws IOException {
    String shared = System.getenv().getOrDefault("CITYWIDE_SHARED", "../../shared");
    Path file = Path.of(shared, "data/osm/shanghai_centre.osm");
    assumeTrue(Files.isReadable(file), "skipped: there is no " + file.toAbsolutePath().normalize() + " (set CITYWIDE_SHARED)");
    JsonNode finished = last(send(steward(), Files.readAllBytes(file))).path("finished");
    assertThat(finished.at("/features/roads").asInt()).as("highway ways with a class that is drawn").isGreaterThan(700);
    Set<Object> names = new HashSet<>();
    for (double lon = 121.462; lon < 121.487; lon += 0.01) {
      for (double lat = 31.221; lat < 31.242; lat += 0.01) {
        tile(14, lon, lat).features("road").forEach(road -> names.add(String.valueOf(road.tags().get("name"))));
      }
    }
    assertThat(names).contains("南京西路", "西藏南路", "人民路", "河南南路");
    DecodedTile centre = tile(14, 121.4737, 31.2304);
    assertThat(centre.features("road").stream().filter(r -> "延安东路".equals(r.tags().get("name"))).mapToDouble(r -> r.geometry().getLength()).max().orElse(0))
        .as("pieces of a road are joined, or no name would fit: units of 8192 to the tile").isGreaterThan(1_000);
    assertThat(tile(9, 121.4737, 31.2304).features("road").stream().map(r -> r.tags().get("class"))).as("from far only the great roads").isSubsetOf("motorway", "trunk", "primary").contains("trunk");
    assertThat(steward().get("/api/places/search?q=南京西路").json().at("/0/name").asString()).isEqualTo("南京西路");
  }
}
