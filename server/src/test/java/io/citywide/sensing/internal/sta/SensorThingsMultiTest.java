package io.citywide.sensing.internal.sta;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Reading;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The MultiDatastream extension of 18-088: one observation, several values. */
@ServerTest
class SensorThingsMultiTest {

  private static final TestCity CITY = new TestCity("972600", 97.26, 36.24);
  private static final String TYPE = "sta-multi-gauge";
  private static final String OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/";

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;

  private TestClient steward;
  private String name;

  @BeforeEach
  void city() {
    ground.city(CITY.alone(CITY.box(6, 6, 265, 14)));
    ground.gauges(TYPE, 900, List.of("level"), new Gauge("STA-M1", 97.28, 36.25, CITY.city));
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    name = "multi-" + System.nanoTime();
  }

  private Answer get(String address) {
    return StaGround.get(steward, address);
  }

  private JsonNode json(String address) {
    return StaGround.json(steward, address);
  }

  private List<String> texts(String address, String member) {
    return StreamSupport.stream(json(address).path("value").spliterator(), false).map(e -> e.path(member).isString() ? e.path(member).asString() : e.path(member).toString()).toList();
  }

  private JsonNode made(String set, Object body) {
    Answer answer = steward.post("/sta/v1.1/" + set, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  private Answer patch(String address, Object body) {
    return steward.send("PATCH", "/sta/v1.1/" + address, body, Map.of());
  }

  private static long id(JsonNode entity) {
    return entity.path("@iot.id").asLong();
  }

  private static Map<String, Object> property(String name) {
    return Map.of("name", name, "definition", "https://example.org/" + name, "description", name);
  }

  private static Map<String, Object> unit(String symbol) {
    return Map.of("name", symbol, "symbol", symbol, "definition", "ucum:" + symbol);
  }

  private static Map<String, Object> weather(String name, Object... observations) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("description", "wind and temperature");
    body.put("observationType", OM + "OM_ComplexObservation");
    body.put("multiObservationDataTypes", List.of(OM + "OM_Measurement", OM + "OM_Measurement", OM + "OM_CategoryObservation"));
    body.put("unitOfMeasurements", List.of(unit("m/s"), unit("Cel"), new LinkedHashMap<>(unit("none"))));
    body.put("properties", Map.of("mast", 3));
    body.put("Sensor", Map.of("name", "station", "description", "station", "encodingType", "text/html", "metadata", "https://example.org/station"));
    // In this order, which is not that of their names.
    body.put("ObservedProperties", List.of(property("wind"), property("temperature"), property("sky")));
    if (observations.length > 0) {
      body.put("Observations", List.of(observations));
    }
    return body;
  }

  private static Map<String, Object> station(String name, Map<String, Object> weather) {
    return Map.of("name", name, "description", "station", "MultiDatastreams", List.of(weather),
        "Locations", List.of(Map.of("name", name, "description", "roof", "encodingType", "application/geo+json", "location", Map.of("type", "Point", "coordinates", List.of(97.27, 36.25)))));
  }

  private static Map<String, Object> feature(double lon, double lat) {
    return Map.of("name", "field", "description", "field", "encodingType", "application/geo+json", "feature", Map.of("type", "Point", "coordinates", List.of(lon, lat)));
  }

  private static Map<String, Object> without(Map<String, Object> body, String member, Object... instead) {
    Map<String, Object> other = new LinkedHashMap<>(body);
    other.remove(member);
    if (instead.length > 0) {
      other.put(member, instead[0]);
    }
    return other;
  }

  @Test
  void aDeepInsertBringsAMultiDatastreamThatIsReachedFromEverySide() {
    long thing = id(made("Things", station(name, weather("weather", Map.of("phenomenonTime", "2026-01-01T00:00:00Z", "result", List.of(5.5, -3, "clear")),
        Map.of("phenomenonTime", "2026-01-01T01:00:00Z", "result", List.of(7, -2, "cloudy"), "FeatureOfInterest", feature(97.29, 36.3))))));
    JsonNode multi = json("Things(" + thing + ")?$expand=MultiDatastreams($expand=Thing,Sensor,ObservedProperties,Observations($orderby=result/0 desc;$expand=MultiDatastream($select=id)))").at("/MultiDatastreams/0");
    long stream = id(multi);
    assertThat(multi.path("unitOfMeasurements")).hasSize(3);
    assertThat(multi.at("/multiObservationDataTypes/2").asString()).endsWith("OM_CategoryObservation");
    assertThat(multi.path("phenomenonTime").asString()).isEqualTo("2026-01-01T00:00:00.000Z/2026-01-01T01:00:00.000Z");
    assertThat(multi.at("/observedArea/type").asString()).isEqualTo("Polygon");
    assertThat(multi.at("/observedArea/coordinates/0/2").toString()).isEqualTo("[97.29,36.3]");
    assertThat(id(multi.path("Thing"))).isEqualTo(thing);
    assertThat(multi.at("/Sensor/name").asString()).isEqualTo("station");
    assertThat(multi.at("/ObservedProperties/0/name").asString()).isEqualTo("wind");
    assertThat(multi.at("/ObservedProperties/2/name").asString()).isEqualTo("sky");
    assertThat(multi.at("/Observations/0/result").toString()).isEqualTo("[7,-2,\"cloudy\"]");
    assertThat(id(multi.at("/Observations/0/MultiDatastream"))).isEqualTo(stream);
    assertThat(multi.at("/Observations/0").has("Datastream@iot.navigationLink")).isFalse();
    long sensor = id(multi.path("Sensor"));
    long wind = id(multi.at("/ObservedProperties/0"));
    long observation = id(multi.at("/Observations/1"));

    for (String way : List.of("Things(" + thing + ")/MultiDatastreams", "Sensors(" + sensor + ")/MultiDatastreams", "ObservedProperties(" + wind + ")/MultiDatastreams")) {
      assertThat(texts(way + "?$select=name", "name")).as(way).containsExactly("weather");
    }
    assertThat(json("Observations(" + observation + ")/MultiDatastream/name").path("name").asString()).isEqualTo("weather");
    assertThat(get("Observations(" + observation + ")/Datastream").status()).isEqualTo(404);
    assertThat(texts("MultiDatastreams(" + stream + ")/ObservedProperties", "name")).containsExactly("wind", "temperature", "sky");
    assertThat(texts("MultiDatastreams(" + stream + ")/ObservedProperties?$orderby=name desc&$top=2", "name")).containsExactly("wind", "temperature");
    assertThat(json("MultiDatastreams(" + stream + ")/ObservedProperties?$top=1").path("@iot.nextLink").asString()).contains("skip=1");
    assertThat(json("MultiDatastreams(" + stream + ")/Observations(" + observation + ")/result").path("result").size()).isEqualTo(3);
    assertThat(json("MultiDatastreams(" + stream + ")/unitOfMeasurements/1/symbol").path("symbol").asString()).isEqualTo("Cel");
    assertThat(steward.get("/sta/v1.1").json().toString()).contains("/sta/v1.1/MultiDatastreams\"").contains("1.1/req/multi-datastream\"");
  }

  @Test
  void questionsReachIntoAndThroughMultiDatastreams() {
    made("Things", station(name, weather(name, Map.of("phenomenonTime", "2026-01-01T00:00:00Z", "result", List.of(5.5, -3, "clear")),
        Map.of("phenomenonTime", "2026-01-02T00:00:00Z", "result", List.of(7, -2, "cloudy")))));
    made("Things", station(name + "-b", weather(name + "-b", Map.of("phenomenonTime", "2026-01-03T00:00:00Z", "result", List.of(1, 20, "clear"), "FeatureOfInterest", feature(98, 36.25)))));
    observations.take(List.of(new Reading("STA-M1", "level", Instant.parse("2026-01-01T12:00:00Z").toEpochMilli(), 1)));
    String mine = "startswith(name,'" + name + "')";
    Map<String, List<String>> streams = new LinkedHashMap<>();
    streams.put(mine + " and properties/mast eq 3", List.of(name, name + "-b"));
    streams.put(mine + " and Observations/result/0 gt 6", List.of(name));
    streams.put(mine + " and ObservedProperties/name eq 'temperature' and Thing/name eq '" + name + "-b'", List.of(name + "-b"));
    streams.put(mine + " and phenomenonTime lt 2026-01-02T12:00:00Z", List.of(name));
    streams.put(mine + " and st_within(observedArea,geography'POLYGON((97 36,97.5 36,97.5 36.5,97 36.5,97 36))')", List.of(name));
    streams.put(mine + " and unitOfMeasurements/1/symbol eq 'Cel' and observationType eq '" + OM + "OM_ComplexObservation'", List.of(name, name + "-b"));
    streams.forEach((filter, expected) -> assertThat(texts("MultiDatastreams?$orderby=name&$filter=" + filter, "name")).as(filter).isEqualTo(expected));
    assertThat(texts("Things?$orderby=name&$filter=MultiDatastreams/ObservedProperties/name eq 'sky' and " + mine, "name")).containsExactly(name, name + "-b");
    assertThat(json("MultiDatastreams?$count=true&$top=1&$skip=1&$orderby=name&$select=name&$filter=" + mine).toString()).isEqualTo("{\"@iot.count\":2,\"value\":[{\"name\":\"" + name + "-b\"}]}");

    String ours = "MultiDatastream/name eq '" + name + "'";
    assertThat(texts("Observations?$orderby=phenomenonTime desc&$filter=" + ours, "result")).containsExactly("[7,-2,\"cloudy\"]", "[5.5,-3,\"clear\"]");
    assertThat(texts("Observations?$filter=" + ours + " and result/2 eq 'clear' and result/1 lt 0", "result")).containsExactly("[5.5,-3,\"clear\"]");
    assertThat(json("Observations?$count=true&$top=0&$filter=MultiDatastream/Thing/name eq '" + name + "' or Datastream/properties/device eq 'STA-M1'").path("@iot.count").asInt()).isEqualTo(3);
    int level = directory.find("STA-M1").orElseThrow().series("level");
    JsonNode value = json("Datastreams(" + level + ")/Observations").at("/value/0");
    assertThat(value.has("MultiDatastream@iot.navigationLink")).isFalse();
    assertThat(get("Observations('" + value.path("@iot.id").asString() + "')/MultiDatastream").status()).isEqualTo(404);
    assertThat(get("MultiDatastreams(" + level + ")").status()).isEqualTo(404);
  }

  @Test
  void resultsHaveAsManyValuesAsTheMultiDatastreamSays() {
    long thing = id(made("Things", station(name, weather("weather"))));
    long stream = id(json("Things(" + thing + ")/MultiDatastreams").at("/value/0"));
    String self = "MultiDatastreams(" + stream + ")";
    assertThat(json(self).has("observedArea")).isFalse();
    TestClient gauge = people.machine(CITY.city, Permission.OBSERVATION_WRITE, Permission.SENSING_READ);
    List<Object> unknown = new ArrayList<>(List.of(1, 2));
    unknown.add(null);
    Answer first = gauge.post("/sta/v1.1/" + self + "/Observations", Map.of("result", unknown, "phenomenonTime", "2026-02-01T00:00:00Z"));
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(gauge.post("/sta/v1.1/Observations", Map.of("result", List.of(1, 2, 3), "MultiDatastream", Map.of("@iot.id", stream))).status()).isEqualTo(201);
    for (Object result : List.of(5, List.of(1, 2), List.of(1, 2, 3, 4), Map.of("wind", 1))) {
      Answer refused = gauge.post("/sta/v1.1/" + self + "/Observations", Map.of("result", result));
      assertThat(refused.status()).as(result.toString()).isEqualTo(400);
      assertThat(refused.json().path("field").asString()).isEqualTo("result");
    }
    int level = directory.find("STA-M1").orElseThrow().series("level");
    assertThat(gauge.post("/sta/v1.1/Observations", Map.of("result", 1, "Datastream", Map.of("@iot.id", level), "MultiDatastream", Map.of("@iot.id", stream))).status()).isEqualTo(400);
    assertThat(gauge.post("/sta/v1.1/MultiDatastreams", weather("x")).status()).isEqualTo(403);

    String observation = "Observations(" + id(first.json()) + ")";
    assertThat(patch(observation, Map.of("result", List.of(9))).json().path("field").asString()).isEqualTo("result");
    assertThat(patch(observation, Map.of("result", List.of(9, 9, 9))).status()).isEqualTo(200);
    assertThat(json(observation).path("result").toString()).isEqualTo("[9,9,9]");
    // The Thing's place is a point, and so is the area that was observed.
    assertThat(json(self).path("observedArea").toString()).isEqualTo("{\"type\":\"Point\",\"coordinates\":[97.27,36.25]}");
    assertThat(patch(observation, Map.of("FeatureOfInterest", Map.of("@iot.id", id(made("FeaturesOfInterest", feature(97.27, 36.4)))))).status()).isEqualTo(200);
    assertThat(json(self).at("/observedArea/type").asString()).isEqualTo("LineString");
    long field = id(json(observation + "/FeatureOfInterest"));
    assertThat(patch("FeaturesOfInterest(" + field + ")", Map.of("feature", Map.of("type", "Point", "coordinates", List.of(97.3, 36.4)))).status()).isEqualTo(200);
    assertThat(json(self).at("/observedArea/type").asString()).isEqualTo("Polygon");
    assertThat(steward.delete("/sta/v1.1/" + observation).status()).isEqualTo(200);
    assertThat(json(self).at("/observedArea/type").asString()).isEqualTo("Point");
  }

  @Test
  void aMultiDatastreamHasAsManyTypesUnitsAndObservedProperties() {
    long thing = id(made("Things", station(name, weather("weather", Map.of("result", List.of(1, 2, 3))))));
    long stream = id(json("Things(" + thing + ")/MultiDatastreams").at("/value/0"));
    String below = "Things(" + thing + ")/MultiDatastreams";
    Map<String, Map<String, Object>> bad = new LinkedHashMap<>();
    bad.put("observationType", without(weather("x"), "observationType", OM + "OM_Measurement"));
    bad.put("multiObservationDataTypes", without(weather("x"), "ObservedProperties", List.of(property("wind"))));
    bad.put("unitOfMeasurements[1]", without(weather("x"), "unitOfMeasurements", List.of(unit("m"), Map.of("name", "m"), unit("m"))));
    bad.put("unitOfMeasurements", without(weather("x"), "unitOfMeasurements"));
    bad.put("Sensor", without(weather("x"), "Sensor"));
    bad.put("unitOfMeasurement", without(weather("x"), "unitOfMeasurement", unit("m")));
    bad.forEach((field, body) -> {
      Answer answer = steward.post("/sta/v1.1/" + below, body);
      assertThat(answer.status()).as(field + " " + answer.text()).isEqualTo(400);
      assertThat(answer.json().path("field").asString()).as(answer.text()).isEqualTo(field);
    });
    assertThat(steward.post("/sta/v1.1/" + below, without(weather("x"), "ObservedProperties")).status()).isEqualTo(400);
    assertThat(texts(below, "name")).containsExactly("weather");

    String self = "MultiDatastreams(" + stream + ")";
    List<Long> properties = StreamSupport.stream(json(self + "/ObservedProperties").path("value").spliterator(), false).map(SensorThingsMultiTest::id).toList();
    List<Map<String, Object>> turned = properties.reversed().stream().map(p -> Map.<String, Object>of("@iot.id", p)).toList();
    assertThat(patch(self, Map.of("name", "turned", "ObservedProperties", turned)).status()).isEqualTo(200);
    assertThat(texts(self + "/ObservedProperties", "name")).containsExactly("sky", "temperature", "wind");
    assertThat(patch(self, Map.of("ObservedProperties", List.of(turned.getFirst(), turned.getFirst(), turned.getLast()))).status()).isEqualTo(400);
    assertThat(patch(self, Map.of("unitOfMeasurements", List.of(unit("m")))).status()).isEqualTo(400);
    Map<String, Object> shorter = Map.of("unitOfMeasurements", List.of(unit("m")), "multiObservationDataTypes", List.of(OM + "OM_Measurement"), "ObservedProperties", List.of(turned.getFirst()));
    assertThat(patch(self, shorter).text()).contains("Observations have values, 3");
    long observation = id(json(self + "/Observations").at("/value/0"));
    assertThat(steward.delete("/sta/v1.1/Observations(" + observation + ")").status()).isEqualTo(200);
    assertThat(patch(self, shorter).status()).isEqualTo(200);
    assertThat(made(self + "/Observations", Map.of("result", List.of(1))).path("result").size()).isEqualTo(1);
    assertThat(texts(self + "/ObservedProperties", "name")).containsExactly("sky");
  }

  @Test
  void anObservedPropertyAndASensorMayBringOne() {
    long thing = id(made("Things", Map.of("name", name, "description", "station")));
    Map<String, Object> single = without(weather("single"), "ObservedProperties");
    single.put("unitOfMeasurements", List.of(unit("m")));
    single.put("multiObservationDataTypes", List.of(OM + "OM_Measurement"));
    single.put("Thing", Map.of("@iot.id", thing));
    Map<String, Object> depth = new LinkedHashMap<>(property("depth"));
    depth.put("MultiDatastreams", List.of(single));
    long property = id(made("ObservedProperties", depth));
    assertThat(texts("ObservedProperties(" + property + ")/MultiDatastreams", "name")).containsExactly("single");
    made("ObservedProperties(" + property + ")/MultiDatastreams", without(single, "name", "posted"));
    long sensor = id(json("Things(" + thing + ")/MultiDatastreams?$expand=Sensor").at("/value/0/Sensor"));
    made("Sensors(" + sensor + ")/MultiDatastreams", without(without(weather("of the sensor"), "Sensor"), "Thing", Map.of("@iot.id", thing)));
    assertThat(texts("Things(" + thing + ")/MultiDatastreams?$orderby=name", "name")).containsExactly("of the sensor", "posted", "single");
    assertThat(texts("Sensors(" + sensor + ")/MultiDatastreams?$orderby=name", "name")).containsExactly("of the sensor", "single");
  }

  @Test
  void whatItHangsOnTakesItWithIt() {
    for (String end : List.of("Thing", "Sensor", "ObservedProperties(last)", "itself")) {
      long thing = id(made("Things", station(name, weather("weather", Map.of("result", List.of(1, 2, 3))))));
      JsonNode multi = json("Things(" + thing + ")/MultiDatastreams?$expand=Sensor,ObservedProperties,Observations").at("/value/0");
      String gone = switch (end) {
        case "Thing" -> "Things(" + thing + ")";
        case "Sensor" -> "Sensors(" + id(multi.path("Sensor")) + ")";
        case "itself" -> "MultiDatastreams(" + id(multi) + ")";
        default -> "ObservedProperties(" + id(multi.at("/ObservedProperties/2")) + ")";
      };
      assertThat(steward.delete("/sta/v1.1/" + gone).status()).as(end).isEqualTo(200);
      assertThat(get("MultiDatastreams(" + id(multi) + ")").status()).as(end).isEqualTo(404);
      assertThat(get("Observations(" + id(multi.at("/Observations/0")) + ")").status()).as(end).isEqualTo(404);
      assertThat(get("ObservedProperties(" + id(multi.at("/ObservedProperties/0")) + ")").status()).as(end).isEqualTo(200);
    }
  }

  @Test
  void aTableOfObservationsMayBeOfAMultiDatastream() {
    long stream = id(json("Things(" + id(made("Things", station(name, weather("weather")))) + ")/MultiDatastreams").at("/value/0"));
    Answer answer = steward.post("/sta/v1.1/CreateObservations", List.of(Map.of("MultiDatastream", Map.of("@iot.id", stream), "components", List.of("phenomenonTime", "result"),
        "dataArray", List.of(List.of("2026-02-01T00:00:00Z", List.of(1, 2, 3)), List.of("2026-02-01T00:01:00Z", List.of(1)), List.of("2026-02-01T00:02:00Z", List.of(4, 5, 6))))));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(StreamSupport.stream(answer.json().spliterator(), false).map(l -> l.asString().equals("error"))).containsExactly(false, true, false);
    JsonNode group = json("MultiDatastreams(" + stream + ")/Observations?$resultFormat=dataArray&$select=result").at("/value/0");
    assertThat(group.path("MultiDatastream@iot.navigationLink").asString()).endsWith("/MultiDatastreams(" + stream + ")");
    assertThat(group.path("dataArray").toString()).isEqualTo("[[[1,2,3]],[[4,5,6]]]");
  }

  @Test
  void aDeviceMayHaveOneTooAndNobodySeesWhatLiesBeyondTheirArea() {
    long device = directory.find("STA-M1").orElseThrow().deviceId();
    long stream = id(made("Things(" + device + ")/MultiDatastreams", weather(name)));
    made("MultiDatastreams(" + stream + ")/Observations", Map.of("result", List.of(1, 2, 3)));
    assertThat(json("MultiDatastreams(" + stream + ")?$expand=Thing").at("/Thing/properties/code").asString()).isEqualTo("STA-M1");
    assertThat(json("MultiDatastreams(" + stream + ")").path("observedArea").toString()).isEqualTo("{\"type\":\"Point\",\"coordinates\":[97.28,36.25]}");
    TestClient neighbour = people.someone(Role.SYSTEM_ADMIN, "982801", null).client();
    assertThat(neighbour.get("/sta/v1.1/MultiDatastreams?$count=true").json().path("@iot.count").asInt()).isZero();
    assertThat(neighbour.get("/sta/v1.1/Observations?$count=true&$filter=MultiDatastream/name%20eq%20'" + name + "'").json().path("@iot.count").asInt()).isZero();
    assertThat(neighbour.get("/sta/v1.1/MultiDatastreams(" + stream + ")/Observations").status()).isEqualTo(404);
    assertThat(neighbour.post("/sta/v1.1/MultiDatastreams(" + stream + ")/Observations", Map.of("result", List.of(1, 2, 3))).status()).isEqualTo(404);
    assertThat(neighbour.delete("/sta/v1.1/MultiDatastreams(" + stream + ")").status()).isEqualTo(404);
    long property = id(json("MultiDatastreams(" + stream + ")/ObservedProperties").at("/value/0"));
    assertThat(neighbour.get("/sta/v1.1/ObservedProperties(" + property + ")/MultiDatastreams").json().path("value").isEmpty()).isTrue();
    assertThat(neighbour.delete("/sta/v1.1/ObservedProperties(" + property + ")").problem()).isEqualTo("sensing.sta-not-here");
  }
}
