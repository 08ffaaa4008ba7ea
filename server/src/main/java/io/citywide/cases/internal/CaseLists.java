package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.internal.map.CasePast;
import io.citywide.grid.GridBox;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.intake.Signals;
import io.citywide.place.Components;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Lists of cases: queues, filters, points of the map. Paged by key; every query has an index (see CaseListPlanTest). */
@Service
public class CaseLists {

  /**
   * What a list may be narrowed by; {@code null} fields do not narrow.
   *
   * @param from reported not before this
   * @param to reported before this
   * @param closedFrom closed, and not before this
   * @param componentIdent about this component: open ones, and those closed within 100 m of where it stands
   */
  public record Filter(String queue, Set<CaseStage> stages, String kindId, String areaCode, Long unitId, Boolean overdue, String q, Instant from, Instant to,
      Instant closedFrom, String sort, String componentIdent) {}

  /** A case about a component lies where somebody saw it. Past cases have an index of places only. */
  private static final double BESIDE_METERS = 100;

  /** As {@code case_file_last_moment_idx} of V045 has it. */
  private static final String LAST_MOMENT =
      "greatest(reported_at, accepted_at, filed_at, dispatched_at, disposed_at, checked_at, closed_at, disposal_due_at, check_due_at, suspended_at)";

  /**
   * How many cases wait in a queue.
   *
   * @param overdue of these
   * @param soon of these
   */
  public record QueueCount(String queue, long count, long overdue, long soon) {}

  /**
   * Queues of the desk.
   *
   * <p>The condition of each is one range of an index of V040 or V042.
   */
  public enum Queue {
    PLACE(null),
    ACCEPT("open AND desk = 'accept'"),
    VERIFY("open AND desk = 'verify'"),
    FILE("open AND desk = 'file'"),
    DISPATCH("open AND desk = 'dispatch'"),
    HANDLE("open AND desk = 'handle'"),
    APPROVE("open AND pending_requests > 0"),
    CHECK("open AND desk = 'check'"),
    CLOSE("open AND desk = 'close'"),
    EVALUATE("stage = 'CLOSED' AND imported_ref IS NULL"),
    MINE("reporter_person_id = :me"),
    OVERDUE("open AND due_at < :now"),
    SOON("open AND due_at >= :now AND due_at < :soon"),
    ALL("open");

    private final String condition;

    Queue(String condition) {
      this.condition = condition;
    }

    String code() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Queue of(String code) {
      return Arrays.stream(values()).filter(q -> q != PLACE && q.code().equals(code)).findFirst()
          .orElseThrow(() -> new ProblemException(CaseProblem.INVALID_FILTER, "queue is one of "
              + Arrays.stream(values()).filter(q -> q != PLACE).map(Queue::code).toList() + ", was '" + code + "'"
              + ("place".equals(code) ? "; signals that wait for a place are listed by /api/signals?state=WAITING_PLACE" : ""), Map.of("field", "queue")));
    }

    /** Lists of things to do run by due time, looking back runs by date. */
    String naturalSort() {
      return this == EVALUATE || this == MINE ? "-reported" : "due";
    }
  }

  private static final int MAX_LIMIT = 200;
  private static final int MAX_POINTS = 5000;

  private final JdbcClient jdbc;
  private final CaseRowWriter rows;
  private final CaseSettings settings;
  private final Signals signals;
  private final Components components;
  private final Clock clock;

  CaseLists(JdbcClient jdbc, CaseRowWriter rows, CaseSettings settings, Signals signals, Components components, Clock clock) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.settings = settings;
    this.signals = signals;
    this.components = components;
    this.clock = clock;
  }

  /** The queues of a role, its own work first. */
  static List<Queue> queues(Viewer viewer) {
    List<Queue> own = viewer.role() == null ? List.of() : switch (viewer.role()) {
      case COLLECTOR -> List.of(Queue.VERIFY, Queue.CHECK, Queue.MINE);
      case ACCEPTOR -> List.of(Queue.PLACE, Queue.ACCEPT, Queue.FILE, Queue.CLOSE, Queue.MINE);
      case SHIFT_LEADER -> List.of(Queue.PLACE, Queue.ACCEPT, Queue.FILE, Queue.APPROVE, Queue.CLOSE, Queue.MINE);
      case DISPATCHER -> List.of(Queue.DISPATCH, Queue.APPROVE);
      case HANDLER -> List.of(Queue.HANDLE);
      case VERIFIER -> List.of(Queue.VERIFY, Queue.CHECK, Queue.MINE);
      case EVALUATOR -> List.of(Queue.EVALUATE);
      case LEADER -> List.of(Queue.APPROVE);
      case SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN -> List.of();
    };
    List<Queue> all = new ArrayList<>(own);
    all.add(Queue.OVERDUE);
    all.add(Queue.ALL);
    if (!viewer.may(Permission.SIGNAL_TRIAGE)) {
      all.remove(Queue.PLACE);
    }
    return all;
  }

  /** Kinds of requests that the viewer's role decides, by the table. */
  private static List<String> decides(Viewer viewer) {
    Map<CaseRequest.Kind, CaseAction> by = new EnumMap<>(Map.of(CaseRequest.Kind.EXTENSION, CaseAction.DECIDE_EXTENSION,
        CaseRequest.Kind.SUSPENSION, CaseAction.DECIDE_SUSPENSION, CaseRequest.Kind.FORCED_CLOSURE, CaseAction.DECIDE_FORCED_CLOSURE));
    return by.entrySet().stream().filter(e -> viewer.role() == null || LifeCycle.rule(e.getValue()).takenBy(viewer)).map(e -> e.getKey().name()).toList();
  }

  /** The queues of the viewer's role with their counts: one pass over the open cases in sight. */
  @Transactional(readOnly = true)
  public List<QueueCount> queueCounts() {
    Viewer viewer = Viewer.current();
    Instant now = clock.instant();
    record Count(long count, long overdue, long soon) {
      Count plus(Count other) {
        return new Count(count + other.count, overdue + other.overdue, soon + other.soon);
      }
    }
    // A plan made without knowing the area takes the index of all cases by area, 1,000,000 entries to count 10,000 open ones.
    jdbc.sql("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)").query(String.class).single();
    Map<CaseStage, Count> byStage = new EnumMap<>(CaseStage.class);
    jdbc.sql("""
            SELECT stage, count(*), count(*) FILTER (WHERE due_at < :now) AS overdue, count(*) FILTER (WHERE due_at >= :now AND due_at < :soon) AS soon
            FROM case_file WHERE open AND area_code >= :lo AND area_code < :hi GROUP BY stage""")
        .params(scope(viewer, now))
        .query(rs -> {
          byStage.put(CaseStage.valueOf(rs.getString("stage")), new Count(rs.getLong("count"), rs.getLong("overdue"), rs.getLong("soon")));
        });
    List<QueueCount> counts = new ArrayList<>();
    Count none = new Count(0, 0, 0);
    for (Queue queue : queues(viewer)) {
      Count count = switch (queue) {
        case PLACE -> new Count(signals.countWaiting().values().stream().mapToLong(Long::longValue).sum(), 0, 0);
        case ACCEPT -> byStage.getOrDefault(CaseStage.REPORTED, none);
        case VERIFY -> byStage.getOrDefault(CaseStage.VERIFYING, none);
        case FILE -> byStage.getOrDefault(CaseStage.ACCEPTED, none).plus(byStage.getOrDefault(CaseStage.VERIFIED, none));
        case DISPATCH -> byStage.getOrDefault(CaseStage.FILED, none);
        case CHECK -> byStage.getOrDefault(CaseStage.DISPOSED, none);
        case CLOSE -> byStage.getOrDefault(CaseStage.CHECKED, none);
        case ALL -> byStage.values().stream().reduce(none, Count::plus);
        case OVERDUE -> {
          long overdue = byStage.values().stream().mapToLong(Count::overdue).sum();
          yield new Count(overdue, overdue, 0);
        }
        case HANDLE, APPROVE, EVALUATE, MINE, SOON -> {
          Map<String, Object> params = scope(viewer, now);
          String where = condition(queue, viewer, params);
          yield jdbc.sql("""
                  SELECT count(*), count(*) FILTER (WHERE open AND due_at < :now) AS overdue,
                    count(*) FILTER (WHERE open AND due_at >= :now AND due_at < :soon) AS soon
                  FROM case_file WHERE area_code >= :lo AND area_code < :hi AND """ + " " + where)
              .params(params).query((rs, i) -> new Count(rs.getLong("count"), rs.getLong("overdue"), rs.getLong("soon"))).single();
        }
      };
      counts.add(new QueueCount(queue.code(), count.count(), count.overdue(), count.soon()));
    }
    return counts;
  }

  private Map<String, Object> scope(Viewer viewer, Instant now) {
    Map<String, Object> params = new HashMap<>();
    params.put("lo", viewer.area().low());
    params.put("hi", viewer.area().high());
    params.put("now", CaseStore.utc(now));
    params.put("soon", CaseStore.utc(now.plus(settings.soon())));
    return params;
  }

  private static String condition(Queue queue, Viewer viewer, Map<String, Object> params) {
    StringBuilder where = new StringBuilder(queue.condition);
    if (queue == Queue.MINE) {
      params.put("me", viewer.personId() == null ? -1L : viewer.personId());
    }
    if (queue == Queue.HANDLE && viewer.role() == Role.HANDLER && !viewer.units().isEmpty()) {
      // Assisting units find the case under all; here is what the unit itself must do.
      where.append(" AND lead_unit_id = ANY (:myUnits)");
      params.put("myUnits", CaseStore.longs(viewer.units()));
    }
    if (queue == Queue.APPROVE) {
      where.append(" AND EXISTS (SELECT 1 FROM case_request r WHERE r.case_id = case_file.id AND r.decided_at IS NULL AND NOT r.lapsed AND r.kind = ANY (:decides))");
      params.put("decides", decides(viewer).toArray(String[]::new));
    }
    return where.toString();
  }

  /**
   * A page of cases.
   *
   * @param limit 1..200
   * @param after cursor of the page before, {@code null} for the first
   * @throws ProblemException {@code case.invalid-filter}
   */
  @Transactional(readOnly = true)
  public Slice<CaseRow> list(Filter filter, int limit, String after) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw invalid("limit", "limit is 1 to " + MAX_LIMIT + ", was " + limit);
    }
    Statement statement = statement(filter, limit, after);
    if (statement.params().containsKey("like")) {
      inOrder();
    }
    List<CaseView> found = jdbc.sql(statement.sql()).params(statement.params()).query(CaseStore::view).list();
    boolean more = found.size() > limit;
    List<CaseView> page = more ? found.subList(0, limit) : found;
    String next = !more ? null : cursor(statement.byDue(), page.getLast());
    return new Slice<>(rows.rows(page, clock.instant()), next);
  }

  /** A word is looked for along the order of the list, newest first, and no further than the page needs. */
  void inOrder() {
    jdbc.sql("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)").query((rs, i) -> 1).single();
  }

  record Statement(String sql, Map<String, Object> params, boolean byDue) {}

  /** The query of a list; apart, so that a test can look at its plan. */
  Statement statement(Filter f, int limit, String after) {
    Viewer viewer = Viewer.current();
    Map<String, Object> params = scope(viewer, clock.instant());
    List<String> where = new ArrayList<>(List.of("area_code >= :lo", "area_code < :hi"));
    Queue queue = f.queue() == null ? null : Queue.of(f.queue());
    if (queue != null) {
      where.add(condition(queue, viewer, params));
    }
    if (f.stages() != null && !f.stages().isEmpty()) {
      where.add("stage = ANY (:stages)");
      params.put("stages", f.stages().stream().map(Enum::name).toArray(String[]::new));
      if (f.stages().stream().allMatch(CaseStage::open)) {
        where.add("open");
        Set<String> desks = f.stages().stream().map(CaseLists::desk).collect(Collectors.toSet());
        if (desks.size() == 1) {
          where.add("desk = :desk");
          params.put("desk", desks.iterator().next());
        }
      }
    }
    if (f.kindId() != null) {
      where.add("kind_id = :kind");
      params.put("kind", f.kindId());
    }
    if (f.areaCode() != null) {
      AreaScope within = AreaScope.of(f.areaCode());
      where.add("area_code >= :withinLo AND area_code < :withinHi");
      params.put("withinLo", within.low());
      params.put("withinHi", within.high());
    }
    if (f.unitId() != null) {
      where.add("lead_unit_id = :unit");
      params.put("unit", f.unitId());
    }
    if (Boolean.TRUE.equals(f.overdue())) {
      where.add("open AND due_at < :now");
    } else if (Boolean.FALSE.equals(f.overdue())) {
      where.add("NOT (open AND due_at < :now)");
    }
    if (f.from() != null) {
      where.add("reported_at >= :from");
      params.put("from", CaseStore.utc(f.from()));
    }
    if (f.to() != null) {
      where.add("reported_at < :to");
      params.put("to", CaseStore.utc(f.to()));
    }
    if (f.closedFrom() != null) {
      where.add(LAST_MOMENT + " >= :closedFrom AND closed_at >= :closedFrom");
      params.put("closedFrom", CaseStore.utc(f.closedFrom()));
    }
    if (f.componentIdent() != null) {
      about(f.componentIdent(), where, params);
    }
    if (f.q() != null && !f.q().isBlank()) {
      search(f.q().strip(), where, params);
    }
    String sort = f.sort() != null ? f.sort() : queue != null ? queue.naturalSort() : "-reported";
    boolean byDue = switch (sort) {
      case "due" -> true;
      case "-reported" -> false;
      default -> throw invalid("sort", "sort is due or -reported, was '" + sort + "'");
    };
    if (byDue && queue == null && where.stream().noneMatch("open"::equals)) {
      where.add("open");
    }
    if (after != null) {
      where.add(byDue ? "(due_at, id) > (:afterAt, :afterId)" : "(reported_at, id) < (:afterAt, :afterId)");
      position(byDue, after, params);
    }
    params.put("limit", limit + 1);
    return new Statement("SELECT * FROM case_file WHERE " + String.join(" AND ", where) + (byDue ? " ORDER BY due_at, id" : " ORDER BY reported_at DESC, id DESC") + " LIMIT :limit",
        params, byDue);
  }

  /** The queue in which an open case waits; as the generated column {@code case_file.desk} has it. */
  private static String desk(CaseStage stage) {
    return switch (stage) {
      case REPORTED -> "accept";
      case ACCEPTED, VERIFIED -> "file";
      case VERIFYING -> "verify";
      case FILED -> "dispatch";
      case DISPATCHED, RECEIVED -> "handle";
      case DISPOSED -> "check";
      case CHECKED -> "close";
      case CLOSED, EVALUATED, NOT_ACCEPTED, VOID -> "";
    };
  }

  private static void search(String q, List<String> where, Map<String, Object> params) {
    if (q.length() > 100) {
      throw invalid("q", "q has at most 100 characters, was " + q.length()).zh("搜索词最多 100 字");
    }
    if (q.matches("\\d{6,19}")) {
      where.add("case_no >= :no AND case_no < :noEnd");
      params.put("no", q);
      params.put("noEnd", q + "~");
      return;
    }
    // Chinese has no case; comparing bytes is several times faster than folding every character first.
    String like = q.chars().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c)) ? "ILIKE" : "LIKE";
    where.add("(title %1$s :like OR description %1$s :like OR address %1$s :like)".formatted(like));
    params.put("like", "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%");
  }

  private static String cursor(boolean byDue, CaseView last) {
    Instant at = byDue ? last.dueAt() : last.reportedAt();
    String text = (byDue ? "d" : "r") + "|" + (at == null ? "infinity" : at.toString()) + "|" + last.id();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void position(boolean byDue, String cursor, Map<String, Object> params) {
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII).split("\\|");
      if (parts.length != 3 || !parts[0].equals(byDue ? "d" : "r")) {
        throw new IllegalArgumentException("another list");
      }
      params.put("afterAt", parts[1].equals("infinity") ? OffsetDateTime.MAX : CaseStore.utc(Instant.parse(parts[1])));
      params.put("afterId", Long.parseLong(parts[2]));
    } catch (RuntimeException e) {
      throw invalid("after", "after is the cursor next of the page before, in the same order");
    }
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(CaseProblem.INVALID_FILTER, detail, Map.of("field", field));
  }

  private void about(String ident, List<String> where, Map<String, Object> params) {
    String known = "SELECT id FROM case_file WHERE open AND component_ident = :component UNION ALL SELECT case_id FROM case_step WHERE " + CasePast.RECENT;
    List<GridRange> ranges = components.find(ident).map(c -> GridCovering.ofCircle(c.lon(), c.lat(), BESIDE_METERS, 8, 32).ranges()).orElse(List.of());
    where.add("component_ident = :component AND id IN (" + known + " UNION ALL SELECT p.case_id FROM unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high), "
        + "LATERAL (SELECT case_id FROM case_past WHERE closed_at IS NOT NULL AND grid_key BETWEEN r.low AND r.high OFFSET 0) p)");
    params.put("component", ident);
    params.put("lows", ranges.stream().map(GridRange::low).toArray(Long[]::new));
    params.put("highs", ranges.stream().map(GridRange::high).toArray(Long[]::new));
  }

  /**
   * Open cases as points of a map, those due first at most {@value #MAX_POINTS}.
   *
   * @param bbox west, south, east, north in degrees; {@code null}: everywhere
   * @param stages {@code null} or empty: all open ones
   */
  @Transactional(readOnly = true)
  public Map<String, Object> points(double[] bbox, Set<CaseStage> stages) {
    Viewer viewer = Viewer.current();
    Instant now = clock.instant();
    Map<String, Object> params = new HashMap<>();
    params.put("lo", viewer.area().low());
    params.put("hi", viewer.area().high());
    StringBuilder sql = new StringBuilder("SELECT c.* FROM ");
    if (bbox != null) {
      List<GridRange> ranges = covering(bbox);
      sql.append("unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high), "
          + "LATERAL (SELECT * FROM case_file f WHERE f.open AND f.grid_key BETWEEN r.low AND r.high OFFSET 0) c");
      params.put("lows", ranges.stream().map(GridRange::low).toArray(Long[]::new));
      params.put("highs", ranges.stream().map(GridRange::high).toArray(Long[]::new));
      sql.append(" WHERE c.lon BETWEEN :west AND :east AND c.lat BETWEEN :south AND :north AND");
      params.putAll(Map.of("west", bbox[0], "south", bbox[1], "east", bbox[2], "north", bbox[3]));
    } else {
      sql.append("case_file c WHERE c.grid_key IS NOT NULL AND");
    }
    sql.append(" c.open AND c.area_code >= :lo AND c.area_code < :hi");
    if (stages != null && !stages.isEmpty()) {
      sql.append(" AND c.stage = ANY (:stages)");
      params.put("stages", stages.stream().map(Enum::name).toArray(String[]::new));
    }
    sql.append(" ORDER BY c.due_at, c.id LIMIT ").append(MAX_POINTS);
    List<Map<String, Object>> features = jdbc.sql(sql.toString()).params(params).query(CaseStore::view).list().stream().map(c -> {
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("id", c.id());
      properties.put("caseNo", c.caseNo());
      properties.put("stage", c.stage());
      properties.put("title", c.title());
      properties.put("kindId", c.kindId());
      properties.put("kindName", rows.kindName(c.kindId()));
      properties.put("urgency", c.urgency());
      properties.put("dueState", rows.dueState(c, now));
      properties.put("signalCount", c.signalCount());
      return Map.<String, Object>of("type", "Feature", "id", c.id(),
          "geometry", Map.of("type", "Point", "coordinates", List.of(c.lon(), c.lat())), "properties", properties);
    }).toList();
    return Map.of("type", "FeatureCollection", "features", features);
  }

  private static List<GridRange> covering(double[] bbox) {
    if (bbox.length != 4 || bbox[0] > bbox[2] || bbox[1] > bbox[3] || Arrays.stream(bbox).anyMatch(d -> !Double.isFinite(d))) {
      throw invalid("bbox", "bbox is west,south,east,north in degrees, was " + Arrays.toString(bbox));
    }
    try {
      return GridCovering.ofBox(new GridBox(bbox[0], bbox[1], bbox[2], bbox[3]), 7, 64).ranges();
    } catch (IllegalArgumentException e) {
      throw invalid("bbox", e.getMessage());
    }
  }
}
