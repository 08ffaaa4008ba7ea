package io.citywide.sensing.internal.sta;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The sets of entities (18-088 §8.2, and its MultiDatastream extension): their properties, how they are linked, and of which relations
 * their rows are read.
 * A row is a device of the register or was made over SensorThings; each relation gives the same columns.
 */
enum EntitySet {
  THINGS("Things", "Thing",
      List.of(Property.text("name"), Property.text("description"), Property.json("properties")),
      List.of(
          """
          SELECT d.id, d.name, t.name_zh || ' · ' || t.name_en AS description, jsonb_strip_nulls(jsonb_build_object('code', d.code, 'type', d.type_code,
              'area', d.area_code, 'group', nullif(d.group_code, ''), 'component', d.component_ident, 'building', d.building_ident, 'source', nullif(d.source, ''),
              'state', d.state, 'enabled', d.enabled)) AS properties, d.code AS member_code, d.type_code AS member_type, d.area_code AS member_area, d.group_code AS member_group
          FROM sensing_device d JOIN sensing_type t ON t.code = d.type_code""",
          """
          SELECT id, name, description, properties, properties->>'code' AS member_code, properties->>'type' AS member_type, properties->>'area' AS member_area,
              properties->>'group' AS member_group
          FROM sensing_sta_thing""")),
  LOCATIONS("Locations", "Location",
      List.of(Property.text("name"), Property.text("description"), Property.text("encodingType", "encoding_type"), Property.geometry("location"), Property.json("properties")),
      List.of(
          """
          SELECT d.id, d.name, 'place of device ' || d.code AS description, 'application/geo+json' AS encoding_type,
              jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(d.lon, d.lat)) AS location,
              jsonb_strip_nulls(jsonb_build_object('area', d.area_code, 'component', d.component_ident, 'building', d.building_ident)) AS properties,
              d.lon AS west, d.lat AS south, d.lon AS east, d.lat AS north
          FROM sensing_device d""",
          "SELECT id, name, description, encoding_type, location, properties, west, south, east, north FROM sensing_sta_location")),
  HISTORICAL_LOCATIONS("HistoricalLocations", "HistoricalLocation",
      List.of(Property.time("time", "time")),
      List.of(
          "SELECT d.id, d.id AS thing_id, d.changed_at AS time FROM sensing_device d",
          "SELECT id, thing_id, time FROM sensing_sta_history")),
  DATASTREAMS("Datastreams", "Datastream",
      List.of(Property.text("name"), Property.text("description"), Property.text("observationType", "observation_type"), Property.json("unitOfMeasurement", "unit"),
          Property.period("phenomenonTime", "phenomenon"), Property.period("resultTime", "result"), Property.json("properties")),
      List.of(
          """
          SELECT s.id::bigint AS id, d.name || ' · ' || p.name AS name, p.description, 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement' AS observation_type,
              jsonb_build_object('name', p.unit, 'symbol', p.unit, 'definition', 'ucum:' || p.unit) AS unit, s.device_id AS thing_id, n.id AS sensor_id, p.id AS property_id,
              NULL::timestamptz AS phenomenon_start, NULL::timestamptz AS phenomenon_end, NULL::timestamptz AS result_start, NULL::timestamptz AS result_end,
              jsonb_build_object('device', d.code, 'property', s.property) AS properties, d.code AS member_device, s.property AS member_property
          FROM sensing_series s JOIN sensing_device d ON d.id = s.device_id JOIN sensing_sta_property p ON p.type_code = d.type_code AND p.property = s.property
              JOIN sensing_sta_sensor n ON n.type_code = d.type_code""",
          """
          SELECT id, name, description, observation_type, unit, thing_id, sensor_id, property_id, phenomenon_start, phenomenon_end, result_start, result_end, properties,
              properties->>'device' AS member_device, properties->>'property' AS member_property
          FROM sensing_sta_datastream""")),
  MULTI_DATASTREAMS("MultiDatastreams", "MultiDatastream",
      List.of(Property.text("name"), Property.text("description"), Property.text("observationType", "observation_type"), Property.json("multiObservationDataTypes", "data_types"),
          Property.json("unitOfMeasurements", "units"), Property.geometry("observedArea", "observed_area"), Property.period("phenomenonTime", "phenomenon"),
          Property.period("resultTime", "result"), Property.json("properties")),
      List.of(
          """
          SELECT id, name, description, observation_type, data_types, units, thing_id, sensor_id, phenomenon_start, phenomenon_end, result_start, result_end, properties,
              west, south, east, north, CASE
                WHEN west IS NULL THEN NULL
                WHEN west = east AND south = north THEN jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(west, south))
                WHEN west = east OR south = north THEN jsonb_build_object('type', 'LineString', 'coordinates', jsonb_build_array(jsonb_build_array(west, south), jsonb_build_array(east, north)))
                ELSE jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(jsonb_build_array(west, south), jsonb_build_array(east, south),
                    jsonb_build_array(east, north), jsonb_build_array(west, north), jsonb_build_array(west, south)))) END AS observed_area
          FROM sensing_sta_multi_datastream""")),
  SENSORS("Sensors", "Sensor",
      List.of(Property.text("name"), Property.text("description"), Property.text("encodingType", "encoding_type"), Property.json("metadata"), Property.json("properties")),
      List.of(
          """
          SELECT id, name, description, encoding_type, metadata, properties FROM sensing_sta_sensor n
          WHERE n.type_code IS NULL OR EXISTS (SELECT FROM sensing_device d WHERE d.type_code = n.type_code)""")),
  OBSERVED_PROPERTIES("ObservedProperties", "ObservedProperty",
      List.of(Property.text("name"), Property.text("definition"), Property.text("description"), Property.json("properties")),
      List.of(
          """
          SELECT id, name, definition, description, properties FROM sensing_sta_property p
          WHERE p.type_code IS NULL OR EXISTS (SELECT FROM sensing_device d WHERE d.type_code = p.type_code)""")),
  OBSERVATIONS("Observations", "Observation",
      List.of(Property.period("phenomenonTime", "phenomenon"), Property.time("resultTime", "result_time"), Property.json("result"), Property.json("resultQuality", "quality"),
          Property.period("validTime", "valid"), Property.json("parameters")),
      List.of(
          """
          SELECT id, NULL::integer AS series, NULL::bigint AS at, datastream_id, multi_datastream_id, feature_id, phenomenon_start, phenomenon_end, result_time, result,
              result_number, quality, valid_start, valid_end, parameters
          FROM sensing_sta_observation""")),
  FEATURES_OF_INTEREST("FeaturesOfInterest", "FeatureOfInterest",
      List.of(Property.text("name"), Property.text("description"), Property.text("encodingType", "encoding_type"), Property.geometry("feature"), Property.json("properties")),
      List.of(
          """
          SELECT d.id, d.name, 'place of device ' || d.code AS description, 'application/geo+json' AS encoding_type,
              jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(d.lon, d.lat)) AS feature,
              jsonb_strip_nulls(jsonb_build_object('area', d.area_code)) AS properties, d.lon AS west, d.lat AS south, d.lon AS east, d.lat AS north
          FROM sensing_device d""",
          "SELECT id, name, description, encoding_type, feature, properties, west, south, east, north FROM sensing_sta_feature"));

  /** Ids below it are those of devices and series, ids from it on of what was made over SensorThings. */
  static final long FIRST_OWN = 1_000_000_000_000L;

  /** Ids of streams from it on are those of MultiDatastreams. */
  static final long FIRST_MULTI = 2_000_000_000_000L;

  /** Observations of devices, of the values that were read for the question: {@code :series}, {@code :at}, {@code :value} side by side. */
  static final String VALUES = """
      SELECT NULL::bigint AS id, v.series, v.at, v.series::bigint AS datastream_id, NULL::bigint AS multi_datastream_id, s.device_id AS feature_id,
          timestamptz 'epoch' + v.at * interval '1 millisecond' AS phenomenon_start, NULL::timestamptz AS phenomenon_end,
          timestamptz 'epoch' + v.at * interval '1 millisecond' AS result_time, to_jsonb(v.value) AS result, v.value AS result_number,
          NULL::jsonb AS quality, NULL::timestamptz AS valid_start, NULL::timestamptz AS valid_end, NULL::jsonb AS parameters
      FROM unnest(:series::integer[], :at::bigint[], :value::float8[]) AS v (series, at, value) JOIN sensing_series s ON s.id = v.series""";

  private static final String THING_LOCATION = "(SELECT thing_id, location_id FROM sensing_sta_thing_location UNION ALL SELECT id, id FROM sensing_device)";
  private static final String HISTORY_LOCATION = "(SELECT history_id, location_id FROM sensing_sta_history_location UNION ALL SELECT id, id FROM sensing_device)";

  private static final String MULTI_PROPERTY = "sensing_sta_multi_property";

  private final String plural;
  private final String singular;
  private final List<Property> properties;
  private final List<String> relations;

  EntitySet(String plural, String singular, List<Property> properties, List<String> relations) {
    this.plural = plural;
    this.singular = singular;
    this.properties = properties;
    this.relations = relations;
  }

  /** What the values of a property are. */
  enum Type { TEXT, JSON, GEOMETRY, TIME, PERIOD }

  /** @param column of the relation; of a period {@code column_start} and {@code column_end}, of which the end may be null: a moment */
  record Property(String name, Type type, String column) {

    private static Property text(String name) {
      return text(name, name);
    }

    private static Property text(String name, String column) {
      return new Property(name, Type.TEXT, column);
    }

    private static Property json(String name) {
      return json(name, name);
    }

    private static Property json(String name, String column) {
      return new Property(name, Type.JSON, column);
    }

    private static Property geometry(String name) {
      return geometry(name, name);
    }

    private static Property geometry(String name, String column) {
      return new Property(name, Type.GEOMETRY, column);
    }

    private static Property time(String name, String column) {
      return new Property(name, Type.TIME, column);
    }

    private static Property period(String name, String column) {
      return new Property(name, Type.PERIOD, column);
    }
  }

  /**
   * A way from an entity to others: rows whose {@code theirs} equals {@code ours}, or those which {@code link} joins.
   *
   * @param link relation with the columns {@code ours} and {@code theirs}, both of which are ids; {@code null}: none between
   * @param place column of the link that orders them; {@code null}: none
   */
  record Navigation(String name, EntitySet target, boolean many, String link, String ours, String theirs, String place) {

    /** Condition that rows {@code t} of the target belong to the parent whose key is {@code parent}. */
    String belongs(String t, String parent) {
      return link == null ? t + "." + theirs + " = " + parent : t + ".id IN (SELECT l." + theirs + " FROM " + link + " l WHERE l." + ours + " = " + parent + ")";
    }

    /** The order of rows {@code t} of the target that the link gives them, with a comma after it; empty: none. */
    String order(String t, String parent) {
      return place == null ? "" : "(SELECT l." + place + " FROM " + link + " l WHERE l." + ours + " = " + parent + " AND l." + theirs + " = " + t + ".id), ";
    }

    /** Whether it leads from a Datastream or a MultiDatastream to its Observations. */
    boolean ofStream() {
      return many && (theirs.equals("datastream_id") || theirs.equals("multi_datastream_id"));
    }

    /** Column of the parent by which its entities are found. */
    String key() {
      return link == null ? ours : "id";
    }
  }

  String plural() {
    return plural;
  }

  String singular() {
    return singular;
  }

  List<Property> properties() {
    return properties;
  }

  List<String> relations() {
    return relations;
  }

  Optional<Property> findProperty(String name) {
    return properties.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  Optional<Navigation> findNavigation(String name) {
    return navigations().stream().filter(n -> n.name().equals(name)).findFirst();
  }

  static Optional<EntitySet> find(String plural) {
    return Arrays.stream(values()).filter(s -> s.plural.equals(plural)).findFirst();
  }

  List<Navigation> navigations() {
    return switch (this) {
      case THINGS -> List.of(linked(LOCATIONS, THING_LOCATION, "thing_id", "location_id"), many(HISTORICAL_LOCATIONS, "thing_id"), many(DATASTREAMS, "thing_id"),
          many(MULTI_DATASTREAMS, "thing_id"));
      case LOCATIONS -> List.of(linked(THINGS, THING_LOCATION, "location_id", "thing_id"), linked(HISTORICAL_LOCATIONS, HISTORY_LOCATION, "location_id", "history_id"));
      case HISTORICAL_LOCATIONS -> List.of(one(THINGS, "thing_id"), linked(LOCATIONS, HISTORY_LOCATION, "history_id", "location_id"));
      case DATASTREAMS -> List.of(one(THINGS, "thing_id"), one(SENSORS, "sensor_id"), one(OBSERVED_PROPERTIES, "property_id"), many(OBSERVATIONS, "datastream_id"));
      case MULTI_DATASTREAMS -> List.of(one(THINGS, "thing_id"), one(SENSORS, "sensor_id"),
          new Navigation("ObservedProperties", OBSERVED_PROPERTIES, true, MULTI_PROPERTY, "multi_datastream_id", "property_id", "place"), many(OBSERVATIONS, "multi_datastream_id"));
      case SENSORS -> List.of(many(DATASTREAMS, "sensor_id"), many(MULTI_DATASTREAMS, "sensor_id"));
      case OBSERVED_PROPERTIES -> List.of(many(DATASTREAMS, "property_id"), linked(MULTI_DATASTREAMS, MULTI_PROPERTY, "property_id", "multi_datastream_id"));
      case OBSERVATIONS -> List.of(one(DATASTREAMS, "datastream_id"), one(MULTI_DATASTREAMS, "multi_datastream_id"), one(FEATURES_OF_INTEREST, "feature_id"));
      case FEATURES_OF_INTEREST -> List.of(many(OBSERVATIONS, "feature_id"));
    };
  }

  private static Navigation one(EntitySet target, String column) {
    return new Navigation(target.singular, target, false, null, column, "id", null);
  }

  private static Navigation many(EntitySet target, String column) {
    return new Navigation(target.plural, target, true, null, "id", column, null);
  }

  private static Navigation linked(EntitySet target, String link, String ours, String theirs) {
    return new Navigation(target.plural, target, true, link, ours, theirs, null);
  }

  /** Column which has a member of {@code properties} as a text, because the register has an index on it. */
  Optional<String> member(String name) {
    List<String> members = switch (this) {
      case THINGS -> List.of("code", "type", "area", "group");
      case DATASTREAMS -> List.of("device", "property");
      case LOCATIONS, HISTORICAL_LOCATIONS, MULTI_DATASTREAMS, SENSORS, OBSERVED_PROPERTIES, OBSERVATIONS, FEATURES_OF_INTEREST -> List.of();
    };
    return members.contains(name) ? Optional.of("member_" + name) : Optional.empty();
  }

  /** Names of what may stand in {@code $select}, {@code $orderby} and {@code $filter}. */
  List<String> names() {
    return java.util.stream.Stream.of(java.util.stream.Stream.of("id"), properties.stream().map(Property::name), navigations().stream().map(Navigation::name))
        .flatMap(n -> n).toList();
  }
}
