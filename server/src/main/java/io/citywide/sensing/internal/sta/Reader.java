package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Options.Expand;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import io.citywide.sensing.internal.sta.ResourcePath.Step;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers for entities and sets: one statement for a page, one for its count, and one for each member of {@code $expand}
 * however many entities are expanded.
 */
@Component
class Reader {

  /** So many entities one answer expands. */
  static final int MOST_EXPANDED = 20_000;

  /** So many geometries are looked at for one spatial function. */
  private static final int MOST_GEOMETRIES = 100_000;

  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final JdbcClient jdbc;
  private final DeviceValues values;
  private final Observations observations;
  private final JsonMapper json;

  Reader(JdbcClient jdbc, DeviceValues values, Observations observations, JsonMapper json) {
    this.jdbc = jdbc;
    this.values = values;
    this.observations = observations;
    this.json = json;
  }

  /** One entity on its way into an answer. {@code links}: keys of entities to which it leads, by column. */
  private record Row(Key key, Long parent, ObjectNode node, Map<String, Long> links) {}

  /** One answer being made: what it may still expand, and what was looked up for it. */
  private final class Work implements Sql.Lookup {

    private final String base;
    private int expanded;
    private Boolean elsewhere;

    Work(String base) {
      this.base = base;
    }

    void spend(int rows) {
      expanded += rows;
      if (expanded > MOST_EXPANDED) {
        throw new ProblemException(StaProblem.TOO_WIDE, "$expand would bring more than " + MOST_EXPANDED + " entities; ask for fewer by $top, also within $expand",
            Map.of("bound", MOST_EXPANDED)).zh("$expand 涉及的实体超过 " + MOST_EXPANDED + " 个，请用 $top 减少");
      }
    }

    @Override
    public Long[] geometries(EntitySet set, Property property, Envelope box, Predicate<Geometry> wanted) {
      Sql sql = new Sql(this);
      String within = box == null ? "e.west IS NOT NULL" : "e.west <= " + sql.parameter(box.getMaxX()) + " AND e.east >= " + sql.parameter(box.getMinX())
          + " AND e.south <= " + sql.parameter(box.getMaxY()) + " AND e.north >= " + sql.parameter(box.getMinY());
      List<Long> found = new ArrayList<>();
      int[] seen = {0};
      jdbc.sql("SELECT e.id, e." + property.column() + "::text FROM " + sql.relation(set) + " e WHERE " + within + " LIMIT " + (MOST_GEOMETRIES + 1))
          .params(sql.parameters()).query((ResultSet row) -> {
            if (++seen[0] > MOST_GEOMETRIES) {
              throw new ProblemException(StaProblem.TOO_WIDE, "the spatial function would look at more than " + MOST_GEOMETRIES + " geometries; name a smaller area",
                  Map.of("bound", MOST_GEOMETRIES)).zh("空间函数涉及的几何超过 " + MOST_GEOMETRIES + " 个，请缩小范围");
            }
            if (wanted.test(GeoJson.read(json.readTree(row.getString(2))))) {
              found.add(row.getLong(1));
            }
          });
      return found.toArray(Long[]::new);
    }

    @Override
    public boolean observesElsewhere() {
      if (elsewhere == null) {
        elsewhere = values.any();
      }
      return elsewhere;
    }
  }

  // ---- answers -------------------------------------------------------------------------------------

  /**
   * The answer for an address.
   *
   * @param base address of the root of the service, without a slash at its end
   * @param self the address that was asked for, without a query
   */
  @Transactional(readOnly = true)
  ObjectNode read(ResourcePath path, Options options, String base, String self) {
    Work work = new Work(base);
    Step last = path.last();
    Place place = place(path);
    if (last.collection()) {
      return collection(work, last.set(), place, options, self, path.ending() == ResourcePath.Ending.REF);
    }
    Row row = one(work, last.set(), place.key(), options);
    if (path.ending() == ResourcePath.Ending.REF) {
      return json.createObjectNode().put("@iot.selfLink", link(base, last.set(), row.key()));
    }
    expand(work, last.set(), List.of(row), options);
    return row.node();
  }

  /** What is written of one entity, as {@code PATCH} and {@code POST} answer; empty of what the viewer no longer sees. */
  @Transactional(readOnly = true)
  ObjectNode read(EntitySet set, Key key, String base) {
    return one(new Work(base), set, key, Options.NONE).node();
  }

  /** Where an address leads: to one entity, or to those below one, or to a whole set. */
  record Place(Key key, Navigation navigation, Key parent) {}

  /**
   * Goes the steps of an address.
   *
   * @throws ProblemException {@code sensing.sta-not-found} where one of them leads nowhere
   */
  @Transactional(readOnly = true)
  Place place(ResourcePath path) {
    Key at = null;
    EntitySet set = null;
    for (Step step : path.steps()) {
      Key parent = at;
      if (step.collection()) {
        return new Place(null, step.navigation(), parent);
      }
      at = step.navigation() == null ? existing(step.set(), step.key(), null, null, null) : existing(step.set(), step.key(), set, step.navigation(), parent);
      set = step.set();
    }
    return new Place(at, null, null);
  }

  private Key existing(EntitySet set, Key key, EntitySet from, Navigation navigation, Key parent) {
    Sql sql = new Sql(new Work(""));
    if (key != null && key.id() == null) {
      boolean there = jdbc.sql("SELECT EXISTS (SELECT FROM (" + EntitySet.DATASTREAMS.relations().getFirst() + ") e WHERE e.id = " + sql.parameter((long) key.series())
          + (navigation == null ? "" : " AND e." + (navigation.theirs().equals("feature_id") ? "thing_id" : "id") + " = " + sql.parameter(parent.id())) + ")")
          .params(sql.parameters()).query(Boolean.class).single()
          && !observations.list(key.series(), Instant.ofEpochMilli(key.at()), Instant.ofEpochMilli(key.at() + 1), 1).isEmpty();
      if (!there) {
        throw absent(set, key);
      }
      return key;
    }
    if (parent != null && parent.id() == null) {
      // An observation of a device leads to its series and to its place.
      return navigation.target() == EntitySet.DATASTREAMS ? Key.of(parent.series())
          : Key.of(jdbc.sql("SELECT device_id FROM sensing_series WHERE id = :id").param("id", parent.series()).query(Long.class).single());
    }
    String where = key == null ? "true" : "e.id = " + sql.parameter(key.id());
    if (navigation != null) {
      String keyOfParent = navigation.link() != null || navigation.ours().equals("id") ? sql.parameter(parent.id()) + "::bigint"
          : "(SELECT f." + navigation.ours() + " FROM " + sql.relation(from) + " f WHERE f.id = " + sql.parameter(parent.id()) + ")";
      where += " AND " + navigation.belongs("e", keyOfParent);
    }
    return jdbc.sql("SELECT e.id FROM " + sql.relation(set) + " e WHERE " + where + " LIMIT 1").params(sql.parameters()).query(Long.class).optional().map(Key::of)
        .orElseThrow(() -> key == null ? ResourcePath.notFound("there is no " + set.singular() + " here", "此处没有 " + set.singular()) : absent(set, key));
  }

  private static ProblemException absent(EntitySet set, Key key) {
    return ResourcePath.notFound("there is no " + set.singular() + " with the id " + key.text() + " here", "此处没有 id 为 " + key.text() + " 的 " + set.singular());
  }

  private Row one(Work work, EntitySet set, Key key, Options options) {
    Sql sql = new Sql(work);
    String where;
    if (key.id() == null) {
      List<Observations.Value> value = observations.list(key.series(), Instant.ofEpochMilli(key.at()), Instant.ofEpochMilli(key.at() + 1), 1);
      DeviceValues.Loaded loaded = DeviceValues.Loaded.none();
      value.forEach(v -> loaded.add(key.series(), v));
      loaded.into(sql);
      where = "e.series IS NOT NULL";
    } else {
      where = "e.id = " + sql.parameter(key.id());
    }
    return jdbc.sql("SELECT " + columns(set) + ", NULL::bigint AS parent FROM " + sql.relation(set) + " e WHERE " + where).params(sql.parameters())
        .query((row, n) -> row(work, set, row, options)).optional().orElseThrow(() -> absent(set, key));
  }

  private ObjectNode collection(Work work, EntitySet set, Place place, Options options, String self, boolean refs) {
    Sql sql = new Sql(work);
    DeviceValues.Loaded loaded = null;
    if (set == EntitySet.OBSERVATIONS) {
      loaded = values.load(series(place), options, work);
      if (!loaded.at().isEmpty()) {
        loaded.into(sql);
      }
    }
    String where = belongs(place, sql) + (options.filter() == null ? "" : " AND " + sql.condition(set, "e", options.filter()));
    String order = sql.order(set, "e", options.orders());
    String limit = sql.parameter((long) options.skip() + options.top() + 1);
    // Each relation gives its first rows by its own indexes; the order of all is made of those alone.
    String rows = sql.relations(set).stream().map(relation -> "(SELECT e.* FROM (" + relation + ") e WHERE " + where + " ORDER BY " + order + " LIMIT " + limit + ")").collect(Collectors.joining("\nUNION ALL\n"));
    List<Row> page = jdbc.sql("SELECT " + columns(set) + ", NULL::bigint AS parent FROM (" + rows + ") e ORDER BY " + order + " LIMIT " + sql.parameter(options.top() + 1L)
        + " OFFSET " + sql.parameter((long) options.skip())).params(sql.parameters()).query((row, n) -> row(work, set, row, options)).list();
    boolean more = page.size() > options.top();
    List<Row> shown = more ? page.subList(0, options.top()) : page;
    ObjectNode answer = json.createObjectNode();
    if (options.count()) {
      answer.put("@iot.count", count(work, set, place, options, loaded));
    }
    if (more && options.top() > 0) {
      answer.put("@iot.nextLink", next(self, options));
    }
    ArrayNode value = answer.putArray("value");
    if (refs) {
      shown.forEach(row -> value.addObject().put("@iot.selfLink", link(work.base, set, row.key())));
      return answer;
    }
    expand(work, set, shown, options);
    if (options.dataArray()) {
      dataArrays(work, shown, options, value);
    } else {
      shown.forEach(row -> value.add(row.node()));
    }
    return answer;
  }

  /** Values were all read, and join the rows, or were counted where they lie. */
  private long count(Work work, EntitySet set, Place place, Options options, DeviceValues.Loaded loaded) {
    Sql sql = new Sql(work);
    boolean whole = loaded == null || loaded.whole();
    if (whole && loaded != null && !loaded.at().isEmpty()) {
      loaded.into(sql);
    }
    String where = belongs(place, sql) + (options.filter() == null ? "" : " AND " + sql.condition(set, "e", options.filter()));
    String sum = sql.relations(set).stream().map(relation -> "(SELECT count(*) FROM (" + relation + ") e WHERE " + where + ")").collect(Collectors.joining(" + "));
    return (whole ? 0 : loaded.count()) + jdbc.sql("SELECT " + sum).params(sql.parameters()).query(Long.class).single();
  }

  private static String belongs(Place place, Sql sql) {
    return place.navigation() == null ? "true" : place.navigation().belongs("e", sql.parameter(place.parent().id()) + "::bigint");
  }

  /** Series to which a place bounds the observations of devices; {@code null}: all. */
  private Collection<Integer> series(Place place) {
    if (place.navigation() == null) {
      return null;
    }
    long parent = place.parent().id();
    if (parent >= EntitySet.FIRST_OWN) {
      return List.of();
    }
    return place.navigation().theirs().equals("datastream_id") ? List.of((int) parent)
        : jdbc.sql("SELECT id FROM sensing_series WHERE device_id = :device").param("device", parent).query(Integer.class).list();
  }

  // ---- expansion -----------------------------------------------------------------------------------

  private void expand(Work work, EntitySet set, List<Row> rows, Options options) {
    for (Expand expand : options.expands()) {
      if (rows.isEmpty()) {
        return;
      }
      if (expand.navigation().many()) {
        expandMany(work, set, rows, expand);
      } else {
        expandOne(work, rows, expand);
      }
    }
  }

  private void expandOne(Work work, List<Row> rows, Expand expand) {
    EntitySet target = expand.navigation().target();
    String column = expand.navigation().ours();
    Long[] ids = rows.stream().map(r -> r.links().get(column)).filter(Objects::nonNull).distinct().toArray(Long[]::new);
    work.spend(ids.length);
    Sql sql = new Sql(work);
    List<Row> found = jdbc.sql("SELECT " + columns(target) + ", NULL::bigint AS parent FROM " + sql.relation(target) + " e WHERE e.id = ANY (" + sql.parameter(ids) + "::bigint[])")
        .params(sql.parameters()).query((row, n) -> row(work, target, row, expand.options())).list();
    expand(work, target, found, expand.options());
    Map<Long, Row> byId = found.stream().collect(Collectors.toMap(r -> r.key().id(), r -> r));
    for (Row row : rows) {
      Row one = byId.get(row.links().get(column));
      if (one != null) {
        row.node().set(expand.navigation().name(), one.node());
      }
    }
  }

  private void expandMany(Work work, EntitySet set, List<Row> rows, Expand expand) {
    Navigation navigation = expand.navigation();
    EntitySet target = navigation.target();
    Options options = expand.options();
    Long[] parents = rows.stream().map(r -> r.key().id()).distinct().toArray(Long[]::new);
    Sql sql = new Sql(work);
    if (target == EntitySet.OBSERVATIONS) {
      List<Integer> series = jdbc.sql("SELECT id FROM sensing_series WHERE " + (navigation.theirs().equals("datastream_id") ? "id" : "device_id") + " = ANY (:parents::bigint[])")
          .param("parents", parents).query(Integer.class).list();
      DeviceValues.Loaded loaded = series.isEmpty() ? DeviceValues.Loaded.none() : values.loadEach(series, options, work);
      if (!loaded.at().isEmpty()) {
        loaded.into(sql);
      }
    }
    String where = navigation.belongs("e", "p.id") + (options.filter() == null ? "" : " AND " + sql.condition(target, "e", options.filter()));
    String each = "unnest(" + sql.parameter(parents) + "::bigint[]) AS p (id)";
    List<Row> found = jdbc.sql("SELECT e.* FROM " + each + " CROSS JOIN LATERAL (SELECT " + columns(target) + ", p.id AS parent FROM " + sql.relation(target) + " e WHERE " + where
        + " ORDER BY " + sql.order(target, "e", options.orders()) + " LIMIT " + sql.parameter(options.top() + 1L) + " OFFSET " + sql.parameter((long) options.skip()) + ") e")
        .params(sql.parameters()).query((row, n) -> row(work, target, row, options)).list();
    work.spend(found.size());
    Map<Long, Long> counts = new LinkedHashMap<>();
    if (options.count()) {
      jdbc.sql("SELECT p.id, (SELECT count(*) FROM " + sql.relation(target) + " e WHERE " + where + ") FROM " + each).params(sql.parameters())
          .query((ResultSet row) -> counts.put(row.getLong(1), row.getLong(2)));
    }
    Map<Long, List<Row>> byParent = found.stream().collect(Collectors.groupingBy(Row::parent, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
    List<Row> shown = new ArrayList<>();
    for (Row row : rows) {
      List<Row> below = byParent.getOrDefault(row.key().id(), List.of());
      // Of a series no more was read than the page shows: whether there is more, the next page says.
      boolean full = below.size() == options.top() && !below.isEmpty() && below.getLast().key().id() == null && !options.count();
      boolean more = below.size() > options.top() || full;
      List<Row> page = below.size() > options.top() ? below.subList(0, options.top()) : below;
      if (options.count()) {
        row.node().put(navigation.name() + "@iot.count", counts.getOrDefault(row.key().id(), 0L));
      }
      if (more && options.top() > 0) {
        row.node().put(navigation.name() + "@iot.nextLink", next(link(work.base, set, row.key()) + "/" + navigation.name(), options));
      }
      ArrayNode array = row.node().putArray(navigation.name());
      page.forEach(r -> array.add(r.node()));
      shown.addAll(page);
    }
    expand(work, target, shown, options);
  }

  // ---- rows ----------------------------------------------------------------------------------------

  private static String columns(EntitySet set) {
    List<String> columns = new ArrayList<>(List.of("e.id"));
    if (set == EntitySet.OBSERVATIONS) {
      columns.add("e.series");
      columns.add("e.at");
    }
    for (Property p : set.properties()) {
      switch (p.type()) {
        case TEXT, TIME -> columns.add("e." + p.column());
        case JSON, GEOMETRY -> columns.add("e." + p.column() + "::text AS " + p.column());
        case PERIOD -> {
          columns.add("e." + p.column() + "_start");
          columns.add("e." + p.column() + "_end");
        }
      }
    }
    set.navigations().stream().filter(n -> !n.many()).forEach(n -> columns.add("e." + n.ours()));
    return String.join(", ", columns);
  }

  private Row row(Work work, EntitySet set, ResultSet row, Options options) throws SQLException {
    long id = row.getLong("id");
    Key key = row.wasNull() ? new Key(null, row.getInt("series"), row.getLong("at")) : Key.of(id);
    ObjectNode node = json.createObjectNode();
    String self = link(work.base, set, key);
    if (options.selects("id")) {
      if (key.id() == null) {
        node.put("@iot.id", ObservationId.of(key.series(), key.at()));
      } else {
        node.put("@iot.id", id);
      }
      node.put("@iot.selfLink", self);
    }
    for (Property p : set.properties()) {
      if (!options.selects(p.name())) {
        continue;
      }
      switch (p.type()) {
        case TEXT -> node.put(p.name(), row.getString(p.column()));
        case JSON, GEOMETRY -> {
          String text = row.getString(p.column());
          if (text != null) {
            node.set(p.name(), json.readTree(text));
          }
        }
        case TIME -> node.put(p.name(), time(row.getObject(p.column(), OffsetDateTime.class)));
        case PERIOD -> {
          OffsetDateTime start = row.getObject(p.column() + "_start", OffsetDateTime.class);
          OffsetDateTime end = row.getObject(p.column() + "_end", OffsetDateTime.class);
          if (start != null) {
            node.put(p.name(), end == null ? time(start) : time(start) + "/" + time(end));
          }
        }
      }
    }
    Map<String, Long> links = new LinkedHashMap<>();
    for (Navigation n : set.navigations()) {
      if (!n.many()) {
        long target = row.getLong(n.ours());
        links.put(n.ours(), row.wasNull() ? null : (Long) target);
      }
      if (options.selects(n.name()) && options.expands().stream().noneMatch(e -> e.navigation().name().equals(n.name()))) {
        node.put(n.name() + "@iot.navigationLink", self + "/" + n.name());
      }
    }
    long parent = row.getLong("parent");
    return new Row(key, row.wasNull() ? null : (Long) parent, node, links);
  }

  /** ISO 8601 in UTC, to the millisecond, to the microsecond where there are any. */
  static String time(OffsetDateTime time) {
    return time == null ? null : (time.getNano() % 1_000_000 == 0 ? MILLIS : MICROS).format(time);
  }

  static String link(String base, EntitySet set, Key key) {
    return base + "/" + set.plural() + "(" + key.text() + ")";
  }

  private static String next(String self, Options options) {
    StringBuilder link = new StringBuilder(self).append('?');
    options.written().stream().filter(o -> !o.getKey().equals("$skip") && !o.getKey().equals("$count")).forEach(o -> link.append(o.getKey()).append('=').append(encoded(o.getValue())).append('&'));
    return link.append("$skip=").append(options.skip() + options.top()).toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  // ---- data arrays ---------------------------------------------------------------------------------

  /** 18-088 §12: the observations of each Datastream as rows of a table. */
  private void dataArrays(Work work, List<Row> rows, Options options, ArrayNode value) {
    List<String> components = new ArrayList<>();
    if (options.selects("id")) {
      components.add("id");
    }
    EntitySet.OBSERVATIONS.properties().stream().map(Property::name).filter(options::selects).forEach(components::add);
    Map<Long, List<Row>> byStream = rows.stream().collect(Collectors.groupingBy(r -> r.links().get("datastream_id"), LinkedHashMap::new, Collectors.toList()));
    byStream.forEach((stream, members) -> {
      ObjectNode group = value.addObject();
      group.put("Datastream@iot.navigationLink", link(work.base, EntitySet.DATASTREAMS, Key.of(stream)));
      components.forEach(group.putArray("components")::add);
      group.put("dataArray@iot.count", members.size());
      ArrayNode array = group.putArray("dataArray");
      for (Row member : members) {
        ArrayNode line = array.addArray();
        for (String component : components) {
          JsonNode cell = member.node().get(component.equals("id") ? "@iot.id" : component);
          line.add(cell == null ? json.nullNode() : cell);
        }
      }
    });
  }
}
