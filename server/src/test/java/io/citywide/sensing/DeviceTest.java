package io.citywide.sensing;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations.Reading;
import io.citywide.sensing.internal.registry.CommandDesk;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The register of devices over HTTP. */
@ServerTest
class DeviceTest {

  private static final TestCity CITY = new TestCity("970200", 97.21, 37.21);

  private static final Map<String, Object> AROUND = Map.of("region", Map.of("circle", Map.of("lon", CITY.at(1.5, 1.5).get(0), "lat", CITY.at(1.5, 1.5).get(1), "radius", 20)));

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired CommandDesk commands;
  @Autowired Observations observations;

  private TestClient steward;
  private TestClient leader;

  @BeforeEach
  void aCity() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    leader = people.someone(Role.SHIFT_LEADER, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
  }

  private Map<String, Object> device(String code, String type, double x, double y) {
    return new HashMap<>(Map.of("code", code, "type", type, "lon", CITY.at(x, y).get(0), "lat", CITY.at(x, y).get(1)));
  }

  private JsonNode register(String code, String type, double x, double y) {
    Answer answer = steward.post("/api/devices", device(code, type, x, y));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  @Test
  void registersChangesAndDeletesADevice() {
    JsonNode made = register("HTTP-1", "smoke", 0.5, 0.5);
    assertThat(made.at("/device/state").asString()).isEqualTo("NEW");
    assertThat(made.at("/device/area").asString()).endsWith("001网格");
    assertThat(made.path("secret").asBoolean()).isFalse();
    assertThat(steward.post("/api/devices", device("HTTP-1", "smoke", 0.5, 0.5)).problem()).isEqualTo("sensing.code-taken");

    Map<String, Object> change = device("HTTP-1", "smoke", 2.5, 0.5);
    change.putAll(Map.of("name", "一号车棚烟感", "group", "shed-1", "version", made.path("version").asInt()));
    Answer changed = steward.put("/api/devices/HTTP-1", change);
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.json().at("/device/areaCode").asString()).isEqualTo("970202001002001");
    assertThat(directory.find("HTTP-1").orElseThrow().groupCode()).isEqualTo("shed-1");
    assertThat(steward.put("/api/devices/HTTP-1", change).problem()).isEqualTo("sensing.changed");
    change.put("type", "lift");
    assertThat(steward.put("/api/devices/HTTP-1", change).text()).contains("stays one");

    assertThat(steward.delete("/api/devices/HTTP-1").status()).isEqualTo(204);
    assertThat(steward.get("/api/devices/HTTP-1").problem()).isEqualTo("sensing.unknown-device");
    assertThat(directory.find("HTTP-1")).isEmpty();
  }

  @Test
  void listsByFilterPageByPageWithCountsOfTheSame() {
    for (int i = 0; i < 5; i++) {
      register("LIST-" + i, i % 2 == 0 ? "lift" : "noise", 0.2 + i * 0.8, 0.5);
    }
    String found = "/api/devices?q=LIST-&limit=2";
    JsonNode first = leader.get(found).json();
    assertThat(first.at("/items/0/code").asString()).isEqualTo("LIST-0");
    assertThat(first.path("next").asString()).isEqualTo("LIST-1");
    assertThat(leader.get(found + "&after=LIST-3").json().path("items").size()).isEqualTo(1);
    assertThat(leader.get("/api/devices?q=LIST-&type=lift").json().path("items").size()).isEqualTo(3);
    assertThat(leader.get("/api/devices?q=LIST-&area=970202001001").json().path("items").size()).isEqualTo(3);
    assertThat(leader.get("/api/devices:counts?q=LIST-&type=lift").json().path("NEW").asInt()).isEqualTo(3);
    TestClient community = people.someone(Role.ACCEPTOR, "970202001002", null).client();
    assertThat(community.get("/api/devices?q=LIST-").json().path("items").size()).isEqualTo(2);
    assertThat(leader.get("/api/devices?limit=0").status()).isEqualTo(400);
  }

  @Test
  void narrowsToWhatMeasuresAPropertyAndTellsWhatEachMeasured() {
    register("MEAS-1", "noise", 0.5, 0.5);
    register("MEAS-2", "noise", 2.5, 0.5);
    register("MEAS-3", "lift", 0.5, 0.5);
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
    assertThat(observations.take(List.of(new Reading("MEAS-1", "laeq", hour.toEpochMilli(), 50), new Reading("MEAS-1", "laeq", hour.toEpochMilli() + 60_000, 64),
        new Reading("MEAS-1", "laeq", hour.toEpochMilli() + 3_600_000, 90))).stored()).isEqualTo(3);
    String found = "/api/devices?q=MEAS-&property=laeq";
    String time = "&from=" + hour + "&to=" + hour.plus(Duration.ofHours(1));
    assertThat(leader.get(found).json().path("items").valueStream().map(d -> d.path("code").asString() + d.path("measured").isNull()).toList()).containsExactly("MEAS-1true", "MEAS-2true");
    JsonNode items = leader.get(found + time).json().path("items");
    assertThat(items.at("/0/measured/count").asLong()).as(items.toString()).isEqualTo(2);
    assertThat(items.at("/0/measured/sum").asDouble()).isEqualTo(114);
    assertThat(items.at("/0/measured/max").asDouble()).isEqualTo(64);
    assertThat(items.at("/1/measured").isNull()).as("it measured nothing").isTrue();
    assertThat(leader.get(found + time + "&area=970202001001").json().path("items").size()).isEqualTo(1);
    assertThat(leader.get("/api/devices:counts?q=MEAS-&property=laeq").json().path("NEW").asInt()).isEqualTo(2);
    assertThat(leader.get("/api/devices?q=MEAS-&property=nothing").json().path("items").size()).isZero();
    for (String half : List.of(found + "&from=" + hour, "/api/devices?q=MEAS-" + time, found + "&from=" + hour + "&to=" + hour, found + "&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")) {
      assertThat(leader.get(half).problem()).as(half).isEqualTo("request.invalid");
    }
  }

  @Test
  void findsADeviceOnTheMapAndInTheSearch() {
    register("MAPPED-1", "water-level", 1.5, 1.5);
    assertThat(leader.get("/api/map/search?q=MAPPED-1").text()).contains("\"device\"", "MAPPED-1");
    Answer inside = leader.post("/api/map/inside", AROUND);
    assertThat(inside.text()).as(inside.text()).contains("\"water-level\"");
    assertThat(leader.post("/api/map/inside/devices", AROUND).text()).contains("MAPPED-1");
  }

  @Test
  void importsWhatIsGoodNamesWhatIsBadAndChangesNothingTheSecondTime() {
    String good = IntStream.range(0, 300).mapToObj(i -> "IMP-%d,smoke,%s,%s,shed-%d".formatted(i, CITY.at(0.01 * i, 0.5).get(0), CITY.at(0.01 * i, 0.5).get(1), i / 3))
        .collect(Collectors.joining("\n"));
    String csv = "code,type,lon,lat,group\n" + good + "\nbad code,smoke,97.2101,37.2101,\nIMP-0,smoke,97.2101,37.2101,\nIMP-X,unheard,97.2101,37.2101,\nIMP-Y,smoke,37.21,97.21,\nIMP-Z,smoke\nIMP-U,smoke,1,1,\n";
    Answer answer = steward.send("POST", "/api/devices:import", csv, Map.of("Content-Type", "text/csv"));
    JsonNode outcome = answer.json();
    // Only who answers for the whole city may put a device outside every area; the steward does.
    assertThat(List.of(outcome.path("read").asInt(), outcome.path("added").asInt(), outcome.path("rejected").asInt())).as(answer.text()).containsExactly(306, 301, 5);
    assertThat(outcome.at("/rejects/0/row").asInt()).isEqualTo(301);
    assertThat(answer.text()).contains("code must be 1 to 64", "appears twice", "no type 'unheard'", "swapped", "has 2 fields");
    assertThat(directory.find("IMP-299").orElseThrow().series()).doesNotContain(-1);
    assertThat(leader.get("/api/devices/IMP-U").json().at("/device/areaCode").isNull()).isTrue();

    JsonNode again = steward.send("POST", "/api/devices:import", csv, Map.of("Content-Type", "text/csv")).json();
    assertThat(List.of(again.path("added").asInt(), again.path("changed").asInt(), again.path("unchanged").asInt())).containsExactly(0, 0, 301);
    String line = "{\"code\": \"IMP-1\", \"name\": \"改名\"}\n{\"code\": \"IMP-2\", \"nmae\": \"x\"}\nno json\n";
    JsonNode lines = steward.send("POST", "/api/devices:import", line, Map.of("Content-Type", "application/x-ndjson")).json();
    assertThat(List.of(lines.path("changed").asInt(), lines.path("rejected").asInt())).containsExactly(1, 2);
    assertThat(leader.get("/api/devices/IMP-1").json().at("/device/group").asString()).isEqualTo("shed-0");
    assertThat(steward.send("POST", "/api/devices:import", "code,colour\nA,red\n", Map.of("Content-Type", "text/csv")).problem()).isEqualTo("sensing.unreadable-import");
  }

  @Test
  void handsASecretOutOnceAndTakesItBack() {
    register("SECRET-1", "smoke", 0.5, 0.5);
    assertThat(leader.post("/api/devices/SECRET-1/secret", null).status()).isEqualTo(403);
    String first = steward.post("/api/devices/SECRET-1/secret", null).json().path("secret").asString();
    String second = steward.post("/api/devices/SECRET-1/secret", null).json().path("secret").asString();
    assertThat(second).hasSize(32).isNotEqualTo(first);
    assertThat(Secrets.match(directory.find("SECRET-1").orElseThrow(), first)).isFalse();
    assertThat(Secrets.match(directory.find("SECRET-1").orElseThrow(), second)).isTrue();
    assertThat(steward.get("/api/devices/SECRET-1").text()).contains("\"secret\":true").doesNotContain(second, Secrets.class.getSimpleName());
    assertThat(steward.delete("/api/devices/SECRET-1/secret").status()).isEqualTo(204);
    assertThat(Secrets.match(directory.find("SECRET-1").orElseThrow(), second)).isFalse();
  }

  @Test
  void givesDevicesTheSeriesOfAPropertyThatTheirTypeGets() {
    TestClient chief = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    String properties = "{\"name\": \"level\", \"nameZh\": \"水位\", \"nameEn\": \"Level\", \"unit\": \"m\", \"low\": 0, \"high\": 9, \"intervalSeconds\": 60}";
    String form = "{\"code\": \"well\", \"nameZh\": \"水井\", \"nameEn\": \"Well\", \"silentAfterSeconds\": 600, \"retentionDays\": 30, \"version\": 1, \"properties\": [%s]}";
    Answer made = chief.post("/api/device-types", form.formatted(properties));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    register("WELL-1", "well", 0.5, 0.5);
    int series = directory.find("WELL-1").orElseThrow().series("level");
    String more = properties + ", {\"name\": \"ph\", \"nameZh\": \"酸碱度\", \"nameEn\": \"pH\", \"unit\": \"1\", \"low\": null, \"high\": 14, \"intervalSeconds\": 60}";
    Answer changed = chief.put("/api/device-types/well", form.formatted(more));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(directory.find("WELL-1").orElseThrow().series("ph")).isPositive();
    assertThat(directory.find("WELL-1").orElseThrow().series("level")).isEqualTo(series);
    assertThat(chief.put("/api/device-types/well", form.formatted(more)).problem()).isEqualTo("sensing.changed");
    assertThat(chief.post("/api/device-types", form.replace("well", "well2").formatted(properties.replace("9", "-1"))).text()).contains("low below high");
    assertThat(chief.delete("/api/device-types/well").problem()).isEqualTo("sensing.in-use");
    assertThat(steward.delete("/api/devices/WELL-1").status()).isEqualTo(204);
    assertThat(chief.delete("/api/device-types/well").status()).isEqualTo(204);
  }

  @Test
  void keepsACommandUntilTheDeviceAnswers() {
    register("CMD-1", "light", 0.5, 0.5);
    Map<String, Object> order = Map.of("name", "dim", "parameters", Map.of("percent", 40), "reason", "夜间节能");
    assertThat(steward.post("/api/devices/CMD-1/commands", order).status()).isEqualTo(403);
    assertThat(leader.post("/api/devices/CMD-1/commands", Map.of("name", "dim", "reason", "夜间节能")).problem()).isEqualTo("sensing.invalid-command");
    assertThat(leader.post("/api/devices/CMD-1/commands", Map.of("name", "fly", "reason", "夜间节能")).problem()).isEqualTo("sensing.unknown-command");
    Answer issued = leader.post("/api/devices/CMD-1/commands", order);
    assertThat(issued.status()).as(issued.text()).isEqualTo(201);
    long id = issued.json().path("id").asLong();
    assertThat(issued.json().path("state").asString()).isEqualTo("PENDING");
    var known = directory.find("CMD-1").orElseThrow();
    assertThat(commands.answered(known, "{\"id\": %d}".formatted(id).getBytes(StandardCharsets.UTF_8))).isPresent();
    assertThat(commands.answered(known, "{\"id\": 999999999, \"done\": true}".getBytes(StandardCharsets.UTF_8))).isPresent();
    byte[] answer = "{\"id\": %d, \"done\": true, \"answer\": \"40 %%\"}".formatted(id).getBytes(StandardCharsets.UTF_8);
    assertThat(commands.answered(known, answer)).isEmpty();
    assertThat(commands.answered(known, answer)).isEmpty();
    assertThat(leader.get("/api/devices/CMD-1/commands").json().at("/0/state").asString()).isEqualTo("DONE");
    assertThat(leader.get("/api/devices/CMD-1/commands").json().at("/0/answer").asString()).isEqualTo("40 %");
  }
}
