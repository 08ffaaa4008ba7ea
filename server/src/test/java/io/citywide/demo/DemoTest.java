package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import io.citywide.identity.FirstAccounts;
import io.citywide.sensing.internal.ways.MqttDoor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;

/** The demo on a new server of its own: loaded, continued, lived in. One story, told in order. */
@DirtiesContext // no other test works in it
@ServerTest
@Import(DemoTest.Keeper.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {

  /** Keeps the one-time passwords that a new installation tells. */
  @TestConfiguration
  static class Keeper {

    final Map<String, String> passwords = new HashMap<>();

    @EventListener
    void keep(FirstAccounts accounts) {
      passwords.putAll(accounts.passwords());
    }
  }

  @Autowired Keeper keeper;
  @Autowired MqttDoor door;
  @LocalServerPort int port;
  URI base;

  @BeforeEach
  void address() {
    base = URI.create("http://127.0.0.1:" + port);
  }

  @Test
  @Order(1)
  void anInterruptedLoadIsContinuedByTheNextOne() {
    assertThatThrownBy(() -> new DemoCity(base, new SmallCity(), part -> {
      if (part.contains("people")) {
        throw new IllegalStateException("the plug was pulled");
      }
    }).load(keeper.passwords)).hasMessage("the plug was pulled");

    // The one-time passwords are used up by then.
    List<Account> accounts = new DemoCity(base, new SmallCity(), part -> {}).load(Map.of());

    assertThat(accounts).extracting(Account::login)
        .startsWith("acceptor", "shift", "dispatcher", "handler", "verifier", "collector", "evaluator", "leader").hasSizeLessThanOrEqualTo(40);
    for (Account account : accounts) {
      var me = ApiClient.person(base, account.login(), DemoCity.PASSWORD).signIn();
      assertThat(me.path("mustChangePassword").asBoolean()).isFalse();
      assertThat(me.path("position").path("role").asString()).isEqualTo(account.role());
      assertThat(me.path("positions")).hasSize(1);
    }
  }

  @Test
  @Order(2)
  void loadingAgainChangesNothing() {
    ApiClient admin = ApiClient.person(base, "admin", DemoCity.PASSWORD);
    ApiClient dispatcher = ApiClient.person(base, "dispatcher", DemoCity.PASSWORD);
    var units = admin.get("/api/units");
    var people = admin.get("/api/people?limit=500");
    var rules = dispatcher.get("/api/dispatch/rules?limit=1000");
    List<String> progress = new ArrayList<>();

    new DemoCity(base, new SmallCity(), progress::add).load(Map.of());

    assertThat(progress).isEmpty();
    assertThat(admin.get("/api/units")).isEqualTo(units);
    assertThat(admin.get("/api/people?limit=500")).isEqualTo(people);
    assertThat(dispatcher.get("/api/dispatch/rules?limit=1000")).isEqualTo(rules);
    assertThat(rules.path("items")).isNotEmpty();
  }

  @Test
  @Order(3)
  void theSimulatorBringsReportsToTheEndOfTheirWay() {
    ApiClient evaluator = ApiClient.person(base, "evaluator", DemoCity.PASSWORD);
    Simulator simulator = new Simulator(base, new Simulator.Pace(Duration.ofMillis(1), 60, 40, 7));

    int moments = 0;
    while (evaluator.get("/api/cases?stage=EVALUATED&limit=1").path("items").isEmpty()) {
      assertThat(++moments).as("moments without an evaluated case; complaints: " + simulator.complaints()).isLessThan(600);
      simulator.live();
    }

    assertThat(simulator.complaints()).isEmpty();
    assertThat(evaluator.get("/api/cases?stage=CLOSED&limit=200").path("items")).as("the past is there").hasSizeGreaterThan(20)
        .allSatisfy(c -> assertThat(c.path("leadUnitId").isNumber()).as("a unit did it: " + c).isTrue());
  }

  @Test
  @Order(4)
  void startedAgainItGoesOnAndRepeatsNoPast() {
    ApiClient leader = ApiClient.person(base, "leader", DemoCity.PASSWORD);
    long archived = archived(leader);

    Simulator again = new Simulator(base, new Simulator.Pace(Duration.ofMillis(1), 60, 40, 7));
    for (int i = 0; i < 5; i++) {
      again.live();
    }

    assertThat(archived(leader)).isEqualTo(archived);
    assertThat(again.complaints()).isEmpty();
  }

  @Test
  @Order(5)
  void aFullCityGetsNoNewReport() {
    ApiClient leader = ApiClient.person(base, "leader", DemoCity.PASSWORD);
    Simulator simulator = new Simulator(base, new Simulator.Pace(Duration.ofMillis(1), 1, 0, 9));
    long before = signals(leader);

    simulator.live();

    assertThat(signals(leader)).isEqualTo(before);
  }

  @Test
  @Order(6)
  void itsWatchRulesArePublishedOnceAndWhatPeopleMakeOfThemStays() {
    ApiClient shift = ApiClient.person(base, "shift", DemoCity.PASSWORD);
    List<String> progress = new ArrayList<>();
    new StarterRules(base, progress::add).publish();

    Map<String, JsonNode> rules = new HashMap<>();
    shift.get("/api/watch-rules").forEach(rule -> rules.put(rule.path("rule").asString(), rule.path("published")));
    for (StarterRules.Starter rule : StarterRules.ALL) {
      JsonNode published = rules.get(rule.id());
      assertThat(published.path("version").asInt()).as(rule.id()).isEqualTo(1);
      assertThat(published.path("areaLow").asString()).isEqualTo("9801");
      assertThat(published.path("category").asString()).isEqualTo(rule.category());
      assertThat(published.path("caseFrom").asString(null)).isEqualTo(rule.caseFrom());
    }
    shift.post("/api/watch-rules/noise-night/withdraw", Map.of("version", 1));
    JsonNode before = shift.get("/api/watch-rules");

    new StarterRules(base, progress::add).publish();

    assertThat(shift.get("/api/watch-rules")).isEqualTo(before);
    assertThat(progress).hasSize(1);
  }

  @Test
  @Order(7)
  void devicesSpeakMqttWithTheirSecretsAndThroughAGateway() throws Exception {
    List<Planned> devices = List.of(new Planned("yz-lift-0001", Sort.LIFT, "柳树苑电梯", 118.004, 32.005, null, null, null, null),
        new Planned("yz-shed-0001-smoke-1", Sort.SMOKE, "柳树苑车棚1号烟感", 118.005, 32.005, "yz-shed-0001", null, null, null));
    new SensorLife(base, 0, devices, part -> {}, Clock.systemUTC(), 7).register();
    ApiClient admin = ApiClient.person(base, "admin", DemoCity.PASSWORD);
    String secret = admin.post("/api/devices/yz-lift-0001/secret", null).path("secret").asString();
    String key = ApiClient.person(base, "security", DemoCity.PASSWORD)
        .post("/api/api-keys", Map.of("name", "demo test", "areaCode", "", "permissions", List.of("OBSERVATION_WRITE"))).path("secret").asString();
    try (MqttDevices mqtt = new MqttDevices(door.port(), Map.of("yz-lift-0001", secret), key, List.of("yz-shed-0001-smoke-1"))) {
      for (Planned device : devices) {
        Instant at = Instant.ofEpochMilli(System.currentTimeMillis());
        String line = SensorWorld.measure(device.sort(), 1, at, 0).line(device.code());
        soon(() -> mqtt.say(device.code(), line));
        soon(() -> {
          try {
            return admin.get("/api/observations/newest?device=" + device.code() + "&property=" + (device.sort() == Sort.LIFT ? "floor" : "smoke")).path("time").asLong() == at.toEpochMilli();
          } catch (Refusal none) {
            return false;
          }
        });
      }
      assertThat(mqtt.say("yz-lift-0002", "{}")).as("who has no connection").isFalse();
      assertThat(mqtt.takeBack()).isEmpty();

      admin.post("/api/devices/yz-lift-0001/secret", null);
      soon(() -> !mqtt.say("yz-lift-0001", SensorWorld.measure(Sort.LIFT, 1, Instant.now(), 0).line("yz-lift-0001")));
      assertThat(mqtt.say("yz-shed-0001-smoke-1", SensorWorld.measure(Sort.SMOKE, 1, Instant.now(), 0).line("yz-shed-0001-smoke-1"))).isTrue();
    }
  }

  @Test
  @Order(8)
  void peopleOnDutyAcknowledgeWarningsInTheirTimeAndEndSomeOfThem() {
    ApiClient admin = ApiClient.person(base, "admin", DemoCity.PASSWORD);
    ApiClient shift = ApiClient.person(base, "shift", DemoCity.PASSWORD);
    ApiClient box = ApiClient.machine(base, ApiClient.person(base, "security", DemoCity.PASSWORD)
        .post("/api/api-keys", Map.of("name", "demo cameras", "areaCode", "", "permissions", List.of("OBSERVATION_WRITE"))).path("secret").asString());
    for (int i = 0; i < 12; i++) {
      admin.post("/api/devices", Map.of("code", "duty-camera-" + i, "type", "camera", "lon", 118.004, "lat", 32.005));
      box.post("/api/alarms/camera", Map.of("camera", "duty-camera-" + i, "class", "crowd", "confidence", 0.9));
    }
    Instant raised = Instant.now();

    Watchkeepers.look(shift, raised);
    assertThat(warnings(shift)).as("nobody is as fast as that").hasSize(12).allMatch(w -> w.path("acknowledgedAt").isNull());

    Instant later = raised.plus(Duration.ofHours(3));
    for (int i = 0; i < 12; i++) {
      Watchkeepers.look(shift, later);
    }
    List<JsonNode> left = warnings(shift).stream().filter(w -> w.path("live").asBoolean() && w.path("acknowledgedAt").isNull()).toList();
    assertThat(left).as("only those that nobody looks after").allMatch(w ->
        Watchkeepers.acknowledged(w.path("id").asLong(), "ORANGE", Instant.parse(w.path("gradeSince").asString())).isEmpty()).hasSizeLessThan(6);
    List<JsonNode> ended = warnings(shift).stream().filter(w -> !w.path("live").asBoolean()).toList();
    assertThat(ended).isNotEmpty().allMatch(w -> !w.path("verdict").asString("").isEmpty() && !w.path("endedName").asString("").isEmpty());
    Simulator simulator = new Simulator(base, new Simulator.Pace(Duration.ofMillis(1), 1, 0, 11));
    simulator.live();
    assertThat(simulator.complaints()).isEmpty();
  }

  @Test
  @Order(9)
  void smokeInAShedIsToldToItsPropertyManagerTheCommunityAndTheFireService() throws Exception {
    ApiClient shift = ApiClient.person(base, "shift", DemoCity.PASSWORD);
    Map<String, String> codes = new HashMap<>();
    shift.get("/api/units").forEach(unit -> codes.put(unit.path("name").asString(), unit.path("code").asString()));
    Planned detector = new Planned("yz-shed-0002-smoke-1", Sort.SMOKE, "柳树苑二期车棚1号烟感", 118.005, 32.004, "yz-shed-0002", null, null, Roster.manager("980102001001"));
    ApiClient.person(base, "admin", DemoCity.PASSWORD).postText("/api/devices:import", "application/x-ndjson", detector.line());
    ApiClient platform = ApiClient.machine(base, ApiClient.person(base, "security", DemoCity.PASSWORD)
        .post("/api/api-keys", Map.of("name", "demo smoke", "areaCode", "", "permissions", List.of("OBSERVATION_WRITE"))).path("secret").asString());
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    StringBuilder lines = new StringBuilder();
    for (int ago = 180; ago >= 0; ago -= 10) {
      lines.append(SensorWorld.measure(Sort.SMOKE, 3, now.minusSeconds(ago), 1).line(detector.code())).append('\n');
    }
    platform.postText("/api/observations", "application/x-ndjson", lines.toString());

    List<String> told = new ArrayList<>();
    soon(() -> {
      told.clear();
      shift.get("/api/warnings?rule=shed-smoke&limit=1").path("items").forEach(w ->
          shift.get("/api/warnings/" + w.path("id").asLong()).path("deliveries").forEach(d -> told.add(codes.get(d.path("toName").asString()))));
      return told.contains("YZ-FIRE");
    });
    assertThat(told).contains("WY980102001001", "SQ980102001001", "YZ-FIRE");
    for (String login : List.of("handler.property", "handler.fire")) {
      assertThat(ApiClient.person(base, login, DemoCity.PASSWORD).get("/api/warnings/inbox").toString()).as(login).contains("shed-smoke");
    }
  }

  private static List<JsonNode> warnings(ApiClient who) {
    return who.get("/api/warnings?rule=camera-crowd&limit=100").path("items").valueStream().toList();
  }

  private static void soon(BooleanSupplier so) throws InterruptedException {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); !so.getAsBoolean(); ) {
      assertThat(System.nanoTime()).as("within 20 s").isLessThan(end);
      new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    }
  }

  private static long archived(ApiClient client) {
    return client.get("/api/signals?channel=IMPORT&limit=200").path("items").size();
  }

  private static long signals(ApiClient client) {
    return client.get("/api/signals?limit=200").path("items").get(0).path("id").asLong();
  }
}
