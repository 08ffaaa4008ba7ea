package io.citywide.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.intake.Reporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal however it was typed. */
class NormalTest {

  @ParameterizedTest
  @ValueSource(strings = {"13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "+8613812345678", "008613812345678", "8613812345678",
      "１３８１２３４５６７８", "＋８６ 138１２３４5678", " 13812345678 "})
  void aMobileNumberIsTheSameInEveryWriting(String typed) {
    assertThat(Normal.phone(typed)).isEqualTo("13812345678");
  }

  @ParameterizedTest
  @CsvSource({"025-8877 6655, 02588776655", "+86 25 8877 6655, 02588776655", "(025)88776655, 02588776655", "12345, 12345", "+1 212 555 0100, +12125550100", "'', ", "-, "})
  void otherNumbersToo(String typed, String normal) {
    assertThat(Normal.phone(typed)).isEqualTo(normal);
  }

  @Test
  void anIdentityNumberEndsInACapitalX() {
    assertThat(Normal.identityNumber("11010519491231002x")).isEqualTo("11010519491231002X").isEqualTo(Normal.identityNumber("１１０１０５ 19491231 002Ｘ"));
  }

  /** Vectors of GB 11643-1999. */
  @Test
  void itsCheckDigitIsChecked() {
    assertThat(Normal.isIdentityNumber("11010519491231002X")).isTrue();
    assertThat(Normal.isIdentityNumber("440524188001010014")).isTrue();
    assertThat(Normal.isIdentityNumber("440524188001010015")).isFalse();
    assertThat(Normal.isIdentityNumber("4405241880010100")).isFalse();
  }

  @Test
  void aReporterNeverComesOutInALogInClear() {
    assertThat(new Reporter("张三", "13812345678", "zs@example.com", "11010519491231002X", false).toString()).isEqualTo("Reporter[known]");
  }

  @Test
  void maskedDataShowOnlyWhatTellsTwoCallersApart() {
    Reporter masked = Mask.of(new Reporter("欧阳修", "+86 138 1234 5678", "zs@example.com", "11010519491231002X", true));
    assertThat(masked).isEqualTo(new Reporter("欧**", "138****5678", "z***@example.com", "1101**********002X", true));
  }
}
