package io.citywide.sensing.internal.sta;

import io.citywide.identity.AccessLog;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import io.citywide.sensing.internal.sta.Rows.Cell;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Changes and deletes entities, with what 18-088 table 25 says goes with them. What the register of devices holds is not changed here. */
@Component
class Changer {

  private final JdbcClient jdbc;
  private final Rows rows;
  private final Charge charge;
  private final Moves moves;
  private final Streams streams;
  private final AccessLog access;
  private final Changes changes;
  private final JsonMapper json;
  private final Clock clock;

  Changer(JdbcClient jdbc, Rows rows, Charge charge, Moves moves, Streams streams, AccessLog access, Changes changes, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.charge = charge;
    this.moves = moves;
    this.streams = streams;
    this.access = access;
    this.changes = changes;
    this.json = json;
    this.clock = clock;
  }

  /** @param whole PUT: what is not named is taken away; else PATCH: it stays */
  @Transactional
  void update(EntitySet set, Key key, JsonNode body, boolean whole) {
    long id = changeable(set, key);
    ObjectNode node = Body.object(body, "");
    Body.known(set, node, "");
    Map<String, Cell> columns = rows.columns(set, node, "", whole);
    for (Navigation navigation : set.navigations()) {
      if (node.has(navigation.name()) && (navigation.many() ? !relinked(set, navigation) : Body.linked(node.path(navigation.name()), navigation.name()) == null)) {
        throw Body.invalid(navigation.name(), "cannot be changed from here: a link to one entity is {\"@iot.id\": …}", "此处不能修改；到单个实体的关联写作 {\"@iot.id\": …}");
      }
    }
    linked(set, id, node, columns);
    Set<Long> before = set == EntitySet.OBSERVATIONS ? streams.of("id", id) : Set.of();
    rows.update(set, id, columns);
    if (set == EntitySet.LOCATIONS && columns.containsKey("area_code")) {
      jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id IN (SELECT thing_id FROM sensing_sta_thing_location WHERE location_id = :id)")
          .param("area", columns.get("area_code").value()).param("id", id).update();
    }
    if (set == EntitySet.THINGS && node.has("Locations")) {
      List<Long> locations = links(node, "Locations", EntitySet.LOCATIONS).stream().distinct().toList();
      if (locations.isEmpty()) {
        moves.nowhere(id);
      } else {
        moves.locate(id, clock.instant(), locations);
      }
    }
    if (set == EntitySet.MULTI_DATASTREAMS) {
      if (node.has("ObservedProperties")) {
        streams.observe(id, links(node, "ObservedProperties", EntitySet.OBSERVED_PROPERTIES), "");
      }
      streams.checkValues(id, "");
    }
    if (set == EntitySet.FEATURES_OF_INTEREST && columns.containsKey("area_code")) {
      streams.of("own_feature_id", id).stream().filter(stream -> stream >= EntitySet.FIRST_MULTI).forEach(streams::summarise);
    }
    if (set == EntitySet.OBSERVATIONS) {
      checkResult(id);
      before.forEach(streams::summarise);
      streams.of("id", id).forEach(stream -> {
        streams.summarise(stream);
        changes.noteObservation(id, stream);
      });
    } else {
      changes.note(set, id);
      access.record("sensing.sta-changed", set.singular() + ":" + id, "done", Map.of());
    }
  }

  /** What a body says of links to one entity each, and of columns that hang together. */
  private void linked(EntitySet set, long id, ObjectNode node, Map<String, Cell> columns) {
    switch (set) {
      case LOCATIONS, FEATURES_OF_INTEREST -> {
        String name = set == EntitySet.LOCATIONS ? "location" : "feature";
        if (node.has(name)) {
          String encoding = node.has("encodingType") ? node.path("encodingType").asString("")
              : jdbc.sql("SELECT encoding_type FROM " + Rows.table(set) + " WHERE id = :id").param("id", id).query(String.class).single();
          Geometry geometry = Rows.geometry(set, node, encoding, "");
          Rows.boxed(columns, geometry);
          columns.put("area_code", new Cell("text", charge.area(geometry)));
          if (set == EntitySet.LOCATIONS) {
            columns.put("feature_id", Cell.id(null));
          }
        }
      }
      case DATASTREAMS, MULTI_DATASTREAMS -> {
        if (node.has("unitOfMeasurement")) {
          Body.unit(node.path("unitOfMeasurement"), "unitOfMeasurement");
        }
        if (set == EntitySet.MULTI_DATASTREAMS) {
          Body.values(node, "");
        }
        if (node.has("Thing")) {
          Rows.things(columns, rows.existing(EntitySet.THINGS, Body.linked(node.path("Thing"), "Thing"), "Thing"));
        }
        if (node.has("Sensor")) {
          columns.put("sensor_id", Cell.id(rows.existing(EntitySet.SENSORS, Body.linked(node.path("Sensor"), "Sensor"), "Sensor")));
        }
        if (node.has("ObservedProperty")) {
          columns.put("property_id", Cell.id(rows.existing(EntitySet.OBSERVED_PROPERTIES, Body.linked(node.path("ObservedProperty"), "ObservedProperty"), "ObservedProperty")));
        }
      }
      case OBSERVATIONS -> {
        if (node.has("result")) {
          Rows.number(columns, node);
        }
        if (columns.containsKey("phenomenon_start") && columns.get("phenomenon_start").value() == null) {
          columns.remove("phenomenon_start");
          columns.remove("phenomenon_end");
        }
        if (node.has("Datastream") && node.has("MultiDatastream")) {
          throw Body.invalid("MultiDatastream", "and Datastream: an Observation is of one of them", "与 Datastream 只能有一个");
        }
        if (node.has("Datastream")) {
          Rows.stream(columns, rows.own(EntitySet.DATASTREAMS, Body.linked(node.path("Datastream"), "Datastream"), "Datastream"));
        }
        if (node.has("MultiDatastream")) {
          Rows.stream(columns, rows.own(EntitySet.MULTI_DATASTREAMS, Body.linked(node.path("MultiDatastream"), "MultiDatastream"), "MultiDatastream"));
        }
        if (node.has("FeatureOfInterest")) {
          Rows.features(columns, rows.existing(EntitySet.FEATURES_OF_INTEREST, Body.linked(node.path("FeatureOfInterest"), "FeatureOfInterest"), "FeatureOfInterest"));
        }
      }
      case HISTORICAL_LOCATIONS -> {
        if (node.has("Thing")) {
          columns.put("thing_id", Cell.id(rows.own(EntitySet.THINGS, Body.linked(node.path("Thing"), "Thing"), "Thing")));
        }
      }
      case THINGS, SENSORS, OBSERVED_PROPERTIES -> { }
    }
  }

  /** Sets of links that are changed as a whole. */
  private static boolean relinked(EntitySet set, Navigation navigation) {
    return set == EntitySet.THINGS && navigation.target() == EntitySet.LOCATIONS || set == EntitySet.MULTI_DATASTREAMS && navigation.target() == EntitySet.OBSERVED_PROPERTIES;
  }

  /** The entities to which it is linked anew, in their order. */
  private List<Long> links(ObjectNode node, String name, EntitySet target) {
    List<Long> ids = new ArrayList<>();
    for (JsonNode member : Body.array(node, name, "")) {
      Long linked = Body.linked(member, name);
      if (linked == null) {
        throw Body.invalid(name, "are changed by links such as [{\"@iot.id\": 5}]; post new ones to " + target.plural() + " first", "只能改为到已有实体的关联，如 [{\"@iot.id\": 5}]；新的请先创建");
      }
      ids.add(target == EntitySet.LOCATIONS ? rows.own(target, linked, name) : rows.existing(target, linked, name));
    }
    return ids;
  }

  /** A result that is changed, or comes to another MultiDatastream, must be one of it. */
  private void checkResult(long id) {
    jdbc.sql("SELECT multi_datastream_id, result::text FROM sensing_sta_observation WHERE id = :id AND multi_datastream_id IS NOT NULL").param("id", id)
        .query((row, n) -> Map.entry(row.getLong(1), row.getString(2))).optional().ifPresent(o -> streams.checkResult(o.getKey(), json.readTree(o.getValue()), ""));
  }

  /** With what 18-088 table 25 says: a Thing's and a Sensor's Datastreams and MultiDatastreams, their Observations, and so on. */
  @Transactional
  void delete(EntitySet set, Key key) {
    long id = changeable(set, key);
    Set<Long> emptied = switch (set) {
      case OBSERVATIONS -> streams.of("id", id);
      case FEATURES_OF_INTEREST -> streams.of("own_feature_id", id);
      case THINGS, LOCATIONS, HISTORICAL_LOCATIONS, DATASTREAMS, MULTI_DATASTREAMS, SENSORS, OBSERVED_PROPERTIES -> Set.of();
    };
    switch (set) {
      case SENSORS -> {
        jdbc.sql("DELETE FROM sensing_sta_datastream WHERE sensor_id = :id").param("id", id).update();
        jdbc.sql("DELETE FROM sensing_sta_multi_datastream WHERE sensor_id = :id").param("id", id).update();
      }
      case OBSERVED_PROPERTIES -> {
        jdbc.sql("DELETE FROM sensing_sta_datastream WHERE property_id = :id").param("id", id).update();
        jdbc.sql("DELETE FROM sensing_sta_multi_datastream WHERE id IN (SELECT multi_datastream_id FROM sensing_sta_multi_property WHERE property_id = :id)").param("id", id).update();
      }
      // A move without a place says nothing any more.
      case LOCATIONS -> jdbc.sql("DELETE FROM sensing_sta_history WHERE id IN (SELECT history_id FROM sensing_sta_history_location WHERE location_id = :id)").param("id", id).update();
      case THINGS, HISTORICAL_LOCATIONS, DATASTREAMS, MULTI_DATASTREAMS, OBSERVATIONS, FEATURES_OF_INTEREST -> { }
    }
    try {
      jdbc.sql("DELETE FROM " + Rows.table(set) + " WHERE id = :id").param("id", id).update();
    } catch (DataIntegrityViolationException e) {
      throw new ProblemException(StaProblem.IN_USE, "the " + set.singular() + " " + id + " is used by Datastreams of areas that you do not see; nothing was deleted")
          .zh(set.singular() + " " + id + " 正被您看不到的区域的数据流使用，未删除");
    }
    emptied.forEach(streams::summarise);
    if (set != EntitySet.OBSERVATIONS) {
      access.record("sensing.sta-deleted", set.singular() + ":" + id, "done", Map.of());
    }
  }

  /** The id of a row that is there, in sight, and of this interface's making. */
  private long changeable(EntitySet set, Key key) {
    boolean catalogue = set == EntitySet.SENSORS || set == EntitySet.OBSERVED_PROPERTIES;
    if (key.id() == null || !catalogue && !key.own()) {
      throw new ProblemException(StaProblem.NOT_HERE, "the " + set.singular() + " " + key.text() + " is of the register of devices, which is changed by the console or /api/devices")
          .zh(set.singular() + " " + key.text() + " 来自设备台账，请在控制台或通过 /api/devices 修改");
    }
    String sql = "SELECT " + (catalogue ? "type_code IS NULL AND citywide_sees_area(area_code)" : "true") + " FROM " + Rows.table(set) + " WHERE id = :id FOR UPDATE";
    boolean mine = jdbc.sql(sql).param("id", key.id()).query(Boolean.class).optional()
        .orElseThrow(() -> ResourcePath.notFound("there is no " + set.singular() + " with the id " + key.text() + " here", "此处没有 id 为 " + key.text() + " 的 " + set.singular()));
    if (!mine) {
      throw new ProblemException(StaProblem.NOT_HERE, "the " + set.singular() + " " + key.text() + " belongs to a device type or to another area; it is not yours to change")
          .zh(set.singular() + " " + key.text() + " 属于设备类型或其他区域，不能在此修改");
    }
    return key.id();
  }
}
