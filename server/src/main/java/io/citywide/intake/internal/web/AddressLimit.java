package io.citywide.intake.internal.web;

import io.citywide.intake.IntakeProblem;
import io.citywide.intake.internal.IntakeSettings;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * So many requests from one address within a window, by a bucket that refills evenly. Remembers the addresses used
 * last; with more than that at once the longest silent one is forgotten, which only favours it.
 */
@Component
class AddressLimit {

  static final int MOST_ADDRESSES = 10_000;

  private record Bucket(double left, long millis) {}

  private final IntakeSettings settings;
  private final Clock clock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  AddressLimit(IntakeSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** @throws ProblemException {@code signal.too-many-reports} with the seconds to wait */
  synchronized void take(String address) {
    long now = clock.millis();
    double perMillis = settings.anonymousReports() / (double) settings.anonymousWindow().toMillis();
    Bucket before = buckets.getOrDefault(address, new Bucket(settings.anonymousReports(), now));
    double left = Math.min(settings.anonymousReports(), before.left() + (now - before.millis()) * perMillis);
    if (left < 1) {
      buckets.put(address, new Bucket(left, now));
      long seconds = (long) Math.ceil((1 - left) / perMillis / 1000);
      throw new ProblemException(IntakeProblem.TOO_MANY_REPORTS, "at most " + settings.anonymousReports() + " reports and photos within "
          + settings.anonymousWindow().toMinutes() + " minutes are taken from one address; try again in " + seconds + " s",
          Map.of("bound", settings.anonymousReports(), "retryAfterSeconds", seconds))
          .zh("同一网络地址在 " + settings.anonymousWindow().toMinutes() + " 分钟内最多提交 " + settings.anonymousReports() + " 次，请在 " + seconds + " 秒后重试");
    }
    buckets.put(address, new Bucket(left - 1, now));
  }

  /** Addresses kept in memory, at most {@value #MOST_ADDRESSES}. */
  synchronized int remembered() {
    return buckets.size();
  }
}
