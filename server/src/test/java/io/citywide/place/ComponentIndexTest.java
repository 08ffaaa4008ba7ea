package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import io.citywide.grid.index.CellSize;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.Component.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The index of components follows the table. */
@ServerTest
class ComponentIndexTest {

  private static final TestCity CITY = new TestCity("790100", 104, 25);

  @Autowired TestPeople people;
  @Autowired ComponentIndex index;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private TestClient steward;

  @BeforeEach
  void aCity() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    jdbc.sql("DELETE FROM place_component WHERE ident LIKE '7901%'").update();
  }

  private Map<String, Object> component(String ident, double x, double y, State state) {
    List<Double> at = CITY.at(x, y);
    return Map.of("ident", ident, "lon", at.get(0), "lat", at.get(1), "state", state.name());
  }

  private void save(List<Map<String, Object>> components) {
    assertThat(steward.post("/api/components:batch", components).json().path("accepted").asInt()).isEqualTo(components.size());
  }

  private static Where here() {
    return Where.box(new GridBox(103.9, 24.9, 104.9, 25.9));
  }

  private List<String> found(KindSet kinds) {
    index.refresh();
    List<String> found = new ArrayList<>();
    try (Snapshot now = index.open()) {
      now.each(here(), kinds, (key, kind, id) -> found.add(index.identOf(id) + " " + index.kindOf(kind) + " " + index.stateOf(kind)));
    }
    found.sort(null);
    return found;
  }

  @Test
  void knowsEachComponentByKindStateAndPlace() {
    save(List.of(component("79010201037000001", 0.5, 0.5, State.INTACT), component("79010201001000002", 0.5, 0.6, State.DAMAGED)));
    assertThat(found(KindSet.all())).containsExactly("79010201001000002 gb47678.5-C01001 DAMAGED", "79010201037000001 gb47678.5-C01037 INTACT");
    assertThat(found(index.kinds(Set.of("gb47678.5-C01037", "no-such-kind")))).containsExactly("79010201037000001 gb47678.5-C01037 INTACT");
    assertThat(found(index.kinds(Set.of("gb47678.5-C01037")).and(index.states(Set.of(State.DAMAGED))))).isEmpty();
    assertThat(found(index.states(Set.of(State.DAMAGED, State.LOST)))).containsExactly("79010201001000002 gb47678.5-C01001 DAMAGED");
    try (Snapshot now = index.open()) {
      IndexedPoint lamp = now.page(here(), index.kinds(Set.of("gb47678.5-C01037")), null, 10).getFirst();
      assertThat(lamp.key()).isEqualTo(GridKeys.encode(CITY.at(0.5, 0.5).get(0), CITY.at(0.5, 0.5).get(1), 9));
      now.cells(new GridBox(103.9, 24.9, 104.9, 25.9), CellSize.MINUTES_30, KindSet.all(), (box, count, dominant, worst) -> {
        assertThat(index.stateOf(worst)).isEqualTo(State.DAMAGED);
        assertThat(index.kindOfGroup(dominant)).isIn("gb47678.5-C01037", "gb47678.5-C01001");
        return true;
      });
    }
  }

  @Test
  void followsWhatMovesChangesAndIsRemoved() {
    save(List.of(component("79010201037000003", 0.5, 0.5, State.INTACT), component("79010201037000004", 0.2, 0.5, State.INTACT)));
    found(KindSet.all());
    String before = index.revision();
    save(List.of(component("79010201037000003", 0.7, 0.5, State.LOST), component("79010201037000004", 0.2, 0.5, State.REMOVED)));
    assertThat(found(KindSet.all())).containsExactly("79010201037000003 gb47678.5-C01037 LOST");
    assertThat(index.revision()).isNotEqualTo(before);
    save(List.of(component("79010201037000003", 0.5, 0.5, State.INTACT), component("79010201037000004", 0.2, 0.5, State.INTACT)));
    assertThat(found(KindSet.all())).hasSize(2);
    assertThat(index.revision()).as("the same content has the same revision").isEqualTo(before);
    jdbc.sql("DELETE FROM place_component WHERE ident = '79010201037000003'").update();
    assertThat(found(KindSet.all())).containsExactly("79010201037000004 gb47678.5-C01037 INTACT");
  }

  @Test
  void seesWhatATransactionLeftThatBeganLongBefore() throws Exception {
    Thread[] other = new Thread[1];
    transaction.executeWithoutResult(slow -> {
      insert("79010201037000005");
      // Meanwhile another commits, and the index goes on past both.
      other[0] = Thread.ofPlatform().start(() -> transaction.executeWithoutResult(quick -> insert("79010201037000006")));
      try {
        other[0].join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(found(KindSet.all())).containsExactly("79010201037000006 gb47678.5-C01037 INTACT");
    });
    assertThat(found(KindSet.all())).hasSize(2);
  }

  private void insert(String ident) {
    List<Double> at = CITY.at(0.5, 0.5);
    jdbc.sql("""
            INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, state, recorded_on)
            VALUES (:ident, 'gb47678.5-C01037', '路灯', :lon, :lat, :key, 'INTACT', current_date)""")
        .param("ident", ident).param("lon", at.get(0)).param("lat", at.get(1)).param("key", GridKeys.encode(at.get(0), at.get(1), 9)).update();
  }

  @Test
  void showsAChangeWithinTwoSecondsWithoutBeingAsked() {
    found(KindSet.all());
    long begun = System.nanoTime();
    insert("79010201037000007");
    boolean seen = false;
    while (!seen && System.nanoTime() - begun < Duration.ofSeconds(20).toNanos()) {
      try (Snapshot now = index.open()) {
        seen = now.count(here(), KindSet.all()) == 1;
      }
      Thread.onSpinWait();
    }
    assertThat(seen).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void refusesAnIdentThatBeginsWithZero() {
    assertThat(steward.post("/api/components:batch", List.of(component("09010201037000001", 0.5, 0.5, State.INTACT))).text())
        .contains("must not begin with 0");
  }

  @Test
  void saysInReadinessThatItFollows() {
    found(KindSet.all());
    assertThat(index.ready()).isTrue();
    assertThat(steward.get("/api/health/ready").text()).contains("components");
  }
}
