package io.citywide.sensing.internal.sta;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import io.citywide.sensing.internal.sta.Rows.Cell;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Geometry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes entities, alone or with those which they bring (deep insert), all in one transaction or none. What the register of devices
 * holds is not changed here.
 */
@Component
class Writer {

  private static final int MOST_ENTITIES = 5_000;

  private final Rows rows;
  private final Charge charge;
  private final Moves moves;
  private final Streams streams;
  private final AccessLog access;
  private final Changes changes;
  private final JsonMapper json;
  private final Clock clock;

  Writer(Rows rows, Charge charge, Moves moves, Streams streams, AccessLog access, Changes changes, JsonMapper json, Clock clock) {
    this.rows = rows;
    this.charge = charge;
    this.moves = moves;
    this.streams = streams;
    this.access = access;
    this.changes = changes;
    this.json = json;
    this.clock = clock;
  }

  /** One request: how much it has made so far, and at what moment it came. */
  private static final class Work {
    private final Instant now;
    private int made;

    Work(Instant now) {
      this.now = now;
    }
  }

  /** Makes an entity of the set, below the place where that is one. */
  @Transactional
  Key create(EntitySet set, JsonNode body, Reader.Place place) {
    ObjectNode node = Body.object(body, "").deepCopy();
    if (place.navigation() != null) {
      link(node, inverse(place), place.parent().id());
    }
    long id = make(new Work(clock.instant()), set, node, "");
    if (set != EntitySet.OBSERVATIONS) {
      access.record("sensing.sta-created", set.singular() + ":" + id, "done", Map.of());
    }
    return Key.of(id);
  }

  /** Makes observations in one transaction. */
  @Transactional
  List<Key> createAll(List<ObjectNode> bodies) {
    Work work = new Work(clock.instant());
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
      throw Body.invalid(back.name(), "is given by the address already; leave it out", "已由地址给定，请去掉");
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
    Body.known(set, node, at);
    long id = switch (set) {
      case THINGS -> thing(work, node, at);
      case LOCATIONS -> location(node, at);
      case HISTORICAL_LOCATIONS -> history(work, node, at);
      case DATASTREAMS -> datastream(work, node, at);
      case MULTI_DATASTREAMS -> multiDatastream(work, node, at);
      case SENSORS, OBSERVED_PROPERTIES -> rows.insert(set, Charge.owned(rows.columns(set, node, at, true), Charge.area()));
      case OBSERVATIONS -> observation(work, node, at);
      case FEATURES_OF_INTEREST -> feature(node, at);
    };
    if (set != EntitySet.OBSERVATIONS && set != EntitySet.HISTORICAL_LOCATIONS) {
      changes.note(set, id);
    }
    for (Navigation navigation : set.navigations()) {
      if (navigation.many() && navigation.link() == null || set == EntitySet.LOCATIONS || set == EntitySet.OBSERVED_PROPERTIES) {
        below(work, set, id, navigation, node, at);
      }
    }
    return id;
  }

  /** Makes, or links, the entities that come with another one. */
  private void below(Work work, EntitySet set, long id, Navigation navigation, ObjectNode node, String at) {
    List<JsonNode> members = Body.array(node, navigation.name(), at);
    for (int i = 0; i < members.size(); i++) {
      String here = at + navigation.name() + "[" + i + "]/";
      Long linked = Body.linked(members.get(i), here);
      if (set == EntitySet.LOCATIONS && navigation.target() == EntitySet.THINGS) {
        long thing = linked == null ? make(work, EntitySet.THINGS, Body.object(members.get(i), here).deepCopy(), here) : linked;
        moves.locate(rows.own(EntitySet.THINGS, thing, here), work.now, List.of(id));
      } else if (set == EntitySet.LOCATIONS) {
        throw Body.invalid(at + navigation.name(), "are made by the service; post to HistoricalLocations instead", "由服务生成，请改为提交到 HistoricalLocations");
      } else if (linked != null) {
        throw Body.invalid(here, "an entity that there is already is linked by changing it (PATCH), not from here", "已有实体请用 PATCH 修改其关联");
      } else {
        ObjectNode child = Body.object(members.get(i), here).deepCopy();
        link(child, inverse(new Reader.Place(null, navigation, Key.of(id))), id);
        make(work, navigation.target(), child, here);
      }
    }
  }

  private long thing(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = rows.columns(EntitySet.THINGS, node, at, true);
    List<Long> locations = locations(work, node, at);
    long id = rows.insert(EntitySet.THINGS, Charge.placed(columns, locations.isEmpty() ? Charge.area() : moves.area(locations.getFirst())));
    if (!locations.isEmpty()) {
      moves.locate(id, work.now, locations);
    }
    return id;
  }

  private List<Long> locations(Work work, ObjectNode node, String at) {
    List<Long> ids = new ArrayList<>();
    List<JsonNode> members = Body.array(node, "Locations", at);
    for (int i = 0; i < members.size(); i++) {
      String here = at + "Locations[" + i + "]/";
      Long linked = Body.linked(members.get(i), here);
      ids.add(linked == null ? make(work, EntitySet.LOCATIONS, Body.object(members.get(i), here).deepCopy(), here) : rows.own(EntitySet.LOCATIONS, linked, here));
    }
    return ids.stream().distinct().toList();
  }

  private long history(Work work, ObjectNode node, String at) {
    Moment time = Body.required(Body.moment(node.path("time"), at + "time"), at + "time");
    long thing = rows.own(EntitySet.THINGS, one(work, node, "Thing", EntitySet.THINGS, at), at + "Thing");
    List<Long> locations = locations(work, node, at);
    if (locations.isEmpty()) {
      throw Body.invalid(at + "Locations", "is missing: where the Thing was", "缺少位置");
    }
    return moves.record(thing, time.start(), locations);
  }

  private long location(ObjectNode node, String at) {
    return rows.insert(EntitySet.LOCATIONS, spatial(EntitySet.LOCATIONS, node, at));
  }

  private long feature(ObjectNode node, String at) {
    return rows.insert(EntitySet.FEATURES_OF_INTEREST, spatial(EntitySet.FEATURES_OF_INTEREST, node, at));
  }

  private Map<String, Cell> spatial(EntitySet set, ObjectNode node, String at) {
    Map<String, Cell> columns = rows.columns(set, node, at, true);
    Geometry geometry = Rows.geometry(set, node, node.path("encodingType").asString(""), at);
    Rows.boxed(columns, geometry);
    return Charge.placed(columns, charge.area(geometry));
  }

  private long datastream(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = rows.columns(EntitySet.DATASTREAMS, node, at, true);
    Body.unit(node.path("unitOfMeasurement"), at + "unitOfMeasurement");
    Rows.things(columns, one(work, node, "Thing", EntitySet.THINGS, at));
    columns.put("sensor_id", Cell.id(one(work, node, "Sensor", EntitySet.SENSORS, at)));
    columns.put("property_id", Cell.id(one(work, node, "ObservedProperty", EntitySet.OBSERVED_PROPERTIES, at)));
    return rows.insert(EntitySet.DATASTREAMS, columns);
  }

  private long multiDatastream(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = rows.columns(EntitySet.MULTI_DATASTREAMS, node, at, true);
    Body.values(node, at);
    Rows.things(columns, one(work, node, "Thing", EntitySet.THINGS, at));
    columns.put("sensor_id", Cell.id(one(work, node, "Sensor", EntitySet.SENSORS, at)));
    List<Long> properties = new ArrayList<>();
    for (JsonNode member : Body.array(node, "ObservedProperties", at)) {
      String here = at + "ObservedProperties[" + properties.size() + "]/";
      Long linked = Body.linked(member, here);
      properties.add(linked == null ? make(work, EntitySet.OBSERVED_PROPERTIES, Body.object(member, here).deepCopy(), here) : rows.existing(EntitySet.OBSERVED_PROPERTIES, linked, here));
    }
    long id = rows.insert(EntitySet.MULTI_DATASTREAMS, columns);
    streams.observe(id, properties, at);
    streams.checkValues(id, at);
    return id;
  }

  private long observation(Work work, ObjectNode node, String at) {
    Map<String, Cell> columns = rows.columns(EntitySet.OBSERVATIONS, node, at, true);
    if (columns.get("phenomenon_start").value() == null) {
      columns.put("phenomenon_start", Cell.time(work.now.truncatedTo(ChronoUnit.MILLIS)));
    }
    Rows.number(columns, node);
    boolean multi = node.has("MultiDatastream");
    if (multi && node.has("Datastream")) {
      throw Body.invalid(at + "MultiDatastream", "and Datastream: an Observation is of one of them", "与 Datastream 只能有一个");
    }
    long stream = multi ? one(work, node, "MultiDatastream", EntitySet.MULTI_DATASTREAMS, at) : one(work, node, "Datastream", EntitySet.DATASTREAMS, at);
    if (stream < EntitySet.FIRST_OWN) {
      throw Body.invalid(at + "Datastream", "is a device's; its values are posted one by one, to Observations or to the Datastream", "是设备的数据流，请直接提交到 Observations");
    }
    if (multi) {
      streams.checkResult(stream, node.path("result"), at);
    }
    Rows.stream(columns, stream);
    Rows.features(columns, node.has("FeatureOfInterest") ? one(work, node, "FeatureOfInterest", EntitySet.FEATURES_OF_INTEREST, at) : streams.feature(stream, at));
    long id = rows.insert(EntitySet.OBSERVATIONS, columns);
    streams.extend(stream, columns);
    changes.noteObservation(id, stream);
    return id;
  }

  /** The one entity to which a link leads, made where it was brought. */
  private long one(Work work, ObjectNode node, String name, EntitySet target, String at) {
    JsonNode link = node.path(name);
    if (link.isMissingNode() || link.isNull()) {
      throw Body.invalid(at + name, "is missing", "缺少");
    }
    Long id = Body.linked(link, at + name);
    return id == null ? make(work, target, Body.object(link, at + name + "/").deepCopy(), at + name + "/") : rows.existing(target, id, at + name);
  }
}
