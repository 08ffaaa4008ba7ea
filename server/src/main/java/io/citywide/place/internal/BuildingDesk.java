package io.citywide.place.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Purpose;
import io.citywide.place.Area;
import io.citywide.place.Buildings;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Geometry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * One building, one file (一楼一档): its rooms, and who lives and works in them. Row-level security shows only what lies in
 * the viewer's area; who somebody is lies sealed, is shown masked, and in clear for a purpose that is logged first.
 */
@Component
public class BuildingDesk {

  /** A building in a list. {@code height}: metres, of the floors where nobody measured; {@code caredFor}: households with a special-care marker. */
  public record Building(String ident, String name, String address, String use, Integer floors, Double height, Integer built, String areaCode, double lon, double lat,
      int rooms, int households, int enterprises, int caredFor) {}

  /** @param occupancy OWNER 自住, RENTED 出租, VACANT 空置, BUSINESS 经营, UNKNOWN 不明 */
  public record Count(String occupancy, long rooms) {}

  /** @param grade how urgently to look after them when something happens, 0..4 */
  public record Care(String code, String nameZh, String nameEn, int grade, long households) {}

  /** An enterprise; whom to call there is masked. {@code sealBroken}: it was kept, but cannot be opened. */
  public record Enterprise(long id, String name, String uscc, String trade, String room, String contact, String phone, boolean sealBroken) {}

  /** @param floor counted from the ground, below it negative; {@code null}: not known */
  public record Room(String number, Integer floor, String occupancy) {}

  /** @param care counts by marker; {@code null} for whoever may not see households */
  public record BuildingFile(Building building, List<Count> occupancy, List<Enterprise> enterprises, List<Care> care, List<Room> rooms) {}

  /** A household, masked. {@code sealBroken}: who it is was kept, but cannot be opened. */
  public record Household(long id, String room, String occupancy, int members, List<String> care, String head, String phone, boolean sealBroken) {}

  /** A household in clear. */
  public record Revealed(String head, String phone) {}

  /** Whom to call in an enterprise, in clear. */
  public record Contact(String contact, String phone) {}

  /** What lies in an area. */
  public record AreaCount(String areaCode, long buildings, long rooms, long households, long enterprises, long caredFor) {}

  private static final String COLUMNS = "ident, name, address, use, floors, coalesce(height, floors * 3) AS height, built, area_code, lon, lat, rooms, households, enterprises, cared_for";

  private final JdbcClient jdbc;
  private final BuildingStore register;
  private final AreaStore areas;
  private final SealedHouseholds sealed;
  private final SealedContacts contacts;
  private final AccessLog access;

  BuildingDesk(JdbcClient jdbc, BuildingStore register, AreaStore areas, SealedHouseholds sealed, SealedContacts contacts, AccessLog access) {
    this.jdbc = jdbc;
    this.register = register;
    this.areas = areas;
    this.sealed = sealed;
    this.contacts = contacts;
    this.access = access;
  }

  /**
   * Buildings in the order of their numbers.
   *
   * @param area code of an area; {@code null}: all in sight
   * @param words part of the name or address; {@code null}: any
   */
  @Transactional(readOnly = true)
  public Slice<Building> list(String area, String words, String after, int limit) {
    var scope = area == null || area.isBlank() ? AreaScope.ALL : AreaScope.of(area);
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
        jdbc.sql("SELECT id, name, uscc, trade, room, personal FROM place_enterprise WHERE building_id = :id ORDER BY name, id").param("id", id).query((row, n) -> {
          SealedPeople.Opened opened = contacts.openOrTell(row.getLong(1), row.getBytes(6));
          return new Enterprise(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5), maskedName(opened.person().name()),
              maskedPhone(opened.person().phone()), opened.broken());
        }).list(),
        !withCare ? null : jdbc.sql("""
            SELECT m.code, m.name_zh, m.name_en, m.grade, count(*) FROM place_household h CROSS JOIN unnest(h.care) AS c (code) JOIN place_care_marker m ON m.code = c.code
            WHERE h.building_id = :id GROUP BY m.code ORDER BY m.grade DESC, m.code""").param("id", id)
            .query((row, n) -> new Care(row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getLong(5))).list(),
        jdbc.sql("SELECT number, floor, occupancy FROM place_room WHERE building_id = :id ORDER BY number").param("id", id)
            .query((row, n) -> new Room(row.getString(1), row.getObject(2, Integer.class), row.getString(3))).list());
  }

  /** Its outline, WGS-84, where it is known. */
  @Transactional(readOnly = true)
  public Optional<Geometry> outline(String ident) {
    return register.find(ident).map(Buildings.Building::outline);
  }

  /** Its households, masked, in the order of their rooms. */
  @Transactional(readOnly = true)
  public List<Household> households(String ident) {
    return jdbc.sql("""
        SELECT h.id, r.number, r.occupancy, h.members, h.care, h.personal FROM place_household h JOIN place_room r ON r.id = h.room_id
        WHERE h.building_id = :id ORDER BY r.number, h.id""").param("id", id(ident))
        .query((row, n) -> {
          SealedPeople.Opened opened = sealed.openOrTell(row.getLong(1), row.getBytes(6));
          return new Household(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), List.of((String[]) row.getArray(5).getArray()),
              maskedName(opened.person().name()), maskedPhone(opened.person().phone()), opened.broken());
        }).list();
  }

  /** A household in clear; the look is on record, or there is no look. */
  @Transactional
  public Revealed reveal(long household, Purpose purpose) {
    SealedPeople.Person person = jdbc.sql("SELECT personal FROM place_household WHERE id = :id").param("id", household)
        .query((row, n) -> sealed.open(household, row.getBytes(1))).optional()
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_HOUSEHOLD, "there is no household " + household + " within your scope").zh("没有此住户，或不在您的可见范围内"));
    access.record("personal-data.revealed", "household:" + household, "done", purpose.details(List.of("head", "phone")));
    return new Revealed(person.name(), person.phone());
  }

  /** Whom to call in an enterprise; the look is on record, or there is no look. */
  @Transactional
  public Contact revealContact(long enterprise, Purpose purpose) {
    SealedPeople.Person person = jdbc.sql("SELECT personal FROM place_enterprise WHERE id = :id").param("id", enterprise)
        .query((row, n) -> contacts.open(enterprise, row.getBytes(1))).optional()
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_ENTERPRISE, "there is no enterprise " + enterprise + " within your scope").zh("没有此企业，或不在您的可见范围内"));
    access.record("personal-data.revealed", "enterprise:" + enterprise, "done", purpose.details(List.of("contact", "phone")));
    return new Contact(person.name(), person.phone());
  }

  /** What lies in each area directly below {@code area}; in the area itself where it has none below. */
  @Transactional(readOnly = true)
  public List<AreaCount> counts(String area) {
    List<String> children = areas.listChildren(area).stream().map(Area::code).toList();
    List<Buildings.Sum> sums = register.sums(AreaScope.of(area));
    return (children.isEmpty() ? List.of(area) : children).stream().map(code -> {
      AreaScope scope = AreaScope.of(code);
      Map<String, Long> figures = sums.stream().filter(s -> scope.covers(s.areaCode()))
          .collect(Collectors.groupingBy(s -> s.figure().startsWith("USE:") ? "BUILDINGS" : s.figure(), Collectors.summingLong(Buildings.Sum::n)));
      return new AreaCount(code, figures.getOrDefault("BUILDINGS", 0L), figures.getOrDefault("ROOMS", 0L), figures.getOrDefault(Buildings.HOUSEHOLDS, 0L),
          figures.getOrDefault("ENTERPRISES", 0L), figures.getOrDefault("CARED_FOR", 0L));
    }).toList();
  }

  private long id(String ident) {
    return jdbc.sql("SELECT id FROM place_building WHERE ident = :ident").param("ident", ident).query(Long.class).optional()
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_BUILDING, "there is no building '" + ident + "' within your scope").zh("没有楼宇“" + ident + "”，或不在您的可见范围内"));
  }

  private static Building building(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Building(row.getString("ident"), row.getString("name"), row.getString("address"), row.getString("use"), row.getObject("floors", Integer.class),
        row.getObject("height", Double.class), row.getObject("built", Integer.class), row.getString("area_code"), row.getDouble("lon"), row.getDouble("lat"), row.getInt("rooms"), row.getInt("households"),
        row.getInt("enterprises"), row.getInt("cared_for"));
  }

  private static String maskedName(String name) {
    return name == null ? null : name.substring(0, name.offsetByCodePoints(0, 1)) + "**";
  }

  private static String maskedPhone(String phone) {
    return phone == null ? null : phone.length() < 11 ? "****" : phone.substring(0, 3) + "****" + phone.substring(phone.length() - 4);
  }
}
