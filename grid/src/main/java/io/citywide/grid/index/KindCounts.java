package io.citywide.grid.index;

/** How many points there are of each kind. */
public final class KindCounts {

  /** Takes a kind that there is. */
  @FunctionalInterface
  public interface Sink {
    void kind(int kind, long count);
  }

  private final long[] counts;

  KindCounts(long[] counts) {
    this.counts = counts;
  }

  /** @param kind 0..65535 */
  public long of(int kind) {
    return kind < counts.length ? counts[kind] : 0;
  }

  public long total() {
    long total = 0;
    for (long count : counts) total += count;
    return total;
  }

  /** Each kind of which there is one, in their order. */
  public void forEach(Sink sink) {
    for (int kind = 0; kind < counts.length; kind++) {
      if (counts[kind] != 0) sink.kind(kind, counts[kind]);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    forEach((kind, count) -> text.append(text.length() == 1 ? "" : ", ").append(kind).append('=').append(count));
    return text.append('}').toString();
  }
}
