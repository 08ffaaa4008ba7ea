package io.citywide.map.spi;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/** What happened at a place before. */
public interface HistorySource {

  /**
   * How much of one kind was settled in one month.
   *
   * @param kind as in {@link KindCount#kind()}
   * @param month of the end, in the time of the city
   */
  record Month(String kind, String titleZh, String titleEn, YearMonth month, long count) {}

  /**
   * A place where the same happened again and again.
   *
   * @param lon WGS-84 degrees, the middle
   * @param lat WGS-84 degrees, the middle
   * @param count 2 or more within 30 m of one another
   * @param last when it ended for the last time
   * @param ids the newest first, at most 20
   */
  record Repeat(String kind, String titleZh, String titleEn, double lon, double lat, long count, Instant last, List<Long> ids) {}

  /**
   * What was settled in the region.
   *
   * @param months the newest first
   * @param repeats the worst first, at most 50
   */
  record Settled(long total, List<Month> months, List<Repeat> repeats) {}

  /**
   * What was settled there in the time from {@code from} to {@code to}, within the scope of the current viewer. Runs
   * within a transaction.
   */
  Settled settled(Region region, Instant from, Instant to);

  /** A unit that answers for what is going on there, and for how much of it. */
  record Busy(long unitId, long count) {}

  /** Units that lead what is going on in the region, the busiest first. Runs within a transaction. */
  List<Busy> busy(Region region, Instant at);
}
