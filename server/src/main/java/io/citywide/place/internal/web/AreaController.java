package io.citywide.place.internal.web;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.AreaStore;
import io.citywide.place.internal.FeatureWriter;
import io.citywide.platform.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The area tree. */
@RestController
class AreaController {

  static final MediaType GEO_JSON = MediaType.valueOf("application/geo+json");

  /** An area with the chain above it. */
  record AreaDetail(Area area, List<Area> chain, String description) {}

  private final AreaStore areas;

  AreaController(AreaStore areas) {
    this.areas = areas;
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/areas")
  List<Area> list(@RequestParam(required = false) AreaLevel level, @RequestParam(required = false) String parent) {
    return select(level, parent).toList();
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/areas/{code}")
  AreaDetail one(@PathVariable String code) {
    Area area = areas.findArea(code).orElseThrow(() -> unknown(code));
    return new AreaDetail(area, areas.chain(area.code()), areas.describe(area.code()));
  }

  /** Boundaries within the viewer's scope; without a level, of all levels above the unit grid. */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/areas.geojson")
  ResponseEntity<byte[]> boundaries(@RequestParam(required = false) AreaLevel level, @RequestParam(required = false) String parent) {
    AreaScope scope = Viewer.current().area();
    byte[] body = FeatureWriter.write(features ->
        select(level, parent)
            .filter(a -> level != null || a.level() != AreaLevel.UNIT_GRID)
            .filter(a -> scope.covers(a.code()))
            .filter(Area::boundary)
            .forEach(a -> features.add(areas.boundary(a.code()).orElse(null), properties(a))));
    return ResponseEntity.ok().contentType(GEO_JSON).body(body);
  }

  @Requires(Permission.PLACE_EDIT)
  @PutMapping("/api/areas")
  AreaStore.Imported put(@RequestBody JsonNode body, @RequestParam(defaultValue = "WGS84") CoordinateSystem crs) {
    return areas.importAreas(body, crs);
  }

  static Map<String, Object> properties(Area area) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("code", area.code());
    properties.put("parentCode", area.parentCode());
    properties.put("level", area.level().name());
    properties.put("name", area.name());
    properties.put("nameEn", area.nameEn());
    properties.put("center", area.center());
    return properties;
  }

  private Stream<Area> select(AreaLevel level, String parent) {
    List<Area> from = parent == null ? areas.listAreas() : areas.listChildren(areas.findArea(parent).orElseThrow(() -> unknown(parent)).code());
    return from.stream().filter(a -> level == null || a.level() == level);
  }

  static ProblemException unknown(String code) {
    return new ProblemException(PlaceProblem.UNKNOWN_AREA, "there is no area '" + code + "' in force", Map.of("areaCode", code)).zh("没有现行的区域“" + code + "”");
  }
}
