package io.citywide.map.internal.ogc;

import io.citywide.grid.GridBox;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.OgcSettings;
import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.LayerSource;
import io.citywide.place.Places;
import io.citywide.platform.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The layers that everybody may see. */
@Component
class Published {

  private final List<LayerSource> sources;
  private final Places places;

  /** @throws IllegalArgumentException when the settings name a layer that there is not, or that is not reference data */
  Published(LayerBook layers, OgcSettings settings, Places places) {
    this.sources = settings.layers().stream().map(id -> source(layers, id)).toList();
    this.places = places;
    sources.stream().map(LayerSource::layer).filter(l -> l.permission() != null && l.permission() != Permission.PLACE_READ).findFirst().ifPresent(l -> {
      throw new IllegalArgumentException("citywide.ogc.public-layers names '" + l.id() + "', which asks for the permission " + l.permission()
          + "; only layers of reference data can be published");
    });
  }

  private static LayerSource source(LayerBook layers, String id) {
    return layers.find(id).orElseThrow(() -> new IllegalArgumentException("citywide.ogc.public-layers names '" + id + "'; there is no such layer"));
  }

  List<LayerSource> list() {
    return sources;
  }

  /** @throws io.citywide.platform.ProblemException {@code map.unknown-layer} */
  LayerSource get(String id) {
    return sources.stream().filter(s -> s.layer().id().equals(id)).findFirst().orElseThrow(() -> LayerBook.unknown(id));
  }

  /** Box around the city; empty while no boundary is known. */
  Optional<GridBox> extent() {
    return places.bounds();
  }

  /** What {@code work}, which only reads, answers nobody in particular, whoever asks. */
  <T> T asNobody(Supplier<T> work) {
    return Caller.whileThere(() -> Viewer.callAs(Viewer.PUBLIC, work::get));
  }
}
