package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Options.Expand;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import io.citywide.sensing.internal.sta.ResourcePath.Step;
import java.sql.ResultSet;
import java.time.Instant;
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
    Written row = one(work, last.set(), place.key(), options);
    if (path.ending() == ResourcePath.Ending.REF) {
      return json.createObjectNode().put("@iot.selfLink", Written.link(base, last.set(), row.key()));
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
      if (navigation.target() == EntitySet.MULTI_DATASTREAMS) {
        throw ResourcePath.notFound("there is no MultiDatastream here: it is a value of a device", "此处没有 MultiDatastream：这是设备的观测值");
      }
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

  private Written one(Work work, EntitySet set, Key key, Options options) {
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
    return jdbc.sql("SELECT " + Written.columns(set) + ", NULL::bigint AS parent FROM " + sql.relation(set) + " e WHERE " + where).params(sql.parameters())
        .query((row, n) -> Written.of(set, row, options, work.base, json)).optional().orElseThrow(() -> absent(set, key));
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
    String order = placed(place.navigation(), options, place.parent() == null ? null : String.valueOf(place.parent().id())) + sql.order(set, "e", options.orders());
    String limit = sql.parameter((long) options.skip() + options.top() + 1);
    // Each relation gives its first rows by its own indexes; the order of all is made of those alone.
    String rows = sql.relations(set).stream().map(relation -> "(SELECT e.* FROM (" + relation + ") e WHERE " + where + " ORDER BY " + order + " LIMIT " + limit + ")").collect(Collectors.joining("\nUNION ALL\n"));
    List<Written> page = jdbc.sql("SELECT " + Written.columns(set) + ", NULL::bigint AS parent FROM (" + rows + ") e ORDER BY " + order + " LIMIT " + sql.parameter(options.top() + 1L)
        + " OFFSET " + sql.parameter((long) options.skip())).params(sql.parameters()).query((row, n) -> Written.of(set, row, options, work.base, json)).list();
    boolean more = page.size() > options.top();
    List<Written> shown = more ? page.subList(0, options.top()) : page;
    ObjectNode answer = json.createObjectNode();
    if (options.count()) {
      answer.put("@iot.count", count(work, set, place, options, loaded));
    }
    if (more && options.top() > 0) {
      answer.put("@iot.nextLink", Written.next(self, options));
    }
    ArrayNode value = answer.putArray("value");
    if (refs) {
      shown.forEach(row -> value.addObject().put("@iot.selfLink", Written.link(work.base, set, row.key())));
      return answer;
    }
    expand(work, set, shown, options);
    if (options.dataArray()) {
      Written.tables(shown, options, work.base, value, json);
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

  /** Without an order of the question that of the link. */
  private static String placed(Navigation navigation, Options options, String parent) {
    return navigation == null || !options.orders().isEmpty() ? "" : navigation.order("e", parent);
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

  private void expand(Work work, EntitySet set, List<Written> rows, Options options) {
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

  private void expandOne(Work work, List<Written> rows, Expand expand) {
    EntitySet target = expand.navigation().target();
    String column = expand.navigation().ours();
    Long[] ids = rows.stream().map(r -> r.links().get(column)).filter(Objects::nonNull).distinct().toArray(Long[]::new);
    work.spend(ids.length);
    Sql sql = new Sql(work);
    List<Written> found = jdbc.sql("SELECT " + Written.columns(target) + ", NULL::bigint AS parent FROM " + sql.relation(target) + " e WHERE e.id = ANY (" + sql.parameter(ids) + "::bigint[])")
        .params(sql.parameters()).query((row, n) -> Written.of(target, row, expand.options(), work.base, json)).list();
    expand(work, target, found, expand.options());
    Map<Long, Written> byId = found.stream().collect(Collectors.toMap(r -> r.key().id(), r -> r));
    for (Written row : rows) {
      Written one = byId.get(row.links().get(column));
      if (one != null) {
        row.node().set(expand.navigation().name(), one.node());
      }
    }
  }

  private void expandMany(Work work, EntitySet set, List<Written> rows, Expand expand) {
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
    List<Written> found = jdbc.sql("SELECT e.* FROM " + each + " CROSS JOIN LATERAL (SELECT " + Written.columns(target) + ", p.id AS parent FROM " + sql.relation(target) + " e WHERE " + where
        + " ORDER BY " + placed(navigation, options, "p.id") + sql.order(target, "e", options.orders())
        + " LIMIT " + sql.parameter(options.top() + 1L) + " OFFSET " + sql.parameter((long) options.skip()) + ") e")
        .params(sql.parameters()).query((row, n) -> Written.of(target, row, options, work.base, json)).list();
    work.spend(found.size());
    Map<Long, Long> counts = new LinkedHashMap<>();
    if (options.count()) {
      jdbc.sql("SELECT p.id, (SELECT count(*) FROM " + sql.relation(target) + " e WHERE " + where + ") FROM " + each).params(sql.parameters())
          .query((ResultSet row) -> counts.put(row.getLong(1), row.getLong(2)));
    }
    Map<Long, List<Written>> byParent = found.stream().collect(Collectors.groupingBy(Written::parent, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
    List<Written> shown = new ArrayList<>();
    for (Written row : rows) {
      List<Written> below = byParent.getOrDefault(row.key().id(), List.of());
      // Of a series no more was read than the page shows: whether there is more, the next page says.
      boolean full = below.size() == options.top() && !below.isEmpty() && below.getLast().key().id() == null && !options.count();
      boolean more = below.size() > options.top() || full;
      List<Written> page = below.size() > options.top() ? below.subList(0, options.top()) : below;
      if (options.count()) {
        row.node().put(navigation.name() + "@iot.count", counts.getOrDefault(row.key().id(), 0L));
      }
      if (more && options.top() > 0) {
        row.node().put(navigation.name() + "@iot.nextLink", Written.next(Written.link(work.base, set, row.key()) + "/" + navigation.name(), options));
      }
      ArrayNode array = row.node().putArray(navigation.name());
      page.forEach(r -> array.add(r.node()));
      shown.addAll(page);
    }
    expand(work, target, shown, options);
  }
}
