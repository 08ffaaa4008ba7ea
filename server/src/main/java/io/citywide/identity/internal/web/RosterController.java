package io.citywide.identity.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.RosterDesk;
import io.citywide.identity.internal.RosterDesk.Draft;
import io.citywide.identity.internal.RosterDesk.Shift;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The roster. */
@RestController
@RequestMapping("/api/roster")
class RosterController {

  private final RosterDesk desk;

  RosterController(RosterDesk desk) {
    this.desk = desk;
  }

  @Requires({Permission.DUTY_READ, Permission.ROSTER_EDIT})
  @GetMapping
  List<Shift> list(@RequestParam(required = false) String areaCode, @RequestParam Instant from, @RequestParam Instant to) {
    return desk.list(areaCode, from, to);
  }

  /** Answers the ids in the order of the shifts. */
  @Requires(Permission.ROSTER_EDIT)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  List<Long> plan(@RequestBody List<Draft> shifts) {
    return desk.plan(shifts);
  }

  @Requires(Permission.ROSTER_EDIT)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void cancel(@PathVariable long id) {
    desk.cancel(id);
  }
}
