package io.citywide.place;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Geometry;

/**
 * The features of the base map, by layer: water, green, roads, buildings and what else a city draws. A layer is replaced
 * as a whole. Public data; call within a transaction.
 */
public interface BaseFeatures {

  /**
   * A layer without its content.
   *
   * @param layer 2 to 30 of {@code a-z -}
   * @param minZoom zoom from which it is worth showing, 0..22
   * @param etag changes with the content
   * @param attribution whom to name beside the map; {@code null}: nobody
   */
  record Layer(String layer, double minZoom, int features, String etag, String attribution) {}

  /**
   * One thing.
   *
   * @param id of this edition of the layer; 0 for one that is new
   * @param name at most 200 characters; {@code null}: none
   * @param kind such as {@code river} or {@code motorway}; {@code null}: unknown
   * @param geometry WGS-84
   * @param attributes everything known, name and kind among it; values are text, numbers, booleans
   */
  record Feature(long id, String name, String kind, Geometry geometry, Map<String, Object> attributes) {}

  /** Features of layers that take the place of what is there. Nothing of it is seen before the transaction commits. */
  interface Replacement {

    /** @param layer one of those that were announced */
    void add(String layer, Feature feature);

    /** To be called once, after the last feature; publishes {@link BaseLayerReplaced} for each layer. */
    List<Layer> finish();
  }

  /**
   * Something that can be called by a name or an address.
   *
   * @param name {@code null} for a building that has only an address
   * @param nameEn may be {@code null}
   * @param address street and number; {@code null}: unknown
   * @param lon of a point on it, WGS-84 degrees
   */
  record Named(String layer, String name, String nameEn, String address, double lon, double lat) {}

  /** In the order of their names. */
  List<Layer> layers();

  /** Changes with each replacement, of whatever layer, also by the same content: the ids are others then. */
  String edition();

  /** Hands out everything with a name or an address, by layer and name. */
  void readNames(Consumer<Named> each);

  /** A feature with the layer it belongs to. */
  record OfLayer(String layer, Feature feature) {}

  /** Those of these ids that there are, in the order of their ids. */
  List<OfLayer> list(Collection<Long> ids);

  /** Those of a layer whose ids are greater than {@code after}, in the order of their ids, {@code limit} at most. */
  List<Feature> list(String layer, long after, int limit);

  /** Hands out a layer's features one after another, in the order in which they came. */
  void read(String layer, Consumer<Feature> each);

  /**
   * Begins to replace layers.
   *
   * @param minZooms by layer, see {@link Layer#minZoom()}
   * @param attribution see {@link Layer#attribution()}
   */
  Replacement replace(Map<String, Double> minZooms, String attribution);
}
