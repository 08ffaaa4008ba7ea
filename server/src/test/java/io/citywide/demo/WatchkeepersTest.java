package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When the people of the demo do something about a warning. */
class WatchkeepersTest {

  private static final Instant SINCE = Instant.parse("2026-03-01T08:00:00Z");

  @Test
  void mostAreAcknowledgedInTimeSomeTooLateAndAFewByNobody() {
    Map.of("RED", Duration.ofMinutes(5), "ORANGE", Duration.ofMinutes(15), "YELLOW", Duration.ofMinutes(30), "BLUE", Duration.ofHours(2)).forEach((grade, limit) -> {
      var times = LongStream.rangeClosed(1, 2_000).mapToObj(id -> Watchkeepers.acknowledged(id, grade, SINCE)).toList();
      long late = times.stream().flatMap(Optional::stream).filter(at -> at.isAfter(SINCE.plus(limit))).count();
      long never = times.stream().filter(Optional::isEmpty).count();
      assertThat(late).as("%s too late, of 2000", grade).isBetween(360L, 520L);
      assertThat(never).as("%s by nobody", grade).isBetween(110L, 220L);
      assertThat(times.stream().flatMap(Optional::stream)).allMatch(at -> at.isAfter(SINCE.plus(limit.dividedBy(50))) && at.isBefore(SINCE.plus(limit.multipliedBy(3))));
    });
  }

  @Test
  void someAreEndedByHandWithAVerdictOfEachKind() {
    var endings = LongStream.rangeClosed(1, 2_000).mapToObj(id -> Watchkeepers.ended(id, SINCE)).flatMap(Optional::stream).toList();
    assertThat(endings).hasSizeBetween(600, 800).allMatch(e -> !e.at().isBefore(SINCE.plus(Duration.ofMinutes(8))) && !e.reason().isBlank());
    assertThat(endings).extracting(Watchkeepers.Ending::verdict).contains("REAL", "FALSE", "MAINTENANCE");
  }

  @Test
  void whoStartsAgainDecidesTheSame() {
    assertThat(Watchkeepers.acknowledged(77, "ORANGE", SINCE)).isEqualTo(Watchkeepers.acknowledged(77, "ORANGE", SINCE));
    assertThat(Watchkeepers.ended(77, SINCE)).isEqualTo(Watchkeepers.ended(77, SINCE));
  }
}
