package io.citywide.sensing.internal.warning;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.Warning.Verdict;
import io.citywide.sensing.internal.watching.LiveWatch;
import io.citywide.sensing.internal.watching.ReadingNames;
import io.citywide.sensing.internal.watching.ReadingNames.ReadingName;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What people see of warnings and do with them, within their scope. */
@Service
public class WarningDesk {

  private static final int TEXT_LIMIT = 1000;

  /**
   * Which warnings; {@code null} members do not restrict.
   *
   * @param live {@code true}: those that are live, worst first; else the latest first
   * @param gradeFrom this grade and above
   * @param from begun at this moment or later
   * @param to begun before this moment
   */
  public record Query(Boolean live, WarningGrade gradeFrom, String areaCode, String rule, Origin origin, Boolean acknowledged, String subject, Instant from, Instant to) {}

  /**
   * Who was told what.
   *
   * @param warningId 0 where a report was sent
   * @param report {@code null} where it is of a warning
   * @param faultCode why it did not arrive, {@link DeliveryFault.Code}; {@code null} as {@code fault}: it did, or nobody tried yet
   */
  public record Delivery(long id, long warningId, int seq, HotSpots.Edition report, String level, Long unitId, Long personId, String way, String address, Long routeId, Words why, boolean asks,
      String state, int attempts, Instant madeAt, Instant sentAt, Instant nextAt, String faultCode, Words fault, Instant acknowledgedAt) {}

  /**
   * A warning with all that happened to it.
   *
   * @param names what people read in place of the names of its readings; those without have none here
   */
  public record Full(Warning warning, List<WarningStep> steps, List<Delivery> deliveries, Map<String, ReadingName> names) {}

  /** A message of the inbox; {@code warning} is {@code null} where it is a report. */
  public record Letter(Delivery delivery, Warning warning) {}

  /** How many are live, by grade, and how many of them nobody acknowledged. */
  public record Tally(Map<WarningGrade, Long> live, long unacknowledged) {}

  private final JdbcClient jdbc;
  private final WarningStore store;
  private final WarningKeeper keeper;
  private final ObjectProvider<LiveWatch> watch;
  private final ReadingNames names;
  private final Clock clock;

  WarningDesk(JdbcClient jdbc, WarningStore store, WarningKeeper keeper, ObjectProvider<LiveWatch> watch, ReadingNames names, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.keeper = keeper;
    this.watch = watch;
    this.names = names;
    this.clock = clock;
  }

  /**
   * A page.
   *
   * @param after {@link Slice#next()} of the page before; {@code null} for the first
   * @param limit 1..500
   */
  @Transactional(readOnly = true)
  public Slice<Warning> list(Query q, String after, int limit) {
    boolean worstFirst = Boolean.TRUE.equals(q.live());
    StringBuilder where = new StringBuilder("true");
    Map<String, Object> params = new HashMap<>();
    if (q.live() != null) {
      where.append(q.live() ? " AND state = 'LIVE'" : " AND state = 'ENDED'");
    }
    add(where, params, " AND grade >= :grade", "grade", q.gradeFrom() == null ? null : Warning.weight(q.gradeFrom()));
    add(where, params, " AND rule_code = :rule", "rule", q.rule());
    add(where, params, " AND origin = :origin", "origin", q.origin() == null ? null : q.origin().name());
    add(where, params, " AND subject = :subject", "subject", q.subject());
    add(where, params, " AND since >= :from", "from", WarningStore.utc(q.from()));
    add(where, params, " AND since < :to", "to", WarningStore.utc(q.to()));
    if (q.acknowledged() != null) {
      where.append(q.acknowledged() ? " AND acknowledged_at IS NOT NULL" : " AND acknowledged_at IS NULL");
    }
    if (q.areaCode() != null) {
      AreaScope area = AreaScope.of(q.areaCode());
      where.append(" AND area_code >= :lo AND area_code < :hi");
      params.put("lo", area.low());
      params.put("hi", area.high());
    }
    if (after != null) {
      long[] place = place(after);
      where.append(worstFirst ? " AND (grade, since, id) < (:g, :s, :i)" : " AND (since, id) < (:s, :i)");
      params.put("g", (int) place[0]);
      params.put("s", WarningStore.utc(Instant.EPOCH.plus(place[1], ChronoUnit.MICROS)));
      params.put("i", place[2]);
    }
    params.put("limit", limit + 1);
    List<Warning> found = store.list(where + " ORDER BY " + (worstFirst ? "grade DESC, " : "") + "since DESC, id DESC LIMIT :limit", params);
    List<Warning> page = found.subList(0, Math.min(limit, found.size()));
    Warning last = page.isEmpty() ? null : page.getLast();
    return new Slice<>(page, found.size() > limit ? last.weight() + "_" + ChronoUnit.MICROS.between(Instant.EPOCH, last.since()) + "_" + last.id() : null);
  }

  private static void add(StringBuilder where, Map<String, Object> params, String condition, String name, Object value) {
    if (value != null) {
      where.append(condition);
      params.put(name, value);
    }
  }

  private static long[] place(String after) {
    String[] parts = after.split("_");
    try {
      return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])};
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new ProblemException(WarningProblem.INVALID, "after is the cursor next of the page before, was '" + after + "'", Map.of("field", "after", "value", after)).zh("分页参数无效");
    }
  }

  /** @param areaCode {@code null}: the whole scope */
  @Transactional(readOnly = true)
  public Tally tally(String areaCode) {
    AreaScope area = areaCode == null ? AreaScope.ALL : AreaScope.of(areaCode);
    Map<WarningGrade, Long> live = new java.util.EnumMap<>(WarningGrade.class);
    long[] open = {0};
    jdbc.sql("""
            SELECT grade, count(*) AS n, count(*) FILTER (WHERE acknowledged_at IS NULL) AS open FROM sensing_warning
            WHERE state = 'LIVE' AND area_code >= :lo AND area_code < :hi GROUP BY grade""")
        .param("lo", area.low()).param("hi", area.high()).query(rs -> {
          live.put(Warning.grade(rs.getInt("grade")), rs.getLong("n"));
          open[0] += rs.getLong("open");
        });
    return new Tally(live, open[0]);
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN} */
  @Transactional(readOnly = true)
  public Full get(long id) {
    Warning w = store.find(id).orElseThrow(() -> unknown(id));
    List<Delivery> deliveries = jdbc.sql("SELECT d.* FROM sensing_delivery d WHERE d.warning_id = :id ORDER BY d.id LIMIT 500").param("id", id)
        .query((rs, i) -> delivery(rs)).list();
    return new Full(w, store.listSteps(id), deliveries, w.origin() == Origin.WATCH ? names.list(w.rule(), w.ruleVersion()) : Map.of());
  }

  /**
   * What the viewer, or the viewer's unit, was told, the latest first; of one warning what came last.
   *
   * @param reports reports of hot spots alone
   */
  @Transactional(readOnly = true)
  public List<Letter> inbox(boolean reports, int limit) {
    Viewer viewer = Viewer.current();
    Set<Long> units = units(viewer);
    String of = reports ? "report_month IS NOT NULL AND " : "";
    List<Delivery> deliveries = jdbc.sql("""
            SELECT DISTINCT ON (warning_id, report_month, report_area) * FROM (
              (SELECT * FROM sensing_delivery WHERE %1$sway = 'INBOX' AND unit_id = ANY (:units) ORDER BY id DESC LIMIT :n)
              UNION ALL
              (SELECT * FROM sensing_delivery WHERE %1$sway = 'INBOX' AND person_id = :person ORDER BY id DESC LIMIT :n)) AS d
            ORDER BY warning_id, report_month, report_area, id DESC""".formatted(of))
        .param("units", units.toArray(Long[]::new)).param("person", viewer.personId() == null ? -1 : viewer.personId()).param("n", limit * 4)
        .query((rs, i) -> delivery(rs)).list();
    Map<Long, Warning> warnings = new HashMap<>();
    store.list("id = ANY (:ids)", Map.of("ids", deliveries.stream().map(Delivery::warningId).toArray(Long[]::new))).forEach(w -> warnings.put(w.id(), w));
    return deliveries.stream().filter(d -> d.report() != null || warnings.containsKey(d.warningId())).sorted(java.util.Comparator.comparingLong(Delivery::id).reversed()).limit(limit)
        .map(d -> new Letter(d, warnings.get(d.warningId()))).toList();
  }

  /** Whose inbox the viewer reads, beside the own. */
  static Set<Long> units(Viewer viewer) {
    Set<Long> units = new HashSet<>(viewer.units());
    if (viewer.unitId() != null) {
      units.add(viewer.unitId());
    }
    return units;
  }

  /**
   * Somebody takes it up: no further level is told.
   *
   * @param note may be {@code null}
   * @throws ProblemException {@link WarningProblem#UNKNOWN}, {@link WarningProblem#OVER}, {@link WarningProblem#ACKNOWLEDGED}
   */
  @Transactional
  public Warning acknowledge(long id, String note) {
    String text = text("note", note, false);
    return change(id, (w, viewer) -> {
      live(w);
      if (w.acknowledgedAt() != null) {
        throw new ProblemException(WarningProblem.ACKNOWLEDGED, w.acknowledgedName() + " acknowledged it at " + w.acknowledgedAt(), Map.of("by", w.acknowledgedName()))
            .zh(w.acknowledgedName() + "已签收此预警");
      }
      Instant now = now();
      Map<String, Object> c = new HashMap<>();
      c.put("acknowledged_by", viewer.personId());
      c.put("acknowledged_name", viewer.displayName());
      c.put("acknowledged_at", now);
      c.put("escalate_at", null);
      Warning after = keeper.take(w, WarningAct.ACKNOWLEDGED, c, text == null ? new Words("acknowledged", "已签收") : new Words(text, text), viewer);
      jdbc.sql("UPDATE sensing_delivery SET acknowledged_at = :now WHERE warning_id = :id AND asks AND acknowledged_at IS NULL AND (person_id = :person OR unit_id = ANY (:units))")
          .param("now", WarningStore.utc(now)).param("id", id).param("person", viewer.personId() == null ? -1 : viewer.personId())
          .param("units", units(viewer).toArray(Long[]::new)).update();
      return after;
    });
  }

  /**
   * Somebody ends it; the watch lets go of it, in the same transaction.
   *
   * @throws ProblemException {@link WarningProblem#UNKNOWN}, {@link WarningProblem#OVER}, {@link WarningProblem#INVALID}
   */
  @Transactional
  public Warning end(long id, Verdict verdict, String reason) {
    String text = text("reason", reason, true);
    if (verdict == null) {
      throw new ProblemException(WarningProblem.INVALID, "verdict says what it was: REAL, FALSE or MAINTENANCE", Map.of("field", "verdict")).zh("请选择研判结论：真实、误报或检修");
    }
    return change(id, (w, viewer) -> {
      live(w);
      Words why = new Words(viewer.displayName() + ", " + verdict + ": " + text, viewer.displayName() + "（" + verdict.nameZh() + "）：" + text);
      Warning after = keeper.endByPerson(w, verdict, why, viewer);
      if (w.origin() != Origin.CAMERA) {
        watch.ifAvailable(live -> live.end(w.rule(), w.subject(), w.number(), why));
      }
      return after;
    });
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN}, {@link WarningProblem#INVALID} */
  @Transactional
  public Warning note(long id, String note) {
    String text = text("text", note, true);
    return change(id, (w, viewer) -> keeper.take(w, WarningAct.NOTED, Map.of(), new Words(text, text), viewer));
  }

  /**
   * Takes it into the public feed, or out of it.
   *
   * @throws ProblemException {@link WarningProblem#UNKNOWN}, {@link WarningProblem#INVALID}
   */
  @Transactional
  public Warning open(long id, boolean open, String reason) {
    String text = text("reason", reason, true);
    return change(id, (w, viewer) -> w.openToAll() == open ? w
        : keeper.take(w, open ? WarningAct.PUBLISHED : WarningAct.WITHDRAWN, Map.of("open_to_all", open), new Words(text, text), viewer));
  }

  private Warning change(long id, BiFunction<Warning, Viewer, Warning> act) {
    Warning seen = store.find(id).orElseThrow(() -> unknown(id));
    keeper.lock(seen.rule(), seen.subject());
    return act.apply(store.find(id).orElseThrow(() -> unknown(id)), Viewer.current());
  }

  private static void live(Warning w) {
    if (!w.live()) {
      throw new ProblemException(WarningProblem.OVER, "warning " + w.id() + " is over since " + w.endedAt() + (w.endedName() == null ? "" : "; " + w.endedName() + " ended it"),
          Map.of("endedAt", w.endedAt().toString())).zh("此预警已解除" + (w.endedName() == null ? "" : "（" + w.endedName() + "）"));
    }
  }

  private static String text(String field, String value, boolean required) {
    String text = value == null ? "" : value.strip();
    if (text.isEmpty() && required) {
      throw new ProblemException(WarningProblem.INVALID, field + " is missing: say it in words", Map.of("field", field)).zh(field.equals("reason") ? "请填写理由" : "请填写内容");
    }
    int length = text.codePointCount(0, text.length());
    if (length > TEXT_LIMIT || text.indexOf('\0') >= 0) {
      throw new ProblemException(WarningProblem.INVALID, field + " has at most " + TEXT_LIMIT + " characters and no NUL, was " + length,
          Map.of("field", field, "value", length, "bound", TEXT_LIMIT)).zh("文字最多 " + TEXT_LIMIT + " 字，现有 " + length + " 字");
    }
    return text.isEmpty() ? null : text;
  }

  static ProblemException unknown(long id) {
    return new ProblemException(WarningProblem.UNKNOWN, "there is no warning " + id + " within your scope", Map.of("value", id)).zh("没有此预警，或不在您的可见范围内");
  }

  private static Delivery delivery(java.sql.ResultSet rs) throws java.sql.SQLException {
    return new Delivery(rs.getLong("id"), rs.getLong("warning_id"), rs.getInt("seq"), HotSpots.Edition.read(rs), rs.getString("level"), rs.getObject("unit_id", Long.class),
        rs.getObject("person_id", Long.class), rs.getString("way"), rs.getString("address"), rs.getObject("route_id", Long.class),
        new Words(rs.getString("why_en"), rs.getString("why_zh")), rs.getBoolean("asks"), rs.getString("state"), rs.getInt("attempts"), WarningStore.instant(rs, "made_at"),
        WarningStore.instant(rs, "sent_at"), WarningStore.instant(rs, "next_at"), rs.getString("fault_code"),
        rs.getString("fault") == null ? null : new Words(rs.getString("fault"), rs.getString("fault_zh")), WarningStore.instant(rs, "acknowledged_at"));
  }

  private Instant now() {
    return clock.instant();
  }
}
