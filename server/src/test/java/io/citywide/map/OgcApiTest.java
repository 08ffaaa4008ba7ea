package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.spi.TilePen;
import io.citywide.place.TestCity;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What the official suites ets-ogcapi-features10 and ets-ogcapi-tiles10 ask of a server, asked here first. */
@ServerTest
class OgcApiTest {

  private static final String CITY = "760200";
  private static final TestCity PLACES = new TestCity(CITY, 76.35, 36.35);
  private static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
  private static final String CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490";
  private static final String BOX = "76.35,36.35,76.354,36.352";

  @Autowired TestPeople people;

  private TestClient nobody;

  @BeforeEach
  void city() {
    nobody = people.nobody();
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
  }

  private Answer get(String path) {
    return get(path, "application/json");
  }

  private Answer get(String path, String accept) {
    return nobody.send("GET", path.startsWith("http") ? path.substring(nobody.base().length()) : path, null, Map.of("Accept", accept, "X-Forwarded-For", "198.51.100.76"));
  }

  private JsonNode json(String path) {
    Answer answer = get(path);
    assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<JsonNode> links(JsonNode document, String rel) {
    return StreamSupport.stream(document.path("links").spliterator(), false).filter(l -> l.path("rel").asString().equals(rel)).toList();
  }

  private static String type(Answer answer) {
    return answer.response().headers().firstValue("Content-Type").orElse("").split(";")[0];
  }

  // ---- what is here --------------------------------------------------------------------------------

  @Test
  void theLandingPageLeadsEverywhereWithAndWithoutASlash() {
    for (String path : List.of("/ogc", "/ogc/")) {
      JsonNode page = json(path);
      for (String rel : List.of("self", "alternate", "service-desc", "service-doc", "conformance", "data", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector")) {
        assertThat(links(page, rel)).as(rel).isNotEmpty();
      }
    }
  }

  @Test
  void everyLinkAnswersWithTheTypeItPromises() {
    Deque<String> open = new ArrayDeque<>(List.of(nobody.base() + "/ogc?f=json"));
    Set<String> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      Answer answer = get(open.removeFirst(), "*/*");
      if (!answer.text().startsWith("{")) {
        continue;
      }
      List<JsonNode> nodes = new ArrayList<>(List.of(answer.json()));
      for (int i = 0; i < nodes.size(); i++) {
        JsonNode node = nodes.get(i);
        if (node.path("href").isString() && node.path("rel").isString()) {
          String href = node.path("href").asString();
          assertThat(node.path("type").asString("")).as(href).isNotEmpty();
          if (!node.path("templated").asBoolean(false) && seen.size() < 120 && seen.add(href)) {
            Answer followed = get(href, "*/*");
            assertThat(followed.status()).as(href + " " + followed.text()).isEqualTo(200);
            assertThat(type(followed)).as(href).isEqualTo(node.path("type").asString().split(";")[0]);
            open.add(href);
          }
        } else if (node.isContainer()) {
          node.forEach(nodes::add);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(20);
  }

  @Test
  void everyPageIsWithoutScriptAndStyleOfItsOwn() {
    for (String path : List.of("/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/areas", "/ogc/collections/areas/items", "/ogc/collections/areas/items/" + CITY,
        "/ogc/tiles", "/ogc/tiles/WebMercatorQuad", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad")) {
      Answer page = get(path, "text/html,application/xhtml+xml,*/*;q=0.8");
      assertThat(page.status()).as(path).isEqualTo(200);
      assertThat(type(page)).as(path).isEqualTo("text/html");
      assertThat(page.text()).as(path).startsWith("<!doctype html>").doesNotContain("<script", "style=", "<style", "{z}");
    }
    assertThat(get("/ogc/style.css", "*/*").status()).isEqualTo(200);
  }

  @Test
  void theDescriptionNamesEveryDoorThereIsAndEachParameterAsTheStandardWantsIt() {
    String href = links(json("/ogc"), "service-desc").getFirst().path("href").asString();
    Answer answer = get(href, "application/vnd.oai.openapi+json;version=3.0");
    assertThat(answer.response().headers().firstValue("Content-Type").orElse("").replace(" ", "")).isEqualTo("application/vnd.oai.openapi+json;version=3.0");
    JsonNode api = answer.json();
    assertThat(api.path("openapi").asString()).startsWith("3.0");
    assertThat(api.path("servers").get(0).path("url").asString()).isEqualTo(nobody.base() + "/ogc");
    JsonNode limit = api.path("components").path("parameters").path("limit");
    assertThat(limit.path("schema").path("minimum").asInt()).isEqualTo(1);
    assertThat(limit.path("schema").path("maximum").asInt()).isEqualTo(1000);
    assertThat(limit.path("schema").path("default").asInt()).isEqualTo(100);
    JsonNode bbox = api.path("components").path("parameters").path("bbox");
    assertThat(bbox.path("schema").path("minItems").asInt()).isEqualTo(4);
    assertThat(bbox.path("schema").path("maxItems").asInt()).isEqualTo(6);
    for (String name : List.of("limit", "bbox", "datetime", "crs", "bbox-crs")) {
      JsonNode parameter = api.path("components").path("parameters").path(name);
      assertThat(parameter.path("in").asString()).as(name).isEqualTo("query");
      assertThat(parameter.path("required").asBoolean(true)).as(name).isFalse();
      assertThat(parameter.path("style").asString()).as(name).isEqualTo("form");
      assertThat(parameter.path("explode").asBoolean(true)).as(name).isFalse();
    }
    // Every reference leads somewhere, every path has what its template names.
    api.path("paths").properties().forEach(path -> {
      Set<String> named = new TreeSet<>();
      path.getValue().path("get").path("parameters").forEach(p -> {
        JsonNode resolved = api.at(p.path("$ref").asString().substring(1));
        assertThat(resolved.path("name").asString("")).as(path.getKey() + " " + p).isNotEmpty();
        if (resolved.path("in").asString().equals("path")) {
          named.add("{" + resolved.path("name").asString() + "}");
        }
      });
      Set<String> template = new TreeSet<>();
      java.util.regex.Pattern.compile("\\{\\w+}").matcher(path.getKey()).results().forEach(r -> template.add(r.group()));
      assertThat(named).as(path.getKey()).isEqualTo(template);
    });
  }

  @Test
  void theClassesOfConformanceAreNamed() {
    String classes = json("/ogc/conformance").path("conformsTo").toString();
    assertThat(classes).contains("ogcapi-features-1/1.0/conf/core", "conf/oas30", "conf/geojson", "conf/html", "ogcapi-features-2/1.0/conf/crs", "ogcapi-tiles-1/1.0/conf/core",
        "conf/dataset-tilesets", "conf/geodata-tilesets", "conf/tilesets-list");
  }

  // ---- collections and features --------------------------------------------------------------------

  @Test
  void aCollectionIsTheSameAloneAndInTheList() {
    JsonNode listed = StreamSupport.stream(json("/ogc/collections").path("collections").spliterator(), false).filter(c -> c.path("id").asString().equals("areas")).findFirst().orElseThrow();
    JsonNode alone = json("/ogc/collections/areas");
    assertThat(alone).isEqualTo(listed);
    assertThat(alone.path("crs").get(0).asString()).isEqualTo(CRS84);
    assertThat(alone.path("storageCrs").asString()).isEqualTo(CRS84);
    assertThat(alone.path("extent").path("spatial").path("bbox").get(0)).hasSize(4);
    assertThat(links(alone, "items")).extracting(l -> l.path("type").asString()).containsExactly("application/geo+json", "text/html");
  }

  @Test
  void featuresAreGeoJsonWithTheirNumbers() {
    JsonNode page = json("/ogc/collections/areas/items?bbox=" + BOX);
    assertThat(page.path("type").asString()).isEqualTo("FeatureCollection");
    assertThat(page.path("numberMatched").asInt()).isEqualTo(13);
    assertThat(page.path("numberReturned").asInt()).isEqualTo(page.path("features").size());
    assertThat(page.path("timeStamp").asString()).endsWith("Z");
    JsonNode first = page.path("features").get(0);
    assertThat(first.path("type").asString()).isEqualTo("Feature");
    assertThat(first.path("id").asString()).startsWith("7602");
    assertThat(first.path("geometry").path("type").asString()).isEqualTo("Polygon");
    JsonNode corner = first.path("geometry").path("coordinates").get(0).get(0);
    assertThat(corner.get(0).asDouble()).isBetween(76.0, 77.0);
    assertThat(corner.get(1).asDouble()).isBetween(36.0, 37.0);
  }

  @Test
  void thePagesTogetherHoldEachFeatureOnce() {
    List<String> ids = new ArrayList<>();
    String href = "/ogc/collections/areas/items?limit=5&bbox=" + BOX;
    int pages = 0;
    while (href != null) {
      JsonNode page = json(href);
      assertThat(page.path("features").size()).isLessThanOrEqualTo(5);
      assertThat(page.path("numberMatched").asInt()).isEqualTo(13);
      page.path("features").forEach(f -> ids.add(f.path("id").asString()));
      href = links(page, "next").isEmpty() ? null : links(page, "next").getFirst().path("href").asString();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(ids).hasSize(13).doesNotHaveDuplicates();
  }

  @Test
  void featuresOfOneKindAreChosenByName() {
    JsonNode page = json("/ogc/collections/areas/items?kind=COMMUNITY&bbox=" + BOX);
    assertThat(page.path("numberMatched").asInt()).isEqualTo(2);
    page.path("features").forEach(f -> assertThat(f.path("properties").path("level").asString()).isEqualTo("COMMUNITY"));
  }

  @Test
  void aFeatureAnswersByItsId() {
    JsonNode feature = json("/ogc/collections/areas/items/" + CITY);
    assertThat(feature.path("id").asString()).isEqualTo(CITY);
    assertThat(feature.path("properties").path("name").asString()).isEqualTo("云泽市");
    for (String rel : List.of("self", "alternate", "collection")) {
      assertThat(links(feature, rel)).as(rel).hasSize(1);
    }
    assertThat(get("/ogc/collections/areas/items/nothing").status()).isEqualTo(404);
    assertThat(get("/ogc/collections/nothing/items").status()).isEqualTo(404);
    assertThat(get("/ogc/nothing").status()).isEqualTo(404);
  }

  @Test
  void whatIsUnknownOrMalformedIsRefusedWith400() {
    for (String query : List.of("unknownQueryParameter=1", "limit=unlimited", "limit=0", "limit=-1", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,4,5", "bbox=1,50,2,40", "bbox=1,NaN,2,3",
        "datetime=yesterday", "datetime=2026-01-01/2025-01-01", "datetime=../..", "datetime=a/b/c", "crs=http://www.opengis.net/def/crs/EPSG/0/2343", "bbox-crs=nothing", "f=xml",
        "limit=1&limit=2", "after=%00")) {
      Answer answer = get("/ogc/collections/areas/items?" + query);
      assertThat(answer.status()).as(query + " " + answer.text()).isIn(query.startsWith("after") ? List.of(200, 400) : List.of(400));
    }
    assertThat(get("/ogc/collections?x=1").status()).isEqualTo(400);
    assertThat(get("/ogc?x=1").problem()).isEqualTo("map.invalid-query");
  }

  @Test
  void moreThanTheMostIsAnsweredWithTheMost() {
    assertThat(json("/ogc/collections/areas/items?limit=100000&bbox=" + BOX).path("numberReturned").asInt()).isEqualTo(13);
  }

  @Test
  void boxesAcrossMeridianEquatorDateLineAndPolesAreAnswered() {
    for (String box : List.of("-1.5,50.0,1.5,53.0", "-80.0,-5.0,-70.0,5.0", "177.0,65.0,-177.0,70.0", "-180.0,85.0,180.0,90.0", "-180.0,-90.0,180.0,-85.0")) {
      assertThat(json("/ogc/collections/areas/items?bbox=" + box).path("numberMatched").asInt()).as(box).isZero();
    }
    assertThat(json("/ogc/collections/areas/items?bbox=76.35,36.35,0,76.354,36.352,100").path("numberMatched").asInt()).isEqualTo(13);
  }

  @Test
  void everyMomentIsAnsweredWithFeaturesThatHaveNoTime() {
    for (String time : List.of("2026-01-01T00:00:00Z", "2026-01-01", "2026-01-01T08:00:00%2B08:00", "../2026-01-01", "2026-01-01/..", "/2026-01-01T00:00:00Z", "2025-01-01/2026-01-01")) {
      assertThat(json("/ogc/collections/areas/items?datetime=" + time + "&bbox=" + BOX).path("numberMatched").asInt()).as(time).isEqualTo(13);
    }
  }

  @Test
  void inSystemsWithTheLatitudeFirstItIsFirst() {
    Answer answer = get("/ogc/collections/areas/items/" + CITY + "?crs=" + CGCS2000);
    assertThat(answer.response().headers().firstValue("Content-Crs")).contains("<" + CGCS2000 + ">");
    JsonNode corner = answer.json().path("geometry").path("coordinates").get(0).get(0);
    assertThat(corner.get(0).asDouble()).isBetween(36.0, 37.0);
    assertThat(get("/ogc/collections/areas/items/" + CITY).response().headers().firstValue("Content-Crs")).contains("<" + CRS84 + ">");
    assertThat(json("/ogc/collections/areas/items?bbox=36.35,76.35,36.352,76.354&bbox-crs=" + CGCS2000).path("numberMatched").asInt()).isEqualTo(13);
  }

  // ---- tiles ---------------------------------------------------------------------------------------

  private String template(String tilesets) {
    JsonNode list = json(tilesets);
    JsonNode set = list.path("tilesets").get(0);
    assertThat(set.path("tileMatrixSetURI").asString()).endsWith("/WebMercatorQuad");
    set.path("links").forEach(l -> assertThat(get(l.path("href").asString()).status()).as(l.toString()).isEqualTo(200));
    JsonNode tileset = json(links(set, "self").getFirst().path("href").asString());
    assertThat(tileset.path("dataType").asString()).isEqualTo("vector");
    JsonNode first = tileset.path("tileMatrixSetLimits").get(0);
    assertThat(first.path("tileMatrix").asString()).isEqualTo("0");
    assertThat(links(tileset, "item").getFirst().path("type").asString()).isEqualTo("application/vnd.mapbox-vector-tile");
    return links(tileset, "item").getFirst().path("href").asString();
  }

  private HttpResponse<byte[]> tile(String template, Object matrix, Object row, Object column) {
    String href = template.replace("{tileMatrix}", "" + matrix).replace("{tileRow}", "" + row).replace("{tileCol}", "" + column);
    return LayerTilesTest.bytes(nobody, href.substring(nobody.base().length()), "X-Forwarded-For", "198.51.100.76");
  }

  @Test
  void tilesAreFoundByLinksAndTheRowComesBeforeTheColumn() {
    for (String tilesets : List.of(links(json("/ogc"), "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector").getFirst().path("href").asString(),
        links(json("/ogc/collections/areas"), "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector").getFirst().path("href").asString())) {
      assertThat(tilesets).contains("/tiles");
      String template = template(tilesets);
      String[] zxy = LayerTilesTest.tile(14, 76.352, 36.351).split("/");
      HttpResponse<byte[]> tile = tile(template, zxy[0], zxy[2], zxy[1]);
      assertThat(tile.statusCode()).isEqualTo(200);
      assertThat(tile.headers().firstValue("Content-Type")).contains("application/vnd.mapbox-vector-tile");
      assertThat(tile.headers().firstValue("Cache-Control").orElse("")).contains("public");
      assertThat(DecodedTile.of(tile.body()).features("areas")).extracting(f -> f.tags().get("code")).contains(CITY);
      assertThat(tile(template, zxy[0], zxy[1], zxy[2]).statusCode()).isIn(204, 404);
      assertThat(LayerTilesTest.bytes(nobody, template.replace("{tileMatrix}", zxy[0]).replace("{tileRow}", zxy[2]).replace("{tileCol}", zxy[1]).substring(nobody.base().length()),
          "If-None-Match", tile.headers().firstValue("ETag").orElseThrow(), "X-Forwarded-For", "198.51.100.76").statusCode()).isEqualTo(304);
    }
  }

  @Test
  void aTileOutOfRangeIsNotThere() {
    String template = template("/ogc/tiles");
    for (List<?> out : List.of(List.of(0, 1, 0), List.of(0, 0, 1), List.of(19, 0, 0), List.of(3, Integer.MAX_VALUE, Integer.MAX_VALUE), List.of(3, -1, 0), List.of("x", 0, 0), List.of(3, "a", 0))) {
      assertThat(tile(template, out.get(0), out.get(1), out.get(2)).statusCode()).as(out.toString()).isEqualTo(404);
    }
    assertThat(get("/ogc/tiles/WorldCRS84Quad").status()).isEqualTo(404);
    // The whole city of this test is less than a pixel there.
    assertThat(tile(template, 0, 0, 0).statusCode()).isEqualTo(204);
  }

  @Test
  void theTileOfAllIsThatOfEachOneAfterTheOther() {
    String[] zxy = LayerTilesTest.tile(12, 76.352, 36.351).split("/");
    ByteArrayOutputStream each = new ByteArrayOutputStream();
    json("/ogc/collections").path("collections").forEach(c -> each.writeBytes(tile(template("/ogc/collections/" + c.path("id").asString() + "/tiles"), zxy[0], zxy[2], zxy[1]).body()));
    assertThat(each.size()).isBetween(1, TilePen.MOST_BYTES);
    assertThat(tile(template("/ogc/tiles"), zxy[0], zxy[2], zxy[1]).body()).isEqualTo(each.toByteArray());
  }

  @Test
  void theMatrixSetHalvesTheScaleWithEveryZoom() {
    JsonNode matrices = json("/ogc/tileMatrixSets/WebMercatorQuad").path("tileMatrices");
    assertThat(matrices.get(0).path("scaleDenominator").asDouble()).isCloseTo(559082264.028717, org.assertj.core.data.Offset.offset(0.01));
    for (int zoom = 1; zoom < matrices.size(); zoom++) {
      assertThat(matrices.get(zoom).path("cellSize").asDouble()).isEqualTo(matrices.get(zoom - 1).path("cellSize").asDouble() / 2);
      assertThat(matrices.get(zoom).path("matrixWidth").asLong()).isEqualTo(1L << zoom);
    }
  }

  // ---- everybody -----------------------------------------------------------------------------------

  @Test
  void pagesOfOtherSitesMayReadItAndNothingElse() {
    assertThat(nobody.send("GET", "/ogc/collections", null, Map.of("Origin", "https://map.example.org", "X-Forwarded-For", "198.51.100.76")).response().headers()
        .firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(nobody.send("GET", "/ogc/collections/areas/items?limit=1", null, Map.of("Origin", "https://map.example.org")).response().headers()
        .firstValue("Access-Control-Expose-Headers").orElse("")).contains("Content-Crs");
    assertThat(nobody.send("GET", "/api/public/map", null, Map.of("Origin", "https://map.example.org")).response().headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void whateverIsAskedTheServerNeverFails() {
    Random random = new Random(77);
    List<String> parts = List.of("collections", "areas", "items", "tiles", "WebMercatorQuad", "0", "%00", "-1", "99999999999", "%E6%B9%96", "a", CITY, "api", "%25", "conformance");
    List<String> names = List.of("limit", "bbox", "datetime", "kind", "crs", "bbox-crs", "after", "f");
    List<String> values = List.of("", "0", "1", "-1", "1e400", "a", "%00", "1,2,3,4", "NaN,1,2,3", "../..", CRS84, "json", "html", "999999999999", "%22%3E%3Cscript%3E", "' OR 1=1".replace(" ", "%20"), "180,89.9,-180,90");
    for (int i = 0; i < 400; i++) {
      StringBuilder path = new StringBuilder("/ogc/collections/areas/items");
      if (random.nextBoolean()) {
        path = new StringBuilder("/ogc");
        for (int k = random.nextInt(6); k >= 0; k--) {
          path.append('/').append(parts.get(random.nextInt(parts.size())));
        }
      }
      path.append('?').append(names.get(random.nextInt(names.size()))).append('=').append(values.get(random.nextInt(values.size())));
      Answer answer = get(path.toString(), random.nextBoolean() ? "text/html" : "application/json");
      assertThat(answer.status()).as(path + " " + answer.text()).isLessThan(500);
      if (type(answer).equals("text/html")) {
        assertThat(answer.text()).as(path.toString()).doesNotContain("<script");
      }
    }
  }
}
