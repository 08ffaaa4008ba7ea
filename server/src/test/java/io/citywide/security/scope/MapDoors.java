package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.OWN;

import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.map.DecodedTile;
import io.citywide.security.scope.Probe.Expected;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Layers, what lies inside a region, who is on duty. */
final class MapDoors extends Doors {

  MapDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    layers();
    inside();
  }

  private void layers() {
    free("GET /api/map/layers", 200);
    // Boundaries and components are reference data: all staff see them.
    listOfCases("GET /api/map/tiles/{layer}/{z}/{x}/{y}.mvt", t -> "id " + t.caseId() + ";", this::tile,
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : c.sees(t) ? "200 shown" : "204");
    listOfCases("POST /api/map/export/{layer}.{format}", Target::caseNo, (c, t) -> c.send("POST", "/api/map/export/cases.geojson", around(t)),
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : c.sees(t) ? "200 shown" : "200 left out");
    for (String door : List.of("", "/", "/api", "/conformance", "/style.css", "/collections", "/tileMatrixSets", "/tiles")) {
      free("GET /ogc" + door, 200);
    }
    free("GET /ogc/collections/{collectionId}", "/ogc/collections/areas", null, 200);
    free("GET /ogc/collections/{collectionId}/items", "/ogc/collections/areas/items?limit=1", null, 200);
    free("GET /ogc/collections/{collectionId}/items/{featureId}", "/ogc/collections/areas/items/nothing", null, 404);
    free("GET /ogc/collections/{collectionId}/tiles", "/ogc/collections/areas/tiles", null, 200);
    free("GET /ogc/collections/{collectionId}/tiles/{set}", "/ogc/collections/areas/tiles/WebMercatorQuad", null, 200);
    free("GET /ogc/collections/{collectionId}/tiles/{set}/{matrix}/{row}/{column}", "/ogc/collections/areas/tiles/WebMercatorQuad/0/1/0", null, 404);
    free("GET /ogc/tiles/{set}", "/ogc/tiles/WebMercatorQuad", null, 200);
    free("GET /ogc/tiles/{set}/{matrix}/{row}/{column}", "/ogc/tiles/WebMercatorQuad/0/1/0", null, 404);
    free("GET /ogc/tileMatrixSets/{set}", "/ogc/tileMatrixSets/WebMercatorQuad", null, 200);
  }

  private void inside() {
    Expected seen = (c, t) -> c.sees(t) && c.permissions().contains(Permission.CASE_READ) ? "200 shown" : "200 left out";
    listOfCases("POST /api/map/inside", t -> "\"titleEn\":\"Cases\",\"count\":1", (c, t) -> c.send("POST", "/api/map/inside", around(t)), seen);
    listOfCases("POST /api/map/inside/{layer}", Target::caseNo, (c, t) -> c.send("POST", "/api/map/inside/cases", around(t)),
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : seen.of(c, t));
    // Of what is closed; whose it is, InsideTest tries.
    free("POST /api/map/inside/history", 200, Map.of("region", Map.of("area", OWN)));
    free("GET /api/map/areas/{code}/figures", "/api/map/areas/" + OWN + "/figures", null, 200);
    free("GET /api/map/summary", 200);
    free("GET /api/duty", 200);
    free("POST /api/duty/start", 422, Map.of("areaCode", "nowhere"));
    free("POST /api/duty/end", 409);
    free("POST /api/duty/position", 409, Map.of("lon", 83.0105, "lat", 33.0105));
    ground.targets().forEach(t -> ground.asSystem(() -> ground.jdbc().sql("""
        INSERT INTO identity_duty (person_id, position_id, role, area_code, started_at) VALUES (:person, :position, 'EVALUATOR', :area, now())""")
        .param("person", t.person().personId()).param("position", t.person().positionId()).param("area", t.area()).update()));
    listOfArea("GET /api/map/duty", t -> "\"personId\":" + t.person().personId() + ",", (c, t) -> c.send("GET", "/api/map/duty", null), shownInArea());
    ofArea("POST /api/map/duty/{id}/way", (c, t) -> c.send("POST", "/api/map/duty/" + dutyOf(t) + "/way", Map.of("purpose", "EMERGENCY", "reason", "需要找到本人")),
        inArea(200, 404));
    free("GET /api/roster", "/api/roster?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", null, 200);
    free("POST /api/roster", 422, List.of());
    free("DELETE /api/roster/{id}", "/api/roster/999999999", null, 404);
  }

  /** The tile of zoom 16 around a case, with the numbers of its features as text. */
  private Answer tile(Caller c, Target t) {
    int n = 1 << 16;
    // Each case lies on a longitude of its own, all on the same latitude.
    int x = (int) Math.floor((84.0 + ground.targets().indexOf(t) + 180) / 360 * n);
    int y = (int) Math.floor((1 - Math.log(Math.tan(Math.PI / 4 + Math.toRadians(34) / 2)) / Math.PI) / 2 * n);
    return c.bytes("/api/map/tiles/cases/16/" + x + "/" + y + ".mvt",
        bytes -> DecodedTile.of(bytes).features("cases").stream().map(f -> "id " + f.id() + ";").collect(Collectors.joining()));
  }

  private long dutyOf(Target t) {
    return ground.asSystem(() -> ground.jdbc().sql("SELECT id FROM identity_duty WHERE person_id = :id")
        .param("id", t.person().personId()).query(Long.class).single());
  }

  /** The case of the target lies alone in its circle. */
  private Map<String, Object> around(Target t) {
    return Map.of("region", Map.of("circle", Map.of("lon", 84 + ground.targets().indexOf(t), "lat", 34, "radius", 500)));
  }
}
