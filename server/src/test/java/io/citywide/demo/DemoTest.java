package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.identity.FirstAccounts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** The demo on a new server of its own: loaded, continued, lived in. One story, told in order. */
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

  private static long archived(ApiClient client) {
    return client.get("/api/signals?channel=IMPORT&limit=200").path("items").size();
  }

  private static long signals(ApiClient client) {
    return client.get("/api/signals?limit=200").path("items").get(0).path("id").asLong();
  }
}
