package io.citywide.sensing.internal.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.CitywideApplication;
import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Reading;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround;
import io.citywide.sensing.internal.ways.BareMqttClient;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import io.citywide.sensing.internal.ways.MqttDoor;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The MQTT extension of 18-088: Observations are created, entities are told. */
@ServerTest
class SensorThingsTopicsTest {

  private static final TestCity CITY = new TestCity("973100", 97.31, 37.31);
  private static final TestCity FAR = new TestCity("440300", 113.91, 22.51);
  private static final String ELSEWHERE = FAR.city;
  private static final String TYPE = "topic-gauge";
  private static final String OBSERVATION = "/sta/v1.1/Observations(";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  @Autowired MqttDoor mqtt;
  @Autowired MeterRegistry meters;
  @Autowired JdbcClient jdbc;
  @Autowired Environment environment;
  @Autowired TransactionTemplate transaction;

  @TempDir Path folder;

  private TestClient steward;
  private TestClient gauge;
  /** Each test has ten seconds of its own: of the same moment the first value stands, also that of another test. */
  private static final long started = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
  private static int tests;

  private long device;
  private int level;
  private int temp;
  private int farLevel;
  private long now;

  @BeforeEach
  void city() {
    for (TestCity one : List.of(CITY, FAR)) {
      ground.city(one.alone(one.box(0, 0, 1, 1)));
    }
    ground.gauges(TYPE, 900_000, List.of("level", "temp"), gauge("TOP-1", CITY), gauge("TOP-2", CITY), gauge("TOP-FAR", FAR));
    steward = people.machine(CITY.city, Permission.DEVICE_EDIT, Permission.SENSING_READ);
    gauge = people.machine(CITY.city, Permission.OBSERVATION_WRITE, Permission.SENSING_READ);
    device = directory.find("TOP-1").orElseThrow().deviceId();
    level = directory.find("TOP-1").orElseThrow().series("level");
    temp = directory.find("TOP-1").orElseThrow().series("temp");
    farLevel = directory.find("TOP-FAR").orElseThrow().series("level");
    now = started + tests++ * 10_000;
  }

  private static Gauge gauge(String code, TestCity city) {
    return new Gauge(code, city.at(0.5, 0.5).get(0), city.at(0.5, 0.5).get(1), city.city, hash("secret-of-" + code));
  }

  private static String hash(String secret) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Mosquitto listen(TestClient client, String... topics) throws Exception {
    Mosquitto listener = Mosquitto.subscribe(mqtt.port(), "5", "key", client.key(), topics);
    assertThat(listener.granted()).as(String.join(" ", topics)).allMatch(code -> code == 1);
    return listener;
  }

  private String publish(String user, String password, String topic, String payload) throws Exception {
    return Mosquitto.publish(mqtt.port(), "5", user, password, topic, payload);
  }

  private String observation(long time, double result) {
    return "{\"phenomenonTime\":\"" + Instant.ofEpochMilli(time) + "\",\"result\":" + result + "}";
  }

  private JsonNode posted(String address, Object body) {
    Answer answer = steward.post("/sta/v1.1/" + address, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  /** What GET answers, with links as they are told. */
  private JsonNode got(String address) {
    Answer answer = steward.get("/sta/v1.1/" + address);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return JSON.readTree(answer.text().replace(steward.base() + "/sta/v1.1", "/sta/v1.1"));
  }

  private static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still not: " + what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static boolean followed() {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("observations-to-subscribers"));
  }

  // ---- Observations of devices ---------------------------------------------------------------------

  @Test
  void aSubscriberHearsEachValueOfADatastreamHoweverItCame() throws Exception {
    String topic = "v1.1/Datastreams(" + level + ")/Observations";
    try (Mosquitto old = Mosquitto.subscribe(mqtt.port(), "311", "key", gauge.key(), topic); Mosquitto listener = listen(gauge, topic)) {
      assertThat(old.granted()).containsExactly(1);
      assertThat(followed()).isTrue();
      JsonNode answer = posted("Datastreams(" + level + ")/Observations", observation(now - 4000, 4.5));
      Mosquitto.Told told = listener.next();
      assertThat(told.topic()).isEqualTo(topic);
      assertThat(told.json()).isEqualTo(got("Observations('" + answer.path("@iot.id").asString() + "')"));
      assertThat(old.next()).isEqualTo(told);

      assertThat(publish("key", gauge.key(), topic, observation(now - 3000, 5))).startsWith("0 ").contains("RC:0");
      // Acknowledged is what is committed.
      assertThat(observations.list(level, Instant.ofEpochMilli(now - 3000), Instant.ofEpochMilli(now), 9)).containsExactly(new Observations.Value(now - 3000, 5));
      assertThat(listener.next().json()).isEqualTo(got("Observations('" + level + "-" + (now - 3000) + "')"));
      assertThat(publish("key", gauge.key(), "v1.1/Observations", "{\"result\":6,\"Datastream\":{\"@iot.id\":" + level + "}}")).startsWith("0 ").contains("RC:0");
      assertThat(listener.next().json().path("result").asInt()).isEqualTo(6);
      assertThat(publish("TOP-1", "secret-of-TOP-1", "devices/TOP-1/observations/level", "7.25")).contains("RC:0");
      assertThat(listener.next().json().path("result").asDouble()).isEqualTo(7.25);
      assertThat(gauge.post("/api/observations", "{\"device\":\"TOP-1\",\"time\":" + (now + 2000) + ",\"values\":{\"temp\":1,\"level\":8}}").status()).isEqualTo(200);
      assertThat(listener.next().json().path("result").asInt()).isEqualTo(8);

      // Of the same moment the first stands: another value for it is no news. One that comes late is.
      observations.take(List.of(new Reading("TOP-1", "level", now - 3000, 99)));
      observations.take(List.of(new Reading("TOP-1", "level", now - 3500, 9)));
      assertThat(listener.next().json().path("result").asInt()).isEqualTo(9);
    }
    await(() -> !followed(), "the log is left when nobody listens");
  }

  @Test
  void wholeSetsThingsAndSelectionsAreHeard() throws Exception {
    String select = "v1.1/Things(" + device + ")/Datastreams(" + level + ")/Observations?$select=result,phenomenonTime";
    try (Mosquitto all = listen(gauge, "v1.1/Observations"); Mosquitto thing = listen(gauge, "v1.1/Things(" + device + ")/Datastreams/Observations");
        Mosquitto feature = listen(gauge, "v1.1/FeaturesOfInterest(" + device + ")/Observations?$select=id"); Mosquitto chosen = listen(gauge, select)) {
      observations.take(List.of(new Reading("TOP-2", "level", now - 1000, 1)));
      observations.take(List.of(new Reading("TOP-1", "temp", now - 1000, 2.5), new Reading("TOP-1", "level", now - 1000, 3)));
      assertThat(List.of(all.next().json().path("result").asDouble(), all.next().json().path("result").asDouble(), all.next().json().path("result").asDouble())).containsExactly(1.0, 2.5, 3.0);
      assertThat(List.of(thing.next().json().path("result").asDouble(), thing.next().json().path("result").asDouble())).containsExactly(2.5, 3.0);
      assertThat(List.of(feature.next().json().path("@iot.selfLink").asString(), feature.next().json().path("@iot.selfLink").asString()))
          .containsExactly(OBSERVATION + "'" + temp + "-" + (now - 1000) + "')", OBSERVATION + "'" + level + "-" + (now - 1000) + "')");
      assertThat(chosen.next().json()).isEqualTo(got("Observations('" + level + "-" + (now - 1000) + "')?$select=result,phenomenonTime"));
    }
  }

  // ---- whose it is ---------------------------------------------------------------------------------

  @Test
  void aNeighbourHearsNothing() throws Exception {
    TestClient neighbour = people.machine(ELSEWHERE, Permission.SENSING_READ);
    try (Mosquitto far = listen(neighbour, "v1.1/Observations", "v1.1/Things", "v1.1/Datastreams"); Mosquitto near = listen(gauge, "v1.1/Observations");
        Mosquitto refused = Mosquitto.subscribe(mqtt.port(), "5", "key", neighbour.key(), "v1.1/Datastreams(" + level + ")/Observations", "v1.1/Things(" + device + ")")) {
      assertThat(refused.granted()).containsExactly(135, 135);
      JsonNode thing = posted("Things", Map.of("name", "ours", "description", "ours"));
      observations.take(List.of(new Reading("TOP-1", "level", now - 1000, 11)));
      observations.take(List.of(new Reading("TOP-FAR", "level", now - 1000, 12)));
      observations.take(List.of(new Reading("TOP-1", "level", now, 13)));
      // In one order: what came first would have been told first.
      Mosquitto.Told first = far.next();
      assertThat(first.topic()).isEqualTo("v1.1/Observations");
      assertThat(first.json().path("@iot.id").asString()).isEqualTo(farLevel + "-" + (now - 1000));
      assertThat(near.next().json().path("result").asInt()).isEqualTo(11);
      assertThat(near.next().json().path("result").asInt()).isEqualTo(13);
      assertThat(thing.path("@iot.id").asLong()).isPositive();

      // A device that is moved to another area is no longer heard, at once.
      try (Mosquitto moved = listen(gauge, "v1.1/Datastreams(" + directory.find("TOP-2").orElseThrow().series("level") + ")/Observations", "v1.1/Datastreams(" + level + ")/Observations")) {
        move("TOP-2", FAR);
        observations.take(List.of(new Reading("TOP-2", "level", now, 14)));
        observations.take(List.of(new Reading("TOP-1", "level", now + 1, 15)));
        assertThat(moved.next().json().path("result").asInt()).isEqualTo(15);
      } finally {
        move("TOP-2", CITY);
      }
    }
  }

  @Test
  void aKeyOfAUnitHearsTheDevicesOfItsUnitOnly() throws Exception {
    UnitRef unit = people.unit("水尺班", UnitRef.UnitKind.DEPARTMENT, CITY.city, null);
    owned("TOP-2", unit.id());
    try (Mosquitto bound = listen(people.machine(CITY.city, unit, Permission.SENSING_READ), "v1.1/Observations", "v1.1/Things");
        Mosquitto refused = Mosquitto.subscribe(mqtt.port(), "5", "key", people.machine(CITY.city, unit, Permission.SENSING_READ).key(), "v1.1/Datastreams(" + level + ")/Observations")) {
      assertThat(refused.granted()).containsExactly(135);
      posted("Things", Map.of("name", "of nobody's unit", "description", "not theirs"));
      observations.take(List.of(new Reading("TOP-1", "level", now - 1000, 16)));
      observations.take(List.of(new Reading("TOP-2", "level", now - 1000, 17)));
      Mosquitto.Told first = bound.next();
      assertThat(first.topic()).isEqualTo("v1.1/Observations");
      assertThat(first.json().path("result").asInt()).isEqualTo(17);
    } finally {
      owned("TOP-2", null);
    }
  }

  private void owned(String code, Long unit) {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(s -> jdbc.sql("UPDATE sensing_device SET owner_unit_id = :unit WHERE code = :code").param("unit", unit).param("code", code).update()));
  }

  private void move(String code, TestCity to) {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(s -> jdbc.sql("UPDATE sensing_device SET area_code = :area, lon = :lon, lat = :lat WHERE code = :code")
        .param("area", to.city).param("lon", to.at(0.5, 0.5).get(0)).param("lat", to.at(0.5, 0.5).get(1)).param("code", code).update()));
    directory.refresh();
  }

  @Test
  void eachRightOpensItsOwnDoorOnly() throws Exception {
    TestClient reader = people.machine(CITY.city, Permission.SENSING_READ);
    TestClient writer = people.machine(CITY.city, Permission.OBSERVATION_WRITE);
    TestClient other = people.machine(CITY.city, Permission.CASE_READ);
    String topic = "v1.1/Datastreams(" + level + ")/Observations";
    assertThat(publish("key", reader.key(), topic, observation(now, 1))).contains("RC:135");
    assertThat(publish("key", reader.key(), "devices/TOP-1/observations/level", "1")).contains("RC:135");
    try (Mosquitto commands = Mosquitto.subscribe(mqtt.port(), "5", "key", reader.key(), "devices/TOP-1/commands"); Mosquitto blind = Mosquitto.subscribe(mqtt.port(), "5", "key", writer.key(), topic)) {
      assertThat(commands.granted()).containsExactly(135);
      assertThat(blind.granted()).containsExactly(135);
    }
    assertThat(publish("key", writer.key(), topic, observation(now + 100, 2))).contains("RC:0");
    assertThat(publish("key", writer.key(), "v1.1/Datastreams(" + farLevel + ")/Observations", observation(now, 1))).contains("RC:144");
    assertThat(publish("key", other.key(), topic, observation(now, 1))).doesNotStartWith("0 ");

    // A device speaks for its own series and hears nothing.
    assertThat(publish("TOP-1", "secret-of-TOP-1", topic, observation(now + 200, 3))).contains("RC:0");
    assertThat(publish("TOP-2", "secret-of-TOP-2", topic, observation(now + 300, 3))).contains("RC:135");
    assertThat(publish("TOP-1", "secret-of-TOP-1", "v1.1/Observations", "{\"result\":6,\"Datastream\":{\"@iot.id\":" + level + "}}")).contains("RC:135");
    try (Mosquitto deaf = Mosquitto.subscribe(mqtt.port(), "5", "TOP-1", "secret-of-TOP-1", topic)) {
      assertThat(deaf.granted()).containsExactly(135);
    }
    assertThat(observations.list(level, Instant.ofEpochMilli(now), Instant.ofEpochMilli(now + 1000), 9))
        .containsExactly(new Observations.Value(now + 100, 2), new Observations.Value(now + 200, 3));
  }

  @Test
  void whoeverListensWithARevokedKeyIsCutOff() throws Exception {
    TestClient leaving = people.machine(CITY.city, Permission.SENSING_READ);
    try (BareMqttClient client = BareMqttClient.stuck(mqtt.port(), leaving.key())) {
      client.subscribe("v1.1/Observations");
      Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(s -> jdbc.sql("UPDATE identity_api_key SET revoked_at = now() WHERE key_hash = :hash")
          .param("hash", sha256(leaving.key())).update()));
      assertThat(client.next()).isNull();
    }
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- what is refused -----------------------------------------------------------------------------

  @Test
  void whatIsNoTopicIsRefusedInTheAnswer() throws Exception {
    List<String> malformed = List.of("v1.1/+", "v1.1/#", "v1.1/Datastreams(" + level + ")/+", "v1.1/Nothing", "v1.1/Datastreams(x)/Observations", "v1.1/Datastreams/Observations",
        "v1.1/Things(" + device + ")/name/$value", "v1.1/Things/$ref", "v1.1/Observations?$filter=result gt 1", "v1.1/Observations?$select=colour", "v1.1/Things(" + device + ")/properties?$select=code",
        "v1.1/", "v1.1/Things(999999999)");
    try (Mosquitto five = Mosquitto.subscribe(mqtt.port(), "5", "key", gauge.key(), malformed.toArray(String[]::new));
        Mosquitto old = Mosquitto.subscribe(mqtt.port(), "311", "key", gauge.key(), malformed.toArray(String[]::new))) {
      List<Integer> codes = five.granted();
      assertThat(codes).hasSize(malformed.size());
      IntStream.range(0, codes.size()).forEach(i -> assertThat(codes.get(i)).as(malformed.get(i))
          .isEqualTo(malformed.get(i).contains("999999999") || malformed.get(i).equals("v1.1/Nothing") ? 135 : 143));
      assertThat(old.granted()).allMatch(code -> code == 128);
    }
    String[] many = IntStream.rangeClosed(1, 101).mapToObj(n -> "v1.1/Observations?$select=result" + ",result".repeat(n)).toArray(String[]::new);
    try (Mosquitto greedy = Mosquitto.subscribe(mqtt.port(), "5", "key", gauge.key(), many)) {
      List<Integer> codes = greedy.granted();
      assertThat(codes.subList(0, 100)).allMatch(code -> code == 1);
      assertThat(codes.get(100)).isEqualTo(151);
    }
  }

  @Test
  void anObservationThatIsNotTakenIsRefusedWithAReason() throws Exception {
    String topic = "v1.1/Datastreams(" + level + ")/Observations";
    assertThat(publish("key", gauge.key(), topic, "{\"result\":\"wet\"}")).contains("RC:153");
    assertThat(publish("key", gauge.key(), topic, "no JSON")).contains("RC:153");
    assertThat(publish("key", gauge.key(), topic, "{\"result\":1,\"phenomenonTime\":\"2999-01-01T00:00:00Z\"}")).contains("RC:153");
    assertThat(publish("key", gauge.key(), "v1.1/Things", "{\"name\":\"x\",\"description\":\"x\"}")).contains("RC:144");
    assertThat(publish("key", gauge.key(), "v1.1/Datastreams(" + level + ")", "{\"result\":1}")).contains("RC:144");
    double before = refused("sensing.sta-invalid-entity");
    // MQTT 3.1.1 knows no refusal: acknowledged, counted, not stored.
    assertThat(Mosquitto.publish(mqtt.port(), "311", "key", gauge.key(), topic, "{\"result\":\"wet\"}")).startsWith("0 ").contains("PUBACK");
    assertThat(refused("sensing.sta-invalid-entity")).isEqualTo(before + 1);
  }

  private double refused(String reason) {
    return meters.get("citywide.observations.refused").tag("reason", reason).counter().count();
  }

  // ---- what was made over SensorThings -------------------------------------------------------------

  @Test
  void entitiesAreToldWhenTheyAreMadeAndChanged() throws Exception {
    try (Mosquitto things = listen(steward, "v1.1/Things"); Mosquitto streams = listen(steward, "v1.1/Datastreams?$select=name")) {
      JsonNode thing = posted("Things", Map.of("name", "mast", "description", "mast", "properties", Map.of("height", 10), "Datastreams", List.of(Map.of("name", "wind", "description", "wind",
          "observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement", "unitOfMeasurement", Map.of("name", "m/s", "symbol", "m/s", "definition", "ucum:m/s"),
          "Sensor", Map.of("name", "cup", "description", "cup", "encodingType", "text/html", "metadata", "https://example.org/cup"),
          "ObservedProperty", Map.of("name", "wind speed", "definition", "https://example.org/wind", "description", "wind"))),
          "Locations", List.of(Map.of("name", "roof", "description", "roof", "encodingType", "application/geo+json", "location", Map.of("type", "Point", "coordinates", List.of(97.3, 37.3))))));
      long id = thing.path("@iot.id").asLong();
      assertThat(things.next().json()).isEqualTo(got("Things(" + id + ")"));
      assertThat(streams.next().json().toString()).isEqualTo("{\"name\":\"wind\"}");
      long stream = got("Things(" + id + ")/Datastreams").at("/value/0/@iot.id").asLong();

      String below = "v1.1/Datastreams(" + stream + ")/Observations";
      try (Mosquitto one = listen(steward, "v1.1/Things(" + id + ")", below, "v1.1/Things(" + id + ")/Datastreams"); Mosquitto all = listen(steward, "v1.1/Things(" + id + ")/Datastreams/Observations");
          Mosquitto properties = listen(steward, "v1.1/Things(" + id + ")/properties")) {
        assertThat(publish("key", steward.key(), below, "{\"result\":{\"gust\":3}}")).contains("RC:0");
        Mosquitto.Told told = one.next();
        assertThat(told.topic()).isEqualTo(below);
        assertThat(told.json()).isEqualTo(got("Observations(" + told.json().path("@iot.id").asLong() + ")"));
        assertThat(told.json().at("/result/gust").asInt()).isEqualTo(3);
        assertThat(all.next().json()).isEqualTo(told.json());

        assertThat(steward.send("PATCH", "/sta/v1.1/Things(" + id + ")", Map.of("name", "tall mast"), Map.of()).status()).isEqualTo(200);
        assertThat(one.next().json().path("name").asString()).isEqualTo("tall mast");
        assertThat(steward.send("PATCH", "/sta/v1.1/Things(" + id + ")", Map.of("properties", Map.of("height", 12)), Map.of()).status()).isEqualTo(200);
        // Of a property only when it is not what it was.
        assertThat(properties.next().json().toString()).isEqualTo("{\"properties\":{\"height\":12}}");
        assertThat(steward.send("PATCH", "/sta/v1.1/Datastreams(" + stream + ")", Map.of("name", "strong wind"), Map.of()).status()).isEqualTo(200);
        ObjectNode last = (ObjectNode) one.next().json();
        assertThat(last.path("properties").path("height").asInt()).isEqualTo(12);
        assertThat(one.next().topic()).isEqualTo("v1.1/Things(" + id + ")/Datastreams");
      }
    }
  }

  @Test
  void observationsOfAMultiDatastreamComeAndAreTold() throws Exception {
    String type = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_";
    Map<String, Object> unit = Map.of("name", "m", "symbol", "m", "definition", "ucum:m");
    JsonNode multi = posted("MultiDatastreams", Map.of("name", "waves", "description", "waves", "observationType", type + "ComplexObservation",
        "multiObservationDataTypes", List.of(type + "Measurement", type + "Measurement"), "unitOfMeasurements", List.of(unit, unit), "Thing", Map.of("@iot.id", device),
        "Sensor", Map.of("name", "buoy", "description", "buoy", "encodingType", "text/html", "metadata", "https://example.org/buoy"),
        "ObservedProperties", List.of(Map.of("name", "height", "definition", "https://example.org/height", "description", "height"),
            Map.of("name", "length", "definition", "https://example.org/length", "description", "length"))));
    String below = "v1.1/MultiDatastreams(" + multi.path("@iot.id").asLong() + ")/Observations";
    try (Mosquitto one = listen(steward, below); Mosquitto thing = listen(steward, "v1.1/Things(" + device + ")/MultiDatastreams")) {
      assertThat(publish("key", steward.key(), below, "{\"result\":[1]}")).contains("RC:153");
      assertThat(publish("key", steward.key(), below, "{\"result\":[1,20]}")).contains("RC:0");
      Mosquitto.Told told = one.next();
      assertThat(told.json()).isEqualTo(got("Observations(" + told.json().path("@iot.id").asLong() + ")"));
      assertThat(told.json().path("result").toString()).isEqualTo("[1,20]");
      assertThat(steward.send("PATCH", "/sta/v1.1/MultiDatastreams(" + multi.path("@iot.id").asLong() + ")", Map.of("name", "high waves"), Map.of()).status()).isEqualTo(200);
      assertThat(thing.next().json().path("name").asString()).isEqualTo("high waves");
    }
  }

  @Test
  void aDeviceThatChangesIsToldAsAThing() throws Exception {
    try (Mosquitto thing = listen(steward, "v1.1/Things(" + device + ")/name", "v1.1/Things?$select=properties")) {
      Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(s -> jdbc.sql("UPDATE sensing_device SET name = 'renamed', group_code = 'G' WHERE code = 'TOP-1'").update()));
      directory.refresh();
      List<Mosquitto.Told> told = new ArrayList<>(List.of(thing.next(), thing.next()));
      assertThat(told).anySatisfy(one -> assertThat(one.json().toString()).isEqualTo("{\"name\":\"renamed\"}")).anySatisfy(one -> assertThat(one.json().at("/properties/group").asString()).isEqualTo("G"));
    }
  }

  @Test
  void theRootOfTheServiceNamesTheEndpoint() {
    JsonNode settings = steward.get("/sta/v1.1").json().path("serverSettings");
    for (String requirements : List.of("create-observations-via-mqtt/observations-creation", "receive-updates-via-mqtt/receive-updates")) {
      String uri = "http://www.opengis.net/spec/iot_sensing/1.1/req/" + requirements;
      assertThat(settings.path("conformance").valueStream().map(JsonNode::asString)).contains(uri);
      assertThat(settings.path(uri).at("/endpoints/0").asString()).isEqualTo("mqtt://127.0.0.1:" + mqtt.port());
    }
  }

  // ---- several servers -----------------------------------------------------------------------------

  @Test
  void whatAnotherServerTookIsToldToo() throws Exception {
    try (var another = new SpringApplicationBuilder(CitywideApplication.class).run(Stream.concat(
            Stream.of("url", "owner-user", "owner-password", "app-user", "app-password").map(name -> "--citywide.database." + name + "=" + environment.getProperty("citywide.database." + name)),
            Stream.of("--server.port=0", "--citywide.database.pool-size=6", "--citywide.data=" + folder, "--citywide.keys=" + environment.getProperty("citywide.data") + "/keys")).toArray(String[]::new));
        Mosquitto here = listen(steward, "v1.1/Datastreams(" + level + ")/Observations", "v1.1/Things")) {
      TestClient there = TestClient.withKey(another.getEnvironment().getRequiredProperty("local.server.port", Integer.class), steward.key());
      Answer answer = there.post("/sta/v1.1/Datastreams(" + level + ")/Observations", observation(now - 500, 21));
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      assertThat(here.next().json()).isEqualTo(got("Observations('" + level + "-" + (now - 500) + "')"));
      Answer thing = there.post("/sta/v1.1/Things", Map.of("name", "made there", "description", "made there"));
      assertThat(thing.status()).as(thing.text()).isEqualTo(201);
      assertThat(here.next().json()).isEqualTo(got("Things(" + thing.json().path("@iot.id").asLong() + ")"));
    }
  }

  // ---- slow clients --------------------------------------------------------------------------------

  @Test
  void whoDoesNotReadLosesTheOldestAndHoldsUpNobody() throws Exception {
    int values = 60_000;
    double before = lost();
    String topic = "v1.1/Datastreams(" + directory.find("TOP-2").orElseThrow().series("temp") + ")/Observations";
    try (BareMqttClient stuck = BareMqttClient.stuck(mqtt.port(), gauge.key()); Mosquitto other = listen(gauge, "v1.1/Datastreams(" + level + ")/Observations")) {
      stuck.subscribe(topic);
      for (int from = 0; from < values; from += 1000) {
        int begin = from;
        observations.take(IntStream.range(0, 1000).mapToObj(i -> new Reading("TOP-2", "temp", now - values + begin + i, begin + i)).toList());
      }
      observations.take(List.of(new Reading("TOP-1", "level", now + 1000, 42)));
      assertThat(other.next().json().path("result").asInt()).isEqualTo(42);
      await(() -> lost() > before, "something is lost to who does not read");
      // What it reads at last: what was on its way, and then the newest.
      int told = 0;
      int result = -1;
      while (result < values - 1) {
        int next = JSON.readTree(stuck.next()).path("result").asInt();
        assertThat(next).isGreaterThan(result);
        result = next;
        told++;
      }
      assertThat(told).isLessThan(values);
      assertThat(lost() - before).isEqualTo(values - told);
    }
  }

  private double lost() {
    return meters.get("citywide.mqtt.notices").tag("fate", "lost").counter().count();
  }
}
