package io.citywide.sensing.internal.sta;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes entities, alone or with those which they bring (deep insert), all in one transaction or none; changes and deletes them
 * with what 18-088 table 25 says goes with them. What the register of devices holds is not changed here. The first thing that is
 * wrong is said with the way to it, such as {@code Datastreams[0]/Sensor/metadata}.
 */
@Component
class Writer {

  private static final Set<String> GEO_JSON = Set.of("application/geo+json", "application/vnd.geo+json");

  /** Made by the service; what a client sends back of them is left aside. */
  private static final Set<String> COMPUTED = Set.of("phenomenonTime", "resultTime", "observedArea");

  private static final int MOST_ENTITIES = 5_000;

  private final JdbcClient jdbc;
  private final Places places;
  private final AccessLog access;
  private final Changes changes;
  private final JsonMapper json;
  private final Clock clock;

  Writer(JdbcClient jdbc, Places places, AccessLog access, Changes changes, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.places = places;
    this.access = access;
    this.changes = changes;
    this.json = json;
    this.clock = clock;
  }

  /** One request: how much it has made so far, and at what moment it came. */
  private static final class Work {
    private final Instant now;
    private final boolean links;
    private int made;

    /** @param links whether entities may only be linked, not brought */
    Work(Instant now, boolean links) {
      this.now = now;
      this.links = links;
    }
  }

  // ---- making --------------------------------------------------------------------------------------

  /** Makes an entity of the set, below the place where that is one. */
  @Transactional
  Key create(EntitySet set, JsonNode body, Reader.Place place) {
    ObjectNode node = object(body, "").deepCopy();
    if (place.navigation() != null) {
      link(node, inverse(place), place.parent().id());
    }
    long id = make(new Work(clock.instant(), false), set, node, "");
    if (set != EntitySet.OBSERVATIONS) {
      access.record("sensing.sta-created", set.singular() + ":" + id, "done", Map.of());
    }
    return Key.of(id);
  }

  /** Makes observations in one transaction. */
  @Transactional
  List<Key> createAll(List<ObjectNode> bodies) {
    Work work = new Work(clock.instant(), false);
    return bodies.stream().map(body -> Key.of(make(work, EntitySet.OBSERVATIONS, body.deepCopy(), ""))).toList();
  }

  /** The navigation that leads back from what is made to where it is made. */
  private static Navigation inverse(Reader.Place place) {
    EntitySet target = place.navigation().target();
    Navigation way = place.navigation();
    return target.navigations().stream().filter(n -> way.link() == null ? !n.many() && n.ours().equals(way.theirs()) : way.link().equals(n.link()) && n.ours().equals(way.theirs()))
        .findFirst().orElseThrow();
  }

  private void link(ObjectNode node, Navigation back, long parent) {
    if (node.has(back.name())) {
      throw invalid(back.name(), "is given by the address already; leave it out", "已由地址给定，请去掉");
    }
    ObjectNode reference = json.createObjectNode().put("@iot.id", parent);
    if (back.many()) {
      node.putArray(back.name()).add(reference);
    } else {
      node.set(back.name(), reference);
    }
  }

  private long make(Work work, EntitySet set, ObjectNode node, String at) {
    if (++work.made > MOST_ENTITIES) {
      throw new ProblemException(StaProblem.TOO_WIDE, "one request makes at most " + MOST_ENTITIES + " entities", Map.of("bound", MOST_ENTITIES)).zh("一次最多创建 " + MOST_ENTITIES + " 个实体");
    }
    if (set != EntitySet.OBSERVATIONS) {
      Viewer.current().require(Permission.DEVICE_EDIT); // also of what an observation would bring
    }
    known(set, node, at);
    long id = switch (set) {
      case THINGS -> thing(work, node, at);
      case LOCATIONS -> location(node, at);
      case HISTORICAL_LOCATIONS -> history(work, node, at);
      case DATASTREAMS -> datastream(work, node, at);
      case SENSORS, OBSERVED_PROPERTIES -> insert(set, owned(columns(set, node, at, true), area()));
      case OBSERVATIONS -> observation(work, node, at);
      case FEATURES_OF_INTEREST -> feature(node, at);
    };
    if (set != EntitySet.OBSERVATIONS && set != EntitySet.HISTORICAL_LOCATIONS) {
      changes.note(set, id);
    }
    for (Navigation navigation : set.navigations()) {
      if (navigation.many() && navigation.link() == null || set == EntitySet.LOCATIONS) {
        below(work, set, id, navigation, node, at);
      }
    }
    return id;
  }

  /** Makes, or links, the entities that come with another one. */
  private void below(Work work, EntitySet set, long id, Navigation navigation, ObjectNode node, String at) {
    List<JsonNode> members = array(node, navigation.name(), at);
    for (int i = 0; i < members.size(); i++) {
      String here = at + navigation.name() + "[" + i + "]/";
      Long linked = linked(members.get(i), here);
      if (set == EntitySet.LOCATIONS && navigation.target() == EntitySet.THINGS) {
        long thing = linked == null ? make(work, EntitySet.THINGS, object(members.get(i), here).deepCopy(), here) : linked;
        locate(work, own(EntitySet.THINGS, thing, here), List.of(id));
      } else if (set == EntitySet.LOCATIONS) {
        throw invalid(at + navigation.name(), "are made by the service; post to HistoricalLocations instead", "由服务生成，请改为提交到 HistoricalLocations");
      } else if (linked != null) {
        throw invalid(here, "an entity that there is already is linked by changing it (PATCH), not from here", "已有实体请用 PATCH 修改其关联");
      } else {
        ObjectNode child = object(members.get(i), here).deepCopy();
        link(child, inverse(new Reader.Place(null, navigation, Key.of(id))), id);
        make(work, navigation.target(), child, here);
      }
    }
  }

  private long thing(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = columns(EntitySet.THINGS, node, at, true);
    List<Long> locations = locations(work, node, at);
    long id = insert(EntitySet.THINGS, placed(columns, locations.isEmpty() ? area() : areaOfLocation(locations.getFirst())));
    if (!locations.isEmpty()) {
      locate(work, id, locations);
    }
    return id;
  }

  private List<Long> locations(Work work, ObjectNode node, String at) {
    List<Long> ids = new ArrayList<>();
    List<JsonNode> members = array(node, "Locations", at);
    if (work.links && members.stream().anyMatch(m -> linked(m, at + "Locations") == null)) {
      throw invalid(at + "Locations", "are changed by links such as [{\"@iot.id\": 5}]; post new ones to Things(…)/Locations", "只能改为到已有位置的关联，如 [{\"@iot.id\": 5}]；新位置请提交到 Things(…)/Locations");
    }
    for (int i = 0; i < members.size(); i++) {
      String here = at + "Locations[" + i + "]/";
      Long linked = linked(members.get(i), here);
      ids.add(linked == null ? make(work, EntitySet.LOCATIONS, object(members.get(i), here).deepCopy(), here) : own(EntitySet.LOCATIONS, linked, here));
    }
    return ids.stream().distinct().toList();
  }

  private String areaOfLocation(long id) {
    return jdbc.sql("SELECT area_code FROM sensing_sta_location WHERE id = :id").param("id", id).query(String.class).single();
  }

  /** Moves a Thing; the move itself is kept (18-088 §8.2.3). */
  private void locate(Work work, long thing, List<Long> locations) {
    jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing AND NOT location_id = ANY (:locations)").param("thing", thing)
        .param("locations", locations.toArray(Long[]::new)).update();
    jdbc.sql("INSERT INTO sensing_sta_thing_location (thing_id, location_id) SELECT :thing, unnest(:locations::bigint[]) ON CONFLICT DO NOTHING").param("thing", thing)
        .param("locations", locations.toArray(Long[]::new)).update();
    jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id = :thing").param("area", areaOfLocation(locations.getFirst())).param("thing", thing).update();
    remember(thing, work.now, locations);
  }

  private long remember(long thing, Instant time, List<Long> locations) {
    long id = jdbc.sql("INSERT INTO sensing_sta_history (thing_id, time) VALUES (:thing, :time) RETURNING id").param("thing", thing).param("time", utc(time)).query(Long.class).single();
    jdbc.sql("INSERT INTO sensing_sta_history_location (history_id, location_id) SELECT :id, unnest(:locations::bigint[])").param("id", id)
        .param("locations", locations.toArray(Long[]::new)).update();
    changes.note(EntitySet.HISTORICAL_LOCATIONS, id);
    return id;
  }

  /** One that is newer than all before says where the Thing is now. */
  private long history(Work work, ObjectNode node, String at) {
    Moment time = required(moment(node.path("time"), at + "time"), at + "time");
    long thing = own(EntitySet.THINGS, one(work, node, "Thing", EntitySet.THINGS, at), at + "Thing");
    List<Long> locations = locations(work, node, at);
    if (locations.isEmpty()) {
      throw invalid(at + "Locations", "is missing: where the Thing was", "缺少位置");
    }
    boolean newest = jdbc.sql("SELECT NOT EXISTS (SELECT FROM sensing_sta_history WHERE thing_id = :thing AND time >= :time)").param("thing", thing)
        .param("time", utc(time.start())).query(Boolean.class).single();
    long id = remember(thing, time.start(), locations);
    if (newest) {
      jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing").param("thing", thing).update();
      jdbc.sql("INSERT INTO sensing_sta_thing_location (thing_id, location_id) SELECT :thing, unnest(:locations::bigint[])").param("thing", thing)
          .param("locations", locations.toArray(Long[]::new)).update();
      jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id = :thing").param("area", areaOfLocation(locations.getFirst())).param("thing", thing).update();
    }
    return id;
  }

  private long location(ObjectNode node, String at) {
    return insert(EntitySet.LOCATIONS, spatial(EntitySet.LOCATIONS, node, at));
  }

  private long feature(ObjectNode node, String at) {
    return insert(EntitySet.FEATURES_OF_INTEREST, spatial(EntitySet.FEATURES_OF_INTEREST, node, at));
  }

  private Map<String, Cell> spatial(EntitySet set, ObjectNode node, String at) {
    Map<String, Cell> columns = columns(set, node, at, true);
    Geometry geometry = geometry(set, node, node.path("encodingType").asString(""), at);
    boxed(columns, geometry);
    return placed(columns, area(geometry));
  }

  private static void boxed(Map<String, Cell> columns, Geometry geometry) {
    Envelope box = geometry == null ? null : geometry.getEnvelopeInternal();
    columns.put("west", new Cell("float8", box == null ? null : box.getMinX()));
    columns.put("south", new Cell("float8", box == null ? null : box.getMinY()));
    columns.put("east", new Cell("float8", box == null ? null : box.getMaxX()));
    columns.put("north", new Cell("float8", box == null ? null : box.getMaxY()));
  }

  /** {@code null} where the encoding is another one and it is no GeoJSON by chance. */
  private static Geometry geometry(EntitySet set, ObjectNode node, String encoding, String at) {
    String name = set == EntitySet.LOCATIONS ? "location" : "feature";
    try {
      return GeoJson.read(node.path(name));
    } catch (IllegalArgumentException e) {
      if (GEO_JSON.contains(encoding)) {
        throw invalid(at + name, "is not GeoJSON, as encodingType says: " + e.getMessage(), "不是有效的 GeoJSON：" + e.getMessage());
      }
      return null;
    }
  }

  private long datastream(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = columns(EntitySet.DATASTREAMS, node, at, true);
    unit(node.path("unitOfMeasurement"), at);
    things(columns, one(work, node, "Thing", EntitySet.THINGS, at));
    columns.put("sensor_id", new Cell("bigint", one(work, node, "Sensor", EntitySet.SENSORS, at)));
    columns.put("property_id", new Cell("bigint", one(work, node, "ObservedProperty", EntitySet.OBSERVED_PROPERTIES, at)));
    return insert(EntitySet.DATASTREAMS, columns);
  }

  private static void things(Map<String, Cell> columns, long thing) {
    boolean own = thing >= EntitySet.FIRST_OWN;
    columns.put("own_thing_id", new Cell("bigint", own ? thing : null));
    columns.put("device_id", new Cell("bigint", own ? null : thing));
  }

  private static void unit(JsonNode unit, String at) {
    if (!unit.isObject() || !unit.has("name") || !unit.has("symbol") || !unit.has("definition")) {
      throw invalid(at + "unitOfMeasurement", "is an object with name, symbol and definition, each of which may be null", "应为含 name、symbol、definition 的对象（值可为 null）");
    }
  }

  private long observation(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = columns(EntitySet.OBSERVATIONS, node, at, true);
    if (columns.get("phenomenon_start").value() == null) {
      columns.put("phenomenon_start", new Cell("timestamptz", utc(work.now.truncatedTo(ChronoUnit.MILLIS))));
    }
    number(columns, node);
    long stream = one(work, node, "Datastream", EntitySet.DATASTREAMS, at);
    if (stream < EntitySet.FIRST_OWN) {
      throw invalid(at + "Datastream", "is a device's; its values are posted one by one, to Observations or to the Datastream", "是设备的数据流，请直接提交到 Observations");
    }
    columns.put("datastream_id", new Cell("bigint", stream));
    features(columns, node.has("FeatureOfInterest") ? one(work, node, "FeatureOfInterest", EntitySet.FEATURES_OF_INTEREST, at) : usualFeature(stream, at));
    long id = insert(EntitySet.OBSERVATIONS, columns);
    jdbc.sql("""
        UPDATE sensing_sta_datastream SET phenomenon_start = least(phenomenon_start, :from::timestamptz), phenomenon_end = greatest(phenomenon_end, :to::timestamptz),
            result_start = least(result_start, :result::timestamptz), result_end = greatest(result_end, :result::timestamptz)
        WHERE id = :id
        """).param("from", columns.get("phenomenon_start").value())
        .param("to", columns.get("phenomenon_end").value() == null ? columns.get("phenomenon_start").value() : columns.get("phenomenon_end").value())
        .param("result", columns.get("result_time").value()).param("id", stream).update();
    changes.noteObservation(id, stream);
    return id;
  }

  private static void number(Map<String, Cell> columns, ObjectNode node) {
    JsonNode result = node.path("result");
    columns.put("result_number", new Cell("float8", result.isNumber() && Double.isFinite(result.asDouble()) ? result.asDouble() : null));
  }

  private static void features(Map<String, Cell> columns, long feature) {
    boolean own = feature >= EntitySet.FIRST_OWN;
    columns.put("own_feature_id", new Cell("bigint", own ? feature : null));
    columns.put("device_id", new Cell("bigint", own ? null : feature));
  }

  private record Ground(Long locationId, Long featureId, Long deviceId) {}

  /** The place of the Thing (18-088 §8.2.8): of a device its own, else a feature made once of its Location. */
  private long usualFeature(long stream, String at) {
    Ground ground = jdbc.sql("""
            SELECT l.id, l.feature_id, s.device_id
            FROM sensing_sta_datastream s LEFT JOIN sensing_sta_thing_location tl ON tl.thing_id = s.own_thing_id LEFT JOIN sensing_sta_location l ON l.id = tl.location_id
            WHERE s.id = :stream ORDER BY l.west IS NULL, l.id LIMIT 1""")
        .param("stream", stream).query((row, n) -> new Ground(row.getObject(1, Long.class), row.getObject(2, Long.class), row.getObject(3, Long.class))).single();
    if (ground.deviceId() != null) {
      return ground.deviceId();
    }
    if (ground.locationId() == null) {
      throw invalid(at + "FeatureOfInterest", "is missing, and the Thing has no Location to take it from; name one, or give the Thing a Location first",
          "缺少观测对象，且 Thing 没有位置可用；请指定 FeatureOfInterest 或先为 Thing 设置位置");
    }
    if (ground.featureId() != null) {
      return ground.featureId();
    }
    // Of two observations at once one makes it, the other waits here and takes the same.
    Long made = jdbc.sql("SELECT feature_id FROM sensing_sta_location WHERE id = :id FOR UPDATE").param("id", ground.locationId()).query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single().orElse(null);
    if (made != null) {
      return made;
    }
    return jdbc.sql("""
            WITH feature AS (
              INSERT INTO sensing_sta_feature (name, description, encoding_type, feature, properties, west, south, east, north, area_code, owner_unit_id)
              SELECT name, description, encoding_type, location, properties, west, south, east, north, area_code, owner_unit_id FROM sensing_sta_location WHERE id = :id
              RETURNING id)
            UPDATE sensing_sta_location SET feature_id = (SELECT id FROM feature) WHERE id = :id RETURNING feature_id""")
        .param("id", ground.locationId()).query(Long.class).single();
  }

  // ---- changing ------------------------------------------------------------------------------------

  /** @param whole PUT: what is not named is taken away; else PATCH: it stays */
  @Transactional
  void update(EntitySet set, Key key, JsonNode body, boolean whole) {
    long id = changeable(set, key);
    ObjectNode node = object(body, "");
    known(set, node, "");
    Work work = new Work(clock.instant(), true);
    Map<String, Cell> columns = columns(set, node, "", whole);
    for (Navigation navigation : set.navigations()) {
      if (node.has(navigation.name()) && (navigation.many() ? set != EntitySet.THINGS || !navigation.name().equals("Locations") : linked(node.path(navigation.name()), navigation.name()) == null)) {
        throw invalid(navigation.name(), "cannot be changed from here: a link to one entity is {\"@iot.id\": …}", "此处不能修改；到单个实体的关联写作 {\"@iot.id\": …}");
      }
    }
    switch (set) {
      case LOCATIONS, FEATURES_OF_INTEREST -> {
        String name = set == EntitySet.LOCATIONS ? "location" : "feature";
        if (node.has(name)) {
          String encoding = node.has("encodingType") ? node.path("encodingType").asString("")
              : jdbc.sql("SELECT encoding_type FROM " + table(set) + " WHERE id = :id").param("id", id).query(String.class).single();
          Geometry geometry = geometry(set, node, encoding, "");
          boxed(columns, geometry);
          columns.put("area_code", new Cell("text", area(geometry)));
          if (set == EntitySet.LOCATIONS) {
            columns.put("feature_id", new Cell("bigint", null));
          }
        }
      }
      case DATASTREAMS -> {
        if (node.has("unitOfMeasurement")) {
          unit(node.path("unitOfMeasurement"), "");
        }
        if (node.has("Thing")) {
          things(columns, existing(EntitySet.THINGS, linked(node.path("Thing"), "Thing"), "Thing"));
        }
        if (node.has("Sensor")) {
          columns.put("sensor_id", new Cell("bigint", existing(EntitySet.SENSORS, linked(node.path("Sensor"), "Sensor"), "Sensor")));
        }
        if (node.has("ObservedProperty")) {
          columns.put("property_id", new Cell("bigint", existing(EntitySet.OBSERVED_PROPERTIES, linked(node.path("ObservedProperty"), "ObservedProperty"), "ObservedProperty")));
        }
      }
      case OBSERVATIONS -> {
        if (node.has("result")) {
          number(columns, node);
        }
        if (columns.containsKey("phenomenon_start") && columns.get("phenomenon_start").value() == null) {
          columns.remove("phenomenon_start");
          columns.remove("phenomenon_end");
        }
        if (node.has("Datastream")) {
          columns.put("datastream_id", new Cell("bigint", own(EntitySet.DATASTREAMS, linked(node.path("Datastream"), "Datastream"), "Datastream")));
        }
        if (node.has("FeatureOfInterest")) {
          features(columns, existing(EntitySet.FEATURES_OF_INTEREST, linked(node.path("FeatureOfInterest"), "FeatureOfInterest"), "FeatureOfInterest"));
        }
      }
      case HISTORICAL_LOCATIONS -> {
        if (node.has("Thing")) {
          columns.put("thing_id", new Cell("bigint", own(EntitySet.THINGS, linked(node.path("Thing"), "Thing"), "Thing")));
        }
      }
      case THINGS, SENSORS, OBSERVED_PROPERTIES -> { }
    }
    Set<Long> streams = set == EntitySet.OBSERVATIONS ? streams("id", id) : Set.of();
    if (!columns.isEmpty()) {
      StringJoiner list = new StringJoiner(", ");
      columns.forEach((column, cell) -> list.add(column + " = :" + column + "::" + cell.type()));
      jdbc.sql("UPDATE " + table(set) + " SET " + list + " WHERE id = :id").params(values(columns)).param("id", id).update();
    }
    if (set == EntitySet.LOCATIONS && columns.containsKey("area_code")) {
      jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id IN (SELECT thing_id FROM sensing_sta_thing_location WHERE location_id = :id)")
          .param("area", columns.get("area_code").value()).param("id", id).update();
    }
    if (set == EntitySet.THINGS && node.has("Locations")) {
      List<Long> locations = locations(work, node, "");
      if (locations.isEmpty()) {
        jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing").param("thing", id).update();
      } else {
        locate(work, id, locations);
      }
    }
    if (set == EntitySet.OBSERVATIONS) {
      streams.forEach(this::summarise);
      streams("id", id).forEach(stream -> {
        summarise(stream);
        changes.noteObservation(id, stream);
      });
    } else {
      changes.note(set, id);
      access.record("sensing.sta-changed", set.singular() + ":" + id, "done", Map.of());
    }
  }

  // ---- deleting ------------------------------------------------------------------------------------

  /** With what 18-088 table 25 says: a Thing's and a Sensor's Datastreams, their Observations, and so on. */
  @Transactional
  void delete(EntitySet set, Key key) {
    long id = changeable(set, key);
    Set<Long> streams = switch (set) {
      case OBSERVATIONS -> streams("id", id);
      case FEATURES_OF_INTEREST -> streams("own_feature_id", id);
      case THINGS, LOCATIONS, HISTORICAL_LOCATIONS, DATASTREAMS, SENSORS, OBSERVED_PROPERTIES -> Set.of();
    };
    switch (set) {
      case SENSORS -> jdbc.sql("DELETE FROM sensing_sta_datastream WHERE sensor_id = :id").param("id", id).update();
      case OBSERVED_PROPERTIES -> jdbc.sql("DELETE FROM sensing_sta_datastream WHERE property_id = :id").param("id", id).update();
      // A move without a place says nothing any more.
      case LOCATIONS -> jdbc.sql("DELETE FROM sensing_sta_history WHERE id IN (SELECT history_id FROM sensing_sta_history_location WHERE location_id = :id)").param("id", id).update();
      case THINGS, HISTORICAL_LOCATIONS, DATASTREAMS, OBSERVATIONS, FEATURES_OF_INTEREST -> { }
    }
    try {
      jdbc.sql("DELETE FROM " + table(set) + " WHERE id = :id").param("id", id).update();
    } catch (DataIntegrityViolationException e) {
      throw new ProblemException(StaProblem.IN_USE, "the " + set.singular() + " " + id + " is used by Datastreams of areas that you do not see; nothing was deleted")
          .zh(set.singular() + " " + id + " 正被您看不到的区域的数据流使用，未删除");
    }
    streams.forEach(this::summarise);
    if (set != EntitySet.OBSERVATIONS) {
      access.record("sensing.sta-deleted", set.singular() + ":" + id, "done", Map.of());
    }
  }

  private Set<Long> streams(String column, long id) {
    return Set.copyOf(jdbc.sql("SELECT DISTINCT datastream_id FROM sensing_sta_observation WHERE " + column + " = :id").param("id", id).query(Long.class).list());
  }

  private void summarise(long stream) {
    jdbc.sql("""
        UPDATE sensing_sta_datastream SET (phenomenon_start, phenomenon_end, result_start, result_end) = (
          SELECT min(phenomenon_start), max(coalesce(phenomenon_end, phenomenon_start)), min(result_time), max(result_time) FROM sensing_sta_observation WHERE datastream_id = :id)
        WHERE id = :id""").param("id", stream).update();
  }

  /** The id of a row that is there, in sight, and of this interface's making. */
  private long changeable(EntitySet set, Key key) {
    boolean catalogue = set == EntitySet.SENSORS || set == EntitySet.OBSERVED_PROPERTIES;
    if (key.id() == null || !catalogue && !key.own()) {
      throw new ProblemException(StaProblem.NOT_HERE, "the " + set.singular() + " " + key.text() + " is of the register of devices, which is changed by the console or /api/devices")
          .zh(set.singular() + " " + key.text() + " 来自设备台账，请在控制台或通过 /api/devices 修改");
    }
    String sql = "SELECT " + (catalogue ? "type_code IS NULL AND citywide_sees_area(area_code)" : "true") + " FROM " + table(set) + " WHERE id = :id FOR UPDATE";
    boolean mine = jdbc.sql(sql).param("id", key.id()).query(Boolean.class).optional()
        .orElseThrow(() -> ResourcePath.notFound("there is no " + set.singular() + " with the id " + key.text() + " here", "此处没有 id 为 " + key.text() + " 的 " + set.singular()));
    if (!mine) {
      throw new ProblemException(StaProblem.NOT_HERE, "the " + set.singular() + " " + key.text() + " belongs to a device type or to another area; it is not yours to change")
          .zh(set.singular() + " " + key.text() + " 属于设备类型或其他区域，不能在此修改");
    }
    return key.id();
  }

  // ---- cells ---------------------------------------------------------------------------------------

  /** A value on its way into a column. */
  private record Cell(String type, Object value) {}

  /** What a body says of the entity's own properties. @param whole all that must be there is, and what is not there is null */
  private Map<String, Cell> columns(EntitySet set, ObjectNode node, String at, boolean whole) {
    Map<String, Cell> columns = new LinkedHashMap<>();
    for (Property property : set.properties()) {
      if (set == EntitySet.DATASTREAMS && COMPUTED.contains(property.name())) {
        continue;
      }
      JsonNode value = node.path(property.name());
      boolean absent = value.isMissingNode() || value.isNull();
      if (absent && mandatory(set, property.name()) && (whole || value.isNull())) {
        throw invalid(at + property.name(), "is missing; a " + set.singular() + " must have it", "缺少，" + set.singular() + " 必须有此项");
      }
      if (value.isMissingNode() && !whole) {
        continue;
      }
      String where = at + property.name();
      switch (property.type()) {
        case TEXT -> {
          if (!absent && !value.isString()) {
            throw invalid(where, "is a text", "应为文字");
          }
          columns.put(property.column(), new Cell("text", absent ? null : value.asString()));
        }
        case JSON, GEOMETRY -> {
          if (!absent && !value.isObject() && (property.name().equals("properties") || property.name().equals("parameters") || property.name().equals("unitOfMeasurement"))) {
            throw invalid(where, "is a JSON object", "应为 JSON 对象");
          }
          columns.put(property.column(), new Cell("jsonb", absent ? null : json.writeValueAsString(value)));
        }
        case TIME -> {
          Moment moment = moment(value, where);
          if (moment != null && moment.end() != null) {
            throw invalid(where, "is a moment, not an interval", "应为时刻而非区间");
          }
          columns.put(property.column(), new Cell("timestamptz", moment == null ? null : utc(moment.start())));
        }
        case PERIOD -> {
          Moment moment = moment(value, where);
          if (moment != null && moment.end() == null && property.name().equals("validTime")) {
            throw invalid(where, "is an interval such as 2026-01-01T00:00:00Z/2026-01-02T00:00:00Z", "应为时间区间");
          }
          columns.put(property.column() + "_start", new Cell("timestamptz", moment == null ? null : utc(moment.start())));
          columns.put(property.column() + "_end", new Cell("timestamptz", moment == null || moment.end() == null ? null : utc(moment.end())));
        }
      }
    }
    return columns;
  }

  private static boolean mandatory(EntitySet set, String property) {
    return switch (set) {
      case OBSERVATIONS -> property.equals("result");
      case THINGS, LOCATIONS, HISTORICAL_LOCATIONS, DATASTREAMS, SENSORS, OBSERVED_PROPERTIES, FEATURES_OF_INTEREST -> !property.equals("properties");
    };
  }

  private long insert(EntitySet set, Map<String, Cell> columns) {
    StringJoiner names = new StringJoiner(", ");
    StringJoiner cells = new StringJoiner(", ");
    columns.forEach((column, cell) -> {
      names.add(column);
      cells.add(":" + column + "::" + cell.type());
    });
    return jdbc.sql("INSERT INTO " + table(set) + " (" + names + ") VALUES (" + cells + ") RETURNING id").params(values(columns)).query(Long.class).single();
  }

  private static Map<String, Object> values(Map<String, Cell> columns) {
    Map<String, Object> values = new LinkedHashMap<>();
    columns.forEach((column, cell) -> values.put(column, cell.value()));
    return values;
  }

  private static String table(EntitySet set) {
    return switch (set) {
      case THINGS -> "sensing_sta_thing";
      case LOCATIONS -> "sensing_sta_location";
      case HISTORICAL_LOCATIONS -> "sensing_sta_history";
      case DATASTREAMS -> "sensing_sta_datastream";
      case SENSORS -> "sensing_sta_sensor";
      case OBSERVED_PROPERTIES -> "sensing_sta_property";
      case OBSERVATIONS -> "sensing_sta_observation";
      case FEATURES_OF_INTEREST -> "sensing_sta_feature";
    };
  }

  // ---- whose it is ---------------------------------------------------------------------------------

  private static Map<String, Cell> owned(Map<String, Cell> columns, String area) {
    columns.put("area_code", new Cell("text", area));
    return columns;
  }

  private static Map<String, Cell> placed(Map<String, Cell> columns, String area) {
    columns.put("owner_unit_id", new Cell("bigint", Viewer.current().unitId()));
    return owned(columns, area);
  }

  /** The area that whoever makes it is charged with. */
  private static String area() {
    Viewer viewer = Viewer.current();
    if (viewer.area().equals(AreaScope.NONE)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, viewer.displayName() + " is charged with no area in which something could be made").zh("没有负责的区域，不能创建");
    }
    return viewer.areaCode() == null ? "" : viewer.areaCode();
  }

  /** The area around a geometry where it lies within the own one; else the own. */
  private String area(Geometry geometry) {
    String own = area();
    if (geometry == null) {
      return own;
    }
    Coordinate at = geometry.getCentroid().getCoordinate();
    if (at == null || Math.abs(at.y) >= 87.9) {
      return own;
    }
    return places.locate(at.x, at.y).map(spot -> spot.areaCode()).filter(Viewer.current().area()::covers).orElse(own);
  }

  // ---- reading bodies ------------------------------------------------------------------------------

  /** The one entity to which a link leads, made where it was brought. */
  private long one(Work work, ObjectNode node, String name, EntitySet target, String at) {
    JsonNode link = node.path(name);
    if (link.isMissingNode() || link.isNull()) {
      throw invalid(at + name, "is missing", "缺少");
    }
    Long id = linked(link, at + name);
    return id == null ? make(work, target, object(link, at + name + "/").deepCopy(), at + name + "/") : existing(target, id, at + name);
  }

  /** The id of a link such as {@code {"@iot.id": 5}}; {@code null} where it is no link. */
  static Long linked(JsonNode node, String at) {
    JsonNode id = node.path("@iot.id");
    if (id.isMissingNode()) {
      return null;
    }
    if (id.isIntegralNumber() && id.canConvertToLong()) {
      return id.asLong();
    }
    if (id.isString() && id.asString().matches("[0-9]{1,18}")) {
      return Long.valueOf(id.asString());
    }
    throw invalid(at, "has an @iot.id that is no whole number", "@iot.id 应为整数");
  }

  private long existing(EntitySet set, long id, String at) {
    if (!jdbc.sql("SELECT EXISTS (SELECT FROM (" + String.join(" UNION ALL ", set.relations()) + ") e WHERE e.id = :id)").param("id", id).query(Boolean.class).single()) {
      throw invalid(at, "there is no " + set.singular() + " with the id " + id, "没有 id 为 " + id + " 的 " + set.singular());
    }
    return id;
  }

  private long own(EntitySet set, long id, String at) {
    existing(set, id, at);
    if (id < EntitySet.FIRST_OWN) {
      throw new ProblemException(StaProblem.NOT_HERE, at + " the " + set.singular() + " " + id + " is a device's; its place and its values are those of the register")
          .zh(set.singular() + " " + id + " 属于设备，其位置和数值以设备台账为准");
    }
    return id;
  }

  static ObjectNode object(JsonNode node, String at) {
    if (!(node instanceof ObjectNode object)) {
      throw invalid(at.isEmpty() ? "the body" : at, "is a JSON object", "应为 JSON 对象");
    }
    return object;
  }

  private static List<JsonNode> array(ObjectNode node, String name, String at) {
    JsonNode array = node.path(name);
    if (array.isMissingNode() || array.isNull()) {
      return List.of();
    }
    if (!array.isArray()) {
      throw invalid(at + name, "is a list", "应为数组");
    }
    List<JsonNode> members = new ArrayList<>();
    array.forEach(members::add);
    return members;
  }

  static void known(EntitySet set, JsonNode node, String at) {
    for (String name : node.propertyNames()) {
      if (!name.contains("@iot.") && set.findProperty(name).isEmpty() && set.findNavigation(name).isEmpty() && !(set == EntitySet.DATASTREAMS && COMPUTED.contains(name))) {
        throw invalid(at + name, "is no property of a " + set.singular() + "; it has " + set.names(), "不是 " + set.singular() + " 的属性");
      }
    }
  }

  static Moment moment(JsonNode value, String at) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    try {
      String[] ends = value.isString() ? value.asString().split("/", -1) : new String[0];
      if (ends.length < 1 || ends.length > 2) {
        throw new DateTimeException("a text such as 2026-01-31T08:00:00Z is wanted");
      }
      Moment moment = new Moment(Parser.time(ends[0]).truncatedTo(ChronoUnit.MICROS), ends.length == 1 ? null : Parser.time(ends[1]).truncatedTo(ChronoUnit.MICROS));
      if (moment.end() != null && moment.end().isBefore(moment.start())) {
        throw new DateTimeException("the interval ends before it begins");
      }
      return moment;
    } catch (DateTimeException e) {
      throw invalid(at, "is not a time after ISO 8601: " + e.getMessage(), "不是有效的 ISO 8601 时间");
    }
  }

  private static <T> T required(T value, String at) {
    if (value == null) {
      throw invalid(at, "is missing", "缺少");
    }
    return value;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_ENTITY, field + " " + en, Map.of("field", field)).zh(field + " " + zh);
  }
}
