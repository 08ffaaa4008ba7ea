package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.internal.ComponentFinder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Components after GB/T 47678.5-2026: imported in batches, found by box, by nearness, by code. */
@ServerTest
class ComponentTest {

  private static final TestCity CITY = new TestCity("960100", 112, 31);

  @Autowired TestPeople people;
  @Autowired Components components;
  @Autowired ComponentFinder finder;
  @Autowired ComponentIndex index;

  private TestClient steward;

  @BeforeEach
  void aCity() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
  }

  private static Map<String, Object> component(String ident, double x, double y) {
    List<Double> at = CITY.at(x, y);
    return Map.of("ident", ident, "lon", at.get(0), "lat", at.get(1));
  }

  @Test
  void takesTheKindFromTheCodeAndTheAreaFromThePosition() {
    steward.post("/api/components:batch", List.of(component("96010201037000001", 0.5, 0.5)));
    Component lamp = components.find("96010201037000001").orElseThrow();
    assertThat(lamp.name()).isEqualTo("路灯");
    assertThat(lamp.kindId()).isEqualTo("gb47678.5-C01037");
    assertThat(lamp.areaCode()).isEqualTo("960102001001001");
    assertThat(steward.get("/api/components/96010201037000001").json().path("description").asString()).endsWith("梧桐社区 · 001网格");
  }

  @Test
  void readsTheSixteenDigitsOfTheOldStandard() {
    // 3205080101000001 = 上水井盖, the public example of GB/T 30428.2
    Answer answer = steward.post("/api/components:batch", List.of(component("3205080101000001", 0.1, 0.1)));
    assertThat(answer.json().path("accepted").asInt()).as(answer.text()).isEqualTo(1);
    assertThat(components.find("3205080101000001").orElseThrow().name()).isEqualTo("上水井盖");
  }

  @Test
  void rejectsRowsWithTheirReasonAndTakesTheOthers() {
    String lines = """
        {"ident": "96010201037000010", "lon": 112.0001, "lat": 31.0001}
        {"ident": "9601020103700001", "lon": 112.0001}
        {"ident": "96010201037000011", "lon": 31.0, "lat": 112.0}
        {"ident": "96010201999000011", "lon": 112.0001, "lat": 31.0001}
        {"ident": "96010201037000012", "lon": 112.0001, "lat": 31.0001, "state": "好的"}
        not json
        {"ident": "96010201037000010", "lon": 112.0001, "lat": 31.0001}
        {"ident": "abc", "lon": 112.0001, "lat": 31.0001}
        """;
    Answer answer = steward.send("POST", "/api/components:batch", lines, Map.of("Content-Type", "application/x-ndjson"));
    assertThat(answer.json().path("accepted").asInt()).as(answer.text()).isEqualTo(1);
    assertThat(answer.json().path("rejected").size()).isEqualTo(7);
    assertThat(answer.text()).contains("swapped", "no kind 'gb47678.5-C01999'", "完好", "not JSON", "appears twice", "17 digits");
    assertThat(answer.json().at("/rejected/0/index").asInt()).isEqualTo(1);

    Answer zh = steward.send("POST", "/api/components:batch", lines, Map.of("Content-Type", "application/x-ndjson", "Accept-Language", "zh-CN"));
    assertThat(zh.text()).contains("互换", "没有“gb47678.5-C01999”", "状态应为", "不是 JSON", "重复", "17 位数字").doesNotContain("must be");
  }

  @Test
  void refusesABatchThatIsTooLarge() {
    String lines = "{}\n".repeat(5_001);
    assertThat(steward.send("POST", "/api/components:batch", lines, Map.of("Content-Type", "application/x-ndjson")).problem()).isEqualTo("place.invalid-batch");
  }

  @Test
  void findsWhatStandsInABox() {
    String lines = IntStream.range(0, 200)
        .mapToObj(i -> "{\"ident\": \"96010204002%06d\", \"lon\": %s, \"lat\": %s, \"ownerCode\": \"GREEN\"}".formatted(i, 112.5 + i * 0.0001, 31.5))
        .collect(Collectors.joining("\n"));
    assertThat(steward.send("POST", "/api/components:batch", lines, Map.of("Content-Type", "application/x-ndjson")).json().path("accepted").asInt()).isEqualTo(200);
    index.refresh();
    Answer answer = steward.get("/api/components?bbox=112.50995,31.49,112.51105,31.51");
    assertThat(answer.json().path("features").size()).isEqualTo(11);
    assertThat(answer.json().at("/features/0/properties/name").asString()).isEqualTo("行道树");
    assertThat(steward.get("/api/components?bbox=112.5,31.4,112.6,31.6&limit=50").json().path("features").size()).isEqualTo(50);
    assertThat(steward.get("/api/components?bbox=1,2,3").problem()).isEqualTo("place.invalid-box");
    assertThat(steward.get("/api/components?bbox=113,31,112,32").problem()).isEqualTo("place.invalid-box");
    assertThat(steward.get("/api/components?bbox=112,31,113,32&limit=5001").problem()).isEqualTo("place.invalid-box");
  }

  @Test
  void findsTheNearestOfAKindThatIsStillThere() {
    steward.post("/api/components:batch", List.of(
        component("96010201002000001", 1.0, 1.0), component("96010201002000002", 1.2, 1.0), component("96010203005000001", 1.05, 1.0),
        Map.of("ident", "96010201002000003", "lon", CITY.at(1.06, 1).get(0), "lat", CITY.at(1.06, 1).get(1), "state", "移除")));
    index.refresh();
    List<Double> at = CITY.at(1.08, 1.0);
    ComponentFinder.Near any = finder.nearest(at.get(0), at.get(1), 50, null).orElseThrow();
    assertThat(any.component().ident()).isEqualTo("96010203005000001");
    assertThat(any.distanceMeters()).isBetween(2.7, 3.0);
    assertThat(finder.nearest(at.get(0), at.get(1), 50, "gb47678.5-C01002").orElseThrow().component().ident()).isEqualTo("96010201002000001");
    assertThat(finder.nearest(at.get(0), at.get(1), 50, "gb47678.5-M01002")).as("污水井盖异常 is about 污水井盖").isPresent();
    assertThat(finder.nearest(at.get(0), at.get(1), 1, null)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> finder.nearest(112, 31, 0, null)).withMessageContaining("radius");
  }

  @Test
  void bringsAKnownComponentUpToDate() {
    steward.post("/api/components:batch", List.of(component("96010202012000001", 0.5, 0.5)));
    steward.post("/api/components:batch", List.of(component("96010202012000001", 1.5, 0.5)));
    assertThat(components.find("96010202012000001").orElseThrow().areaCode()).isEqualTo("960102001001002");
  }

  @Test
  void onlyAStewardMayImport() {
    TestClient dispatcher = people.someone(Role.DISPATCHER, CITY.city, null).client();
    assertThat(dispatcher.post("/api/components:batch", List.of(component("96010201037000099", 0, 0))).status()).isEqualTo(403);
    assertThat(components.find("96010201037000099")).isEmpty();
  }
}
