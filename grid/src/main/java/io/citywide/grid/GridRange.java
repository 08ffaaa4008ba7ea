package io.citywide.grid;

/**
 * Keys from {@code low} to {@code high}, both included: {@code WHERE grid_key BETWEEN :low AND :high}.
 *
 * @param low least key, 0 or more
 * @param high greatest key, not below low
 */
public record GridRange(long low, long high) implements Comparable<GridRange> {
  /** @throws IllegalArgumentException when low is negative or above high */
  public GridRange {
    if (low < 0 || high < low) {
      throw new IllegalArgumentException("range must have 0 <= low <= high, was " + low + ".." + high);
    }
  }

  /** Whether a key lies in the range. */
  public boolean contains(long key) {
    return key >= low && key <= high;
  }

  /** By low, then high. */
  @Override
  public int compareTo(GridRange other) {
    int c = Long.compare(low, other.low);
    return c != 0 ? c : Long.compare(high, other.high);
  }
}
