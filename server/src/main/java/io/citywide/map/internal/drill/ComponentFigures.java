package io.citywide.map.internal.drill;

import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.place.Area;
import io.citywide.place.ComponentIndex;
import io.citywide.place.Places;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Components by area, counted in the index within each boundary: no statement at all. Remembered until components or
 * areas change; the same for every viewer, for components are reference data.
 */
@Component
class ComponentFigures implements AreaFigureSource {

  private static final String COMPONENTS = "components";

  private record Known(String edition, Map<String, Map<String, Long>> counts) {}

  private final LayerBook layers;
  private final ComponentIndex index;
  private final Places places;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  ComponentFigures(LayerBook layers, ComponentIndex index, Places places) {
    this.layers = layers;
    this.index = index;
    this.places = places;
  }

  /** None while the index is built for the first time: no number is better than a wrong one. */
  @Override
  public List<Figure> figures() {
    return index.ready() ? List.of(new Figure(COMPONENTS, "部件", "Components")) : List.of();
  }

  /** What stands there now, whatever the moment: components have no past. */
  @Override
  public Map<String, Map<String, Long>> count(String root, Instant at) {
    if (!index.ready()) {
      return Map.of();
    }
    String edition = index.revision() + " " + places.edition();
    Known last = known.get(root);
    if (last == null || !last.edition().equals(edition)) {
      last = new Known(edition, count(root));
      known.put(root, last);
    }
    return last.counts();
  }

  private Map<String, Map<String, Long>> count(String root) {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    long beside = within(root);
    for (Area child : places.listChildren(root)) {
      long count = within(child.code());
      counts.put(child.code(), Map.of(COMPONENTS, count));
      beside -= count;
    }
    if (beside > 0) {
      counts.put(root, Map.of(COMPONENTS, beside));
    }
    return counts;
  }

  private long within(String area) {
    LayerSource components = layers.get(COMPONENTS);
    return components.count(new Selection(new Region.InArea(area), Set.of(), null)).stream().mapToLong(KindCount::count).sum();
  }
}
