package io.citywide.map.internal.tile;

import io.citywide.map.spi.TilePen;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One layer of a tile on its way to the wire: its features, the names and values that their tags point to, and the feature
 * under way. Begun again, it keeps its memory.
 */
final class LayerBytes {

  // Keys of the wire format: number of the field << 3 | type of its value.
  private static final int TILE_LAYER = 3 << 3 | 2;
  private static final int LAYER_NAME = 1 << 3 | 2;
  private static final int LAYER_FEATURE = 2 << 3 | 2;
  private static final int LAYER_KEY = 3 << 3 | 2;
  private static final int LAYER_VALUE = 4 << 3 | 2;
  private static final int LAYER_EXTENT = 5 << 3;
  private static final int LAYER_VERSION = 15 << 3;
  private static final int FEATURE_ID = 1 << 3;
  private static final int FEATURE_TAGS = 2 << 3 | 2;
  private static final int FEATURE_TYPE = 3 << 3;
  private static final int FEATURE_GEOMETRY = 4 << 3 | 2;
  private static final int VALUE_TEXT = 1 << 3 | 2;
  private static final int VALUE_UNSIGNED = 5 << 3;
  private static final int VALUE_SIGNED = 6 << 3;

  private final Strokes strokes;
  private String name;
  private final Bytes features = new Bytes(1 << 14);
  private final Bytes values = new Bytes(1 << 10);
  private final List<String> keys = new ArrayList<>();
  private int keyBytes;
  private final Map<Object, Integer> valueNumbers = new HashMap<>();

  // The feature under way; type 0: none, or one that lies outside.
  private int type;
  private long id;
  private final Bytes tags = new Bytes(1 << 8);

  /** @param strokes of the feature under way */
  LayerBytes(Strokes strokes) {
    this.strokes = strokes;
  }

  /** What follows goes into a layer of this name. */
  void begin(String newName) {
    name = newName;
  }

  /** Forgets all features. */
  void clear() {
    type = 0;
    features.clear();
    values.clear();
    keys.clear();
    keyBytes = 0;
    valueNumbers.clear();
  }

  /** @param newType 1 points, 2 lines, 3 polygons */
  void beginFeature(long newId, int newType) {
    id = newId;
    type = newType;
    strokes.clear();
    tags.clear();
  }

  /** Whether a feature is under way. */
  boolean drawing() {
    return type != 0;
  }

  /** There is no feature after all. */
  void dropFeature() {
    type = 0;
  }

  void tag(String key, String value) {
    tags.varint(keyNumber(key));
    tags.varint(textNumber(value));
  }

  void tag(String key, long value) {
    tags.varint(keyNumber(key));
    tags.varint(numberNumber(value));
  }

  /** Puts the feature under way, if there is one, beside those before it. */
  void endFeature() {
    if (type == 0) {
      return;
    }
    features.raw(LAYER_FEATURE);
    features.varint(featureLength());
    if (id != TilePen.NO_ID) {
      features.raw(FEATURE_ID);
      features.varint(id);
    }
    field(features, FEATURE_TAGS, tags);
    features.raw(FEATURE_TYPE);
    features.raw(type);
    field(features, FEATURE_GEOMETRY, strokes.commands());
    type = 0;
  }

  /** Bytes that it takes in a tile, with the feature under way; 0 without features. */
  int length() {
    return features.length() == 0 && type == 0 ? 0 : withHeader(contentLength());
  }

  /** Adds it to a tile; no feature is under way. A layer without features is left out. */
  void writeTo(Bytes tile) {
    if (features.length() > 0) {
      tile.raw(TILE_LAYER);
      tile.varint(contentLength());
      tile.raw(LAYER_VERSION);
      tile.raw(2);
      tile.text(LAYER_NAME, name);
      tile.append(features);
      keys.forEach(key -> tile.text(LAYER_KEY, key));
      tile.append(values);
      tile.raw(LAYER_EXTENT);
      tile.varint(TileGrid.EXTENT);
    }
  }

  private int featureLength() {
    return (id == TilePen.NO_ID ? 0 : 1 + Bytes.sizeOf(id)) + 2 + fieldLength(tags) + fieldLength(strokes.commands());
  }

  private int pendingLength() {
    return type == 0 ? 0 : withHeader(featureLength());
  }

  private static int fieldLength(Bytes content) {
    return content.length() == 0 ? 0 : withHeader(content.length());
  }

  private static int withHeader(int length) {
    return 1 + Bytes.sizeOf(length) + length;
  }

  private static void field(Bytes out, int key, Bytes content) {
    if (content.length() > 0) {
      out.raw(key);
      out.varint(content.length());
      out.append(content);
    }
  }

  private int contentLength() {
    return 2 + withHeader(utf8Length(name)) + features.length() + pendingLength() + keyBytes + values.length() + 1 + Bytes.sizeOf(TileGrid.EXTENT);
  }

  private int keyNumber(String key) {
    // A layer has a handful of keys, and callers pass the same literals.
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).equals(key)) {
        return i;
      }
    }
    keys.add(key);
    keyBytes += withHeader(utf8Length(key));
    return keys.size() - 1;
  }

  private int textNumber(String value) {
    Integer known = valueNumbers.get(value);
    if (known != null) {
      return known;
    }
    values.raw(LAYER_VALUE);
    values.varint(withHeader(utf8Length(value)));
    values.text(VALUE_TEXT, value);
    valueNumbers.put(value, valueNumbers.size());
    return valueNumbers.size() - 1;
  }

  private int numberNumber(long value) {
    Integer known = valueNumbers.get(value);
    if (known != null) {
      return known;
    }
    long wire = value >= 0 ? value : value << 1 ^ value >> 63;
    values.raw(LAYER_VALUE);
    values.varint(1 + Bytes.sizeOf(wire));
    values.raw(value >= 0 ? VALUE_UNSIGNED : VALUE_SIGNED);
    values.varint(wire);
    valueNumbers.put(value, valueNumbers.size());
    return valueNumbers.size() - 1;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
