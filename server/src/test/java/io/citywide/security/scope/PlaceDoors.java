package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.KIND;
import static io.citywide.security.scope.ScopeGround.OWN;
import static io.citywide.security.scope.ScopeGround.PLACES;

import io.citywide.identity.Permission;
import io.citywide.security.scope.Probe.Expected;
import java.util.List;
import java.util.Map;

/** Areas, components, buildings, catalogues and the base map. */
final class PlaceDoors extends Doors {

  PlaceDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    free("GET /api/places/locate", "/api/places/locate?lon=83.0105&lat=33.0105", null, 200);
    free("GET /api/places/search", "/api/places/search?q=x", null, 200);
    free("GET /api/places/read", "/api/places/read?text=x", null, 200);
    // Names and codes of areas are reference data; outlines are drawn of the own area.
    listOfArea("GET /api/areas", t -> "\"" + t.area() + "\"", (c, t) -> c.send("GET", "/api/areas", null), (c, t) -> "200 shown");
    ofArea("GET /api/areas/{code}", (c, t) -> c.send("GET", "/api/areas/" + t.area(), null), (c, t) -> "200");
    listOfArea("GET /api/areas.geojson", t -> "\"code\":\"" + t.area() + "\"",
        (c, t) -> c.send("GET", "/api/areas.geojson?parent=" + t.area().substring(0, t.area().length() - 3)
            + (t.area().length() == 15 ? "&level=UNIT_GRID" : ""), null),
        shownInArea());
    ofArea("PUT /api/areas", (c, t) -> c.send("PUT", "/api/areas", Map.of("type", "FeatureCollection", "features", List.of(PLACES.features.get(t.area())))),
        inArea(200, 403));
    listOfArea("POST /api/components:batch", t -> "\"accepted\":1", (c, t) -> c.send("POST", "/api/components:batch", List.of(t.component())),
        (c, t) -> c.covers(t) ? "200 shown" : "200 left out");
    listOfArea("POST /api/components:import", t -> "\"rejects\":[]", (c, t) -> c.csv("/api/components:import?trial=true", t.component()), shownInArea());
    // Reads the file that was sent, and nothing else.
    free("POST /api/components:unpack", 422);
    // A state that nobody saw: whoever administers the place is told so, the others that there is nothing.
    ofArea("POST /api/components/{ident}/state",
        (c, t) -> c.send("POST", "/api/components/" + t.ident() + "/state", Map.of("from", "LOST", "to", "INTACT", "reason", "找到了")), inArea(409, 404));
    ofArea("POST /api/components/{ident}/take-back",
        (c, t) -> c.send("POST", "/api/components/" + t.ident() + "/take-back", Map.of("seq", 1, "reason", "登记有误")), inArea(409, 404));
    free("GET /api/components/{ident}/events", "/api/components/0/events", null, 404);
    free("GET /api/components/{ident}/label.svg", "/api/components/0/label.svg?base=https://city.example", null, 404);
    free("GET /api/public/components/{ident}", "/api/public/components/0", null, 404);
    listOfArea("POST /api/buildings:batch", t -> "\"accepted\":1", (c, t) -> c.send("POST", "/api/buildings:batch", t.building()), shownInArea());
    listOfArea("GET /api/buildings", t -> "\"B-" + t.ident() + "\"", (c, t) -> c.send("GET", "/api/buildings?limit=500", null), shownInArea());
    ofArea("GET /api/buildings/{ident}", (c, t) -> c.send("GET", "/api/buildings/B-" + t.ident(), null), inArea(200, 404));
    ofArea("GET /api/buildings/{ident}/households", (c, t) -> c.send("GET", "/api/buildings/B-" + t.ident() + "/households", null), inArea(200, 404));
    free("GET /api/buildings:counts", "/api/buildings:counts?area=" + OWN, null, 200);
    Map<String, String> why = Map.of("purpose", "CALL_BACK", "reason", "回访核实位置");
    Expected revealed = (c, t) -> c.permissions().contains(Permission.PERSONAL_DATA_REVEAL) ? "404" : "403";
    free("POST /api/households/{id}/reveal", (c, t) -> c.send("POST", "/api/households/999999999/reveal", why), revealed);
    free("POST /api/enterprises/{id}/reveal", (c, t) -> c.send("POST", "/api/enterprises/999999999/reveal", why), revealed);
    free("POST /api/buildings:outline", 200);
    free("GET /api/components", "/api/components?bbox=83,33,83.001,33.001", null, 200);
    free("GET /api/components/{ident}", "/api/components/0", null, 404);
    free("GET /api/components:nearest", "/api/components:nearest?lon=10&lat=10", null, 404);
    free("GET /api/kinds", 200);
    free("GET /api/kinds/{id}", "/api/kinds/" + KIND, null, 200);
    free("POST /api/kinds", 422);
    free("PUT /api/kinds/{id}", "/api/kinds/nothing", Map.of(), 404);
    free("GET /api/calendar", 200);
    free("PUT /api/calendar", 422);
    free("GET /api/case-rules", 200);
    free("PUT /api/case-rules", 422);
    free("GET /api/basemap", 200);
    free("GET /api/basemap/{layer}.geojson", "/api/basemap/nothing.geojson", null, 404);
    free("PUT /api/basemap/{layer}", "/api/basemap/nothing", Map.of(), 422);
    free("GET /api/map/base.json", 200);
    free("GET /api/map/search", "/api/map/search?q=x", null, 200);
    free("PUT /api/map/base", "/api/map/base", Map.of(), 422);
    free("GET /api/map/base/{z}/{x}/{y}.mvt", "/api/map/base/14/1/1.mvt", null, 204);
    free("GET /api/public/map", 200);
    free("GET /api/public/areas.geojson", 200);
    free("GET /api/public/kinds", 200);
  }
}
