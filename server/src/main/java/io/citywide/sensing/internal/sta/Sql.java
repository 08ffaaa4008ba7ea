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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.IntersectionMatrix;

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

  enum Kind { NUMBER, TEXT, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, JSON, GEOMETRY, NULL }

  /**
   * A value in SQL.
   *
   * @param end of a PERIOD, may be null there; else {@code null}
   * @param number the same as a number, of a JSON that is kept as one; else {@code null}
   * @param text the same as a text, of a JSON that is kept as one; else {@code null}
   * @param literal the constant it was written as; {@code null} for what is none, and for NULL
   */
  private record Value(String sql, Kind kind, String end, String number, String text, Object literal) {

    private Value(String sql, Kind kind) {
      this(sql, kind, null, null, null, null);
    }
  }

  private final Lookup lookup;
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private boolean values;
  private int names;

  Sql(Lookup lookup) {
    this.lookup = lookup;
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
      case Binary b when b.operator().comparison() -> compared(set, row, b);
      default -> {
        Value value = value(set, row, expression);
        yield switch (value.kind()) {
          case BOOLEAN -> "(" + value.sql() + ")";
          case JSON -> truth(value);
          case NUMBER, TEXT, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY, NULL ->
              throw refuse(expression.at(), "a condition is true or false, this is " + said(value.kind()), "条件应为真或假");
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

  private String beyond(Navigation navigation, String row, Expression expression) {
    if (navigation.target() == EntitySet.OBSERVATIONS && lookup.observesElsewhere()) {
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

  static void paths(Expression expression, java.util.function.Consumer<Path> to) {
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

  // ---- comparisons ---------------------------------------------------------------------------------

  private String compared(EntitySet set, String row, Binary b) {
    if (b.left() instanceof Call call && measures(call)) {
      return measured(set, row, call, b.operator(), b.right());
    }
    if (b.right() instanceof Call call && measures(call)) {
      return measured(set, row, call, b.operator().mirrored(), b.left());
    }
    if (set == EntitySet.OBSERVATIONS && b.left() instanceof Path p && p.names().equals(List.of("id")) && b.right() instanceof Literal(String id, int at)) {
      return observationId(row, b, id);
    }
    Value left = value(set, row, b.left());
    Value right = value(set, row, b.right());
    Operator operator = b.operator();
    if (left.kind() == Kind.NULL || right.kind() == Kind.NULL) {
      Value other = left.kind() == Kind.NULL ? right : left;
      String absent = other.kind() == Kind.NULL ? "true" : other.kind() == Kind.JSON ? "(" + other.sql() + " IS NULL OR " + other.sql() + " = 'null'::jsonb)" : "(" + other.sql() + " IS NULL)";
      return operator == Operator.EQ ? absent : operator == Operator.NE ? "(NOT " + absent + ")" : "false";
    }
    if (left.kind() == Kind.JSON || right.kind() == Kind.JSON) {
      return left.kind() == Kind.JSON ? json(left, operator, right, b.at()) : json(right, operator.mirrored(), left, b.at());
    }
    left = timed(left, right, b.at());
    right = timed(right, left, b.at());
    if (temporal(left) && temporal(right)) {
      return periods(left, operator, right);
    }
    left = numbered(left, right);
    right = numbered(right, left);
    if (left.kind() != right.kind()) {
      throw refuse(b.at(), said(left.kind()) + " and " + said(right.kind()) + " cannot be compared", "两边类型不同，无法比较");
    }
    if (left.kind() == Kind.GEOMETRY) {
      throw refuse(b.at(), "geometries are compared by functions such as st_equals", "几何请用 st_equals 等函数比较");
    }
    return simple(left.sql(), operator, right.sql(), left.kind() == Kind.TEXT);
  }

  private String observationId(String row, Binary b, String id) {
    long[] parts = ObservationId.parts(id);
    if (parts == null) {
      if (id.matches("[0-9]{1,18}")) {
        return simple(row + ".id", b.operator(), parameter(Long.valueOf(id)) + "::bigint", false);
      }
      throw refuse(b.at(), "'" + id + "' is no id of an Observation", "“" + id + "”不是观测值的 id");
    }
    if (b.operator() != Operator.EQ && b.operator() != Operator.NE) {
      throw refuse(b.at(), "ids such as '" + id + "' are equal or not; compare phenomenonTime for their order", "此类 id 只能比较是否相等");
    }
    String equal = "coalesce(" + row + ".series = " + parameter(parts[0]) + "::bigint AND " + row + ".at = " + parameter(parts[1]) + "::bigint, false)";
    return b.operator() == Operator.EQ ? "(" + equal + ")" : "(NOT " + equal + ")";
  }

  private static String simple(String left, Operator operator, String right, boolean text) {
    return "(" + left + (text ? " COLLATE \"C\"" : "") + " " + sign(operator) + " " + right + ")";
  }

  private static String sign(Operator operator) {
    return switch (operator) {
      case EQ -> "=";
      case NE -> "<>";
      case GT -> ">";
      case GE -> ">=";
      case LT -> "<";
      case LE -> "<=";
      case OR, AND, ADD, SUB, MUL, DIV, MOD -> throw new IllegalArgumentException(operator + " compares nothing");
    };
  }

  private String json(Value json, Operator operator, Value other, int at) {
    return switch (other.kind()) {
      case NUMBER -> simple(number(json), operator, other.sql(), false);
      // A constant in quotes is a text, and numbers are compared with it as texts: so the OGC's own suite has it.
      case TEXT -> simple(text(json), operator, other.sql(), true);
      case BOOLEAN -> simple(truth(json), operator, other.sql(), false);
      case JSON -> operator == Operator.EQ || operator == Operator.NE ? simple(json.sql(), operator, other.sql(), false)
          : simple(number(json), operator, number(other), false);
      case TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY, NULL -> throw refuse(at, "a member of a JSON value is a text, a number or true or false; compare it with "
          + "one, such as '2026-01-31'", "JSON 成员请与文字、数字或真假值比较");
    };
  }

  /** A text in quotes that is compared with a time is one. */
  private Value timed(Value value, Value other, int at) {
    if (temporal(other) && value.literal() instanceof String text) {
      try {
        String[] ends = text.split("/", 2);
        return moment(new Moment(Parser.time(ends[0]), ends.length == 1 ? null : Parser.time(ends[1])));
      } catch (DateTimeException e) {
        throw refuse(at, "'" + text + "' is not a time after ISO 8601", "“" + text + "”不是有效的 ISO 8601 时间");
      }
    }
    return value;
  }

  private Value numbered(Value value, Value other) {
    return other.kind() == Kind.NUMBER && value.literal() instanceof String text && text.matches("-?[0-9]{1,15}") ? number(Double.parseDouble(text)) : value;
  }

  private static boolean temporal(Value value) {
    return value.kind() == Kind.TIME || value.kind() == Kind.PERIOD;
  }

  private static String end(Value value) {
    return value.end() == null ? value.sql() : "coalesce(" + value.end() + ", " + value.sql() + ")";
  }

  /** Of intervals one is before the other where it has ended when the other begins. */
  private static String periods(Value left, Operator operator, Value right) {
    return switch (operator) {
      // The begin is named too, where the end is compared: it has the index.
      case LT, LE -> "(" + left.sql() + " " + sign(operator) + " " + right.sql() + (left.end() == null ? "" : " AND " + end(left) + " " + sign(operator) + " " + right.sql()) + ")";
      case GT, GE -> "(" + left.sql() + " " + sign(operator) + " " + end(right) + ")";
      case EQ -> "(" + left.sql() + " = " + right.sql() + (left.end() == null && right.end() == null ? "" : " AND " + end(left) + " = " + end(right)) + ")";
      case NE -> "(NOT (" + left.sql() + " = " + right.sql() + " AND " + end(left) + " = " + end(right) + "))";
      case OR, AND, ADD, SUB, MUL, DIV, MOD -> throw new IllegalArgumentException(operator + " compares nothing");
    };
  }

  // ---- values --------------------------------------------------------------------------------------

  private Value value(EntitySet set, String row, Expression expression) {
    return switch (expression) {
      case Literal(Object constant, int at) -> constant(constant);
      case Path path -> path(set, row, path);
      case Negative(Expression of, int at) -> new Value("(- " + number(value(set, row, of), at) + ")", Kind.NUMBER);
      case Not not -> new Value(condition(set, row, not), Kind.BOOLEAN);
      case Binary b when b.operator().logical() || b.operator().comparison() -> new Value(condition(set, row, b), Kind.BOOLEAN);
      case Binary b -> arithmetic(b, value(set, row, b.left()), value(set, row, b.right()));
      case Call call -> call(set, row, call);
    };
  }

  private Value constant(Object constant) {
    return switch (constant) {
      case null -> new Value("NULL", Kind.NULL);
      case Double number -> number(number);
      case String text -> new Value(parameter(text) + "::text", Kind.TEXT, null, null, null, text);
      case Boolean truth -> new Value(truth.toString(), Kind.BOOLEAN);
      case Moment moment -> moment(moment);
      case Duration duration -> new Value("(" + parameter(duration.toMillis() / 1000.0) + "::float8 * interval '1 second')", Kind.DURATION);
      case Geometry geometry -> new Value("NULL", Kind.GEOMETRY, null, null, null, geometry);
      default -> throw new IllegalStateException("no constant of an expression: " + constant.getClass());
    };
  }

  /** A whole number stays one, so that an index of whole numbers serves it. */
  private Value number(double number) {
    return new Value(number == Math.rint(number) && Math.abs(number) < 1e15 ? parameter((long) number) + "::bigint" : parameter(number) + "::float8", Kind.NUMBER, null, null, null, number);
  }

  private Value moment(Moment moment) {
    return new Value(time(moment.start()), moment.end() == null ? Kind.TIME : Kind.PERIOD, moment.end() == null ? null : time(moment.end()), null, null, moment);
  }

  private String time(Instant instant) {
    return parameter(instant.atOffset(ZoneOffset.UTC)) + "::timestamptz";
  }

  private Value path(EntitySet set, String row, Path path) {
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
      Value value = value(navigation.target(), inner, rebased(path));
      String from = " FROM " + relation(navigation.target()) + " " + inner + " WHERE " + navigation.belongs(inner, row + "." + navigation.key()) + ")";
      return new Value("(SELECT " + value.sql() + from, value.kind(), value.end() == null ? null : "(SELECT " + value.end() + from, null, null, null);
    }
    if (path.names().equals(List.of("id"))) {
      return new Value(row + ".id", Kind.NUMBER);
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
        return new Value("(" + column + " -> " + parameter(path.names().getLast()) + "::text)", Kind.JSON, null, null, row + "." + member, null);
      }
      return new Value("(" + column + " #> " + parameter(path.rest().names().toArray(String[]::new)) + "::text[])", Kind.JSON);
    }
    return switch (property.type()) {
      case TEXT -> new Value(column, Kind.TEXT);
      case JSON -> new Value(column, Kind.JSON, null, property.column().equals("result") ? row + ".result_number" : null, null, null);
      case GEOMETRY -> new Value(column, Kind.GEOMETRY);
      case TIME -> new Value(column, Kind.TIME);
      case PERIOD -> new Value(column + "_start", Kind.PERIOD, column + "_end", null, null, null);
    };
  }

  private Value arithmetic(Binary b, Value left, Value right) {
    boolean plus = b.operator() == Operator.ADD;
    if ((plus || b.operator() == Operator.SUB) && temporal(left)) {
      if (right.kind() == Kind.DURATION) {
        return new Value("(" + left.sql() + (plus ? " + " : " - ") + right.sql() + ")", Kind.TIME);
      }
      if (!plus && temporal(right)) {
        return new Value("(" + left.sql() + " - " + right.sql() + ")", Kind.DURATION);
      }
    }
    String x = "(" + number(left, b.left().at()) + ")::float8";
    String y = "(" + number(right, b.right().at()) + ")::float8";
    return new Value(switch (b.operator()) {
      case ADD -> "(" + x + " + " + y + ")";
      case SUB -> "(" + x + " - " + y + ")";
      case MUL -> "(" + x + " * " + y + ")";
      case DIV -> "(" + x + " / nullif(" + y + ", 0))";
      case MOD -> "(mod(" + x + "::numeric, nullif(" + y + "::numeric, 0))::float8)";
      case OR, AND, EQ, NE, GT, GE, LT, LE -> throw new IllegalArgumentException(b.operator() + " calculates nothing");
    }, Kind.NUMBER);
  }

  private static String number(Value json) {
    return json.number() != null ? json.number() : "(CASE WHEN jsonb_typeof(" + json.sql() + ") = 'number' THEN (" + json.sql() + " #>> '{}')::float8 END)";
  }

  private static String text(Value json) {
    return json.text() != null ? json.text() : "(" + json.sql() + " #>> '{}')";
  }

  private static String truth(Value json) {
    return "(CASE WHEN jsonb_typeof(" + json.sql() + ") = 'boolean' THEN (" + json.sql() + ")::boolean END)";
  }

  private static String number(Value value, int at) {
    return switch (value.kind()) {
      case NUMBER -> value.sql();
      case JSON -> number(value);
      case NULL -> "NULL::float8";
      case TEXT, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY -> throw refuse(at, "a number was expected, this is " + said(value.kind()), "应为数字");
    };
  }

  // ---- functions -----------------------------------------------------------------------------------

  private Value call(EntitySet set, String row, Call call) {
    if (call.function().startsWith("st_") || call.function().startsWith("geo.")) {
      if (measures(call)) {
        throw refuse(call.at(), call.function() + " is compared with a number, such as " + call.function() + "(…) lt 0.5", call.function() + " 应与数字比较");
      }
      return new Value(spatial(set, row, call), Kind.BOOLEAN);
    }
    Arguments a = new Arguments(set, row, call);
    return switch (call.function()) {
      case "substringof" -> a.count(2).truth("(strpos(" + a.text(1) + ", " + a.text(0) + ") > 0)");
      case "contains" -> a.count(2).truth("(strpos(" + a.text(0) + ", " + a.text(1) + ") > 0)");
      case "startswith" -> a.count(2).truth("starts_with(" + a.text(0) + ", " + a.text(1) + ")");
      case "endswith" -> a.count(2).truth("(right(" + a.text(0) + ", length(" + a.text(1) + ")) = " + a.text(1) + ")");
      case "length" -> a.count(1).number("length(" + a.text(0) + ")");
      case "indexof" -> a.count(2).number("(strpos(" + a.text(0) + ", " + a.text(1) + ") - 1)");
      case "substring" -> call.arguments().size() == 3
          ? a.text("substr(" + a.text(0) + ", greatest(" + a.whole(1) + ", 0) + 1, greatest(" + a.whole(2) + ", 0))")
          : a.count(2).text("substr(" + a.text(0) + ", greatest(" + a.whole(1) + ", 0) + 1)");
      case "tolower" -> a.count(1).text("lower(" + a.text(0) + ")");
      case "toupper" -> a.count(1).text("upper(" + a.text(0) + ")");
      case "trim" -> a.count(1).text("btrim(" + a.text(0) + ")");
      case "concat" -> a.count(2).text("(" + a.text(0) + " || " + a.text(1) + ")");
      case "year", "month", "day", "hour", "minute" -> a.count(1).number("extract(" + call.function() + " FROM " + a.utc(0) + ")::float8");
      case "second" -> a.count(1).number("floor(extract(second FROM " + a.utc(0) + "))::float8");
      case "fractionalseconds" -> a.count(1).number("(extract(second FROM " + a.utc(0) + ") - floor(extract(second FROM " + a.utc(0) + ")))::float8");
      case "date" -> new Value("(" + a.count(1).utc(0) + ")::date", Kind.DATE);
      case "time" -> new Value("(" + a.count(1).utc(0) + ")::time", Kind.CLOCK);
      case "totaloffsetminutes" -> a.count(1).number("(0 * extract(epoch FROM " + a.utc(0) + "))::float8"); // times are kept in UTC
      case "now" -> a.count(0).time("transaction_timestamp()");
      case "mindatetime" -> a.count(0).time("timestamptz '0001-01-01 00:00:00Z'");
      case "maxdatetime" -> a.count(0).time("timestamptz '9999-12-31 23:59:59.999Z'");
      case "round" -> a.count(1).number("round((" + a.number(0) + ")::numeric)::float8");
      case "floor" -> a.count(1).number("floor(" + a.number(0) + ")::float8");
      case "ceiling" -> a.count(1).number("ceiling(" + a.number(0) + ")::float8");
      default -> throw refuse(call.at(), "there is no function '" + call.function() + "'", "没有函数“" + call.function() + "”");
    };
  }

  /** The arguments of one call as what the function takes. */
  private final class Arguments {

    private final Call call;
    private final List<Value> values;

    Arguments(EntitySet set, String row, Call call) {
      this.call = call;
      this.values = call.arguments().stream().map(a -> value(set, row, a)).toList();
    }

    Arguments count(int wanted) {
      if (values.size() != wanted) {
        throw refuse(call.at(), call.function() + " takes " + wanted + " arguments, was given " + values.size(), call.function() + " 需要 " + wanted + " 个参数");
      }
      return this;
    }

    private Value of(int i) {
      if (i >= values.size()) {
        throw refuse(call.at(), call.function() + " was given too few arguments", call.function() + " 参数不足");
      }
      return values.get(i);
    }

    String text(int i) {
      Value value = of(i);
      return switch (value.kind()) {
        case TEXT -> value.sql();
        case JSON -> Sql.text(value);
        case NULL -> "NULL::text";
        case NUMBER, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY ->
            throw refuse(call.arguments().get(i).at(), call.function() + " takes a text here, this is " + said(value.kind()), call.function() + " 此处应为文字");
      };
    }

    String number(int i) {
      return Sql.number(of(i), call.arguments().get(i).at());
    }

    /** Of a number what is whole of it, as PostgreSQL counts characters. */
    String whole(int i) {
      return "least(greatest(floor(" + number(i) + "), -1), 1000000)::integer";
    }

    /** A moment, of an interval its begin, as a time of day in UTC. */
    String utc(int i) {
      Value value = of(i);
      Value time = timed(value, new Value("", Kind.TIME), call.arguments().get(i).at());
      if (!temporal(time)) {
        throw refuse(call.arguments().get(i).at(), call.function() + " takes a time, this is " + said(value.kind()), call.function() + " 的参数应为时间");
      }
      return "(" + time.sql() + " AT TIME ZONE 'UTC')";
    }

    Value truth(String sql) {
      return new Value(sql, Kind.BOOLEAN);
    }

    Value number(String sql) {
      return new Value(sql, Kind.NUMBER);
    }

    Value text(String sql) {
      return new Value(sql, Kind.TEXT);
    }

    Value time(String sql) {
      return new Value(sql, Kind.TIME);
    }
  }

  // ---- geometry ------------------------------------------------------------------------------------

  private static boolean measures(Call call) {
    return call.function().equals("geo.distance") || call.function().equals("geo.length");
  }

  /** The property and the constant of a spatial function, and whether the constant came first. */
  private record Sides(Property property, Geometry constant, boolean turned) {}

  private Sides sides(EntitySet set, Call call, int constants) {
    Property property = null;
    Geometry constant = null;
    boolean turned = false;
    for (Expression argument : call.arguments().subList(0, Math.min(call.arguments().size(), 1 + constants))) {
      if (argument instanceof Path p && p.names().size() == 1 && set.findProperty(p.first()).filter(f -> f.type() == EntitySet.Type.GEOMETRY).isPresent() && property == null) {
        property = set.findProperty(p.first()).get();
      } else if (argument instanceof Literal(Geometry g, int at) && constant == null) {
        constant = g;
        turned = property == null;
      } else {
        throw refuse(argument.at(), call.function() + " takes a geometry of the entity, such as location or feature, and a constant such as geography'POINT (118.8 32.05)'",
            call.function() + " 需要实体的几何属性与一个几何常量");
      }
    }
    if (property == null || constants > 0 && constant == null) {
      throw refuse(call.at(), call.function() + " takes a geometry of the entity" + (constants > 0 ? " and a constant such as geography'POINT (118.8 32.05)'" : ""),
          call.function() + " 的参数应为几何");
    }
    return new Sides(property, constant, turned);
  }

  private String spatial(EntitySet set, String row, Call call) {
    boolean relate = call.function().equals("st_relate");
    if (call.arguments().size() != (relate ? 3 : 2)) {
      throw refuse(call.at(), call.function() + " takes " + (relate ? 3 : 2) + " arguments, was given " + call.arguments().size(), call.function() + " 参数个数不对");
    }
    Sides s = sides(set, call, 1);
    Geometry other = s.constant();
    boolean turned = s.turned();
    return switch (call.function()) {
      case "st_equals" -> within(set, row, s, g -> g.equalsTopo(other));
      case "st_intersects", "geo.intersects" -> within(set, row, s, g -> g.intersects(other));
      case "st_disjoint" -> anywhere(set, row, s, g -> g.disjoint(other));
      case "st_touches" -> within(set, row, s, g -> g.touches(other));
      case "st_within" -> within(set, row, s, g -> turned ? other.within(g) : g.within(other));
      case "st_contains" -> within(set, row, s, g -> turned ? other.contains(g) : g.contains(other));
      case "st_overlaps" -> within(set, row, s, g -> g.overlaps(other));
      case "st_crosses" -> within(set, row, s, g -> g.crosses(other));
      case "st_relate" -> {
        if (!(call.arguments().get(2) instanceof Literal(String pattern, int at)) || !pattern.matches("[TF*012]{9}")) {
          throw refuse(call.arguments().get(2).at(), "a pattern of nine characters T F * 0 1 2 was expected", "应为 9 个字符的关系模式");
        }
        yield anywhere(set, row, s, g -> {
          IntersectionMatrix matrix = turned ? other.relate(g) : g.relate(other);
          return matrix.matches(pattern);
        });
      }
      default -> throw refuse(call.at(), "there is no function '" + call.function() + "'", "没有函数“" + call.function() + "”");
    };
  }

  private String measured(EntitySet set, String row, Call call, Operator operator, Expression with) {
    Set<String> first = firsts(set, call);
    if (first.size() == 1 && !first.contains("")) {
      return beyond(set.findNavigation(first.iterator().next()).orElseThrow(), row, new Binary(operator, rebased(call), with, call.at()));
    }
    boolean distance = call.function().equals("geo.distance");
    if (!(with instanceof Literal(Double bound, int at)) || call.arguments().size() != (distance ? 2 : 1)) {
      throw refuse(call.at(), call.function() + " takes " + (distance ? "two geometries" : "a geometry") + " and is compared with a number of degrees", call.function() + " 应与度数比较");
    }
    Sides s = sides(set, call, distance ? 1 : 0);
    Predicate<Geometry> wanted = g -> {
      int order = Double.compare(distance ? g.distance(s.constant()) : g.getLength(), bound);
      return switch (operator) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case GT -> order > 0;
        case GE -> order >= 0;
        case LT -> order < 0;
        case LE -> order <= 0;
        case OR, AND, ADD, SUB, MUL, DIV, MOD -> throw new IllegalArgumentException(operator + " compares nothing");
      };
    };
    if (distance && (operator == Operator.LT || operator == Operator.LE || operator == Operator.EQ)) {
      Envelope box = new Envelope(s.constant().getEnvelopeInternal());
      box.expandBy(Math.max(bound, 0));
      return found(row, lookup.geometries(set, s.property(), box, wanted));
    }
    return anywhere(set, row, s, wanted);
  }

  private String within(EntitySet set, String row, Sides sides, Predicate<Geometry> wanted) {
    return found(row, lookup.geometries(set, sides.property(), sides.constant().getEnvelopeInternal(), wanted));
  }

  private String anywhere(EntitySet set, String row, Sides sides, Predicate<Geometry> wanted) {
    return found(row, lookup.geometries(set, sides.property(), null, wanted));
  }

  private String found(String row, Long[] ids) {
    return "(" + row + ".id = ANY (" + parameter(ids) + "::bigint[]))";
  }

  // ---- order ---------------------------------------------------------------------------------------

  /** The order of rows, complete: two rows are never equal in it. */
  String order(EntitySet set, String row, List<Options.Order> orders) {
    List<String> keys = new ArrayList<>();
    for (Options.Order order : orders) {
      Value value = value(set, row, order.by());
      String direction = order.descending() ? " DESC NULLS LAST" : " ASC NULLS LAST";
      switch (value.kind()) {
        case TEXT -> keys.add(value.sql() + " COLLATE \"C\"" + direction);
        case JSON -> {
          keys.add(number(value) + direction);
          keys.add(text(value) + " COLLATE \"C\"" + direction);
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

  // ---- words ---------------------------------------------------------------------------------------

  private static String said(Kind kind) {
    return switch (kind) {
      case NUMBER -> "a number";
      case TEXT -> "a text";
      case BOOLEAN -> "true or false";
      case TIME -> "a time";
      case PERIOD -> "an interval of time";
      case DURATION -> "a duration";
      case DATE -> "a date";
      case CLOCK -> "a time of day";
      case JSON -> "a JSON value";
      case GEOMETRY -> "a geometry";
      case NULL -> "null";
    };
  }

  private static ProblemException refuse(int at, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_QUERY, "at position " + at + ": " + en, Map.of("position", at)).zh("第 " + at + " 个字符处：" + zh);
  }
}
