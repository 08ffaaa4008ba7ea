package io.citywide.cases.internal.map;

import io.citywide.cases.CaseStage;
import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Open cases of a region, as they stand or as they stood at a moment. What they were then, the steps say: the last one
 * up to the moment tells stage and deadline, the first ones after it what they changed. Who sees a case is decided by
 * today's scope, also of the past. Every method needs a transaction.
 *
 * <p>A case that another system handed over stands, before it came, by the moments it brought: open from its report to
 * its end.
 */
@Component
class CaseDots {

  private static final String OPEN_STAGES = "('REPORTED','ACCEPTED','VERIFYING','VERIFIED','FILED','DISPATCHED','RECEIVED','DISPOSED','CHECKED')";

  /** One case {@code c} at {@code :at}: the steps decide, and without any yet the record that another system brought. */
  private static final String AS_OF = """
      SELECT c.id, coalesce(s.to_stage, first.stage) AS stage,
        CASE WHEN named.before IS NOT NULL THEN nullif(named.before, '') ELSE c.kind_id END AS kind_id,
        CASE WHEN moved.area IS NOT NULL THEN moved.lon ELSE c.lon END AS lon, CASE WHEN moved.area IS NOT NULL THEN moved.lat ELSE c.lat END AS lat,
        coalesce(moved.area, c.area_code) AS area_code,
        CASE WHEN s.seq IS NULL THEN first.due_at
             WHEN s.next_due_at IS NOT NULL THEN s.next_due_at
             -- Written before steps told it: the limit that the next act met, or the one that still counts.
             WHEN s.seq = c.steps THEN c.due_at
             ELSE (SELECT n.due_at FROM case_step n WHERE n.case_id = c.id AND n.seq > s.seq AND n.due_at IS NOT NULL ORDER BY n.seq LIMIT 1) END AS due_at
      -- OFFSET 0 keeps it a look into the primary key for each: guessing more of them, the planner reads all cases there are.
      FROM candidate k CROSS JOIN LATERAL (SELECT * FROM case_file WHERE id = k.id OFFSET 0) c
        LEFT JOIN LATERAL (SELECT seq, to_stage, next_due_at FROM case_step WHERE case_id = c.id AND at <= :at ORDER BY seq DESC LIMIT 1) s ON true
        LEFT JOIN LATERAL (
          SELECT CASE WHEN i.to_stage IN ('FILED', 'DISPATCHED') THEN i.to_stage WHEN i.to_stage = 'VOID' THEN 'ACCEPTED'
                      WHEN (i.details->>'unitKnown')::boolean THEN 'DISPATCHED' ELSE 'FILED' END AS stage,
            CASE WHEN i.to_stage = 'DISPATCHED' OR (i.to_stage = 'CLOSED' AND (i.details->>'unitKnown')::boolean) THEN i.due_at END AS due_at
          FROM case_step i WHERE s.seq IS NULL AND c.imported_ref IS NOT NULL AND i.case_id = c.id AND i.seq = 1 AND c.reported_at <= :at
            AND (i.to_stage IN ('FILED', 'DISPATCHED') OR coalesce((i.details->>'closedAt')::timestamptz, c.reported_at) > :at)) first ON true
        LEFT JOIN LATERAL (SELECT coalesce(details->>'kindBefore', '') AS before FROM case_step WHERE case_id = c.id AND at > :at
          AND action IN ('ACCEPT', 'FILE', 'CLASSIFY') AND details->>'kindId' IS NOT NULL ORDER BY seq LIMIT 1) named ON true
        LEFT JOIN LATERAL (SELECT (details->>'lonBefore')::float8 AS lon, (details->>'latBefore')::float8 AS lat, details->>'areaBefore' AS area
          FROM case_step WHERE case_id = c.id AND at > :at AND action = 'RELOCATE' ORDER BY seq LIMIT 1) moved ON true
      WHERE coalesce(s.to_stage, first.stage) IN """ + OPEN_STAGES;

  private final JdbcClient jdbc;

  CaseDots(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those in the region. Cases without a position lie in areas and nowhere else; for them, longitude and latitude are not a number. */
  List<CaseDot> list(Region region, Instant at) {
    RegionCover cover = RegionCover.of(region);
    boolean unplaced = region instanceof Region.InArea || region instanceof Region.Anywhere;
    List<CaseDot> dots = new ArrayList<>();
    for (CaseDot dot : at == null ? standing(cover) : stood(cover, at)) {
      boolean placed = !Double.isNaN(dot.lon());
      if (placed ? cover.area().covers(dot.areaCode()) && cover.contains(dot.lon(), dot.lat()) : unplaced && cover.area().covers(dot.areaCode())) {
        dots.add(dot);
      }
    }
    return dots;
  }

  /** The case itself, while it is or was open. */
  Optional<CaseDot> find(long id, Instant at) {
    Map<String, Object> params = new HashMap<>(Map.of("id", id));
    if (at == null) {
      return jdbc.sql("SELECT id, stage, kind_id, lon, lat, area_code, due_at FROM case_file WHERE id = :id AND open").params(params).query(CaseDots::dot).optional();
    }
    params.put("at", utc(at));
    return jdbc.sql("WITH candidate AS (SELECT CAST(:id AS bigint) AS id) " + AS_OF).params(params).query(CaseDots::dot).optional();
  }

  private List<CaseDot> standing(RegionCover cover) {
    Map<String, Object> params = new HashMap<>();
    String sql = "SELECT id, stage, kind_id, lon, lat, area_code, due_at FROM " + within(cover, "open", params);
    return ask(new Question(sql, params)).query(CaseDots::dot).list();
  }

  private List<CaseDot> stood(RegionCover cover, Instant at) {
    return ask(asOf(cover, at)).query(CaseDots::dot).list();
  }

  /** Planned for what is filled in: after some calls PostgreSQL would plan for anything, and read all of an area for each range of the grid. */
  JdbcClient.StatementSpec ask(Question question) {
    jdbc.sql("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)").query((row, i) -> 1).list();
    return jdbc.sql(question.sql()).params(question.params());
  }

  /** A statement with what is filled in. */
  record Question(String sql, Map<String, Object> params) {}

  static Question asOf(RegionCover cover, Instant at) {
    Map<String, Object> params = new HashMap<>();
    params.put("at", utc(at));
    // Cases that are open, that were open then, that ended a moment ago, and that lay elsewhere: more than stood there, never fewer.
    String sql = "WITH candidate AS (SELECT id FROM " + within(cover, "open AND reported_at <= :at", params)
        + " UNION SELECT p.case_id FROM generate_series(0, 31) AS k (span), LATERAL (SELECT case_id FROM case_past WHERE span = k.span AND opened_at <= :at"
        + " AND opened_at > :at - make_interval(secs => 2 ^ (k.span + 1)) AND ended_at > :at AND area_code >= :lo AND area_code < :hi" + box(cover, params) + " OFFSET 0) p"
        + " UNION SELECT case_id FROM case_step WHERE " + CasePast.RECENT + " AND (at > :at OR action = 'IMPORT')"
        + (cover.ranges() == null && cover.area().equals(AreaScope.ALL) ? "" : " UNION SELECT case_id FROM case_step WHERE action = 'RELOCATE' AND at > :at") + ") " + AS_OF;
    return new Question(sql, params);
  }

  /** FROM and WHERE of the cases under a cover, with the viewer's own area. */
  private static String within(RegionCover cover, String condition, Map<String, Object> params) {
    AreaScope own = Viewer.current().area();
    params.put("lo", later(own.low(), cover.area().low()));
    params.put("hi", earlier(own.high(), cover.area().high()));
    String all = condition + " AND area_code >= :lo AND area_code < :hi";
    if (cover.ranges() == null) {
      return "case_file WHERE " + all;
    }
    params.put("lows", cover.ranges().stream().map(GridRange::low).toArray(Long[]::new));
    params.put("highs", cover.ranges().stream().map(GridRange::high).toArray(Long[]::new));
    // OFFSET 0 keeps it a search per range.
    return "unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high), LATERAL (SELECT * FROM case_file WHERE grid_key BETWEEN r.low AND r.high AND "
        + all + " OFFSET 0) f";
  }

  private static String box(RegionCover cover, Map<String, Object> params) {
    if (cover.box() == null) {
      return "";
    }
    params.putAll(Map.of("west", cover.box().west(), "east", cover.box().east(), "south", cover.box().south(), "north", cover.box().north()));
    return " AND lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north";
  }

  private static String later(String a, String b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static String earlier(String a, String b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static CaseDot dot(ResultSet rs, int i) throws SQLException {
    double lon = rs.getDouble("lon");
    boolean placed = !rs.wasNull();
    double lat = rs.getDouble("lat");
    return new CaseDot(rs.getLong("id"), CaseStage.valueOf(rs.getString("stage")), rs.getString("kind_id"), placed ? lon : Double.NaN, placed ? lat : Double.NaN,
        rs.getString("area_code"), instant(rs, "due_at"));
  }

  /** {@code null} for SQL null and for 'infinity', which stands for no limit. */
  static Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
    return at == null || at.equals(OffsetDateTime.MAX) ? null : at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
