package io.citywide.vitals.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.citywide.platform.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BandsTest {

  @ParameterizedTest
  @CsvSource({"HIGHER,96,NORMAL,88", "HIGHER,95,NORMAL,85", "HIGHER,94.9,BLUE,84.7", "HIGHER,80,YELLOW,55", "HIGHER,75,ORANGE,47.5", "HIGHER,10,RED,0", "HIGHER,100,NORMAL,100"})
  void aBoundItselfIsStillInOrderAndTheScoreRunsStraightBetweenBounds(Direction direction, double value, Grade grade, double score) {
    Bands bands = Bands.read(direction, "*", List.of(95, 90, 80, 70));
    assertThat(bands.grade(value)).isEqualTo(grade);
    assertThat(bands.score(value)).isCloseTo(score, within(1e-6));
  }

  @Test
  void lowerIsBetterMirrorsHigherAndARangeHasTwoSides() {
    Bands lower = Bands.read(Direction.LOWER, "*", List.of(35, 75, 115, 150));
    assertThat(lower.grade(35)).isEqualTo(Grade.NORMAL);
    assertThat(lower.grade(160)).isEqualTo(Grade.RED);
    assertThat(lower.score(35)).isEqualTo(85);
    Bands range = Bands.read(Direction.RANGE, "*", List.of(List.of(40, 60), List.of(30, 70), List.of(20, 80), List.of(10, 90)));
    assertThat(range.grade(50)).isEqualTo(Grade.NORMAL);
    assertThat(range.grade(25)).isEqualTo(range.grade(75)).isEqualTo(Grade.YELLOW);
    assertThat(range.score(25)).isCloseTo(range.score(75), within(1e-9));
    assertThat(Bands.read(Direction.RANGE, "*", range.json()).json()).isEqualTo(range.json());
  }

  @Test
  void theGradeOfAScoreIsTheGradeOfTheValueThatHasIt() {
    Bands bands = Bands.read(Direction.HIGHER, "*", List.of(95, 90, 80, 70));
    for (double value = 60; value <= 100; value += 0.25) {
      assertThat(Grade.ofScore(bands.score(value))).as("%s", value).isEqualTo(bands.grade(value));
    }
  }

  @Test
  void boundsThatDoNotFollowOneAnotherAreRefused() {
    assertThatThrownBy(() -> Bands.read(Direction.HIGHER, "*", List.of(95, 96, 80, 70))).isInstanceOf(ProblemException.class).hasMessageContaining("falls from blue to red, was 95.0, 96.0");
    assertThatThrownBy(() -> Bands.read(Direction.LOWER, "*", List.of(1, 2, 3))).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Bands.read(Direction.RANGE, "*", List.of(1, 2, 3, 4))).isInstanceOf(ProblemException.class);
  }
}
