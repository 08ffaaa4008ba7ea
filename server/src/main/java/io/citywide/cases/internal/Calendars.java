package io.citywide.cases.internal;

import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.StepRecord;
import io.citywide.cases.Urgency;
import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.WorkingCalendar.Shift;
import io.citywide.cases.WorkingCalendar.Version;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.cases.internal.Deadlines.Pause;
import io.citywide.identity.AccessLog;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The working calendar and the limits, as they are read and changed. */
@Service
public class Calendars {

  /** A shift in local time, such as 08:00 to 12:00. */
  public record ShiftView(LocalTime open, LocalTime close) {}

  /** A version of the calendar; {@code changedBy} and {@code changedAt} say who made it when. */
  public record CalendarView(int number, LocalDate validFrom, LocalDate validTo, List<ShiftView> shifts, List<LocalDate> holidays,
      List<LocalDate> makeupDays, String source, String changedBy, Instant changedAt) {}

  /** A version to add. */
  public record CalendarDraft(LocalDate validFrom, LocalDate validTo, List<ShiftView> shifts, List<LocalDate> holidays, List<LocalDate> makeupDays,
      String source) {}

  /** The version made, and how many open cases got another deadline. */
  public record Changed(CalendarView version, int recomputed) {}

  /**
   * The limit of disposal of the kinds a pattern matches.
   *
   * @param kindPattern a kind id, or a prefix of ids with {@code *}; the longest match wins
   * @param value 1 or more, counted in {@code unit}
   */
  public record RuleView(String kindPattern, Urgency urgency, int value, LimitUnit unit, String filingCondition, String closingCondition, String source) {}

  /** The limit of an act of the centre. {@code continuous}: nights and holidays count. */
  public record StageLimitView(String act, Urgency urgency, int minutes, boolean continuous) {}

  /** All limits. */
  public record LimitsView(List<RuleView> rules, List<StageLimitView> stageLimits) {}

  private static final int BATCH = 1000;

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final CalendarStore calendars;
  private final Deadlines deadlines;
  private final LiveFeed feed;
  private final StepLog log;
  private final AccessLog access;
  private final Clock clock;

  Calendars(JdbcClient jdbc, CaseStore store, CalendarStore calendars, Deadlines deadlines, LiveFeed feed, StepLog log, AccessLog access, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.calendars = calendars;
    this.deadlines = deadlines;
    this.feed = feed;
    this.log = log;
    this.access = access;
    this.clock = clock;
  }

  /** All versions, the newest first. */
  @Transactional(readOnly = true)
  public List<CalendarView> list() {
    return calendars.list().reversed().stream().map(Calendars::view).toList();
  }

  private static CalendarView view(CalendarStore.Stored s) {
    return new CalendarView(s.number(), s.version().validFrom(), s.version().validTo(),
        s.version().shifts().stream().map(x -> new ShiftView(x.open(), x.close())).toList(), s.version().holidays().stream().sorted().toList(),
        s.version().makeupDays().stream().sorted().toList(), s.source(), s.changedBy(), s.changedAt());
  }

  /**
   * Adds a version, which wins on its days, and computes the deadlines of open cases anew; what is done stays as it was
   * judged.
   *
   * @throws ProblemException {@code case.invalid-calendar}
   */
  @Transactional
  public Changed change(CalendarDraft draft) {
    Version version;
    try {
      version = new Version(required(draft.validFrom(), "validFrom"), required(draft.validTo(), "validTo"),
          required(draft.shifts(), "shifts").stream().map(s -> required(s, "shifts")).map(s -> new Shift(required(s.open(), "shifts.open"), required(s.close(), "shifts.close"))).toList(),
          once(draft.holidays(), "holidays"), once(draft.makeupDays(), "makeupDays"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(CaseProblem.INVALID_CALENDAR, e.getMessage())
          .zh("日历有误：请检查起止日期、班次的先后，以及放假日与调休日是否重复或越界");
    }
    Instant now = clock.instant();
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('case_calendar'))").query((rs, i) -> 1).single();
    CalendarStore.Stored stored = calendars.add(version, draft.source() == null ? "" : draft.source(), Viewer.current().displayName(), now);
    store.widen();
    int recomputed = recompute(stored.number(), now);
    access.record("calendar.changed", "calendar:" + stored.number(), "done", Map.of("version", view(stored), "recomputed", recomputed));
    feed.publish(Notice.forEverybody("calendar", Map.of("version", stored.number(), "recomputed", recomputed, "at", now.toString())));
    return new Changed(view(stored), recomputed);
  }

  private static <T> T required(T value, String field) {
    if (value == null) {
      throw new ProblemException(CaseProblem.INVALID_CALENDAR, "the field " + field + " is required", Map.of("field", field)).zh("日历缺少 " + field);
    }
    return value;
  }

  private static Set<LocalDate> once(List<LocalDate> days, String field) {
    Set<LocalDate> set = new HashSet<>();
    if (days != null) {
      days.forEach(day -> set.add(required(day, field)));
    }
    if (days != null && set.size() < days.size()) {
      throw new ProblemException(CaseProblem.INVALID_CALENDAR, "a day stands twice in " + field, Map.of("field", field)).zh("同一天不能出现两次");
    }
    return set;
  }

  /** Open cases in batches by id; each change is a step of its case, with the deadline before and after. */
  private int recompute(int number, Instant now) {
    WorkingCalendar calendar = deadlines.calendar();
    Map<Long, List<Pause>> pauses = new HashMap<>();
    jdbc.sql("SELECT p.case_id, p.since, p.until FROM case_pause p JOIN case_file c ON c.id = p.case_id WHERE c.open ORDER BY p.id").query(rs -> {
      pauses.computeIfAbsent(rs.getLong("case_id"), id -> new ArrayList<>()).add(new Pause(CaseStore.instant(rs, "since"), CaseStore.instant(rs, "until")));
    });
    int changed = 0;
    long after = 0;
    while (true) {
      record Running(CaseView file, Instant again) {}
      List<Running> batch = jdbc.sql("""
              SELECT c.*, (SELECT max(s.at) FROM case_step s WHERE s.case_id = c.id
                  AND s.action = CASE c.stage WHEN 'DISPOSED' THEN 'CHECK' ELSE 'REQUEST_VERIFICATION' END AND s.at >= c.stage_since - interval '1 day'
                  AND c.stage IN ('VERIFYING', 'VERIFIED', 'DISPOSED')) AS again
              FROM case_file c WHERE c.open AND c.id > :after ORDER BY c.id LIMIT :n FOR UPDATE OF c""")
          .param("after", after).param("n", BATCH)
          .query((rs, i) -> new Running(CaseStore.view(rs, i), CaseStore.instant(rs, "again"))).list();
      if (batch.isEmpty()) {
        return changed;
      }
      after = batch.getLast().file().id();
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Running running : batch) {
        row(calendar, running.file(), running.again(), pauses.getOrDefault(running.file().id(), List.of()), number, rows);
      }
      write(rows, now);
      changed += rows.size();
    }
  }

  private void row(WorkingCalendar calendar, CaseView c, Instant again, List<Pause> pauses, int number, List<Map<String, Object>> rows) {
    record Due(String column, Instant before, Instant now) {}
    Due due = switch (c.stage()) {
      case REPORTED, ACCEPTED, VERIFYING, VERIFIED -> new Due("filing_due_at", c.filingDueAt(), again == null
          ? deadlines.stageDue(Act.FILE, c.urgency(), c.stage() == CaseStage.ACCEPTED && c.reopenCount() > 0 ? c.stageSince() : c.reportedAt())
          : deadlines.stageDue(Act.FILE, c.urgency(), deadlines.stageDue(Act.CHECK, c.urgency(), again)));
      case FILED -> new Due("dispatch_due_at", c.dispatchDueAt(), deadlines.stageDue(Act.DISPATCH, c.urgency(), c.stageSince()));
      case DISPATCHED, RECEIVED -> new Due("disposal_due_at", c.disposalDueAt(), c.disposalLimitValue() == null ? c.disposalDueAt()
          : Deadlines.disposalDue(calendar, c.disposalStartedAt(), c.disposalLimitValue(), c.disposalLimitUnit(), c.disposalExtraMinutes(), pauses));
      case DISPOSED -> new Due("check_due_at", c.checkDueAt(),
          deadlines.stageDue(Act.CHECK, c.urgency(), again == null || again.isBefore(c.disposedAt()) ? c.disposedAt() : again));
      case CHECKED, CLOSED, EVALUATED, NOT_ACCEPTED, VOID -> new Due(null, null, null);
    };
    if (due.before() == null || due.now() == null || due.now().equals(due.before())) {
      return;
    }
    Map<String, Object> row = new HashMap<>();
    row.put("id", c.id());
    row.put(due.column(), due.now().toString());
    if (c.suspendedAt() != null && !c.suspendedAt().isAfter(due.now())) {
      Duration left = calendar.between(c.suspendedAt(), due.now(), c.disposalLimitUnit());
      row.put("left_micros", left.toNanos() / 1000);
    }
    row.put("details", new LinkedHashMap<>(Map.of("calendarVersion", number, "dueBefore", due.before().toString(), "dueAt", due.now().toString())));
    rows.add(row);
  }

  private void write(List<Map<String, Object>> rows, Instant now) {
    if (rows.isEmpty()) {
      return;
    }
    String json = store.json(rows);
    List<CaseView> after = jdbc.sql("""
            UPDATE case_file c SET filing_due_at = coalesce(r.filing_due_at, c.filing_due_at), dispatch_due_at = coalesce(r.dispatch_due_at, c.dispatch_due_at),
              disposal_due_at = coalesce(r.disposal_due_at, c.disposal_due_at), check_due_at = coalesce(r.check_due_at, c.check_due_at),
              overdue_marked_at = NULL, version = version + 1, steps = steps + 1
            FROM jsonb_to_recordset(:rows::jsonb) AS r (id bigint, filing_due_at timestamptz, dispatch_due_at timestamptz, disposal_due_at timestamptz,
              check_due_at timestamptz)
            WHERE c.id = r.id RETURNING c.*""").param("rows", json).query(CaseStore::view).list();
    jdbc.sql("""
            UPDATE case_pause p SET remaining_micros = r.left_micros FROM jsonb_to_recordset(:rows::jsonb) AS r (id bigint, left_micros bigint)
            WHERE p.case_id = r.id AND p.until IS NULL AND r.left_micros IS NOT NULL""").param("rows", json).update();
    List<StepRecord> steps = jdbc.sql("""
            INSERT INTO case_step (case_id, seq, action, from_stage, to_stage, at, person_name, next_due_at, details)
            SELECT c.id, c.steps, 'NOTE', c.stage, c.stage, :at, 'calendar', c.due_at, r.details
            FROM jsonb_to_recordset(:rows::jsonb) AS r (id bigint, details jsonb) JOIN case_file c ON c.id = r.id
            RETURNING *""")
        .param("rows", json).param("at", CaseStore.utc(now)).query(store::step).list();
    log.written(steps, after);
  }

  /** Limits as they are. */
  @Transactional(readOnly = true)
  public LimitsView limits() {
    return new LimitsView(
        jdbc.sql("SELECT * FROM case_rule ORDER BY kind_pattern, urgency").query((rs, i) -> new RuleView(rs.getString("kind_pattern"),
            Urgency.valueOf(rs.getString("urgency")), rs.getInt("value"), LimitUnit.valueOf(rs.getString("unit")), rs.getString("filing_condition"),
            rs.getString("closing_condition"), rs.getString("source"))).list(),
        jdbc.sql("SELECT * FROM case_stage_limit ORDER BY act, urgency").query((rs, i) -> new StageLimitView(rs.getString("act"),
            Urgency.valueOf(rs.getString("urgency")), rs.getInt("minutes"), rs.getBoolean("continuous"))).list());
  }

  /**
   * Replaces all limits; they hold for what begins from now on, a limit once granted stays.
   *
   * @throws ProblemException {@code case.invalid-rule} naming the rule by its index
   */
  @Transactional
  public LimitsView change(LimitsView limits) {
    check(limits);
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('case_limits'))").query((rs, i) -> 1).single();
    jdbc.sql("DELETE FROM case_rule").update();
    jdbc.sql("""
            INSERT INTO case_rule (kind_pattern, urgency, value, unit, filing_condition, closing_condition, source)
            SELECT "kindPattern", urgency, value, unit, coalesce("filingCondition", ''), coalesce("closingCondition", ''), coalesce(source, '')
            FROM jsonb_to_recordset(:rows::jsonb) AS r ("kindPattern" text, urgency text, value int, unit text, "filingCondition" text,
              "closingCondition" text, source text)""")
        .param("rows", store.json(limits.rules())).update();
    jdbc.sql("DELETE FROM case_stage_limit").update();
    jdbc.sql("""
            INSERT INTO case_stage_limit (act, urgency, minutes, continuous)
            SELECT act, urgency, minutes, continuous
            FROM jsonb_to_recordset(:rows::jsonb) AS r (act text, urgency text, minutes int, continuous boolean)""")
        .param("rows", store.json(limits.stageLimits())).update();
    deadlines.limitsChanged();
    LimitsView now = limits();
    access.record("limits.changed", "limits", "done", Map.of("rules", now.rules(), "stageLimits", now.stageLimits()));
    return now;
  }

  private static void check(LimitsView limits) {
    if (limits.rules() == null || limits.stageLimits() == null) {
      throw fault("rules", -1, "rules and stageLimits are required; they replace what is there").zh("缺少时限规则或阶段时限");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < limits.rules().size(); i++) {
      RuleView rule = limits.rules().get(i);
      if (rule.kindPattern() == null || !rule.kindPattern().matches("[^*\\s]*\\*|[^*\\s]+")) {
        throw fault("kindPattern", i, "a pattern is a kind id, or a prefix of ids and one * at its end, was '" + rule.kindPattern() + "'")
            .zh("第 " + (i + 1) + " 行：类别“" + rule.kindPattern() + "”无效，须为类别编号，或编号前缀加一个 *");
      }
      if (rule.urgency() == null || rule.unit() == null) {
        throw fault("unit", i, "urgency and unit are required").zh("第 " + (i + 1) + " 行：请填写紧急程度和时限单位");
      }
      if (rule.value() < 1 || rule.value() > 10_000) {
        throw fault("value", i, "a limit is 1 to 10000 " + rule.unit() + ", was " + rule.value()).zh("第 " + (i + 1) + " 行：时限须为 1 至 10000，现为 " + rule.value());
      }
      if (!seen.add(rule.kindPattern() + "|" + rule.urgency())) {
        throw fault("kindPattern", i, "there are two limits for " + rule.kindPattern() + " and " + rule.urgency())
            .zh("第 " + (i + 1) + " 行：同一类别和紧急程度有两条时限");
      }
    }
    for (int i = 0; i < limits.stageLimits().size(); i++) {
      StageLimitView limit = limits.stageLimits().get(i);
      if (limit.act() == null || java.util.Arrays.stream(Act.values()).noneMatch(a -> a.name().equals(limit.act())) || limit.urgency() == null) {
        throw fault("act", i, "a stage limit is for FILE, DISPATCH or CHECK, NORMAL or URGENT, was " + limit.act() + " " + limit.urgency())
            .zh("阶段时限只用于立案、派遣、核查，紧急程度为普通或紧急");
      }
      if (limit.minutes() < 1 || limit.minutes() > 100_000) {
        throw fault("minutes", i, "a stage limit is 1 to 100000 minutes, was " + limit.minutes()).zh("阶段时限须为 1 至 100000 分钟，现为 " + limit.minutes());
      }
      if (!seen.add("act|" + limit.act() + "|" + limit.urgency())) {
        throw fault("act", i, "there are two limits for " + limit.act() + " and " + limit.urgency()).zh("同一阶段和紧急程度有两条时限");
      }
    }
  }

  private static ProblemException fault(String field, int index, String detail) {
    return new ProblemException(CaseProblem.INVALID_RULE, index < 0 ? detail : "row " + index + ": " + detail, Map.of("field", field, "index", index));
  }
}
