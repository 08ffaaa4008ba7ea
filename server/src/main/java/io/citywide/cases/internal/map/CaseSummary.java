package io.citywide.cases.internal.map;

import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.Evaluation;
import io.citywide.cases.Evaluation.Ratio;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Duty;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.PlaceProblem;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What matters now, for the panel beside the map. */
@RestController
public class CaseSummary {

  private static final int DAYS = 7;
  private static final int HOT = 8;
  private static final int URGENT = 8;

  /**
   * How many of what was to be closed in the last seven days was, in time: {@code onTimeClosureRate} of the evaluation.
   *
   * @param share 0..1; {@code null} where nothing was to be closed
   * @param before the same of the seven days before
   */
  record OnTime(Double share, Double before, Instant from, Instant to) {}

  /** A kind that came most in the last seven days, and how often in the seven before. */
  record HotKind(String kind, String titleZh, String titleEn, long count, long before, ListLink list) {}

  /** An urgent or supervised case that is open, the latest first. */
  record UrgentCase(long id, String caseNo, String title, CaseStage stage, String dueState, Double lon, Double lat, String areaCode, String areaName, Instant reportedAt) {}

  /** The request that lists what a figure counted. */
  record ListLink(String path, Map<String, String> query) {}

  /** @param lists by figure */
  record Summary(String areaCode, String areaName, Instant asOf, long open, long overdue, long dueSoon, long newToday, long closedToday, OnTime onTime, long onDuty,
      List<HotKind> hotKinds, List<UrgentCase> urgent, Map<String, ListLink> lists) {}

  private final CaseFigures figures;
  private final Evaluation evaluation;
  private final JdbcClient jdbc;
  private final Catalogue catalogue;
  private final Places places;
  private final ServerSettings server;
  private final CaseSettings settings;
  private final Duty duty;
  private final Clock clock;

  CaseSummary(CaseFigures figures, Evaluation evaluation, JdbcClient jdbc, Catalogue catalogue, Places places, ServerSettings server,
      CaseSettings settings, Duty duty, Clock clock) {
    this.figures = figures;
    this.evaluation = evaluation;
    this.jdbc = jdbc;
    this.catalogue = catalogue;
    this.places = places;
    this.server = server;
    this.settings = settings;
    this.duty = duty;
    this.clock = clock;
  }

  @Requires(Permission.CASE_READ)
  @GetMapping("/api/map/summary")
  @Transactional(readOnly = true)
  public Summary summary(@RequestParam(required = false) String area) {
    String root = area != null ? area : Viewer.current().areaCode() == null ? "" : Viewer.current().areaCode();
    if (!root.isEmpty() && places.findArea(root).isEmpty() && area != null) {
      throw new ProblemException(PlaceProblem.UNKNOWN_AREA, "there is no area '" + area + "' in force", Map.of("field", "area", "areaCode", area)).zh("没有现行的区域“" + area + "”");
    }
    Instant now = clock.instant();
    Map<String, Long> sums = new HashMap<>();
    figures.count(root, null).values().forEach(counts -> counts.forEach((figure, n) -> sums.merge(figure, n, Long::sum)));
    return new Summary(root.isEmpty() ? null : root, root.isEmpty() ? null : places.describe(root), now, sum(sums, CaseFigures.OPEN), sum(sums, CaseFigures.OVERDUE),
        sum(sums, CaseFigures.DUE_SOON), sum(sums, CaseFigures.NEW_TODAY), sum(sums, CaseFigures.CLOSED_TODAY), onTime(root, now), onDuty(root), hot(root, now), urgent(root, now),
        lists(root, now));
  }

  /** Those who are there, or answer for it and are nowhere else; 0 for a viewer who may not know. */
  private long onDuty(String root) {
    if (!Viewer.current().may(Permission.DUTY_READ)) {
      return 0;
    }
    AreaScope within = root.isEmpty() ? AreaScope.ALL : AreaScope.of(root);
    return duty.listOnDuty().stream().filter(d -> within.covers(d.hereCode() == null ? d.areaCode() : d.hereCode())).count();
  }

  private static long sum(Map<String, Long> sums, String figure) {
    return sums.getOrDefault(figure, 0L);
  }

  private OnTime onTime(String root, Instant now) {
    ZonedDateTime end = now.atZone(server.zone());
    Instant from = end.minusDays(DAYS).toInstant();
    List<Ratio> weeks = evaluation.listRatios("onTimeClosureRate", root.isEmpty() ? null : root, List.of(end.minusDays(2 * DAYS).toInstant(), from, now));
    return new OnTime(share(weeks.get(1)), share(weeks.get(0)), from, now);
  }

  private static Double share(Ratio ratio) {
    return ratio.denominator() == 0 ? null : (double) ratio.numerator() / ratio.denominator();
  }

  private List<HotKind> hot(String root, Instant now) {
    Instant from = now.atZone(server.zone()).minusDays(DAYS).toInstant();
    Instant before = now.atZone(server.zone()).minusDays(2 * DAYS).toInstant();
    Map<String, Object> params = params(root);
    params.putAll(Map.of("from", CaseDots.utc(from), "before", CaseDots.utc(before), "now", CaseDots.utc(now)));
    return jdbc.sql("""
            SELECT kind_id, count(*) FILTER (WHERE reported_at >= :from) AS n, count(*) FILTER (WHERE reported_at < :from) AS before
            FROM case_file WHERE reported_at >= :before AND reported_at <= :now AND area_code >= :lo AND area_code < :hi
              AND stage NOT IN ('VOID', 'NOT_ACCEPTED') AND kind_id IS NOT NULL
            GROUP BY kind_id HAVING count(*) FILTER (WHERE reported_at >= :from) > 0 ORDER BY n DESC, kind_id LIMIT\s""" + HOT)
        .params(params).query((rs, i) -> {
          String kind = rs.getString("kind_id");
          var known = catalogue.findKind(kind);
          return new HotKind(kind, known.map(Kind::nameZh).orElse(kind), known.map(Kind::nameEn).orElse(kind), rs.getLong("n"), rs.getLong("before"),
              link(root, "kindId", kind, "from", from.toString()));
        }).list();
  }

  private List<UrgentCase> urgent(String root, Instant now) {
    return jdbc.sql("""
            SELECT id, case_no, title, stage, due_at, lon, lat, area_code, reported_at FROM case_file
            WHERE open AND (urgency = 'URGENT' OR supervised) AND area_code >= :lo AND area_code < :hi ORDER BY reported_at DESC, id DESC LIMIT\s""" + URGENT)
        .params(params(root)).query((rs, i) -> {
          CaseDot dot = new CaseDot(rs.getLong("id"), CaseStage.valueOf(rs.getString("stage")), null, 0, 0, rs.getString("area_code"), CaseDots.instant(rs, "due_at"));
          String due = dot.dueAt() == null ? "NONE" : dot.due(now, settings.soon()).name();
          return new UrgentCase(dot.id(), rs.getString("case_no"), rs.getString("title"), dot.stage(), due, rs.getObject("lon", Double.class),
              rs.getObject("lat", Double.class), dot.areaCode(), places.describe(dot.areaCode()), CaseDots.instant(rs, "reported_at"));
        }).list();
  }

  private Map<String, ListLink> lists(String root, Instant now) {
    String today = CaseDots.utc(figures.midnight(now)).toInstant().toString();
    Map<String, ListLink> lists = new LinkedHashMap<>();
    lists.put(CaseFigures.OPEN, link(root, "queue", "all"));
    lists.put(CaseFigures.OVERDUE, link(root, "queue", "overdue"));
    lists.put(CaseFigures.DUE_SOON, link(root, "queue", "soon"));
    lists.put(CaseFigures.NEW_TODAY, link(root, "from", today));
    lists.put(CaseFigures.CLOSED_TODAY, link(root, "closedFrom", today));
    if (Viewer.current().may(Permission.EVALUATION_READ)) {
      Map<String, String> query = new LinkedHashMap<>(Map.of("object", "unit", "counter", "closedOnTime",
          "from", now.atZone(server.zone()).minusDays(DAYS).toInstant().toString(), "to", now.toString()));
      if (!root.isEmpty()) {
        query.put("areaCode", root);
      }
      lists.put("onTime", new ListLink("/api/evaluation/cases", query));
    }
    return lists;
  }

  private static ListLink link(String root, String... pairs) {
    Map<String, String> query = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      query.put(pairs[i], pairs[i + 1]);
    }
    if (!root.isEmpty()) {
      query.put("areaCode", root);
    }
    return new ListLink("/api/cases", query);
  }

  private static Map<String, Object> params(String root) {
    AreaScope own = Viewer.current().area();
    AreaScope within = root.isEmpty() ? AreaScope.ALL : AreaScope.of(root);
    Map<String, Object> params = new HashMap<>();
    params.put("lo", own.low().compareTo(within.low()) > 0 ? own.low() : within.low());
    params.put("hi", own.high().compareTo(within.high()) < 0 ? own.high() : within.high());
    return params;
  }
}
