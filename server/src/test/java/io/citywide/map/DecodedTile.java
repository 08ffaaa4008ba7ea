package io.citywide.map;

import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.MvtReader;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.TagKeyValueMapConverter;
import io.github.sebasbaumh.mapbox.vectortile.adapt.jts.model.JtsLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/** A vector tile as a reader made by others understands it, polygons by the winding rule of version 2.1. */
public final class DecodedTile {

  private static final String ID = "__id";

  /** @param geometry in units of the tile, y to the south */
  public record Feature(long id, Map<String, Object> tags, Geometry geometry) {

    public long count() {
      return ((Number) tags.get("count")).longValue();
    }
  }

  private final Map<String, List<Feature>> layers = new LinkedHashMap<>();
  private final Map<String, Integer> extents = new LinkedHashMap<>();

  private DecodedTile() {}

  public static DecodedTile of(byte[] body) {
    DecodedTile tile = new DecodedTile();
    try {
      var read = MvtReader.loadMvt(new ByteArrayInputStream(body), new GeometryFactory(), new TagKeyValueMapConverter(false, ID), MvtReader.RING_CLASSIFIER_V2_1);
      for (JtsLayer layer : read.getLayers()) {
        tile.extents.put(layer.getName(), layer.getExtent());
        tile.layers.put(layer.getName(), layer.getGeometries().stream().map(DecodedTile::feature).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tile;
  }

  private static Feature feature(Geometry geometry) {
    Map<String, Object> tags = new LinkedHashMap<>();
    ((Map<?, ?>) geometry.getUserData()).forEach((key, value) -> tags.put((String) key, value));
    long id = ((Number) tags.remove(ID)).longValue();
    return new Feature(id, tags, geometry);
  }

  public List<String> layers() {
    return List.copyOf(layers.keySet());
  }

  /** Empty where the tile has no such layer. */
  public List<Feature> features(String layer) {
    return layers.getOrDefault(layer, List.of());
  }

  public int extent(String layer) {
    return extents.get(layer);
  }
}
