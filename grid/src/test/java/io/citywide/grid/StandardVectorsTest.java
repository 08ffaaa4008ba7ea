package io.citywide.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published values of GB/T 39409-2020, and values on which independent implementations of it agree. */
class StandardVectorsTest {

  @ParameterizedTest(name = "level {0}: {1}")
  @CsvSource({
    "1, N50J", "2, N50J47", "3, N50J475", "4, N50J47539", "5, N50J47539B8", "6, N50J47539B82", "7, N50J47539B8255",
    "8, N50J47539B825534", "9, N50J47539B82553461", "10, N50J47539B8255346152"
  })
  void annexBEncodesItsPointAtEveryLevel(int level, String code) {
    // 116°18′45.37″E 39°59′35.38″N; the annex prints levels 1 to 8.
    BigDecimal lon = dms(116, 18, "45.37", RoundingMode.FLOOR);
    BigDecimal lat = dms(39, 59, "35.38", RoundingMode.FLOOR);
    assertThat(GridCode.of(lon, lat, level).code()).isEqualTo(code);
    assertThat(GridCode.of(lon.doubleValue(), lat.doubleValue(), level).code()).isEqualTo(code);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({"14.3184, 56.1444, N50J475493E", "05.9808, 59.7012, N50J475491E", "09.3540, 56.5260, N50J475492E"})
  void clause8NamesItsReferenceCells(String lonSeconds, String latSeconds, String code) {
    GridCell cell =
        GridCell.of(dms(116, 19, lonSeconds, RoundingMode.FLOOR), dms(39, 59, latSeconds, RoundingMode.FLOOR), 5);
    assertThat(cell.code()).isEqualTo(code);
  }

  @Test
  void table1CodeDecodesToItsPlace() {
    GridBox box = GridCode.parse("N36J93078B3101524314").bounds();
    assertThat(box.west()).isEqualTo(34.629492323, within());
    assertThat(box.east()).isEqualTo(34.629492459, within());
    assertThat(box.south()).isEqualTo(37.636757270, within());
    assertThat(box.north()).isEqualTo(37.636757406, within());
  }

  @ParameterizedTest(name = "{0} {1} is in {2}")
  @CsvSource({
    "116.315222, 39.910278, N50J47534",
    "116.3974, 39.9093, N50J47584C81",
    "116.3974, 39.9093, N50J47584C8125473267",
    "118.796877, 32.060255, N50I",
    "118.796877, 32.060255, N50I90",
    "118.796877, 32.060255, N50I901",
    "118.796877, 32.060255, N50I90123",
    "118.796877, 32.060255, N50I90123C9",
    "118.796877, 32.060255, N50I90123C90",
    "118.796877, 32.060255, N50I90123C9033",
    "118.796877, 32.060255, N50I90123C903305",
    "118.796877, 32.060255, N50I90123C90330513",
    "118.796877, 32.060255, N50I90123C9033051360",
    // On a cell boundary at every level, where floating point goes astray.
    "86.9, 27.9, N45G5759400000000000",
    "121.4737, 31.2304, N51H263D36C055261075",
    "113.2644, 23.1291, N49FA6107CB173207204",
    "87.6168, 43.8256, N45K7727908010752077",
    "126.6424, 45.7567, N52L1328586020433665",
    "110.3312, 20.0311, N49F40141DC217261576",
    "120.5830508, 31.1415575, N51H16048E7136733343",
    "120.637779, 31.272068, N51H1628644205061116",
    // Figures 3 to 8: outside the north-east, indices count away from the origin.
    "-57.702155, -31.396478, S21H764C31B375022200",
    "151.2093, -33.8688, S56I234C281256752670",
    "-74.006, 40.7128, N18K412025B260321443",
    // Edges.
    "0, 0, N31A0000000000000000",
    "-0.0000001, -0.0000001, S30A0000000000000000",
    "180, 10, N60CB41",
    "-180, 10, N01CB41"
  })
  void implementationsAgreeOnThesePoints(BigDecimal lon, BigDecimal lat, String code) {
    int level = GridCode.parse(code).level();
    assertThat(GridCode.of(lon, lat, level).code()).isEqualTo(code);
    assertThat(GridCode.of(lon.doubleValue(), lat.doubleValue(), level).code()).isEqualTo(code);
    if (level <= 9) {
      assertThat(GridCell.of(lon, lat, level).code()).isEqualTo(code);
      assertThat(GridCell.of(lon.doubleValue(), lat.doubleValue(), level).code()).isEqualTo(code);
    }
  }

  @Test
  void southWestMirrorsNorthEast() {
    BigDecimal lon = dms(116, 18, "45.37", RoundingMode.FLOOR).negate();
    BigDecimal lat = dms(39, 59, "35.38", RoundingMode.FLOOR).negate();
    assertThat(GridCode.of(lon, lat, 10).code()).isEqualTo("S11J47539B8255346152");
  }

  @Test
  void aCellContainsItsEdgesNearestTheOriginSoThatMinusSixIsInZone29() {
    assertThat(GridCell.of(-6.0, 1, 1).code()).isEqualTo("N29A");
    assertThat(GridCell.of(-5.9999999, 1, 1).code()).isEqualTo("N30A");
    assertThat(GridCell.of(6.0, 1, 1).code()).isEqualTo("N32A");
  }

  @ParameterizedTest
  @CsvSource({"N50J47585D406770", "N50J475950514553", "N50J475950334665"})
  void publishedLevel8CodesDecodeToCentralBeijing(String code) {
    GridCell cell = GridCell.parse(code);
    assertThat(cell.centerLon()).isBetween(116.398, 116.401);
    assertThat(cell.centerLat()).isBetween(39.921, 39.923);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "N50I90123C9, 118.7966666667, 32.06, 118.7977777778, 32.0611111111",
    "N50I90123C9033, 118.796875, 32.0602083333, 118.7969444444, 32.0602777778"
  })
  void boundsAreThoseOfTheCell(String code, double west, double south, double east, double north) {
    GridBox box = GridCell.parse(code).bounds();
    assertThat(box.west()).isEqualTo(west, org.assertj.core.api.Assertions.within(1e-10));
    assertThat(box.south()).isEqualTo(south, org.assertj.core.api.Assertions.within(1e-10));
    assertThat(box.east()).isEqualTo(east, org.assertj.core.api.Assertions.within(1e-10));
    assertThat(box.north()).isEqualTo(north, org.assertj.core.api.Assertions.within(1e-10));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "N50I, 1810447050202939393", "N50I, 0x1920000000000001", "N50I90123C9, 1811081622108241925",
    "N50I90123C9, 0x19224123C9000005", "N50I90123C9033, 0x19224123C91B0007",
    "N50I90123C903305, 1811081622110016520", "N50I90123C903305, 0x19224123C91B1408",
    "N50I90123C90330513, 0x19224123C91B14B9", "N50J47539B8255, 0x19253D39B8AD0007",
    "N50J475493E, 1811921809868587013", "S21H764C31B, 3070879639745331205"
  })
  void keysHaveTheirPublishedValues(String code, String key) {
    GridCell cell = GridCell.parse(code);
    assertThat(cell.key()).isEqualTo(Long.decode(key));
    assertThat(new GridCell(Long.decode(key)).code()).isEqualTo(code);
    assertThat(GridCode.parse(code).cell()).contains(cell);
  }

  @ParameterizedTest(name = "{0}: {1}..{2}")
  @CsvSource({
    "N50I, 1810447050202939392, 1811572950109782015", "N50I90123C9, 1811081622108241920, 1811081622125019135"
  })
  void rangesHaveTheirPublishedValues(String code, long low, long high) {
    assertThat(GridCell.parse(code).range()).isEqualTo(new GridRange(low, high));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({"N50J47539B8255346152, 6494F4E6E2B5CC6A", "N50I90123C9033051360, 6489048F246C52F0"})
  void level10KeysUseAll64Bits(String code, String hex) {
    GridCode parsed = GridCode.parse(code);
    assertThat(parsed.key64()).isEqualTo(Long.parseUnsignedLong(hex, 16));
    assertThat(new GridCode(Long.parseUnsignedLong(hex, 16), 10).code()).isEqualTo(code);
    assertThat(parsed.cell()).isEmpty();
  }

  @ParameterizedTest(name = "level {0}: {1} children")
  @CsvSource({"1, 96", "2, 6", "3, 150", "4, 225", "5, 4", "6, 64", "7, 64", "8, 64", "9, 0"})
  void aCellHasTheChildrenOfTable1(int level, int count) {
    GridCell cell = GridCell.of(118.796877, 32.060255, level);
    assertThat(cell.children()).hasSize(count).isSorted().allMatch(c -> c.code().startsWith(cell.code()))
        .allMatch(c -> c.parent().equals(java.util.Optional.of(cell)));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(6e-10);
  }

  /** Degrees to 30 digits; the third of an arc second that does not end is cut below any unit. */
  private static BigDecimal dms(int degrees, int minutes, String seconds, RoundingMode rounding) {
    BigDecimal total = new BigDecimal(seconds).add(BigDecimal.valueOf(60L * minutes));
    return total.divide(BigDecimal.valueOf(3600), new MathContext(30, rounding)).add(BigDecimal.valueOf(degrees));
  }
}
