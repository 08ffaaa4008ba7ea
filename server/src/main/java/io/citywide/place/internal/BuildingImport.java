package io.citywide.place.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Viewer;
import io.citywide.place.Buildings.Use;
import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.BuildingLine.Counts;
import io.citywide.place.internal.BuildingLine.Known;
import io.citywide.place.internal.BuildingLine.Read;
import io.citywide.place.internal.BuildingLine.Refused;
import io.citywide.platform.NewIds;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.locationtech.jts.io.WKBWriter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes over the files of buildings, a batch at a time, in a number of statements that does not grow with the batch. */
@Component
public class BuildingImport {

  /** Most buildings of one batch. */
  public static final int MOST_ROWS = 500;

  private static final long LOCK = 0x6275696c64696e67L;

  /** A line of a batch that was not taken, from 0, and why, in the language of the request. */
  public record Rejected(int index, String reason) {}

  public record Batch(int accepted, List<Rejected> rejected) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final AreaStore areas;
  private final SealedHouseholds households;
  private final SealedContacts contacts;
  private final AccessLog access;
  private final Clock clock;

  BuildingImport(JdbcClient jdbc, JsonMapper json, AreaStore areas, SealedHouseholds households, SealedContacts contacts, AccessLog access, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.areas = areas;
    this.households = households;
    this.contacts = contacts;
    this.access = access;
    this.clock = clock;
  }

  /**
   * One building with its rooms, households and enterprises a line (NDJSON), at most {@value #MOST_ROWS}. What a line says takes
   * the place of what was known, all rooms with their households at once, all enterprises at once; what it does not say stays.
   *
   * @throws ProblemException {@code place.invalid-batch}
   */
  @Transactional
  public Batch take(byte[] body) {
    List<String> lines = new String(body, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty() || lines.size() > MOST_ROWS) {
      throw new ProblemException(PlaceProblem.INVALID_BATCH, "a batch has 1 to " + MOST_ROWS + " buildings, this one has " + lines.size(), Map.of("bound", MOST_ROWS));
    }
    Map<String, Integer> markers = new HashMap<>();
    jdbc.sql("SELECT code, grade FROM place_care_marker").query(row -> {
      markers.put(row.getString(1), row.getInt(2));
    });
    Map<Integer, JsonNode> said = new TreeMap<>();
    Map<Integer, String> refused = new TreeMap<>();
    Map<String, Integer> idents = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        JsonNode row = json.readTree(lines.get(i));
        String ident = BuildingLine.ident(row);
        if (idents.putIfAbsent(ident, i) != null) {
          throw new Refused("building " + ident + " appears twice in the batch", "楼宇 " + ident + " 在本批中重复");
        }
        said.put(i, row);
      } catch (JacksonException e) {
        refused.put(i, new Words("the line is not JSON: " + e.getOriginalMessage(), "本行不是 JSON").said());
      } catch (Refused e) {
        refused.put(i, e.why().said());
      }
    }
    // One batch after the other: two that count into the same sums would wait for one another in a circle.
    jdbc.sql("SELECT pg_advisory_xact_lock(:lock)").param("lock", LOCK).query((row, n) -> 0).list();
    String[] asked = idents.keySet().toArray(String[]::new);
    Set<String> elsewhere = new HashSet<>(jdbc.sql("SELECT * FROM place_buildings_elsewhere(:idents)").param("idents", asked).query(String.class).list());
    Map<String, Known> known = known(asked);
    BuildingLine reader = new BuildingLine(areas.now(), Viewer.current().area(), markers);
    List<Read> taken = new ArrayList<>();
    idents.forEach((ident, i) -> {
      try {
        if (elsewhere.contains(ident)) {
          throw BuildingLine.outside(ident);
        }
        taken.add(reader.read(ident, said.get(i), known.get(ident)));
      } catch (Refused e) {
        refused.put(i, e.why().said());
      }
    });
    taken.sort(Comparator.comparing(Read::ident));
    if (!taken.isEmpty()) {
      save(taken);
    }
    access.record("buildings.imported", "buildings", "done", Map.of("accepted", taken.size(), "rejected", refused.size()));
    return new Batch(taken.size(), refused.entrySet().stream().map(e -> new Rejected(e.getKey(), e.getValue())).toList());
  }

  private Map<String, Known> known(String[] idents) {
    Map<String, Known> known = new HashMap<>();
    jdbc.sql("SELECT ident, name, address, use, floors, height, built, lon, lat, rooms, households, enterprises, cared_for, care, worst FROM place_building WHERE ident = ANY (:idents)")
        .param("idents", idents).query(row -> {
          known.put(row.getString("ident"), new Known(row.getString("name"), row.getString("address"), Use.valueOf(row.getString("use")),
              row.getObject("floors", Integer.class), row.getObject("height", Double.class), row.getObject("built", Integer.class), row.getDouble("lon"), row.getDouble("lat"),
              new Counts(row.getInt("rooms"), row.getInt("households"), row.getInt("enterprises"), row.getInt("cared_for"), row.getString("care"), row.getInt("worst"))));
        });
    return known;
  }

  private void save(List<Read> taken) {
    Map<String, Long> ids = new HashMap<>();
    new Rows<>(taken).text("ident", Read::ident).text("name", Read::name).text("address", Read::address).text("use", b -> b.use().name()).whole("floors", Read::floors)
        .real("height", Read::height).whole("built", Read::built).text("area", Read::areaCode).real("lon", Read::lon).real("lat", Read::lat).big("key", Read::key)
        .bytes("outline", b -> b.outline() == null ? null : new WKBWriter().write(b.outline()))
        .whole("rooms", b -> b.counts().rooms()).whole("households", b -> b.counts().households()).whole("enterprises", b -> b.counts().enterprises())
        .whole("cared", b -> b.counts().caredFor()).text("care", b -> b.counts().care()).whole("worst", b -> b.counts().worst())
        .in(jdbc, """
            INSERT INTO place_building AS was (ident, name, address, use, floors, height, built, area_code, lon, lat, grid_key, outline, rooms, households, enterprises, cared_for, care,
              worst, changed_at)
            SELECT ident, name, address, use, floors, height, built, area, lon, lat, key, outline, rooms, households, enterprises, cared, care::jsonb, worst, :at FROM %s
            ON CONFLICT (ident) DO UPDATE SET name = excluded.name, address = excluded.address, use = excluded.use, floors = excluded.floors, height = excluded.height,
              built = excluded.built, area_code = excluded.area_code, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key,
              outline = coalesce(excluded.outline, was.outline), outline_of_base_map = excluded.outline IS NULL AND was.outline_of_base_map,
              rooms = excluded.rooms, households = excluded.households, enterprises = excluded.enterprises, cared_for = excluded.cared_for, care = excluded.care,
              worst = excluded.worst, changed_at = excluded.changed_at
            RETURNING ident, id""")
        .param("at", clock.instant().atOffset(ZoneOffset.UTC)).query(row -> {
          ids.put(row.getString(1), row.getLong(2));
        });
    // What stays follows its building into another area.
    for (String table : List.of("place_household", "place_room", "place_enterprise")) {
      jdbc.sql("UPDATE " + table + " t SET area_code = b.area_code FROM place_building b WHERE b.id = ANY (:ids) AND t.building_id = b.id AND t.area_code <> b.area_code")
          .param("ids", ids.values().toArray(Long[]::new)).update();
    }
    List<Read> furnished = taken.stream().filter(b -> b.rooms() != null).toList();
    delete("place_household", furnished, ids);
    delete("place_room", furnished, ids);
    rooms(furnished, ids);
    List<Read> trading = taken.stream().filter(b -> b.enterprises() != null).toList();
    delete("place_enterprise", trading, ids);
    enterprises(trading, ids);
    jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'buildings'").update();
  }

  private void delete(String table, List<Read> of, Map<String, Long> ids) {
    jdbc.sql("DELETE FROM " + table + " WHERE building_id = ANY (:ids)").param("ids", of.stream().map(b -> ids.get(b.ident())).toArray(Long[]::new)).update();
  }

  private record RoomRow(long id, long building, String area, BuildingLine.Room room) {}

  private record HouseholdRow(long id, RoomRow in, BuildingLine.Household household) {}

  private record EnterpriseRow(long id, long building, String area, BuildingLine.Enterprise enterprise) {}

  private void rooms(List<Read> taken, Map<String, Long> ids) {
    Iterator<Long> numbers = numbers("place_room", taken.stream().mapToInt(b -> b.rooms().size()).sum());
    List<RoomRow> rooms = taken.stream().flatMap(b -> b.rooms().stream().map(r -> new RoomRow(numbers.next(), ids.get(b.ident()), b.areaCode(), r))).toList();
    if (rooms.isEmpty()) {
      return;
    }
    new Rows<>(rooms).big("id", RoomRow::id).big("building", RoomRow::building).text("area", RoomRow::area).text("number", r -> r.room().number())
        .whole("floor", r -> r.room().floor()).text("occupancy", r -> r.room().occupancy())
        .in(jdbc, "INSERT INTO place_room (id, building_id, area_code, number, floor, occupancy) SELECT id, building, area, number, floor, occupancy FROM %s").update();
    Iterator<Long> households = numbers("place_household", rooms.stream().mapToInt(r -> r.room().households().size()).sum());
    // A seal is bound to the number of its row, which must be known before.
    List<HouseholdRow> rows = rooms.stream().flatMap(r -> r.room().households().stream().map(h -> new HouseholdRow(households.next(), r, h))).toList();
    if (!rows.isEmpty()) {
      new Rows<>(rows).big("id", HouseholdRow::id).big("building", h -> h.in().building()).big("room", h -> h.in().id()).text("area", h -> h.in().area())
          .whole("members", h -> h.household().members()).text("care", h -> String.join(",", h.household().care()))
          .bytes("personal", h -> this.households.seal(h.id(), h.household().person()))
          .in(jdbc, "INSERT INTO place_household (id, building_id, room_id, area_code, members, care, personal) "
              + "SELECT id, building, room, area, members, string_to_array(care, ','), personal FROM %s").update();
    }
  }

  private void enterprises(List<Read> taken, Map<String, Long> ids) {
    Iterator<Long> numbers = numbers("place_enterprise", taken.stream().mapToInt(b -> b.enterprises().size()).sum());
    List<EnterpriseRow> rows = taken.stream().flatMap(b -> b.enterprises().stream().map(e -> new EnterpriseRow(numbers.next(), ids.get(b.ident()), b.areaCode(), e))).toList();
    if (!rows.isEmpty()) {
      new Rows<>(rows).big("id", EnterpriseRow::id).big("building", EnterpriseRow::building).text("area", EnterpriseRow::area).text("room", e -> e.enterprise().room())
          .text("name", e -> e.enterprise().name()).text("uscc", e -> e.enterprise().uscc()).text("trade", e -> e.enterprise().trade())
          .bytes("personal", e -> contacts.seal(e.id(), e.enterprise().contact()))
          .in(jdbc, "INSERT INTO place_enterprise (id, building_id, area_code, room, name, uscc, trade, personal) SELECT id, building, area, room, name, uscc, trade, personal FROM %s")
          .update();
    }
  }

  /** So many numbers of new rows. */
  private Iterator<Long> numbers(String table, int count) {
    return NewIds.of(jdbc, table, count).iterator();
  }

  /** Rows as one array for each column, to be selected from. */
  private static final class Rows<T> {

    private final List<T> rows;
    private final Map<String, Object> columns = new LinkedHashMap<>();
    private final List<String> types = new ArrayList<>();

    Rows(List<T> rows) {
      this.rows = rows;
    }

    Rows<T> text(String name, Function<T, String> value) {
      return column(name, "text", rows.stream().map(value).toArray(String[]::new));
    }

    Rows<T> whole(String name, Function<T, Integer> value) {
      return column(name, "integer", rows.stream().map(value).toArray(Integer[]::new));
    }

    Rows<T> big(String name, Function<T, Long> value) {
      return column(name, "bigint", rows.stream().map(value).toArray(Long[]::new));
    }

    Rows<T> real(String name, Function<T, Double> value) {
      return column(name, "double precision", rows.stream().map(value).toArray(Double[]::new));
    }

    Rows<T> bytes(String name, Function<T, byte[]> value) {
      return column(name, "bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    private Rows<T> column(String name, String type, Object values) {
      columns.put(name, values);
      types.add("CAST(:" + name + " AS " + type + "[])");
      return this;
    }

    /** @param sql with {@code %s} where the rows are selected from */
    JdbcClient.StatementSpec in(JdbcClient jdbc, String sql) {
      return jdbc.sql(sql.formatted("unnest(" + String.join(", ", types) + ") AS r (" + String.join(", ", columns.keySet()) + ")")).params(columns);
    }
  }
}
