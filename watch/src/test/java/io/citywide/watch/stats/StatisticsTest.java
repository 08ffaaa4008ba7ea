package io.citywide.watch.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The statistical watches on series whose course is known. */
class StatisticsTest {
  private static final long HOUR = 3_600_000;
  private final Random random = new Random(30428);

  @Test
  void aBaselineKnowsTheWeekAndNoticesADayThatIsNotLikeIt() {
    SeasonalBaseline baseline = new SeasonalBaseline("flow");
    boolean before = false;
    Finding after = null;
    for (int h = 0; h < 24 * 80; h++) {
      double usual = 100 + 50 * Math.sin(h * Math.PI / 12) - (h / 24 % 7 >= 5 ? 40 : 0);
      double value = usual + random.nextGaussian() * 5 + (h >= 24 * 75 ? 15 : 0);
      Finding finding = baseline.accept(h * HOUR, value);
      // In the weeks while it knew only days, a week-end was unusual.
      if (h > 24 * 7 * 9 && h < 24 * 75) before |= finding.score() > 6;
      if (h == 24 * 77) after = finding;
    }
    assertThat(before).isFalse();
    assertThat(after.score()).isGreaterThan(6);
    assertThat(after.reason().en()).contains("flow was").contains("above its usual course");
    assertThat(after.reason().zh()).contains("高");
  }

  @Test
  void aChangeOfLevelIsNoticedSoonAndSeldomWhereThereIsNone() {
    ChangePoint steady = new ChangePoint("level", 200);
    int alarms = 0;
    for (int i = 0; i < 20_000; i++) if (steady.accept(i * 60_000L, random.nextGaussian()).unusual()) alarms++;
    assertThat(alarms).isLessThanOrEqualTo(10);
    ChangePoint moved = new ChangePoint("level", 200);
    for (int i = 0; i < 300; i++) moved.accept(i * 60_000L, 10 + random.nextGaussian());
    int i = 300;
    Finding finding;
    do finding = moved.accept(i++ * 60_000L, 12 + random.nextGaussian()); while (!finding.unusual());
    assertThat(i).isLessThan(320);
    assertThat(finding.reason().en()).contains("moved up");
  }

  @Test
  void seriesThatPartAreNamed() {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) rows.add(row(0));
    Residual residual = Residual.learn(List.of("in", "out", "power"), rows, 5);
    for (int i = 0; i < 100; i++) assertThat(residual.accept(row(0)).score()).isLessThan(3 * residual.accept(row(0)).limit());
    Finding finding = null;
    for (int i = 0; i < 5; i++) finding = residual.accept(row(3));
    assertThat(finding.unusual()).isTrue();
    assertThat(finding.parts().getFirst().series()).isIn("in", "out");
    assertThat(finding.parts().stream().mapToDouble(Finding.Part::share).sum()).isCloseTo(1, within(1e-9));
    assertThat(finding.reason().zh()).contains("关系异常");
  }

  private double[] row(double leak) {
    double flow = random.nextGaussian();
    return new double[] {flow + 0.1 * random.nextGaussian(), flow - leak + 0.1 * random.nextGaussian(), random.nextGaussian()};
  }

  @Test
  void tooLittleToLearnFromIsRefused() {
    assertThatThrownBy(() -> Residual.learn(List.of("a", "b"), List.of(new double[2]), 5)).hasMessageContaining("25 rows");
    assertThatThrownBy(() -> new ChangePoint("a", 3)).hasMessageContaining("at least 10, was 3");
  }

  @Test
  void eigenvectorsBuildTheMatrixAgain() {
    for (int n = 2; n < 9; n++) {
      double[][] a = new double[n][n];
      for (int i = 0; i < n; i++) for (int j = i; j < n; j++) a[i][j] = a[j][i] = random.nextGaussian();
      Eigen e = Eigen.of(a);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (int k = 0; k < n; k++) sum += e.values()[k] * e.vectors()[k][i] * e.vectors()[k][j];
          assertThat(sum).isCloseTo(a[i][j], within(1e-9));
        }
      }
    }
  }
}
