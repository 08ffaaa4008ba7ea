package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entity on its way into an answer.
 *
 * @param parent id of the entity below which it is expanded; {@code null}: none
 * @param links keys of entities to which it leads, by column
 */
record Written(Key key, Long parent, ObjectNode node, Map<String, Long> links) {

  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What is selected of a relation {@code e} to make entities of its rows. */
  static String columns(EntitySet set) {
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

  /** One row of {@link #columns} and {@code parent}. */
  static Written of(EntitySet set, ResultSet row, Options options, String base, JsonMapper json) throws SQLException {
    long id = row.getLong("id");
    Key key = row.wasNull() ? new Key(null, row.getInt("series"), row.getLong("at")) : Key.of(id);
    ObjectNode node = json.createObjectNode();
    String self = link(base, set, key);
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
      boolean nowhere = !n.many() && links.get(n.ours()) == null;
      if (!nowhere && options.selects(n.name()) && options.expands().stream().noneMatch(e -> e.navigation().name().equals(n.name()))) {
        node.put(n.name() + "@iot.navigationLink", self + "/" + n.name());
      }
    }
    long parent = row.getLong("parent");
    return new Written(key, row.wasNull() ? null : (Long) parent, node, links);
  }

  /** ISO 8601 in UTC, to the millisecond, to the microsecond where there are any. */
  static String time(OffsetDateTime time) {
    return time == null ? null : (time.getNano() % 1_000_000 == 0 ? MILLIS : MICROS).format(time);
  }

  static String link(String base, EntitySet set, Key key) {
    return base + "/" + set.plural() + "(" + key.text() + ")";
  }

  /** Address of the next page. */
  static String next(String self, Options options) {
    StringBuilder link = new StringBuilder(self).append('?');
    options.written().stream().filter(o -> !o.getKey().equals("$skip") && !o.getKey().equals("$count")).forEach(o -> link.append(o.getKey()).append('=').append(encoded(o.getValue())).append('&'));
    return link.append("$skip=").append(options.skip() + options.top()).toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** 18-088 §12: the observations of each Datastream or MultiDatastream as rows of a table. */
  static void tables(List<Written> rows, Options options, String base, ArrayNode value, JsonMapper json) {
    List<String> components = new ArrayList<>();
    if (options.selects("id")) {
      components.add("id");
    }
    EntitySet.OBSERVATIONS.properties().stream().map(Property::name).filter(options::selects).forEach(components::add);
    Map<Long, List<Written>> byStream = rows.stream().collect(Collectors.groupingBy(r -> stream(r.links()), LinkedHashMap::new, Collectors.toList()));
    byStream.forEach((stream, members) -> {
      ObjectNode group = value.addObject();
      EntitySet set = stream < EntitySet.FIRST_MULTI ? EntitySet.DATASTREAMS : EntitySet.MULTI_DATASTREAMS;
      group.put(set.singular() + "@iot.navigationLink", link(base, set, Key.of(stream)));
      components.forEach(group.putArray("components")::add);
      group.put("dataArray@iot.count", members.size());
      ArrayNode array = group.putArray("dataArray");
      for (Written member : members) {
        ArrayNode line = array.addArray();
        for (String component : components) {
          JsonNode cell = member.node().get(component.equals("id") ? "@iot.id" : component);
          line.add(cell == null ? json.nullNode() : cell);
        }
      }
    });
  }

  private static Long stream(Map<String, Long> links) {
    return links.get("datastream_id") == null ? links.get("multi_datastream_id") : links.get("datastream_id");
  }
}
