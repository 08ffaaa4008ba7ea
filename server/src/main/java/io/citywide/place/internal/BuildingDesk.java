package io.citywide.place.internal;

import io.citywide.grid.GridKeys;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Purpose;
import io.citywide.identity.Viewer;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One building, one file (一楼一档): its rooms, and who lives and works in them. Row-level security shows only what lies in
 * the viewer's area; who somebody is lies sealed, is shown masked, and in clear for a purpose that is logged first.
 */
@Component
public class BuildingDesk {

  /** Most buildings of one batch. */
  public static final int MOST_ROWS = 500;

  private static final int MOST_ROOMS = 5_000;
  private static final int LONGEST = 200;
  private static final Set<String> USES = Set.of("RESIDENTIAL", "OFFICE", "SHOP", "MIXED", "PUBLIC", "INDUSTRIAL", "OTHER");
  private static final Set<String> OCCUPANCIES = Set.of("OWNER", "RENTED", "VACANT", "BUSINESS", "UNKNOWN");

  /** A building in a list. {@code caredFor}: households with a special-care marker. */
  public record Building(String ident, String name, String address, String use, Integer floors, Integer built, String areaCode, double lon, double lat, int rooms,
      int households, int enterprises, int caredFor) {}

  /** @param occupancy OWNER 自住, RENTED 出租, VACANT 空置, BUSINESS 经营, UNKNOWN 不明 */
  public record Count(String occupancy, long rooms) {}

  /** @param grade how urgently to look after them when something happens, 0..4 */
  public record Care(String code, String nameZh, String nameEn, int grade, long households) {}

  public record Enterprise(String name, String uscc, String trade, String room) {}

  /** @param care counts by marker; {@code null} for whoever may not see households */
  public record BuildingFile(Building building, List<Count> occupancy, List<Enterprise> enterprises, List<Care> care) {}

  /** A household, masked. {@code sealBroken}: who it is was kept, but cannot be opened. */
  public record Household(long id, String room, String occupancy, int members, List<String> care, String head, String phone, boolean sealBroken) {}

  /** A household in clear. */
  public record Revealed(String head, String phone) {}

  /** What lies in an area. */
  public record AreaCount(String areaCode, long buildings, long rooms, long households, long enterprises, long caredFor) {}

  /** A line of a batch that was not taken, from 0. */
  public record Rejected(int index, String reason) {}

  public record Batch(int accepted, List<Rejected> rejected) {}

  private static final class Refused extends Exception {
    Refused(String reason) {
      super(reason, null, false, false);
    }
  }

  private static final String COLUMNS = "ident, name, address, use, floors, built, area_code, lon, lat, rooms, households, enterprises, cared_for";

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final AreaStore areas;
  private final SealedHouseholds sealed;
  private final AccessLog access;
  private final Clock clock;

  BuildingDesk(JdbcClient jdbc, JsonMapper json, AreaStore areas, SealedHouseholds sealed, AccessLog access, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.areas = areas;
    this.sealed = sealed;
    this.access = access;
    this.clock = clock;
  }

  /**
   * Buildings in the order of their numbers.
   *
   * @param area code of an area; {@code null}: all in sight
   * @param words part of the name or address; {@code null}: any
   */
  @Transactional(readOnly = true)
  public Slice<Building> list(String area, String words, String after, int limit) {
    var scope = area == null || area.isBlank() ? io.citywide.identity.AreaScope.ALL : io.citywide.identity.AreaScope.of(area);
    List<Building> rows = jdbc.sql("SELECT " + COLUMNS + " FROM place_building WHERE ident > :after AND area_code >= :low AND area_code < :high "
            + "AND (name || ' ' || coalesce(address, '')) LIKE :words ORDER BY ident LIMIT :limit")
        .param("after", after == null ? "" : after).param("low", scope.low()).param("high", scope.high())
        .param("words", "%" + (words == null ? "" : words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")) + "%").param("limit", limit + 1)
        .query((row, n) -> building(row)).list();
    List<Building> page = rows.subList(0, Math.min(limit, rows.size()));
    return new Slice<>(page, rows.size() > limit ? page.getLast().ident() : null);
  }

  /** The file of a building. */
  @Transactional(readOnly = true)
  public BuildingFile get(String ident, boolean withCare) {
    long id = id(ident);
    Building building = jdbc.sql("SELECT " + COLUMNS + " FROM place_building WHERE id = :id").param("id", id).query((row, n) -> building(row)).single();
    return new BuildingFile(building,
        jdbc.sql("SELECT occupancy, count(*) FROM place_room WHERE building_id = :id GROUP BY 1 ORDER BY 1").param("id", id)
            .query((row, n) -> new Count(row.getString(1), row.getLong(2))).list(),
        jdbc.sql("SELECT name, uscc, trade, room FROM place_enterprise WHERE building_id = :id ORDER BY name").param("id", id)
            .query((row, n) -> new Enterprise(row.getString(1), row.getString(2), row.getString(3), row.getString(4))).list(),
        !withCare ? null : jdbc.sql("""
            SELECT m.code, m.name_zh, m.name_en, m.grade, count(*) FROM place_household h CROSS JOIN unnest(h.care) AS c (code) JOIN place_care_marker m ON m.code = c.code
            WHERE h.building_id = :id GROUP BY m.code ORDER BY m.grade DESC, m.code""").param("id", id)
            .query((row, n) -> new Care(row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getLong(5))).list());
  }

  /** Its households, masked, in the order of their rooms. */
  @Transactional(readOnly = true)
  public List<Household> households(String ident) {
    return jdbc.sql("""
        SELECT h.id, r.number, r.occupancy, h.members, h.care, h.personal FROM place_household h JOIN place_room r ON r.id = h.room_id
        WHERE h.building_id = :id ORDER BY r.number, h.id""").param("id", id(ident))
        .query((row, n) -> {
          SealedHouseholds.Person person = SealedHouseholds.NOBODY;
          boolean broken = false;
          try {
            person = sealed.open(row.getLong(1), row.getBytes(6));
          } catch (PersonalSeal.BrokenSeal e) {
            e.log();
            broken = true;
          }
          return new Household(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), List.of((String[]) row.getArray(5).getArray()), maskedName(person.head()),
              maskedPhone(person.phone()), broken);
        }).list();
  }

  /** A household in clear; the look is on record, or there is no look. */
  @Transactional
  public Revealed reveal(long household, Purpose purpose) {
    SealedHouseholds.Person person = jdbc.sql("SELECT personal FROM place_household WHERE id = :id").param("id", household)
        .query((row, n) -> sealed.open(household, row.getBytes(1))).optional()
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_HOUSEHOLD, "there is no household " + household + " within your scope").zh("没有此住户，或不在您的可见范围内"));
    access.record("personal-data.revealed", "household:" + household, "done", purpose.details(List.of("head", "phone")));
    return new Revealed(person.head(), person.phone());
  }

  /** What lies in each area directly below {@code area}; in the area itself where it has none below. */
  @Transactional(readOnly = true)
  public List<AreaCount> counts(String area) {
    List<String> codes = areas.listChildren(area).stream().map(io.citywide.place.Area::code).toList();
    return (codes.isEmpty() ? List.of(area) : codes).stream().map(code -> {
      var scope = io.citywide.identity.AreaScope.of(code);
      return jdbc.sql("SELECT count(*), coalesce(sum(rooms), 0), coalesce(sum(households), 0), coalesce(sum(enterprises), 0), coalesce(sum(cared_for), 0) "
              + "FROM place_building WHERE area_code >= :low AND area_code < :high").param("low", scope.low()).param("high", scope.high())
          .query((row, n) -> new AreaCount(code, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))).single();
    }).toList();
  }

  /** Takes over the files of buildings, one a line (NDJSON), at most {@value #MOST_ROWS}; each takes the place of what was known of it. */
  @Transactional
  public Batch importBatch(byte[] body) {
    List<String> lines = new String(body, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty() || lines.size() > MOST_ROWS) {
      throw new ProblemException(PlaceProblem.INVALID_BATCH, "a batch has 1 to " + MOST_ROWS + " buildings, this one has " + lines.size(), Map.of("bound", MOST_ROWS));
    }
    Set<String> markers = new LinkedHashSet<>(jdbc.sql("SELECT code FROM place_care_marker ORDER BY code").query(String.class).list());
    Set<String> seen = new LinkedHashSet<>();
    List<Rejected> rejected = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        save(draft(json.readTree(lines.get(i)), markers, seen));
      } catch (JacksonException e) {
        rejected.add(new Rejected(i, "the line is not JSON: " + e.getOriginalMessage()));
      } catch (Refused e) {
        rejected.add(new Rejected(i, e.getMessage()));
      }
    }
    access.record("buildings.imported", "buildings", "done", Map.of("accepted", lines.size() - rejected.size(), "rejected", rejected.size()));
    return new Batch(lines.size() - rejected.size(), rejected);
  }

  // ---- a line of a batch ----------------------------------------------------------------------------

  private record RoomDraft(String number, Integer floor, String occupancy, List<HouseholdDraft> households) {}

  private record HouseholdDraft(int members, List<String> care, SealedHouseholds.Person person) {}

  private record Draft(Building building, List<RoomDraft> rooms, List<Enterprise> enterprises) {}

  private Draft draft(JsonNode row, Set<String> markers, Set<String> seen) throws Refused {
    if (!row.isObject()) {
      throw new Refused("a building must be a JSON object");
    }
    String ident = text(row, "ident");
    if (ident == null || !ident.matches("[0-9A-Z-]{4,30}")) {
      throw new Refused("ident must be 4 to 30 of 0-9 A-Z -, was '" + ident + "'");
    }
    if (!seen.add(ident)) {
      throw new Refused("building " + ident + " appears twice in the batch");
    }
    String name = text(row, "name");
    if (name == null) {
      throw new Refused("name is missing");
    }
    double lon = row.path("lon").asDouble(Double.NaN);
    double lat = row.path("lat").asDouble(Double.NaN);
    String area = Math.abs(lon) <= 180 && Math.abs(lat) < 88 ? areas.now().areaCodeAt(lon, lat, GridKeys.encode(lon, lat, 9)) : null;
    if (area == null) {
      throw new Refused("lon and lat must be degrees within an area of the city, were " + row.path("lon") + ", " + row.path("lat"));
    }
    if (!Viewer.current().area().covers(area) || known(ident)) {
      throw new Refused("building " + ident + " lies outside the area that you administer");
    }
    List<RoomDraft> rooms = new ArrayList<>();
    Set<String> numbers = new LinkedHashSet<>();
    int households = 0;
    int cared = 0;
    for (JsonNode r : row.path("rooms")) {
      RoomDraft room = room(r, markers);
      if (!numbers.add(room.number())) {
        throw new Refused("room " + room.number() + " appears twice");
      }
      rooms.add(room);
      households += room.households().size();
      cared += (int) room.households().stream().filter(h -> !h.care().isEmpty()).count();
    }
    if (rooms.size() > MOST_ROOMS) {
      throw new Refused("a building has at most " + MOST_ROOMS + " rooms, this one has " + rooms.size());
    }
    List<Enterprise> enterprises = new ArrayList<>();
    for (JsonNode e : row.path("enterprises")) {
      if (text(e, "name") == null) {
        throw new Refused("an enterprise needs a name");
      }
      enterprises.add(new Enterprise(text(e, "name"), text(e, "uscc"), text(e, "trade"), text(e, "room")));
    }
    return new Draft(new Building(ident, name, text(row, "address"), oneOf(row, "use", USES, "OTHER"), number(row, "floors", 1, 200), number(row, "built", 1000, 2200), area,
        lon, lat, rooms.size(), households, enterprises.size(), cared), rooms, enterprises);
  }

  private static RoomDraft room(JsonNode row, Set<String> markers) throws Refused {
    String number = text(row, "number");
    if (number == null) {
      throw new Refused("a room needs a number");
    }
    List<HouseholdDraft> households = new ArrayList<>();
    for (JsonNode h : row.path("households")) {
      List<String> care = new ArrayList<>();
      for (JsonNode marker : h.path("care")) {
        if (!markers.contains(marker.asString(""))) {
          throw new Refused("there is no special-care marker '" + marker.asString("") + "'; there are " + markers);
        }
        care.add(marker.asString());
      }
      Integer members = number(h, "members", 1, 50);
      households.add(new HouseholdDraft(members == null ? 1 : members, care, new SealedHouseholds.Person(text(h, "head"), text(h, "phone"))));
    }
    return new RoomDraft(number, number(row, "floor", -10, 200), oneOf(row, "occupancy", OCCUPANCIES, "UNKNOWN"), households);
  }

  /** Whether a building of this number lies where the viewer sees nothing: its row is there, and not in sight. */
  private boolean known(String ident) {
    return jdbc.sql("SELECT place_building_elsewhere(:ident)").param("ident", ident).query(Boolean.class).single();
  }

  private void save(Draft draft) {
    Building b = draft.building();
    long id = jdbc.sql("""
        INSERT INTO place_building (ident, name, address, use, floors, built, area_code, lon, lat, grid_key, rooms, households, enterprises, cared_for, changed_at)
        VALUES (:ident, :name, :address, :use, :floors, :built, :area, :lon, :lat, :key, :rooms, :households, :enterprises, :cared, :at)
        ON CONFLICT (ident) DO UPDATE SET name = excluded.name, address = excluded.address, use = excluded.use, floors = excluded.floors, built = excluded.built,
          area_code = excluded.area_code, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key, rooms = excluded.rooms, households = excluded.households,
          enterprises = excluded.enterprises, cared_for = excluded.cared_for, changed_at = excluded.changed_at
        RETURNING id""")
        .param("ident", b.ident()).param("name", b.name()).param("address", b.address(), Types.VARCHAR).param("use", b.use()).param("floors", b.floors(), Types.INTEGER)
        .param("built", b.built(), Types.INTEGER).param("area", b.areaCode()).param("lon", b.lon()).param("lat", b.lat()).param("key", GridKeys.encode(b.lon(), b.lat(), 9))
        .param("rooms", b.rooms()).param("households", b.households()).param("enterprises", b.enterprises()).param("cared", b.caredFor())
        .param("at", clock.instant().atOffset(ZoneOffset.UTC)).query(Long.class).single();
    for (String table : List.of("place_household", "place_room", "place_enterprise")) {
      jdbc.sql("DELETE FROM " + table + " WHERE building_id = :id").param("id", id).update();
    }
    for (RoomDraft room : draft.rooms()) {
      long roomId = jdbc.sql("INSERT INTO place_room (building_id, area_code, number, floor, occupancy) VALUES (:building, :area, :number, :floor, :occupancy) RETURNING id")
          .param("building", id).param("area", b.areaCode()).param("number", room.number()).param("floor", room.floor(), Types.INTEGER).param("occupancy", room.occupancy())
          .query(Long.class).single();
      for (HouseholdDraft household : room.households()) {
        // Its seal is bound to its number, which is there only then.
        long number = jdbc.sql("SELECT nextval(pg_get_serial_sequence('place_household', 'id'))").query(Long.class).single();
        jdbc.sql("INSERT INTO place_household (id, building_id, room_id, area_code, members, care, personal) VALUES (:id, :building, :room, :area, :members, :care, :personal)")
            .param("id", number).param("building", id).param("room", roomId).param("area", b.areaCode()).param("members", household.members())
            .param("care", household.care().toArray(String[]::new)).param("personal", sealed.seal(number, household.person()), Types.BINARY).update();
      }
    }
    for (Enterprise e : draft.enterprises()) {
      jdbc.sql("INSERT INTO place_enterprise (building_id, area_code, room, name, uscc, trade) VALUES (:building, :area, :room, :name, :uscc, :trade)").param("building", id)
          .param("area", b.areaCode()).param("room", e.room(), Types.VARCHAR).param("name", e.name()).param("uscc", e.uscc(), Types.VARCHAR)
          .param("trade", e.trade(), Types.VARCHAR).update();
    }
  }

  private long id(String ident) {
    return jdbc.sql("SELECT id FROM place_building WHERE ident = :ident").param("ident", ident).query(Long.class).optional()
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_BUILDING, "there is no building '" + ident + "' within your scope").zh("没有楼宇“" + ident + "”，或不在您的可见范围内"));
  }

  private static Building building(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Building(row.getString("ident"), row.getString("name"), row.getString("address"), row.getString("use"), row.getObject("floors", Integer.class),
        row.getObject("built", Integer.class), row.getString("area_code"), row.getDouble("lon"), row.getDouble("lat"), row.getInt("rooms"), row.getInt("households"),
        row.getInt("enterprises"), row.getInt("cared_for"));
  }

  private static String maskedName(String name) {
    return name == null ? null : name.substring(0, name.offsetByCodePoints(0, 1)) + "**";
  }

  private static String maskedPhone(String phone) {
    return phone == null ? null : phone.length() < 11 ? "****" : phone.substring(0, 3) + "****" + phone.substring(phone.length() - 4);
  }

  private static String text(JsonNode row, String field) throws Refused {
    JsonNode value = row.path(field);
    String text = value.isMissingNode() || value.isNull() ? "" : value.asString("").strip();
    if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
      throw new Refused(field + " must have at most " + LONGEST + " characters and no control characters");
    }
    return text.isEmpty() ? null : text;
  }

  private static Integer number(JsonNode row, String field, int least, int most) throws Refused {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw new Refused(field + " must be a whole number " + least + ".." + most + ", was " + value);
    }
    return value.asInt();
  }

  private static String oneOf(JsonNode row, String field, Set<String> allowed, String otherwise) throws Refused {
    String text = text(row, field);
    if (text != null && !allowed.contains(text)) {
      throw new Refused(field + " must be one of " + new java.util.TreeSet<>(allowed) + ", was '" + text + "'");
    }
    return text == null ? otherwise : text;
  }
}
