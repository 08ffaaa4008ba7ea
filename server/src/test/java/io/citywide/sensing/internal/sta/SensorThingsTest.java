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
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** What 18-088 asks and its suite of 2016 does not try, and how the register of devices shows itself. The suite itself: docs/conformance/sensorthings.md. */
@ServerTest
class SensorThingsTest {

  private static final TestCity CITY = new TestCity("972400", 97.24, 37.24);
  private static final TestCity FAR = new TestCity("440300", 113.91, 22.51);
  private static final String TYPE = "sta-gauge";
  private static final Instant BEGIN = Instant.parse("2026-01-31T00:00:00Z");
  private static final int VALUES = 250;

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  @Autowired TransactionTemplate transaction;

  private TestClient steward;
  private long device;
  private int level;

  @BeforeEach
  void city() {
    ground.city(CITY.alone(CITY.box(6, 6, 265, 14)));
    ground.city(FAR.alone(FAR.box(0, 0, 1, 1)));
    ground.gauges(TYPE, 900, List.of("level", "temp"), new Gauge("STA-1", 97.25, 37.25, CITY.city), new Gauge("STA-2", 97.5, 37.25, CITY.city), new Gauge("STA-FAR", 113.9105, 22.5105, FAR.city));
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    device = directory.find("STA-1").orElseThrow().deviceId();
    level = directory.find("STA-1").orElseThrow().series("level");
    List<Reading> readings = new ArrayList<>();
    IntStream.range(0, VALUES).forEach(i -> readings.add(new Reading("STA-1", "level", BEGIN.toEpochMilli() + i * 60_000L, i)));
    readings.add(new Reading("STA-2", "level", BEGIN.toEpochMilli() + 30_000, 777));
    readings.add(new Reading("STA-FAR", "level", BEGIN.toEpochMilli(), 888));
    observations.take(readings);
  }

  private Answer get(String address) {
    return StaGround.get(steward, address);
  }

  private JsonNode json(String address) {
    return StaGround.json(steward, address);
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private List<String> names(String address) {
    return list(json(address).path("value")).stream().map(e -> e.path("name").asString()).toList();
  }

  private List<Double> results(String address) {
    return list(json(address).path("value")).stream().map(e -> e.path("result").asDouble()).toList();
  }

  private JsonNode made(String set, Object body) {
    Answer answer = steward.post("/sta/v1.1/" + set, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.response().headers().firstValue("Location")).hasValue(answer.json().path("@iot.selfLink").asString().replace("'", "%27"));
    return answer.json();
  }

  // ---- devices -------------------------------------------------------------------------------------

  @Test
  void aDeviceOfTheRegisterIsAThingWithItsPlaceItsTypeAndItsNewestValue() {
    JsonNode thing = json("Things?$filter=properties/code eq 'STA-1'&$expand=Locations,HistoricalLocations,Datastreams($filter=ObservedProperty/properties/property eq 'level';"
        + "$expand=Sensor,ObservedProperty,Observations($orderby=phenomenonTime desc;$top=1))").path("value").path(0);
    assertThat(thing.path("@iot.id").asLong()).isEqualTo(device);
    assertThat(thing.at("/Locations/0/location/coordinates/0").asDouble()).isEqualTo(97.25);
    assertThat(thing.at("/HistoricalLocations/0/time").asString()).endsWith("Z");
    JsonNode stream = thing.at("/Datastreams/0");
    assertThat(stream.path("@iot.id").asInt()).isEqualTo(level);
    assertThat(stream.at("/unitOfMeasurement/symbol").asString()).isEqualTo("m");
    assertThat(stream.at("/Sensor/name").asString()).isEqualTo("水尺");
    assertThat(stream.at("/ObservedProperty/name").asString()).isEqualTo("液位");
    assertThat(stream.at("/Observations/0/result").asDouble()).isEqualTo(VALUES - 1.0);
    assertThat(stream.at("/Observations/0/@iot.id").asString()).isEqualTo(level + "-" + (BEGIN.toEpochMilli() + (VALUES - 1) * 60_000L));
    assertThat(json("Datastreams(" + level + ")/Thing").path("@iot.id").asLong()).isEqualTo(device);
    JsonNode value = json("Observations('" + level + "-" + BEGIN.toEpochMilli() + "')?$expand=Datastream($select=id),FeatureOfInterest($select=feature)");
    assertThat(value.path("phenomenonTime").asString()).isEqualTo("2026-01-31T00:00:00.000Z");
    assertThat(value.at("/Datastream/@iot.id").asInt()).isEqualTo(level);
    assertThat(value.at("/FeatureOfInterest/feature/type").asString()).isEqualTo("Point");
    assertThat(get("Observations('" + level + "-" + (BEGIN.toEpochMilli() + 1) + "')").status()).isEqualTo(404);
  }

  @Test
  void observationsOfDevicesAreFoundByTimeValueDatastreamAndPlace() {
    String of = "Datastreams(" + level + ")/Observations";
    assertThat(results(of + "?$top=3")).containsExactly(0.0, 1.0, 2.0);
    assertThat(results(of + "?$orderby=phenomenonTime desc&$top=2&$skip=1")).containsExactly(VALUES - 2.0, VALUES - 3.0);
    assertThat(results(of + "?$filter=result ge 10 and result lt 12 or result eq 200")).containsExactly(10.0, 11.0, 200.0);
    assertThat(results(of + "?$filter=phenomenonTime gt 2026-01-31T00:05:00Z and phenomenonTime le 2026-01-31T00:07:00Z")).containsExactly(6.0, 7.0);
    assertThat(results(of + "?$filter=resultTime lt 2026-01-31T08:02:00+08:00&$orderby=result desc")).containsExactly(1.0, 0.0);
    assertThat(results(of + "?$filter=minute(phenomenonTime) eq 59 and result mod 2 eq 1")).containsExactly(59.0, 119.0, 179.0, 239.0);
    assertThat(results("Observations?$filter=Datastream/Thing/properties/code eq 'STA-2'")).containsExactly(777.0);
    assertThat(results("Observations?$filter=Datastream/id eq " + level + " and result gt 247")).containsExactly(248.0, 249.0);
    assertThat(results("Observations?$filter=st_within(FeatureOfInterest/feature,geography'POLYGON((97.4 37,97.6 37,97.6 37.5,97.4 37.5,97.4 37))') and result gt 700")).containsExactly(777.0);
    assertThat(results("Things(" + device + ")/Datastreams(" + level + ")/Observations?$filter=phenomenonTime eq 2026-01-31T00:03:00Z")).containsExactly(3.0);
    assertThat(json(of + "?$count=true&$top=0").path("@iot.count").asInt()).isEqualTo(VALUES);
    assertThat(json(of + "?$count=true&$filter=result lt 5&$top=1").path("@iot.count").asInt()).isEqualTo(5);
    assertThat(results("Observations?$orderby=phenomenonTime desc&$top=1&$filter=Datastream/Thing/properties/type eq '" + TYPE + "' and Datastream/properties/property eq 'level'")).containsExactly(VALUES - 1.0);
  }

  @Test
  void theNextLinkLeadsThroughEveryValueOnce() {
    List<Double> all = new ArrayList<>();
    String next = "Datastreams(" + level + ")/Observations?$top=99&$filter=result ge 1&$select=result";
    while (!next.isEmpty()) {
      JsonNode page = json(next);
      list(page.path("value")).forEach(e -> all.add(e.path("result").asDouble()));
      next = page.path("@iot.nextLink").asString("");
    }
    assertThat(all).isEqualTo(IntStream.range(1, VALUES).mapToObj(i -> (double) i).toList());
    JsonNode stream = json("Datastreams(" + level + ")?$expand=Observations($top=2;$orderby=phenomenonTime asc)");
    assertThat(results(stream.path("Observations@iot.nextLink").asString()).getFirst()).isEqualTo(2.0);
  }

  @Test
  void aValuePostedToADatastreamOfADeviceIsInTheLogOnce() {
    Map<String, Object> body = Map.of("phenomenonTime", "2026-02-01T08:00:00+08:00", "result", 4.5);
    TestClient gauge = people.machine(CITY.city, Permission.OBSERVATION_WRITE, Permission.SENSING_READ);
    int temp = directory.find("STA-1").orElseThrow().series("temp");
    for (int again = 0; again < 2; again++) {
      Answer answer = gauge.post("/sta/v1.1/Datastreams(" + temp + ")/Observations", body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      assertThat(answer.json().path("@iot.id").asString()).isEqualTo(temp + "-" + Instant.parse("2026-02-01T00:00:00Z").toEpochMilli());
    }
    assertThat(results("Datastreams(" + temp + ")/Observations")).containsExactly(4.5);
    assertThat(observations.list(temp, BEGIN, Instant.parse("2026-03-01T00:00:00Z"), 10)).hasSize(1);
    for (Map<String, Object> bad : List.<Map<String, Object>>of(Map.of("result", "wet"), Map.of("result", 1, "parameters", Map.of("a", 1)), Map.of("result", 1, "phenomenonTime", "yesterday"),
        Map.of("result", 1, "phenomenonTime", "2026-02-01T00:00:00Z/2026-02-02T00:00:00Z"))) {
      assertThat(gauge.post("/sta/v1.1/Datastreams(" + temp + ")/Observations", bad).status()).as(bad.toString()).isEqualTo(400);
    }
    Answer future = gauge.post("/sta/v1.1/Datastreams(" + temp + ")/Observations", Map.of("result", 1, "phenomenonTime", "2999-01-01T00:00:00Z"));
    assertThat(future.status()).isEqualTo(422);
    assertThat(future.problem()).isEqualTo("sensing.sta-not-taken");
    assertThat(gauge.post("/sta/v1.1/Things", Map.of("name", "x", "description", "x")).status()).isEqualTo(403);
    assertThat(gauge.post("/sta/v1.1/Observations", Map.of("result", 1, "Datastream", station("x", 97, 37).get("Datastreams") instanceof List<?> streams ? streams.getFirst() : Map.of())).status()).isEqualTo(403);
    assertThat(steward.delete("/sta/v1.1/Things(" + device + ")").problem()).isEqualTo("sensing.sta-not-here");
    assertThat(steward.send("PATCH", "/sta/v1.1/Observations('" + level + "-" + BEGIN.toEpochMilli() + "')", Map.of("result", 1), Map.of()).problem()).isEqualTo("sensing.sta-not-here");
  }

  // ---- made over SensorThings ----------------------------------------------------------------------

  private static Map<String, Object> station(String name, double lon, double lat, Object... observations) {
    return Map.of("name", name, "description", "station " + name, "properties", Map.of("floor", 3, "owner", Map.of("name", "水务"), "live", true),
        "Locations", List.of(Map.of("name", name, "description", "roof", "encodingType", "application/geo+json", "location", Map.of("type", "Point", "coordinates", List.of(lon, lat)))),
        "Datastreams", List.of(Map.of("name", name + " wind", "description", "wind", "observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
            "unitOfMeasurement", Map.of("name", "m/s", "symbol", "m/s", "definition", "ucum:m/s"),
            "Sensor", Map.of("name", "cup", "description", "cup", "encodingType", "text/html", "metadata", "https://example.org/cup"),
            "ObservedProperty", Map.of("name", "wind speed", "definition", "https://example.org/wind", "description", "wind"), "Observations", List.of(observations))));
  }

  @Test
  void aDeepInsertIsWholeOrNothingAndItsDeletionTakesWhatBelongsToIt() {
    JsonNode thing = made("Things", station("deep", 97.241, 37.241, Map.of("phenomenonTime", "2026-01-01T00:00:00Z/2026-01-01T01:00:00Z", "result", 5, "resultQuality", "good",
        "validTime", "2026-01-01T00:00:00Z/2026-02-01T00:00:00Z", "parameters", Map.of("gust", true)), Map.of("result", "calm")));
    String self = "Things(" + thing.path("@iot.id").asLong() + ")";
    JsonNode stream = json(self + "/Datastreams?$expand=Observations($expand=FeatureOfInterest;$orderby=id)").at("/value/0");
    assertThat(stream.at("/Observations/0/phenomenonTime").asString()).isEqualTo("2026-01-01T00:00:00.000Z/2026-01-01T01:00:00.000Z");
    assertThat(stream.at("/Observations/0/parameters/gust").asBoolean()).isTrue();
    assertThat(stream.at("/Observations/1/result").asString()).isEqualTo("calm");
    assertThat(stream.at("/Observations/1/FeatureOfInterest/feature/coordinates/0").asDouble()).isEqualTo(97.241);
    assertThat(stream.path("phenomenonTime").asString()).startsWith("2026-01-01T00:00:00.000Z/");
    assertThat(list(json(self + "/HistoricalLocations").path("value"))).hasSize(1);
    assertThat(get(self + "/properties/owner/name/$value").text()).isEqualTo("水务");
    assertThat(json(self + "/Datastreams/$ref").at("/value/0/@iot.selfLink").asString()).endsWith("/Datastreams(" + stream.path("@iot.id").asLong() + ")");

    JsonNode moved = made(self + "/Locations", Map.of("name", "new", "description", "new", "encodingType", "application/geo+json", "location", Map.of("type", "Point", "coordinates", List.of(97.3, 37.3))));
    assertThat(names(self + "/Locations")).containsExactly("new");
    assertThat(list(json(self + "/HistoricalLocations").path("value"))).hasSize(2);

    long before = transaction.execute(s -> 0L) + json("Things?$count=true&$top=0").path("@iot.count").asLong();
    Map<String, Object> broken = new LinkedHashMap<>(station("broken", 97.24, 37.24, Map.of("result", 1), Map.of("phenomenonTime", "never", "result", 2)));
    Answer refused = steward.post("/sta/v1.1/Things", broken);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("field").asString()).isEqualTo("Datastreams[0]/Observations[1]/phenomenonTime");
    assertThat(json("Things?$count=true&$top=0").path("@iot.count").asLong()).isEqualTo(before);

    assertThat(steward.delete("/sta/v1.1/" + self).status()).isEqualTo(200);
    assertThat(get("Datastreams(" + stream.path("@iot.id").asLong() + ")").status()).isEqualTo(404);
    assertThat(get("Observations(" + stream.at("/Observations/0/@iot.id").asLong() + ")").status()).isEqualTo(404);
    assertThat(get("Locations(" + moved.path("@iot.id").asLong() + ")").status()).isEqualTo(200);
  }

  @Test
  void filtersSayWhatTheStandardSaysTheyMean() {
    made("Things", station("alpha", 97.24, 37.24, Map.of("phenomenonTime", "2026-01-01T10:20:30.5Z", "result", 5)));
    made("Things", station("beta", 97.26, 37.24, Map.of("phenomenonTime", "2026-01-02T00:00:00Z", "result", 9)));
    made("Things", Map.of("name", "it's", "description", "'quoted'"));
    Map<String, List<String>> things = new LinkedHashMap<>();
    things.put("name eq 'alpha'", List.of("alpha"));
    things.put("name ne 'alpha' and startswith(description,'station b')", List.of("beta"));
    things.put("name eq 'it''s' or length(name) eq 5 and endswith(name,'a') and name lt 'b'", List.of("alpha", "it's"));
    things.put("not (name eq 'alpha') and substringof('bet',name)", List.of("beta"));
    things.put("properties/floor add 1 eq 4 and properties/owner/name eq '水务' and properties/live and (name eq 'alpha' or name eq 'beta')", List.of("alpha", "beta"));
    things.put("properties/floor gt 2 and toupper(name) eq concat('BE','TA')", List.of("beta"));
    things.put("indexof(name,'ph') eq 2 and substring(name,1) eq 'lpha' and substring(name,1,2) eq 'lp'", List.of("alpha"));
    things.put("tolower(trim(concat(' ',name))) eq 'beta'", List.of("beta"));
    things.put("Datastreams/ObservedProperty/name eq 'wind speed' and startswith(name,'al')", List.of("alpha"));
    things.put("geo.distance(Locations/location,geography'POINT(97.26 37.24)') lt 0.005 and startswith(description,'station')", List.of("beta"));
    things.put("st_intersects(Locations/location,geography'LINESTRING(97.23 37.24,97.25 37.24)') and startswith(description,'station')", List.of("alpha"));
    things.put("st_disjoint(Locations/location,geography'POLYGON((97.255 37.2,97.3 37.2,97.3 37.3,97.255 37.3,97.255 37.2))') and length(name) le 5 and startswith(description,'station')", List.of("alpha"));
    things.put("name eq 'x'';DROP TABLE sensing_sta_thing;--'", List.of());
    things.forEach((filter, expected) -> assertThat(names("Things?$orderby=name&$filter=" + filter)).as(filter).isEqualTo(expected));

    Map<String, Integer> observed = new LinkedHashMap<>();
    observed.put("year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 1 and day(phenomenonTime) eq 1 and hour(phenomenonTime) eq 10 and minute(phenomenonTime) eq 20", 1);
    observed.put("second(phenomenonTime) eq 30 and fractionalseconds(phenomenonTime) eq 0.5", 1);
    observed.put("date(phenomenonTime) eq date(2026-01-01T23:00:00Z) and time(phenomenonTime) lt time(2026-01-01T11:00:00Z)", 1);
    observed.put("phenomenonTime lt now() sub duration'P1D' and totaloffsetminutes(phenomenonTime) eq 0", 2);
    observed.put("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime() and resultTime eq null", 2);
    observed.put("round(result div 2) eq 3 or floor(result div 2) eq 4 and ceiling(result div 2) eq 5", 2);
    observed.put("-result eq -5 and (result mul 2 sub 1) mod 4 eq 1", 1);
    observed.put("result gt Datastream/id", 0);
    observed.forEach((filter, expected) -> assertThat(json("Observations?$count=true&$filter=Datastream/ObservedProperty/definition eq 'https://example.org/wind' and "
        + "(Datastream/Thing/name eq 'alpha' or Datastream/Thing/name eq 'beta') and (" + filter + ")").path("@iot.count").asInt()).as(filter).isEqualTo(expected));
  }

  @Test
  void aQueryThatCannotBeMeantIsRefusedWithTheirPlaceInIt() {
    Map<String, Integer> bad = new LinkedHashMap<>();
    bad.put("Things?$filter=name eq", 8);
    bad.put("Things?$filter=name eq 'open", 9);
    bad.put("Things?$filter=nosuch eq 1", 1);
    bad.put("Things?$filter=(name eq 'a'", 13);
    bad.put("Things?$filter=nofunction(name)", 1);
    bad.put("Things?$filter=name eq 5", 6);
    bad.put("Things?$filter=Datastreams eq 5", 1);
    bad.put("Things?$filter=name eq 'a' garbage", 13);
    bad.put("Things?$filter=" + "(".repeat(40) + "name eq 'a'" + ")".repeat(40), 31);
    bad.put("Things?$orderby=name sideways", 6);
    bad.put("Things?$select=nosuch", 1);
    bad.put("Things?$expand=Sensors", 1);
    bad.put("Things?$expand=Datastreams/Thing/Datastreams/Thing/Datastreams/Thing", 49);
    bad.put("Things?$expand=Datastreams($top=x)", 18);
    bad.put("Things?$top=-1", 1);
    bad.put("Things?$count=yes", 1);
    bad.put("Things?$skip=99999999", 1);
    bad.put("Things?$unknown=1", 1);
    bad.put("Observations?$filter=phenomenonTime gt 2026-13-41T00:00:00Z", 19);
    bad.put("Locations?$filter=st_within(location,geography'POLYGON((1 1')", 20);
    bad.forEach((address, position) -> {
      Answer answer = get(address);
      assertThat(answer.status()).as(address + " " + answer.text()).isEqualTo(400);
      assertThat(answer.problem()).as(address).isEqualTo("sensing.sta-invalid-query");
      assertThat(answer.json().path("position").asInt()).as(address + " " + answer.text()).isEqualTo(position);
    });
    for (String gone : List.of("Nothings", "Things(999999999999999)", "Things(1)/Nothings", "Things(99999999999999999999999)", "Observations('1-1')")) {
      assertThat(get(gone).status()).as(gone).isEqualTo(404);
    }
    for (String wrong : List.of("Things(abc)", "Things/Datastreams", "Things(1", "Things(1%3BDROP%20TABLE%20x)")) {
      assertThat(get(wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void nobodySeesWhatLiesBeyondTheirArea() {
    String name = "secret-" + System.nanoTime();
    JsonNode thing = made("Things", station(name, 10, 10, Map.of("result", 1)));
    TestClient neighbour = people.someone(Role.SYSTEM_ADMIN, "972501", null).client();
    for (String set : List.of("Things", "Locations", "Datastreams", "Observations", "FeaturesOfInterest", "HistoricalLocations")) {
      Answer answer = neighbour.get("/sta/v1.1/" + set + "?$count=true");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().path("@iot.count").asInt()).as(set).isZero();
    }
    assertThat(neighbour.get("/sta/v1.1/Things(" + thing.path("@iot.id").asLong() + ")").status()).isEqualTo(404);
    assertThat(neighbour.get("/sta/v1.1/Datastreams(" + level + ")/Observations").status()).isEqualTo(404);
    assertThat(neighbour.get("/sta/v1.1/Observations('" + level + "-" + BEGIN.toEpochMilli() + "')").status()).isEqualTo(404);
    assertThat(neighbour.delete("/sta/v1.1/Things(" + thing.path("@iot.id").asLong() + ")").status()).isEqualTo(404);
    assertThat(neighbour.post("/sta/v1.1/Datastreams(" + level + ")/Observations", Map.of("result", 1)).status()).isEqualTo(404);
    long sensor = json("Things(" + thing.path("@iot.id").asLong() + ")/Datastreams?$expand=Sensor").at("/value/0/Sensor/@iot.id").asLong();
    assertThat(neighbour.delete("/sta/v1.1/Sensors(" + sensor + ")").status()).isEqualTo(409);
    assertThat(names("Things?$filter=properties/code eq 'STA-FAR'")).isEmpty();
    assertThat(people.nobody().get("/sta/v1.1/Things").status()).isEqualTo(401);
  }

  @Test
  void aTableOfObservationsHasOneLineForEach() {
    JsonNode group = json("Datastreams(" + level + ")/Observations?$resultFormat=dataArray&$top=2&$select=phenomenonTime,result").at("/value/0");
    assertThat(group.path("components").toString()).isEqualTo("[\"phenomenonTime\",\"result\"]");
    int temp = directory.find("STA-2").orElseThrow().series("temp");
    long own = json("Things(" + made("Things", station("tabular", 97.35, 37.4)).path("@iot.id").asLong() + ")/Datastreams").at("/value/0/@iot.id").asLong();
    Answer answer = steward.post("/sta/v1.1/CreateObservations", List.of(
        Map.of("Datastream", Map.of("@iot.id", temp), "components", List.of("phenomenonTime", "result"), "dataArray", List.of(List.of("2026-02-01T00:00:00Z", 1), List.of("2026-02-01T00:01:00Z", "warm"))),
        Map.of("Datastream", Map.of("@iot.id", own), "components", List.of("result", "phenomenonTime"), "dataArray", List.of(List.of("warm", "2026-02-01T00:00:00Z"), List.of(2, "never")))));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(list(answer.json()).stream().map(l -> l.asString().equals("error"))).containsExactly(false, true, false, true);
    assertThat(results("Datastreams(" + temp + ")/Observations")).containsExactly(1.0);
    assertThat(json("Datastreams(" + own + ")/Observations").at("/value/0/result").asString()).isEqualTo("warm");
    assertThat(group.path("dataArray").toString()).isEqualTo("[[\"2026-01-31T00:00:00.000Z\",0],[\"2026-01-31T00:01:00.000Z\",1]]");
  }
}
