package io.citywide.place.internal;

import io.citywide.grid.GridKeys;
import io.citywide.place.Component;
import io.citywide.place.Component.State;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.Kind;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.JsonNode;

/**
 * Reads one component of a batch. The identification code says the kind (district 6 + class 2 + kind 3 + sequence 6;
 * in GB/T 30428.2 the kind has 2 digits), so {@code kindId} is needed only for a local kind and must else agree.
 */
final class ComponentReader {

  /** Why a row is refused. */
  static final class Refused extends Exception {
    Refused(String reason) {
      super(reason, null, false, false);
    }
  }

  private final KindStore kinds;
  private final AreaStore areas;
  private final LocalDate today;

  ComponentReader(KindStore kinds, AreaStore areas, LocalDate today) {
    this.kinds = kinds;
    this.areas = areas;
    this.today = today;
  }

  Component read(JsonNode row) throws Refused {
    if (!row.isObject()) {
      throw new Refused("a component must be a JSON object");
    }
    String ident = text(row, "ident");
    if (ident == null || !ident.matches("[0-9]{16,17}")) {
      throw new Refused("ident must be 17 digits (district 6, class 2, kind 3, sequence 6) or 16 after GB/T 30428.2, was '" + ident + "'");
    }
    if (ident.startsWith("0")) {
      throw new Refused("ident must not begin with 0: no district's code does, was '" + ident + "'");
    }
    Kind kind = kind(row, ident);
    CoordinateSystem.Position at = position(row);
    long key = GridKeys.encode(at.lon(), at.lat(), 9);
    String name = text(row, "name");
    String accuracy = text(row, "accuracy");
    if (accuracy != null && !accuracy.matches("[ABC]")) {
      throw new Refused("accuracy must be A (±0.5 m), B (±1 m) or C (±10 m), was '" + accuracy + "'");
    }
    LocalDate recorded = day(row, "recordedOn");
    return new Component(ident, kind.id(), name == null ? kind.nameZh() : name, at.lon(), at.lat(), key,
        areas.areaCodeAt(at.lon(), at.lat(), key), text(row, "ownerCode"), state(row), accuracy, text(row, "source"),
        recorded == null ? today : recorded, day(row, "changedOn"));
  }

  private Kind kind(JsonNode row, String ident) throws Refused {
    String coded = ident.length() == 17 ? "gb47678.5-C" + ident.substring(6, 11) : "gb30428.2-C" + ident.substring(6, 10);
    String stated = text(row, "kindId");
    String id = stated == null ? coded : stated;
    Kind kind = kinds.findKind(id).orElseThrow(() -> new Refused("there is no kind '" + id + "'" + (stated == null ? ", which ident " + ident + " says" : "")));
    if (kind.family() != Kind.Family.COMPONENT) {
      throw new Refused(id + " is a matter, not a component");
    }
    if (stated != null && !stated.equals(coded) && stated.startsWith("gb")) {
      throw new Refused("ident " + ident + " says " + coded + ", kindId says " + stated);
    }
    return kind;
  }

  private static CoordinateSystem.Position position(JsonNode row) throws Refused {
    if (!row.path("lon").isNumber() || !row.path("lat").isNumber()) {
      throw new Refused("lon and lat must be numbers in degrees");
    }
    String crs = text(row, "crs");
    try {
      CoordinateSystem system = crs == null ? CoordinateSystem.WGS84 : CoordinateSystem.valueOf(crs);
      CoordinateSystem.Position at = system.toWgs84(row.path("lon").asDouble(), row.path("lat").asDouble());
      if (Math.abs(at.lat()) >= 88) {
        throw new Refused("latitude must be below 88 degrees, was " + at.lat());
      }
      return at;
    } catch (IllegalArgumentException e) {
      throw new Refused(e.getMessage());
    }
  }

  private static State state(JsonNode row) throws Refused {
    String text = text(row, "state");
    if (text == null) {
      return State.INTACT;
    }
    for (State state : State.values()) {
      if (state.name().equals(text) || state.nameZh().equals(text)) {
        return state;
      }
    }
    throw new Refused("state must be one of INTACT 完好, DAMAGED 破损, LOST 丢失, ABANDONED 废弃, REMOVED 移除, was '" + text + "'");
  }

  private static LocalDate day(JsonNode row, String field) throws Refused {
    String text = text(row, field);
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new Refused(field + " must be a day such as 2026-07-01, was '" + text + "'");
    }
  }

  private static String text(JsonNode row, String field) throws Refused {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    String text = value.asString("").strip();
    if (text.length() > 200 || text.indexOf(0) >= 0) {
      throw new Refused(field + " must have at most 200 characters");
    }
    return text.isEmpty() ? null : text;
  }
}
