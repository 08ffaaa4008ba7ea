package io.citywide.place;

import java.util.List;
import java.util.Optional;

/**
 * What a text says about the place.
 *
 * @param area deepest area that all mentions agree on; empty when the text names none or contradicts itself
 * @param mentions in the order of the text
 * @param why in words
 */
public record PlaceReading(Optional<Area> area, List<AreaMention> mentions, String why) {

  public PlaceReading {
    mentions = List.copyOf(mentions);
  }
}
