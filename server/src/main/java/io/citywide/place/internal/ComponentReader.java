package io.citywide.place.internal;

import io.citywide.grid.GridKeys;
import io.citywide.place.Component;
import io.citywide.place.Component.State;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.Kind;
import io.citywide.platform.Words;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * Reads one component of a batch or an import. The identification code says the kind (district 6 + class 2 + kind 3 +
 * sequence 6; in GB/T 30428.2 the kind has 2 digits), so {@code kindId} is needed only for a local kind and must else agree.
 */
final class ComponentReader {

  private static final int LONGEST = 200;

  /** What a row says, before anything is known of it; {@code null} where it says nothing. */
  record Said(String ident, String kindId, String name, String lon, String lat, String crs, String ownerCode, String state, String accuracy,
      String source, String recordedOn, String changedOn) {}

  /**
   * A row in its right form. What it did not say is {@code null}: an import keeps what is known of that.
   *
   * @param at in WGS-84
   * @param areaCode deepest area around it; {@code null} outside every boundary
   */
  record Read(String ident, Kind kind, String name, CoordinateSystem system, CoordinateSystem.Position at, long gridKey, String areaCode,
      String ownerCode, State state, String accuracy, String source, LocalDate recordedOn, LocalDate changedOn) {

    /** As a component of its own: what was not said is the kind's name, intact, recorded today. */
    Component component(LocalDate today) {
      return new Component(ident, kind.id(), name == null ? kind.nameZh() : name, at.lon(), at.lat(), gridKey, areaCode, ownerCode,
          state == null ? State.INTACT : state, accuracy, source, recordedOn == null ? today : recordedOn, changedOn);
    }
  }

  /** Why a row is refused; the message says how to mend it. */
  static final class Refused extends Exception {
    private final String field;
    private final String value;
    private final transient Words why;

    Refused(Words why) {
      this(null, null, why);
    }

    Refused(String field, String value, Words why) {
      super(why.en(), null, false, false);
      this.field = field;
      this.value = value;
      this.why = why;
    }

    /** Name of the field that is at fault; {@code null}: the row as a whole. */
    String field() {
      return field;
    }

    String value() {
      return value;
    }

    Words why() {
      return why;
    }
  }

  private final Map<String, Kind> kinds;
  private final AreaBook areas;
  private String lastDay;
  private LocalDate lastDate;

  /** Reads by the catalogue and the areas as they are now: a row more or less of them must not matter within one file, and no row asks the database. */
  ComponentReader(KindStore kinds, AreaStore areas) {
    this.kinds = kinds.byId();
    this.areas = areas.now();
  }

  Read read(Said row) throws Refused {
    String ident = text("ident", row.ident);
    if (ident == null || !digits(ident) || ident.length() < 16 || ident.length() > 17) {
      throw new Refused("ident", ident, new Words("ident must be 17 digits (district 6, class 2, kind 3, sequence 6) or 16 after GB/T 30428.2, was '" + ident + "'"
          + (ident == null ? "" : " with " + ident.length() + " characters"),
          "标识码应为 17 位数字（行政区划 6 位、大类 2 位、小类 3 位、顺序号 6 位），或按 GB/T 30428.2 为 16 位，" + (ident == null ? "现为空" : "现为“" + ident + "”，共 " + ident.length() + " 位")));
    }
    if (ident.charAt(0) == '0') {
      throw new Refused("ident", ident, new Words("ident must not begin with 0: no district's code does, was '" + ident + "'", "标识码不能以 0 开头：没有这样的行政区划代码，现为“" + ident + "”"));
    }
    Kind kind = kind(text("kindId", row.kindId), ident);
    CoordinateSystem system = system(text("crs", row.crs));
    CoordinateSystem.Position at = position(system, degrees("lon", row.lon), degrees("lat", row.lat));
    long key = GridKeys.encode(at.lon(), at.lat(), 9);
    String accuracy = text("accuracy", row.accuracy);
    if (accuracy != null && !(accuracy.equals("A") || accuracy.equals("B") || accuracy.equals("C"))) {
      throw new Refused("accuracy", accuracy, new Words("accuracy must be A (±0.5 m), B (±1 m) or C (±10 m), was '" + accuracy + "'",
          "定位精度应为 A（±0.5 米）、B（±1 米）或 C（±10 米），现为“" + accuracy + "”"));
    }
    return new Read(ident, kind, text("name", row.name), system, at, key, areas.areaCodeAt(at.lon(), at.lat(), key), text("ownerCode", row.ownerCode),
        state(text("state", row.state)), accuracy, text("source", row.source), day("recordedOn", row.recordedOn), day("changedOn", row.changedOn));
  }

  private Kind kind(String stated, String ident) throws Refused {
    String coded = ident.length() == 17 ? "gb47678.5-C" + ident.substring(6, 11) : "gb30428.2-C" + ident.substring(6, 10);
    String id = stated == null ? coded : stated;
    Kind kind = kinds.get(id);
    if (kind == null) {
      throw new Refused("kindId", id, new Words("there is no kind '" + id + "'"
          + (stated == null ? ", which ident " + ident + " says; correct the code or name a kind of the catalogue" : "; GET /api/kinds lists them"),
          "类别目录中没有“" + id + "”" + (stated == null ? "（由标识码 " + ident + " 得出）；请更正标识码或填写目录中的类别" : "；请填写目录中的类别")));
    }
    if (kind.family() != Kind.Family.COMPONENT) {
      throw new Refused("kindId", id, new Words(id + " is a matter, not a component; use " + id.replace("-M", "-C"), id + " 是事件类别而不是部件类别；请用 " + id.replace("-M", "-C")));
    }
    if (stated != null && !stated.equals(coded) && stated.startsWith("gb")) {
      throw new Refused("kindId", stated, new Words("ident " + ident + " says " + coded + ", kindId says " + stated, "标识码 " + ident + " 表示类别 " + coded + "，所填类别为 " + stated + "，两者不一致"));
    }
    return kind;
  }

  private static Double degrees(String field, String text) throws Refused {
    try {
      return text == null || text.isBlank() ? null : Double.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw new Refused(field, text, new Words("lon and lat must be numbers in degrees, " + field + " was '" + text + "'", "经度和纬度应为以度为单位的数，现为“" + text + "”"));
    }
  }

  private static CoordinateSystem system(String crs) throws Refused {
    try {
      return crs == null ? CoordinateSystem.WGS84 : CoordinateSystem.valueOf(crs);
    } catch (IllegalArgumentException e) {
      throw new Refused("crs", crs, new Words("crs must be WGS84, CGCS2000, GCJ02 or BD09, was '" + crs + "'", "坐标系应为 WGS84、CGCS2000、GCJ02 或 BD09，现为“" + crs + "”"));
    }
  }

  private static CoordinateSystem.Position position(CoordinateSystem system, Double lon, Double lat) throws Refused {
    if (lon == null || lat == null) {
      throw new Refused(lon == null ? "lon" : "lat", null, new Words("lon and lat must be numbers in degrees, " + (lon == null ? "lon" : "lat") + " is missing",
          "经度和纬度应为以度为单位的数，缺" + (lon == null ? "经度" : "纬度")));
    }
    try {
      CoordinateSystem.Position at = system.toWgs84(lon, lat);
      if (Math.abs(at.lat()) >= 88) {
        throw new Refused("lat", lat.toString(), new Words("latitude must be below 88 degrees, was " + at.lat(), "纬度应小于 88 度，现为 " + at.lat()));
      }
      return at;
    } catch (IllegalArgumentException e) {
      throw new Refused(Math.abs(lat) <= 90 ? "lon" : "lat", lon + ", " + lat, new Words(e.getMessage(),
          "坐标无效：经度 " + lon + "，纬度 " + lat + (Math.abs(lat) > 90 && Math.abs(lon) <= 90 ? "；两者似乎颠倒，请互换" : "")));
    }
  }

  private static State state(String text) throws Refused {
    if (text == null) {
      return null;
    }
    for (State state : State.values()) {
      if (state.name().equals(text) || state.nameZh().equals(text)) {
        return state;
      }
    }
    throw new Refused("state", text, new Words("state must be one of INTACT 完好, DAMAGED 破损, LOST 丢失, ABANDONED 废弃, REMOVED 移除, was '" + text + "'",
        "状态应为完好、破损、丢失、废弃或移除，现为“" + text + "”"));
  }

  private LocalDate day(String field, String said) throws Refused {
    String text = text(field, said);
    if (text == null) {
      return null;
    }
    if (text.equals(lastDay)) {
      return lastDate;
    }
    try {
      lastDate = LocalDate.parse(text);
      lastDay = text;
      return lastDate;
    } catch (DateTimeParseException e) {
      throw new Refused(field, text, new Words(field + " must be a day such as 2026-07-01, was '" + text + "'", "应为日期，如 2026-07-01，现为“" + text + "”"));
    }
  }

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String text(String field, String said) throws Refused {
    if (said == null) {
      return null;
    }
    String text = said.strip();
    if (text.length() > LONGEST || text.indexOf(0) >= 0) {
      throw new Refused(field, text.substring(0, Math.min(40, text.length())), new Words(field + " must have at most " + LONGEST + " characters and no zero byte, has " + text.length(),
          "最多 " + LONGEST + " 字且不含零字节，现有 " + text.length() + " 字"));
    }
    return text.isEmpty() ? null : text;
  }
}
