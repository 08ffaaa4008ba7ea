package io.citywide.sensing.internal.sta;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Several requests of SensorThings in one. */
@ServerTest
class SensorThingsBatchTest {

  private static final TestCity CITY = new TestCity("972500", 97.25, 38.24);
  private static final String TYPE = "sta-batch-gauge";
  private static final Map<String, Object> SENSOR = Map.of("name", "cup", "description", "cup", "encodingType", "text/html", "metadata", "https://example.org/cup");

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;

  private TestClient steward;
  private String name;

  @BeforeEach
  void city() {
    ground.city(CITY.alone(CITY.box(6, 6, 265, 14)));
    ground.gauges(TYPE, 900, List.of("level"), new Gauge("STA-B1", 97.26, 38.25, CITY.city));
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    name = "batch-" + System.nanoTime();
  }

  private static Map<String, Object> request(String id, String method, String url) {
    return new LinkedHashMap<>(Map.of("id", id, "method", method, "url", url));
  }

  private static Map<String, Object> request(String id, String method, String url, Object body) {
    Map<String, Object> request = request(id, method, url);
    request.put("body", body);
    return request;
  }

  private static Map<String, Object> in(String group, Map<String, Object> request) {
    request.put("atomicityGroup", group);
    return request;
  }

  private static Map<String, Object> thing(String name) {
    return Map.of("name", name, "description", "of a batch");
  }

  private static Map<String, Object> location(String name) {
    return Map.of("name", name, "description", "roof", "encodingType", "application/geo+json", "location", Map.of("type", "Point", "coordinates", List.of(97.26, 38.25)));
  }

  private static Map<String, Object> stream(Object sensor) {
    return Map.of("name", "wind", "description", "wind", "observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement", Map.of("name", "m/s", "symbol", "m/s", "definition", "ucum:m/s"), "Sensor", sensor,
        "ObservedProperty", Map.of("name", "wind speed", "definition", "https://example.org/wind", "description", "wind"));
  }

  private static List<JsonNode> answers(TestClient client, List<?> requests) {
    Answer answer = client.post("/sta/v1.1/$batch", Map.of("requests", requests));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return StreamSupport.stream(answer.json().path("responses").spliterator(), false).toList();
  }

  private static List<Integer> statuses(List<JsonNode> answers) {
    return answers.stream().map(answer -> answer.path("status").asInt()).toList();
  }

  private int count(String set, String filter) {
    return steward.get("/sta/v1.1/" + set + "?$count=true&$top=0&$filter=" + filter.replace(" ", "%20")).json().path("@iot.count").asInt();
  }

  @Test
  void eachRequestIsAnsweredAsIfItHadComeAloneAndMayNameWhatOneBeforeItMade() {
    List<JsonNode> answers = answers(steward, List.of(request("thing", "post", "Things", thing(name)), request("place", "POST", "$thing/Locations", location(name)),
        request("cup", "post", "Sensors", SENSOR), request("wind", "post", "/sta/v1.1/Things($thing)/Datastreams", stream(Map.of("@iot.id", "$cup"))),
        request("gone", "get", "Things(9999999999999)"),
        request("value", "post", "Observations", Map.of("result", 4.5, "Datastream", Map.of("@iot.id", "$wind"))), request("mend", "patch", "$wind", Map.of("name", "wind on top")),
        request("look", "get", steward.base() + "/sta/v1.1/$thing?$expand=Datastreams($expand=Sensor,Observations)&$select=name"), request("word", "get", "Things($thing)/name/$value"),
        request("away", "delete", "Observations($value)"), request("bad", "get", "Things?$filter=nosuch eq 1")));
    assertThat(answers.stream().map(a -> a.path("id").asString())).containsExactly("thing", "place", "cup", "wind", "gone", "value", "mend", "look", "word", "away", "bad");
    assertThat(statuses(answers)).as(answers.toString()).containsExactly(201, 201, 201, 201, 404, 201, 200, 200, 200, 200, 400);
    long thing = answers.getFirst().at("/body/@iot.id").asLong();
    assertThat(answers.getFirst().path("location").asString()).isEqualTo(steward.base() + "/sta/v1.1/Things(" + thing + ")");
    assertThat(answers.get(4).at("/body/code").asString()).isEqualTo("sensing.sta-not-found");
    assertThat(answers.get(7).at("/body/Datastreams/0/name").asString()).isEqualTo("wind on top");
    assertThat(answers.get(7).at("/body/Datastreams/0/Sensor/@iot.id").asLong()).isEqualTo(answers.get(2).at("/body/@iot.id").asLong());
    assertThat(answers.get(7).at("/body/Datastreams/0/Observations/0/result").asDouble()).isEqualTo(4.5);
    assertThat(answers.get(8).path("body").asString()).isEqualTo(name);
    assertThat(answers.get(9).has("body")).isFalse();
    assertThat(answers.get(10).at("/body/position").asInt()).isEqualTo(1);
    assertThat(steward.get("/sta/v1.1/Things(" + thing + ")/Locations").json().at("/value/0/name").asString()).isEqualTo(name);
    assertThat(steward.get("/sta/v1.1/Datastreams(" + answers.get(3).at("/body/@iot.id").asLong() + ")/Observations").json().path("value").isEmpty()).isTrue();
    assertThat(steward.get("/sta/v1.1").json().at("/serverSettings/conformance").toString()).contains("JsonBatchRequest");
  }

  @Test
  void aGroupIsDoneAsAWholeOrNotAtAll() {
    List<JsonNode> answers = answers(steward, List.of(request("before", "post", "Things", thing(name + "-before")), in("g", request("a", "post", "Things", thing(name + "-a"))),
        in("g", request("b", "post", "$a/Locations", location(name + "-b"))), in("g", request("c", "post", "Things", Map.of("name", name + "-c"))), in("g", request("d", "get", "$a")),
        request("after", "post", "Things", thing(name + "-after")), request("lost", "get", "$a")));
    assertThat(statuses(answers)).as(answers.toString()).containsExactly(201, 424, 424, 400, 424, 201, 424);
    assertThat(answers.get(1).at("/body/code").asString()).isEqualTo("sensing.sta-not-done");
    assertThat(answers.get(1).at("/body/request").asString()).isEqualTo("c");
    assertThat(answers.get(3).at("/body/field").asString()).isEqualTo("description");
    assertThat(answers.get(6).at("/body/request").asString()).isEqualTo("a");
    assertThat(count("Things", "startswith(name,'" + name + "')")).isEqualTo(2);
    assertThat(count("Locations", "startswith(name,'" + name + "')")).isZero();

    List<JsonNode> whole = answers(steward, List.of(in("g", request("a", "post", "Things", thing(name + "-a"))), in("g", request("b", "post", "$a/Locations", location(name + "-b"))),
        in("h", request("c", "delete", "$a")), in("h", request("d", "delete", "$a"))));
    assertThat(statuses(whole)).as(whole.toString()).containsExactly(201, 201, 424, 404);
    assertThat(count("Things", "name eq '" + name + "-a'")).isEqualTo(1);
  }

  @Test
  void eachRequestNeedsItsOwnPermissionAndSeesItsOwnArea() {
    long thing = answers(steward, List.of(request("1", "post", "Things", thing(name)))).getFirst().at("/body/@iot.id").asLong();
    int level = directory.find("STA-B1").orElseThrow().series("level");
    List<Map<String, Object>> all = List.of(request("1", "get", "Things(" + thing + ")"), request("2", "post", "Things", thing(name + "-new")),
        request("3", "patch", "Things(" + thing + ")", Map.of("name", "x")), request("4", "delete", "Things(" + thing + ")"),
        request("5", "post", "Datastreams(" + level + ")/Observations", Map.of("result", 1, "phenomenonTime", "2026-02-01T00:00:00Z")));
    assertThat(statuses(answers(people.machine(CITY.city, Permission.SENSING_READ), all))).containsExactly(200, 403, 403, 403, 403);
    assertThat(statuses(answers(people.machine(CITY.city, Permission.OBSERVATION_WRITE), all))).containsExactly(403, 403, 403, 403, 201);
    assertThat(statuses(answers(people.machine("982701", Permission.SENSING_READ, Permission.OBSERVATION_WRITE, Permission.DEVICE_EDIT), all))).containsExactly(404, 201, 404, 404, 404);
    assertThat(statuses(answers(steward, all))).containsExactly(200, 201, 200, 200, 201);
    assertThat(people.machine(CITY.city, Permission.CASE_READ).post("/sta/v1.1/$batch", Map.of("requests", all)).status()).isEqualTo(403);
    assertThat(people.nobody().post("/sta/v1.1/$batch", Map.of("requests", all)).status()).isEqualTo(401);
  }

  @Test
  void aValueOfADeviceIsOnDiskByItselfAndSoInNoGroup() {
    int level = directory.find("STA-B1").orElseThrow().series("level");
    Map<String, Object> value = Map.of("result", 7, "phenomenonTime", "2026-02-02T00:00:00Z");
    List<JsonNode> answers = answers(steward, List.of(in("g", request("thing", "post", "Things", thing(name))), in("g", request("held", "post", "Datastreams(" + level + ")/Observations", value)),
        request("value", "post", "Datastreams(" + level + ")/Observations", value), request("look", "get", "Observations($value)?$select=result")));
    assertThat(statuses(answers)).as(answers.toString()).containsExactly(424, 400, 201, 200);
    assertThat(answers.get(1).at("/body/code").asString()).isEqualTo("sensing.sta-invalid-batch");
    assertThat(answers.get(3).at("/body/result").asInt()).isEqualTo(7);
    assertThat(count("Things", "name eq '" + name + "'")).isZero();
  }

  @Test
  void whatCanBeSeenToBeWrongIsRefusedBeforeAnythingIsDone() {
    Map<String, Object> first = request("1", "post", "Things", thing(name));
    Map<String, List<Map<String, Object>>> bad = new LinkedHashMap<>();
    bad.put("requests[1]/id", List.of(first, request("1", "get", "Things")));
    bad.put("requests[1]/method", List.of(first, request("2", "head", "Things")));
    bad.put("requests[1]/url", List.of(first, request("2", "get", "/api/devices")));
    bad.put("requests[1]/", List.of(first, request("2", "get", "$3/Datastreams"), request("3", "post", "Things", thing(name))));
    bad.put("requests[1]/headers", List.of(first, new LinkedHashMap<>(Map.of("id", "2", "method", "get", "url", "Things", "headers", Map.of()))));
    bad.put("requests[2]/atomicityGroup", List.of(in("g", request("1", "post", "Things", thing(name))), request("2", "get", "Things"), in("g", request("3", "get", "Things"))));
    bad.forEach((field, requests) -> {
      Answer answer = steward.post("/sta/v1.1/$batch", Map.of("requests", requests));
      assertThat(answer.status()).as(field + answer.text()).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("sensing.sta-invalid-batch");
      assertThat(answer.json().path("field").asString()).isEqualTo(field);
    });
    for (List<Map<String, Object>> requests : List.of(List.of(first, request("2", "post", "$batch", Map.of())), List.of(first, request("2", "get", "http://elsewhere.example/sta/v1.1/Things")),
        List.of(in("g", request("1", "post", "CreateObservations", List.of()))), List.of(request("a b", "get", "Things")),
        List.of(first, request("2", "post", "Things(5)/Datastreams", stream(Map.of("@iot.id", "$nobody")))))) {
      assertThat(steward.post("/sta/v1.1/$batch", Map.of("requests", requests)).problem()).as(requests.toString()).isEqualTo("sensing.sta-invalid-batch");
    }
    // What climbs out of the service arrives nowhere.
    for (String url : List.of("../../api/devices", "Things/../../../api/devices", "..%2f..%2fapi/devices", "%2e%2e/%2e%2e/api/devices", "Things;x=1/../../api/devices", "./Things")) {
      assertThat(statuses(answers(steward, List.of(request("1", "get", url)))).getFirst()).as(url).isIn(400, 404);
    }
    assertThat(steward.post("/sta/v1.1/$batch", "{nothing").problem()).isEqualTo("sensing.sta-invalid-batch");
    List<Map<String, Object>> many = new ArrayList<>();
    IntStream.rangeClosed(0, RequestBatch.MOST).forEach(i -> many.add(request("r" + i, "post", "Things", thing(name))));
    assertThat(steward.post("/sta/v1.1/$batch", Map.of("requests", many)).problem()).isEqualTo("sensing.sta-too-wide");
    assertThat(steward.post("/sta/v1.1/$batch", "\"" + "x".repeat(17 << 20) + "\"").status()).isEqualTo(413);
    assertThat(count("Things", "name eq '" + name + "'")).isZero();
  }
}
