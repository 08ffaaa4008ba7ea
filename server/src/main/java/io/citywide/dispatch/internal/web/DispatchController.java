package io.citywide.dispatch.internal.web;

import io.citywide.dispatch.Dispatcher;
import io.citywide.dispatch.Reason;
import io.citywide.dispatch.Suggestion;
import io.citywide.dispatch.internal.Hours;
import io.citywide.dispatch.internal.KindPattern;
import io.citywide.dispatch.internal.MatrixDesk;
import io.citywide.dispatch.internal.MatrixImport;
import io.citywide.dispatch.internal.Rule;
import io.citywide.dispatch.internal.RuleDraft;
import io.citywide.dispatch.internal.Switch;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The responsibility matrix, its switches, and what it says of a case. */
@RestController
@RequestMapping("/api/dispatch")
class DispatchController {

  record UnitName(long id, String name) {}

  record RuleView(long id, String kind, String kindName, String kindMatch, String areaCode, String areaName, Hours hours,
      UnitName leadUnit, List<UnitName> assistUnits, LocalDate validFrom, LocalDate validTo, int version) {}

  record RuleBody(String kind, String areaCode, Hours hours, @NotNull Long leadUnitId, List<@NotNull Long> assistUnitIds,
      LocalDate validFrom, LocalDate validTo, Integer version) {

    RuleDraft draft() {
      return new RuleDraft(kind, areaCode, hours, leadUnitId, assistUnitIds, validFrom, validTo);
    }
  }

  record SwitchView(String kind, String kindName, String areaCode, String areaName, boolean automatic) {}

  /** {@code areaCode} absent: the viewer's own area. */
  record SwitchBody(@NotNull String kind, String areaCode, @NotNull Boolean automatic) {}

  record AlternativeView(long id, String name, String why, String whyEn, Reason reason) {}

  record SuggestionView(long caseId, UnitName leadUnit, List<UnitName> assistUnits, Long ruleId, boolean automatic,
      String why, String whyEn, List<Reason> reasons, List<AlternativeView> alternatives) {}

  private final Dispatcher dispatcher;
  private final MatrixDesk desk;
  private final MatrixImport matrixImport;
  private final Units units;
  private final Places places;
  private final Catalogue catalogue;

  DispatchController(Dispatcher dispatcher, MatrixDesk desk, MatrixImport matrixImport, Units units, Places places, Catalogue catalogue) {
    this.dispatcher = dispatcher;
    this.desk = desk;
    this.matrixImport = matrixImport;
    this.units = units;
    this.places = places;
    this.catalogue = catalogue;
  }

  @Requires(Permission.MATRIX_READ)
  @GetMapping("/suggestion")
  SuggestionView suggestion(@RequestParam long caseId) {
    Suggestion s = dispatcher.suggest(caseId);
    return new SuggestionView(s.caseId(), s.leadUnit() == null ? null : new UnitName(s.leadUnit().id(), s.leadUnit().name()),
        s.assistUnits().stream().map(u -> new UnitName(u.id(), u.name())).toList(), s.ruleId(), s.automatic(), s.words(), s.wordsEn(), s.why(),
        s.alternatives().stream().map(a -> new AlternativeView(a.unit().id(), a.unit().name(), a.why().zh(), a.why().en(), a.why())).toList());
  }

  @Requires(Permission.MATRIX_READ)
  @GetMapping("/rules")
  Slice<RuleView> rules(@RequestParam(required = false) String kind, @RequestParam(required = false) String areaCode,
      @RequestParam(required = false) Long unitId, @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "200") @Min(1) @Max(1000) int limit) {
    Slice<Rule> page = desk.list(kind, areaCode, unitId, after, limit);
    Map<KindPattern, String> names = new java.util.HashMap<>();
    return new Slice<>(page.items().stream().map(r -> view(r, names)).toList(), page.next());
  }

  @Requires(Permission.MATRIX_EDIT)
  @PostMapping("/rules")
  @ResponseStatus(HttpStatus.CREATED)
  RuleView create(@Valid @RequestBody RuleBody body) {
    return view(desk.create(body.draft()), new java.util.HashMap<>());
  }

  @Requires(Permission.MATRIX_EDIT)
  @PutMapping("/rules/{id}")
  RuleView change(@PathVariable long id, @Valid @RequestBody RuleBody body) {
    if (body.version() == null) {
      throw new ProblemException(PlatformProblem.INVALID, "version is missing: say which version of the rule you change", Map.of("field", "version"));
    }
    return view(desk.change(id, body.version(), body.draft()), new java.util.HashMap<>());
  }

  @Requires(Permission.MATRIX_EDIT)
  @DeleteMapping("/rules/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable long id) {
    desk.delete(id);
  }

  @Requires(Permission.MATRIX_EDIT)
  @PostMapping("/rules:import")
  MatrixImport.Result importRules(@RequestBody byte[] csv) {
    return matrixImport.take(csv);
  }

  @Requires(Permission.MATRIX_READ)
  @GetMapping("/switches")
  List<SwitchView> switches() {
    return views(desk.listSwitches());
  }

  @Requires(Permission.MATRIX_EDIT)
  @PutMapping("/switches")
  List<SwitchView> put(@RequestBody List<@Valid SwitchBody> body) {
    String own = Viewer.current().areaCode() == null ? "" : Viewer.current().areaCode();
    return views(desk.put(body.stream()
        .map(s -> new Switch(pattern(s.kind()), s.areaCode() == null ? own : s.areaCode().equals("*") ? "" : s.areaCode(), s.automatic()))
        .toList()));
  }

  private static KindPattern pattern(String text) {
    try {
      return new KindPattern(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(PlatformProblem.INVALID, e.getMessage(), Map.of("field", "kind"));
    }
  }

  private List<SwitchView> views(List<Switch> switches) {
    Map<KindPattern, String> names = new java.util.HashMap<>();
    return switches.stream()
        .map(s -> new SwitchView(s.kind().text(), kindName(s.kind(), names), s.areaCode(), areaName(s.areaCode()), s.automatic()))
        .toList();
  }

  private RuleView view(Rule rule, Map<KindPattern, String> names) {
    return new RuleView(rule.id(), rule.kind().text(), kindName(rule.kind(), names), rule.kind().match().name(), rule.areaCode(),
        areaName(rule.areaCode()), rule.hours(), unit(rule.leadUnitId()), rule.assistUnitIds().stream().map(this::unit).toList(),
        rule.validFrom(), rule.validTo(), rule.version());
  }

  private String kindName(KindPattern pattern, Map<KindPattern, String> names) {
    return names.computeIfAbsent(pattern, p -> switch (p.match()) {
      case EXACT -> catalogue.findKind(p.text()).map(Kind::nameZh).orElse(p.text());
      case MAJOR -> catalogue.listKinds().stream().filter(k -> KindPattern.majorOf(k).equals(p)).map(Kind::majorZh).findFirst().orElse(p.text());
      case ANY -> "*";
    });
  }

  private String areaName(String code) {
    return code.isEmpty() ? "*" : places.findArea(code).map(a -> a.name()).orElse(code);
  }

  private UnitName unit(long id) {
    return new UnitName(id, units.findUnit(id).map(UnitRef::name).orElse("#" + id));
  }
}
