package io.citywide.map.internal.layer;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.internal.layer.Overlays.Overlay;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which layers there are for the viewer. */
@RestController
class LayerController {

  /**
   * A layer, and where its tiles are.
   *
   * @param live type of the notice of {@code GET /api/live} after which {@code revision} may be another; {@code null}: rarely
   * @param revision added to the address of a tile as {@code v}, it lets a browser keep the tile until it changes
   */
  record LayerView(String id, String titleZh, String titleEn, Layer.Shape shape, int minZoom, int objectZoom, boolean timed, String live,
      String revision, String tiles) {

    static LayerView of(LayerSource source) {
      Layer layer = source.layer();
      return new LayerView(layer.id(), layer.titleZh(), layer.titleEn(), layer.shape(), layer.minZoom(), layer.objectZoom(), layer.timed(), layer.live(),
          source.revision(), "/api/map/tiles/" + layer.id() + "/{z}/{x}/{y}.mvt");
    }
  }

  record LayerList(List<LayerView> layers, List<Overlay> overlays) {}

  private final LayerBook layers;
  private final ObjectProvider<Overlays> overlays;

  LayerController(LayerBook layers, ObjectProvider<Overlays> overlays) {
    this.layers = layers;
    this.overlays = overlays;
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/map/layers")
  LayerList list() {
    return new LayerList(layers.visible().stream().map(LayerView::of).toList(), overlays.stream().flatMap(o -> o.list().stream()).toList());
  }
}
