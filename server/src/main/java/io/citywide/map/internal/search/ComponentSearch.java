package io.citywide.map.internal.search;

import io.citywide.map.spi.SearchSource;
import io.citywide.place.Components;
import io.citywide.place.Places;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Components by the beginning of their number: a range of the primary key, whatever their number is. */
@Component
class ComponentSearch implements SearchSource {

  /** Of 16 or 17 digits; fewer than six would only say the district. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{6,17}");

  private final Components components;
  private final Places places;

  ComponentSearch(Components components, Places places) {
    this.components = components;
    this.places = places;
  }

  @Override
  public List<Hit> search(String text, int limit) {
    if (!NUMBER.matcher(text).matches()) {
      return List.of();
    }
    return components.listByNumber(text, limit).stream().map(c -> new Hit("component", c.ident(), c.name() + " " + c.ident(), c.name() + " " + c.ident(),
        c.areaCode() == null ? null : places.describe(c.areaCode()), c.lon(), c.lat(), c.ident().equals(text) ? 1 : 0.5 + text.length() / 40.0)).toList();
  }
}
