package io.citywide.dispatch.internal;

import io.citywide.dispatch.Reason;
import io.citywide.dispatch.internal.Matrix.Absence;
import io.citywide.dispatch.internal.Matrix.Beaten;
import io.citywide.dispatch.internal.Matrix.Skipped;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.place.Area;
import io.citywide.place.Catalogue;
import io.citywide.place.Component;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in words, and as facts, why a rule was chosen, passed over or skipped. */
@org.springframework.stereotype.Component
class Words {

  private final Units units;
  private final Places places;
  private final Catalogue catalogue;

  Words(Units units, Places places, Catalogue catalogue) {
    this.units = units;
    this.places = places;
    this.catalogue = catalogue;
  }

  Reason chosen(Rule rule, List<Long> assistUnitIds) {
    String assist = assistUnitIds.isEmpty() ? "" : "，" + names(assistUnitIds) + "协办";
    Map<String, Object> facts = facts(rule);
    facts.put("assistUnits", assistUnitIds.stream().map(this::unit).toList());
    return new Reason("rule-chosen",
        "依责任矩阵规则%d（%s，%s，%s），由%s主办%s。".formatted(rule.id(), kind(rule), area(rule), rule.hours().nameZh(), unit(rule.leadUnitId()), assist),
        "By %s of the responsibility matrix, %s leads%s.".formatted(ruleEn(rule), unitEn(rule.leadUnitId()),
            assistUnitIds.isEmpty() ? "" : ", assisted by " + assistUnitIds.stream().map(this::unitEn).collect(Collectors.joining(", "))),
        facts);
  }

  Reason owner(Component component, UnitRef owner) {
    return new Reason("component-owner", "案件所指部件“%s”（%s）由%s管护，由其主办。".formatted(component.name(), component.ident(), owner.name()),
        "The case is about the component \"%s\" (%s), which %s looks after; so it leads.".formatted(component.name(), component.ident(), owner.name()),
        Map.of("component", component.ident(), "name", component.name(), "unit", owner.name(), "unitId", owner.id()));
  }

  Reason ownerUnknown(Component component) {
    return new Reason("component-owner-unknown", "部件%s登记的主管单位代码“%s”不是本系统的单位，改依责任矩阵。".formatted(component.ident(), component.ownerCode()),
        "The register names \"%s\" in charge of component %s, which is no unit of this system; the responsibility matrix decides.".formatted(component.ownerCode(), component.ident()),
        Map.of("component", component.ident(), "ownerCode", component.ownerCode()));
  }

  Reason ownerAbsent(Component component, UnitRef owner, Absence absence) {
    Map<String, Object> facts = new LinkedHashMap<>(Map.of("component", component.ident(), "unit", owner.name()));
    return new Reason("component-owner-absent", "部件%s的主管单位未采用：%s；改依责任矩阵。".formatted(component.ident(), absent(owner.id(), absence, facts)),
        "The unit in charge of component %s was not taken: %s; the responsibility matrix decides.".formatted(component.ident(), absentEn(owner.id(), absence)), facts);
  }

  /** A rule that the owner of the component comes before. */
  Reason ownerBefore(Rule rule) {
    return new Reason("component-owner-before-rule",
        "优先于规则%d（%s，%s，%s，%s）：部件的主管单位更具体。".formatted(rule.id(), kind(rule), area(rule), rule.hours().nameZh(), unit(rule.leadUnitId())),
        "Comes before %s (%s): the unit in charge of the component is closer to the matter.".formatted(ruleEn(rule), unitEn(rule.leadUnitId())), facts(rule));
  }

  Reason beaten(Rule chosen, Beaten beaten) {
    Rule rule = beaten.rule();
    Map<String, Object> facts = facts(rule);
    String other = "规则%d（%s，%s，%s，%s）".formatted(rule.id(), kind(rule), area(rule), rule.hours().nameZh(), unit(rule.leadUnitId()));
    String before = "Comes before " + ruleEn(rule) + " (" + unitEn(rule.leadUnitId()) + "): ";
    return switch (beaten.by()) {
      case KIND -> new Reason("kind-more-specific", "优先于" + other + "：类别更具体。", before + "its kind is more specific.", facts);
      case AREA -> new Reason("area-smaller", "优先于" + other + "：区域更小。", before + "its area is smaller.", facts);
      case HOURS -> new Reason("hours-limited", "优先于" + other + "：专门针对" + chosen.hours().nameZh() + "。", before + "it is made for the time " + chosen.hours().nameEn() + ".", facts);
      case NEWER -> new Reason("rule-newer", "优先于" + other + "：生效更晚（" + chosen.validFrom() + "起）。", before + "it came into force later (" + chosen.validFrom() + ").", facts);
    };
  }

  Reason skipped(Skipped skipped) {
    Map<String, Object> facts = facts(skipped.rule());
    String rule = "规则" + skipped.rule().id() + "未采用：" + absent(skipped.rule().leadUnitId(), skipped.absence(), facts) + "。";
    return new Reason(code(skipped.absence()), rule, "Rule " + skipped.rule().id() + " was not taken: " + absentEn(skipped.rule().leadUnitId(), skipped.absence()) + ".", facts);
  }

  Reason assistLeftOut(long unitId, Absence absence) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("unitId", unitId);
    facts.put("unit", unit(unitId));
    return new Reason("assist-" + code(absence), "协办单位略去：" + absent(unitId, absence, facts) + "。",
        "An assisting unit was left out: " + absentEn(unitId, absence) + ".", facts);
  }

  Reason noRule(String kindId, String areaCode, boolean working, List<Skipped> skipped) {
    return new Reason(
        skipped.isEmpty() ? "no-rule" : "no-usable-rule",
        "责任矩阵中没有%s适用于%s、%s、%s的规则，请派遣员选择。".formatted(
            skipped.isEmpty() ? "" : "可用的", kindId == null ? "类别不明的案件" : kindName(kindId), places.describe(areaCode),
            working ? Hours.WORKING.nameZh() : Hours.OFF.nameZh()),
        "The responsibility matrix has no %srule for %s in %s %s; a dispatcher chooses.".formatted(
            skipped.isEmpty() ? "" : "usable ", kindId == null ? "a case of unknown kind" : kindNameEn(kindId), areaEn(areaCode),
            working ? Hours.WORKING.nameEn() : Hours.OFF.nameEn()),
        Map.of("kind", kindId == null ? "" : kindId, "kindName", kindId == null ? "" : kindName(kindId), "area", areaCode,
            "areaName", places.describe(areaCode), "hours", working ? Hours.WORKING : Hours.OFF));
  }

  Reason handledHere(UnitRef unit, String kindId, String areaCode, long cases) {
    return new Reason("handled-similar-here",
        "%s在%s办结过%d件%s案件。".formatted(unit.name(), places.describe(areaCode), cases, kindName(kindId)),
        "%s has closed %d cases of %s in %s.".formatted(unit.name(), cases, kindNameEn(kindId), areaEn(areaCode)),
        Map.of("unit", unit.name(), "area", areaCode, "areaName", places.describe(areaCode), "cases", cases, "kind", kindId,
            "kindName", kindName(kindId)));
  }

  Reason leadsInMatrix(UnitRef unit, Rule rule) {
    Map<String, Object> facts = facts(rule);
    return new Reason("leads-related-rule",
        "%s在规则%d中主办%s（%s，%s）。".formatted(unit.name(), rule.id(), kind(rule), area(rule), rule.hours().nameZh()),
        "%s leads by %s.".formatted(unit.name(), ruleEn(rule)), facts);
  }

  Reason worksHere(UnitRef unit) {
    return new Reason("unit-of-area", "%s是%s的单位。".formatted(unit.name(), places.describe(unit.areaCode())),
        "%s is a unit of %s.".formatted(unit.name(), areaEn(unit.areaCode())),
        Map.of("unit", unit.name(), "area", unit.areaCode(), "areaName", places.describe(unit.areaCode())));
  }

  private Map<String, Object> facts(Rule rule) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("ruleId", rule.id());
    facts.put("kind", rule.kind().text());
    facts.put("kindName", kind(rule));
    facts.put("kindMatch", rule.kind().match());
    facts.put("area", rule.areaCode());
    facts.put("areaName", area(rule));
    facts.put("hours", rule.hours());
    facts.put("unitId", rule.leadUnitId());
    facts.put("unit", unit(rule.leadUnitId()));
    if (rule.validFrom() != null) {
      facts.put("validFrom", rule.validFrom().toString());
    }
    return facts;
  }

  private String absent(long unitId, Absence absence, Map<String, Object> facts) {
    return switch (absence) {
      case Absence.Unknown() -> "单位" + unitId + "不存在";
      case Absence.Inactive() -> unit(unitId) + "已停用";
      case Absence.StationingEnded(var lastDay) -> {
        facts.put("lastDay", lastDay.toString());
        yield unit(unitId) + "的临时派驻已于" + lastDay + "结束";
      }
    };
  }

  private String absentEn(long unitId, Absence absence) {
    return switch (absence) {
      case Absence.Unknown() -> "there is no unit " + unitId;
      case Absence.Inactive() -> unitEn(unitId) + " is not active";
      case Absence.StationingEnded(var lastDay) -> "the temporary stationing of " + unitEn(unitId) + " ended on " + lastDay;
    };
  }

  private static String code(Absence absence) {
    return switch (absence) {
      case Absence.Unknown() -> "unit-unknown";
      case Absence.Inactive() -> "unit-inactive";
      case Absence.StationingEnded(var lastDay) -> "stationing-ended";
    };
  }

  private String kind(Rule rule) {
    return switch (rule.kind().match()) {
      case EXACT -> kindName(rule.kind().text());
      case MAJOR -> "大类" + catalogue.listKinds().stream()
          .filter(k -> KindPattern.majorOf(k).equals(rule.kind()))
          .map(Kind::majorZh)
          .findFirst()
          .orElse(rule.kind().text());
      case ANY -> "所有类别";
    };
  }

  private String kindName(String kindId) {
    return catalogue.findKind(kindId).map(Kind::nameZh).orElse(kindId);
  }

  private String area(Rule rule) {
    if (rule.areaCode().isEmpty()) {
      return "全部区域";
    }
    return places.chain(rule.areaCode()).size() > 1
        ? places.describe(rule.areaCode())
        : places.findArea(rule.areaCode()).map(Area::name).orElse(rule.areaCode());
  }

  private String ruleEn(Rule rule) {
    String kind = switch (rule.kind().match()) {
      case EXACT -> kindNameEn(rule.kind().text());
      case MAJOR -> "large class " + catalogue.listKinds().stream().filter(k -> KindPattern.majorOf(k).equals(rule.kind())).map(Kind::majorEn).findFirst().orElse(rule.kind().text());
      case ANY -> "all kinds";
    };
    return "rule %d (%s, %s, %s)".formatted(rule.id(), kind, rule.areaCode().isEmpty() ? "all areas" : areaEn(rule.areaCode()), rule.hours().nameEn());
  }

  private String kindNameEn(String kindId) {
    return catalogue.findKind(kindId).map(Kind::nameEn).orElse(kindId);
  }

  private String areaEn(String code) {
    return places.findArea(code).map(a -> a.nameEn() == null ? a.name() : a.nameEn()).orElse(code);
  }

  private String unitEn(long id) {
    return units.findUnit(id).map(UnitRef::name).orElse("unit " + id);
  }

  private String names(List<Long> unitIds) {
    return unitIds.stream().map(this::unit).collect(Collectors.joining("、"));
  }

  private String unit(long id) {
    return units.findUnit(id).map(UnitRef::name).orElse("单位" + id);
  }
}
