package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The devices of the generated city. */
class SensorsTest {

  private static final long SEED = 20_261_122;

  @Test
  void areTwentyThousandWithACodeOfTheirOwnAndSpeakInLinesOfJson() {
    List<Planned> devices = Sensors.of(CityData.of(CityPlan.generate(SEED)), SEED);
    assertThat(devices).hasSize(Sensors.COUNT);
    assertThat(devices.stream().map(Planned::code).distinct()).hasSize(Sensors.COUNT);
    assertThat(devices.stream().filter(d -> d.sort() == Sort.CAMERA)).hasSize(585);
    assertThat(devices.stream().filter(d -> d.sort() == Sort.SMOKE).map(Planned::group).collect(Collectors.toSet())).hasSize(216);
    assertThat(devices.stream().filter(d -> d.sort() == Sort.SMOKE || d.sort() == Sort.CAMERA || d.sort() == Sort.LIFT)).allSatisfy(d -> {
      String community = d.building().substring(0, 12);
      assertThat(d.unit()).as("%s is looked after by who manages the houses there", d.code()).isEqualTo(Integer.parseInt(community.substring(9)) % 3 == 0 ? null : "WY" + community);
    }).anyMatch(d -> d.unit() == null).anyMatch(d -> d.unit() != null);
    var components = devices.stream().map(Planned::component).filter(c -> c != null).toList();
    assertThat(components).doesNotHaveDuplicates();
    JsonMapper json = JsonMapper.builder().build();
    for (Sort sort : Sort.values()) {
      var line = json.readTree(SensorWorld.measure(sort, 17, Instant.parse("2026-07-01T09:30:00Z"), 0.5).line("d"));
      assertThat(line.path("values").isEmpty()).isFalse();
      line.path("values").forEach(value -> assertThat(value.isNumber()).isTrue());
    }
  }
}
