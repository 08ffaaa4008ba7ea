package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.grid.GridBox;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile.Feature;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.place.ComponentIndex;
import io.citywide.place.TestCity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The layer of components: what tiles, counts, lists and files say is what the database says. */
@ServerTest
class ComponentLayerTest {

  private static final String CITY = "760300";
  private static final TestCity PLACES = new TestCity(CITY, 76.65, 36.65);
  private static final List<String> KINDS = List.of("gb47678.5-C01001", "gb47678.5-C01037", "gb47678.5-C01002");
  private static final List<String> STATES = List.of("INTACT", "INTACT", "INTACT", "DAMAGED", "ABANDONED");

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired ComponentIndex index;
  @Autowired TransactionTemplate transaction;
  @Autowired LiveFeed feed;
  @Autowired List<LayerSource> sources;

  private TestClient steward;
  private LayerSource layer;

  @BeforeEach
  void city() {
    layer = sources.stream().filter(s -> s.layer().id().equals("components")).findFirst().orElseThrow();
    steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    jdbc.sql("DELETE FROM place_component WHERE ident LIKE '7603%'").update();
    Random random = new Random(15);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      List<Double> at = PLACES.at(random.nextDouble() * 4, random.nextDouble() * 2);
      Map<String, Object> row = new HashMap<>(Map.of("ident", ident(i), "kindId", KINDS.get(i % 3), "name", i == 7 ? "=cmd()" : "部件" + i, "lon", at.get(0), "lat", at.get(1)));
      row.put("state", STATES.get(i % 5));
      row.put("ownerCode", "U" + i % 4);
      rows.add(row);
    }
    save(rows);
  }

  private static String ident(int i) {
    return "760302" + KINDS.get(i % 3).substring(11) + "%06d".formatted(i);
  }

  private void save(List<Map<String, Object>> rows) {
    Answer saved = steward.post("/api/components:batch", rows);
    assertThat(saved.json().path("accepted").asInt()).as(saved.text()).isEqualTo(rows.size());
    index.refresh();
  }

  /** The tiles of a zoom that the city touches, with their features; of cells that two tiles share, one. */
  private Map<Object, Feature> tiles(int zoom, String more) {
    Map<Object, Feature> all = new HashMap<>();
    for (TileFrame frame : frames(zoom)) {
      var tile = LayerTilesTest.bytes(steward, "/api/map/tiles/components/" + zoom + "/" + frame.x() + "/" + frame.y() + ".mvt" + more);
      assertThat(tile.statusCode()).isIn(200, 204);
      for (Feature f : DecodedTile.of(tile.body()).features("components")) {
        Feature before = all.put(f.id(), f);
        assertThat(before == null || before.tags().equals(f.tags())).as("a cell is the same in both tiles").isTrue();
      }
    }
    return all;
  }

  private static List<TileFrame> frames(int zoom) {
    String[] a = LayerTilesTest.tile(zoom, 76.65, 36.652).split("/");
    String[] b = LayerTilesTest.tile(zoom, 76.654, 36.65).split("/");
    List<TileFrame> frames = new ArrayList<>();
    for (int x = Integer.parseInt(a[1]); x <= Integer.parseInt(b[1]); x++) {
      for (int y = Integer.parseInt(a[2]); y <= Integer.parseInt(b[2]); y++) {
        frames.add(new TileFrame(zoom, x, y, Set.of(), null));
      }
    }
    return frames;
  }

  /** In the tiles of a zoom that the city touches; at the low ones other cities lie in them too. */
  private long countAround(int zoom) {
    return frames(zoom).stream().map(TileFrame::box).mapToLong(box ->
        jdbc.sql("SELECT count(*) FROM place_component WHERE state <> 'REMOVED' AND lon >= :west AND lon < :east AND lat > :south AND lat <= :north")
            .param("west", box.west()).param("east", box.east()).param("south", box.south()).param("north", box.north()).query(Long.class).single()).sum();
  }

  private long count(String where) {
    return jdbc.sql("SELECT count(*) FROM place_component WHERE ident LIKE '7603%' AND state <> 'REMOVED' AND " + where).query(Long.class).single();
  }

  // ---- tiles ---------------------------------------------------------------------------------------

  @Test
  void theCellsOfEveryZoomTogetherHoldExactlyWhatTheDatabaseHolds() {
    for (int zoom = 4; zoom < 14; zoom++) {
      List<Feature> cells = List.copyOf(tiles(zoom, "").values());
      assertThat(cells.stream().mapToLong(Feature::count).sum()).as("zoom %d", zoom).isEqualTo(countAround(zoom));
      assertThat(cells).allSatisfy(c -> assertThat(c.tags()).containsOnlyKeys("count", "dominant", "worst"));
      if (zoom >= 9) {
        assertThat(cells.stream().mapToLong(c -> ((Number) c.tags().get("worst")).longValue()).max()).as("in tiles that are the city's own").hasValue(2);
      }
    }
  }

  @Test
  void belowTheCellsStandTheComponentsThemselves() {
    Map<Object, Feature> objects = tiles(16, "");
    assertThat(objects).hasSize(900);
    assertThat(objects.values()).extracting(f -> (String) f.tags().get("ident")).contains(ident(0), ident(899));
    Feature first = objects.values().stream().filter(f -> f.tags().get("ident").equals(ident(3))).findFirst().orElseThrow();
    assertThat(first.tags()).containsEntry("kind", KINDS.getFirst()).containsEntry("state", "DAMAGED").containsEntry("grade", 2L);
    assertThat(first.id()).isLessThan(1L << 53);
  }

  @Test
  void onlyTheKindsThatAreAskedForAreCounted() {
    String kind = KINDS.get(1);
    assertThat(tiles(11, "?kinds=" + kind).values().stream().mapToLong(Feature::count).sum()).isEqualTo(count("kind_id = '" + kind + "'"));
    assertThat(tiles(11, "?kinds=" + kind).values()).extracting(f -> f.tags().get("dominant")).containsOnly(kind);
    assertThat(tiles(15, "?kinds=" + kind + "," + KINDS.get(2)).values()).hasSize((int) count("kind_id <> '" + KINDS.getFirst() + "'"));
  }

  @Test
  void aRemovedComponentIsGoneAndTheScreensAreToldWithinTwoSeconds() throws Exception {
    int before = tiles(16, "").size();
    String revision = layer.revision();
    var heard = new ArrayBlockingQueue<Notice>(1_000);
    try (var listening = feed.listen(heard::offer)) {
      List<Double> at = PLACES.at(1, 1);
      assertThat(steward.post("/api/components:batch", List.of(Map.of("ident", ident(0), "kindId", KINDS.getFirst(), "name", "x", "lon", at.get(0), "lat", at.get(1), "state", "REMOVED"))).status()).isEqualTo(200);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      Notice notice = null;
      while (notice == null || !notice.type().equals("component")) {
        notice = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(notice).as("a notice within two seconds").isNotNull();
      }
      assertThat(notice.data().get("revision")).isNotEqualTo(revision);
      assertThat(notice.reaches(people.someone(Role.HANDLER, "760302", people.unit("单位七六", UnitKind.DEPARTMENT, CITY, null)).viewer())).isTrue();
      assertThat(notice.reaches(Viewer.PUBLIC)).isFalse();
    }
    assertThat(tiles(16, "")).hasSize(before - 1);
  }

  // ---- counts and lists ----------------------------------------------------------------------------

  private Map<String, Long> counted(Region region) {
    Map<String, Long> counts = new HashMap<>();
    for (KindCount kind : layer.count(new Selection(region, Set.of(), null))) {
      counts.put(kind.kind(), kind.count());
    }
    return counts;
  }

  private Map<String, Long> database(String where) {
    Map<String, Long> counts = new HashMap<>();
    jdbc.sql("SELECT kind_id, count(*) AS n FROM place_component WHERE ident LIKE '7603%' AND state <> 'REMOVED' AND " + where + " GROUP BY kind_id")
        .query((row, n) -> counts.put(row.getString(1), row.getLong(2))).list();
    return counts;
  }

  @Test
  void everyFormOfRegionIsCountedAsTheDatabaseDoes() {
    assertThat(counted(new Region.InArea("760302001001"))).isEqualTo(database("area_code LIKE '760302001001%'"));
    assertThat(counted(new Region.InArea(CITY))).isEqualTo(database("true"));
    assertThat(counted(new Region.Box(new io.citywide.grid.GridBox(76.6505, 36.6501, 76.6532, 36.6515)))).isEqualTo(database("lon BETWEEN 76.6505 AND 76.6532 AND lat BETWEEN 36.6501 AND 36.6515"));
    assertThat(counted(new Region.InArea("769999"))).isEmpty();
  }

  @Test
  void thePagesOfAListHoldEachComponentOnceWithWhatTheDatabaseKnows() {
    List<String> idents = new ArrayList<>();
    String after = null;
    do {
      var page = layer.list(new Selection(new Region.InArea(CITY), Set.of(KINDS.getFirst()), null), after, 70);
      page.items().forEach(f -> idents.add(f.id()));
      after = page.next();
    } while (after != null);
    assertThat(idents).hasSize((int) count("kind_id = '" + KINDS.getFirst() + "'")).doesNotHaveDuplicates();
  }

  // ---- published -----------------------------------------------------------------------------------

  @Test
  void everybodySeesWhatStandsThereAndNobodyWhoIsInCharge() {
    Answer answer = people.nobody().send("GET", "/ogc/collections/components/items/" + ident(5), null, Map.of("X-Forwarded-For", "198.51.100.77"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("properties").path("name").asString()).isEqualTo("部件5");
    assertThat(answer.text()).doesNotContain("ownerCode");
    // Also to those who have signed in: what is published is the same for all.
    assertThat(steward.get("/ogc/collections/components/items/" + ident(5)).text()).doesNotContain("ownerCode");
    JsonNode page = people.nobody().send("GET", "/ogc/collections/components/items?limit=1&kind=" + KINDS.getFirst() + "&bbox=76.65,36.65,76.654,36.652", null, Map.of("X-Forwarded-For", "198.51.100.77")).json();
    assertThat(page.path("numberMatched").asLong()).isEqualTo(count("kind_id = '" + KINDS.getFirst() + "'"));
  }

  // ---- files ---------------------------------------------------------------------------------------

  @Test
  void aFileHoldsTheSelectionAndNothingThatASpreadsheetRuns() {
    Answer csv = steward.post("/api/map/export/components.csv", Map.of("region", Map.of("area", CITY), "kinds", List.of(KINDS.get(1))));
    assertThat(csv.status()).as(csv.text()).isEqualTo(200);
    assertThat(csv.response().headers().firstValue("Content-Disposition").orElse("")).startsWith("attachment; filename=\"components-").endsWith(".csv\"");
    List<String> lines = csv.text().lines().toList();
    assertThat(lines.getFirst()).startsWith("\uFEFFid,kind,titleZh,titleEn,grade,lon,lat,ident,name");
    assertThat(lines).hasSize(1 + (int) count("kind_id = '" + KINDS.get(1) + "'"));
    assertThat(csv.text()).contains("'=cmd()").doesNotContain(",=cmd()");
  }

  @Test
  void aGeoJsonFileIsOneAndSaysTheSame() {
    Answer file = steward.post("/api/map/export/components.geojson", Map.of("region", Map.of("area", CITY)));
    assertThat(file.response().headers().firstValue("Content-Type")).contains("application/geo+json");
    assertThat(file.json().path("features").size()).isEqualTo(900);
    assertThat(file.json().path("features").get(0).path("properties").path("ownerCode").asString()).startsWith("U");
  }

  @Test
  void everyFileIsLoggedAndInTheLedger() {
    long before = entries();
    assertThat(steward.post("/api/map/export/areas.csv", Map.of("region", Map.of("area", CITY))).text()).contains("POLYGON");
    Answer log = people.someone(Role.AUDIT_ADMIN, CITY, null).client().get("/api/access-log?limit=200");
    assertThat(log.text()).contains("map.exported").contains("layer:areas");
    assertThat(entries()).isGreaterThan(before);
  }

  private long entries() {
    return transaction.execute(status -> {
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query(String.class).single();
      return jdbc.sql("SELECT count(*) FROM ledger_entry").query(Long.class).single();
    });
  }

  @Test
  void onlyWhoMayExportsAndOnlyWhatThereIs() {
    TestClient handler = people.someone(Role.HANDLER, CITY, people.unit("单位七七", UnitKind.DEPARTMENT, CITY, null)).client();
    assertThat(handler.post("/api/map/export/components.csv", Map.of()).status()).isEqualTo(403);
    assertThat(steward.post("/api/map/export/components.xlsx", Map.of()).problem()).isEqualTo("map.invalid-query");
    assertThat(steward.post("/api/map/export/nothing.csv", Map.of()).problem()).isEqualTo("map.unknown-layer");
    assertThat(steward.post("/api/map/export/components.csv", Map.of("region", Map.of("circle", Map.of("lon", 200, "lat", 0, "radius", 5)))).problem()).isEqualTo("map.invalid-region");
    // A steward reads no cases, so none leave as a file.
    assertThat(steward.post("/api/map/export/cases.csv", Map.of()).problem()).isEqualTo("map.unknown-layer");
  }
}
