package io.citywide.grid;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and in which words. */
class GridRefusalsTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = ';', value = {
    "10; 88; latitude must be between -88 and 88 degrees, exclusive, was 88",
    "10; -88; latitude must be between -88 and 88 degrees, exclusive, was -88",
    "10; 89.5; latitude must be between -88 and 88 degrees, exclusive, was 89.5",
    "10; 90; latitude must be between -88 and 88 degrees, exclusive, was 90",
    "10; 90.5; latitude must be -90..90 degrees, was 90.5",
    "180.1; 10; longitude must be -180..180 degrees, was 180.1",
    "-181; 10; longitude must be -180..180 degrees, was -181"
  })
  void aPositionOutsideTheGridIsNamedWithItsBound(String lon, String lat, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(new BigDecimal(lon), new BigDecimal(lat), 5))
        .withMessageStartingWith(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridCode.of(Double.parseDouble(lon), Double.parseDouble(lat), 10))
        .withMessageStartingWith(message);
  }

  @Test
  void whatIsNotANumberIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(Double.NaN, 1, 5))
        .withMessage("longitude must be -180..180 degrees, was NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(1, Double.NaN, 5))
        .withMessage("latitude must be -90..90 degrees, was NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(Double.NEGATIVE_INFINITY, 1, 5));
  }

  @Test
  void decimalsWithAbsurdExponentsAreAnsweredAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridCell.of(new BigDecimal("1e999999999"), BigDecimal.ONE, 5))
        .withMessageStartingWith("longitude must be -180..180 degrees");
    org.assertj.core.api.Assertions.assertThat(
        GridCell.of(new BigDecimal("-1e-999999999"), new BigDecimal("1e-999999999"), 1).code()).isEqualTo("N30A");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = ';', value = {
    "X50J; position 1 (hemisphere) must be N or S, was 'X'",
    "N70J; position 2 (zone) must be 0..6, was '7'",
    "N61J; position 3 (zone) must be such that the zone is 01..60, was '1'",
    "N00J; position 3 (zone) must be such that the zone is 01..60 (00 is polar, which is not supported), was '0'",
    "N50W; position 4 (latitude band) must be A..V, was 'W'",
    "N50JC0; position 5 (level 2 longitude) must be 0..B, was 'C'",
    "N50J48; position 6 (level 2 latitude) must be 0..7, was '8'",
    "N50J476; position 7 (level 3) must be 0..5, was '6'",
    "N50J475F9; position 8 (level 4 longitude) must be 0..E, was 'F'",
    "N50J4753A; position 9 (level 4 latitude) must be 0..9, was 'A'",
    "N50J47539B84; position 12 (level 6) must be 0..3, was '4'",
    "N50J47539B8258; position 14 (level 7 latitude) must be 0..7, was '8'",
    "N50J4; length must be 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 (levels 1 to 10), was 5",
    "''; length must be 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 (levels 1 to 10), was 0",
    "N; length must be 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 (levels 1 to 10), was 1",
    "N50J４; position 5 (level 2 longitude) must be 0..B, was '４'"
  })
  void aMalformedCodeIsNamedWithThePositionAndWhatWasExpected(String code, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> GridCode.parse(code))
        .withMessage("grid code '" + code + "': " + message);
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.parse(code));
  }

  @Test
  void aLevel10CodeIsNotACell() {
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.parse("N50J47539B8255346152"))
        .withMessageContaining("level 10");
  }

  @Test
  void keysThatNoCellHasAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new GridCell(0)).withMessageContaining("level must be 1..9");
    assertThatIllegalArgumentException().isThrownBy(() -> new GridCell(0x192000000000000AL));
    assertThatIllegalArgumentException().isThrownBy(() -> new GridCell(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new GridCell(0x1920000000000011L))
        .withMessageContaining("below its level 1");
    assertThatIllegalArgumentException().isThrownBy(() -> new GridCell(1)).withMessageContaining("zone must be 1..60");
  }

  @Test
  void levelsOutsideTheirBoundsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(1, 1, 10)).withMessageContaining("1..9");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCode.of(1, 1, 11)).withMessageContaining("1..10");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCode.of(1, 1, 0)).withMessageContaining("1..10");
    assertThatIllegalArgumentException().isThrownBy(() -> GridCell.of(1, 1, 5).parent(6)).withMessageContaining("1..5");
  }
}
