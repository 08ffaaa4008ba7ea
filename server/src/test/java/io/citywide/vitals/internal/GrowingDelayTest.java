package io.citywide.vitals.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingDelayTest {

  private static final Instant START = Instant.parse("2026-11-22T02:00:00Z");

  @Test
  void waitsAsLongAsTheServerHasBeenUpWithinItsBounds() {
    assertThat(seconds(Duration.ofMinutes(5))).containsExactly(30L, 60L, 120L, 240L, 480L, 780L);
  }

  @Test
  void neverWaitsLongerThanEvery() {
    assertThat(seconds(Duration.ofSeconds(10))).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
  }

  /** When the next six computations come, in seconds after the start, where each takes no time. */
  private static List<Long> seconds(Duration every) {
    GrowingDelay delay = new GrowingDelay(START, Duration.ofSeconds(30), every);
    List<Long> seconds = new ArrayList<>();
    Instant at = START;
    for (int n = 0; n < 6; n++) {
      at = delay.getNextExecutionTime(ExecutionComplete.simulatedSuccess(at));
      seconds.add(Duration.between(START, at).toSeconds());
    }
    return seconds;
  }
}
