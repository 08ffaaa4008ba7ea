package io.citywide.cases.internal.evaluation;

import io.citywide.cases.CaseCounts;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Evaluation.Subject;
import io.citywide.identity.AreaScope;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** One pass over the cases that touch the period, one over those that are open. */
@Component
class CaseCountsReader implements CaseCounts {

  private static final String STANDARD = "gb47678.5-";

  /** What the evaluation does not judge by. {@code amount}: what one case adds. */
  private enum More {
    RECEIVED_REPORTS("reports", "诉求量", "本期上报案件的全部上报次数（含合并的重复上报）。", "All reports of the cases reported in the period, those that joined them included.",
        in("c.reported_at") + " AND " + VALID, "c.signal_count", false),
    REPEATED("repeated", "重复诉求案件数", "本期上报且被不止一次反映的案件。", "Cases reported in the period that were reported more than once.",
        in("c.reported_at") + " AND " + VALID + " AND c.signal_count > 1", "1", false),
    BY_PUBLIC("publicReported", "公众上报数", "本期由公众渠道（热线、公众号、Open311）上报的案件。", "Cases reported in the period by the public: hotline, public page, Open311.",
        in("c.reported_at") + " AND " + VALID + " AND c.source_channel IN ('HOTLINE', 'PUBLIC', 'OPEN311')", "1", false),
    BY_SELF_SERVICE("onlineReported", "线上自助上报数", "本期由公众页面、Open311 自助上报的案件。", "Cases reported in the period by the public page or Open311, without anybody at a telephone.",
        in("c.reported_at") + " AND " + VALID + " AND c.source_channel IN ('PUBLIC', 'OPEN311')", "1", false),
    BY_SENSING("sensedReported", "感知上报数", "本期由物联感知或视频算法上报的案件。", "Cases reported in the period by devices or cameras.",
        in("c.reported_at") + " AND " + VALID + " AND c.source_channel IN ('SENSOR', 'CAMERA')", "1", false),
    URGENT("urgentReported", "紧急案件数", "本期上报的紧急案件。", "Urgent cases reported in the period.", in("c.reported_at") + " AND " + VALID + " AND c.urgency = 'URGENT'", "1", false),
    ENDED("closedInPeriod", "办结数", "本期结案的案件。", "Cases closed in the period.", in("c.closed_at") + " AND " + VALID, "1", false),
    HOURS("hoursToClose", "办结用时合计（小时）", "本期结案的案件从上报到结案的小时数之和。", "Hours from the report to the closing of the cases closed in the period.",
        in("c.closed_at") + " AND " + VALID, "extract(epoch FROM c.closed_at - c.reported_at) / 3600", false),
    DISPATCH_MINUTES("minutesToDispatch", "派遣用时合计（分钟）", "本期派遣的案件从上报到派遣的分钟数之和。", "Minutes from the report to the dispatch of the cases dispatched in the period.",
        in("c.dispatched_at") + " AND " + VALID + " AND c.dispatched_at >= c.reported_at", "extract(epoch FROM c.dispatched_at - c.reported_at) / 60", false),
    REOPENED("reopened", "重开数", "本期结案且重新打开过的案件。", "Cases closed in the period that had been reopened.", in("c.closed_at") + " AND " + VALID + " AND c.reopen_count > 0", "1", false),
    DISPLEASED("displeased", "不满意数", "本期结案且市民评价不满意的案件。", "Cases closed in the period with which the citizen was not content.",
        in("c.closed_at") + " AND " + VALID + " AND c.citizen_rating = 'NO'", "1", false),
    OPEN("open", "在办数", "当前在办的案件。", "Cases open now.", "c.open", "1", true),
    OPEN_OVERDUE("openOverdue", "在办超期数", "当前在办且已超期的案件。", "Cases open now whose time has run out.", "c.open AND c.due_at < :now", "1", true),
    OPEN_URGENT("openUrgent", "在办紧急数", "当前在办的紧急案件。", "Urgent cases open now.", "c.open AND c.urgency = 'URGENT'", "1", true),
    OPEN_SUPERVISED("openSupervised", "在办督办数", "当前在办且被督办的案件。", "Cases open now under supervision.", "c.open AND c.supervised", "1", true);

    private final String code;
    private final String nameZh;
    private final String zh;
    private final String en;
    private final String condition;
    private final String amount;
    private final boolean standing;

    More(String code, String nameZh, String zh, String en, String condition, String amount, boolean standing) {
      this.code = code;
      this.nameZh = nameZh;
      this.zh = zh;
      this.en = en;
      this.condition = condition;
      this.amount = amount;
      this.standing = standing;
    }

    private static String in(String moment) {
      return moment + " >= :from AND " + moment + " < :to";
    }
  }

  private static final String VALID = "c.stage NOT IN ('VOID', 'NOT_ACCEPTED')";

  /** One count as SQL. */
  private record Definition(Counted counted, String condition, String amount) {

    String filled(Instant from, Instant to, Instant now) {
      return condition.replace(":from", Counter.literal(from)).replace(":to", Counter.literal(to)).replace(":now", Counter.literal(now));
    }
  }

  private static final Map<String, Definition> DEFINITIONS = Stream.concat(
          Arrays.stream(Counter.values()).map(c -> new Definition(new Counted(c.code(), c.nameZh(), c.definitionZh(), c.definitionEn(), false), c.condition(Subject.AREA), "1")),
          Arrays.stream(More.values()).map(m -> new Definition(new Counted(m.code, m.nameZh, m.zh, m.en, m.standing), m.condition, m.amount)))
      .collect(Collectors.toMap(d -> d.counted().code(), d -> d, (a, b) -> a, LinkedHashMap::new));

  private final JdbcClient jdbc;
  private final Cases cases;
  private final Clock clock;

  CaseCountsReader(JdbcClient jdbc, Cases cases, Clock clock) {
    this.jdbc = jdbc;
    this.cases = cases;
    this.clock = clock;
  }

  @Override
  public List<Counted> listCounted() {
    return DEFINITIONS.values().stream().map(Definition::counted).toList();
  }

  @Override
  @Transactional(readOnly = true)
  public Map<Wanted, Map<String, Double>> count(Collection<Wanted> wanted, Instant from, Instant to) {
    Instant now = clock.instant();
    Map<Wanted, Map<String, Double>> counted = new HashMap<>();
    wanted.forEach(w -> counted.put(w, new HashMap<>()));
    Map<Boolean, List<Wanted>> standing = wanted.stream().distinct().collect(Collectors.partitioningBy(w -> definition(w.code()).counted().standing()));
    standing.forEach((isStanding, some) -> {
      if (!some.isEmpty()) {
        pass(some, source(isStanding, from, to, now), from, to.isAfter(now) ? now : to, now, counted);
      }
    });
    return counted;
  }

  private void pass(List<Wanted> wanted, String source, Instant from, Instant to, Instant now, Map<Wanted, Map<String, Double>> counted) {
    boolean byKind = wanted.stream().anyMatch(w -> !w.kinds().isEmpty());
    List<String> codes = wanted.stream().map(Wanted::code).distinct().toList();
    String columns = codes.stream().map(code -> {
      Definition d = definition(code);
      String filter = " FILTER (WHERE " + d.filled(from, to, now) + ")";
      return d.amount().equals("1") ? "count(*)" + filter : "coalesce(sum(" + d.amount() + ")" + filter + ", 0)";
    }).collect(Collectors.joining(", "));
    jdbc.sql("SELECT left(c.area_code, 12) AS area, " + (byKind ? "coalesce(c.kind_id, '')" : "''") + " AS kind, " + columns + " FROM " + source + " GROUP BY 1, 2")
        .query(rs -> {
          String area = rs.getString("area");
          String kind = rs.getString("kind");
          for (Wanted w : wanted) {
            if (w.kinds().isEmpty() || kind.startsWith(STANDARD + w.kinds())) {
              double amount = rs.getDouble(3 + codes.indexOf(w.code()));
              if (amount != 0) {
                counted.get(w).merge(area, amount, Double::sum);
              }
            }
          }
        });
  }

  private static String source(boolean standing, Instant from, Instant to, Instant now) {
    return standing ? "case_file c WHERE c.open"
        : "case_file c WHERE c.reported_at < " + Counter.literal(to.isAfter(now) ? now : to) + " AND " + EvaluationReader.LAST_MOMENT + " >= " + Counter.literal(from);
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<CaseView> listCases(Wanted wanted, String areaCode, Instant from, Instant to, long after, int limit) {
    Definition d = definition(wanted.code());
    if (limit < 1 || limit > 1000) {
      throw new ProblemException(CaseProblem.INVALID_FILTER, "limit must be 1 to 1000, was " + limit, Map.of("field", "limit")).zh("每页条数须为 1 至 1000");
    }
    Instant now = clock.instant();
    Instant end = to.isAfter(now) ? now : to;
    AreaScope area = AreaScope.of(areaCode);
    List<Long> ids = jdbc.sql("SELECT c.id FROM " + source(d.counted().standing(), from, end, now) + " AND " + d.filled(from, end, now)
            + (wanted.kinds().isEmpty() ? "" : " AND starts_with(c.kind_id, :kinds)")
            + " AND c.area_code >= :low AND c.area_code < :high AND c.id > :after ORDER BY c.id LIMIT :limit")
        .param("kinds", STANDARD + wanted.kinds()).param("low", area.low()).param("high", area.high()).param("after", after).param("limit", limit + 1)
        .query(Long.class).list();
    List<Long> page = ids.size() > limit ? ids.subList(0, limit) : ids;
    Map<Long, CaseView> found = cases.listCases(page);
    return new Slice<>(page.stream().map(found::get).toList(), ids.size() > limit ? String.valueOf(page.getLast()) : null);
  }

  @Override
  @Transactional(readOnly = true)
  public Arrived arrived(long before, long mark, long seen) {
    // One statement, so that nothing is committed between counting and looking.
    return jdbc.sql("""
            SELECT greatest(max(id), :mark), count(*) FILTER (WHERE id > :mark),
              CASE WHEN count(*) FILTER (WHERE id <= :mark) = :seen THEN min(reported_at) FILTER (WHERE id > :mark) ELSE min(reported_at) END
            FROM case_file WHERE id > :before""")
        .param("mark", mark).param("seen", seen).param("before", before)
        .query((row, n) -> new Arrived(row.getLong(1), row.getLong(2), row.getObject(3) == null ? null : row.getObject(3, OffsetDateTime.class).toInstant())).single();
  }

  private static Definition definition(String code) {
    Definition found = DEFINITIONS.get(code);
    if (found == null) {
      throw new ProblemException(CaseProblem.INVALID_FILTER, "there is no count '" + code + "'; there are " + DEFINITIONS.keySet(), Map.of("field", "counted", "value", code))
          .zh("没有名为“" + code + "”的统计项");
    }
    return found;
  }
}
