package io.citywide.platform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.springframework.context.annotation.Primary;

/** A clock that stands still until a test turns it; imported into a server, the clock of that server. */
@Primary
public final class HandClock extends Clock {

  private volatile Instant now;

  /** Shows the present, in whole milliseconds. */
  public HandClock() {
    this(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  public HandClock(Instant now) {
    this.now = now;
  }

  /** In whole microseconds, as the clock of a server ticks. */
  public void set(Instant moment) {
    now = moment.truncatedTo(ChronoUnit.MICROS);
  }

  /** @param by how far; back where it is negative */
  public void turn(Duration by) {
    now = now.plus(by);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(now, zone);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
