package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseClosed;
import io.citywide.cases.CaseFiled;
import io.citywide.cases.CaseOpened;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseStepped;
import io.citywide.cases.CaseView;
import io.citywide.identity.LiveFeed;
import io.citywide.cases.StepRecord;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/** Writes down each step, publishes its events and tells the screens: all within the transaction of the step. */
@Component
class StepLog {

  /**
   * Who acts.
   *
   * @param name as it was at the time
   */
  record Actor(Long personId, String name, Long positionId, String role, Long unitId, String unitName) {

    /** The server itself, or a channel. */
    static Actor named(String name) {
      return new Actor(null, name, null, null, null, null);
    }
  }

  /**
   * What is written down.
   *
   * @param from {@code null} for the first step of a case
   * @param elapsedMinutes worked in {@code from}
   * @param late whether it came after {@code dueAt}; {@code null}: no limit
   */
  record Entry(CaseAction action, CaseStage from, Instant at, Actor actor, int elapsedMinutes, Boolean late, Instant dueAt, String opinion,
      List<String> media, Map<String, Object> details) {}

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final Units units;
  private final LiveFeed feed;
  private final ApplicationEventPublisher events;
  private final Ledger ledger;

  StepLog(JdbcClient jdbc, CaseStore store, Units units, LiveFeed feed, ApplicationEventPublisher events, Ledger ledger) {
    this.jdbc = jdbc;
    this.store = store;
    this.units = units;
    this.feed = feed;
    this.events = events;
    this.ledger = ledger;
  }

  Actor actor(Viewer viewer) {
    String unitName = viewer.unitId() == null ? null : units.findUnit(viewer.unitId()).map(UnitRef::name).orElse(null);
    return new Actor(viewer.personId(), viewer.displayName(), viewer.positionId(), viewer.role() == null ? null : viewer.role().name(),
        viewer.unitId(), unitName);
  }

  /**
   * @param before {@code null} for a new case
   * @param after the case with this step counted
   */
  void write(CaseView before, CaseView after, Entry entry) {
    String details = store.json(entry.details());
    Actor actor = entry.actor();
    StepRecord step = new StepRecord(0, after.id(), after.steps(), entry.action(), entry.from(), after.stage(), entry.at(), actor.personId(), actor.name(),
        actor.positionId(), actor.role() == null ? null : Role.valueOf(actor.role()), actor.unitId(), actor.unitName(), entry.elapsedMinutes(), entry.late(),
        entry.dueAt(), entry.opinion(), entry.media(), CaseSubject.details(details));
    Ledger.Leaf leaf = ledger.leaf(act(step, after));
    StatementSpec statement = leaf.bind(jdbc.sql(leaf.with() + """
            INSERT INTO case_step (case_id, seq, action, from_stage, to_stage, at, person_id, person_name, position_id, role, unit_id,
              unit_name, elapsed_minutes, late, due_at, next_due_at, opinion, media, details)
            VALUES (:case, :seq, :action, :from, :to, :at, :person, :name, :position, :role, :unit, :unitName, :elapsed, :late,
              CAST(:due AS timestamptz), CAST(:nextDue AS timestamptz), :opinion, :media, :details::jsonb)"""))
        .param("case", after.id()).param("seq", step.seq()).param("action", entry.action().name()).param("to", after.stage().name())
        .param("at", CaseStore.utc(entry.at())).param("name", actor.name()).param("elapsed", entry.elapsedMinutes())
        .param("media", entry.media().toArray(String[]::new)).param("details", details);
    statement = CaseColumns.bind(statement, "from", "text", entry.from());
    statement = CaseColumns.bind(statement, "person", "int8", actor.personId());
    statement = CaseColumns.bind(statement, "position", "int8", actor.positionId());
    statement = CaseColumns.bind(statement, "role", "text", actor.role());
    statement = CaseColumns.bind(statement, "unit", "int8", actor.unitId());
    statement = CaseColumns.bind(statement, "unitName", "text", actor.unitName());
    statement = CaseColumns.bind(statement, "late", "bool", entry.late());
    statement = CaseColumns.bind(statement, "due", "timestamptz", entry.dueAt());
    statement = CaseColumns.bind(statement, "nextDue", "timestamptz", after.dueAt() == null ? "infinity" : after.dueAt());
    CaseColumns.bind(statement, "opinion", "text", entry.opinion()).update();
    publish(before, after, entry, step.seq());
  }

  /** A step as the ledger keeps it. */
  Act act(StepRecord step, CaseView after) {
    return new Act("case." + step.action().name().toLowerCase(Locale.ROOT).replace('_', '-'), CaseSubject.SUBJECT, step.caseId(), step.seq(), step.at(),
        Act.actor(step.personId(), step.positionId()), ledger.digest(CaseSubject.canonical(step)),
        ledger.digest(CaseSubject.canonical(after)));
  }

  /** Writes down steps that were written in bulk, with the cases as they are after them. */
  void written(List<StepRecord> steps, List<CaseView> after) {
    Map<Long, CaseView> byId = new HashMap<>();
    after.forEach(c -> byId.put(c.id(), c));
    ledger.append(steps.stream().map(step -> act(step, byId.get(step.caseId()))).toList());
  }

  /** Writes down how a case is after a change that belongs to a step written before. */
  void amended(CaseView after, Instant at) {
    ledger.append(new Act("case.amended", CaseSubject.SUBJECT, after.id(), 0, at, "system", ledger.digest("{}"), ledger.digest(CaseSubject.canonical(after))));
  }

  private void publish(CaseView before, CaseView after, Entry entry, int seq) {
    events.publishEvent(new CaseStepped(after.id(), seq, entry.action(), entry.from(), after.stage(), after.areaCode(), entry.at()));
    if (before == null) {
      events.publishEvent(new CaseOpened(after.id(), after.caseNo(), after.kindId(), after.areaCode(), entry.at()));
    }
    if (entry.action() == CaseAction.FILE) {
      events.publishEvent(new CaseFiled(after.id(), after.caseNo(), after.kindId(), after.areaCode(), entry.at()));
    }
    if (after.stage() == CaseStage.CLOSED && entry.from() != CaseStage.CLOSED) {
      events.publishEvent(new CaseClosed(after.id(), after.caseNo(), after.kindId(), after.areaCode(), entry.at()));
    }
    feed.publish(notice(after, after.areaCode(), unitsOf(before, after), entry.action().name(), entry.at(), null));
    if (before != null && !before.areaCode().equals(after.areaCode())) {
      feed.publish(notice(after, before.areaCode(), unitsOf(before, after), entry.action().name(), entry.at(), null));
    }
  }

  /** Those who see it now and those who saw it before: the case must also vanish from a screen. */
  private static Set<Long> unitsOf(CaseView before, CaseView after) {
    Set<Long> all = new HashSet<>(after.assistUnitIds());
    if (after.leadUnitId() != null) {
      all.add(after.leadUnitId());
    }
    if (before != null) {
      all.addAll(before.assistUnitIds());
      if (before.leadUnitId() != null) {
        all.add(before.leadUnitId());
      }
    }
    return all;
  }

  static Notice notice(CaseView file, String areaCode, Set<Long> units, String action, Instant at, String dueState) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("caseId", file.id());
    data.put("caseNo", file.caseNo());
    data.put("stage", file.stage().name());
    data.put("action", action);
    data.put("areaCode", areaCode);
    data.put("at", at.toString());
    data.put("version", file.version());
    if (dueState != null) {
      data.put("dueState", dueState);
    }
    return new Notice("case", areaCode, units, data);
  }
}
