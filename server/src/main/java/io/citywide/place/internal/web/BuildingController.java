package io.citywide.place.internal.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.citywide.identity.Permission;
import io.citywide.identity.Purpose;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.place.Places;
import io.citywide.place.Surroundings;
import io.citywide.place.internal.BuildingDesk;
import io.citywide.place.internal.BuildingImport;
import io.citywide.place.internal.BuildingOutlines;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One building, one file. */
@RestController
class BuildingController {

  private final BuildingDesk buildings;
  private final BuildingImport batches;
  private final BuildingOutlines outlines;
  private final Surroundings surroundings;
  private final Places places;

  BuildingController(BuildingDesk buildings, BuildingImport batches, BuildingOutlines outlines, Surroundings surroundings, Places places) {
    this.buildings = buildings;
    this.batches = batches;
    this.outlines = outlines;
    this.surroundings = surroundings;
    this.places = places;
  }

  /** @param limit 1..500 */
  @Requires(Permission.BUILDING_READ)
  @GetMapping("/api/buildings")
  Slice<BuildingDesk.Building> list(@RequestParam(required = false) String area, @RequestParam(required = false) String q, @RequestParam(required = false) String after,
      @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > 500) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1..500, was " + limit, Map.of("field", "limit"));
    }
    return buildings.list(area == null ? null : code(area), q, after, limit);
  }

  /** The file of a building, and which components and open cases lie in and at it. */
  record WholeFile(@JsonUnwrapped BuildingDesk.BuildingFile file, List<Surroundings.Things> around) {}

  @Requires(Permission.BUILDING_READ)
  @GetMapping("/api/buildings/{ident}")
  WholeFile one(@PathVariable String ident) {
    BuildingDesk.BuildingFile file = buildings.get(ident, Viewer.current().may(Permission.HOUSEHOLD_READ));
    return new WholeFile(file, surroundings.around(buildings.outline(ident).orElse(null), file.building().lon(), file.building().lat()));
  }

  /** Masked. */
  @Requires(Permission.HOUSEHOLD_READ)
  @GetMapping("/api/buildings/{ident}/households")
  List<BuildingDesk.Household> households(@PathVariable String ident) {
    return buildings.households(ident);
  }

  /** In clear, for a purpose that is logged. */
  @Requires(Permission.HOUSEHOLD_READ)
  @PostMapping("/api/households/{id}/reveal")
  BuildingDesk.Revealed reveal(@PathVariable long id, @RequestBody Purpose purpose) {
    Viewer.current().require(Permission.PERSONAL_DATA_REVEAL);
    return buildings.reveal(id, purpose);
  }

  /** Whom to call in an enterprise, in clear, for a purpose that is logged. */
  @Requires(Permission.BUILDING_READ)
  @PostMapping("/api/enterprises/{id}/reveal")
  BuildingDesk.Contact revealContact(@PathVariable long id, @RequestBody Purpose purpose) {
    Viewer.current().require(Permission.PERSONAL_DATA_REVEAL);
    return buildings.revealContact(id, purpose);
  }

  /** What lies in each area below one. */
  @Requires(Permission.BUILDING_READ)
  @GetMapping("/api/buildings:counts")
  List<BuildingDesk.AreaCount> counts(@RequestParam String area) {
    return buildings.counts(code(area));
  }

  /** NDJSON, one building with its rooms, households and enterprises a line. */
  @Requires(Permission.BUILDING_EDIT)
  @PostMapping("/api/buildings:batch")
  BuildingImport.Batch batch(@RequestBody byte[] body) {
    return batches.take(body);
  }

  record Outlined(int outlined) {}

  /** Gives buildings without an outline of their own that of the base map in which their point lies. */
  @Requires(Permission.BUILDING_EDIT)
  @PostMapping("/api/buildings:outline")
  Outlined outline() {
    return new Outlined(outlines.attach());
  }

  private String code(String area) {
    return places.findArea(area).orElseThrow(() -> AreaController.unknown(area)).code();
  }
}
