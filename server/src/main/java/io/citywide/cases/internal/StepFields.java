package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.internal.LifeCycle.Field;
import io.citywide.cases.internal.LifeCycle.Rule;
import io.citywide.identity.People;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.Words;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Judges what a step brings with it against the fields that the table names for it. */
@Component
class StepFields {

  private static final int OPINION_LIMIT = 2000;
  private static final int MAX_EXTENSION_MINUTES = 60 * 24 * 90;

  private final Catalogue catalogue;
  private final Units units;
  private final People people;
  private final Places places;

  StepFields(Catalogue catalogue, Units units, People people, Places places) {
    this.catalogue = catalogue;
    this.units = units;
    this.people = people;
    this.places = places;
  }

  /** The first field that is missing or not what it must be; empty: all are. */
  Optional<Step.Refused> judge(Situation s, Rule rule) {
    StepCommand c = s.command();
    for (Field field : rule.fields()) {
      Object value = value(c, field.name());
      if (field.required() && (value == null || value instanceof String text && text.isBlank())) {
        return field(s, rule, field.name(), null, new Words("the field " + field.name() + " is required", "请填写" + nameZh(field.name())));
      }
      if (value instanceof String text && text.length() > OPINION_LIMIT) {
        return field(s, rule, field.name(), text.length(), new Words("the field " + field.name() + " has at most " + OPINION_LIMIT + " characters, was " + text.length(),
            nameZh(field.name()) + "最多 " + OPINION_LIMIT + " 字，现有 " + text.length() + " 字"));
      }
      if (value != null && field.type().equals("choice") && !field.options().contains(value)) {
        return field(s, rule, field.name(), value, new Words("the field " + field.name() + " is one of " + field.options() + ", was '" + value + "'",
            nameZh(field.name()) + "的选项无效：" + value));
      }
    }
    if (takes(rule, "minutes") && (c.minutes() < 1 || c.minutes() > MAX_EXTENSION_MINUTES)) {
      return field(s, rule, "minutes", c.minutes(), new Words("an extension is 1 to " + MAX_EXTENSION_MINUTES + " minutes, was " + c.minutes(),
          "延期时长为 1 至 " + MAX_EXTENSION_MINUTES + " 分钟"));
    }
    if (takes(rule, "kindId") && c.kindId() != null) {
      Optional<Kind> kind = catalogue.findKind(c.kindId());
      if (kind.isEmpty()) {
        return Optional.of(new Step.Refused(CaseProblem.UNKNOWN_KIND, s.file().stage(), new Words("there is no kind '" + c.kindId() + "' in the catalogue", "类别目录中没有“" + c.kindId() + "”"),
            CaseWork.mapOf("field", "kindId", "value", c.kindId())));
      }
    }
    if (takes(rule, "leadUnitId")) {
      for (Long unit : unitsOf(c)) {
        if (units.findUnit(unit).filter(UnitRef::active).isEmpty()) {
          return Optional.of(new Step.Refused(CaseProblem.UNKNOWN_UNIT, s.file().stage(), new Words("there is no active unit " + unit, "没有此在用单位"),
              CaseWork.mapOf("field", unit.equals(c.leadUnitId()) ? "leadUnitId" : "assistUnitIds", "value", unit)));
        }
      }
    }
    if (takes(rule, "assigneeId") && c.assigneeId() != null) {
      Long unit = rule.action() == CaseAction.DISPATCH ? c.leadUnitId() : s.file().leadUnitId();
      if (rule.action() != CaseAction.REQUEST_VERIFICATION && (unit == null || !people.worksIn(c.assigneeId(), unit))) {
        return field(s, rule, "assigneeId", c.assigneeId(), new Words("person " + c.assigneeId() + " does not work in the leading unit", "所选人员不在主办单位工作"));
      }
      if (people.findName(c.assigneeId()).isEmpty()) {
        return field(s, rule, "assigneeId", c.assigneeId(), new Words("there is no person " + c.assigneeId(), "没有此人员"));
      }
    }
    if (takes(rule, "lon")) {
      if (!(Math.abs(c.lon()) <= 180) || !(Math.abs(c.lat()) < 88)) {
        return field(s, rule, "lon", c.lon(), new Words("a position has a longitude of -180 to 180 and a latitude between -88 and 88, was " + c.lon() + ", " + c.lat(),
            "坐标无效：经度须在 -180 至 180 之间，纬度须在 -88 至 88 之间"));
      }
      if (places.locate(c.lon(), c.lat()).isEmpty()) {
        return Optional.of(new Step.Refused(CaseProblem.OUTSIDE_CITY, s.file().stage(), new Words(c.lon() + ", " + c.lat() + " lies in no area of the city", "位置不在本市任何区域内"),
            CaseWork.mapOf("field", "lon", "value", c.lon())));
      }
    }
    if (takes(rule, "approve") && c.requestId() != null && s.pending().stream().noneMatch(r -> r.id() == c.requestId() && r.kind() == decided(rule.action()))) {
      return field(s, rule, "requestId", c.requestId(), new Words("request " + c.requestId() + " does not wait for this decision", "此申请已不在等待审批"));
    }
    return Optional.empty();
  }

  /** A field of the form as the console calls it. */
  private static String nameZh(String field) {
    return switch (field) {
      case "opinion" -> "意见";
      case "media" -> "照片";
      case "kindId" -> "类别";
      case "lon", "lat" -> "位置";
      case "address" -> "地址";
      case "urgency" -> "紧急程度";
      case "leadUnitId" -> "主办单位";
      case "assistUnitIds" -> "协办单位";
      case "assigneeId" -> "人员";
      case "result" -> "结果";
      case "minutes" -> "时长";
      case "reason" -> "理由";
      case "approve" -> "审批结果";
      default -> field;
    };
  }

  private static boolean takes(Rule rule, String field) {
    return rule.fields().stream().anyMatch(f -> f.name().equals(field));
  }

  private static Object value(StepCommand c, String field) {
    return switch (field) {
      case "opinion" -> c.opinion();
      case "media" -> c.media();
      case "kindId" -> c.kindId();
      case "lon" -> c.lon();
      case "lat" -> c.lat();
      case "address" -> c.address();
      case "urgency" -> c.urgency();
      case "leadUnitId" -> c.leadUnitId();
      case "assistUnitIds" -> c.assistUnitIds();
      case "assigneeId" -> c.assigneeId();
      case "result" -> c.result();
      case "minutes" -> c.minutes();
      case "reason" -> c.reason();
      case "approve" -> c.approve();
      default -> null;
    };
  }

  private static Optional<Step.Refused> field(Situation s, Rule rule, String field, Object value, Words detail) {
    return Optional.of(new Step.Refused(CaseProblem.FIELD, s.file().stage(), detail, CaseWork.mapOf("action", rule.action(), "field", field, "value", value)));
  }

  private static Set<Long> unitsOf(StepCommand c) {
    Set<Long> all = new java.util.LinkedHashSet<>(c.assistUnitIds());
    all.add(c.leadUnitId());
    return all;
  }

  private static CaseRequest.Kind decided(CaseAction action) {
    return switch (action) {
      case DECIDE_EXTENSION -> CaseRequest.Kind.EXTENSION;
      case DECIDE_SUSPENSION -> CaseRequest.Kind.SUSPENSION;
      case DECIDE_FORCED_CLOSURE -> CaseRequest.Kind.FORCED_CLOSURE;
      case OPEN, IMPORT, ACCEPT, DECLINE, REQUEST_VERIFICATION, VERIFY, FILE, DISPATCH, RECEIVE, RETURN, ASSIGN, DISPOSE, CHECK, CLOSE, EVALUATE,
          REQUEST_EXTENSION, SUSPEND, RESUME, SUPERVISE, URGE, VOID, REQUEST_FORCED_CLOSURE, REOPEN, CLASSIFY, RELOCATE, JOIN_SIGNAL, SPLIT, MERGE, NOTE ->
          throw new IllegalArgumentException(action + " decides nothing");
    };
  }
}
