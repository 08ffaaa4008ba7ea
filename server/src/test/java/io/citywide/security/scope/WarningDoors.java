package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.CITY;

import io.citywide.TestClient;
import io.citywide.identity.Role;
import io.citywide.security.scope.Probe.Expected;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Map;

/** Warnings, routes and alarms of cameras. */
final class WarningDoors extends Doors {

  WarningDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    ground.targets().forEach(t -> ground.asSystem(() -> {
      ground.jdbc().sql("""
              INSERT INTO sensing_warning (origin, rule_code, rule_version, name_zh, name_en, subject, subject_zh, subject_en, number, category, state, grade, worst, since, grade_since,
                changed_at, ended_at, reason_zh, reason_en, last_alarm_at, area_code, owner_unit_id, steps)
              VALUES ('WATCH', 'matrix', 1, '矩阵', 'Matrix', :subject, '点', 'Point', 1, 'Fire', 'ENDED', 4, 4, now(), now(), now(), now(), '越限', 'above', now(), :area, :unit, 1)""")
          .param("subject", warned(t)).param("area", t.area()).param("unit", t.unit().id()).update();
      return ground.jdbc().sql("""
              INSERT INTO sensing_warning_step (warning_id, seq, act, grade, at, written_at, reason_zh, reason_en, cap_id, cap_sent)
              SELECT id, 1, 'RAISED', 4, now(), now(), '越限', 'above', :cap, now() FROM sensing_warning WHERE subject = :subject""")
          .param("subject", warned(t)).param("cap", warned(t)).update();
    }));
    listOfCases("GET /api/warnings", t -> "\"" + warned(t) + "\"", (c, t) -> c.send("GET", "/api/warnings?limit=500", null));
    free("GET /api/warnings/tally", 200);
    free("GET /api/warnings/inbox", 200);
    free("GET /api/warnings/situations", 200);
    listOfCases("GET /api/warnings/hotspots", t -> "subject:" + warned(t) + "\"",
        (c, t) -> c.send("GET", "/api/warnings/hotspots?limit=500&month=" + YearMonth.now(), null));
    free("GET /api/warnings/hotspots.xlsx", "/api/warnings/hotspots.xlsx?month=2020-01", null, 200);
    ofCase("GET /api/warnings/{id}", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t), null));
    ofCase("POST /api/warnings/{id}/acknowledge", 409, (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/acknowledge", Map.of()));
    ofCase("POST /api/warnings/{id}/end", 409, (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/end", Map.of("verdict", "REAL", "reason", "已处理")));
    free("POST /api/warnings/{id}/notes", "/api/warnings/999999999/notes", Map.of("text", "x"), 404);
    ofCase("POST /api/warnings/{id}/public", 200,
        (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/public", Map.of("open", false, "reason", "无需公开")));
    ofCase("GET /api/warnings/{id}/cap.xml", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t) + "/cap.xml", null));
    ofCase("GET /api/warnings/{id}/cap.json", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t) + "/cap.json", null));
    listOfCases("GET /api/warnings/feed.atom", t -> ":" + warned(t) + "<", (c, t) -> c.send("GET", "/api/warnings/feed.atom", null));
    free("GET /api/public/warnings/feed.atom", 200);
    free("GET /api/public/warnings/{id}/cap.xml", "/api/public/warnings/" + warningId(ground.targets().getFirst()) + "/cap.xml", null, 404);
    ofCase("GET /api/signals/of-source", 404, (c, t) -> c.send("GET", "/api/signals/of-source?system=none&ref=" + t.unit().id(), null));
    TestClient leader = ground.people().someone(Role.SHIFT_LEADER, CITY, null).client();
    Map<Target, Long> routes = new LinkedHashMap<>();
    ground.targets().forEach(t -> routes.put(t, leader.post("/api/warning-routes", route(t)).json().path("route").path("id").asLong()));
    listOfArea("GET /api/warning-routes", t -> "\"id\":" + routes.get(t) + ",", (c, t) -> c.send("GET", "/api/warning-routes", null),
        (c, t) -> t.overlaps() ? "200 shown" : "200 left out");
    ofArea("POST /api/warning-routes", (c, t) -> c.send("POST", "/api/warning-routes", route(t)), inArea(409, 403));
    Expected ofRoute = (c, t) -> c.covers(t) ? "409" : t.overlaps() ? "403" : "404";
    ofArea("PUT /api/warning-routes/{id}", (c, t) -> {
      Map<String, Object> body = new LinkedHashMap<>(route(t));
      body.put("version", 999);
      return c.send("PUT", "/api/warning-routes/" + routes.get(t), body);
    }, ofRoute);
    ofArea("POST /api/warning-routes/{id}/secret", (c, t) -> c.send("POST", "/api/warning-routes/" + routes.get(t) + "/secret", Map.of()),
        (c, t) -> c.covers(t) ? "422" : t.overlaps() ? "403" : "404");
    ofArea("DELETE /api/warning-routes/{id}", (c, t) -> c.send("DELETE", "/api/warning-routes/" + (c.covers(t) ? 999999999 : routes.get(t)), null),
        (c, t) -> c.covers(t) || !t.overlaps() ? "404" : "403");
    // Of a person's own browsers; a machine has none.
    Expected own = (c, t) -> c.role() == null ? "403" : "200";
    free("GET /api/warning-push", (c, t) -> c.send("GET", "/api/warning-push", null), own);
    free("POST /api/warning-push", (c, t) -> c.send("POST", "/api/warning-push", Map.of()), (c, t) -> c.role() == null ? "403" : "422");
    free("PUT /api/warning-push/{id}", (c, t) -> c.send("PUT", "/api/warning-push/999999999", Map.of("lang", "zh")),
        (c, t) -> c.role() == null ? "403" : "404");
    free("DELETE /api/warning-push/{id}", (c, t) -> c.send("DELETE", "/api/warning-push/999999999", null), (c, t) -> c.role() == null ? "403" : "404");
    free("GET /api/alarms/camera", 200);
    free("POST /api/alarms/camera", 422, Map.of("camera", "none", "class", "none"));
    free("POST /api/alarms/gb28181", (c, t) -> c.send("POST", "/api/alarms/gb28181", "<Notify/>"), (c, t) -> "422");
    free("GET /api/alarms/camera/{id}/picture", "/api/alarms/camera/999999999/picture", null, 404);
    free("GET /api/camera-classes", 200);
    free("PUT /api/camera-classes/{code}", "/api/camera-classes/none", Map.of(), 422);
    free("GET /api/camera-consents", 200);
    ofArea("PUT /api/camera-consents/{unitId}/{code}", (c, t) -> c.send("PUT", "/api/camera-consents/" + t.unit().id() + "/none", Map.of("reason", "x")),
        inArea(422, 403));
    ofArea("DELETE /api/camera-consents/{unitId}/{code}", (c, t) -> c.send("DELETE", "/api/camera-consents/" + t.unit().id() + "/none", null),
        inArea(422, 403));
  }

  private static String warned(Target t) {
    return "MATRIX-" + t.caseNo();
  }

  private long warningId(Target t) {
    return ground.asSystem(() -> ground.jdbc().sql("SELECT id FROM sensing_warning WHERE subject = :subject")
        .param("subject", warned(t)).query(Long.class).single());
  }

  private static Map<String, Object> route(Target t) {
    return Map.of("watch", "rule:matrix", "areaCode", t.area(), "level", "COMMUNITY", "gradeFrom", "RED", "target", "UNIT", "unitId", t.unit().id(),
        "way", "INBOX");
  }
}
