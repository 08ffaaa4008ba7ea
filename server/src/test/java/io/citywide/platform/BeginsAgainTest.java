package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.grid.index.Snapshot;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.ComponentIndex;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Reading;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Everything that runs in the background begins again after it was stopped. A server of its own: nobody else may meet it while it stands still. */
@DirtiesContext // no other test works in it
@ServerTest
@TestPropertySource(properties = "spring.application.name=citywide-that-begins-again")
class BeginsAgainTest {

  private static final TestCity CITY = new TestCity("991700", 99.17, 27.71);

  @Autowired ConfigurableApplicationContext context;
  @Autowired List<SmartLifecycle> parts;
  @Autowired TestPeople people;
  @Autowired StaGround ground;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  @Autowired ComponentIndex index;

  @Test
  void everyPartBeginsAgainAfterAStopAndDoesItsWork() throws InterruptedException {
    ground.city(CITY);
    List<SmartLifecycle> ran = parts.stream().filter(SmartLifecycle::isRunning).toList();
    assertThat(ran).hasSizeGreaterThan(8);

    context.pause();
    List<SmartLifecycle> paused = ran.stream().filter(part -> !part.isRunning()).toList();
    assertThat(paused).as("what stands still").hasSizeGreaterThan(8);
    context.start();
    assertThat(ran).allMatch(SmartLifecycle::isRunning);

    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.post("/api/components:batch", List.of(Map.of("ident", "99170201001000001", "lon", CITY.at(1, 1).get(0), "lat", CITY.at(1, 1).get(1)))).status()).isEqualTo(200);
    until("the index of components follows", () -> {
      try (Snapshot now = index.open()) {
        return now.size() == 1;
      }
    });
    Answer taken = people.someone(Role.ACCEPTOR, CITY.city, null).client()
        .post("/api/signals", Map.of("description", "路边堆满暴露垃圾", "lon", CITY.at(1, 1).get(0), "lat", CITY.at(1, 1).get(1)));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    // It is said to stand in no grid cell: the placement of devices puts that right, and the directory learns of it.
    ground.gauges("again-gauge", 9, List.of("level"), new Gauge("AGAIN-1", CITY.at(1, 1).get(0), CITY.at(1, 1).get(1), CITY.city.substring(0, 4) + "02"));
    ground.city(CITY.alone(CITY.box(0, 0, 4, 2.2)));
    until("the device is placed", () -> directory.find("AGAIN-1").orElseThrow().areaCode().length() == 15);
    assertThat(observations.take(List.of(new Reading("AGAIN-1", "level", System.currentTimeMillis(), 3))).stored()).isEqualTo(1);
    until("the server is ready", () -> people.nobody().get("/api/health/ready").json().path("status").asString().equals("ready"));
  }

  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(50);
    }
  }
}
