package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.DecodedTile.Feature;
import io.citywide.map.TileWatch;
import io.citywide.place.TestCity;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.WarningBook.Judgement;
import io.citywide.sensing.internal.warning.WarningBook.Place;
import io.citywide.watch.Decision.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Warnings on the tiles of the map. */
@ServerTest
class WarningLayerTest {

  private static final String CITY = "771600";

  /** Two minutes of longitude, and of latitude, meet in the middle of it. */
  private static final TestCity PLACES = new TestCity(CITY, 105.498, 31.499);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired WarningBook book;
  @Autowired WarningStore store;
  private TestClient leader;

  @BeforeEach
  void city() {
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
    leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
  }

  /** The number of a warning that is raised there. */
  private long raised(String rule, String subject, WarningGrade grade, double x, double y) {
    Place place = new Place(7, "smoke", PLACES.at(x, y).get(0), PLACES.at(x, y).get(1), "771602001001", null, null, "");
    Judgement judgement = new Judgement(rule, 1, new Words("Rule " + rule, "规则 " + rule), subject, new Words("Shed", "车棚"), 1, Kind.RAISED, grade,
        Instant.now().truncatedTo(ChronoUnit.MILLIS), new Words("too much", "越限"), Map.of("t", 81.5), place, "Fire", null, null);
    ground.asSystem(() -> {
      book.apply(List.of(judgement));
      return null;
    });
    return ground.asSystem(() -> store.list("subject = :subject AND rule_code = :rule", Map.of("subject", subject, "rule", rule))).getFirst().id();
  }

  private static Answer done(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    return answer;
  }

  private TileWatch tile(String layer, int zoom, double x, double y) {
    return new TileWatch(leader, layer, zoom, PLACES.at(x, y).get(0), PLACES.at(x, y).get(1));
  }

  @Test
  void aStepOfAWarningIsOnItsTileWithinTwoSeconds() {
    long id = raised("layer-live", "LAYER-1", WarningGrade.ORANGE, 0.5, 0.5);
    TileWatch tile = tile("warnings", 16, 0.5, 0.5);
    assertThat(tile.features()).anySatisfy(f -> assertThat(f.tags()).containsEntry("id", id).containsEntry("acknowledged", 0L).containsEntry("grade", 3L));
    tile.shows(() -> done(leader.post("/api/warnings/" + id + "/acknowledge", Map.of())),
        features -> features.stream().anyMatch(f -> f.id() == id && f.tags().get("acknowledged").equals(1L)));
    tile.shows(() -> done(leader.post("/api/warnings/" + id + "/end", Map.of("verdict", "FALSE", "reason", "误报"))), features -> features.stream().noneMatch(f -> f.id() == id));
  }

  @Test
  void warningsOfAWideTileLieInTheCellsThatCasesLieIn() {
    List<Long> ids = List.of(raised("layer-a", "LAYER-2", WarningGrade.BLUE, 1.2, 1.5), raised("layer-a", "LAYER-3", WarningGrade.YELLOW, 1.9, 1.9),
        raised("layer-b", "LAYER-2", WarningGrade.RED, 1.2, 1.5), raised("layer-b", "LAYER-4", WarningGrade.BLUE, 2.8, 1.5));
    for (double x : new double[] {1.2, 2.8}) {
      done(leader.post("/api/cases", Map.of("description", "路面破损", "kindId", "gb47678.5-M06010", "lon", PLACES.at(x, 1.5).get(0), "lat", PLACES.at(x, 1.5).get(1))));
    }
    Map<String, String> cells = cells(tile("warnings", 9, 1.2, 1.5).features());
    assertThat(cells.values()).containsExactlyInAnyOrder("{count=3, dominant=layer-a, worst=4}", "{count=1, dominant=layer-b, worst=1}");
    assertThat(cells(tile("cases", 9, 1.2, 1.5).features()).keySet()).isEqualTo(cells.keySet());
    for (int zoom = 4; zoom < 11; zoom++) {
      assertThat(tile("warnings", zoom, 1.2, 1.5).features().stream().mapToLong(Feature::count).sum()).as("zoom %d", zoom).isEqualTo(4);
    }
    ids.forEach(id -> done(leader.post("/api/warnings/" + id + "/end", Map.of("verdict", "FALSE", "reason", "误报"))));
  }

  private static Map<String, String> cells(List<Feature> tile) {
    return tile.stream().collect(Collectors.toMap(f -> f.geometry().getEnvelopeInternal().toString(), f -> f.tags().toString()));
  }
}
