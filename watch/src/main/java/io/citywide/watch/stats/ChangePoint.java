package io.citywide.watch.stats;

import io.citywide.watch.Words;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Notices that the level of a series has moved: Page's two-sided cumulative sum (1954). It learns level and spread by
 * median and median deviation of the first values, adds up what exceeds half a spread, and after a change learns anew.
 */
public final class ChangePoint {
  /** In spreads. With a slack of one half, a normal series of known level exceeds it about once in 9,000 values; what is learned is less sure. */
  public static final double LIMIT = 8;

  private static final double SLACK = 0.5;

  private final String series;
  private final double[] first;
  private int learned;
  private double level;
  private double spread;
  private double above;
  private double below;
  private long aboveSince;
  private long belowSince;

  /** @param learn how many values it learns from, at least 10 */
  public ChangePoint(String series, int learn) {
    if (learn < 10) throw new IllegalArgumentException("learn must be at least 10, was " + learn);
    this.series = series;
    first = new double[learn];
  }

  /**
   * Takes in a value.
   *
   * @param time milliseconds, ascending
   * @return the greater of the two sums in spreads, 0 while it learns; where it is unusual, the reason names the time
   *     from which it grew, and the learning begins anew
   */
  public Finding accept(long time, double value) {
    if (learned < first.length) {
      first[learned++] = value;
      if (learned == first.length) {
        level = Robust.median(first, learned);
        spread = Math.max(Robust.spread(first, learned, level), 1e-9 * Math.max(1, Math.abs(level)));
        above = 0;
        below = 0;
      }
      return finding(0, new Words("Still learning", "仍在学习"));
    }
    double z = (value - level) / spread;
    if (above == 0) aboveSince = time;
    if (below == 0) belowSince = time;
    above = Math.max(0, above + z - SLACK);
    below = Math.max(0, below - z - SLACK);
    double score = Math.max(above, below);
    if (score <= LIMIT) return finding(score, new Words(series + " keeps its level", series + "水平未变"));
    boolean up = above > below;
    long minutes = (time - (up ? aboveSince : belowSince)) / 60_000;
    learned = 0;
    Arrays.fill(first, 0);
    return finding(score, new Words(
        "%s has moved %s from its level of %.4g since %d minutes ago (now %.4g)".formatted(series, up ? "up" : "down", level, minutes, value),
        "%s自%d分钟前起偏离原水平%.4g，持续%s（现为%.4g）".formatted(series, minutes, level, up ? "偏高" : "偏低", value)));
  }

  /** Whether it does not know its level yet. */
  public boolean learning() {
    return learned < first.length;
  }

  public void write(DataOutput out) throws IOException {
    out.writeInt(learned);
    if (learning()) for (int i = 0; i < learned; i++) out.writeDouble(first[i]);
    out.writeDouble(level);
    out.writeDouble(spread);
    out.writeDouble(above);
    out.writeDouble(below);
    out.writeLong(aboveSince);
    out.writeLong(belowSince);
  }

  /** Goes on from what {@link #write} gave. */
  public void read(DataInput in) throws IOException {
    learned = in.readInt();
    if (learned < 0 || learned > first.length) throw new IOException("it learns from " + first.length + " values, were " + learned);
    if (learning()) for (int i = 0; i < learned; i++) first[i] = in.readDouble();
    level = in.readDouble();
    spread = in.readDouble();
    above = in.readDouble();
    below = in.readDouble();
    aboveSince = in.readLong();
    belowSince = in.readLong();
  }

  private Finding finding(double score, Words reason) {
    return new Finding(score, LIMIT, List.of(new Finding.Part(series, 1)), reason);
  }
}
