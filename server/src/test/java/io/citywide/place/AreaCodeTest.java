package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GB/T 2260 (6), GB/T 10114 (+3), community (+3), unit grid (+3 = 15). */
class AreaCodeTest {

  @ParameterizedTest
  @CsvSource({
    "320100, CITY, ", "320102, DISTRICT, 320100", "320102001, STREET, 320102", "320102001002, COMMUNITY, 320102001",
    "320102001002003, UNIT_GRID, 320102001002", "320102A01, STREET, 320102"
  })
  void readsLevelAndParentFromTheCode(String code, AreaLevel level, String parent) {
    assertThat(AreaCode.levelOf(code)).isEqualTo(level);
    assertThat(AreaCode.parentOf(code).orElse(null)).isEqualTo(parent);
  }

  @ParameterizedTest
  @CsvSource({
    "3201, has 4", "32010200100200, has 14; keep", "3201020010020031, has 16; keep", "32010x, capital", "000102, province",
    "320102000, 001 or above", "320102001002000, 001 or above"
  })
  void saysWhatIsWrongWithACode(String code, String words) {
    assertThat(AreaCode.fault(code).orElseThrow()).contains(words);
    assertThatIllegalArgumentException().isThrownBy(() -> AreaCode.levelOf(code)).withMessageContaining(words);
  }

  @Test
  void knowsWhatLiesWithinByPrefix() {
    assertThat(AreaCode.within("320102001", "320100")).isTrue();
    assertThat(AreaCode.within("310101001", "310000")).isTrue();
    assertThat(AreaCode.within("320202001", "320100")).isFalse();
  }
}
