package io.citywide.cases.internal;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.LifeCycle.Field;
import io.citywide.cases.internal.LifeCycle.Rule;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.intake.Decision;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.LedgerProblem;
import io.citywide.ledger.Receipt;
import io.citywide.place.Area;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** One case with all that a screen shows of it; six queries, however long its history. */
@Service
public class CaseDetails {

  /** An area of the chain above a case. */
  public record ChainArea(String code, String level, String name) {}

  /**
   * A signal of the case.
   *
   * @param why it is here, in words
   * @param warningId of the warning that it came from; {@code null}: from none
   */
  public record CaseSignal(long id, String channel, String description, Instant receivedAt, List<String> media, String why, String warningId) {}

  /**
   * A step the viewer may take now.
   *
   * @param label key of its name
   * @param reasonDisabled why not at this moment, in the reader's language; {@code null}: it may be taken
   */
  public record OfferedAction(CaseAction action, String label, List<Field> fields, String reasonDisabled) {}

  /** A request that waits for a decision, and the action that decides it. */
  public record Pending(long id, CaseRequest.Kind kind, CaseAction action, String reason, Integer minutes, String by, Instant at) {}

  /**
   * A limit of the case.
   *
   * @param dueAt {@code null}: none, or not begun
   * @param originalDueAt before extensions and suspensions
   * @param late {@code null}: not done yet, or no limit
   * @param words such as {@code 3 工作日}
   */
  public record LimitView(Instant dueAt, Instant originalDueAt, Instant doneAt, Boolean late, String words, int extraMinutes) {}

  /** Everything. */
  public record CaseDetail(
      @JsonUnwrapped CaseRow row,
      String description,
      List<ChainArea> chain,
      String componentIdent,
      String sourceChannel,
      List<String> assistUnitNames,
      List<Long> assistUnitIds,
      Long assigneeId,
      Map<String, LimitView> limits,
      Map<String, Instant> timestamps,
      Map<String, Integer> counts,
      String verificationResult,
      String checkResult,
      boolean forced,
      Long mergedInto,
      String citizenRating,
      String importedSource,
      String importedRef,
      List<CaseSignal> signals,
      List<StepRecord> steps,
      List<OfferedAction> actions,
      List<Pending> pending) {}

  private final Ledger ledger;
  private final CaseStore store;
  private final CaseRowWriter rows;
  private final CaseSettings settings;
  private final Places places;
  private final Units units;
  private final Signals signals;
  private final Clock clock;

  CaseDetails(Ledger ledger, CaseStore store, CaseRowWriter rows, CaseSettings settings, Places places, Units units, Signals signals, Clock clock) {
    this.ledger = ledger;
    this.store = store;
    this.rows = rows;
    this.settings = settings;
    this.places = places;
    this.units = units;
    this.signals = signals;
    this.clock = clock;
  }

  /**
   * The proof that a step was written down as it is, for whoever sees the case.
   *
   * @throws ProblemException {@code case.unknown}, {@code ledger.unknown}, {@code ledger.not-sealed}
   */
  @Transactional(readOnly = true)
  public Receipt receipt(long caseId, int seq) {
    if (store.find(caseId).isEmpty()) {
      throw new ProblemException(CaseProblem.UNKNOWN, "there is no case " + caseId + " in your sight").zh("没有此案件，或不在您的可见范围内");
    }
    StepRecord step = store.steps(caseId).stream().filter(s -> s.seq() == seq).findFirst()
        .orElseThrow(() -> new ProblemException(LedgerProblem.UNKNOWN, "case " + caseId + " has no step " + seq).zh("此案件没有第 " + seq + " 步"));
    return ledger.receipt(CaseSubject.SUBJECT, caseId, seq, CaseSubject.canonical(step));
  }

  /** Empty where there is no such case in the viewer's sight. */
  @Transactional(readOnly = true)
  public Optional<CaseDetail> find(long caseId) {
    return store.find(caseId).map(this::detail);
  }

  /** The detail of a case the viewer has just acted on, within that act's transaction. */
  CaseDetail detail(CaseView c) {
    Viewer viewer = Viewer.current();
    Instant now = clock.instant();
    List<StepRecord> steps = store.steps(c.id());
    List<CaseRequest> pending = store.pending(c.id());
    List<CaseSignal> of = signals.listOfCase(c.id()).stream().map(CaseDetails::signal).toList();
    List<Long> assist = c.assistUnitIds();
    Map<Long, String> assistNames = assist.isEmpty() ? Map.of() : units.names(assist);
    // A case that has left the viewer's sight by the act itself is shown as it is, without anything to do.
    boolean sees = viewer.sees(c.areaCode(), unitsOf(c));
    return new CaseDetail(rows.rows(List.of(c), now).getFirst(), c.description(), chain(c), c.componentIdent(), c.sourceChannel(),
        assist.stream().map(u -> assistNames.getOrDefault(u, "")).toList(), assist, c.assigneeId(), limits(c), timestamps(c), counts(c),
        c.verificationResult(), c.checkResult(), c.forced(), c.mergedInto(), c.citizenRating(), c.importedSource(), c.importedRef(), of, steps,
        sees ? actions(new Situation(c, null, viewer, () -> steps, () -> pending, settings, now)) : List.of(),
        pending.stream().map(r -> new Pending(r.id(), r.kind(), deciding(r.kind()), r.reason(), r.minutes(), r.requestedByName(), r.requestedAt())).toList());
  }

  private static java.util.Set<Long> unitsOf(CaseView c) {
    java.util.Set<Long> all = new java.util.HashSet<>(c.assistUnitIds());
    if (c.leadUnitId() != null) {
      all.add(c.leadUnitId());
    }
    return all;
  }

  private static CaseAction deciding(CaseRequest.Kind kind) {
    return switch (kind) {
      case EXTENSION -> CaseAction.DECIDE_EXTENSION;
      case SUSPENSION -> CaseAction.DECIDE_SUSPENSION;
      case FORCED_CLOSURE -> CaseAction.DECIDE_FORCED_CLOSURE;
    };
  }

  private static CaseSignal signal(SignalView s) {
    String why = s.decisions().stream().filter(d -> d.step().equals("match")).reduce((a, b) -> b).map(Decision::why).orElse(null);
    return new CaseSignal(s.id(), s.channel(), s.description(), s.receivedAt(), s.media(), why, "warning".equals(s.sourceSystem()) ? s.sourceRef() : null);
  }

  private List<ChainArea> chain(CaseView c) {
    List<Area> chain = places.chain(c.areaCode());
    return chain.stream().map(a -> new ChainArea(a.code(), a.level().name(), a.name())).toList();
  }

  private static Map<String, LimitView> limits(CaseView c) {
    Map<String, LimitView> limits = new LinkedHashMap<>();
    limits.put("filing", new LimitView(c.filingDueAt(), null, c.filedAt(), c.filingLate(), null, 0));
    limits.put("dispatch", new LimitView(c.dispatchDueAt(), null, c.dispatchedAt(), c.dispatchLate(), null, 0));
    limits.put("disposal", new LimitView(c.disposalDueAt(), c.disposalOriginalDueAt(), c.disposedAt(), c.disposalLate(),
        c.disposalLimitUnit() == null ? null : c.disposalLimitValue() + " " + c.disposalLimitUnit().nameZh(), c.disposalExtraMinutes()));
    limits.put("check", new LimitView(c.checkDueAt(), null, c.checkedAt(), c.checkLate(), null, 0));
    return limits;
  }

  private static Map<String, Instant> timestamps(CaseView c) {
    Map<String, Instant> at = new LinkedHashMap<>();
    at.put("reportedAt", c.reportedAt());
    at.put("acceptedAt", c.acceptedAt());
    at.put("filedAt", c.filedAt());
    at.put("dispatchedAt", c.dispatchedAt());
    at.put("receivedAt", c.receivedAt());
    at.put("disposedAt", c.disposedAt());
    at.put("checkedAt", c.checkedAt());
    at.put("closedAt", c.closedAt());
    at.put("evaluatedAt", c.evaluatedAt());
    at.put("suspendedAt", c.suspendedAt());
    return at;
  }

  private static Map<String, Integer> counts(CaseView c) {
    return new LinkedHashMap<>(Map.of("rework", c.reworkCount(), "return", c.returnCount(), "extension", c.extensionCount(), "suspension",
        c.suspensionCount(), "urge", c.urgeCount(), "reopen", c.reopenCount()));
  }

  /** What the table offers this viewer now. A guard that a field of the form can satisfy makes the field required. */
  static List<OfferedAction> actions(Situation s) {
    List<OfferedAction> offered = new ArrayList<>();
    CaseStage stage = s.file().stage();
    for (CaseAction action : LifeCycle.allowed(stage, s.viewer())) {
      Rule rule = LifeCycle.rule(action);
      List<Field> fields = new ArrayList<>(rule.fields());
      String reason = null;
      boolean hidden = false;
      for (Guard guard : rule.guards()) {
        Optional<Words> fault = guard.fault(s);
        if (fault.isEmpty()) {
          continue;
        }
        hidden |= guard.hides();
        if (guard.mendedBy().isPresent()) {
          fields.replaceAll(f -> f.name().equals(guard.mendedBy().get()) ? f.requiredNow() : f);
        } else if (reason == null) {
          reason = fault.get().said();
        }
      }
      if (!hidden) {
        offered.add(new OfferedAction(action, "action." + action, fields, reason));
      }
    }
    return offered;
  }
}
