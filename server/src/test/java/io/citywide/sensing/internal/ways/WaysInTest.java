package io.citywide.sensing.internal.ways;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Value;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What devices and gateways send by HTTP and MQTT. */
@ServerTest
class WaysInTest {

  private static final TestCity CITY = new TestCity("971100", 97.11, 37.11);
  private static final TestCity FAR = new TestCity("440300", 113.91, 22.51);
  private static final String TYPE = "ways-tank";
  private static final Map<String, String> LINES = Map.of("Content-Type", "application/x-ndjson");

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  @Autowired MqttDoor mqtt;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @LocalServerPort int port;

  private TestClient gateway;
  private long now;

  @BeforeEach
  void devices() {
    for (TestCity one : List.of(CITY, FAR)) {
      assertThat(people.someone(Role.SYSTEM_ADMIN, one.city, null).client().put("/api/areas", one.alone(one.box(0, 0, 1, 1)).geoJson()).status()).isEqualTo(200);
    }
    now = System.currentTimeMillis() / 1000 * 1000;
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
          VALUES (:type, '水箱', 'Tank', '[{"name":"level","nameZh":"液位","nameEn":"Level","unit":"m","low":0,"high":5,"intervalSeconds":60},
            {"name":"temp","nameZh":"温度","nameEn":"Temperature","unit":"Cel","low":-40,"high":80,"intervalSeconds":60}]', '1 hour', '30 days') ON CONFLICT DO NOTHING
          """).param("type", TYPE).update();
      for (String code : List.of("W-1", "W-2", "W-3", "W-4", "W-OFF", "W-FAR")) {
        jdbc.sql("""
            INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, enabled, secret_hash)
            VALUES (:code, :type, :code, :lon, :lat, 9, :area, :enabled, :hash) ON CONFLICT DO NOTHING
            """).param("code", code).param("type", TYPE).param("area", city(code).city).param("lon", city(code).at(0.5, 0.5).get(0)).param("lat", city(code).at(0.5, 0.5).get(1)).param("enabled", !code.equals("W-OFF"))
            .param("hash", hash("secret-of-" + code)).update();
        jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, p FROM sensing_device, unnest(ARRAY['level', 'temp']) p WHERE code = :code ON CONFLICT DO NOTHING")
            .param("code", code).update();
      }
    }));
    directory.refresh();
    gateway = people.machine(CITY.city, Permission.OBSERVATION_WRITE, Permission.SENSING_READ);
  }

  private static String hash(String secret) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(java.security.MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private int series(String device, String property) {
    return directory.find(device).orElseThrow().series(property);
  }

  private List<Value> values(String device, String property) {
    return observations.list(series(device, property), Instant.ofEpochMilli(now - 60_000), Instant.ofEpochMilli(now + 600_000), 100);
  }

  @Test
  void storesTheGoodLinesAndNamesTheBadOnes() {
    String body = """
        {"device":"W-1","time":%d,"values":{"level":0.5,"temp":21}}

        {"values":{"temp":22.5,"level":-0.0},"time":"%s","device":"W-1"}
        {"device":"W-1","values":{"level":1
        {"device":"W-9","values":{"level":1}}
        {"device":"W-1","values":{"depth":1}}
        {"device":"W-1","time":%d,"values":{"level":1}}
        {"device":"W-1","time":"2020-01-01T00:00:00Z","values":{"level":1}}
        {"device":"W-FAR","values":{"level":1}}
        {"device":"W-OFF","values":{"level":1}}
        {"device":"W-1","time":%d,"values":{"level":"1"}}
        {"device":"W-1","time":%d,"values":{"level":9999,"temp":true}}\r
        {"device":"W-1","when":1,"values":{"level":1}}
        {"device":"W-1","time":%d,"values":{"level":7}}
        """.formatted(now, Instant.ofEpochMilli(now + 1000).atOffset(java.time.ZoneOffset.ofHours(8)), now + 3_600_000, now, now + 2000, now);
    Answer answer = gateway.send("POST", "/api/observations", body, LINES);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("stored").asInt()).isEqualTo(7);
    assertThat(answer.json().path("faults").valueStream().map(f -> f.path("line").asInt() + " " + f.path("code").asString()).toList()).containsExactly(
        "4 sensing.bad-line", "5 sensing.unknown-device", "6 sensing.unknown-property", "7 sensing.future", "8 sensing.too-old", "9 sensing.not-yours",
        "10 sensing.disabled", "11 sensing.bad-line", "13 sensing.bad-line");
    assertThat(answer.json().at("/refused/sensing.bad-line").asInt()).isEqualTo(3);
    // Of the same moment the first stands; what lies outside the range is kept as it came.
    assertThat(values("W-1", "level")).containsExactly(new Value(now, 0.5), new Value(now + 1000, -0.0), new Value(now + 2000, 9999));
    assertThat(values("W-1", "temp")).containsExactly(new Value(now, 21), new Value(now + 1000, 22.5), new Value(now + 2000, 1));
    Answer chinese = gateway.send("POST", "/api/observations", "{\"device\":\"W-9\",\"values\":{\"level\":1}}", Map.of("Content-Type", "application/json", "Accept-Language", "zh-CN"));
    assertThat(chinese.status()).isEqualTo(422);
    assertThat(chinese.problem()).isEqualTo("sensing.nothing-stored");
    assertThat(chinese.json().path("detail").asString()).contains("没有设备");
    Answer latest = gateway.get("/api/observations/latest?type=" + TYPE + "&property=level");
    assertThat(latest.text().lines()).contains("{\"device\":\"W-1\",\"property\":\"level\",\"time\":" + (now + 2000) + ",\"value\":9999}")
        .noneMatch(line -> line.contains("W-FAR"));
  }

  @Test
  void givesBackTheValuesOfOneDevicePageByPageAndAsAFile() {
    String code = "-W"; // what a spreadsheet would take for a formula
    register(code, CITY);
    register("W-AWAY", FAR);
    String lines = java.util.stream.IntStream.range(0, 10_500).mapToObj(i -> "{\"device\":\"%s\",\"time\":%d,\"values\":{\"temp\":%s}}\n".formatted(code, now - 20_000_000 + i * 1000L, i / 10.0))
        .collect(java.util.stream.Collectors.joining());
    assertThat(gateway.send("POST", "/api/observations", lines, LINES).json().path("stored").asInt()).isEqualTo(10_500);
    Instant from = Instant.ofEpochMilli(now - 20_000_000);
    String asked = "/observations?property=temp&from=" + from + "&to=" + (now + 1);

    JsonNode page = gateway.get("/api/devices/" + code + asked + "&limit=2").json();
    assertThat(page.path("items").toString()).isEqualTo("[{\"time\":%d,\"value\":0.0},{\"time\":%d,\"value\":0.1}]".formatted(from.toEpochMilli(), from.toEpochMilli() + 1000));
    long next = page.path("next").asLong();
    JsonNode last = gateway.get("/api/devices/" + code + "/observations?property=temp&from=" + next + "&to=" + from.plusSeconds(3).atOffset(java.time.ZoneOffset.ofHours(8))).json();
    assertThat(last.path("items").valueStream().map(v -> v.path("value").asDouble()).toList()).containsExactly(0.2);
    assertThat(last.path("next").isNull()).isTrue();

    Answer file = gateway.get("/api/devices/" + code + asked.replace("observations?", "observations.csv?"));
    assertThat(file.status()).as(file.text()).isEqualTo(200);
    assertThat(file.response().headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
    assertThat(file.response().headers().firstValue("Content-Disposition").orElse("")).contains("-W-temp.csv");
    List<String> rows = file.text().lines().toList();
    assertThat(rows).hasSize(10_501);
    assertThat(rows.getFirst()).isEqualTo("\uFEFFdevice,property,unit,time,value");
    assertThat(rows.get(2)).isEqualTo("'-W,temp,Cel," + from.plusSeconds(1) + ",0.1");
    assertThat(rows.getLast()).endsWith(",1049.9");

    for (String door : List.of("observations", "observations.csv")) {
      assertThat(gateway.get("/api/devices/W-AWAY" + asked.replace("observations", door)).problem()).as("outside the scope").isEqualTo("sensing.unknown-device");
      assertThat(gateway.get("/api/devices/NOWHERE" + asked.replace("observations", door)).status()).isEqualTo(404);
      assertThat(gateway.get("/api/devices/-W/" + door + "?property=depth&from=1&to=2").text()).contains("sensing.unknown-property", "level, temp");
      bad(door, "property=temp&from=yesterday&to=2", "from must be ISO 8601", "yesterday");
      bad(door, "property=temp&from=2026-03-01T00:00:00&to=2", "from must be ISO 8601");
      bad(door, "property=temp&from=2&to=2", "to must be after from");
      bad(door, "property=temp&from=1&to=999999999999999", "to must be within", "9999-12-31");
      bad(door, "property=temp&from=1", "to");
    }
    bad("observations", "property=temp&from=1&to=2&limit=0", "limit must be 1..100000, was 0");
    bad("observations", "property=temp&from=1&to=2&limit=100001", "limit must be 1..100000");
  }

  private void bad(String door, String query, String... words) {
    Answer answer = gateway.get("/api/devices/-W/" + door + "?" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().path("detail").asString()).contains(words);
  }

  private static TestCity city(String code) {
    return code.equals("W-FAR") ? FAR : CITY;
  }

  private void register(String code, TestCity city) {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code) VALUES (:code, :type, :code, :lon, :lat, 9, :area)")
          .param("code", code).param("type", TYPE).param("area", city.city).param("lon", city.at(0.5, 0.5).get(0)).param("lat", city.at(0.5, 0.5).get(1)).update();
      jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, p FROM sensing_device, unnest(ARRAY['level', 'temp']) p WHERE code = :code").param("code", code).update();
    }));
    directory.refresh();
  }

  @Test
  void namesThePropertyThatADeviceHasNoSeriesOfYet() {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code) VALUES ('W-HALF', :type, 'W-HALF', :lon, :lat, 9, :area)")
          .param("type", TYPE).param("area", CITY.city).param("lon", CITY.at(0.5, 0.5).get(0)).param("lat", CITY.at(0.5, 0.5).get(1)).update();
      jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, 'level' FROM sensing_device WHERE code = 'W-HALF'").update();
    }));
    directory.refresh();
    assertThat(series("W-HALF", "temp")).isEqualTo(-1);
    // Names in the order of the type are not read as strings; "values" is the string that was read last.
    Answer answer = gateway.send("POST", "/api/observations", "{\"device\":\"W-HALF\",\"values\":{\"level\":1}}\n{\"device\":\"W-HALF\",\"values\":{\"level\":1,\"temp\":20}}", LINES);
    assertThat(answer.json().path("stored").asInt()).isEqualTo(1);
    JsonNode fault = answer.json().path("faults").get(0);
    assertThat(fault.path("code").asString()).isEqualTo("sensing.unknown-property");
    assertThat(fault.toString()).contains("'temp'").contains("W-HALF").doesNotContain("'values'");
  }

  @Test
  void takesListsGzipAndWhatADeviceSendsForItself() throws Exception {
    assertThat(gateway.post("/api/observations", "[{\"device\":\"W-2\",\"time\":" + now + ",\"values\":{\"level\":1}},\n {\"device\":\"W-2\",\"time\":" + (now + 1)
        + ",\"values\":{\"level\":1e-2}}]").json().path("stored").asInt()).isEqualTo(2);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 40_000; i++) {
        out.write(("{\"device\":\"W-2\",\"time\":" + (now - 30_000_000 - i) + ",\"values\":{\"temp\":" + i % 50 / 10.0 + "}}\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    Answer answer = gateway.send("POST", "/api/observations", packed.toByteArray(), Map.of("Content-Type", "application/x-ndjson", "Content-Encoding", "gzip"));
    assertThat(answer.json().path("stored").asInt()).as(answer.text()).isEqualTo(40_000);
    assertThat(gateway.send("POST", "/api/observations", "no gzip", Map.of("Content-Type", "application/x-ndjson", "Content-Encoding", "gzip")).status()).isEqualTo(400);
    var sums = observations.sums(series("W-2", "temp"), Observations.Step.DAY, Instant.ofEpochMilli(now - 86_400_000), Instant.ofEpochMilli(now + 86_400_000));
    assertThat(sums.stream().mapToLong(Observations.Sum::count).sum()).isEqualTo(40_000);

    TestClient nobody = TestClient.nobody(port);
    String own = "{\"time\":" + (now + 5) + ",\"values\":{\"level\":2.25}}";
    assertThat(nobody.send("POST", "/api/observations:own", own, basic("W-2", "wrong")).status()).isEqualTo(401);
    assertThat(nobody.send("POST", "/api/observations:own", own, basic("W-2", "secret-of-W-2")).json().path("stored").asInt()).isEqualTo(1);
    assertThat(nobody.send("POST", "/api/observations:own", "{\"device\":\"W-1\",\"values\":{\"level\":1}}", basic("W-2", "secret-of-W-2")).json().at("/refused/sensing.not-yours").asInt())
        .isEqualTo(1);
    assertThat(nobody.post("/api/observations", own).status()).isEqualTo(401);
    assertThat(values("W-2", "level")).containsExactly(new Value(now, 1), new Value(now + 1, 0.01), new Value(now + 5, 2.25));
  }

  private static Map<String, String> basic(String code, String secret) {
    return Map.of("Content-Type", "application/json", "Authorization", "Basic " + Base64.getEncoder().encodeToString((code + ":" + secret).getBytes(StandardCharsets.UTF_8)));
  }

  /** An ordinary client. @return what it said; begins with its exit code */
  private String mosquitto(String version, String user, String password, String topic, String payload, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", String.valueOf(mqtt.port()), "-V", version, "-u", user, "-P", password,
        "-t", topic, "-m", payload, "-d"));
    command.addAll(List.of(more));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (java.io.IOException e) {
      org.junit.jupiter.api.Assumptions.abort("mosquitto_pub is not installed (Debian: apt-get install mosquitto-clients): the test with an ordinary MQTT client did not run");
      return null;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(20, TimeUnit.SECONDS);
    return process.exitValue() + " " + said;
  }

  @Test
  void acknowledgesAnOrdinaryMqttClientAfterTheCommit() throws Exception {
    String line = "{\"time\":" + now + ",\"values\":{\"level\":1.5,\"temp\":20}}";
    assertThat(mosquitto("311", "W-3", "secret-of-W-3", "devices/W-3/observations", line, "-q", "1")).startsWith("0 ").contains("PUBACK");
    assertThat(values("W-3", "level")).containsExactly(new Value(now, 1.5));
    assertThat(mosquitto("5", "W-3", "secret-of-W-3", "devices/W-3/observations/temp", "21.5", "-q", "1")).startsWith("0 ").contains("PUBACK").contains("RC:0");
    assertThat(observations.latest(List.of(series("W-3", "temp"))).get(series("W-3", "temp")).value()).isEqualTo(21.5);
    assertThat(mosquitto("5", "W-3", "wrong", "devices/W-3/observations", line, "-q", "1")).doesNotStartWith("0 ");
    assertThat(mosquitto("5", "W-3", "secret-of-W-3", "devices/W-1/observations", line, "-q", "1")).contains("RC:135");
    assertThat(mosquitto("5", "W-3", "secret-of-W-3", "devices/W-3/observations", "{\"values\":{\"depth\":1}}", "-q", "1")).contains("RC:153");
    assertThat(mosquitto("311", "W-3", "secret-of-W-3", "devices/W-3/observations", line, "-q", "2")).doesNotStartWith("0 ");
    assertThat(mosquitto("5", "key", gateway.key(), "devices/W-4/observations", "{\"time\":" + (now + 9000) + ",\"values\":{\"temp\":3}}", "-q", "1")).contains("RC:0");
    assertThat(values("W-4", "temp")).containsExactly(new Value(now + 9000, 3));
    assertThat(mosquitto("5", "key", gateway.key(), "devices/W-FAR/observations", line, "-q", "1")).contains("RC:135");
  }
}
