package io.citywide.cases.internal.web;

import io.citywide.cases.internal.Calendars;
import io.citywide.cases.internal.Calendars.CalendarDraft;
import io.citywide.cases.internal.Calendars.CalendarView;
import io.citywide.cases.internal.Calendars.Changed;
import io.citywide.cases.internal.Calendars.LimitsView;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.ServerSettings;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The working calendar and the limits of cases. Reading is for all who read the city's reference data. */
@RestController
@RequestMapping("/api")
class CalendarController {

  /** Time zone of all local times, and the versions, newest first. */
  record CalendarAnswer(String zone, List<CalendarView> versions) {}

  private final Calendars calendars;
  private final ServerSettings server;

  CalendarController(Calendars calendars, ServerSettings server) {
    this.calendars = calendars;
    this.server = server;
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/calendar")
  CalendarAnswer calendar() {
    return new CalendarAnswer(server.zone().getId(), calendars.list());
  }

  /** Adds a version; deadlines of open cases are computed anew. */
  @Requires(value = Permission.CALENDAR_EDIT, wholeCity = true)
  @PutMapping("/calendar")
  Changed change(@RequestBody CalendarDraft draft) {
    return calendars.change(draft);
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/case-rules")
  LimitsView limits() {
    return calendars.limits();
  }

  /** Replaces all limits. */
  @Requires(value = Permission.CALENDAR_EDIT, wholeCity = true)
  @PutMapping("/case-rules")
  LimitsView changeLimits(@RequestBody LimitsView limits) {
    return calendars.change(limits);
  }
}
