package io.citywide.watch.stats;

import io.citywide.watch.Words;
import java.util.List;

/**
 * How unusual something is.
 *
 * @param score at least 0; what it counts is said by its maker
 * @param limit above it the score is unusual
 * @param parts what the score is made of, the greatest first
 * @param reason why, in words
 */
public record Finding(double score, double limit, List<Part> parts, Words reason) {
  public Finding {
    parts = List.copyOf(parts);
  }

  public boolean unusual() {
    return score > limit;
  }

  /**
   * A series' part in the score.
   *
   * @param share 0..1 of the score
   */
  public record Part(String series, double share) {}
}
