package io.citywide.map.spi;

import io.citywide.platform.Slice;
import java.util.List;
import java.util.Optional;

/**
 * What lies where: implemented by the module that owns the things. Every answer is for
 * {@link io.citywide.identity.Viewer#current()} and holds nothing outside that viewer's scope.
 */
public interface LayerSource {

  Layer layer();

  /** Something that changes whenever a tile of the layer may; becomes part of its ETag. */
  String revision();

  void draw(TileFrame frame, TilePen pen);

  /** By kind, the commonest first. */
  List<KindCount> count(Selection selection);

  /**
   * A page in a steady order.
   *
   * @param after {@link Slice#next()} of the page before; {@code null} for the first
   * @param limit 1..1000
   */
  Slice<Found> list(Selection selection, String after, int limit);

  /** One thing by its id; empty when there is none in the viewer's scope. */
  Optional<Found> find(String id);
}
