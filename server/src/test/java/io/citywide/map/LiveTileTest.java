package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile.Feature;
import io.citywide.place.TestCity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Tiles of cases and of people on duty: the same cells at low zooms, and at high ones what just happened. */
@ServerTest
class LiveTileTest {

  private static final String CITY = "771500";

  /** Two minutes of longitude, and of latitude, meet in the middle of it. */
  private static final TestCity PLACES = new TestCity(CITY, 104.498, 30.499);
  private static boolean built;

  @Autowired TestPeople people;
  private TestClient leader;

  @BeforeEach
  void city() {
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
    leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
  }

  private static Map<String, Object> at(double x, double y) {
    return Map.of("lon", PLACES.at(x, y).get(0), "lat", PLACES.at(x, y).get(1), "accuracy", 8);
  }

  private static Answer done(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    return answer;
  }

  private TileWatch tile(String layer, int zoom, double x, double y) {
    return new TileWatch(leader, layer, zoom, PLACES.at(x, y).get(0), PLACES.at(x, y).get(1));
  }

  private long report(String text, double x, double y) {
    return done(leader.post("/api/cases", Map.of("description", text, "kindId", "gb47678.5-M06010", "lon", PLACES.at(x, y).get(0), "lat", PLACES.at(x, y).get(1)))).json()
        .path("caseId").asLong();
  }

  private static Map<String, String> cells(List<Feature> tile) {
    return tile.stream().collect(Collectors.toMap(f -> f.geometry().getEnvelopeInternal().toString(), f -> f.tags().toString()));
  }

  @Test
  void aCaseIsOnItsTileWithinTwoSecondsAndGoneWhenItIsVoid() {
    TileWatch tile = tile("cases", 16, 0.5, 0.5);
    AtomicLong id = new AtomicLong();
    tile.shows(() -> id.set(report("检查井盖松动", 0.5, 0.5)), features -> features.stream().anyMatch(f -> f.id() == id.get()));
    long version = done(leader.get("/api/cases/" + id.get())).json().path("version").asLong();
    tile.shows(() -> done(leader.post("/api/cases/" + id.get() + "/steps", Map.of("action", "VOID", "version", version, "reason", "误报"))), features -> features.stream().noneMatch(f -> f.id() == id.get()));
  }

  @Test
  void whoGoesOnDutyIsOnTheTileWithinTwoSecondsAndGoneWhenTheyGoOff() {
    TestClient phone = people.someone(Role.COLLECTOR, CITY, null).client();
    TileWatch tile = tile("duty", 16, 1.5, 0.5);
    AtomicLong id = new AtomicLong();
    tile.shows(() -> id.set(done(phone.post("/api/duty/start", at(1.5, 0.5))).json().path("duty").path("id").asLong()),
        features -> features.stream().anyMatch(f -> f.id() == id.get() && f.tags().get("kind").equals("COLLECTOR")));
    tile.shows(() -> done(phone.post("/api/duty/end", Map.of())), features -> features.stream().noneMatch(f -> f.id() == id.get()));
  }

  @Test
  void peopleAndCasesOfAWideTileLieInTheSameCellsOfTheGrid() {
    TestClient first = people.someone(Role.COLLECTOR, CITY, null).client();
    TestClient second = people.someone(Role.COLLECTOR, CITY, null).client();
    TestClient third = people.someone(Role.VERIFIER, CITY, null).client();
    TestClient apart = people.someone(Role.COLLECTOR, CITY, null).client();
    for (TestClient phone : List.of(first, second, third)) {
      done(phone.post("/api/duty/start", at(1.2, 1.5)));
    }
    done(apart.post("/api/duty/start", at(2.8, 1.5)));
    report("路灯不亮", 1.2, 1.5);
    report("垃圾堆放", 2.8, 1.5);
    Map<String, String> people = cells(tile("duty", 9, 1.2, 1.5).features());
    assertThat(people.values()).containsExactlyInAnyOrder("{count=3, dominant=COLLECTOR, worst=0}", "{count=1, dominant=COLLECTOR, worst=0}");
    assertThat(cells(tile("cases", 9, 1.2, 1.5).features()).keySet()).containsAll(people.keySet());
    for (int zoom = 4; zoom < 10; zoom++) {
      assertThat(tile("duty", zoom, 1.2, 1.5).features().stream().mapToLong(Feature::count).sum()).as("zoom %d", zoom).isEqualTo(4);
    }
    List.of(first, second, third, apart).forEach(phone -> done(phone.post("/api/duty/end", Map.of())));
  }
}
