package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepRecord;
import io.citywide.cases.Urgency;
import io.citywide.cases.internal.CaseOpening.Draft;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.grid.GridRange;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.intake.spi.CandidateQuery;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.CaseProgress;
import io.citywide.intake.spi.CaseProgress.Milestone;
import io.citywide.intake.spi.CaseRef;
import io.citywide.intake.spi.HistoricCase;
import io.citywide.intake.spi.JoinedSignal;
import io.citywide.intake.spi.NewCase;
import io.citywide.intake.spi.OpenCase;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The desk at which signals become cases. */
@Component
class Desk implements CaseDesk {

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final CaseOpening opening;
  private final Deadlines deadlines;
  private final StepLog log;
  private final Units units;
  private final LiveFeed feed;
  private final StepTimes times;

  Desk(JdbcClient jdbc, CaseStore store, CaseOpening opening, Deadlines deadlines, StepLog log, Units units, LiveFeed feed, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.opening = opening;
    this.deadlines = deadlines;
    this.log = log;
    this.units = units;
    this.feed = feed;
    this.times = new StepTimes(jdbc, clock);
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public List<OpenCase> openCasesNear(CandidateQuery query) {
    return jdbc.sql("""
            SELECT c.id, c.case_no, c.kind_id, c.title, c.description, c.lon, c.lat, c.area_code, c.address, c.component_ident, c.reported_at,
              c.last_signal_at
            FROM unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high),
              -- OFFSET 0 keeps it a search per range: joined freely, the planner may pass over all open cases for each range.
              LATERAL (SELECT * FROM case_file f WHERE f.open AND f.grid_key BETWEEN r.low AND r.high AND f.last_signal_at >= :since OFFSET 0) c
            ORDER BY c.reported_at DESC, c.id DESC LIMIT :limit""")
        .param("lows", query.ranges().stream().map(GridRange::low).toArray(Long[]::new))
        .param("highs", query.ranges().stream().map(GridRange::high).toArray(Long[]::new))
        .param("since", CaseStore.utc(query.activeSince())).param("limit", query.limit())
        .query((rs, i) -> new OpenCase(rs.getLong("id"), rs.getString("case_no"), rs.getString("kind_id"), rs.getString("title"),
            rs.getString("description"), rs.getDouble("lon"), rs.getDouble("lat"), rs.getString("area_code"), rs.getString("address"),
            rs.getString("component_ident"), CaseStore.instant(rs, "reported_at"), CaseStore.instant(rs, "last_signal_at")))
        .list();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public CaseRef open(NewCase n) {
    Urgency urgency = urgency(n.urgency());
    Instant reported = n.reportedAt().truncatedTo(ChronoUnit.MICROS);
    Map<String, Object> c = new HashMap<>();
    c.put("stage", CaseStage.REPORTED.name());
    c.put("stage_since", reported);
    c.put("kind_id", n.kindId());
    c.put("title", n.title());
    c.put("description", n.description());
    c.put("lon", n.lon());
    c.put("lat", n.lat());
    c.put("grid_key", n.gridKey());
    c.put("area_code", n.areaCode());
    c.put("address", n.address());
    c.put("component_ident", n.componentIdent());
    c.put("urgency", urgency.name());
    c.put("source_channel", n.channel());
    c.put("signal_count", 1);
    c.put("thumbnail", n.media().isEmpty() ? null : n.media().getFirst());
    c.put("reporter_person_id", n.personId());
    c.put("reporter_role", n.role());
    c.put("reported_at", reported);
    c.put("last_signal_at", reported);
    c.put("filing_due_at", deadlines.stageDue(Act.FILE, urgency, reported));
    CaseView made = opening.open(new Draft(c));
    Map<String, Object> details = new HashMap<>();
    details.put("signalId", n.signalId());
    details.put("channel", n.channel());
    details.put("why", n.why());
    log.write(null, made, new StepLog.Entry(CaseAction.OPEN, null, now(), actor(n.personId(), n.actorName(), n.role()), 0, null, null, null, n.media(), details));
    return new CaseRef(made.id(), made.caseNo());
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<CaseRef> join(long caseId, JoinedSignal signal) {
    CaseView file = store.lock(caseId).orElseThrow(() -> new ProblemException(CaseProblem.UNKNOWN, "there is no case " + caseId).zh("没有此案件"));
    if (file.mergedInto() != null) {
      // It was merged away between the search and this lock.
      return join(file.mergedInto(), signal);
    }
    if (!file.stage().open()) {
      return Optional.empty();
    }
    Map<String, Object> columns = new HashMap<>();
    columns.put("signal_count", file.signalCount() + 1);
    if (file.thumbnail() == null && !signal.media().isEmpty()) {
      columns.put("thumbnail", signal.media().getFirst());
    }
    // A report that waited for its place is older than those that came meanwhile.
    columns.put("last_signal_at", later(caseId, signal.reportedAt().truncatedTo(ChronoUnit.MICROS)));
    if (urgency(signal.urgency()) == Urgency.URGENT && file.urgency() == Urgency.NORMAL && file.filedAt() == null) {
      columns.put("urgency", Urgency.URGENT.name());
    }
    Instant at = times.next(file);
    CaseView after = store.change(caseId, columns);
    Map<String, Object> details = new HashMap<>();
    details.put("signalId", signal.signalId());
    details.put("channel", signal.channel());
    details.put("score", signal.score());
    details.put("why", signal.why());
    log.write(file, after, new StepLog.Entry(CaseAction.JOIN_SIGNAL, file.stage(), at, actor(signal.personId(), signal.actorName(), signal.role()),
        deadlines.minutesInStage(file, at, store.pauses(file)), null, null, null, signal.media(), details));
    return Optional.of(new CaseRef(caseId, file.caseNo()));
  }

  private Instant later(long caseId, Instant at) {
    return jdbc.sql("SELECT greatest(last_signal_at, :at) AS later FROM case_file WHERE id = :id").param("at", CaseStore.utc(at)).param("id", caseId)
        .query((rs, i) -> CaseStore.instant(rs, "later")).single();
  }

  /** Imported cases tell no events: what was done elsewhere, long ago, must not move anybody here. Screens hear of it once. */
  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public List<CaseRef> importCases(List<HistoricCase> cases) {
    if (cases.isEmpty()) {
      return List.of();
    }
    Instant now = now();
    Map<String, Optional<UnitRef>> byName = new HashMap<>();
    List<Draft> drafts = new ArrayList<>(cases.size());
    for (HistoricCase h : cases) {
      Optional<UnitRef> unit = h.unitName() == null ? Optional.empty() : byName.computeIfAbsent(h.unitName(), units::findUnitByName);
      drafts.add(historic(h, unit.orElse(null), now));
    }
    List<CaseView> made = opening.open(drafts);
    List<CaseRef> refs = new ArrayList<>(cases.size());
    String[] stages = new String[cases.size()];
    String[] details = new String[cases.size()];
    for (int i = 0; i < cases.size(); i++) {
      HistoricCase h = cases.get(i);
      CaseView c = made.get(i);
      refs.add(new CaseRef(c.id(), c.caseNo()));
      stages[i] = c.stage().name();
      Map<String, Object> detail = new HashMap<>();
      detail.put("signalId", h.signalId());
      detail.put("source", h.sourceSystem());
      detail.put("ref", h.sourceRef());
      detail.put("status", h.status());
      detail.put("openedAt", h.openedAt().toString());
      detail.put("targetAt", h.targetAt() == null ? null : h.targetAt().toString());
      detail.put("closedAt", h.closedAt() == null ? null : h.closedAt().toString());
      detail.put("unitName", h.unitName());
      detail.put("unitKnown", c.leadUnitId() != null);
      details[i] = store.json(detail);
    }
    List<StepRecord> written = jdbc.sql("""
            INSERT INTO case_step (case_id, seq, action, to_stage, at, person_name, late, due_at, next_due_at, opinion, details)
            SELECT case_id, 1, 'IMPORT', to_stage, :at, person_name, late, due_at, next_due_at, opinion, details
            FROM unnest(:ids::bigint[], :stages::text[], :names::text[], :late::boolean[], :due::timestamptz[], :next::timestamptz[], :opinions::text[],
              :details::jsonb[]) AS r (case_id, to_stage, person_name, late, due_at, next_due_at, opinion, details)
            RETURNING *""")
        .param("ids", made.stream().map(CaseView::id).toArray(Long[]::new)).param("stages", stages)
        .param("names", cases.stream().map(HistoricCase::sourceSystem).toArray(String[]::new))
        .param("late", made.stream().map(CaseView::disposalLate).toArray(Boolean[]::new))
        .param("due", cases.stream().map(h -> h.targetAt() == null ? null : h.targetAt().toString()).toArray(String[]::new))
        .param("next", made.stream().map(c -> c.dueAt() == null ? "infinity" : c.dueAt().toString()).toArray(String[]::new))
        .param("opinions", cases.stream().map(HistoricCase::closure).toArray(String[]::new))
        .param("details", details).param("at", CaseStore.utc(now)).query(store::step).list();
    log.written(written, made);
    String area = commonArea(made);
    feed.publish(new Notice("import", area, Set.of(), Map.of("cases", made.size(), "areaCode", area, "at", now.toString())));
    return List.copyOf(refs);
  }

  private static Draft historic(HistoricCase h, UnitRef unit, Instant now) {
    Instant opened = h.openedAt().truncatedTo(ChronoUnit.MICROS);
    Instant closed = h.closedAt() == null ? null : h.closedAt().truncatedTo(ChronoUnit.MICROS);
    Instant target = h.targetAt() == null ? null : h.targetAt().truncatedTo(ChronoUnit.MICROS);
    CaseStage stage = switch (h.status()) {
      case "CLOSED" -> CaseStage.CLOSED;
      case "VOID" -> CaseStage.VOID;
      case "OPEN" -> unit == null ? CaseStage.FILED : CaseStage.DISPATCHED;
      default -> throw new IllegalArgumentException("status is OPEN, CLOSED or VOID, was " + h.status());
    };
    boolean done = stage == CaseStage.CLOSED;
    Map<String, Object> c = new HashMap<>();
    c.put("stage", stage.name());
    c.put("stage_since", closed == null || stage.open() ? opened : closed);
    c.put("kind_id", h.kindId());
    c.put("title", h.title());
    c.put("description", h.description());
    c.put("lon", h.lon());
    c.put("lat", h.lat());
    c.put("grid_key", h.gridKey());
    c.put("area_code", h.areaCode());
    c.put("address", h.address());
    c.put("component_ident", h.componentIdent());
    c.put("urgency", urgency(h.urgency()).name());
    c.put("source_channel", h.channel());
    c.put("signal_count", 1);
    c.put("lead_unit_id", unit == null ? null : unit.id());
    c.put("reported_at", opened);
    c.put("last_signal_at", opened);
    c.put("accepted_at", opened);
    c.put("filed_at", stage == CaseStage.VOID ? null : opened);
    c.put("dispatched_at", stage == CaseStage.VOID || unit == null ? null : opened);
    c.put("disposal_started_at", stage == CaseStage.VOID ? null : opened);
    c.put("disposed_at", done ? closed : null);
    c.put("closed_at", done ? closed : null);
    c.put("disposal_due_at", target);
    c.put("disposal_original_due_at", target);
    c.put("disposal_late", done && closed != null && target != null ? (Object) closed.isAfter(target) : null);
    // Long overdue elsewhere: no news that screens must hear.
    c.put("overdue_marked_at", stage.open() && target != null && now.isAfter(target) ? now : null);
    c.put("imported_source", h.sourceSystem());
    c.put("imported_ref", h.sourceRef());
    return new Draft(c);
  }

  /** What all codes begin with, as the code of an area that covers them. */
  private static String commonArea(List<CaseView> cases) {
    String common = cases.getFirst().areaCode();
    for (CaseView c : cases) {
      int n = 0;
      while (n < Math.min(common.length(), c.areaCode().length()) && common.charAt(n) == c.areaCode().charAt(n)) {
        n++;
      }
      common = common.substring(0, n);
    }
    return common.length() >= 6 ? common.substring(0, 6 + (common.length() - 6) / 3 * 3) : (common + "000000").substring(0, 6);
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY, readOnly = true)
  public Optional<CaseProgress> progress(long caseId) {
    return store.find(caseId).map(c -> {
      List<Milestone> timeline = new ArrayList<>();
      for (StepRecord s : store.steps(caseId)) {
        boolean failed = s.action() == CaseAction.CHECK && s.toStage() != CaseStage.CHECKED;
        if (publicStep(s.action()) && !failed) {
          timeline.add(new Milestone(s.at(), s.action().name(), s.action() == CaseAction.IMPORT ? s.toStage().nameZh() : s.action().nameZh()));
        }
      }
      boolean ended = c.stage() == CaseStage.CLOSED || c.stage() == CaseStage.EVALUATED;
      return new CaseProgress(c.id(), c.caseNo(), c.stage().name(), c.stage().nameZh(), c.areaCode(), ended && c.citizenRating() == null,
          c.citizenRating(), timeline);
    });
  }

  private static boolean publicStep(CaseAction action) {
    return switch (action) {
      case OPEN, IMPORT, ACCEPT, DECLINE, FILE, DISPATCH, RECEIVE, DISPOSE, CHECK, CLOSE, VOID, REOPEN -> true;
      case REQUEST_VERIFICATION, VERIFY, RETURN, ASSIGN, EVALUATE, REQUEST_EXTENSION, DECIDE_EXTENSION, SUSPEND, DECIDE_SUSPENSION, RESUME, SUPERVISE,
          URGE, REQUEST_FORCED_CLOSURE, DECIDE_FORCED_CLOSURE, CLASSIFY, RELOCATE, JOIN_SIGNAL, SPLIT, MERGE, NOTE -> false;
    };
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void rate(long caseId, String satisfied, String text) {
    CaseView file = store.lock(caseId).orElseThrow(() -> new ProblemException(CaseProblem.UNKNOWN, "there is no case " + caseId).zh("没有此案件"));
    if (file.stage() != CaseStage.CLOSED && file.stage() != CaseStage.EVALUATED) {
      throw new ProblemException(CaseProblem.NOT_RATEABLE, "the case is " + file.stage() + "; it can be judged when it is closed", Map.of("stage", file.stage()))
          .zh("案件结案后才能评价，现处于“" + file.stage().nameZh() + "”阶段");
    }
    if (file.citizenRating() != null) {
      throw new ProblemException(CaseProblem.NOT_RATEABLE, "the case was judged already: " + file.citizenRating(), Map.of("satisfied", file.citizenRating()))
          .zh("此案件已经评价过");
    }
    Instant at = times.next(file);
    CaseView after = store.change(caseId, Map.of("citizen_rating", satisfied));
    log.write(file, after, new StepLog.Entry(CaseAction.NOTE, file.stage(), at, StepLog.Actor.named("市民"), 0, null, null, text, List.of(),
        Map.of("citizenRating", satisfied)));
  }

  private Instant now() {
    return times.now();
  }

  private static Urgency urgency(String text) {
    return text == null ? Urgency.NORMAL : Urgency.valueOf(text);
  }

  private static StepLog.Actor actor(Long personId, String name, String role) {
    return new StepLog.Actor(personId, name, null, role, null, null);
  }
}
