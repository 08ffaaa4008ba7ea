package io.citywide.security.scope;

import io.citywide.security.scope.Probe.Call;
import io.citywide.security.scope.Probe.Expected;
import io.citywide.security.scope.Probe.Rows;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Endpoints of one domain with how each is tried. To add an endpoint, write a line in the list of its domain: {@link #free} where it is
 * about no row with a place, else what its answer says of a row. An endpoint is named by its verb and pattern.
 */
abstract class Doors {

  /** What the rows are, and whom one can ask. */
  final ScopeGround ground;
  private final Map<String, Probe> probes = new LinkedHashMap<>();

  Doors(ScopeGround ground) {
    this.ground = ground;
  }

  /** Names the endpoints in the order in which they are tried, and makes what they show. */
  abstract void list();

  /** The probes by the names of their endpoints. */
  final Map<String, Probe> probes() {
    list();
    return probes;
  }

  /** An endpoint about no row with a place: with the permission, {@code status}. */
  final void free(String door, int status) {
    free(door, status, door.startsWith("GET") || door.startsWith("DELETE") ? null : Map.of());
  }

  final void free(String door, int status, Object body) {
    free(door, door.substring(door.indexOf(' ') + 1), body, status);
  }

  final void free(String door, String path, Object body, int status) {
    free(door, (c, t) -> c.send(door.substring(0, door.indexOf(' ')), path, body), (c, t) -> String.valueOf(status));
  }

  final void free(String door, Call call, Expected expected) {
    add(door, new Probe(Rows.NONE, call, null, expected));
  }

  /** One row of a case: {@code status} where the case is in sight, else as if it were not there. */
  final void ofCase(String door, int status, Call call) {
    ofCase(door, call, (c, t) -> c.sees(t) ? String.valueOf(status) : "404");
  }

  final void ofCase(String door, Call call, Expected expected) {
    add(door, new Probe(Rows.CASE, call, null, expected));
  }

  /** A list: shows the row of a case or leaves it out. */
  final void listOfCases(String door, Function<Target, String> marker, Call call) {
    listOfCases(door, marker, call, (c, t) -> c.sees(t) ? "200 shown" : "200 left out");
  }

  final void listOfCases(String door, Function<Target, String> marker, Call call, Expected expected) {
    add(door, new Probe(Rows.CASE, call, marker, expected));
  }

  /** One row of an area. */
  final void ofArea(String door, Call call, Expected expected) {
    add(door, new Probe(Rows.AREA, call, null, expected));
  }

  /** A list: shows the row of an area or leaves it out. */
  final void listOfArea(String door, Function<Target, String> marker, Call call, Expected expected) {
    add(door, new Probe(Rows.AREA, call, marker, expected));
  }

  private void add(String door, Probe probe) {
    if (probes.put(door, probe) != null) {
      throw new IllegalStateException(door + " is listed twice");
    }
  }

  static Expected inArea(int status, int beyond) {
    return (c, t) -> String.valueOf(c.covers(t) ? status : beyond);
  }

  static Expected shownInArea() {
    return (c, t) -> c.covers(t) ? "200 shown" : "200 left out";
  }
}
