package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Value;
import io.citywide.sensing.internal.sta.Expression.Binary;
import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.Expression.Literal;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.Expression.Operator;
import io.citywide.sensing.internal.sta.Expression.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads of the log and the chunks what a question about observations of devices needs: which series, which time, and no more
 * values than the page shows where the order is that of time. The values then join the rows of the tables in one statement
 * ({@link EntitySet#VALUES}), so that there is one engine for conditions and order. Reads the database: call within a transaction.
 */
@Component
class DeviceValues {

  /** So many values are looked through for one question; beyond it, it must name a Datastream or a time. */
  static final int MOST_VALUES = 300_000;
  static final int MOST_SERIES = 200_000;
  private static final int MOST_MERGED = 2_000;
  private static final int MOST_COUNTED = 5_000_000;
  private static final int PAGE = 500_000;

  private final Observations observations;
  private final JdbcClient jdbc;
  private final Clock clock;

  DeviceValues(Observations observations, JdbcClient jdbc, Clock clock) {
    this.observations = observations;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * Values read for a question.
   *
   * @param whole whether these are all it reaches over, not only those of its page
   * @param count of all it reaches over; meaningless where {@code whole}
   */
  record Loaded(List<Integer> series, List<Long> at, List<Double> value, boolean whole, long count) {

    static Loaded none() {
      return new Loaded(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), true, 0);
    }

    void add(int number, Value v) {
      series.add(number);
      at.add(v.time());
      value.add(v.value());
    }

    void into(Sql sql) {
      sql.values(series.toArray(Integer[]::new), at.toArray(Long[]::new), value.toArray(Double[]::new));
    }
  }

  /** What of a filter concerns every value of a series alike, and what remains. */
  private record Reach(Collection<Integer> series, long from, long to, boolean rest) {}

  private enum Sorting { BY_SERIES, OLDEST, NEWEST, OTHER }

  /** Whether the viewer sees any series at all. */
  boolean any() {
    return jdbc.sql("SELECT EXISTS (SELECT FROM sensing_series s JOIN sensing_device d ON d.id = s.device_id)").query(Boolean.class).single();
  }

  /**
   * For one collection of observations.
   *
   * @param within series it is about; {@code null}: all that the viewer sees
   */
  Loaded load(Collection<Integer> within, Options options, Sql.Lookup lookup) {
    Reach reach = reach(within, options.filter(), lookup);
    if (reach.series().isEmpty() || reach.from() >= reach.to()) {
      return Loaded.none();
    }
    Map<Integer, Value> latest = observations.latest(reach.series());
    List<Integer> spoken = reach.series().stream().filter(s -> latest.containsKey(s) && latest.get(s).time() >= reach.from()).sorted().toList();
    Sorting sorting = sorting(options.orders());
    if (reach.rest() || sorting == Sorting.OTHER) {
      return all(spoken, reach);
    }
    long need = (long) options.skip() + options.top() + 1;
    Loaded loaded = page(spoken, reach, latest, sorting, need);
    return options.count() ? new Loaded(loaded.series(), loaded.at(), loaded.value(), false, count(spoken, reach)) : new Loaded(loaded.series(), loaded.at(), loaded.value(), false, 0);
  }

  /** For {@code $expand}: of each series by itself, as many as one page of it shows. */
  Loaded loadEach(Collection<Integer> within, Options options, Sql.Lookup lookup) {
    Loaded loaded = Loaded.none();
    Reach reach = reach(within, options.filter(), lookup);
    if (reach.series().isEmpty() || reach.from() >= reach.to()) {
      return loaded;
    }
    Sorting sorting = sorting(options.orders());
    Map<Integer, Value> latest = observations.latest(reach.series());
    boolean rest = reach.rest() || sorting == Sorting.OTHER || options.count();
    long need = (long) options.skip() + options.top();
    for (int series : reach.series()) {
      Value last = latest.get(series);
      if (last == null || last.time() < reach.from()) {
        continue;
      }
      if (rest) {
        values(series, reach.from(), reach.to(), MOST_VALUES + 1).forEach(v -> loaded.add(series, v));
      } else if (sorting == Sorting.NEWEST) {
        newest(series, reach.from(), reach.to(), last, need).forEach(v -> loaded.add(series, v));
      } else {
        values(series, reach.from(), reach.to(), need).forEach(v -> loaded.add(series, v));
      }
      bounded(loaded);
    }
    return loaded;
  }

  private static Sorting sorting(List<Options.Order> orders) {
    if (orders.isEmpty()) {
      return Sorting.BY_SERIES;
    }
    boolean time = orders.getFirst().by() instanceof Path p && (p.names().equals(List.of("phenomenonTime")) || p.names().equals(List.of("resultTime")));
    return !time ? Sorting.OTHER : orders.getFirst().descending() ? Sorting.NEWEST : Sorting.OLDEST;
  }

  // ---- reading -------------------------------------------------------------------------------------

  private Loaded all(List<Integer> series, Reach reach) {
    Loaded loaded = Loaded.none();
    for (int number : series) {
      values(number, reach.from(), reach.to(), MOST_VALUES + 1 - loaded.at().size()).forEach(v -> loaded.add(number, v));
      bounded(loaded);
    }
    return loaded;
  }

  private Loaded page(List<Integer> spoken, Reach reach, Map<Integer, Value> latest, Sorting sorting, long need) {
    Loaded loaded = Loaded.none();
    switch (sorting) {
      case BY_SERIES -> {
        for (int number : spoken) {
          values(number, reach.from(), reach.to(), need - loaded.at().size()).forEach(v -> loaded.add(number, v));
          if (loaded.at().size() >= need) {
            break;
          }
        }
      }
      case NEWEST -> {
        // The newest n values belong to the n series that spoke last; an end in the past hides which those were.
        boolean open = latest.values().stream().allMatch(v -> v.time() < reach.to());
        List<Integer> last = spoken.stream().sorted(Comparator.comparingLong((Integer s) -> latest.get(s).time()).reversed()).limit(open ? need : spoken.size()).toList();
        merged(last.size());
        long newerThan = Long.MIN_VALUE;
        for (int number : last) {
          if (latest.get(number).time() < newerThan) {
            break;
          }
          newest(number, Math.max(reach.from(), newerThan), reach.to(), latest.get(number), need).forEach(v -> loaded.add(number, v));
          bounded(loaded);
          if (loaded.at().size() >= need) {
            newerThan = loaded.at().stream().sorted(Comparator.reverseOrder()).skip(need - 1).findFirst().orElseThrow();
          }
        }
      }
      case OLDEST -> {
        merged(spoken.size());
        for (int number : spoken) {
          values(number, reach.from(), reach.to(), need).forEach(v -> loaded.add(number, v));
          bounded(loaded);
        }
      }
      case OTHER -> throw new IllegalStateException("an order that is not that of time needs all values");
    }
    return loaded;
  }

  private List<Value> values(int series, long from, long to, long limit) {
    return limit < 1 ? List.of() : observations.list(series, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), (int) Math.min(limit, 1_000_000));
  }

  /** The newest values of a series, looked for backwards in windows that grow as the values prove to be sparse. */
  private List<Value> newest(int series, long from, long to, Value last, long need) {
    long end = Math.min(to, last.time() + 1);
    if (need == 1 && last.time() < to) {
      return List.of(last);
    }
    List<Value> found = new ArrayList<>();
    long width = Duration.ofHours(1).toMillis();
    while (found.size() < need && end > from) {
      long begin = Math.max(from, end - width);
      List<Value> part = values(series, begin, end, MOST_VALUES + 1);
      if (part.size() > MOST_VALUES) {
        width = Math.max(1, width / 16);
        continue;
      }
      found.addAll(0, part);
      end = begin;
      width = part.isEmpty() ? Math.min(width * 8, Duration.ofDays(20_000).toMillis()) : Math.min(width * 2, Duration.ofDays(20_000).toMillis());
    }
    return found.size() > need ? found.subList((int) (found.size() - need), found.size()) : found;
  }

  private long count(List<Integer> series, Reach reach) {
    long count = 0;
    for (int number : series) {
      long from = reach.from();
      while (true) {
        List<Value> part = values(number, from, reach.to(), PAGE);
        count += part.size();
        if (count > MOST_COUNTED) {
          throw new ProblemException(StaProblem.TOO_WIDE, "$count would count more than " + MOST_COUNTED + " observations; narrow it by phenomenonTime, or leave $count out",
              Map.of("bound", MOST_COUNTED)).zh("$count 涉及的观测值超过 " + MOST_COUNTED + " 条，请用 phenomenonTime 缩小范围，或去掉 $count");
        }
        if (part.size() < PAGE) {
          break;
        }
        from = part.getLast().time() + 1;
      }
    }
    return count;
  }

  private static void bounded(Loaded loaded) {
    if (loaded.at().size() > MOST_VALUES) {
      throw new ProblemException(StaProblem.TOO_WIDE, "the question reaches over more than " + MOST_VALUES + " observations of devices; narrow it by Datastream or phenomenonTime",
          Map.of("bound", MOST_VALUES)).zh("查询涉及的设备观测值超过 " + MOST_VALUES + " 条，请用 Datastream 或 phenomenonTime 缩小范围");
    }
  }

  private static void merged(int series) {
    if (series > MOST_MERGED) {
      throw new ProblemException(StaProblem.TOO_WIDE, "the order of time over " + series + " Datastreams at once is not made; at most over " + MOST_MERGED + ": name a Datastream or a Thing",
          Map.of("bound", MOST_MERGED)).zh("按时间排序最多涉及 " + MOST_MERGED + " 个数据流，请指定 Datastream 或 Thing");
    }
  }

  // ---- what a filter reaches over ------------------------------------------------------------------

  private Reach reach(Collection<Integer> within, Expression filter, Sql.Lookup lookup) {
    Collection<Integer> series = within;
    // Years 1900 to 9999: what lies outside no device can have said.
    long from = Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();
    long to = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();
    boolean rest = false;
    List<Expression> ofStreams = new ArrayList<>();
    List<Expression> ofFeatures = new ArrayList<>();
    for (Expression part : filter == null ? List.<Expression>of() : Sql.conjuncts(filter)) {
      Set<String> first = Sql.firsts(EntitySet.OBSERVATIONS, part);
      long[] period = period(part);
      if (period != null) {
        from = Math.max(from, period[0]);
        to = Math.min(to, period[1]);
      } else if (first.equals(Set.of("Datastream"))) {
        ofStreams.add(Sql.rebased(part));
      } else if (first.equals(Set.of("MultiDatastream"))) {
        return new Reach(List.of(), from, to, false); // no value of a device has one
      } else if (first.equals(Set.of("FeatureOfInterest"))) {
        ofFeatures.add(Sql.rebased(part));
      } else if (part instanceof Binary(Operator operator, Path(List<String> names, int p), Literal(Object id, int l), int b) && operator == Operator.EQ && names.equals(List.of("id"))) {
        long[] parts = id instanceof String text ? ObservationId.parts(text) : null;
        if (parts == null) {
          return new Reach(List.of(), from, to, false);
        }
        series = series == null || series.contains((int) parts[0]) ? List.of((int) parts[0]) : List.of();
        from = Math.max(from, parts[1]);
        to = Math.min(to, parts[1] + 1);
      } else {
        rest = true;
      }
    }
    if (series != null && series.isEmpty()) {
      return new Reach(series, from, to, rest);
    }
    return new Reach(seen(series, ofStreams, ofFeatures, lookup), from, to, rest);
  }

  /** Of these series those which the viewer sees and the conditions leave. */
  private List<Integer> seen(Collection<Integer> within, List<Expression> ofStreams, List<Expression> ofFeatures, Sql.Lookup lookup) {
    Sql sql = new Sql(lookup);
    StringBuilder where = new StringBuilder();
    if (within != null) {
      where.append(" AND s.id = ANY (").append(sql.parameter(within.toArray(Integer[]::new))).append("::integer[])");
    }
    if (!ofStreams.isEmpty()) {
      where.append(" AND s.id IN (SELECT e.id FROM (").append(EntitySet.DATASTREAMS.relations().getFirst()).append(") e WHERE ")
          .append(sql.condition(EntitySet.DATASTREAMS, "e", all(ofStreams))).append(")");
    }
    if (!ofFeatures.isEmpty()) {
      where.append(" AND s.device_id IN (SELECT e.id FROM (").append(EntitySet.FEATURES_OF_INTEREST.relations().getFirst()).append(") e WHERE ")
          .append(sql.condition(EntitySet.FEATURES_OF_INTEREST, "e", all(ofFeatures))).append(")");
    }
    List<Integer> found = jdbc.sql("SELECT s.id FROM sensing_series s JOIN sensing_device d ON d.id = s.device_id WHERE true" + where + " LIMIT " + (MOST_SERIES + 1))
        .params(sql.parameters()).query(Integer.class).list();
    if (found.size() > MOST_SERIES) {
      throw new ProblemException(StaProblem.TOO_WIDE, "the question reaches over more than " + MOST_SERIES + " Datastreams; name a Datastream or a Thing", Map.of("bound", MOST_SERIES))
          .zh("查询涉及的数据流超过 " + MOST_SERIES + " 个，请指定 Datastream 或 Thing");
    }
    return found;
  }

  private static Expression all(List<Expression> parts) {
    return parts.stream().reduce((a, b) -> new Binary(Operator.AND, a, b, b.at())).orElseThrow();
  }

  /** The milliseconds, begin and end after it, to which a comparison of the time of a value comes; {@code null} where it is none. */
  private long[] period(Expression part) {
    if (!(part instanceof Binary b) || !b.operator().comparison()) {
      return null;
    }
    if (time(b.left()) && constant(b.right()) instanceof Moment moment) {
      return period(b.operator(), moment);
    }
    return time(b.right()) && constant(b.left()) instanceof Moment moment ? period(b.operator().mirrored(), moment) : null;
  }

  private static boolean time(Expression e) {
    return e instanceof Path p && (p.names().equals(List.of("phenomenonTime")) || p.names().equals(List.of("resultTime")));
  }

  private static long[] period(Operator operator, Moment moment) {
    Instant end = moment.end() == null ? moment.start() : moment.end();
    return switch (operator) {
      case GT -> new long[] {end.toEpochMilli() + 1, Long.MAX_VALUE};
      case GE -> new long[] {ceil(end), Long.MAX_VALUE};
      case LT -> new long[] {Long.MIN_VALUE, ceil(moment.start())};
      case LE -> new long[] {Long.MIN_VALUE, moment.start().toEpochMilli() + 1};
      case EQ -> new long[] {ceil(end), moment.start().toEpochMilli() + 1};
      case NE, OR, AND, ADD, SUB, MUL, DIV, MOD -> null;
    };
  }

  private static long ceil(Instant instant) {
    return instant.plusNanos(999_999).toEpochMilli();
  }

  /** A moment that is written as a constant, or as {@code now()} with a duration added or taken away; else {@code null}. */
  private Moment constant(Expression e) {
    return switch (e) {
      case Literal(Moment moment, int at) -> moment;
      case Call c when c.function().equals("now") && c.arguments().isEmpty() -> new Moment(clock.instant(), null);
      case Binary b when (b.operator() == Operator.SUB || b.operator() == Operator.ADD) && b.right() instanceof Literal(Duration duration, int at) && constant(b.left()) instanceof Moment moment ->
          new Moment(b.operator() == Operator.SUB ? moment.start().minus(duration) : moment.start().plus(duration), null);
      default -> null;
    };
  }
}
