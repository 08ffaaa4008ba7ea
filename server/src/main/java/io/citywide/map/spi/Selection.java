package io.citywide.map.spi;

import java.time.Instant;
import java.util.Set;

/**
 * What to count or list of a layer. The scope of the current viewer always narrows it further.
 *
 * @param region where
 * @param kinds only these kinds of the layer; empty: all
 * @param at as it stood then; {@code null}: now. Only for layers that are {@link Layer#timed()}
 */
public record Selection(Region region, Set<String> kinds, Instant at) {
  public Selection {
    kinds = Set.copyOf(kinds);
  }
}
