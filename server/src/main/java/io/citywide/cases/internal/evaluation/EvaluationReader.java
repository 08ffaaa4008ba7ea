package io.citywide.cases.internal.evaluation;

import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Evaluation;
import io.citywide.identity.AreaScope;
import io.citywide.identity.People;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Counts by one pass over the cases (or steps) that touch the period, one FILTER a counter. */
@Component
class EvaluationReader implements Evaluation {

  /** Every moment a counter asks for lies between the report and this one; the expression of an index of V045. */
  static final String LAST_MOMENT =
      "greatest(c.reported_at, c.accepted_at, c.filed_at, c.dispatched_at, c.disposed_at, c.checked_at, c.closed_at, c.disposal_due_at, "
          + "c.check_due_at, c.suspended_at)";

  private static final String NO_UNIT = "-";
  private static final String NOBODY = "SYSTEM";

  private final JdbcClient jdbc;
  private final Cases cases;
  private final Scoring scoring;
  private final Places places;
  private final Units units;
  private final People people;
  private final Clock clock;

  EvaluationReader(JdbcClient jdbc, Cases cases, Scoring scoring, Places places, Units units, People people, Clock clock) {
    this.jdbc = jdbc;
    this.cases = cases;
    this.scoring = scoring;
    this.places = places;
    this.units = units;
    this.people = people;
    this.clock = clock;
  }

  /** What a query asks for, with its area and its end made certain. */
  private record Asked(Subject subject, String areaCode, AreaScope area, Instant from, Instant to) {}

  @Override
  @Transactional(readOnly = true)
  public Report evaluate(Query query) {
    Instant now = clock.instant();
    Asked asked = asked(query, now);
    Map<String, Map<String, Long>> counted = count(asked);
    Map<String, BigDecimal> weights = scoring.weights(asked.subject());
    Map<String, String> names = names(asked, counted);
    List<Row> rows = names.entrySet().stream()
        .map(e -> row(asked.subject(), e.getKey(), e.getValue(), counted.getOrDefault(e.getKey(), zeros(asked.subject())), weights))
        .toList();
    Row total = asked.subject() == Subject.POSITION ? null
        : row(asked.subject(), null, null, sum(asked.subject(), counted), weights);
    return new Report(asked.subject(), asked.areaCode(), query.from(), query.to(), now, rows, total);
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<CaseView> listCases(Query query, String key, String counter, long after, int limit) {
    Asked asked = asked(query, clock.instant());
    Counter wanted = Counter.find(counter).filter(c -> c.countsFor(asked.subject()))
        .orElseThrow(() -> invalid("counter", counter, "there is no counter '" + counter + "' for " + asked.subject() + "; there are "
            + Arrays.stream(Counter.values()).filter(c -> c.countsFor(asked.subject())).map(Counter::code).toList()));
    if (limit < 1 || limit > 1000) {
      throw invalid("limit", limit, "limit must be 1 to 1000, was " + limit);
    }
    List<Long> ids = jdbc.sql("SELECT DISTINCT c.id FROM " + source(asked)
            + " AND " + wanted.condition(asked.subject(), asked.from(), asked.to())
            + (key == null ? "" : " AND " + keyExpression(asked) + " = :key")
            + " AND c.id > :after ORDER BY c.id LIMIT :limit")
        .param("low", asked.area().low()).param("high", asked.area().high()).param("key", key).param("after", after).param("limit", limit + 1)
        .query(Long.class).list();
    List<Long> page = ids.size() > limit ? ids.subList(0, limit) : ids;
    Map<Long, CaseView> found = cases.listCases(page);
    return new Slice<>(page.stream().map(found::get).toList(), ids.size() > limit ? String.valueOf(page.getLast()) : null);
  }

  @Override
  @Transactional(readOnly = true)
  public List<Ratio> listRatios(String ratio, String areaCode, List<Instant> bounds) {
    RatioDefinition wanted = Arrays.stream(RatioDefinition.values()).filter(r -> r.code().equals(ratio) && r.countsFor(Subject.AREA)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no ratio '" + ratio + "' of areas"));
    Asked whole = asked(new Query(Subject.AREA, areaCode, bounds.getFirst(), bounds.getLast()), clock.instant());
    String counts = IntStream.range(1, bounds.size()).boxed().flatMap(i -> Stream.of(wanted.numerator(), wanted.denominator())
            .map(c -> "count(*) FILTER (WHERE " + c.condition(Subject.AREA, bounds.get(i - 1), bounds.get(i).isAfter(whole.to()) ? whole.to() : bounds.get(i)) + ")"))
        .collect(Collectors.joining(", "));
    return jdbc.sql("SELECT " + counts + " FROM " + source(whole)).param("low", whole.area().low()).param("high", whole.area().high())
        .query((rs, row) -> IntStream.range(1, bounds.size()).mapToObj(i -> {
          try {
            return RatioDefinition.of(rs.getLong(2 * i - 1), rs.getLong(2 * i));
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }).toList()).single();
  }

  private Asked asked(Query query, Instant now) {
    String area = query.areaCode() != null ? query.areaCode() : Viewer.current().areaCode() == null ? "" : Viewer.current().areaCode();
    if (!area.isEmpty() && places.findArea(area).isEmpty()) {
      throw invalid("areaCode", area, "there is no area " + area).zh("没有区域 " + area);
    }
    return new Asked(query.subject(), area, AreaScope.of(area), query.from(), query.to().isAfter(now) ? now : query.to());
  }

  private static String source(Asked asked) {
    String area = "c.area_code >= :low AND c.area_code < :high";
    if (asked.subject() == Subject.POSITION) {
      return "case_step s JOIN case_file c ON c.id = s.case_id WHERE s.at >= " + Counter.literal(asked.from()) + " AND s.at < "
          + Counter.literal(asked.to()) + " AND s.action IN ('OPEN', 'ACCEPT', 'FILE', 'DISPATCH', 'CHECK', 'CLOSE') AND " + area;
    }
    return "case_file c WHERE c.reported_at < " + Counter.literal(asked.to()) + " AND " + LAST_MOMENT + " >= " + Counter.literal(asked.from())
        + " AND " + area;
  }

  private static String keyExpression(Asked asked) {
    return switch (asked.subject()) {
      case AREA -> "left(c.area_code, " + childLength(asked.areaCode()) + ")";
      case UNIT -> "coalesce(c.lead_unit_id::text, '" + NO_UNIT + "')";
      case POSITION -> "coalesce(s.person_id, 0) || ':' || coalesce(s.role, '" + NOBODY + "')";
    };
  }

  /** Characters of the codes one level below. */
  private static int childLength(String areaCode) {
    if (areaCode.isEmpty()) {
      return AreaLevel.DISTRICT.codeLength();
    }
    return switch (AreaCode.levelOf(areaCode)) {
      case CITY -> AreaLevel.DISTRICT.codeLength();
      case DISTRICT -> AreaLevel.STREET.codeLength();
      case STREET -> AreaLevel.COMMUNITY.codeLength();
      case COMMUNITY, UNIT_GRID -> AreaLevel.UNIT_GRID.codeLength();
    };
  }

  private Map<String, Map<String, Long>> count(Asked asked) {
    List<Counter> counters = Arrays.stream(Counter.values()).filter(c -> c.countsFor(asked.subject())).toList();
    Map<String, Map<String, Long>> byKey = new TreeMap<>();
    jdbc.sql(asked.subject() == Subject.POSITION ? countSteps(asked, counters) : countCases(asked, counters))
        .param("low", asked.area().low()).param("high", asked.area().high())
        .query(rs -> {
          Map<String, Long> counts = new LinkedHashMap<>();
          for (int i = 0; i < counters.size(); i++) {
            counts.put(counters.get(i).code(), rs.getLong(i + 2));
          }
          if (counts.values().stream().anyMatch(n -> n > 0)) {
            byKey.put(rs.getString("key"), counts);
          }
        });
    return byKey;
  }

  private static String countCases(Asked asked, List<Counter> counters) {
    return "SELECT " + keyExpression(asked) + " AS key, "
        + counters.stream().map(c -> "count(*) FILTER (WHERE " + c.condition(asked.subject(), asked.from(), asked.to()) + ")").collect(Collectors.joining(", "))
        + " FROM " + source(asked) + " GROUP BY 1";
  }

  /** A case in which somebody took a step twice counts once. Tried: count(DISTINCT c.id), which sorts once a counter. */
  private static String countSteps(Asked asked, List<Counter> counters) {
    return "SELECT key, " + counters.stream().map(c -> "count(*) FILTER (WHERE " + c.name() + ")").collect(Collectors.joining(", "))
        + " FROM (SELECT " + keyExpression(asked) + " AS key, c.id, "
        + counters.stream().map(c -> "bool_or(" + c.condition(asked.subject(), asked.from(), asked.to()) + ") AS " + c.name()).collect(Collectors.joining(", "))
        + " FROM " + source(asked) + " GROUP BY 1, 2) per_case GROUP BY 1";
  }

  /** Names of the rows in their order; areas below are listed even where nothing happened. */
  private Map<String, String> names(Asked asked, Map<String, ?> counted) {
    Map<String, String> names = new LinkedHashMap<>();
    switch (asked.subject()) {
      case AREA -> {
        Map<String, String> sorted = new TreeMap<>();
        if (!asked.areaCode().isEmpty()) {
          places.listChildren(asked.areaCode()).stream().filter(a -> Viewer.current().area().covers(a.code()))
              .forEach(a -> sorted.put(a.code(), a.name()));
        }
        counted.keySet().forEach(code -> sorted.putIfAbsent(code, places.findArea(code).map(Area::name).orElse(code)));
        names.putAll(sorted);
      }
      case UNIT -> counted.keySet().stream()
          .sorted((a, b) -> Long.compare(unitOrder(a), unitOrder(b)))
          .forEach(id -> names.put(id, id.equals(NO_UNIT) ? NO_UNIT : units.findUnit(Long.parseLong(id)).map(UnitRef::name).orElse("#" + id)));
      case POSITION -> {
        List<Long> ids = counted.keySet().stream().map(k -> Long.parseLong(k.substring(0, k.indexOf(':')))).toList();
        Map<Long, String> persons = people.names(ids);
        counted.keySet().forEach(key -> names.put(key, position(key, persons)));
      }
    }
    return names;
  }

  private static long unitOrder(String key) {
    return key.equals(NO_UNIT) ? Long.MAX_VALUE : Long.parseLong(key);
  }

  private static String position(String key, Map<Long, String> persons) {
    String role = key.substring(key.indexOf(':') + 1);
    String person = persons.get(Long.parseLong(key.substring(0, key.indexOf(':'))));
    String roleName = Arrays.stream(Role.values()).filter(r -> r.name().equals(role)).map(Role::nameZh).findFirst().orElse("系统");
    return person == null ? roleName : person + " · " + roleName;
  }

  private static Row row(Subject subject, String key, String name, Map<String, Long> counts, Map<String, BigDecimal> weights) {
    Map<String, Ratio> ratios = new LinkedHashMap<>();
    for (RatioDefinition definition : RatioDefinition.values()) {
      if (definition.countsFor(subject)) {
        ratios.put(definition.code(), definition.of(counts));
      }
    }
    BigDecimal score = Scoring.score(ratios, weights);
    return new Row(key, name, counts, ratios, score, Scoring.grade(score));
  }

  private static Map<String, Long> zeros(Subject subject) {
    Map<String, Long> zeros = new LinkedHashMap<>();
    Arrays.stream(Counter.values()).filter(c -> c.countsFor(subject)).forEach(c -> zeros.put(c.code(), 0L));
    return zeros;
  }

  private static Map<String, Long> sum(Subject subject, Map<String, Map<String, Long>> counted) {
    Map<String, Long> sum = zeros(subject);
    counted.values().forEach(counts -> counts.forEach((code, n) -> sum.merge(code, n, Long::sum)));
    return sum;
  }

  private static ProblemException invalid(String field, Object value, String detail) {
    return new ProblemException(CaseProblem.INVALID_FILTER, detail, Map.of("field", field, "value", String.valueOf(value)));
  }
}
