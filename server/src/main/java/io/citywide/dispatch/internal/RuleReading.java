package io.citywide.dispatch.internal;

import io.citywide.dispatch.DispatchProblem;
import io.citywide.identity.AreaScope;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Turns what somebody wrote down into a rule, or says exactly what is wrong with it. */
@Component
class RuleReading {

  private final Units units;
  private final Catalogue catalogue;
  private final Places places;

  RuleReading(Units units, Catalogue catalogue, Places places) {
    this.units = units;
    this.catalogue = catalogue;
    this.places = places;
  }

  /** Whether {@code viewer} may write rules for the subtree of {@code areaCode}. */
  static boolean within(Viewer viewer, String areaCode) {
    return viewer.area().covers(AreaScope.of(areaCode).low());
  }

  /**
   * @throws ProblemException {@code dispatch.invalid-rule} with the field
   */
  Rule read(RuleDraft draft) {
    KindPattern kind = kind(draft.kind());
    String area = area(draft.areaCode());
    if (draft.leadUnitId() == null) {
      throw invalid("leadUnitId", "a rule needs a unit that leads").zh("请选择主办单位");
    }
    unit("leadUnitId", draft.leadUnitId());
    List<Long> assisting = draft.assistUnitIds() == null ? List.of() : draft.assistUnitIds().stream().distinct().toList();
    assisting.forEach(id -> unit("assistUnitIds", id));
    if (assisting.contains(draft.leadUnitId())) {
      throw invalid("assistUnitIds", "the unit that leads cannot assist as well").zh("主办单位不能同时为协办单位");
    }
    if (draft.validFrom() != null && draft.validTo() != null && draft.validTo().isBefore(draft.validFrom())) {
      throw invalid("validTo", "the last day " + draft.validTo() + " lies before the first " + draft.validFrom()).zh("截止日 " + draft.validTo() + " 早于起始日 " + draft.validFrom());
    }
    return new Rule(0, kind, area, draft.hours() == null ? Hours.ANY : draft.hours(), draft.leadUnitId(), assisting,
        draft.validFrom(), draft.validTo(), 1);
  }

  KindPattern kind(String text) {
    KindPattern pattern;
    try {
      pattern = text == null || text.isBlank() ? KindPattern.ANY : new KindPattern(text.strip());
    } catch (IllegalArgumentException e) {
      throw invalid("kind", e.getMessage()).zh("类别“" + text + "”的写法有误");
    }
    boolean known = switch (pattern.match()) {
      case EXACT -> catalogue.findKind(pattern.text()).isPresent();
      case MAJOR -> catalogue.listKinds().stream().anyMatch(k -> KindPattern.majorOf(k).equals(pattern));
      case ANY -> true;
    };
    if (!known) {
      throw invalid("kind", "the catalogue knows no kind " + pattern.text()).zh("类别目录中没有“" + pattern.text() + "”");
    }
    return pattern;
  }

  /** The code as rules keep it: empty for everywhere. */
  String area(String text) {
    if (text == null || text.isBlank() || text.strip().equals("*")) {
      return "";
    }
    String code = text.strip();
    if (places.findArea(code).isEmpty()) {
      throw invalid("areaCode", "there is no area " + code).zh("没有区域 " + code);
    }
    return code;
  }

  private void unit(String field, long id) {
    UnitRef unit = units.findUnit(id).orElseThrow(() -> invalid(field, "there is no unit " + id).zh("没有此单位"));
    if (!unit.active()) {
      throw invalid(field, "unit " + unit.name() + " is not active").zh(unit.name() + "已停用");
    }
  }

  static ProblemException invalid(String field, String detail) {
    return new ProblemException(DispatchProblem.INVALID_RULE, detail, Map.of("field", field));
  }
}
