package io.citywide.grid;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any text is a code, which then says the same again, or is refused in words. */
class GridCodeFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnyText(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    try {
      GridCell cell = GridCell.parse(text);
      if (!GridCell.parse(cell.code()).equals(cell)) {
        throw new IllegalStateException("read " + text + " as " + cell + ", then as something else");
      }
    } catch (IllegalArgumentException refused) {
      if (refused.getMessage() == null) {
        throw refused;
      }
    }
    try {
      GridCode code = GridCode.parse(text);
      if (!GridCode.parse(code.code()).equals(code)) {
        throw new IllegalStateException("read " + text + " as " + code + ", then as something else");
      }
    } catch (IllegalArgumentException refused) {
      if (refused.getMessage() == null) {
        throw refused;
      }
    }
  }

  @FuzzTest(maxDuration = "60s")
  void everyPositionIsInItsCell(FuzzedDataProvider data) {
    double lon = data.consumeDouble();
    double lat = data.consumeDouble();
    int level = data.consumeInt(-2, 12);
    try {
      GridCell cell = GridCell.of(lon, lat, level);
      if (!GridCell.of(lon, lat, level).equals(cell) || !GridCell.parse(cell.code()).equals(cell)) {
        throw new IllegalStateException(lon + ", " + lat + " at level " + level + " is " + cell + " and " + cell.code());
      }
    } catch (IllegalArgumentException refused) {
      if (refused.getMessage() == null) {
        throw refused;
      }
    }
  }
}
