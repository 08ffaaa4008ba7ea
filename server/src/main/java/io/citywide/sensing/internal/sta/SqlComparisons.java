package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.Expression.Binary;
import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.Expression.Literal;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.Expression.Operator;
import io.citywide.sensing.internal.sta.Expression.Path;
import io.citywide.sensing.internal.sta.SqlValue.Kind;
import java.time.DateTimeException;
import java.util.List;

/** Comparisons of an expression as conditions of a statement. */
final class SqlComparisons {

  private final Sql sql;

  SqlComparisons(Sql sql) {
    this.sql = sql;
  }

  /** The condition that the comparison holds for the row {@code row} of the set. */
  String condition(EntitySet set, String row, Binary b) {
    if (b.left() instanceof Call call && SqlGeometry.measures(call)) {
      return sql.geometry().measured(set, row, call, b.operator(), b.right());
    }
    if (b.right() instanceof Call call && SqlGeometry.measures(call)) {
      return sql.geometry().measured(set, row, call, b.operator().mirrored(), b.left());
    }
    if (set == EntitySet.OBSERVATIONS && b.left() instanceof Path p && p.names().equals(List.of("id")) && b.right() instanceof Literal(String id, int at)) {
      return observationId(row, b, id);
    }
    SqlValue left = sql.value(set, row, b.left());
    SqlValue right = sql.value(set, row, b.right());
    Operator operator = b.operator();
    if (left.kind() == Kind.NULL || right.kind() == Kind.NULL) {
      SqlValue other = left.kind() == Kind.NULL ? right : left;
      String absent = other.kind() == Kind.NULL ? "true" : other.kind() == Kind.JSON ? "(" + other.sql() + " IS NULL OR " + other.sql() + " = 'null'::jsonb)" : "(" + other.sql() + " IS NULL)";
      return operator == Operator.EQ ? absent : operator == Operator.NE ? "(NOT " + absent + ")" : "false";
    }
    if (left.kind() == Kind.JSON || right.kind() == Kind.JSON) {
      return left.kind() == Kind.JSON ? json(left, operator, right, b.at()) : json(right, operator.mirrored(), left, b.at());
    }
    left = timed(left, right, b.at());
    right = timed(right, left, b.at());
    if (left.temporal() && right.temporal()) {
      return periods(left, operator, right);
    }
    left = numbered(left, right);
    right = numbered(right, left);
    if (left.kind() != right.kind()) {
      throw Sql.refuse(b.at(), left.said() + " and " + right.said() + " cannot be compared", "两边类型不同，无法比较");
    }
    if (left.kind() == Kind.GEOMETRY) {
      throw Sql.refuse(b.at(), "geometries are compared by functions such as st_equals", "几何请用 st_equals 等函数比较");
    }
    return simple(left.sql(), operator, right.sql(), left.kind() == Kind.TEXT);
  }

  private String observationId(String row, Binary b, String id) {
    long[] parts = ObservationId.parts(id);
    if (parts == null) {
      if (id.matches("[0-9]{1,18}")) {
        return simple(row + ".id", b.operator(), sql.parameter(Long.valueOf(id)) + "::bigint", false);
      }
      throw Sql.refuse(b.at(), "'" + id + "' is no id of an Observation", "“" + id + "”不是观测值的 id");
    }
    if (b.operator() != Operator.EQ && b.operator() != Operator.NE) {
      throw Sql.refuse(b.at(), "ids such as '" + id + "' are equal or not; compare phenomenonTime for their order", "此类 id 只能比较是否相等");
    }
    String equal = "coalesce(" + row + ".series = " + sql.parameter(parts[0]) + "::bigint AND " + row + ".at = " + sql.parameter(parts[1]) + "::bigint, false)";
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

  private String json(SqlValue json, Operator operator, SqlValue other, int at) {
    return switch (other.kind()) {
      case NUMBER -> simple(json.asNumber(), operator, other.sql(), false);
      // A constant in quotes is a text, and numbers are compared with it as texts: so the OGC's own suite has it.
      case TEXT -> simple(json.asText(), operator, other.sql(), true);
      case BOOLEAN -> simple(json.asTruth(), operator, other.sql(), false);
      case JSON -> operator == Operator.EQ || operator == Operator.NE ? simple(json.sql(), operator, other.sql(), false)
          : simple(json.asNumber(), operator, other.asNumber(), false);
      case TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY, NULL -> throw Sql.refuse(at, "a member of a JSON value is a text, a number or true or false; compare it with "
          + "one, such as '2026-01-31'", "JSON 成员请与文字、数字或真假值比较");
    };
  }

  /** A text in quotes that is compared with a time is one. */
  SqlValue timed(SqlValue value, SqlValue other, int at) {
    if (other.temporal() && value.literal() instanceof String text) {
      try {
        String[] ends = text.split("/", 2);
        return sql.moment(new Moment(Parser.time(ends[0]), ends.length == 1 ? null : Parser.time(ends[1])));
      } catch (DateTimeException e) {
        throw Sql.refuse(at, "'" + text + "' is not a time after ISO 8601", "“" + text + "”不是有效的 ISO 8601 时间");
      }
    }
    return value;
  }

  private SqlValue numbered(SqlValue value, SqlValue other) {
    return other.kind() == Kind.NUMBER && value.literal() instanceof String text && text.matches("-?[0-9]{1,15}") ? sql.number(Double.parseDouble(text)) : value;
  }

  /** Of intervals one is before the other where it has ended when the other begins. */
  private static String periods(SqlValue left, Operator operator, SqlValue right) {
    return switch (operator) {
      // The begin is named too, where the end is compared: it has the index.
      case LT, LE -> "(" + left.sql() + " " + sign(operator) + " " + right.sql() + (left.end() == null ? "" : " AND " + left.last() + " " + sign(operator) + " " + right.sql()) + ")";
      case GT, GE -> "(" + left.sql() + " " + sign(operator) + " " + right.last() + ")";
      case EQ -> "(" + left.sql() + " = " + right.sql() + (left.end() == null && right.end() == null ? "" : " AND " + left.last() + " = " + right.last()) + ")";
      case NE -> "(NOT (" + left.sql() + " = " + right.sql() + " AND " + left.last() + " = " + right.last() + "))";
      case OR, AND, ADD, SUB, MUL, DIV, MOD -> throw new IllegalArgumentException(operator + " compares nothing");
    };
  }
}
