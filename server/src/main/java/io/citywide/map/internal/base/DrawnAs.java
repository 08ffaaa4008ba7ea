package io.citywide.map.internal.base;

import io.citywide.place.BaseFeatures.Feature;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a feature of the base map appears in tiles: in which of their layers, from which zoom, with which tags, and how much
 * it matters where a tile is full. Zooms are those of tiles of 512 pixels.
 *
 * @param minZoom 0..{@link TileCutter#MAX_ZOOM}
 * @param order what matters more is drawn later, and left out last
 */
record DrawnAs(int minZoom, int order, Map<String, Object> tags) {

  /** A storey where only their number is known. */
  private static final double STOREY_METERS = 3;

  /** Zoom below which a name would only make tiles heavier: labels are not drawn there. */
  static final int NAMES_FROM = 10;

  /** The layer of tiles for a layer of the base map: in the singular, landmarks as places. */
  static String tileLayer(String layer) {
    return layer.equals("landmarks") ? "place" : layer.endsWith("s") && layer.length() > 2 ? layer.substring(0, layer.length() - 1) : layer;
  }

  /** Most bytes of one layer in a tile; together they stay below 500 KB. */
  static int budget(String tileLayer) {
    return switch (tileLayer) {
      case "building" -> 220_000;
      case "road" -> 120_000;
      case "water", "green" -> 40_000;
      case "place", "rail" -> 20_000;
      default -> 10_000;
    };
  }

  /** @param floor zoom from which the whole layer is worth showing */
  static DrawnAs of(String tileLayer, double floor, Feature feature) {
    Map<String, Object> tags = new LinkedHashMap<>();
    String kind = feature.kind() == null ? "" : feature.kind();
    boolean link = kind.endsWith("_link");
    String type = tileLayer.equals("road") ? road(link ? kind.substring(0, kind.length() - 5) : kind) : kind;
    put(tags, "class", type.isEmpty() ? null : type);
    put(tags, "name", feature.name());
    put(tags, "nameEn", feature.attributes().get("nameEn"));
    int zoom = 0;
    int order = 0;
    switch (tileLayer) {
      case "road" -> {
        zoom = roadZoom(type) + (link ? 2 : 0);
        order = 20 - roadZoom(type);
        put(tags, "link", link ? 1L : null);
        put(tags, "bridge", feature.attributes().containsKey("bridge") ? 1L : null);
        put(tags, "tunnel", feature.attributes().containsKey("tunnel") ? 1L : null);
      }
      case "building" -> {
        zoom = 13;
        put(tags, "height", height(feature.attributes()));
        put(tags, "ident", feature.attributes().get("ident"));
      }
      case "rail" -> zoom = type.equals("rail") ? 8 : type.equals("subway") ? 11 : 13;
      case "place" -> {
        zoom = placeZoom(type);
        order = 20 - zoom;
      }
      case "water" -> zoom = feature.geometry().getDimension() == 2 ? 0 : type.equals("river") ? 8 : type.equals("canal") ? 11 : 13;
      default -> { }
    }
    return new DrawnAs(Math.clamp(Math.max(zoom, (int) Math.floor(floor)), 0, TileCutter.MAX_ZOOM), order, tags);
  }

  private static void put(Map<String, Object> tags, String key, Object value) {
    if (value != null) {
      tags.put(key, value);
    }
  }

  /** OpenStreetMap's classes, fewer; and the words of cities that name theirs otherwise. */
  private static String road(String kind) {
    return switch (kind) {
      case "expressway" -> "motorway";
      case "avenue", "arterial" -> "primary";
      case "street" -> "secondary";
      case "lane", "residential", "unclassified", "living_street", "road" -> "minor";
      case "footway", "cycleway", "pedestrian", "steps", "track", "bridleway", "corridor" -> "path";
      default -> kind;
    };
  }

  private static int roadZoom(String type) {
    return switch (type) {
      case "motorway" -> 5;
      case "trunk" -> 6;
      case "primary" -> 8;
      case "secondary" -> 10;
      case "tertiary" -> 11;
      case "service", "path" -> 14;
      default -> 12;
    };
  }

  private static int placeZoom(String type) {
    return switch (type) {
      case "city" -> 4;
      case "town" -> 7;
      case "suburb" -> 10;
      case "village", "quarter" -> 11;
      default -> 13;
    };
  }

  private static Long height(Map<String, Object> attributes) {
    if (attributes.get("height") instanceof Number meters) {
      return Math.round(meters.doubleValue());
    }
    for (String storeys : new String[] {"levels", "floors"}) {
      if (attributes.get(storeys) instanceof Number number) {
        return Math.round(number.doubleValue() * STOREY_METERS);
      }
    }
    return null;
  }
}
