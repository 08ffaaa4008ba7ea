package io.citywide.map.spi;

import io.citywide.platform.Slice;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What lies where: implemented by the module that owns the things. Every answer is for
 * {@link io.citywide.identity.Viewer#current()} and holds nothing outside that viewer's scope.
 */
public interface LayerSource {

  Layer layer();

  /** Something that changes whenever a tile of the layer may; becomes part of its ETag. */
  String revision();

  /** Whether it can answer yet; a layer that cannot is not listed. */
  default boolean ready() {
    return true;
  }

  void draw(TileFrame frame, TilePen pen);

  /** By kind, the commonest first. */
  List<KindCount> count(Selection selection);

  /**
   * How many things there are in all.
   *
   * @param counted what {@link #count} said of the selection; the sum of it, unless a thing may be of two kinds
   */
  default long total(Selection selection, List<KindCount> counted) {
    return counted.stream().mapToLong(KindCount::count).sum();
  }

  /**
   * A page in a steady order.
   *
   * @param after {@link Slice#next()} of the page before; {@code null} for the first
   * @param limit 1..1000
   */
  Slice<Found> list(Selection selection, String after, int limit);

  /**
   * All that {@link #list} lists, page by page, at least one; each page is read when it is asked for, in a transaction of its
   * own. What changes meanwhile may be missing.
   *
   * @param size of a page, 1..1000
   */
  default Iterator<Supplier<List<Found>>> pages(Selection selection, int size) {
    return new Iterator<>() {
      private String after;
      private boolean more = true;

      @Override
      public boolean hasNext() {
        return more;
      }

      @Override
      public Supplier<List<Found>> next() {
        return () -> {
          Slice<Found> page = list(selection, after, size);
          after = page.next();
          more = after != null;
          return page.items();
        };
      }
    };
  }

  /** One thing by its id; empty when there is none in the viewer's scope. */
  Optional<Found> find(String id);
}
