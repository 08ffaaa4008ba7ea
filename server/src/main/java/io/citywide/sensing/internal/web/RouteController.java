package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.Route;
import io.citywide.sensing.internal.warning.RouteDesk;
import io.citywide.sensing.internal.warning.RouteDesk.Draft;
import io.citywide.sensing.internal.warning.RouteDesk.Made;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who is told of warnings. */
@RestController
class RouteController {

  record View(long id, String watch, String areaCode, String areaName, AreaLevel level, WarningGrade gradeFrom, Route.Target target, Long unitId, String unitName, Role dutyRole,
      Route.Way way, String address, Long acknowledgeMinutes, int version, String changedBy, Instant changedAt) {}

  /** @param secret of a webhook, told once: HMAC-SHA256 of {@code Citywide-Timestamp + "." + body} under it is {@code Citywide-Signature} */
  record MadeView(View route, String secret) {}

  private final RouteDesk desk;
  private final Units units;
  private final Places places;

  RouteController(RouteDesk desk, Units units, Places places) {
    this.desk = desk;
    this.units = units;
    this.places = places;
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warning-routes")
  List<View> list() {
    return views(desk.list());
  }

  @Requires(Permission.RULE_EDIT)
  @PostMapping("/api/warning-routes")
  @ResponseStatus(HttpStatus.CREATED)
  MadeView create(@RequestBody Draft body) {
    return view(desk.create(body));
  }

  @Requires(Permission.RULE_EDIT)
  @PutMapping("/api/warning-routes/{id}")
  MadeView change(@PathVariable long id, @RequestBody Draft body) {
    return view(desk.change(id, body));
  }

  @Requires(Permission.RULE_EDIT)
  @PostMapping("/api/warning-routes/{id}/secret")
  MadeView renewSecret(@PathVariable long id) {
    return view(desk.renewSecret(id));
  }

  @Requires(Permission.RULE_EDIT)
  @DeleteMapping("/api/warning-routes/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable long id) {
    desk.delete(id);
  }

  private MadeView view(Made made) {
    return new MadeView(views(List.of(made.route())).getFirst(), made.secret());
  }

  private List<View> views(Collection<Route> routes) {
    // An address of a webhook may hold a secret of its receiver.
    boolean editor = Viewer.current().may(Permission.RULE_EDIT);
    List<Long> ids = routes.stream().map(Route::unitId).filter(Objects::nonNull).distinct().toList();
    Map<Long, String> names = ids.isEmpty() ? Map.of() : units.names(ids);
    return routes.stream().map(r -> new View(r.id(), r.watch(), r.areaCode(), r.areaCode().isEmpty() ? "*" : places.findArea(r.areaCode()).map(Area::name).orElse(r.areaCode()),
        r.level(), r.gradeFrom(), r.target(), r.unitId(), r.unitId() == null ? null : names.get(r.unitId()), r.dutyRole(), r.way(), editor ? r.address() : "",
        r.acknowledgeWithin() == null ? null : r.acknowledgeWithin().toMinutes(), r.version(), r.changedBy(), r.changedAt())).collect(Collectors.toList());
  }
}
