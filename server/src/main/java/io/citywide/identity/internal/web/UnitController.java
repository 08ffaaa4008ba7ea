package io.citywide.identity.internal.web;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.Stationing;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.identity.internal.Colleagues;
import io.citywide.identity.internal.UnitDesk;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.LocalDate;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The units of the city. */
@RestController
@RequestMapping("/api/units")
class UnitController {

  record UnitDraft(@NotBlank String code, @NotBlank String name, @NotNull UnitKind kind, Long parentId,
      @NotBlank String areaCode, Stationing stationing, LocalDate stationedUntil, Boolean active) {

    UnitRef unit() {
      return new UnitRef(0, code, name, kind, parentId, areaCode, stationing == null ? Stationing.NONE : stationing,
          stationedUntil, active == null || active);
    }
  }

  private final Units units;
  private final UnitDesk desk;
  private final Colleagues colleagues;

  UnitController(Units units, UnitDesk desk, Colleagues colleagues) {
    this.units = units;
    this.desk = desk;
    this.colleagues = colleagues;
  }

  @Requires(Permission.UNIT_READ)
  @GetMapping
  List<UnitRef> list(@RequestParam(required = false) String areaCode, @RequestParam(required = false) UnitKind kind,
      @RequestParam(required = false) String q) {
    AreaScope within = areaCode == null ? AreaScope.ALL : AreaScope.of(areaCode);
    return units.listUnits().stream()
        .filter(u -> within.covers(u.areaCode()))
        .filter(u -> kind == null || u.kind() == kind)
        .filter(u -> q == null || u.name().contains(q) || u.code().contains(q))
        .toList();
  }

  @Requires(Permission.UNIT_EDIT)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  UnitRef create(@Valid @RequestBody UnitDraft draft) {
    return desk.create(draft.unit());
  }

  @Requires(Permission.UNIT_EDIT)
  @PutMapping("/{id}")
  UnitRef change(@PathVariable long id, @Valid @RequestBody UnitDraft draft) {
    return desk.change(id, draft.unit());
  }

  /** Whom a task of this unit can be given to. */
  @Requires(Permission.CASE_WORK)
  @GetMapping("/{id}/people")
  List<Colleagues.Colleague> people(@PathVariable long id) {
    return colleagues.list(id);
  }
}
