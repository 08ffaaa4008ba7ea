package io.citywide.intake;

import java.time.Instant;
import java.util.Set;

/**
 * Which signals to list, newest first; {@code null} means any.
 *
 * @param channels any of these; empty: any
 * @param kindIds any of these; empty: any
 * @param areaCode the subtree of this area
 * @param text in title, description or address
 * @param limit 1..200
 * @param after cursor of the page before, {@code null}: from the newest
 */
public record SignalQuery(
    Accepted.Outcome state, Set<String> channels, Set<String> kindIds, String areaCode, String text, Instant from, Instant to, int limit, String after) {

  public SignalQuery {
    channels = Set.copyOf(channels);
    kindIds = Set.copyOf(kindIds);
  }
}
