package io.citywide.security.scope;

import java.util.List;
import java.util.Map;

/** Cases, signals and photos. */
final class CaseDoors extends Doors {

  CaseDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    listOfCases("GET /api/cases", Target::caseNo, (c, t) -> c.send("GET", "/api/cases?limit=200&unitId=" + t.unit().id(), null));
    free("GET /api/cases/queues", (c, t) -> c.send("GET", "/api/cases/queues", null), (c, t) -> "200");
    listOfCases("GET /api/cases/points", t -> "\"id\":" + t.caseId() + ",", (c, t) -> c.send("GET", "/api/cases/points?bbox=80,30,100,40", null));
    ofCase("GET /api/cases/{id}", 200, (c, t) -> c.send("GET", "/api/cases/" + t.caseId(), null));
    ofCase("GET /api/cases/{id}/steps/{seq}/receipt", 200, (c, t) -> c.send("GET", "/api/cases/" + t.caseId() + "/steps/1/receipt", null));
    // An old version: whoever sees the case is told that it has moved on, nobody changes it.
    ofCase("POST /api/cases/{id}/steps", 409,
        (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/steps", Map.of("action", "NOTE", "version", 0, "opinion", "x")));
    ofCase("POST /api/cases/{id}/merge", 409,
        (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/merge", Map.of("otherId", other(t).caseId(), "version", 0)));
    ofCase("POST /api/cases/{id}/split", 409,
        (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/split", Map.of("signalIds", List.of(t.signalId()), "version", 0)));
    free("POST /api/cases", 422);
    ofCase("GET /api/dispatch/suggestion", 200, (c, t) -> c.send("GET", "/api/dispatch/suggestion?caseId=" + t.caseId(), null));
    listOfCases("GET /api/signals", Target::text, (c, t) -> c.send("GET", "/api/signals?limit=200", null));
    ofCase("GET /api/signals/{id}", 200, (c, t) -> c.send("GET", "/api/signals/" + t.signalId(), null));
    ofCase("POST /api/signals/{id}/place", 409, (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/place", Map.of("lon", 83.0105, "lat", 33.0105)));
    ofCase("POST /api/signals/{id}/decline", 409, (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/decline", Map.of("reason", "不属于城市管理")));
    ofCase("POST /api/signals/{id}/reveal", 200,
        (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")));
    free("POST /api/signals", 422);
    free("POST /api/signals:batch", 200, List.of());
    free("POST /api/signals/of-reporter", 200, Map.of("phone", "13900000000"));
    free("POST /api/media", (c, t) -> c.upload("/api/media"), (c, t) -> "201");
    ofCase("GET /api/media/{sha256}", 200, (c, t) -> c.send("GET", "/api/media/" + t.photo(), null));
    ofCase("GET /api/media/{sha256}/thumbnail", 200, (c, t) -> c.send("GET", "/api/media/" + t.photo() + "/thumbnail", null));
  }

  /** A case in sight of whoever works in the own area, and not this one. */
  private Target other(Target target) {
    return target == ground.targets().getFirst() ? ground.targets().get(1) : ground.targets().getFirst();
  }
}
