package io.citywide.cases.internal.evaluation;

import io.citywide.cases.Evaluation.Subject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is counted, after GB/T 30428.4: each counter is one condition on a case ({@code c}) and the period, and for
 * positions one on a step ({@code s}) and its case. The same text counts and lists.
 *
 * <p>A case belongs to the period of one moment. Of what is due, the moment is the deadline, or the act itself where
 * it came before: {@code least(done, due)}. So every case is due in exactly one period, and the days add up to the month.
 */
enum Counter {
  REPORTED("reported", "上报数", "本期上报的案件。", "Cases reported in the period.",
      in("c.reported_at"), step("OPEN")),
  EFFECTIVELY_REPORTED("effectivelyReported", "有效上报数", "本期上报且已立案的案件。", "Cases reported in the period that were filed.",
      in("c.reported_at") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID,
      step("OPEN") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID),
  COLLECTOR_REPORTED("collectorEffectivelyReported", "监督员有效上报数", "本期由监督员上报且已立案的案件。",
      "Cases reported by a collector in the period that were filed.",
      in("c.reported_at") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID + " AND " + Sql.BY_COLLECTOR, null),
  MISSED("missed", "漏报数", "本期由监督员以外的渠道（公众、热线等）上报且已立案的案件。",
      "Cases reported in the period by anybody but a collector that were filed: a collector could have seen them.",
      in("c.reported_at") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID + " AND c.reporter_role IS DISTINCT FROM 'COLLECTOR'", null),
  ACCEPTED("accepted", "受理数", "本期受理的案件。", "Cases accepted in the period.",
      in("c.accepted_at"), step("ACCEPT")),
  ACCEPTED_AND_FILED("acceptedAndFiled", "受理立案数", "本期受理且已立案的案件。", "Cases accepted in the period that were filed.",
      in("c.accepted_at") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID,
      step("ACCEPT") + " AND c.filed_at IS NOT NULL AND " + Sql.VALID),
  FILED("filed", "立案数", "本期立案的案件。", "Cases filed in the period.",
      in("c.filed_at") + " AND " + Sql.VALID, step("FILE") + " AND " + Sql.VALID),
  FILED_ON_TIME("filedOnTime", "按时立案数", "本期立案且不晚于立案时限的案件；恰在时限为按时，没有时限不算超时。",
      "Cases filed in the period not after their limit of filing; equal is on time, without a limit nothing is late.",
      in("c.filed_at") + " AND " + Sql.VALID + " AND (c.filing_due_at IS NULL OR c.filed_at <= c.filing_due_at)",
      step("FILE") + " AND " + Sql.VALID + " AND s.late IS NOT TRUE"),
  DISPATCHED("dispatched", "派遣数", "本期（最后一次）派遣的案件。", "Cases dispatched, for the last time, in the period.",
      in("c.dispatched_at") + " AND " + Sql.VALID, step("DISPATCH") + " AND " + Sql.VALID),
  DISPATCHED_ACCURATELY("dispatchedAccurately", "准确派遣数", "本期派遣且从未被退回的案件；对岗位，指本人的派遣未被退回。",
      "Cases dispatched in the period that never came back; for a position, that did not come back from a unit this person chose.",
      in("c.dispatched_at") + " AND " + Sql.VALID + " AND c.return_count = 0",
      step("DISPATCH") + " AND " + Sql.VALID + " AND " + Sql.OWN_DISPATCH_KEPT),
  DISPATCHED_ON_TIME("dispatchedOnTime", "按时派遣数", "本期派遣且不晚于派遣时限的案件；恰在时限为按时。",
      "Cases dispatched in the period not after their limit of dispatch; equal is on time.",
      in("c.dispatched_at") + " AND " + Sql.VALID + " AND (c.dispatch_due_at IS NULL OR c.dispatched_at <= c.dispatch_due_at)",
      step("DISPATCH") + " AND " + Sql.VALID + " AND s.late IS NOT TRUE"),
  DISPOSAL_DUE("disposalDue", "应处置数", "处置截止在本期且此前未处置，或本期内提前处置的案件；挂账中的不计。",
      "Cases whose deadline of disposal lies in the period and that were not disposed before it, and those disposed in the period before their deadline; not while suspended.",
      Sql.DISPOSAL_DUE, null),
  DISPOSED("disposed", "处置数", "应处置的案件中已处置的；强制结案按结案时间视为处置。",
      "Of the cases due for disposal those that are disposed; one closed by force counts as disposed when it was closed.",
      Sql.DISPOSAL_DUE + " AND " + Sql.DONE + " IS NOT NULL", null),
  DISPOSED_ON_TIME("disposedOnTime", "按期处置数", "应处置的案件中不晚于处置截止处置的；恰在截止为按期。",
      "Of the cases due for disposal those disposed not after the deadline; equal is on time.",
      Sql.DISPOSAL_DUE + " AND " + Sql.DONE + " IS NOT NULL AND " + Sql.DONE_ON_TIME, null),
  DISPOSED_LATE("disposedLate", "超期处置数", "应处置的案件中晚于处置截止处置的。", "Of the cases due for disposal those disposed after the deadline.",
      Sql.DISPOSAL_DUE + " AND " + Sql.DONE + " > c.disposal_due_at", null),
  OVERDUE("overdue", "超期未处置数", "应处置的案件中至今未处置的。", "Of the cases due for disposal those that are not disposed yet.",
      Sql.DISPOSAL_DUE + " AND " + Sql.DONE + " IS NULL", null),
  REWORKED("reworked", "返工数", "应处置的案件中核查未通过、退回返工过的。", "Of the cases due for disposal those that failed a check at least once.",
      Sql.DISPOSAL_DUE + " AND c.rework_count > 0", null),
  EXTENDED("extended", "延期数", "应处置的案件中批准过延期的。", "Of the cases due for disposal those that were granted an extension.",
      Sql.DISPOSAL_DUE + " AND c.extension_count > 0", null),
  SUSPENDED("suspended", "挂账数", "本期挂账且仍在挂账的案件。", "Cases suspended in the period that still are.",
      in("c.suspended_at") + " AND " + Sql.VALID, null),
  CHECK_DUE("checkDue", "应核查数", "核查截止在本期且此前未核查，或本期内提前核查的案件；对岗位，指本期核查的案件。",
      "Cases whose deadline of the check lies in the period and that were not checked before it, and those that passed in the period before their deadline; for a position, the cases this person checked.",
      Sql.CHECK_DUE, step("CHECK") + " AND " + Sql.VALID),
  CHECKED("checked", "核查数", "应核查的案件中已核查通过的；对岗位，指本期核查的案件。",
      "Of the cases due for a check those that passed one; for a position, the cases this person checked.",
      Sql.CHECK_DUE + " AND c.checked_at IS NOT NULL", step("CHECK") + " AND " + Sql.VALID),
  CHECKED_ON_TIME("checkedOnTime", "按时核查数", "应核查的案件中不晚于核查截止核查通过的；恰在截止为按时。",
      "Of the cases due for a check those that passed not after the deadline; equal is on time.",
      Sql.CHECK_DUE + " AND c.checked_at IS NOT NULL AND (c.check_due_at IS NULL OR c.checked_at <= c.check_due_at)",
      step("CHECK") + " AND " + Sql.VALID + " AND s.late IS NOT TRUE"),
  CLOSURE_DUE("closureDue", "应结案数", "处置截止在本期且此前未结案，或本期内提前结案的案件；挂账中的不计。",
      "Cases whose deadline of disposal lies in the period and that were not closed before it, and those closed in the period before their deadline; not while suspended.",
      Sql.CLOSURE_DUE, null),
  CLOSED("closed", "结案数", "应结案的案件中已结案的；对岗位，指本期由本人结案的案件。",
      "Of the cases due for closing those that are closed; for a position, the cases this person closed.",
      Sql.CLOSURE_DUE + " AND c.closed_at IS NOT NULL", step("CLOSE")),
  CLOSED_ON_TIME("closedOnTime", "按期结案数", "应结案的案件中已结案且处置不晚于处置截止的；核查用时另计，不归责于处置单位。",
      "Of the cases due for closing those that are closed and were disposed not after the deadline; the time the checks take is judged by their own counters.",
      Sql.CLOSURE_DUE + " AND c.closed_at IS NOT NULL AND " + Sql.DONE_ON_TIME, null),
  CLOSED_LATE("closedLate", "超期结案数", "应结案的案件中已结案但处置晚于处置截止的。",
      "Of the cases due for closing those that are closed and were disposed after the deadline.",
      Sql.CLOSURE_DUE + " AND c.closed_at IS NOT NULL AND " + Sql.DONE + " > c.disposal_due_at", null),
  NOT_CLOSED("notClosed", "应结未结数", "应结案的案件中至今未结案的。", "Of the cases due for closing those that are not closed yet.",
      Sql.CLOSURE_DUE + " AND c.closed_at IS NULL", null),
  RATED("rated", "评价数", "本期结案且市民作出评价的案件。", "Cases closed in the period that the citizen judged.",
      in("c.closed_at") + " AND c.citizen_rating IS NOT NULL AND " + Sql.VALID, null),
  SATISFIED("satisfied", "满意数", "本期结案且市民评价满意或基本满意的案件。", "Cases closed in the period with which the citizen was content, or partly.",
      in("c.closed_at") + " AND c.citizen_rating IN ('YES', 'PARTLY') AND " + Sql.VALID, null);

  /** Conditions that several counters share. */
  private static final class Sql {
    static final String VALID = "c.stage NOT IN ('VOID', 'NOT_ACCEPTED')";
    static final String DONE = "coalesce(c.disposed_at, c.closed_at)";
    static final String DONE_ON_TIME = "(c.disposal_due_at IS NULL OR " + DONE + " <= c.disposal_due_at)";
    static final String DISPOSAL_DUE =
        in("least(" + DONE + ", c.disposal_due_at)") + " AND " + VALID + " AND (c.suspended_at IS NULL OR " + DONE + " IS NOT NULL)";
    static final String CLOSURE_DUE =
        in("least(c.closed_at, c.disposal_due_at)") + " AND " + VALID + " AND (c.suspended_at IS NULL OR c.closed_at IS NOT NULL)";
    // A check that failed leaves its deadline behind; only what is disposed can be checked.
    static final String CHECK_DUE = in("least(c.checked_at, c.check_due_at)") + " AND " + VALID + " AND c.disposed_at IS NOT NULL";
    static final String BY_COLLECTOR = "c.reporter_role IS NOT DISTINCT FROM 'COLLECTOR'";
    static final String OWN_DISPATCH_KEPT =
        "(c.return_count = 0 OR NOT EXISTS (SELECT 1 FROM case_step r WHERE r.case_id = c.id AND r.action = 'RETURN'"
            + " AND s.person_id IS NOT DISTINCT FROM (SELECT d.person_id FROM case_step d WHERE d.case_id = r.case_id"
            + " AND d.action = 'DISPATCH' AND d.seq < r.seq ORDER BY d.seq DESC LIMIT 1)))";

    private Sql() {}
  }

  private final String code;
  private final String nameZh;
  private final String definitionZh;
  private final String definitionEn;
  private final String ofCase;
  private final String ofStep;

  Counter(String code, String nameZh, String definitionZh, String definitionEn, String ofCase, String ofStep) {
    this.code = code;
    this.nameZh = nameZh;
    this.definitionZh = definitionZh;
    this.definitionEn = definitionEn;
    this.ofCase = ofCase;
    this.ofStep = ofStep;
  }

  private static String in(String moment) {
    return moment + " >= :from AND " + moment + " < :to";
  }

  private static String step(String action) {
    return "s.action = '" + action + "'";
  }

  static Optional<Counter> find(String code) {
    return Arrays.stream(values()).filter(c -> c.code.equals(code)).findFirst();
  }

  String code() {
    return code;
  }

  String nameZh() {
    return nameZh;
  }

  String definitionZh() {
    return definitionZh;
  }

  String definitionEn() {
    return definitionEn;
  }

  boolean countsFor(Subject subject) {
    return subject != Subject.POSITION || ofStep != null;
  }

  /** The condition as it is documented, with {@code :from} and {@code :to}; {@code null} where it does not count for positions. */
  String condition(Subject subject) {
    return subject == Subject.POSITION ? ofStep : ofCase;
  }

  /** The condition for one period. Literals, not parameters: the planner must know how much of the table a period is. */
  String condition(Subject subject, Instant from, Instant to) {
    return condition(subject).replace(":from", literal(from)).replace(":to", literal(to));
  }

  static String literal(Instant at) {
    return "TIMESTAMPTZ '" + at + "'";
  }
}
