package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.BESIDE;
import static io.citywide.security.scope.ScopeGround.CITY;
import static io.citywide.security.scope.ScopeGround.WHERE;

import io.citywide.security.scope.Probe.Expected;
import java.util.Map;

/** Observations, watch rules, devices and SensorThings. */
final class SensingDoors extends Doors {

  SensingDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    observations();
    watchRules();
    devices();
    sensorThings();
  }

  private void observations() {
    Map<String, Object> line = Map.of("device", "nowhere", "values", Map.of("v", 1));
    free("POST /api/observations", 422, line);
    free("POST /api/observations:own", 401, line);
    free("POST /api/observations:compact", (c, t) -> c.send("POST", "/api/observations:compact", null), (c, t) -> "403");
    free("GET /api/observations/latest", 200);
    String one = "?device=nowhere&property=v";
    free("GET /api/observations/newest", "/api/observations/newest" + one, null, 404);
    free("GET /api/observations/sums", "/api/observations/sums" + one + "&step=DAY&from=0&to=1", null, 404);
  }

  /** A rule is also seen by who answers for a part of its area: it decides there too. */
  private void watchRules() {
    ground.asSystem(() -> {
      BESIDE.forEach((where, area) -> ground.jdbc().sql("""
          INSERT INTO sensing_rule (rule, version, state, document, name_zh, name_en, type_code, area_low, category, saved_name, saved_at)
          VALUES (:rule, 1, 'WITHDRAWN', 'rule: x', '矩阵', 'Matrix', 'smoke', :area, 'Fire', '矩阵', now())""")
          .param("rule", "matrix-" + where).param("area", area).update());
      return null;
    });
    Expected seen = (c, t) -> t.where().equals("sibling") ? "200 left out" : "200 shown";
    Expected idle = (c, t) -> t.where().equals("sibling") ? "404" : "409";
    listOfArea("GET /api/watch-rules", t -> "\"matrix-" + t.where() + "\"", (c, t) -> c.send("GET", "/api/watch-rules", null), seen);
    ofArea("GET /api/watch-rules/{rule}", (c, t) -> c.send("GET", "/api/watch-rules/matrix-" + t.where(), null),
        (c, t) -> t.where().equals("sibling") ? "404" : "200");
    ofArea("POST /api/watch-rules/{rule}/publish", (c, t) -> c.send("POST", "/api/watch-rules/matrix-" + t.where() + "/publish", Map.of("edit", 1)), idle);
    ofArea("POST /api/watch-rules/{rule}/withdraw", (c, t) -> c.send("POST", "/api/watch-rules/matrix-" + t.where() + "/withdraw", Map.of("version", 1)), idle);
    ofArea("DELETE /api/watch-rules/{rule}/draft", (c, t) -> c.send("DELETE", "/api/watch-rules/matrix-" + t.where() + "/draft?edit=1", null), idle);
    free("POST /api/watch-rules/check", 400);
    free("PUT /api/watch-rules/draft", 400);
    free("POST /api/watch-rules/rehearse", 400);
    free("GET /api/watch-sources", 200);
    free("PUT /api/watch-sources/{source}", (c, t) -> c.send("PUT", "/api/watch-sources/matrix", Map.of()), (c, t) -> "403");
  }

  private void devices() {
    String types = "/api/device-types";
    free("GET /api/device-types", 200);
    free("POST /api/device-types", (c, t) -> c.send("POST", types, Map.of("code", "x")), (c, t) -> "403");
    free("PUT /api/device-types/{code}", (c, t) -> c.send("PUT", types + "/nothing", Map.of("code", "x")), (c, t) -> "403");
    free("DELETE /api/device-types/{code}", (c, t) -> c.send("DELETE", types + "/nothing", null), (c, t) -> "403");
    listOfCases("GET /api/devices", t -> "\"" + t.device() + "\"", (c, t) -> c.send("GET", "/api/devices?limit=500&area=" + CITY, null));
    listOfCases("GET /api/devices:counts", t -> "\"NEW\":1", (c, t) -> c.send("GET", "/api/devices:counts?q=" + t.device(), null));
    listOfCases("GET /api/devices:groups", t -> "\"G-" + t.ident() + "\"", (c, t) -> c.send("GET", "/api/devices:groups?area=" + CITY, null));
    ofCase("GET /api/devices/{code}", 200, (c, t) -> c.send("GET", "/api/devices/" + t.device(), null));
    String values = "?property=smoke&from=0&to=1";
    ofCase("GET /api/devices/{code}/observations", 200, (c, t) -> c.send("GET", "/api/devices/" + t.device() + "/observations" + values, null));
    ofCase("GET /api/devices/{code}/observations.csv", 200, (c, t) -> c.send("GET", "/api/devices/" + t.device() + "/observations.csv" + values, null));
    free("POST /api/devices", 422);
    // An old version: whoever sees the device is told that it has moved on.
    ofCase("PUT /api/devices/{code}", 409, (c, t) -> c.send("PUT", "/api/devices/" + t.device(), Map.of("version", 0)));
    free("DELETE /api/devices/{code}", (c, t) -> c.send("DELETE", "/api/devices/nothing", null), (c, t) -> "404");
    ofCase("POST /api/devices/{code}/secret", 200, (c, t) -> c.send("POST", "/api/devices/" + t.device() + "/secret", null));
    ofCase("DELETE /api/devices/{code}/secret", 204, (c, t) -> c.send("DELETE", "/api/devices/" + t.device() + "/secret", null));
    ofCase("GET /api/devices/{code}/commands", 200, (c, t) -> c.send("GET", "/api/devices/" + t.device() + "/commands", null));
    ofCase("POST /api/devices/{code}/commands", 201,
        (c, t) -> c.send("POST", "/api/devices/" + t.device() + "/commands", Map.of("name", "mute", "reason", "消音检查")));
    free("POST /api/devices:import", 415);
  }

  private void sensorThings() {
    ground.targets().stream().limit(WHERE.size()).forEach(t -> ground.asSystem(() -> ground.jdbc().sql("""
        INSERT INTO sensing_sta_thing (name, description, area_code, owner_unit_id) VALUES (:name, 'of the matrix', :area, :unit)""")
        .param("name", "matrix-thing-" + t.where()).param("area", t.area()).param("unit", t.unit().id()).update()));
    String thing = "/sta/v1.1/Things(9999999999999)";
    free("GET /sta/v1.1", 200);
    free("GET /sta/v1.1/", 200);
    listOfArea("GET /sta/v1.1/**", t -> "matrix-thing-" + t.where(),
        (c, t) -> c.send("GET", "/sta/v1.1/Things?$filter=startswith(name,'matrix-thing')", null), shownInArea());
    free("POST /sta/v1.1/**", "/sta/v1.1/Things", Map.of(), 400);
    free("POST /sta/v1.1/CreateObservations", "/sta/v1.1/CreateObservations", Map.of(), 400);
    free("POST /sta/v1.1/$batch", "/sta/v1.1/$batch", Map.of(), 400);
    free("PATCH /sta/v1.1/**", thing, Map.of("name", "x"), 404);
    free("PUT /sta/v1.1/**", thing, Map.of("name", "x"), 404);
    free("DELETE /sta/v1.1/**", thing, null, 404);
  }
}
