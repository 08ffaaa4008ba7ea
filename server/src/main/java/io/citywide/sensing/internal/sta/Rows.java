package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Expression.Moment;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Rows of what was made over SensorThings: what a body says goes into their columns. */
@Component
class Rows {

  private static final Set<String> GEO_JSON = Set.of("application/geo+json", "application/vnd.geo+json");

  private final JdbcClient jdbc;
  private final JsonMapper json;

  Rows(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** A value on its way into a column. */
  record Cell(String type, Object value) {

    static Cell time(Instant instant) {
      return new Cell("timestamptz", instant == null ? null : utc(instant));
    }

    static Cell id(Long id) {
      return new Cell("bigint", id);
    }
  }

  /** What a body says of the entity's own properties. @param whole all that must be there is, and what is not there is null */
  Map<String, Cell> columns(EntitySet set, ObjectNode node, String at, boolean whole) {
    Map<String, Cell> columns = new LinkedHashMap<>();
    for (Property property : set.properties()) {
      if (Body.computed(set, property.name())) {
        continue;
      }
      JsonNode value = node.path(property.name());
      boolean absent = value.isMissingNode() || value.isNull();
      if (absent && mandatory(set, property.name()) && (whole || value.isNull())) {
        throw Body.invalid(at + property.name(), "is missing; a " + set.singular() + " must have it", "缺少，" + set.singular() + " 必须有此项");
      }
      if (value.isMissingNode() && !whole) {
        continue;
      }
      String where = at + property.name();
      switch (property.type()) {
        case TEXT -> {
          if (!absent && !value.isString()) {
            throw Body.invalid(where, "is a text", "应为文字");
          }
          columns.put(property.column(), new Cell("text", absent ? null : value.asString()));
        }
        case JSON, GEOMETRY -> {
          if (!absent && !value.isObject() && (property.name().equals("properties") || property.name().equals("parameters") || property.name().equals("unitOfMeasurement"))) {
            throw Body.invalid(where, "is a JSON object", "应为 JSON 对象");
          }
          columns.put(property.column(), new Cell("jsonb", absent ? null : json.writeValueAsString(value)));
        }
        case TIME -> {
          Moment moment = Body.moment(value, where);
          if (moment != null && moment.end() != null) {
            throw Body.invalid(where, "is a moment, not an interval", "应为时刻而非区间");
          }
          columns.put(property.column(), Cell.time(moment == null ? null : moment.start()));
        }
        case PERIOD -> {
          Moment moment = Body.moment(value, where);
          if (moment != null && moment.end() == null && property.name().equals("validTime")) {
            throw Body.invalid(where, "is an interval such as 2026-01-01T00:00:00Z/2026-01-02T00:00:00Z", "应为时间区间");
          }
          columns.put(property.column() + "_start", Cell.time(moment == null ? null : moment.start()));
          columns.put(property.column() + "_end", Cell.time(moment == null ? null : moment.end()));
        }
      }
    }
    return columns;
  }

  private static boolean mandatory(EntitySet set, String property) {
    return switch (set) {
      case OBSERVATIONS -> property.equals("result");
      case THINGS, LOCATIONS, HISTORICAL_LOCATIONS, DATASTREAMS, MULTI_DATASTREAMS, SENSORS, OBSERVED_PROPERTIES, FEATURES_OF_INTEREST -> !property.equals("properties");
    };
  }

  long insert(EntitySet set, Map<String, Cell> columns) {
    StringJoiner names = new StringJoiner(", ");
    StringJoiner cells = new StringJoiner(", ");
    columns.forEach((column, cell) -> {
      names.add(column);
      cells.add(":" + column + "::" + cell.type());
    });
    return jdbc.sql("INSERT INTO " + table(set) + " (" + names + ") VALUES (" + cells + ") RETURNING id").params(values(columns)).query(Long.class).single();
  }

  void update(EntitySet set, long id, Map<String, Cell> columns) {
    if (!columns.isEmpty()) {
      StringJoiner list = new StringJoiner(", ");
      columns.forEach((column, cell) -> list.add(column + " = :" + column + "::" + cell.type()));
      jdbc.sql("UPDATE " + table(set) + " SET " + list + " WHERE id = :id").params(values(columns)).param("id", id).update();
    }
  }

  private static Map<String, Object> values(Map<String, Cell> columns) {
    Map<String, Object> values = new LinkedHashMap<>();
    columns.forEach((column, cell) -> values.put(column, cell.value()));
    return values;
  }

  static String table(EntitySet set) {
    return switch (set) {
      case THINGS -> "sensing_sta_thing";
      case LOCATIONS -> "sensing_sta_location";
      case HISTORICAL_LOCATIONS -> "sensing_sta_history";
      case DATASTREAMS -> "sensing_sta_datastream";
      case MULTI_DATASTREAMS -> "sensing_sta_multi_datastream";
      case SENSORS -> "sensing_sta_sensor";
      case OBSERVED_PROPERTIES -> "sensing_sta_property";
      case OBSERVATIONS -> "sensing_sta_observation";
      case FEATURES_OF_INTEREST -> "sensing_sta_feature";
    };
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  // ---- cells of several columns --------------------------------------------------------------------

  static void things(Map<String, Cell> columns, long thing) {
    boolean own = thing >= EntitySet.FIRST_OWN;
    columns.put("own_thing_id", Cell.id(own ? thing : null));
    columns.put("device_id", Cell.id(own ? null : thing));
  }

  static void stream(Map<String, Cell> columns, long stream) {
    boolean multi = stream >= EntitySet.FIRST_MULTI;
    columns.put("datastream_id", Cell.id(multi ? null : stream));
    columns.put("multi_datastream_id", Cell.id(multi ? stream : null));
  }

  static void features(Map<String, Cell> columns, long feature) {
    boolean own = feature >= EntitySet.FIRST_OWN;
    columns.put("own_feature_id", Cell.id(own ? feature : null));
    columns.put("device_id", Cell.id(own ? null : feature));
  }

  static void number(Map<String, Cell> columns, ObjectNode node) {
    JsonNode result = node.path("result");
    columns.put("result_number", new Cell("float8", result.isNumber() && Double.isFinite(result.asDouble()) ? result.asDouble() : null));
  }

  static void boxed(Map<String, Cell> columns, Geometry geometry) {
    Envelope box = geometry == null ? null : geometry.getEnvelopeInternal();
    columns.put("west", new Cell("float8", box == null ? null : box.getMinX()));
    columns.put("south", new Cell("float8", box == null ? null : box.getMinY()));
    columns.put("east", new Cell("float8", box == null ? null : box.getMaxX()));
    columns.put("north", new Cell("float8", box == null ? null : box.getMaxY()));
  }

  /** {@code null} where the encoding is another one and it is no GeoJSON by chance. */
  static Geometry geometry(EntitySet set, ObjectNode node, String encoding, String at) {
    String name = set == EntitySet.LOCATIONS ? "location" : "feature";
    try {
      return GeoJson.read(node.path(name));
    } catch (IllegalArgumentException e) {
      if (GEO_JSON.contains(encoding)) {
        throw Body.invalid(at + name, "is not GeoJSON, as encodingType says: " + e.getMessage(), "不是有效的 GeoJSON：" + e.getMessage());
      }
      return null;
    }
  }

  // ---- links ---------------------------------------------------------------------------------------

  long existing(EntitySet set, long id, String at) {
    if (!jdbc.sql("SELECT EXISTS (SELECT FROM (" + String.join(" UNION ALL ", set.relations()) + ") e WHERE e.id = :id)").param("id", id).query(Boolean.class).single()) {
      throw Body.invalid(at, "there is no " + set.singular() + " with the id " + id, "没有 id 为 " + id + " 的 " + set.singular());
    }
    return id;
  }

  long own(EntitySet set, long id, String at) {
    existing(set, id, at);
    if (id < EntitySet.FIRST_OWN) {
      throw new ProblemException(StaProblem.NOT_HERE, at + " the " + set.singular() + " " + id + " is a device's; its place and its values are those of the register")
          .zh(set.singular() + " " + id + " 属于设备，其位置和数值以设备台账为准");
    }
    return id;
  }
}
