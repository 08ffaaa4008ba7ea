package io.citywide.security.scope;

import io.citywide.security.scope.Probe.Expected;
import java.util.List;
import java.util.Map;

/** Evaluation and vital signs. */
final class FigureDoors extends Doors {

  FigureDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    evaluation();
    vitals();
  }

  private void evaluation() {
    String ever = "&from=2020-01-01&to=2049-01-01&areaCode=";
    listOfCases("GET /api/evaluation", t -> t.unit().name(), (c, t) -> c.send("GET", "/api/evaluation?object=unit" + ever + t.area(), null));
    listOfCases("GET /api/evaluation/cases", Target::caseNo,
        (c, t) -> c.send("GET", "/api/evaluation/cases?object=unit&counter=reported&limit=200&key=" + t.unit().id() + ever + t.area(), null));
    ofArea("GET /api/evaluation.xlsx", (c, t) -> c.send("GET", "/api/evaluation.xlsx?object=unit" + ever + t.area(), null), (c, t) -> "200");
    free("GET /api/evaluation/definitions", 200);
    free("GET /api/evaluation/imported", "/api/evaluation/imported?source=matrix", null, 200);
  }

  private void vitals() {
    // Vital signs end with communities: a unit grid has none.
    Expected inSight = (c, t) -> c.covers(t) && !t.where().equals("child") ? "200" : "404";
    for (String door : List.of("", "/indicators", "/indicators/GOV02", "/indicators/GOV02/areas", "/indicators/GOV02/behind")) {
      ofArea("GET /api/vitals" + door.replace("GOV02", "{code}"), (c, t) -> c.send("GET", "/api/vitals" + door + "?area=" + t.area(), null), inSight);
    }
    free("GET /api/vitals/figures", 200);
    free("POST /api/vitals/indicators", 403);
    free("PUT /api/vitals/indicators/{code}", "/api/vitals/indicators/GOV02", Map.of(), 403);
    free("POST /api/vitals/check", 422);
    // A value that cannot be: refused for what it is in the own area, for where it is elsewhere.
    ofArea("PUT /api/vitals/indicators/{code}/values",
        (c, t) -> c.send("PUT", "/api/vitals/indicators/CONTENT2/values", Map.of("area", t.area(), "at", "2026-01-01T00:00:00Z", "value", 130)),
        (c, t) -> c.covers(t) ? "422" : "403");
    listOfCases("GET /api/cases/counted", Target::caseNo,
        (c, t) -> c.send("GET", "/api/cases/counted?counted=reported&limit=200&from=2020-01-01&to=2049-01-01&areaCode=" + t.area(), null));
  }
}
