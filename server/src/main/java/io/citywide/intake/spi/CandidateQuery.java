package io.citywide.intake.spi;

import io.citywide.grid.GridRange;
import java.time.Instant;
import java.util.List;

/**
 * Open cases around a signal.
 *
 * @param ranges of level 9 keys, sorted and disjoint; a superset of the circle that matters
 * @param activeSince cases reported, or last joined, at or after this
 * @param limit 1..500
 */
public record CandidateQuery(List<GridRange> ranges, Instant activeSince, int limit) {

  public CandidateQuery {
    ranges = List.copyOf(ranges);
    if (limit < 1 || limit > 500) {
      throw new IllegalArgumentException("limit must be 1..500, was " + limit);
    }
  }
}
