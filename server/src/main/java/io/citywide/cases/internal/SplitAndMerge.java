package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.CaseOpening.Draft;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.cases.internal.LifeCycle.Rule;
import io.citywide.grid.GridCell;
import io.citywide.identity.Viewer;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.platform.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Signals wrongly together go apart, cases wrongly apart come together. Both leave a step on both sides and can be
 * undone: a split by a merge, a merge by reopening the case that went away.
 */
@Service
public class SplitAndMerge {

  private final CaseStore store;
  private final CaseOpening opening;
  private final CaseWork work;
  private final Deadlines deadlines;
  private final StepLog log;
  private final CaseSettings settings;
  private final Signals signals;

  SplitAndMerge(CaseStore store, CaseOpening opening, CaseWork work, Deadlines deadlines, StepLog log, CaseSettings settings, Signals signals) {
    this.store = store;
    this.opening = opening;
    this.work = work;
    this.deadlines = deadlines;
    this.log = log;
    this.settings = settings;
    this.signals = signals;
  }

  /**
   * Moves signals of a case to a new one, which is accepted already (a person has looked at it) and keeps class and place.
   *
   * @return the new case, or why not
   */
  @Transactional
  public Step split(long caseId, Long version, Collection<Long> signalIds, String opinion) {
    Optional<CaseView> found = store.lock(caseId);
    if (found.isEmpty()) {
      return CaseWork.unknown(caseId);
    }
    Situation s = situation(found.get(), CaseAction.SPLIT, version, opinion);
    Optional<Step.Refused> refused = work.judge(s, LifeCycle.rule(CaseAction.SPLIT));
    if (refused.isPresent()) {
      return refused.get();
    }
    List<SignalView> all = signals.listOfCase(caseId);
    TreeSet<Long> wanted = new TreeSet<>(signalIds);
    List<SignalView> moving = all.stream().filter(v -> wanted.contains(v.id())).toList();
    if (wanted.isEmpty() || moving.size() != wanted.size()) {
      List<Long> foreign = wanted.stream().filter(id -> all.stream().noneMatch(v -> v.id() == id)).toList();
      return new Step.Refused(CaseProblem.NOT_OF_CASE, s.file().stage(),
          wanted.isEmpty() ? new Words("name at least one signal", "请至少选择一条反映")
              : new Words("the signals " + foreign + " do not belong to case " + s.file().caseNo(), "所选反映不属于案件 " + s.file().caseNo()),
          Map.of("field", "signalIds", "value", foreign));
    }
    if (moving.size() >= s.file().signalCount()) {
      return new Step.Refused(CaseProblem.NOT_OF_CASE, s.file().stage(), 
          new Words("a split leaves at least one signal in the case; all " + s.file().signalCount() + " were named", "拆分后原案件至少保留一条反映，不能全部选择"),
          Map.of("field", "signalIds", "bound", s.file().signalCount() - 1));
    }
    store.widen();
    CaseView file = s.file();
    CaseView made = opening.open(draft(file, moving, s.now()));
    String why = "由案卷 " + file.caseNo() + " 拆分" + (opinion == null || opinion.isBlank() ? "" : "：" + opinion.strip());
    signals.rebind(wanted, made.id(), made.caseNo(), why);
    StepLog.Actor actor = log.actor(s.viewer());
    log.write(null, made, new StepLog.Entry(CaseAction.SPLIT, null, s.now(), actor, 0, null, null, opinion, List.of(),
        CaseWork.mapOf("splitFrom", file.id(), "splitFromNo", file.caseNo(), "signalIds", List.copyOf(wanted), "why", why)));
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("signal_count", file.signalCount() - moving.size());
    columns.put("thumbnail", thumbnail(file, all.stream().filter(v -> !wanted.contains(v.id())).toList()));
    CaseView after = store.change(caseId, columns);
    log.write(file, after, entry(CaseAction.SPLIT, s, actor, opinion,
        CaseWork.mapOf("splitTo", made.id(), "splitToNo", made.caseNo(), "signalIds", List.copyOf(wanted))));
    return new Step.Taken(made);
  }

  /** Its first photo among signals that stay; photos of steps stay with the case anyway. */
  private String thumbnail(CaseView file, List<SignalView> staying) {
    if (file.thumbnail() == null || store.steps(file.id()).stream().anyMatch(st -> st.action() != CaseAction.OPEN && st.action() != CaseAction.JOIN_SIGNAL && st.media().contains(file.thumbnail()))) {
      return file.thumbnail();
    }
    return staying.stream().flatMap(v -> v.media().stream()).findFirst().orElse(null);
  }

  private Draft draft(CaseView file, List<SignalView> moving, Instant now) {
    SignalView first = moving.getFirst();
    boolean placed = first.lon() != null;
    Map<String, Object> c = new HashMap<>();
    c.put("stage", CaseStage.ACCEPTED.name());
    c.put("stage_since", now);
    c.put("kind_id", file.kindId());
    c.put("title", first.title() == null || first.title().isBlank() ? file.title() : first.title());
    c.put("description", first.description());
    c.put("lon", placed ? first.lon() : file.lon());
    c.put("lat", placed ? first.lat() : file.lat());
    c.put("grid_key", placed ? (Long) GridCell.of(first.lon(), first.lat(), 9).key() : file.gridKey());
    c.put("area_code", placed ? first.areaCode() : file.areaCode());
    c.put("address", first.address() == null ? file.address() : first.address());
    c.put("component_ident", first.componentIdent());
    c.put("urgency", file.urgency().name());
    c.put("source_channel", first.channel());
    c.put("signal_count", moving.size());
    c.put("thumbnail", moving.stream().flatMap(v -> v.media().stream()).findFirst().orElse(null));
    c.put("reporter_person_id", null);
    c.put("reported_at", first.receivedAt());
    c.put("last_signal_at", moving.getLast().receivedAt());
    c.put("accepted_at", now);
    c.put("filing_due_at", deadlines.stageDue(Act.FILE, file.urgency(), now));
    return new Draft(c);
  }

  /**
   * Merges the other case into this one: its signals come here, it becomes void and names this case.
   *
   * @return this case after it, or why not
   */
  @Transactional
  public Step merge(long caseId, Long version, long otherId, String opinion) {
    if (caseId == otherId) {
      return new Step.Refused(CaseProblem.FIELD, null, new Words("a case is not merged with itself", "案件不能与自身合并"), Map.of("field", "otherId", "value", otherId));
    }
    // In the order of ids, so that two merges of the same pair wait for each other and never lock each other out.
    Optional<CaseView> low = store.lock(Math.min(caseId, otherId));
    Optional<CaseView> high = store.lock(Math.max(caseId, otherId));
    Optional<CaseView> mine = caseId < otherId ? low : high;
    Optional<CaseView> theirs = caseId < otherId ? high : low;
    if (mine.isEmpty() || theirs.isEmpty()) {
      return CaseWork.unknown(mine.isEmpty() ? caseId : otherId);
    }
    Rule rule = LifeCycle.rule(CaseAction.MERGE);
    Situation s = situation(mine.get(), CaseAction.MERGE, version, opinion);
    Situation other = situation(theirs.get(), CaseAction.MERGE, null, opinion);
    Optional<Step.Refused> refused = work.judge(s, rule).or(() -> work.judge(other, rule));
    if (refused.isPresent()) {
      return refused.get();
    }
    store.widen();
    List<Long> moved = signals.listOfCase(otherId).stream().map(SignalView::id).toList();
    String why = "案卷 " + other.file().caseNo() + " 并入" + (opinion == null || opinion.isBlank() ? "" : "：" + opinion.strip());
    signals.rebindCase(otherId, caseId, s.file().caseNo(), why);
    StepLog.Actor actor = log.actor(s.viewer());
    Map<String, Object> gone = new LinkedHashMap<>();
    gone.put("stage", CaseStage.VOID);
    gone.put("stage_since", s.now());
    gone.put("merged_into", caseId);
    gone.put("signal_count", 0);
    gone.put("suspended_at", null);
    gone.put("pending_requests", 0);
    store.dropPending(otherId, s.now());
    CaseView otherAfter = store.change(otherId, gone);
    log.write(other.file(), otherAfter, entry(CaseAction.MERGE, other, actor, opinion,
        CaseWork.mapOf("mergedInto", caseId, "mergedIntoNo", s.file().caseNo(), "signalIds", moved)));
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("signal_count", s.file().signalCount() + other.file().signalCount());
    if (s.file().thumbnail() == null) {
      columns.put("thumbnail", other.file().thumbnail());
    }
    CaseView after = store.change(caseId, columns);
    log.write(s.file(), after, entry(CaseAction.MERGE, s, actor, opinion,
        CaseWork.mapOf("mergedFrom", otherId, "mergedFromNo", other.file().caseNo(), "signalIds", moved, "why", why)));
    return new Step.Taken(after);
  }

  /** Reopens a case that was merged away: it takes back those of its signals that are still where they went. */
  @Transactional
  public Step unmerge(long caseId, StepCommand command) {
    Optional<CaseView> seen = store.find(caseId);
    if (seen.isEmpty()) {
      return CaseWork.unknown(caseId);
    }
    Long into = seen.get().mergedInto();
    if (into == null) {
      return work.take(caseId, command);
    }
    store.lock(Math.min(caseId, into));
    store.lock(Math.max(caseId, into));
    Optional<StepRecord> merge = store.steps(caseId).reversed().stream().filter(st -> st.action() == CaseAction.MERGE && st.details().containsKey("mergedInto")).findFirst();
    Step step = work.take(caseId, command);
    if (!(step instanceof Step.Taken) || merge.isEmpty()) {
      return step;
    }
    List<Long> once = new ArrayList<>();
    for (Object id : (List<?>) merge.get().details().getOrDefault("signalIds", List.of())) {
      once.add(((Number) id).longValue());
    }
    // Once more, now that all is in sight: the lock above took nothing where it went beyond the viewer's.
    CaseView target = store.lock(into).orElseThrow();
    CaseView file = store.find(caseId).orElseThrow();
    List<Long> back = signals.listOfCase(into).stream().map(SignalView::id).filter(once::contains).toList();
    String why = "撤销并入案卷 " + target.caseNo();
    signals.rebind(back, caseId, file.caseNo(), why);
    StepLog.Actor actor = log.actor(Viewer.current());
    Situation there = situation(target, CaseAction.SPLIT, null, command.reason());
    CaseView targetAfter = store.change(into, Map.of("signal_count", Math.max(0, target.signalCount() - back.size())));
    log.write(target, targetAfter, entry(CaseAction.SPLIT, there, actor, command.reason(),
        CaseWork.mapOf("splitTo", caseId, "splitToNo", file.caseNo(), "signalIds", back, "why", why)));
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("merged_into", null);
    columns.put("signal_count", back.size());
    CaseView amended = store.amend(caseId, columns);
    log.amended(amended, work.next(file));
    return new Step.Taken(amended);
  }

  private Situation situation(CaseView file, CaseAction action, Long version, String opinion) {
    return new Situation(file, new StepCommand(action, version, opinion, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        Viewer.current(), () -> store.steps(file.id()), () -> store.pending(file), settings, work.next(file));
  }

  private StepLog.Entry entry(CaseAction action, Situation s, StepLog.Actor actor, String opinion, Map<String, Object> details) {
    return new StepLog.Entry(action, s.file().stage(), s.now(), actor, deadlines.minutesInStage(s.file(), s.now(), store.pauses(s.file())), null, null, opinion, List.of(), details);
  }
}
