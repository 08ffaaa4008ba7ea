package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.BESIDE;
import static io.citywide.security.scope.ScopeGround.CITY;
import static io.citywide.security.scope.ScopeGround.KIND;
import static io.citywide.security.scope.ScopeGround.WHERE;

import io.citywide.identity.Role;
import io.citywide.security.scope.Probe.Expected;
import java.util.List;
import java.util.Map;

/** People, units, keys, the logs, and who is responsible for what. */
final class AdministrationDoors extends Doors {

  AdministrationDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    people();
    dispatch();
  }

  private void people() {
    listOfArea("GET /api/people", t -> "\"" + t.person().login() + "\"", (c, t) -> c.send("GET", "/api/people?q=" + t.person().login(), null), shownInArea());
    ofArea("GET /api/people/{id}", (c, t) -> c.send("GET", "/api/people/" + t.person().personId(), null), inArea(200, 404));
    free("POST /api/people", 422);
    ofArea("PUT /api/people/{id}", (c, t) -> c.send("PUT", "/api/people/" + t.person().personId(), Map.of("name", "")), inArea(422, 404));
    ofArea("POST /api/people/{id}/password-reset", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/password-reset", Map.of()),
        inArea(200, 404));
    ofArea("POST /api/people/{id}/unlock", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/unlock", Map.of()), inArea(200, 404));
    ofArea("POST /api/people/{id}/reveal",
        (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")), inArea(200, 404));
    ofArea("POST /api/people/{id}/positions",
        (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/positions", Map.of("role", "LEADER", "areaCode", t.area())), inArea(422, 404));
    ofArea("DELETE /api/people/{id}/positions/{positionId}",
        (c, t) -> c.send("DELETE", "/api/people/" + t.person().personId() + "/positions/999999999", null), inArea(404, 404));
    // Units are reference data: all staff know them, administrators of their area change them.
    listOfArea("GET /api/units", t -> "\"" + t.unit().name() + "\"", (c, t) -> c.send("GET", "/api/units", null), (c, t) -> "200 shown");
    ofArea("POST /api/units",
        (c, t) -> c.send("POST", "/api/units", Map.of("code", t.unit().code(), "name", "x", "kind", "DEPARTMENT", "areaCode", t.area())), inArea(409, 403));
    ofArea("PUT /api/units/{id}", (c, t) -> c.send("PUT", "/api/units/" + t.unit().id(),
        Map.of("code", t.unit().code(), "name", t.unit().name(), "kind", "DEPARTMENT", "areaCode", t.area(), "parentId", t.unit().parentId())),
        inArea(200, 403));
    ofCase("GET /api/units/{id}/people", (c, t) -> c.send("GET", "/api/units/" + t.unit().id() + "/people", null),
        (c, t) -> c.role() != null && c.role().unitBound() && !t.ownUnit() ? "404" : "200");
    listOfArea("GET /api/api-keys", t -> t.keyName() + "\"", (c, t) -> c.send("GET", "/api/api-keys", null), shownInArea());
    free("POST /api/api-keys", 422);
    ofArea("DELETE /api/api-keys/{id}", (c, t) -> c.send("DELETE", "/api/api-keys/" + t.keyId(), null), inArea(204, 404));
    listOfArea("GET /api/api-keys/waiting", t -> t.keyName() + "\"", (c, t) -> c.send("GET", "/api/api-keys/waiting", null), shownInArea());
    // The key of this id needs no approval, so nothing is decided.
    ofArea("POST /api/api-keys/{id}/approve", (c, t) -> c.send("POST", "/api/api-keys/" + t.keyId() + "/approve", null), inArea(409, 404));
    ofArea("POST /api/api-keys/{id}/refuse", (c, t) -> c.send("POST", "/api/api-keys/" + t.keyId() + "/refuse", Map.of("reason", "x")), inArea(409, 404));
    listOfArea("GET /api/access-log", t -> "matrix.looked", (c, t) -> c.send("GET", "/api/access-log?limit=500&personId=" + t.person().personId(), null),
        shownInArea());
    free("GET /api/ledger/head", 200);
    free("GET /api/ledger/heads", 200);
    free("GET /api/ledger/keys", 200);
    // The ledger holds digests, not rows; its administrators read it whole or it proves nothing.
    free("GET /api/ledger/entries/{id}/receipt", "/api/ledger/entries/999999999/receipt", null, 404);
    free("GET /api/ledger/proof/consistency", "/api/ledger/proof/consistency?first=0", null, 422);
    free("GET /api/ledger/proof/inclusion", "/api/ledger/proof/inclusion?entry=999999999", null, 404);
  }

  private void dispatch() {
    // A rule of an area above holds here too, so it is shown; it is changed only there.
    listOfArea("GET /api/dispatch/rules", t -> "\"id\":" + t.ruleId() + ",", (c, t) -> c.send("GET", "/api/dispatch/rules?limit=1&after=" + (t.ruleId() - 1), null),
        (c, t) -> t.overlaps() ? "200 shown" : "200 left out");
    ofArea("POST /api/dispatch/rules",
        (c, t) -> c.send("POST", "/api/dispatch/rules", Map.of("kind", KIND, "areaCode", t.area(), "hours", "ANY", "leadUnitId", t.unit().id())), inArea(409, 403));
    Expected changed = (c, t) -> c.covers(t) ? "409" : t.overlaps() ? "403" : "404";
    ofArea("PUT /api/dispatch/rules/{id}", (c, t) -> c.send("PUT", "/api/dispatch/rules/" + t.ruleId(),
        Map.of("kind", KIND, "areaCode", t.area(), "hours", "ANY", "leadUnitId", t.unit().id(), "version", 999)), changed);
    ofArea("DELETE /api/dispatch/rules/{id}", (c, t) -> c.send("DELETE", "/api/dispatch/rules/" + (c.covers(t) ? 999999999 : t.ruleId()), null),
        (c, t) -> c.covers(t) || !t.overlaps() ? "404" : "403");
    free("POST /api/dispatch/rules:import", 422, "x");
    listOfArea("GET /api/dispatch/switches", t -> "\"" + t.area() + "\"", (c, t) -> c.send("GET", "/api/dispatch/switches", null),
        (c, t) -> t.overlaps() ? "200 shown" : "200 left out");
    ground.people().someone(Role.SHIFT_LEADER, CITY, null).client().put("/api/dispatch/switches",
        WHERE.stream().map(w -> Map.of("kind", KIND, "areaCode", BESIDE.get(w), "automatic", false)).toList());
    ofArea("PUT /api/dispatch/switches",
        (c, t) -> c.send("PUT", "/api/dispatch/switches", List.of(Map.of("kind", KIND, "areaCode", t.area(), "automatic", false))), inArea(200, 403));
  }
}
