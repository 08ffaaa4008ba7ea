package io.citywide.platform;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * So many acts from one address within a window, by a bucket that refills evenly. Remembers the addresses used last;
 * with more than that at once the longest silent one is forgotten, which only favours it. Addresses of IPv6 count by
 * their first 64 bits, which is what one customer gets.
 */
public final class AddressLimit {

  /** Addresses kept in memory. */
  public static final int MOST_ADDRESSES = 10_000;

  private static final int GROUPS_OF_A_NETWORK = 4;

  private record Bucket(double left, long millis) {}

  private final int most;
  private final double perMillis;
  private final Clock clock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** @param most acts within {@code window}, at least 1 */
  public AddressLimit(int most, Duration window, Clock clock) {
    this.most = most;
    this.perMillis = most / (double) window.toMillis();
    this.clock = clock;
  }

  /** Counts an act. Answers 0, or the seconds after which it would count; then it does not. */
  public synchronized long take(String address) {
    long wait = secondsToWait(address);
    if (wait == 0) {
      buckets.put(network(address), new Bucket(left(address) - 1, clock.millis()));
    }
    return wait;
  }

  /** 0 where an act would count now, else the seconds to wait. Counts nothing. */
  public synchronized long secondsToWait(String address) {
    double left = left(address);
    return left >= 1 ? 0 : Math.max(1, (long) Math.ceil((1 - left) / perMillis / 1000));
  }

  /** @throws ProblemException {@code request.too-many} with the seconds to wait */
  public void require(String address) {
    refuse(take(address));
  }

  /** @throws ProblemException {@code request.too-many} unless {@code seconds} is 0 */
  public static void refuse(long seconds) {
    if (seconds > 0) {
      throw new ProblemException(PlatformProblem.TOO_MANY, "too many requests from this address; try again in " + seconds + " s",
          Map.of("retryAfterSeconds", seconds)).zh("此网络地址的请求过于频繁，请在 " + seconds + " 秒后重试");
    }
  }

  /** Addresses kept in memory, at most {@value #MOST_ADDRESSES}. */
  public synchronized int remembered() {
    return buckets.size();
  }

  private double left(String address) {
    Bucket before = buckets.get(network(address));
    return before == null ? most : Math.min(most, before.left() + Math.max(0, clock.millis() - before.millis()) * perMillis);
  }

  private static String network(String address) {
    if (address == null || !address.contains(":")) {
      return String.valueOf(address);
    }
    // The servlet container writes every group, without "::"; another form counts as an address of its own.
    String[] groups = address.split(":");
    return groups.length < 2 * GROUPS_OF_A_NETWORK ? address : String.join(":", java.util.Arrays.copyOf(groups, GROUPS_OF_A_NETWORK));
  }
}
