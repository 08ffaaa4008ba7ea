package io.citywide.watch.stats;

import io.citywide.watch.Words;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Learns the course of a series through the day and the week, and says how far the last day was from it.
 *
 * <p>Values are averaged by the hour. What is usual for an hour is the median of the same hour of the week in the last
 * eight weeks, or, until there are four, of the same hour of the day in the last 28 days, once there are seven. The mean
 * difference of the last 24 hours, over which any fault in the daily course cancels out, is compared with the median
 * and the median deviation of such means of the last 28 days. It learns from all it sees, unusual or not; medians bear that.
 */
public final class SeasonalBaseline {
  /** Iglewicz and Hoaglin (1993): a modified z-score above 3.5 is an outlier. */
  public static final double LIMIT = 3.5;

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int WEEK = 168;
  private static final int DAY = 24;
  private static final int FEWEST_WEEKS = 4;
  private static final int FEWEST_DAYS = 7;

  private final String series;
  private final Latest[] byWeek = new Latest[WEEK];
  private final Latest[] byDay = new Latest[DAY];
  private final Latest lastDay = new Latest(DAY);
  private final Latest means = new Latest(28 * DAY);
  private long hour = Long.MIN_VALUE;
  private double sum;
  private int count;
  private boolean judged;
  private Finding finding;

  public SeasonalBaseline(String series) {
    this.series = series;
    for (int i = 0; i < WEEK; i++) byWeek[i] = new Latest(8);
    for (int i = 0; i < DAY; i++) byDay[i] = new Latest(28);
    finding = new Finding(0, LIMIT, List.of(new Finding.Part(series, 1)), new Words("Still learning", "仍在学习"));
  }

  /**
   * Takes in a value; values of hours before the newest are left out.
   *
   * @param time milliseconds; hours and weeks are counted from 1970, so add the offset of the zone for local days
   * @return about the last full hour: deviations in spreads, 0 while it has seen less than two weeks
   */
  public Finding accept(long time, double value) {
    long now = Math.floorDiv(time, HOUR);
    if (now < hour) return finding;
    if (now > hour && count > 0) close();
    hour = now;
    sum += value;
    count++;
    return finding;
  }

  /** Whether it has not seen enough to say anything. */
  public boolean learning() {
    return !judged;
  }

  public void write(DataOutput out) throws IOException {
    for (Latest latest : byWeek) latest.write(out);
    for (Latest latest : byDay) latest.write(out);
    lastDay.write(out);
    means.write(out);
    out.writeLong(hour);
    out.writeDouble(sum);
    out.writeInt(count);
    out.writeBoolean(judged);
    finding.write(out);
  }

  /** Goes on from what {@link #write} gave. */
  public void read(DataInput in) throws IOException {
    for (Latest latest : byWeek) latest.read(in);
    for (Latest latest : byDay) latest.read(in);
    lastDay.read(in);
    means.read(in);
    hour = in.readLong();
    sum = in.readDouble();
    count = in.readInt();
    judged = in.readBoolean();
    finding = Finding.read(in);
  }

  private void close() {
    double mean = sum / count;
    sum = 0;
    count = 0;
    Latest week = byWeek[(int) Math.floorMod(hour, (long) WEEK)];
    Latest day = byDay[(int) Math.floorMod(hour, (long) DAY)];
    double usual = week.count() >= FEWEST_WEEKS ? week.median() : day.count() >= FEWEST_DAYS ? day.median() : Double.NaN;
    week.add(mean);
    day.add(mean);
    if (Double.isNaN(usual)) return;
    lastDay.add(mean - usual);
    if (!lastDay.full()) return;
    double off = lastDay.mean();
    if (means.count() >= FEWEST_DAYS * DAY) judge(off, mean, usual);
    means.add(off);
  }

  private void judge(double off, double mean, double usual) {
    double middle = means.median();
    double spread = Math.max(means.spread(middle), 1e-9 * Math.max(1, Math.abs(usual)));
    double score = Math.abs(off - middle) / spread;
    String side = off > middle ? "above" : "below";
    String zh = off > middle ? "高" : "低";
    judged = true;
    finding = new Finding(score, LIMIT, List.of(new Finding.Part(series, 1)), new Words(
        "%s was %.4g %s its usual course over the last 24 hours, %.1f times its usual deviation (last hour %.4g, usually %.4g)"
            .formatted(series, Math.abs(off), side, score, mean, usual),
        "%s近24小时平均比同期常值%s%.4g，为常见偏差的%.1f倍（上一小时%.4g，常值%.4g）".formatted(series, zh, Math.abs(off), score, mean, usual)));
  }
}
