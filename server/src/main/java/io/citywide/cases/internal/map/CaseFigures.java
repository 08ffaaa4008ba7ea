package io.citywide.cases.internal.map;

import io.citywide.cases.CaseSettings;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.map.spi.Region;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Cases counted by area: three statements, however many areas. A day begins at midnight of the city. */
@Component
class CaseFigures implements AreaFigureSource {

  static final String OPEN = "open";
  static final String OVERDUE = "overdue";
  static final String DUE_SOON = "dueSoon";
  static final String NEW_TODAY = "newToday";
  static final String CLOSED_TODAY = "closedToday";

  private static final List<Figure> FIGURES = List.of(new Figure(OPEN, "在办", "Open"), new Figure(OVERDUE, "超期", "Overdue"),
      new Figure(DUE_SOON, "临期", "Due soon"), new Figure(NEW_TODAY, "今日新增", "New today"), new Figure(CLOSED_TODAY, "今日结案", "Closed today"));

  /** As {@code case_file_last_moment_idx} of V045 has it; at or after the end of a case. */
  private static final String LAST_MOMENT =
      "greatest(reported_at, accepted_at, filed_at, dispatched_at, disposed_at, checked_at, closed_at, disposal_due_at, check_due_at, suspended_at)";

  private final JdbcClient jdbc;
  private final CaseDots dots;
  private final CaseSettings settings;
  private final ServerSettings server;
  private final Clock clock;

  CaseFigures(JdbcClient jdbc, CaseDots dots, CaseSettings settings, ServerSettings server, Clock clock) {
    this.jdbc = jdbc;
    this.dots = dots;
    this.settings = settings;
    this.server = server;
    this.clock = clock;
  }

  @Override
  public List<Figure> figures() {
    return FIGURES;
  }

  @Override
  public Map<String, Map<String, Long>> count(String root, Instant at) {
    Map<String, Map<String, Long>> byArea = new TreeMap<>();
    Instant now = at == null ? clock.instant() : at;
    if (at == null) {
      standing(root, now, byArea);
    } else {
      for (CaseDot d : dots.list(new Region.InArea(root), at)) {
        add(byArea, d.areaCode(), OPEN, 1);
        switch (d.due(now, settings.soon())) {
          case OVERDUE -> add(byArea, d.areaCode(), OVERDUE, 1);
          case SOON -> add(byArea, d.areaCode(), DUE_SOON, 1);
          case OK -> { }
        }
      }
    }
    moved(root, now, at != null, byArea);
    return byArea;
  }

  private void standing(String root, Instant now, Map<String, Map<String, Long>> byArea) {
    Map<String, Object> params = params(root, now);
    params.put("soon", CaseDots.utc(now.plus(settings.soon())));
    jdbc.sql("""
            SELECT area_code, count(*) AS open, count(*) FILTER (WHERE due_at < :now) AS overdue,
              count(*) FILTER (WHERE due_at >= :now AND due_at < :soon) AS soon
            FROM case_file WHERE open AND area_code >= :lo AND area_code < :hi GROUP BY area_code""")
        .params(params).query(rs -> {
          String area = rs.getString("area_code");
          add(byArea, area, OPEN, rs.getLong("open"));
          add(byArea, area, OVERDUE, rs.getLong("overdue"));
          add(byArea, area, DUE_SOON, rs.getLong("soon"));
        });
  }

  /** What came and what was closed since the midnight before {@code now}. */
  private void moved(String root, Instant now, boolean past, Map<String, Map<String, Long>> byArea) {
    Map<String, Object> params = params(root, now);
    params.put("day", CaseDots.utc(midnight(now)));
    jdbc.sql("SELECT area_code, count(*) AS n FROM case_file WHERE reported_at >= :day AND reported_at <= :now AND area_code >= :lo AND area_code < :hi GROUP BY area_code")
        .params(params).query(rs -> {
          add(byArea, rs.getString("area_code"), NEW_TODAY, rs.getLong("n"));
        });
    jdbc.sql("SELECT area_code, count(*) AS n FROM case_file WHERE " + LAST_MOMENT + " >= :day AND closed_at >= :day AND closed_at <= :now AND area_code >= :lo AND area_code < :hi GROUP BY area_code")
        .params(params).query(rs -> {
          add(byArea, rs.getString("area_code"), CLOSED_TODAY, rs.getLong("n"));
        });
    if (past) {
      // Reopened since, so that the case itself no longer says when it was closed before.
      jdbc.sql("""
              SELECT c.area_code, count(DISTINCT c.id) AS n FROM case_step s JOIN case_file c ON c.id = s.case_id
              WHERE s.action IN ('CLOSE', 'DECIDE_FORCED_CLOSURE') AND s.to_stage = 'CLOSED' AND s.at >= :day AND s.at <= :now
                AND c.reopen_count > 0 AND c.closed_at IS DISTINCT FROM s.at AND c.area_code >= :lo AND c.area_code < :hi
                AND NOT EXISTS (SELECT 1 FROM case_step r WHERE r.case_id = c.id AND r.action = 'REOPEN' AND r.seq > s.seq AND r.at <= :now)
              GROUP BY c.area_code""")
          .params(params).query(rs -> {
            add(byArea, rs.getString("area_code"), CLOSED_TODAY, rs.getLong("n"));
          });
    }
  }

  Instant midnight(Instant now) {
    return LocalDate.ofInstant(now, server.zone()).atStartOfDay(server.zone()).toInstant();
  }

  private static Map<String, Object> params(String root, Instant now) {
    AreaScope own = Viewer.current().area();
    AreaScope within = root.isEmpty() ? AreaScope.ALL : AreaScope.of(root);
    Map<String, Object> params = new HashMap<>();
    params.put("lo", own.low().compareTo(within.low()) > 0 ? own.low() : within.low());
    params.put("hi", own.high().compareTo(within.high()) < 0 ? own.high() : within.high());
    params.put("now", CaseDots.utc(now));
    return params;
  }

  private static void add(Map<String, Map<String, Long>> byArea, String area, String figure, long n) {
    if (n > 0) {
      byArea.computeIfAbsent(area, a -> new HashMap<>()).merge(figure, n, Long::sum);
    }
  }
}
