package io.citywide.sensing.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.Places;
import io.citywide.place.TestCity;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A device is of the area in which it stands, also after the boundaries of areas have changed. */
@ServerTest
class PlacementTest {

  private static final String WEST = "970302001001";
  private static final String EAST = "970302001002";

  @Autowired TestPeople people;
  @Autowired Places places;
  @Autowired DeviceDirectory directory;
  @Autowired Placement placement;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private final TestCity city = new TestCity("970300", 97.91, 38.51);
  private TestClient steward;

  /** Two communities side by side, without grids, whose boundary may move. */
  @BeforeEach
  void aCity() {
    city.features.keySet().removeIf(code -> code.length() > 12);
    steward = people.someone(Role.SYSTEM_ADMIN, city.city, null).client();
    bound(2);
  }

  @AfterEach
  void asItWas() {
    bound(2);
  }

  /** @param x where the western community ends and the eastern begins */
  private void bound(int x) {
    city.area(WEST, "梧桐社区", city.box(0, 0, x, 2));
    city.area(EAST, "杨柳社区", city.box(x, 0, 4, 2));
    assertThat(steward.put("/api/areas", city.geoJson()).status()).isEqualTo(200);
  }

  private void register(String code, double x) {
    Map<String, Object> device = Map.of("code", code, "type", "smoke", "lon", city.at(x, 0.5).get(0), "lat", city.at(x, 0.5).get(1));
    assertThat(steward.post("/api/devices", device).status()).isEqualTo(201);
  }

  private CountDownLatch movingTo(String code, String area) {
    CountDownLatch moved = new CountDownLatch(1);
    directory.follow(new DeviceListener() {
      @Override
      public void registered(Known device) {
        // it was there before
      }

      @Override
      public void changed(Known before, Known after) {
        if (after.code().equals(code) && area.equals(after.areaCode())) {
          moved.countDown();
        }
      }

      @Override
      public void removed(Known device) {
        // it stays
      }
    });
    return moved;
  }

  private void asSystem(Runnable work) {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> work.run()));
  }

  @Test
  void movesWithTheBoundaryAndIsSeenByWhoAnswersForItNow() throws InterruptedException {
    register("PLACED-1", 2.5);
    register("PLACED-2", 3.5);
    TestClient west = people.someone(Role.ACCEPTOR, WEST, null).client();
    TestClient east = people.someone(Role.ACCEPTOR, EAST, null).client();
    assertThat(east.get("/api/devices/PLACED-1").status()).isEqualTo(200);
    assertThat(west.get("/api/devices/PLACED-1").status()).isEqualTo(404);
    int version = steward.get("/api/devices/PLACED-1").json().path("version").asInt();

    CountDownLatch moved = movingTo("PLACED-1", WEST);
    bound(3);
    assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(west.get("/api/devices/PLACED-1").json().at("/device/areaCode").asString()).isEqualTo(WEST);
    assertThat(east.get("/api/devices/PLACED-1").status()).isEqualTo(404);
    assertThat(directory.find("PLACED-1").orElseThrow().areaCode()).isEqualTo(WEST);
    assertThat(east.get("/api/devices/PLACED-2").json().at("/device/areaCode").asString()).isEqualTo(EAST);
    assertThat(steward.get("/api/devices/PLACED-1").json().path("version").asInt()).as("nobody's change is lost for it").isEqualTo(version);
  }

  @Test
  void followsWhatAnotherServerImportedAndRegistersByItAtOnce() throws InterruptedException {
    register("PLACED-3", 1.5);
    CountDownLatch moved = movingTo("PLACED-3", EAST);
    // Without a message: what this server remembers of the areas is old now.
    asSystem(() -> {
      jdbc.sql("UPDATE place_area a SET boundary = b.boundary FROM place_area b WHERE (a.code, b.code) IN ((:west, :east), (:east, :west))")
          .param("west", WEST).param("east", EAST).update();
      jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'areas'").update();
    });
    register("PLACED-4", 1.5);
    assertThat(directory.find("PLACED-4").orElseThrow().areaCode()).isEqualTo(EAST);
    assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void followsAgainAfterAStop() throws InterruptedException {
    register("PLACED-5", 2.5);
    placement.stop();
    assertThat(placement.isRunning()).isFalse();
    placement.start();
    assertThat(placement.isRunning()).isTrue();
    register("PLACED-6", 2.5);
    CountDownLatch moved = movingTo("PLACED-6", WEST);
    bound(3);
    assertThat(moved.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.find("PLACED-5").orElseThrow().areaCode()).isEqualTo(WEST);
  }

  @Test
  void areasStayWhileADeviceIsPlacedByThem() {
    asSystem(() -> {
      Places.Edition held = places.hold();
      boolean[] free = new boolean[1];
      Thread other = Thread.ofVirtual().start(() -> asSystem(() -> free[0] = jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'areas' FOR UPDATE SKIP LOCKED")
          .query(Long.class).optional().isPresent()));
      try {
        other.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      assertThat(free[0]).isFalse();
      assertThat(held).isLessThan(new Places.Edition(held.revision(), held.day().plusDays(1))).isGreaterThan(new Places.Edition(held.revision() - 1, held.day().plusDays(1)));
    });
  }
}
