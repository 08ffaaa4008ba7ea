package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.StepCommand;
import io.citywide.cases.Urgency;
import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.cases.internal.Deadlines.Limit;
import io.citywide.cases.internal.map.CasePast;
import io.citywide.grid.GridCell;
import io.citywide.identity.People;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What each step does to a case: columns, limits granted and kept, requests and pauses. The stage is moved by {@link CaseWork}. */
@Component
class StepEffects {

  /** What a step does beside moving the stage: columns of the case, facts for its history. */
  static final class Effect {
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
  private final Deadlines deadlines;
  private final Units units;
  private final People people;
  private final Places places;
  private final Catalogue catalogue;
  private final CasePast past;

  StepEffects(JdbcClient jdbc, Deadlines deadlines, Units units, People people, Places places, Catalogue catalogue, CasePast past) {
    this.jdbc = jdbc;
    this.deadlines = deadlines;
    this.units = units;
    this.people = people;
    this.places = places;
    this.catalogue = catalogue;
    this.past = past;
  }

  /** Writes what an action adds beside the case, and answers what it changes in it. */
  Effect of(Situation s, CaseAction action) {
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
      // The dispatcher's next act, with the time of one. That the one before was late, or wrong, stays in its step, which is what
      // the evaluation counts; so a return makes no late dispatch good.
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
        if (file.stage() == CaseStage.CHECKED) {
          effect.set("checked_at", null).set("check_result", null).set("check_late", null).set("check_due_at", deadlines.stageDue(Act.CHECK, file.urgency(), now));
          break;
        }
        past.forget(file.id());
        effect.set("reopen_count", file.reopenCount() + 1).set("closed_at", null).set("evaluated_at", null).set("disposed_at", null).set("checked_at", null)
            .set("check_result", null).set("verification_result", null).set("forced", false).set("lead_unit_id", null).set("assist_unit_ids", List.of())
            .set("assignee_id", null).set("disposal_started_at", null).set("disposal_due_at", null).set("disposal_original_due_at", null)
            .set("disposal_late", null).set("check_due_at", null).set("citizen_rating", null);
        if (file.stage() == CaseStage.CLOSED || file.stage() == CaseStage.EVALUATED) {
          effect.set("dispatch_due_at", deadlines.stageDue(Act.DISPATCH, file.urgency(), now));
        } else {
          // It begins anew before its filing: nothing of what was decided after that holds any more. The steps keep it.
          effect.set("accepted_at", now).set("filing_due_at", deadlines.stageDue(Act.FILE, file.urgency(), now)).set("filed_at", null).set("filing_late", null)
              .set("dispatch_due_at", null).set("dispatched_at", null).set("dispatch_late", null).set("received_at", null).set("disposal_extra_minutes", 0)
              .set("check_late", null);
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
}
