package io.citywide.map.internal.base.osm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the base map takes of OpenStreetMap, after wiki.openstreetmap.org/wiki/Map_features.
 *
 * @param layer of the base map
 * @param area whether a closed line means what it encloses
 */
record OsmTags(String layer, String kind, boolean area) {

  private static final Set<String> ROADS = Set.of("motorway", "trunk", "primary", "secondary", "tertiary", "motorway_link", "trunk_link", "primary_link",
      "secondary_link", "tertiary_link", "residential", "unclassified", "living_street", "road", "service", "pedestrian", "footway", "cycleway", "path", "steps", "track");
  private static final Set<String> WATERWAYS = Set.of("river", "canal", "stream", "drain", "ditch");
  private static final Set<String> PLACES = Set.of("city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet");
  private static final Set<String> LANDMARKS = Set.of("hospital", "university", "college", "school", "library", "townhall", "police", "fire_station",
      "theatre", "marketplace", "museum", "attraction", "station", "subway_entrance", "stadium");
  private static final Set<String> GREEN_USE = Set.of("grass", "forest", "meadow", "recreation_ground", "village_green", "cemetery", "orchard");
  private static final Set<String> GREEN_NATURE = Set.of("wood", "scrub", "grassland", "heath", "wetland");
  private static final Set<String> GREEN_LEISURE = Set.of("park", "garden", "golf_course", "nature_reserve", "common");
  private static final Pattern METERS = Pattern.compile("([0-9]{1,4}(?:\\.[0-9]{1,3})?) ?m?");
  private static final int MOST_NAME = 200;

  /** What a line or an area is; {@code null} for what the base map leaves out. */
  static OsmTags ofWay(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return null;
    }
    String building = tags.get("building");
    if (building != null && !building.equals("no")) {
      return new OsmTags("buildings", building.equals("yes") ? null : building, true);
    }
    String road = tags.get("highway");
    if (road != null && ROADS.contains(road) && !"yes".equals(tags.get("area"))) {
      return new OsmTags("roads", road, false);
    }
    String rail = tags.get("railway");
    if (rail != null) {
      String kind = switch (rail) {
        case "rail", "narrow_gauge" -> "rail";
        case "subway", "light_rail", "monorail" -> "subway";
        case "tram" -> "tram";
        default -> null;
      };
      if (kind != null) {
        return new OsmTags("rails", kind, false);
      }
    }
    String water = tags.get("waterway");
    if (water != null && WATERWAYS.contains(water)) {
      return new OsmTags("water", water.equals("river") || water.equals("canal") ? water : "stream", false);
    }
    String nature = tags.get("natural");
    String use = tags.get("landuse");
    if ("water".equals(nature) || "riverbank".equals(water) || "dock".equals(water) || "reservoir".equals(use) || "basin".equals(use)) {
      return new OsmTags("water", tags.getOrDefault("water", water == null ? "lake" : "river"), true);
    }
    String leisure = tags.get("leisure");
    if (leisure != null && GREEN_LEISURE.contains(leisure)) {
      return new OsmTags("green", leisure, true);
    }
    if (use != null && GREEN_USE.contains(use)) {
      return new OsmTags("green", use, true);
    }
    return nature != null && GREEN_NATURE.contains(nature) ? new OsmTags("green", nature, true) : null;
  }

  /** A place or landmark with a name; {@code null} for another node. */
  static OsmTags ofNode(Map<String, String> tags) {
    if (tags.isEmpty() || name(tags) == null) {
      return null;
    }
    String place = tags.get("place");
    if (place != null && PLACES.contains(place)) {
      return new OsmTags("landmarks", place, false);
    }
    for (String key : new String[] {"amenity", "tourism", "railway", "leisure"}) {
      String value = tags.get(key);
      if (value != null && LANDMARKS.contains(value) && !value.equals("subway_entrance")) {
        return new OsmTags("landmarks", "landmark", false);
      }
    }
    return null;
  }

  /** The Chinese name where there is one; {@code null} for none. */
  static String name(Map<String, String> tags) {
    String name = tags.getOrDefault("name:zh", tags.get("name"));
    return name == null || name.isBlank() ? null : name.length() <= MOST_NAME ? name.strip() : name.substring(0, MOST_NAME);
  }

  /** As {@link io.citywide.place.BaseFeatures.Feature#attributes()}. */
  Map<String, Object> attributes(Map<String, String> tags) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    put(attributes, "name", name(tags));
    String english = tags.get("name:en");
    put(attributes, "nameEn", english == null || english.isBlank() ? null : english.length() <= MOST_NAME ? english.strip() : english.substring(0, MOST_NAME));
    put(attributes, "kind", kind);
    if (layer.equals("buildings")) {
      put(attributes, "height", meters(tags.get("height"), 1_000));
      put(attributes, "levels", meters(tags.get("building:levels"), 300));
      String street = tags.get("addr:street");
      String number = tags.get("addr:housenumber");
      put(attributes, "address", street == null || number == null || street.length() + number.length() > MOST_NAME ? null : street + number + (number.endsWith("号") ? "" : "号"));
    }
    if (layer.equals("roads")) {
      put(attributes, "bridge", tags.containsKey("bridge") && !"no".equals(tags.get("bridge")) ? 1 : null);
      put(attributes, "tunnel", tags.containsKey("tunnel") && !"no".equals(tags.get("tunnel")) ? 1 : null);
    }
    return attributes;
  }

  private static void put(Map<String, Object> attributes, String key, Object value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private static Double meters(String text, double bound) {
    var number = text == null ? null : METERS.matcher(text.strip());
    if (number == null || !number.matches()) {
      return null;
    }
    double value = Double.parseDouble(number.group(1));
    return value > 0 && value <= bound ? value : null;
  }
}
