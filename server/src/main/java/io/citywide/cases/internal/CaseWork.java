package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.Urgency;
import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.cases.internal.Deadlines.Limit;
import io.citywide.cases.internal.Deadlines.Pause;
import io.citywide.cases.internal.LifeCycle.Field;
import io.citywide.cases.internal.LifeCycle.Rule;
import io.citywide.grid.GridCell;
import io.citywide.identity.People;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.platform.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes steps: judges them by the table, writes what they do, and says so to everybody concerned, in one transaction. */
@Service
class CaseWork implements Cases {

  private static final int OPINION_LIMIT = 2000;
  private static final int MAX_EXTENSION_MINUTES = 60 * 24 * 90;

  /** Columns that decide who sees a case: a step that changes one may take the case out of its own author's sight. */
  private static final Set<String> SIGHT = Set.of("area_code", "lead_unit_id", "assist_unit_ids");

  /** What a step does beside moving the stage: columns of the case, facts for its history. */
  private static final class Effect {
    final Map<String, Object> columns = new LinkedHashMap<>();
    final Map<String, Object> details = new LinkedHashMap<>();
    Boolean late;
    Instant due;

    Effect set(String column, Object value) {
      columns.put(column, value);
      return this;
    }

    Effect tell(String fact, Object value) {
      if (value != null) {
        details.put(fact, value instanceof Instant at ? at.toString() : value);
      }
      return this;
    }

    /** Equal is on time. */
    Effect limit(Instant at, Instant dueAt) {
      due = dueAt;
      late = dueAt == null ? null : at.isAfter(dueAt);
      return this;
    }
  }

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final Deadlines deadlines;
  private final StepLog log;
  private final CaseSettings settings;
  private final Units units;
  private final People people;
  private final Places places;
  private final Catalogue catalogue;
  private final Evidence evidence;
  private final StepTimes times;

  CaseWork(JdbcClient jdbc, CaseStore store, Deadlines deadlines, StepLog log, CaseSettings settings, Units units, People people, Places places,
      Catalogue catalogue, Evidence evidence, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.deadlines = deadlines;
    this.log = log;
    this.settings = settings;
    this.units = units;
    this.people = people;
    this.places = places;
    this.catalogue = catalogue;
    this.evidence = evidence;
    this.times = new StepTimes(jdbc, clock);
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<CaseView> findCase(long caseId) {
    return store.find(caseId);
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<CaseView> findByNumber(String caseNo) {
    return store.findByNumber(caseNo);
  }

  @Override
  @Transactional(readOnly = true)
  public Map<Long, CaseView> listCases(Collection<Long> ids) {
    return store.list(ids).stream().collect(Collectors.toMap(CaseView::id, Function.identity()));
  }

  @Override
  @Transactional(readOnly = true)
  public List<StepRecord> listSteps(long caseId) {
    return store.steps(caseId);
  }

  @Override
  @Transactional
  public Step take(long caseId, StepCommand command) {
    Viewer viewer = Viewer.current();
    Optional<CaseView> found = store.lock(caseId);
    if (found.isEmpty()) {
      return unknown(caseId);
    }
    CaseView file = found.get();
    Rule rule = LifeCycle.rule(command.action());
    Situation situation = new Situation(file, command, viewer, () -> store.steps(caseId), () -> store.pending(file), settings, times.next(file));
    Optional<Step.Refused> refused = judge(situation, rule).or(() -> judgeFields(situation, rule));
    if (refused.isPresent()) {
      return refused.get();
    }
    return new Step.Taken(write(situation, rule));
  }

  /** When the next step of a locked case happens. */
  Instant next(CaseView file) {
    return times.next(file);
  }

  static Step.Refused unknown(long caseId) {
    return new Step.Refused(CaseProblem.UNKNOWN, null, new Words("there is no case " + caseId + " in your sight", "没有此案件，或不在您的可见范围内"), Map.of());
  }

  /** Version, role, stage and guards. */
  Optional<Step.Refused> judge(Situation s, Rule rule) {
    CaseView file = s.file();
    CaseStage stage = file.stage();
    if (s.command() != null && s.command().version() != null && s.command().version() != file.version()) {
      return Optional.of(changed(s));
    }
    if (!rule.takenBy(s.viewer())) {
      return Optional.of(new Step.Refused(CaseProblem.ROLE, stage, new Words(
          rule.action() + " is taken by " + rule.roles().stream().sorted().toList() + ", you act as " + s.viewer().role(),
          "“" + rule.action().nameZh() + "”由" + rule.roles().stream().sorted().map(Role::nameZh).collect(Collectors.joining("、")) + "执行"), mapOf("action", rule.action(), "role", s.viewer().role(), "roles", rule.roles().stream().sorted().toList())));
    }
    if (!rule.from().contains(stage)) {
      return Optional.of(new Step.Refused(CaseProblem.NOT_ALLOWED, stage, new Words("the case is " + stage + ", which does not allow " + rule.action(),
          "案件处于“" + stage.nameZh() + "”阶段，不能" + rule.action().nameZh()),
          mapOf("stage", stage, "action", rule.action(), "allowed", LifeCycle.allowed(stage, s.viewer()))));
    }
    for (Guard guard : rule.guards()) {
      Optional<Words> fault = guard.fault(s);
      if (fault.isPresent()) {
        return Optional.of(new Step.Refused(CaseProblem.GUARD, stage, fault.get(), mapOf("action", rule.action(), "guard", guard.name(), "stage", stage)));
      }
    }
    return Optional.empty();
  }

  private static Step.Refused changed(Situation s) {
    Optional<StepRecord> last = s.steps().isEmpty() ? Optional.empty() : Optional.of(s.steps().getLast());
    return new Step.Refused(CaseProblem.CHANGED, s.file().stage(),
        last.map(l -> new Words(l.personName() + " took the step " + l.action() + " at " + l.at() + "; the case is " + s.file().stage() + " now",
            l.personName() + "已执行“" + l.action().nameZh() + "”，案件现处于“" + s.file().stage().nameZh() + "”阶段"))
            .orElse(new Words("the case changed", "案件已有变化")),
        mapOf("by", last.map(StepRecord::personName).orElse(null), "at", last.map(l -> l.at().toString()).orElse(null),
            "action", last.map(StepRecord::action).orElse(null), "stage", s.file().stage(), "version", s.file().version()));
  }

  private Optional<Step.Refused> judgeFields(Situation s, Rule rule) {
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
            mapOf("field", "kindId", "value", c.kindId())));
      }
    }
    if (takes(rule, "leadUnitId")) {
      for (Long unit : unitsOf(c)) {
        if (units.findUnit(unit).filter(UnitRef::active).isEmpty()) {
          return Optional.of(new Step.Refused(CaseProblem.UNKNOWN_UNIT, s.file().stage(), new Words("there is no active unit " + unit, "没有此在用单位"),
              mapOf("field", unit.equals(c.leadUnitId()) ? "leadUnitId" : "assistUnitIds", "value", unit)));
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
            mapOf("field", "lon", "value", c.lon())));
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
    return Optional.of(new Step.Refused(CaseProblem.FIELD, s.file().stage(), detail, mapOf("action", rule.action(), "field", field, "value", value)));
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

  private CaseView write(Situation s, Rule rule) {
    CaseView file = s.file();
    StepCommand c = s.command();
    CaseStage target = rule.target(file.stage(), c.result(), c.approve());
    List<Pause> pauses = pauses(file);
    Effect effect = effect(s, rule.action(), pauses);
    if (target != file.stage()) {
      effect.set("stage", target).set("stage_since", s.now()).set("overdue_marked_at", null);
      if (file.suspendedAt() != null && !inUnit(target)) {
        jdbc.sql("UPDATE case_pause SET until = greatest(since, :now) WHERE case_id = :id AND until IS NULL").param("now", CaseStore.utc(s.now()))
            .param("id", file.id()).update();
        effect.set("suspended_at", null);
      }
      lapse(s, target, effect);
    }
    if (!c.media().isEmpty()) {
      evidence.hold(c.media(), file.id());
      if (file.thumbnail() == null) {
        effect.set("thumbnail", c.media().getFirst());
      }
    }
    Map<String, Object> details = new LinkedHashMap<>(c.details());
    details.putAll(effect.details);
    long behind = Duration.between(times.now(), s.now()).toSeconds();
    if (behind > 0) {
      details.put("clockBehindSeconds", behind);
    }
    int elapsed = (int) Math.min(Integer.MAX_VALUE, Deadlines.worked(deadlines.calendar(), file.stageSince(), s.now(), pauses).toMinutes());
    if (effect.columns.keySet().stream().anyMatch(SIGHT::contains)) {
      store.widen();
    }
    CaseView after = store.change(file.id(), effect.columns);
    log.write(file, after, new StepLog.Entry(rule.action(), file.stage(), s.now(), log.actor(s.viewer()), elapsed, effect.late, effect.due,
        blankToNull(c.opinion()) == null ? blankToNull(c.reason()) : c.opinion(), c.media(), details));
    return after;
  }

  private static boolean inUnit(CaseStage stage) {
    return stage == CaseStage.DISPATCHED || stage == CaseStage.RECEIVED;
  }

  private static String blankToNull(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** Requests that the move leaves without object. */
  private void lapse(Situation s, CaseStage target, Effect effect) {
    List<Long> lapsed = s.pending().stream()
        .filter(r -> r.kind() == CaseRequest.Kind.FORCED_CLOSURE ? !target.open() : !inUnit(target))
        .map(CaseRequest::id).toList();
    if (!lapsed.isEmpty()) {
      jdbc.sql("UPDATE case_request SET lapsed = true WHERE id = ANY (:ids) AND decided_at IS NULL").param("ids", CaseStore.longs(lapsed)).update();
      effect.set("pending_requests", Math.max(0, (int) effect.columns.getOrDefault("pending_requests", s.file().pendingRequests()) - lapsed.size()));
    }
  }

  private List<Pause> pauses(CaseView file) {
    if (file.suspensionCount() == 0) {
      return List.of();
    }
    return jdbc.sql("SELECT since, until FROM case_pause WHERE case_id = :id ORDER BY id").param("id", file.id())
        .query((rs, i) -> new Pause(CaseStore.instant(rs, "since"), CaseStore.instant(rs, "until"))).list();
  }

  private Effect effect(Situation s, CaseAction action, List<Pause> pauses) {
    CaseView file = s.file();
    StepCommand c = s.command();
    Instant now = s.now();
    Effect effect = new Effect();
    switch (action) {
      case ACCEPT -> {
        classify(effect, file, c);
        effect.set("accepted_at", now);
      }
      case DECLINE, NOTE, URGE, SUPERVISE, VOID -> {
        if (action == CaseAction.URGE) {
          effect.set("urge_count", file.urgeCount() + 1);
        } else if (action == CaseAction.SUPERVISE) {
          effect.set("supervised", true);
        }
      }
      case REQUEST_VERIFICATION -> {
        // The visit on site takes its own time: the limit of filing moves by that of a check, unless it was missed already.
        if (file.filingDueAt() != null && !now.isAfter(file.filingDueAt())) {
          Instant due = deadlines.stageDue(Act.FILE, file.urgency(), deadlines.stageDue(Act.CHECK, file.urgency(), now));
          effect.set("filing_due_at", due).tell("filingDueAt", due);
        }
        if (c.assigneeId() != null) {
          effect.set("assignee_id", c.assigneeId()).tell("assigneeId", c.assigneeId()).tell("assigneeName", people.findName(c.assigneeId()).orElse(null));
        }
      }
      case VERIFY -> effect.set("verification_result", c.result()).set("assignee_id", null).tell("result", c.result());
      case FILE -> {
        classify(effect, file, c);
        Urgency urgency = c.urgency() == null ? file.urgency() : c.urgency();
        effect.limit(now, file.filingDueAt()).set("filed_at", now).set("filing_late", effect.late)
            .set("dispatch_due_at", deadlines.stageDue(Act.DISPATCH, urgency, now));
      }
      case CLASSIFY -> classify(effect, file, c);
      case RELOCATE -> relocate(effect, file, c);
      case DISPATCH -> dispatch(effect, s);
      case RECEIVE -> effect.set("received_at", now);
      case RETURN -> effect.set("return_count", file.returnCount() + 1).set("lead_unit_id", null).set("assist_unit_ids", List.of()).set("assignee_id", null)
          .set("disposal_started_at", null).set("disposal_due_at", null).set("disposal_original_due_at", null).set("received_at", null)
          .set("disposal_extra_minutes", 0)
          .set("dispatch_due_at", deadlines.stageDue(Act.DISPATCH, file.urgency(), now))
          .tell("fromUnitId", file.leadUnitId()).tell("fromUnitName", unitName(file.leadUnitId()));
      case ASSIGN -> effect.set("assignee_id", c.assigneeId()).tell("assigneeId", c.assigneeId()).tell("assigneeName", people.findName(c.assigneeId()).orElse(null));
      case DISPOSE -> effect.limit(now, file.disposalDueAt()).set("disposed_at", now).set("disposal_late", effect.late).set("check_result", null)
          .set("check_due_at", deadlines.stageDue(Act.CHECK, file.urgency(), now));
      case CHECK -> check(effect, s);
      case CLOSE -> effect.set("closed_at", now);
      case EVALUATE -> effect.set("evaluated_at", now).tell("result", c.result());
      case REQUEST_EXTENSION, SUSPEND, REQUEST_FORCED_CLOSURE -> request(effect, s, action);
      case DECIDE_EXTENSION -> {
        CaseRequest request = decide(effect, s, CaseRequest.Kind.EXTENSION);
        if (c.approve()) {
          LimitUnit unit = file.disposalLimitUnit();
          Instant due = deadlines.calendar().add(file.disposalDueAt(), Duration.ofMinutes(request.minutes()), unit);
          effect.set("disposal_due_at", due).set("disposal_extra_minutes", file.disposalExtraMinutes() + request.minutes())
              .set("extension_count", file.extensionCount() + 1).set("overdue_marked_at", null)
              .tell("minutes", request.minutes()).tell("dueBefore", file.disposalDueAt()).tell("dueAt", due);
        }
      }
      case DECIDE_SUSPENSION -> {
        CaseRequest request = decide(effect, s, CaseRequest.Kind.SUSPENSION);
        if (c.approve()) {
          suspend(effect, s, request);
        }
      }
      case RESUME -> resume(effect, s);
      case DECIDE_FORCED_CLOSURE -> {
        decide(effect, s, CaseRequest.Kind.FORCED_CLOSURE);
        if (c.approve()) {
          effect.set("closed_at", now).set("forced", true);
        }
      }
      case REOPEN -> {
        jdbc.sql("DELETE FROM case_past WHERE case_id = :id").param("id", file.id()).update();
        effect.set("reopen_count", file.reopenCount() + 1).set("closed_at", null).set("evaluated_at", null).set("disposed_at", null).set("checked_at", null)
            .set("check_result", null).set("verification_result", null).set("forced", false).set("lead_unit_id", null).set("assist_unit_ids", List.of())
            .set("assignee_id", null).set("disposal_started_at", null).set("disposal_due_at", null).set("disposal_original_due_at", null)
            .set("disposal_late", null).set("check_due_at", null).set("citizen_rating", null);
        if (file.stage() == CaseStage.CLOSED || file.stage() == CaseStage.EVALUATED) {
          effect.set("dispatch_due_at", deadlines.stageDue(Act.DISPATCH, file.urgency(), now));
        } else {
          effect.set("filing_due_at", deadlines.stageDue(Act.FILE, file.urgency(), now));
        }
      }
      case OPEN, IMPORT, JOIN_SIGNAL, SPLIT, MERGE -> throw new IllegalArgumentException(action + " is not taken as a step of its own");
    }
    return effect;
  }

  private void classify(Effect effect, CaseView file, StepCommand c) {
    if (c.kindId() != null && !c.kindId().equals(file.kindId())) {
      effect.set("kind_id", c.kindId()).tell("kindBefore", file.kindId()).tell("kindId", c.kindId())
          .tell("kindName", catalogue.findKind(c.kindId()).map(Kind::nameZh).orElse(null));
    }
    if (c.urgency() != null && c.urgency() != file.urgency()) {
      effect.set("urgency", c.urgency()).tell("urgencyBefore", file.urgency()).tell("urgency", c.urgency());
    }
  }

  private void relocate(Effect effect, CaseView file, StepCommand c) {
    Spot spot = places.locate(c.lon(), c.lat()).orElseThrow();
    effect.set("lon", c.lon()).set("lat", c.lat()).set("grid_key", GridCell.of(c.lon(), c.lat(), 9).key()).set("area_code", spot.areaCode())
        .tell("lonBefore", file.lon()).tell("latBefore", file.lat()).tell("areaBefore", file.areaCode()).tell("areaNameBefore", places.describe(file.areaCode()))
        .tell("lon", c.lon()).tell("lat", c.lat()).tell("areaCode", spot.areaCode()).tell("areaName", places.describe(spot.areaCode()));
    if (c.address() != null && !c.address().isBlank()) {
      effect.set("address", c.address().strip()).tell("addressBefore", file.address());
    }
  }

  private void dispatch(Effect effect, Situation s) {
    CaseView file = s.file();
    StepCommand c = s.command();
    List<Long> assist = c.assistUnitIds().stream().filter(u -> !u.equals(c.leadUnitId())).distinct().toList();
    effect.limit(s.now(), file.dispatchDueAt()).set("dispatched_at", s.now()).set("dispatch_late", effect.late).set("lead_unit_id", c.leadUnitId())
        .set("assist_unit_ids", assist).set("assignee_id", c.assigneeId()).set("received_at", null)
        .tell("leadUnitId", c.leadUnitId()).tell("leadUnitName", unitName(c.leadUnitId())).tell("assistUnitIds", assist.isEmpty() ? null : assist)
        .tell("assistUnitNames", assist.isEmpty() ? null : assist.stream().map(this::unitName).toList());
    startDisposal(effect, s, true);
  }

  /** Grants the limit of disposal, from now. */
  private void startDisposal(Effect effect, Situation s, boolean original) {
    CaseView file = s.file();
    Optional<Limit> limit = deadlines.disposalLimit(file.kindId(), file.urgency());
    Instant due = limit.map(l -> deadlines.calendar().due(s.now(), l.value(), l.unit())).orElse(null);
    effect.set("disposal_started_at", s.now()).set("disposal_due_at", due).set("disposal_limit_value", limit.map(Limit::value).orElse(null))
        .set("disposal_limit_unit", limit.map(Limit::unit).orElse(null)).set("disposal_extra_minutes", 0).set("disposal_late", null)
        .tell("limit", limit.map(Limit::words).orElse(null)).tell("limitRule", limit.map(Limit::pattern).orElse(null)).tell("dueAt", due);
    if (original) {
      effect.set("disposal_original_due_at", due);
    }
  }

  private void check(Effect effect, Situation s) {
    CaseView file = s.file();
    String result = s.command().result();
    effect.limit(s.now(), file.checkDueAt()).set("check_result", result).set("check_late", effect.late).tell("result", result);
    switch (result) {
      case "PASS" -> effect.set("checked_at", s.now());
      case "FAIL" -> {
        effect.set("rework_count", file.reworkCount() + 1).set("disposed_at", null).set("received_at", null).tell("lateDisposal", file.disposalLate());
        startDisposal(effect, s, false);
      }
      case "UNABLE" -> {
        // Nobody could tell: another visit, with the time of another visit.
        effect.set("check_due_at", deadlines.stageDue(Act.CHECK, file.urgency(), s.now()));
      }
      default -> throw new IllegalArgumentException("unknown result " + result);
    }
  }

  private void request(Effect effect, Situation s, CaseAction action) {
    CaseRequest.Kind kind = action == CaseAction.REQUEST_EXTENSION ? CaseRequest.Kind.EXTENSION
        : action == CaseAction.SUSPEND ? CaseRequest.Kind.SUSPENSION : CaseRequest.Kind.FORCED_CLOSURE;
    Integer minutes = kind == CaseRequest.Kind.EXTENSION ? s.command().minutes() : null;
    long id = jdbc.sql("""
            INSERT INTO case_request (case_id, kind, reason, minutes, requested_by, requested_by_name, requested_at)
            VALUES (:case, :kind, :reason, :minutes, :by, :name, :at) RETURNING id""")
        .param("case", s.file().id()).param("kind", kind.name()).param("reason", s.command().reason().strip()).param("minutes", minutes)
        .param("by", s.viewer().personId()).param("name", s.viewer().displayName()).param("at", CaseStore.utc(s.now())).query(Long.class).single();
    effect.set("pending_requests", s.file().pendingRequests() + 1).tell("requestId", id).tell("minutes", minutes);
  }

  private CaseRequest decide(Effect effect, Situation s, CaseRequest.Kind kind) {
    CaseRequest request = s.request(kind).orElseThrow();
    jdbc.sql("""
            UPDATE case_request SET decided_by = :by, decided_by_name = :name, decided_at = :at, approved = :approved, opinion = :opinion WHERE id = :id""")
        .param("by", s.viewer().personId()).param("name", s.viewer().displayName()).param("at", CaseStore.utc(s.now()))
        .param("approved", s.command().approve()).param("opinion", s.command().opinion()).param("id", request.id()).update();
    effect.set("pending_requests", Math.max(0, s.file().pendingRequests() - 1)).tell("requestId", request.id()).tell("approve", s.command().approve())
        .tell("requestedBy", request.requestedByName()).tell("reason", request.reason());
    return request;
  }

  /** The clock stops; what is left of the limit is kept. A limit that is over already stays as it is. */
  private void suspend(Effect effect, Situation s, CaseRequest request) {
    CaseView file = s.file();
    Duration left = file.disposalDueAt() == null || s.now().isAfter(file.disposalDueAt()) ? null
        : deadlines.calendar().between(s.now(), file.disposalDueAt(), unit(file));
    jdbc.sql("INSERT INTO case_pause (case_id, since, reason, remaining_micros) VALUES (:case, :since, :reason, :left)")
        .param("case", file.id()).param("since", CaseStore.utc(s.now())).param("reason", request.reason())
        .param("left", left == null ? null : left.toNanos() / 1000).update();
    effect.set("suspended_at", s.now()).set("suspension_count", file.suspensionCount() + 1)
        .tell("remainingMinutes", left == null ? null : left.toMinutes());
  }

  private void resume(Effect effect, Situation s) {
    CaseView file = s.file();
    Optional<Long> left = jdbc.sql("""
            UPDATE case_pause SET until = greatest(since, :now) WHERE case_id = :id AND until IS NULL RETURNING remaining_micros""")
        .param("now", CaseStore.utc(s.now())).param("id", file.id())
        .query((rs, i) -> Optional.ofNullable(rs.getObject(1, Long.class))).optional().orElse(Optional.empty());
    effect.set("suspended_at", null).set("overdue_marked_at", null);
    if (left.isPresent()) {
      WorkingCalendar calendar = deadlines.calendar();
      Instant due = calendar.add(s.now(), Duration.ofNanos(left.get() * 1000), unit(file));
      effect.set("disposal_due_at", due).tell("dueBefore", file.disposalDueAt()).tell("dueAt", due).tell("remainingMinutes", left.get() / 60_000_000);
    }
  }

  private static LimitUnit unit(CaseView file) {
    return file.disposalLimitUnit() == null ? LimitUnit.WORKING_HOUR : file.disposalLimitUnit();
  }

  private String unitName(Long unitId) {
    return unitId == null ? null : units.findUnit(unitId).map(UnitRef::name).orElse(null);
  }

  /** A map that may hold nulls, in the order given. */
  static Map<String, Object> mapOf(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
