package io.citywide.map.internal.duty;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Duty;
import io.citywide.identity.Duty.OnDuty;
import io.citywide.identity.Duty.Position;
import io.citywide.identity.Duty.Seen;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Permission;
import io.citywide.identity.Purpose;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.platform.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Going on and off duty with one's own phone, and who is on duty. */
@RestController
class DutyController {

  /** @param accuracy metres, as the phone says */
  record Start(String areaCode, Double lon, Double lat, Double accuracy) {}

  record Report(Double lon, Double lat, Double accuracy) {}

  /** @param at when the position was reported */
  record Present(long id, long personId, String name, Role role, Long unitId, String unitName, String areaCode, String areaName, Instant since, Double lon, Double lat,
      Double accuracy, Instant at, boolean fresh) {}

  /** One's own: on duty or not. */
  record Own(boolean onDuty, Present duty) {}

  private final Duty duty;
  private final Places places;

  DutyController(Duty duty, Places places) {
    this.duty = duty;
    this.places = places;
  }

  @Requires(Permission.SELF)
  @GetMapping("/api/duty")
  Own own() {
    return duty.findOwn().map(d -> new Own(true, present(d))).orElse(new Own(false, null));
  }

  @Requires(Permission.CASE_WORK)
  @PostMapping("/api/duty/start")
  Own start(@RequestBody(required = false) Start body) {
    if (body != null && body.areaCode() != null && places.findArea(body.areaCode()).isEmpty()) {
      throw new ProblemException(IdentityProblem.INVALID_DUTY, "there is no area '" + body.areaCode() + "' in force", Map.of("field", "areaCode", "value", body.areaCode()))
          .zh("没有现行的区域“" + body.areaCode() + "”");
    }
    OnDuty started = duty.start(body == null ? null : body.areaCode(), body == null || body.lon() == null && body.lat() == null ? null : position(body.lon(), body.lat(), body.accuracy()));
    return new Own(true, present(started));
  }

  @Requires(Permission.CASE_WORK)
  @PostMapping("/api/duty/end")
  Own end() {
    return new Own(false, present(duty.end()));
  }

  @Requires(Permission.CASE_WORK)
  @PostMapping("/api/duty/position")
  Own position(@RequestBody Report body) {
    return new Own(true, present(duty.report(position(body.lon(), body.lat(), body.accuracy()))));
  }

  /** Where a phone is may lie outside the city: its owner is on the way. */
  private Position position(Double lon, Double lat, Double accuracy) {
    if (lon == null || lat == null) {
      throw new ProblemException(IdentityProblem.INVALID_DUTY, "a position has lon and lat", Map.of("field", lon == null ? "lon" : "lat")).zh("位置缺少经度或纬度");
    }
    Position checked = new Position(lon, lat, accuracy, null);
    return new Position(lon, lat, checked.accuracyMeters(), places.locate(lon, lat).map(Spot::areaCode).orElse(null));
  }

  /** Everybody on duty within sight; {@code area} narrows it to those who are there or answer for it. */
  @Requires(Permission.DUTY_READ)
  @GetMapping("/api/map/duty")
  List<Present> present(@RequestParam(required = false) String area) {
    AreaScope within = area == null ? AreaScope.ALL : AreaScope.of(area);
    return duty.listOnDuty().stream().filter(d -> within.covers(d.areaCode()) || within.covers(d.hereCode())).map(this::present).toList();
  }

  /** The way of a duty; personal data, shown for a stated purpose that goes into the access log. */
  @Requires(Permission.DUTY_READ)
  @PostMapping("/api/map/duty/{id}/way")
  List<Seen> way(@PathVariable long id, @RequestBody Purpose purpose) {
    return duty.revealWay(id, purpose);
  }

  private Present present(OnDuty d) {
    return new Present(d.id(), d.personId(), d.name(), d.role(), d.unitId(), d.unitName(), d.areaCode(), places.describe(d.areaCode()), d.since(), d.lon(), d.lat(),
        d.accuracyMeters(), d.seenAt(), d.fresh());
  }
}
