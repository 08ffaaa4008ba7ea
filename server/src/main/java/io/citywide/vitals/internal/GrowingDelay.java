package io.citywide.vitals.internal;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;

/**
 * Soon after the start and then at growing distances, for a city that has only just been loaded: the wait is as long as the
 * server has been up, at least {@code first} and at most {@code every}.
 */
record GrowingDelay(Instant start, Duration first, Duration every) implements Schedule {

  @Override
  public Instant getNextExecutionTime(ExecutionComplete last) {
    Duration up = Duration.between(start, last.getTimeDone());
    Duration wait = up.compareTo(first) < 0 ? first : up;
    return last.getTimeDone().plus(wait.compareTo(every) > 0 ? every : wait);
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
