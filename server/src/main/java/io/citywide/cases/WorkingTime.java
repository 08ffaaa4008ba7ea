package io.citywide.cases;

import java.time.Instant;

/** Whether the city works, by its working calendar in force. */
public interface WorkingTime {

  /** Whether {@code at} lies within a shift of a workday; shifts are half-open: at its close a shift is over. */
  boolean isWorkingTime(Instant at);
}
