package io.citywide.demo;

import io.citywide.demo.Happenings.Happening;
import io.citywide.demo.SensorWorld.Reading;
import io.citywide.demo.Sensors.Planned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Which devices speak when, and what they say. All are heard within minutes of the beginning; then each has its own moment within its
 * interval, so that a source never rests, and speaks more often while it notices something.
 */
final class Speakers {

  /** A message of a device. */
  record Said(Planned device, Reading reading) {

    String line() {
      return reading.line(device.code());
    }
  }

  private static final int SPREAD_SECONDS = 300;
  private static final int EXCITED_SECONDS = 20;

  private final List<Planned> devices;
  private final Happenings happenings;
  private final Random random;
  private long[] next;
  /** A moment at which each would speak of itself; others lie whole intervals before and after. */
  private long[] usual;

  Speakers(List<Planned> devices, Happenings happenings, Random random) {
    this.devices = devices;
    this.happenings = happenings;
    this.random = random;
  }

  /** Switches the city on. */
  void begin(Instant now) {
    next = new long[devices.size()];
    usual = new long[devices.size()];
    for (int i = 0; i < next.length; i++) {
      int seconds = devices.get(i).sort().seconds();
      next[i] = now.toEpochMilli() + random.nextInt(Math.min(SPREAD_SECONDS, seconds)) * 1_000L;
      usual[i] = now.toEpochMilli() + random.nextInt(seconds) * 1_000L;
    }
    happenings.begin(now).forEach(i -> next[i] = now.toEpochMilli());
  }

  /** What is said by {@code now} since the last turn, at this moment. */
  List<Said> turn(Instant now) {
    long millis = now.toEpochMilli();
    happenings.turn(now).forEach(i -> next[i] = millis);
    List<Said> said = new ArrayList<>();
    for (int i = 0; i < next.length; i++) {
      if (next[i] > millis) {
        continue;
      }
      Planned device = devices.get(i);
      Happening happening = happenings.at(i);
      if (happening == null || !happening.silent(now)) {
        said.add(new Said(device, SensorWorld.measure(device.sort(), i, now, happening == null ? 0 : happening.height(now))));
      }
      next[i] = happening == null ? usual(i, millis) : millis + 1_000L * EXCITED_SECONDS;
    }
    return said;
  }

  /** Its next usual moment after this one. */
  private long usual(int device, long millis) {
    long interval = devices.get(device).sort().seconds() * 1_000L;
    return millis + interval - Math.floorMod(millis - usual[device], interval);
  }
}
