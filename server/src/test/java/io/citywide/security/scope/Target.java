package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.PLACES;

import io.citywide.identity.UnitRef;
import io.citywide.identity.internal.TestPeople.Someone;
import java.util.List;
import java.util.Map;

/** Rows in one place: a case with its signal and photo, led by a unit of its own, and what else an area has. */
record Target(String where, boolean ownUnit, String area, UnitRef unit, long caseId, String caseNo, long signalId, String text, String photo, Someone person,
    long ruleId, long keyId, String keyName, String ident) {

  String name() {
    return where + (ownUnit ? "" : ", other unit");
  }

  /** Whether its area holds the callers', or lies in it. */
  boolean overlaps() {
    return !where.equals("sibling");
  }

  /** Code of its device. */
  String device() {
    return "D-" + ident;
  }

  /** A component in its grid; the parent's stands in the sibling's half, where only the parent reaches. */
  Map<String, Object> component() {
    double x = where.equals("own") || where.equals("child") ? 0.5 : 2.5;
    List<Double> at = PLACES.at(x, where.equals("parent") ? 1.5 : 0.5);
    return Map.of("ident", ident, "kindId", "gb47678.5-C01037", "name", "路灯", "lon", at.get(0), "lat", at.get(1));
  }

  /** A building where the component is. */
  Map<String, Object> building() {
    return Map.of("ident", "B-" + ident, "name", "楼", "lon", component().get("lon"), "lat", component().get("lat"));
  }
}
