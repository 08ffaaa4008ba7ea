package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.citywide.place.CoordinateSystem.Position;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WGS-84 from what maps and phones in China give. */
class CoordinateSystemTest {

  private static final double TENTH_OF_A_METRE = 0.1 / 111_320;

  @Test
  void undoesBothShiftsToLessThanATenthOfAMetreAllOverChina() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double lon = 73 + random.nextDouble() * 61;
      double lat = 4 + random.nextDouble() * 49;
      for (CoordinateSystem system : CoordinateSystem.values()) {
        Position there = system.fromWgs84(lon, lat);
        Position back = system.toWgs84(there.lon(), there.lat());
        assertThat(back.lon()).as("%s %s %s", system, lon, lat).isCloseTo(lon, within(TENTH_OF_A_METRE));
        assertThat(back.lat()).as("%s %s %s", system, lon, lat).isCloseTo(lat, within(TENTH_OF_A_METRE));
      }
    }
  }

  @Test
  void shiftsTiananmenAsThePublishedAlgorithmDoes() {
    // The example used by the published implementations: WGS-84 116.404, 39.915.
    Position gcj = CoordinateSystem.GCJ02.fromWgs84(116.404, 39.915);
    assertThat(gcj.lon()).isCloseTo(116.41024449916938, within(1e-9));
    assertThat(gcj.lat()).isCloseTo(39.91640428150164, within(1e-9));
  }

  @Test
  void leavesPositionsOutsideChinaAlone() {
    assertThat(CoordinateSystem.GCJ02.toWgs84(-71.06, 42.36)).isEqualTo(new Position(-71.06, 42.36));
    assertThat(CoordinateSystem.CGCS2000.toWgs84(118.9, 32.5)).isEqualTo(new Position(118.9, 32.5));
  }

  @Test
  void refusesWhatIsNoPositionAndSaysWhenItLooksSwapped() {
    assertThatIllegalArgumentException().isThrownBy(() -> CoordinateSystem.WGS84.toWgs84(32.5, 118.9)).withMessageContaining("swapped");
    assertThatIllegalArgumentException().isThrownBy(() -> CoordinateSystem.WGS84.toWgs84(181, 0)).withMessageContaining("longitude");
    assertThatIllegalArgumentException().isThrownBy(() -> CoordinateSystem.BD09.toWgs84(Double.NaN, 0));
  }
}
