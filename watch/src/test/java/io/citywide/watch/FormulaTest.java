package io.citywide.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {

  private static final Set<String> NAMES = Set.of("cases.closed", "cases.due", "places.households", "indicator.GOV01");

  private static Formula of(String text) throws Formula.Refused {
    return Formula.compile(text, NAMES::contains);
  }

  @Test
  void aQuotientKeepsItsTwoParts() throws Exception {
    Formula rate = of("100 * cases.closed / cases.due");
    assertThat(rate.isMean()).isTrue();
    assertThat(rate.reads()).containsExactly("cases.closed", "cases.due");
    assertThat(rate.above(new double[] {30, 40})).isEqualTo(3000);
    assertThat(rate.below(new double[] {30, 40})).isEqualTo(40);
    assertThat(rate.value(new double[] {30, 40})).isEqualTo(75);
    assertThat(rate.factorsAbove()).containsExactly(100, 0);
  }

  @Test
  void nothingDividedByNothingIsNoValue() throws Exception {
    assertThat(of("100 * cases.closed / cases.due").value(new double[] {0, 0})).isNaN();
    assertThat(of("cases.closed > 0 ? 1 / (cases.closed - cases.due) : 0").value(new double[] {2, 2})).isNaN();
    assertThat(of("cases.closed + cases.due").value(new double[] {Double.NaN, 2})).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"100 - 100 * cases.closed / cases.due", "-(cases.closed / cases.due)", "cases.closed / cases.due + places.households / cases.due", "1 - 0.5 * (cases.closed - cases.due) / (2 * cases.due)"})
  void theMeanOfAWholeIsThatOfTheSumsOfItsParts(String text) throws Exception {
    Formula formula = of(text);
    assertThat(formula.isMean()).as(text).isTrue();
    Random random = new Random(7);
    int n = formula.reads().size();
    for (int i = 0; i < 200; i++) {
      double[] a = random.doubles(n, 1, 50).toArray();
      double[] b = random.doubles(n, 1, 50).toArray();
      double[] whole = new double[n];
      for (int k = 0; k < n; k++) whole[k] = a[k] + b[k];
      assertThat((formula.above(a) + formula.above(b)) / (formula.below(a) + formula.below(b))).isCloseTo(formula.value(whole), within(1e-9));
    }
  }

  @Test
  void whatIsNoSumOfMultiplesIsComputedButNotSummedUp() throws Exception {
    Formula either = of("cases.closed > cases.due ? cases.closed : cases.due * 2");
    assertThat(either.value(new double[] {1, 3})).isEqualTo(6);
    assertThat(either.isAdditive()).isFalse();
    assertThat(of("cases.closed * cases.due").isAdditive()).isFalse();
    assertThat(of("cases.closed + 1").isAdditive()).isFalse();
    assertThat(of("cases.closed + 2 * cases.due").isAdditive()).isTrue();
    assertThat(of("(cases.closed + 1) / cases.due").isMean()).isFalse();
    assertThat(of("cases.closed / cases.due * places.households").isMean()).isFalse();
    assertThat(of("100 - indicator.GOV01").value(new double[] {40})).isEqualTo(60);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "cases.closd / cases.due | 1 | 没有名为“cases.closd”的数据",
      "cases.closed / (cases.due | 26 | 语法有误，从这里开始无法理解",
      "cases.closed > 3 | 14 | 公式的结果必须是一个数",
      "cases.closed + true | 14 | 这里的运算不能用于这样的值",
      "cases.closed + max(cases.due) | 16 | 没有名为“max”的数据",
      "3 + 4 | 0 | 公式没有引用任何数据"})
  void saysWhereAndWhyAFormulaIsRefusedInBothLanguages(String text, int column, String zh) {
    assertThatThrownBy(() -> of(text)).isInstanceOfSatisfying(Formula.Refused.class, e -> {
      assertThat(e.words().zh()).isEqualTo(zh);
      assertThat(e.words().en()).isNotBlank();
      assertThat(e.column()).isEqualTo(column);
    });
  }
}
