package io.citywide.place.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.citywide.place.CoordinateSystem;
import io.citywide.platform.ProblemException;
import java.time.LocalDate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Any body for {@code PUT /api/areas}: areas with what is wrong with each, or refused whole. */
class AreaFileFuzzTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnyGeoJson(FuzzedDataProvider data) {
    CoordinateSystem system = data.pickValue(CoordinateSystem.values());
    try {
      AreaFile file = AreaFile.read(JSON.readTree(data.consumeRemainingAsString()), system, LocalDate.of(2026, 1, 1));
      file.faults().forEach(fault -> fault.fault().length());
    } catch (ProblemException | JacksonException refused) {
      refused.getMessage();
    }
  }
}
