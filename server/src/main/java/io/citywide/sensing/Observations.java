package io.citywide.sensing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Observations: taken durably, and read. A series is one property of one device. Whoever calls has seen to it that the viewer may see the device. */
public interface Observations {

  /**
   * One value as a channel understood it.
   *
   * @param device {@link Device#code()}
   * @param property {@link DeviceType.Property#name()}
   * @param time milliseconds since 1970 UTC
   */
  record Reading(String device, String property, long time, double value) {}

  /** A value of a series. Time in milliseconds since 1970 UTC. */
  record Value(long time, double value) {}

  /**
   * A part of a series, summed up.
   *
   * @param from begin of the part, milliseconds since 1970 UTC
   * @param last value of the latest moment
   */
  record Sum(long from, long count, double min, double max, double sum, double last) {}

  /** What a roll-up sums over. */
  enum Step { FIVE_MINUTES, HOUR, DAY }

  /**
   * What became of readings. What is not stored was refused: an unknown device or property, or a time more than five minutes ahead.
   *
   * @param stored committed now, or known from before
   * @param refused by reason, such as {@code sensing.unknown-device}
   */
  record Taken(long stored, Map<String, Long> refused) {}

  /** Takes readings durably: when this returns they are committed. The same value of the same moment counts once. Not to be called within a transaction. */
  Taken take(List<Reading> readings);

  /** Number of the series; empty where there is no such device or property. From memory. */
  Optional<Integer> findSeries(long deviceId, String property);

  /** The newest value of each of these series that has one. From memory. */
  Map<Integer, Value> latest(Collection<Integer> series);

  /**
   * Values of a series in the order of time.
   *
   * @param from first moment
   * @param to first moment after
   * @param limit at most so many, 1..1,000,000
   */
  List<Value> list(int series, Instant from, Instant to, int limit);

  /** Sums of a series, oldest first; parts without a value are left out. {@code from} and {@code to} are taken down to the step. */
  List<Sum> sums(int series, Step step, Instant from, Instant to);

  /**
   * Each of these series summed up over one span; those without a value are left out. {@code from} and {@code to} are taken down to
   * the step. However many series there are, it is as many statements as for one.
   */
  Map<Integer, Sum> totals(Collection<Integer> series, Step step, Instant from, Instant to);
}
