package io.citywide.place.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Component;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentIndex;
import io.citywide.place.Components;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Words;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The register of components: what each is. Where they are is found by {@link ComponentFinder}. */
@org.springframework.stereotype.Component
public class ComponentStore implements Components {

  /** Most rows of one batch. */
  public static final int MOST_ROWS = 5_000;

  private static final String COLUMNS =
      "c.ident, c.kind_id, c.name, c.lon, c.lat, c.grid_key, c.area_code, c.owner_code, c.state, c.accuracy, c.source, c.recorded_on, c.changed_on";

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final KindStore kinds;
  private final AreaStore areas;
  private final Clock clock;
  private final ServerSettings server;
  private final AccessLog access;
  private final Neighbours neighbours;

  ComponentStore(JdbcClient jdbc, JsonMapper json, KindStore kinds, AreaStore areas, Clock clock, ServerSettings server, AccessLog access,
      Neighbours neighbours) {
    this.jdbc = jdbc;
    this.json = json;
    this.kinds = kinds;
    this.areas = areas;
    this.clock = clock;
    this.server = server;
    this.access = access;
    this.neighbours = neighbours;
  }

  @Override
  public List<Count> counts() {
    return jdbc.sql("SELECT left(area_code, 12), kind_id, state, count(*) FROM place_component WHERE area_code IS NOT NULL GROUP BY 1, 2, 3")
        .query((row, n) -> new Count(row.getString(1), row.getString(2), State.valueOf(row.getString(3)), row.getLong(4))).list();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Component> find(String ident) {
    return ident == null ? Optional.empty()
        : jdbc.sql("SELECT " + COLUMNS + " FROM place_component c WHERE ident = :ident").param("ident", ident)
            .query((row, n) -> component(row)).optional();
  }

  @Override
  @Transactional(readOnly = true)
  public List<Component> list(Collection<String> idents) {
    return idents.isEmpty() ? List.of()
        : jdbc.sql("SELECT " + COLUMNS + " FROM place_component c WHERE ident = ANY (:idents)").param("idents", idents.toArray(String[]::new))
            .query((row, n) -> component(row)).list();
  }

  @Override
  @Transactional(readOnly = true)
  public List<Component> listByNumber(String beginning, int limit) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM place_component c WHERE c.ident >= :from AND c.ident < :from || '~' ORDER BY c.ident LIMIT :limit")
        .param("from", beginning).param("limit", limit).query((row, n) -> component(row)).list();
  }

  /** A row that was not taken over, by its index in the batch from 0. */
  public record Rejected(int index, String reason) {}

  /** How a batch went. */
  public record Batch(int accepted, List<Rejected> rejected) {}

  /**
   * Takes over a batch of components, a JSON array or one object per line (NDJSON), at most {@value #MOST_ROWS}. A row
   * with faults is rejected with its reason, the others are taken; a known ident is brought up to date.
   */
  @Transactional
  public Batch importBatch(byte[] body) {
    LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    ComponentReader reader = new ComponentReader(kinds, areas);
    Map<String, Component> accepted = new TreeMap<>();
    List<Rejected> rejected = new ArrayList<>();
    int index = 0;
    List<Object> rows = rows(body);
    Set<String> beyond = beyondScope(rows);
    for (Object row : rows) {
      try {
        if (row instanceof Words why) {
          throw new ComponentReader.Refused(why);
        }
        Component component = reader.read(said((JsonNode) row)).component(today);
        if (beyond.contains(component.ident()) || component.areaCode() != null && !Viewer.current().area().covers(component.areaCode())) {
          throw new ComponentReader.Refused(new Words("component " + component.ident() + " lies outside the area that you administer",
              "部件 " + component.ident() + " 不在您管理的范围内"));
        }
        if (accepted.putIfAbsent(component.ident(), component) != null) {
          throw new ComponentReader.Refused(new Words("ident " + component.ident() + " appears twice in the batch", "标识码 " + component.ident() + " 在本批中重复"));
        }
      } catch (ComponentReader.Refused refused) {
        rejected.add(new Rejected(index, refused.why().said()));
      }
      index++;
    }
    save(List.copyOf(accepted.values()));
    neighbours.everywhere(ComponentIndex.CHANGED, Map.of());
    access.record("components.imported", "components", "done", Map.of("accepted", accepted.size(), "rejected", rejected.size(), "sha256", Sha256.of(body)));
    return new Batch(accepted.size(), rejected);
  }

  private static ComponentReader.Said said(JsonNode row) throws ComponentReader.Refused {
    if (!row.isObject()) {
      throw new ComponentReader.Refused(new Words("a component must be a JSON object", "一行应为一个 JSON 对象"));
    }
    if (!row.path("lon").isNumber() || !row.path("lat").isNumber()) {
      throw new ComponentReader.Refused("lon", null, new Words("lon and lat must be numbers in degrees", "经度和纬度应为以度为单位的数"));
    }
    return new ComponentReader.Said(text(row, "ident"), text(row, "kindId"), text(row, "name"), row.path("lon").asString(), row.path("lat").asString(),
        text(row, "crs"), text(row, "ownerCode"), text(row, "state"), text(row, "accuracy"), text(row, "source"), text(row, "recordedOn"), text(row, "changedOn"));
  }

  private static String text(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asString("");
  }

  /** Which of the components that are known already lie where the viewer administers nothing. */
  private Set<String> beyondScope(List<Object> rows) {
    AreaScope scope = Viewer.current().area();
    if (scope.low().isEmpty()) {
      return Set.of();
    }
    String[] idents = rows.stream().filter(JsonNode.class::isInstance).map(row -> ((JsonNode) row).path("ident").asString("")).toArray(String[]::new);
    return Set.copyOf(jdbc.sql("SELECT ident FROM place_component WHERE ident = ANY (:idents) AND NOT (area_code >= :low AND area_code < :high)")
        .param("idents", idents).param("low", scope.low()).param("high", scope.high()).query(String.class).list());
  }

  /** Rows as {@link JsonNode}, or as a String that says why a line is none. */
  private List<Object> rows(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    List<Object> rows = new ArrayList<>();
    if (text.startsWith("[")) {
      try {
        json.readTree(text).forEach(rows::add);
      } catch (JacksonException e) {
        throw new ProblemException(PlaceProblem.INVALID_BATCH, "the array cannot be read: " + e.getOriginalMessage());
      }
    } else {
      text.lines().filter(line -> !line.isBlank()).forEach(line -> {
        try {
          rows.add(json.readTree(line));
        } catch (JacksonException e) {
          rows.add(new Words("the line is not JSON: " + e.getOriginalMessage(), "本行不是 JSON"));
        }
      });
    }
    if (rows.isEmpty() || rows.size() > MOST_ROWS) {
      throw new ProblemException(PlaceProblem.INVALID_BATCH, "a batch has 1 to " + MOST_ROWS + " components, this one has " + rows.size(),
          Map.of("bound", MOST_ROWS));
    }
    return rows;
  }

  private void save(List<Component> rows) {
    if (rows.isEmpty()) {
      return;
    }
    // One statement with an array per column: one round trip and one plan for thousands of rows.
    jdbc.sql(
            """
            INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, area_code, owner_code, state, accuracy, source,
                                         recorded_on, changed_on)
            SELECT * FROM unnest(:ident::text[], :kind::text[], :name::text[], :lon::float8[], :lat::float8[], :key::bigint[],
                                 :area::text[], :owner::text[], :state::text[], :accuracy::text[], :source::text[],
                                 :recorded::date[], :changed::date[])
            ON CONFLICT (ident) DO UPDATE SET kind_id = excluded.kind_id, name = excluded.name, lon = excluded.lon,
                   lat = excluded.lat, grid_key = excluded.grid_key, area_code = excluded.area_code,
                   owner_code = excluded.owner_code, state = excluded.state, accuracy = excluded.accuracy,
                   source = excluded.source, changed_on = coalesce(excluded.changed_on, place_component.changed_on)
            """)
        .param("ident", texts(rows, Component::ident))
        .param("kind", texts(rows, Component::kindId))
        .param("name", texts(rows, Component::name))
        .param("lon", rows.stream().map(Component::lon).toArray(Double[]::new))
        .param("lat", rows.stream().map(Component::lat).toArray(Double[]::new))
        .param("key", rows.stream().map(Component::gridKey).toArray(Long[]::new))
        .param("area", texts(rows, Component::areaCode))
        .param("owner", texts(rows, Component::ownerCode))
        .param("state", texts(rows, c -> c.state().name()))
        .param("accuracy", texts(rows, Component::accuracy))
        .param("source", texts(rows, Component::source))
        .param("recorded", texts(rows, c -> c.recordedOn().toString()))
        .param("changed", texts(rows, c -> c.changedOn() == null ? null : c.changedOn().toString()))
        .update();
  }

  private static String[] texts(List<Component> rows, Function<Component, String> column) {
    return rows.stream().map(column).toArray(String[]::new);
  }

  private static Component component(ResultSet row) throws SQLException {
    return new Component(row.getString("ident"), row.getString("kind_id"), row.getString("name"), row.getDouble("lon"),
        row.getDouble("lat"), row.getLong("grid_key"), row.getString("area_code"), row.getString("owner_code"),
        State.valueOf(row.getString("state")), row.getString("accuracy"), row.getString("source"),
        row.getObject("recorded_on", LocalDate.class), row.getObject("changed_on", LocalDate.class));
  }
}
