package io.citywide.cases.internal;

import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.LifeCycle.Rule;
import io.citywide.cases.internal.StepEffects.Effect;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
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

  /** Columns that decide who sees a case: a step that changes one may take the case out of its own author's sight. */
  private static final Set<String> SIGHT = Set.of("area_code", "lead_unit_id", "assist_unit_ids");

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final Deadlines deadlines;
  private final StepLog log;
  private final StepFields fields;
  private final StepEffects effects;
  private final CaseSettings settings;
  private final Evidence evidence;
  private final StepTimes times;

  CaseWork(JdbcClient jdbc, CaseStore store, Deadlines deadlines, StepLog log, StepFields fields, StepEffects effects, CaseSettings settings, Evidence evidence,
      Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.deadlines = deadlines;
    this.log = log;
    this.fields = fields;
    this.effects = effects;
    this.settings = settings;
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
    Optional<Step.Refused> refused = judge(situation, rule).or(() -> fields.judge(situation, rule));
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

  private CaseView write(Situation s, Rule rule) {
    CaseView file = s.file();
    StepCommand c = s.command();
    CaseStage target = rule.target(file.stage(), c.result(), c.approve());
    int elapsed = deadlines.minutesInStage(file, s.now(), store.pauses(file));
    Effect effect = effects.of(s, rule.action());
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

  /** A map that may hold nulls, in the order given. */
  static Map<String, Object> mapOf(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
