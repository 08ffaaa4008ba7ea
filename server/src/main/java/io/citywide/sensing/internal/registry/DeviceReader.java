package io.citywide.sensing.internal.registry;

import io.citywide.grid.GridKeys;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.sensing.DeviceType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what is said of devices, by the types, areas and units as they are when it is made: no row asks the database. */
final class DeviceReader {

  static final Pattern CODE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final int LONGEST = 200;

  /**
   * A device in its right form. What was not said is {@code null}; so is the position as a whole.
   *
   * @param gridKey level 9
   * @param areaCode deepest area around it; {@code null} outside every boundary
   */
  record Read(String code, DeviceType type, String name, Double lon, Double lat, Long gridKey, String areaCode, String group, String component, String building,
      Long unitId, String source, Boolean enabled) {}

  private final DeviceDirectory directory;
  private final Places places;
  private final Map<String, Long> units;

  DeviceReader(DeviceDirectory directory, Places places, List<UnitRef> units) {
    this.directory = directory;
    this.places = places;
    // By code and by name, as people write them.
    this.units = units.stream().flatMap(unit -> Stream.of(Map.entry(unit.code(), unit.id()), Map.entry(unit.name(), unit.id())))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
  }

  /** @throws Refused where it is wrong in itself, lies outside the viewer's scope, or contradicts the device that is known by its code */
  Read read(DeviceDraft draft) throws Refused {
    String code = text("code", draft.code());
    if (code == null || !CODE.matcher(code).matches()) {
      throw new Refused("code", code, "code must be 1 to 64 of A-Z a-z 0-9 . _ : -, was '" + code + "'",
          "编码须为 1 至 64 位字母、数字或 . _ : -，现" + (code == null ? "为空" : "为“" + code + "”"));
    }
    Known known = directory.find(code).orElse(null);
    if (known != null && !covers(known.areaCode())) {
      throw new Refused("code", code, "device " + code + " is registered outside the area that you administer", "设备 " + code + " 登记在您管理的范围之外");
    }
    DeviceType type = type(text("type", draft.type()), known);
    if (draft.lon() == null != (draft.lat() == null) || known == null && draft.lon() == null) {
      String missing = draft.lon() == null ? "lon" : "lat";
      throw new Refused(missing, null, "lon and lat must be numbers in degrees, " + missing + " is missing", "经度和纬度应为以度为单位的数，缺" + (missing.equals("lon") ? "经度" : "纬度"));
    }
    String group = name("group", draft.group());
    String source = name("source", draft.source());
    Long unitId = unit(text("unit", draft.unit()));
    String component = text("component", draft.component());
    String building = text("building", draft.building());
    String name = text("name", draft.name());
    if (draft.lon() == null) {
      return new Read(code, type, name, null, null, null, null, group, component, building, unitId, source, draft.enabled());
    }
    CoordinateSystem.Position at = position(text("crs", draft.crs()), draft.lon(), draft.lat());
    String areaCode = places.locate(at.lon(), at.lat()).map(Spot::areaCode).orElse(null);
    if (!covers(areaCode)) {
      throw new Refused("lon", at.lon() + ", " + at.lat(), "the device stands " + (areaCode == null ? "outside every area" : "in " + places.describe(areaCode))
          + ", which is not within the area that you administer", "设备位于" + (areaCode == null ? "所有区域之外" : places.describe(areaCode)) + "，不在您管理的范围内");
    }
    return new Read(code, type, name, at.lon(), at.lat(), GridKeys.encode(at.lon(), at.lat(), 9), areaCode, group, component, building, unitId, source, draft.enabled());
  }

  /** As row-level security decides it: where there is no area, the whole city must be one's own. */
  private static boolean covers(String areaCode) {
    var scope = Viewer.current().area();
    return areaCode == null ? scope.wholeCity() : scope.covers(areaCode);
  }

  private DeviceType type(String code, Known known) throws Refused {
    if (code == null && known != null) {
      return known.type();
    }
    DeviceType type = code == null ? null : directory.types().get(code);
    if (type == null) {
      throw new Refused("type", code, code == null ? "type is missing; GET /api/device-types lists the types" : "there is no type '" + code + "'; GET /api/device-types lists the types",
          code == null ? "缺设备类型" : "没有设备类型“" + code + "”");
    }
    if (known != null && !known.typeCode().equals(code)) {
      throw new Refused("type", code, "device " + known.code() + " is a " + known.typeCode() + " and stays one; register the new device by a code of its own",
          "设备 " + known.code() + " 的类型是“" + known.type().nameZh() + "”，不能更改；新设备请用新编码登记");
    }
    return type;
  }

  private Long unit(String said) throws Refused {
    if (said == null) {
      return null;
    }
    Long id = units.get(said);
    if (id == null) {
      throw new Refused("unit", said, "there is no unit with the code or name '" + said + "'", "没有编码或名称为“" + said + "”的单位");
    }
    return id;
  }

  private static CoordinateSystem.Position position(String crs, double lon, double lat) throws Refused {
    CoordinateSystem system;
    try {
      system = crs == null ? CoordinateSystem.WGS84 : CoordinateSystem.valueOf(crs);
    } catch (IllegalArgumentException e) {
      throw new Refused("crs", crs, "crs must be WGS84, CGCS2000, GCJ02 or BD09, was '" + crs + "'", "坐标系应为 WGS84、CGCS2000、GCJ02 或 BD09，现为“" + crs + "”");
    }
    try {
      CoordinateSystem.Position at = system.toWgs84(lon, lat);
      if (Math.abs(at.lat()) < 88) {
        return at;
      }
      throw new Refused("lat", String.valueOf(lat), "latitude must be below 88 degrees, was " + at.lat(), "纬度应小于 88 度，现为 " + at.lat());
    } catch (IllegalArgumentException e) {
      throw new Refused(Math.abs(lat) <= 90 ? "lon" : "lat", lon + ", " + lat, e.getMessage(),
          "坐标无效：经度 " + lon + "，纬度 " + lat + (Math.abs(lat) > 90 && Math.abs(lon) <= 90 ? "；两者似乎颠倒，请互换" : ""));
    }
  }

  private static String name(String field, String said) throws Refused {
    String name = text(field, said);
    if (name != null && !CODE.matcher(name).matches()) {
      throw new Refused(field, name, field + " must be 1 to 64 of A-Z a-z 0-9 . _ : -, was '" + name + "'",
          (field.equals("group") ? "分组" : "来源") + "须为 1 至 64 位字母、数字或 . _ : -，现为“" + name + "”");
    }
    return name;
  }

  private static String text(String field, String said) throws Refused {
    if (said == null) {
      return null;
    }
    String text = said.strip();
    if (text.length() > LONGEST || text.indexOf(0) >= 0) {
      throw new Refused(field, text, field + " must have at most " + LONGEST + " characters and no zero byte, has " + text.length(),
          "最多 " + LONGEST + " 字且不含零字节，现有 " + text.length() + " 字");
    }
    return text.isEmpty() ? null : text;
  }
}
