package io.citywide.place.internal;

import io.citywide.grid.GridKeys;
import io.citywide.identity.AreaScope;
import io.citywide.place.Buildings.Use;
import io.citywide.place.CoordinateSystem;
import io.citywide.platform.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import tools.jackson.databind.JsonNode;

/** Reads one line of a batch of buildings, and says precisely what is wrong with it. */
final class BuildingLine {

  private static final int MOST_ROOMS = 5_000;
  private static final int MOST_ENTERPRISES = 5_000;
  private static final int MOST_HOUSEHOLDS = 50;
  private static final int MOST_CORNERS = 2_000;
  private static final int LONGEST = 200;

  /** How far the point of a building may lie outside its outline: some 30 m. */
  private static final double BESIDE_DEGREES = 0.0003;

  private static final Set<String> OCCUPANCIES = Set.of("OWNER", "RENTED", "VACANT", "BUSINESS", "UNKNOWN");

  record Household(int members, List<String> care, SealedPeople.Person person) {}

  record Room(String number, Integer floor, String occupancy, List<Household> households) {}

  record Enterprise(String name, String uscc, String trade, String room, SealedPeople.Person contact) {}

  /** How much is in a building. {@code care}: households by marker, as JSON. */
  record Counts(int rooms, int households, int enterprises, int caredFor, String care, int worst) {
    static final Counts NONE = new Counts(0, 0, 0, 0, "{}", 0);
  }

  /** A building as it was known. */
  record Known(String name, String address, Use use, Integer floors, Double height, Integer built, double lon, double lat, Counts counts) {}

  /** A building as it is to be. {@code rooms}, {@code enterprises}: {@code null} where they stay as they are. */
  record Read(String ident, String name, String address, Use use, Integer floors, Double height, Integer built, String areaCode, double lon, double lat, long key,
      Geometry outline, List<Room> rooms, List<Enterprise> enterprises, Counts counts) {}

  static final class Refused extends Exception {
    private final transient Words why;

    Refused(String en, String zh) {
      this(new Words(en, zh));
    }

    Refused(Words why) {
      super(why.en(), null, false, false);
      this.why = why;
    }

    Words why() {
      return why;
    }
  }

  private final AreaBook areas;
  private final AreaScope scope;
  private final Map<String, Integer> markers;

  /** @param markers grade by code */
  BuildingLine(AreaBook areas, AreaScope scope, Map<String, Integer> markers) {
    this.areas = areas;
    this.scope = scope;
    this.markers = markers;
  }

  /** The number of the building that a line is about. */
  static String ident(JsonNode row) throws Refused {
    if (!row.isObject()) {
      throw new Refused("a building must be a JSON object", "一行应为一个 JSON 对象");
    }
    String ident = text(row, "ident");
    if (ident == null || !ident.matches("[0-9A-Z-]{4,30}")) {
      throw new Refused("ident must be 4 to 30 of 0-9 A-Z -, was '" + ident + "'", "楼宇编号应为 4 至 30 位数字、大写字母或连字符，" + (ident == null ? "现为空" : "现为“" + ident + "”"));
    }
    return ident;
  }

  /**
   * What the line says, and of what it does not say what was known.
   *
   * @param known {@code null}: nothing yet
   */
  Read read(String ident, JsonNode row, Known known) throws Refused {
    String name = known != null && !row.has("name") ? known.name() : text(row, "name");
    if (name == null) {
      throw new Refused("name is missing", "缺名称");
    }
    CoordinateSystem system = CoordinateSystem.valueOf(oneOf(row, "crs", Arrays.stream(CoordinateSystem.values()).map(Enum::name).toList(), "WGS84"));
    Geometry outline = outline(row, system);
    Coordinate at = known != null && outline == null && !row.has("lon") && !row.has("lat") ? new Coordinate(known.lon(), known.lat()) : point(row, system, outline);
    long key = at == null ? 0 : GridKeys.encode(at.x, at.y, 9);
    String area = at == null ? null : areas.areaCodeAt(at.x, at.y, key);
    if (area == null) {
      throw nowhere(row, at);
    }
    if (!scope.covers(area)) {
      throw outside(ident);
    }
    Map<String, Integer> care = new LinkedHashMap<>();
    List<Room> rooms = known != null && !row.has("rooms") ? null : rooms(row, care);
    List<Enterprise> enterprises = known != null && !row.has("enterprises") ? null : enterprises(row);
    return new Read(ident, name, known != null && !row.has("address") ? known.address() : text(row, "address"),
        known != null && !row.has("use") ? known.use() : Use.valueOf(oneOf(row, "use", Arrays.stream(Use.values()).map(Enum::name).toList(), "OTHER")),
        known != null && !row.has("floors") ? known.floors() : number(row, "floors", 1, 200), known != null && !row.has("height") ? known.height() : height(row),
        known != null && !row.has("built") ? known.built() : number(row, "built", 1000, 2200), area, at.x, at.y, key, outline, rooms, enterprises,
        counts(rooms, enterprises, care, known == null ? Counts.NONE : known.counts()));
  }

  /** @param at {@code null} where it says no position, or one that is none */
  private Refused nowhere(JsonNode row, Coordinate at) {
    double lon = at == null ? row.path("lon").asDouble(Double.NaN) : at.x;
    double lat = at == null ? row.path("lat").asDouble(Double.NaN) : at.y;
    if (areas.bounds().isEmpty() || !Double.isFinite(lon) || !Double.isFinite(lat)) {
      return new Refused("lon and lat must be degrees within an area of the city, were " + row.path("lon") + ", " + row.path("lat"),
          "经度和纬度应为本市某一区域内的度数，现为 " + row.path("lon") + ", " + row.path("lat"));
    }
    return new Refused(areas.outside(lon, lat));
  }

  private Counts counts(List<Room> rooms, List<Enterprise> enterprises, Map<String, Integer> care, Counts known) {
    int businesses = enterprises == null ? known.enterprises() : enterprises.size();
    if (rooms == null) {
      return new Counts(known.rooms(), known.households(), businesses, known.caredFor(), known.care(), known.worst());
    }
    return new Counts(rooms.size(), rooms.stream().mapToInt(r -> r.households().size()).sum(), businesses,
        (int) rooms.stream().flatMap(r -> r.households().stream()).filter(h -> !h.care().isEmpty()).count(),
        care.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).collect(Collectors.joining(",", "{", "}")),
        care.keySet().stream().mapToInt(markers::get).max().orElse(0));
  }

  private static List<Enterprise> enterprises(JsonNode row) throws Refused {
    List<Enterprise> enterprises = new ArrayList<>();
    for (JsonNode e : list(row, "enterprises", MOST_ENTERPRISES)) {
      if (text(e, "name") == null) {
        throw new Refused("an enterprise needs a name", "企业缺名称");
      }
      enterprises.add(new Enterprise(text(e, "name"), text(e, "uscc"), text(e, "trade"), text(e, "room"), new SealedPeople.Person(text(e, "contact"), text(e, "phone"))));
    }
    return enterprises;
  }

  /** Also of a building that is known to lie elsewhere: whether it is, is told in no other words. */
  static Refused outside(String ident) {
    return new Refused("building " + ident + " lies outside the area that you administer", "楼宇 " + ident + " 不在您管理的范围内");
  }

  private List<Room> rooms(JsonNode row, Map<String, Integer> care) throws Refused {
    List<Room> rooms = new ArrayList<>();
    Set<String> numbers = new LinkedHashSet<>();
    for (JsonNode r : list(row, "rooms", MOST_ROOMS)) {
      String number = text(r, "number");
      if (number == null) {
        throw new Refused("a room needs a number", "房间缺房号");
      }
      if (!numbers.add(number)) {
        throw new Refused("room " + number + " appears twice", "房号 " + number + " 重复");
      }
      List<Household> households = new ArrayList<>();
      for (JsonNode h : list(r, "households", MOST_HOUSEHOLDS)) {
        households.add(household(h, care));
      }
      rooms.add(new Room(number, number(r, "floor", -10, 200), oneOf(r, "occupancy", OCCUPANCIES, "UNKNOWN"), households));
    }
    return rooms;
  }

  private Household household(JsonNode row, Map<String, Integer> counts) throws Refused {
    Set<String> care = new LinkedHashSet<>();
    for (JsonNode marker : list(row, "care", markers.size())) {
      if (!markers.containsKey(marker.asString(""))) {
        throw new Refused("there is no special-care marker '" + marker.asString("") + "'; there are " + new TreeSet<>(markers.keySet()),
            "没有重点关怀标记“" + marker.asString("") + "”；可用的有 " + String.join("、", new TreeSet<>(markers.keySet())));
      }
      care.add(marker.asString());
    }
    care.forEach(marker -> counts.merge(marker, 1, Integer::sum));
    Integer members = number(row, "members", 1, 50);
    return new Household(members == null ? 1 : members, List.copyOf(care), new SealedPeople.Person(text(row, "head"), text(row, "phone")));
  }

  private static Geometry outline(JsonNode row, CoordinateSystem system) throws Refused {
    Geometry outline;
    try {
      outline = GeoJson.read(row.path("outline"), system);
    } catch (GeoJson.Fault e) {
      throw new Refused("outline: " + e.getMessage(), "轮廓不是有效的 GeoJSON 图形");
    }
    if (outline == null) {
      return null;
    }
    if (outline.getDimension() != 2 || outline.isEmpty() || outline.getNumPoints() > MOST_CORNERS || !outline.isValid()) {
      throw new Refused("outline must be a Polygon or MultiPolygon of at most " + MOST_CORNERS + " corners that does not cross itself",
          "轮廓应为面（Polygon 或 MultiPolygon），最多 " + MOST_CORNERS + " 个角点且不自相交");
    }
    return outline;
  }

  /** Where it says, else a point within the outline; {@code null}: nowhere. */
  private static Coordinate point(JsonNode row, CoordinateSystem system, Geometry outline) throws Refused {
    double lon = row.path("lon").asDouble(Double.NaN);
    double lat = row.path("lat").asDouble(Double.NaN);
    if (Double.isNaN(lon) && Double.isNaN(lat) && outline != null) {
      return outline.getInteriorPoint().getCoordinate();
    }
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) < 88)) {
      return null;
    }
    CoordinateSystem.Position at = system.toWgs84(lon, lat);
    Point point = GeoJson.FACTORY.createPoint(new Coordinate(at.lon(), at.lat()));
    if (outline != null && !outline.isWithinDistance(point, BESIDE_DEGREES)) {
      throw new Refused("lon and lat lie more than 30 m outside the outline", "位置在轮廓之外超过 30 米");
    }
    return point.getCoordinate();
  }

  private static Double height(JsonNode row) throws Refused {
    JsonNode value = row.path("height");
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isNumber() || !(value.asDouble() > 0 && value.asDouble() <= 1000)) {
      throw new Refused("height must be metres above 0 and at most 1000, was " + value, "高度应为大于 0 且不超过 1000 的米数，现为 " + value);
    }
    return value.asDouble();
  }

  private static List<JsonNode> list(JsonNode row, String field, int most) throws Refused {
    JsonNode list = row.path(field);
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray() || list.size() > most) {
      throw new Refused(field + " must be a list of at most " + most + (list.isArray() ? ", has " + list.size() : ""),
          field + " 应为列表，最多 " + most + " 项" + (list.isArray() ? "，现有 " + list.size() + " 项" : ""));
    }
    return list.valueStream().toList();
  }

  private static String text(JsonNode row, String field) throws Refused {
    JsonNode value = row.path(field);
    String text = value.isMissingNode() || value.isNull() ? "" : value.asString("").strip();
    if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
      throw new Refused(field + " must have at most " + LONGEST + " characters and no control characters", field + " 最多 " + LONGEST + " 字，且不含控制字符");
    }
    return text.isEmpty() ? null : text;
  }

  private static Integer number(JsonNode row, String field, int least, int most) throws Refused {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw new Refused(field + " must be a whole number " + least + ".." + most + ", was " + value, field + " 应为 " + least + " 至 " + most + " 的整数，现为 " + value);
    }
    return value.asInt();
  }

  private static String oneOf(JsonNode row, String field, Collection<String> allowed, String otherwise) throws Refused {
    String text = text(row, field);
    if (text != null && !allowed.contains(text)) {
      throw new Refused(field + " must be one of " + new TreeSet<>(allowed) + ", was '" + text + "'",
          field + " 应为以下之一：" + String.join("、", new TreeSet<>(allowed)) + "，现为“" + text + "”");
    }
    return text == null ? otherwise : text;
  }
}
