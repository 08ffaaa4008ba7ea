package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Server and database are killed while warnings are live: the same are live afterwards, once each, and they go on climbing and ending. */
class KilledWatchTest {

  private static final String TYPE = "killed-smoke";
  private static final String RULE = """
      rule: killed
      name: {zh: 烟雾, en: Smoke}
      watch: {type: killed-smoke}
      inputs: {level: level}
      grades:
        yellow: {when: "level > 20"}
        orange: {when: "level > 40", for: 2s}
        red: {when: "level > 60", until: "level < 10"}
      reason: {zh: "烟雾{level}，{grade}", en: "Smoke {level}: {grade}"}
      """;
  private static final Map<String, String> ENVIRONMENT = Map.of("CITYWIDE_WATCH_LEASE", "2s", "CITYWIDE_WATCH_SAVEEVERY", "2s", "CITYWIDE_WATCH_PATIENCE", "100ms");

  @TempDir Path data;
  private ApiClient admin;
  private ApiClient gateway;

  private void meet(URI server, String password) throws IOException {
    admin = ApiClient.person(server, "admin", password);
    gateway = ApiClient.machine(server, OperatorKey.find(data).orElseThrow());
  }

  private static void settle(URI server, String login, String oneTime) {
    ApiClient fresh = ApiClient.person(server, login, oneTime);
    fresh.signIn();
    fresh.put("/api/session/password", Map.of("current", oneTime, "next", DemoCity.PASSWORD));
  }

  /** Rules are the business of who leads a shift. */
  private ApiClient shiftLeader(URI server, String security) {
    settle(server, "security", security);
    long unit = admin.post("/api/units", Map.of("code", "YXZX", "name", "运行监督中心", "kind", "CENTRE", "areaCode", SmallCity.CITY, "stationing", "NONE")).path("id").asLong();
    JsonNode made = admin.post("/api/people", Map.of("login", "shift", "name", "值班长"));
    ApiClient.person(server, "security", DemoCity.PASSWORD).post("/api/people/" + made.path("person").path("id").asLong() + "/positions",
        Map.of("role", "SHIFT_LEADER", "unitId", unit, "areaCode", SmallCity.CITY));
    settle(server, "shift", made.path("oneTimePassword").asString());
    return ApiClient.person(server, "shift", DemoCity.PASSWORD);
  }

  private void register(URI server, Map<String, String> oneTime) throws IOException {
    settle(server, "admin", oneTime.get("admin"));
    meet(server, DemoCity.PASSWORD);
    admin.put("/api/areas", new SmallCity().areas());
    Map<String, Object> level = Map.of("name", "level", "nameZh", "烟雾", "nameEn", "Smoke", "unit", "%", "low", 0, "high", 100, "intervalSeconds", 60);
    admin.post("/api/device-types", Map.of("code", TYPE, "nameZh", "烟感", "nameEn", "Smoke detector", "properties", List.of(level), "commands", List.of(),
        "silentAfterSeconds", 86_400, "retentionDays", 400, "version", 0));
    StringBuilder devices = new StringBuilder();
    for (int i = 1; i <= 8; i++) {
      devices.append("{\"code\":\"K-%d\",\"type\":\"%s\",\"name\":\"车棚%d号烟感\",\"lon\":118.005,\"lat\":32.005}%n".formatted(i, TYPE, i));
    }
    assertThat(admin.postText("/api/devices:import", "application/x-ndjson", devices.toString()).path("added").asInt()).isEqualTo(8);
    ApiClient shift = shiftLeader(server, oneTime.get("security"));
    JsonNode draft = shift.put("/api/watch-rules/draft", Map.of("document", RULE, "category", "Fire", "note", ""));
    shift.post("/api/watch-rules/killed/publish", Map.of("edit", draft.path("edit").asInt()));
  }

  private void send(int device, double level) {
    gateway.post("/api/observations", Map.of("device", "K-" + device, "values", Map.of("level", level)));
  }

  private Map<String, JsonNode> live() {
    Map<String, JsonNode> live = new HashMap<>();
    admin.get("/api/warnings?live=true&rule=killed").path("items")
        .forEach(w -> assertThat(live.put(w.path("subject").asString(), w)).as("%s is live once", w.path("subject")).isNull());
    return live;
  }

  /** Grades by subject, as soon as they are so. */
  private Map<String, JsonNode> await(Map<String, String> grades) throws InterruptedException {
    Predicate<Map<String, JsonNode>> so = live -> live.keySet().equals(grades.keySet())
        && live.values().stream().allMatch(w -> w.path("grade").asString().equals(grades.get(w.path("subject").asString())));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Map<String, JsonNode> live = live();
    while (!so.test(live)) {
      assertThat(System.nanoTime()).as("%s within 20 s, but there is %s", grades, live).isLessThan(end);
      new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      live = live();
    }
    return live;
  }

  private List<String> acts(JsonNode warning) {
    List<String> acts = new ArrayList<>();
    admin.get("/api/warnings/" + warning.path("id").asLong()).path("steps").forEach(step -> {
      if (!step.path("act").asString().equals("PASSED_UP")) {
        acts.add(step.path("act").asString());
      }
    });
    return acts;
  }

  @Test
  void theSameWarningsAreLiveOnceAndGoOn() throws Exception {
    Map<String, Long> before = new HashMap<>();
    try (ServerProcess first = new ServerProcess(data, ENVIRONMENT, "--port", "0")) {
      URI server = first.address();
      register(server, first.firstPasswords);
      // A rule is at work a moment after it was published.
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (live().isEmpty()) {
        assertThat(System.nanoTime()).as("the rule is at work").isLessThan(end);
        send(1, 25);
      }
      send(2, 80);
      send(3, 25);
      send(4, 80);
      await(Map.of("K-1", "YELLOW", "K-2", "RED", "K-3", "YELLOW", "K-4", "RED")).forEach((subject, w) -> before.put(subject, w.path("id").asLong()));

      // What is acknowledged in the last moment: whether or not it was judged already, it is judged once. One of them has held for a moment only.
      send(5, 80);
      send(6, 45);
      send(7, 25);
      List<ProcessHandle> all = first.process.descendants().toList();
      first.process.destroyForcibly().waitFor();
      all.forEach(ProcessHandle::destroyForcibly);
    }

    try (ServerProcess second = new ServerProcess(data, ENVIRONMENT, "--port", "0")) {
      meet(second.address(), DemoCity.PASSWORD);
      Map<String, JsonNode> live = await(Map.of("K-1", "YELLOW", "K-2", "RED", "K-3", "YELLOW", "K-4", "RED", "K-5", "RED", "K-6", "ORANGE", "K-7", "YELLOW"));
      before.forEach((subject, id) -> assertThat(live.get(subject).path("id").asLong()).as(subject).isEqualTo(id));
      assertThat(acts(live.get("K-5"))).containsExactly("RAISED");
      assertThat(acts(live.get("K-6"))).as("what it had held for counts, and is decided once").containsExactly("RAISED", "ESCALATED");

      send(1, 80);
      send(2, 5);
      send(3, 5);
      send(8, 25);
      Map<String, JsonNode> after = await(Map.of("K-1", "RED", "K-4", "RED", "K-5", "RED", "K-6", "ORANGE", "K-7", "YELLOW", "K-8", "YELLOW"));
      assertThat(acts(after.get("K-1"))).containsExactly("RAISED", "ESCALATED");
      assertThat(acts(after.get("K-4"))).containsExactly("RAISED");

      Set<String> subjects = new HashSet<>();
      Set<String> messages = new HashSet<>();
      for (JsonNode w : admin.get("/api/warnings?rule=killed").path("items")) {
        assertThat(subjects.add(w.path("subject").asString())).as("one warning of each, live or over: %s", w).isTrue();
        assertThat(w.path("number").asLong()).isEqualTo(1);
        admin.get("/api/warnings/" + w.path("id").asLong()).path("steps").forEach(step -> {
          if (!step.path("capId").isNull()) {
            assertThat(messages.add(step.path("capId").asString())).as("no message has the number of another").isTrue();
          }
        });
      }
      assertThat(subjects).hasSize(8);
      assertThat(acts(admin.get("/api/warnings?rule=killed&subject=K-2").path("items").get(0))).containsExactly("RAISED", "ENDED");
    }
  }
}
