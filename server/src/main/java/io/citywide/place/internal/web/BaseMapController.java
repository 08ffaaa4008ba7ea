package io.citywide.place.internal.web;

import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.BaseFeatures;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.AreaStore;
import io.citywide.place.internal.BaseMap;
import io.citywide.place.internal.FeatureWriter;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The base map and what of the area tree everybody may see. */
@RestController
class BaseMapController {

  /** How long a browser may show a layer without asking whether it changed. */
  private static final CacheControl CACHE = CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic().mustRevalidate();

  /** @param bounds west, south, east, north; {@code null} while there are no areas */
  record PublicMap(double[] bounds, List<Area> areas, List<BaseFeatures.Layer> layers) {}

  private final BaseMap map;
  private final AreaStore areas;

  BaseMapController(BaseMap map, AreaStore areas) {
    this.map = map;
    this.areas = areas;
  }

  @Open("the base map holds only what can be seen in the street; the citizens' page shows it")
  @GetMapping("/api/basemap")
  List<BaseFeatures.Layer> list() {
    return map.layers();
  }

  @Open("the base map holds only what can be seen in the street; the citizens' page shows it")
  @GetMapping("/api/basemap/{layer}.geojson")
  void layer(@PathVariable String layer, @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known, HttpServletResponse answer)
      throws IOException {
    // Weak: the answer is compressed on its way.
    String etag = "W/" + map.findEtag(layer).orElseThrow(() -> unknown(layer));
    answer.setHeader(HttpHeaders.ETAG, etag);
    answer.setHeader(HttpHeaders.CACHE_CONTROL, CACHE.getHeaderValue());
    if (known != null && known.contains(etag)) {
      answer.setStatus(HttpStatus.NOT_MODIFIED.value());
      return;
    }
    answer.setContentType(AreaController.GEO_JSON.toString());
    map.write(layer, answer.getOutputStream());
  }

  @Requires(value = Permission.PLACE_EDIT, wholeCity = true)
  @PutMapping("/api/basemap/{layer}")
  BaseFeatures.Layer put(@PathVariable String layer, @RequestBody JsonNode body, @RequestParam(defaultValue = "0") double minZoom,
      @RequestParam(defaultValue = "WGS84") CoordinateSystem crs) {
    return map.replace(layer, minZoom, body, crs);
  }

  /** Bounds of the city, its districts, and the layers of the base map. */
  @Open("citizens choose the place of their report on this map")
  @GetMapping("/api/public/map")
  PublicMap publicMap() {
    double[] bounds = areas.bounds().map(b -> new double[] {b.west(), b.south(), b.east(), b.north()}).orElse(null);
    return new PublicMap(bounds, areas.listAreas().stream().filter(BaseMapController::shown).toList(), map.layers());
  }

  /** Outlines of cities and districts. */
  @Open("citizens choose the place of their report on this map")
  @GetMapping("/api/public/areas.geojson")
  ResponseEntity<byte[]> publicAreas() {
    byte[] body = FeatureWriter.write(features -> areas.listAreas().stream().filter(BaseMapController::shown).filter(Area::boundary)
        .forEach(a -> features.add(areas.boundary(a.code()).orElse(null), AreaController.properties(a))));
    return ResponseEntity.ok().contentType(AreaController.GEO_JSON).cacheControl(CACHE).body(body);
  }

  private static boolean shown(Area area) {
    return area.level() == AreaLevel.CITY || area.level() == AreaLevel.DISTRICT;
  }

  private static ProblemException unknown(String layer) {
    return new ProblemException(PlaceProblem.UNKNOWN_LAYER, "the base map has no layer '" + layer + "'", Map.of("layer", layer));
  }
}
