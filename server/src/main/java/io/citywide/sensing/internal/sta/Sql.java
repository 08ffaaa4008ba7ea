package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Expression.Binary;
import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.Expression.Literal;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.Expression.Negative;
import io.citywide.sensing.internal.sta.Expression.Not;
import io.citywide.sensing.internal.sta.Expression.Operator;
import io.citywide.sensing.internal.sta.Expression.Path;
import io.citywide.sensing.internal.sta.SqlValue.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/**
 * Turns expressions into conditions of one statement, whose values are parameters: no text of a caller becomes SQL. What lies
 * beyond a navigation is looked up in its own relation, {@code fk IN (SELECT …)}, so that PostgreSQL begins where the fewest
 * rows are; conditions joined by {@code and} beyond the same navigation hold for the same entity, as in the examples of 18-088.
 */
final class Sql {

  private static final int MOST_STEPS = 10;

  /** What the database cannot judge: entities whose geometry satisfies a predicate, and whether devices have observations. */
  interface Lookup {

    /**
     * @param box that the box of the geometry meets; {@code null}: any
     * @return ids of the entities
     */
    Long[] geometries(EntitySet set, Property property, Envelope box, Predicate<Geometry> wanted);

    /** Whether observations are kept outside of the tables which the viewer may see. */
    boolean observesElsewhere();
  }

  private final Lookup lookup;
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private boolean values;
  private int names;
  private final SqlComparisons comparisons = new SqlComparisons(this);
  private final SqlFunctions functions = new SqlFunctions(this);
  private final SqlGeometry geometry = new SqlGeometry(this);

  Sql(Lookup lookup) {
    this.lookup = lookup;
  }

  Lookup lookup() {
    return lookup;
  }

  SqlComparisons comparisons() {
    return comparisons;
  }

  SqlGeometry geometry() {
    return geometry;
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  String parameter(Object value) {
    String name = "p" + names++;
    parameters.put(name, value);
    return ":" + name;
  }

  /** Observations of devices that were read for this statement; they join those of the tables. */
  void values(Integer[] series, Long[] at, Double[] value) {
    values = true;
    parameters.put("series", series);
    parameters.put("at", at);
    parameters.put("value", value);
  }

  /** The relations whose rows are the entities of the set. */
  List<String> relations(EntitySet set) {
    if (set == EntitySet.OBSERVATIONS && values) {
      return List.of(set.relations().getFirst(), EntitySet.VALUES);
    }
    return set.relations();
  }

  String relation(EntitySet set) {
    return "(" + String.join("\nUNION ALL\n", relations(set)) + ")";
  }

  // ---- conditions ----------------------------------------------------------------------------------

  /** The condition that {@code expression} holds for the row {@code row} of the set. */
  String condition(EntitySet set, String row, Expression expression) {
    Set<String> first = firsts(set, expression);
    if (first.size() == 1 && !first.contains("")) {
      return beyond(set.findNavigation(first.iterator().next()).orElseThrow(), row, rebased(expression));
    }
    return switch (expression) {
      case Binary(Operator operator, Expression left, Expression right, int at) when operator == Operator.OR ->
          "(" + condition(set, row, left) + " OR " + condition(set, row, right) + ")";
      case Binary b when b.operator() == Operator.AND -> conjunction(set, row, b);
      case Not(Expression of, int at) -> "(NOT coalesce(" + condition(set, row, of) + ", false))";
      case Binary b when b.operator().comparison() -> comparisons.condition(set, row, b);
      default -> {
        SqlValue value = value(set, row, expression);
        yield switch (value.kind()) {
          case BOOLEAN -> "(" + value.sql() + ")";
          case JSON -> value.asTruth();
          case NUMBER, TEXT, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY, NULL ->
              throw refuse(expression.at(), "a condition is true or false, this is " + value.said(), "条件应为真或假");
        };
      }
    };
  }

  private String conjunction(EntitySet set, String row, Binary and) {
    Map<String, Expression> together = new LinkedHashMap<>();
    List<String> parts = new ArrayList<>();
    for (Expression part : conjuncts(and)) {
      Set<String> first = firsts(set, part);
      if (first.size() == 1 && !first.contains("")) {
        together.merge(first.iterator().next(), part, (a, b) -> new Binary(Operator.AND, a, b, b.at()));
      } else {
        parts.add(condition(set, row, part));
      }
    }
    together.values().forEach(part -> parts.add(condition(set, row, part)));
    return "(" + String.join(" AND ", parts) + ")";
  }

  /** The parts of what is joined by {@code and}, in their order. */
  static List<Expression> conjuncts(Expression expression) {
    if (expression instanceof Binary(Operator operator, Expression left, Expression right, int at) && operator == Operator.AND) {
      List<Expression> parts = new ArrayList<>(conjuncts(left));
      parts.addAll(conjuncts(right));
      return parts;
    }
    return List.of(expression);
  }

  /** The condition that {@code expression} holds for an entity to which the navigation leads from the row. */
  String beyond(Navigation navigation, String row, Expression expression) {
    if (navigation.target() == EntitySet.OBSERVATIONS && !navigation.theirs().equals("multi_datastream_id") && lookup.observesElsewhere()) {
      throw new ProblemException(StaProblem.TOO_WIDE, "observations of devices are found from /Observations or from a Datastream, not through " + navigation.name()
          + " of others, because that would read all of them").zh("设备的观测值请从 /Observations 或某个 Datastream 查询，不能经由其他实体的 " + navigation.name() + " 筛选");
    }
    String inner = "n" + names++;
    String condition = condition(navigation.target(), inner, expression);
    return navigation.link() == null
        ? row + "." + navigation.ours() + " IN (SELECT " + inner + "." + navigation.theirs() + " FROM " + relation(navigation.target()) + " " + inner + " WHERE " + condition + ")"
        : row + ".id IN (SELECT l" + inner + "." + navigation.ours() + " FROM " + navigation.link() + " l" + inner + " JOIN " + relation(navigation.target()) + " " + inner + " ON "
            + inner + ".id = l" + inner + "." + navigation.theirs() + " WHERE " + condition + ")";
  }

  /** Names of the navigations by which the paths begin; an empty one for the entity's own properties. */
  static Set<String> firsts(EntitySet set, Expression expression) {
    Set<String> names = new LinkedHashSet<>();
    paths(expression, path -> names.add(set.findNavigation(path.first()).isPresent() ? path.first() : ""));
    return names;
  }

  static void paths(Expression expression, Consumer<Path> to) {
    switch (expression) {
      case Literal l -> { }
      case Path p -> to.accept(p);
      case Call c -> c.arguments().forEach(a -> paths(a, to));
      case Not n -> paths(n.of(), to);
      case Negative n -> paths(n.of(), to);
      case Binary b -> {
        paths(b.left(), to);
        paths(b.right(), to);
      }
    }
  }

  static Expression rebased(Expression expression) {
    return switch (expression) {
      case Literal l -> l;
      case Path p -> {
        if (p.names().size() == 1) {
          throw refuse(p.at(), "'" + p.first() + "' leads to entities; name a property of theirs, such as " + p.first() + "/id", "“" + p.first() + "”之后应写属性，如 " + p.first() + "/id");
        }
        yield p.rest();
      }
      case Call c -> new Call(c.function(), c.arguments().stream().map(Sql::rebased).toList(), c.at());
      case Not n -> new Not(rebased(n.of()), n.at());
      case Negative n -> new Negative(rebased(n.of()), n.at());
      case Binary b -> new Binary(b.operator(), rebased(b.left()), rebased(b.right()), b.at());
    };
  }

  // ---- values --------------------------------------------------------------------------------------

  /** What {@code expression} is for the row {@code row} of the set. */
  SqlValue value(EntitySet set, String row, Expression expression) {
    return switch (expression) {
      case Literal(Object constant, int at) -> constant(constant);
      case Path path -> path(set, row, path);
      case Negative(Expression of, int at) -> new SqlValue("(- " + value(set, row, of).asNumber(at) + ")", Kind.NUMBER);
      case Not not -> new SqlValue(condition(set, row, not), Kind.BOOLEAN);
      case Binary b when b.operator().logical() || b.operator().comparison() -> new SqlValue(condition(set, row, b), Kind.BOOLEAN);
      case Binary b -> arithmetic(b, value(set, row, b.left()), value(set, row, b.right()));
      case Call call -> functions.call(set, row, call);
    };
  }

  private SqlValue constant(Object constant) {
    return switch (constant) {
      case null -> new SqlValue("NULL", Kind.NULL);
      case Double number -> number(number);
      case String text -> new SqlValue(parameter(text) + "::text", Kind.TEXT, null, null, null, text);
      case Boolean truth -> new SqlValue(truth.toString(), Kind.BOOLEAN);
      case Moment moment -> moment(moment);
      case Duration duration -> new SqlValue("(" + parameter(duration.toMillis() / 1000.0) + "::float8 * interval '1 second')", Kind.DURATION);
      case Geometry geometry -> new SqlValue("NULL", Kind.GEOMETRY, null, null, null, geometry);
      default -> throw new IllegalStateException("no constant of an expression: " + constant.getClass());
    };
  }

  /** A whole number stays one, so that an index of whole numbers serves it. */
  SqlValue number(double number) {
    return new SqlValue(number == Math.rint(number) && Math.abs(number) < 1e15 ? parameter((long) number) + "::bigint" : parameter(number) + "::float8", Kind.NUMBER, null, null, null, number);
  }

  SqlValue moment(Moment moment) {
    return new SqlValue(time(moment.start()), moment.end() == null ? Kind.TIME : Kind.PERIOD, moment.end() == null ? null : time(moment.end()), null, null, moment);
  }

  private String time(Instant instant) {
    return parameter(instant.atOffset(ZoneOffset.UTC)) + "::timestamptz";
  }

  private SqlValue path(EntitySet set, String row, Path path) {
    if (path.names().size() > MOST_STEPS) {
      throw refuse(path.at(), "a path has at most " + MOST_STEPS + " steps", "路径最多 " + MOST_STEPS + " 级");
    }
    Navigation navigation = set.findNavigation(path.first()).orElse(null);
    if (navigation != null) {
      if (navigation.many()) {
        throw refuse(path.at(), "'" + path.first() + "' leads to several entities, whose values cannot stand beside those of another; compare them with a constant",
            "“" + path.first() + "”指向多个实体，只能与常量比较");
      }
      String inner = "n" + names++;
      SqlValue value = value(navigation.target(), inner, rebased(path));
      String from = " FROM " + relation(navigation.target()) + " " + inner + " WHERE " + navigation.belongs(inner, row + "." + navigation.key()) + ")";
      return new SqlValue("(SELECT " + value.sql() + from, value.kind(), value.end() == null ? null : "(SELECT " + value.end() + from, null, null, null);
    }
    if (path.names().equals(List.of("id"))) {
      return new SqlValue(row + ".id", Kind.NUMBER);
    }
    Property property = set.findProperty(path.first()).orElseThrow(() ->
        refuse(path.at(), "a " + set.singular() + " has no property '" + path.first() + "'; it has " + set.names(), set.singular() + " 没有属性“" + path.first() + "”"));
    String column = row + "." + property.column();
    if (path.names().size() > 1) {
      if (property.type() != EntitySet.Type.JSON && property.type() != EntitySet.Type.GEOMETRY) {
        throw refuse(path.at(), "'" + path.first() + "' has no members", "“" + path.first() + "”没有成员");
      }
      String member = path.names().size() == 2 && property.name().equals("properties") ? set.member(path.names().getLast()).orElse(null) : null;
      if (member != null) {
        return new SqlValue("(" + column + " -> " + parameter(path.names().getLast()) + "::text)", Kind.JSON, null, null, row + "." + member, null);
      }
      return new SqlValue("(" + column + " #> " + parameter(path.rest().names().toArray(String[]::new)) + "::text[])", Kind.JSON);
    }
    return switch (property.type()) {
      case TEXT -> new SqlValue(column, Kind.TEXT);
      case JSON -> new SqlValue(column, Kind.JSON, null, property.column().equals("result") ? row + ".result_number" : null, null, null);
      case GEOMETRY -> new SqlValue(column, Kind.GEOMETRY);
      case TIME -> new SqlValue(column, Kind.TIME);
      case PERIOD -> new SqlValue(column + "_start", Kind.PERIOD, column + "_end", null, null, null);
    };
  }

  private SqlValue arithmetic(Binary b, SqlValue left, SqlValue right) {
    boolean plus = b.operator() == Operator.ADD;
    if ((plus || b.operator() == Operator.SUB) && left.temporal()) {
      if (right.kind() == Kind.DURATION) {
        return new SqlValue("(" + left.sql() + (plus ? " + " : " - ") + right.sql() + ")", Kind.TIME);
      }
      if (!plus && right.temporal()) {
        return new SqlValue("(" + left.sql() + " - " + right.sql() + ")", Kind.DURATION);
      }
    }
    String x = "(" + left.asNumber(b.left().at()) + ")::float8";
    String y = "(" + right.asNumber(b.right().at()) + ")::float8";
    return new SqlValue(switch (b.operator()) {
      case ADD -> "(" + x + " + " + y + ")";
      case SUB -> "(" + x + " - " + y + ")";
      case MUL -> "(" + x + " * " + y + ")";
      case DIV -> "(" + x + " / nullif(" + y + ", 0))";
      case MOD -> "(mod(" + x + "::numeric, nullif(" + y + "::numeric, 0))::float8)";
      case OR, AND, EQ, NE, GT, GE, LT, LE -> throw new IllegalArgumentException(b.operator() + " calculates nothing");
    }, Kind.NUMBER);
  }

  // ---- order ---------------------------------------------------------------------------------------

  /** The order of rows, complete: two rows are never equal in it. */
  String order(EntitySet set, String row, List<Options.Order> orders) {
    List<String> keys = new ArrayList<>();
    for (Options.Order order : orders) {
      SqlValue value = value(set, row, order.by());
      String direction = order.descending() ? " DESC NULLS LAST" : " ASC NULLS LAST";
      switch (value.kind()) {
        case TEXT -> keys.add(value.sql() + " COLLATE \"C\"" + direction);
        case JSON -> {
          keys.add(value.asNumber() + direction);
          keys.add(value.asText() + " COLLATE \"C\"" + direction);
        }
        case GEOMETRY -> keys.add("(" + value.sql() + ")::text COLLATE \"C\"" + direction);
        case NULL -> throw refuse(order.by().at(), "nothing is ordered by null", "不能按 null 排序");
        case NUMBER, BOOLEAN, TIME, DURATION, DATE, CLOCK -> keys.add(value.sql() + direction);
        case PERIOD -> keys.add(value.sql() + direction);
      }
    }
    keys.add(set == EntitySet.OBSERVATIONS ? row + ".series NULLS LAST, " + row + ".at, " + row + ".id" : row + ".id");
    return keys.stream().collect(Collectors.joining(", "));
  }

  static ProblemException refuse(int at, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_QUERY, "at position " + at + ": " + en, Map.of("position", at)).zh("第 " + at + " 个字符处：" + zh);
  }
}
