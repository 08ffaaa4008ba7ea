package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.SqlValue.Kind;
import java.util.List;

/** Functions of an expression (18-088 §9.3.3.5.2) as values of a statement. */
final class SqlFunctions {

  private final Sql sql;

  SqlFunctions(Sql sql) {
    this.sql = sql;
  }

  /** What a call gives for the row {@code row} of the set. */
  SqlValue call(EntitySet set, String row, Call call) {
    if (call.function().startsWith("st_") || call.function().startsWith("geo.")) {
      if (SqlGeometry.measures(call)) {
        throw Sql.refuse(call.at(), call.function() + " is compared with a number, such as " + call.function() + "(…) lt 0.5", call.function() + " 应与数字比较");
      }
      return new SqlValue(sql.geometry().condition(set, row, call), Kind.BOOLEAN);
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
      case "date" -> new SqlValue("(" + a.count(1).utc(0) + ")::date", Kind.DATE);
      case "time" -> new SqlValue("(" + a.count(1).utc(0) + ")::time", Kind.CLOCK);
      case "totaloffsetminutes" -> a.count(1).number("(0 * extract(epoch FROM " + a.utc(0) + "))::float8"); // times are kept in UTC
      case "now" -> a.count(0).time("transaction_timestamp()");
      case "mindatetime" -> a.count(0).time("timestamptz '0001-01-01 00:00:00Z'");
      case "maxdatetime" -> a.count(0).time("timestamptz '9999-12-31 23:59:59.999Z'");
      case "round" -> a.count(1).number("round((" + a.number(0) + ")::numeric)::float8");
      case "floor" -> a.count(1).number("floor(" + a.number(0) + ")::float8");
      case "ceiling" -> a.count(1).number("ceiling(" + a.number(0) + ")::float8");
      default -> throw Sql.refuse(call.at(), "there is no function '" + call.function() + "'", "没有函数“" + call.function() + "”");
    };
  }

  /** The arguments of one call as what the function takes. */
  private final class Arguments {

    private final Call call;
    private final List<SqlValue> values;

    Arguments(EntitySet set, String row, Call call) {
      this.call = call;
      this.values = call.arguments().stream().map(a -> sql.value(set, row, a)).toList();
    }

    Arguments count(int wanted) {
      if (values.size() != wanted) {
        throw Sql.refuse(call.at(), call.function() + " takes " + wanted + " arguments, was given " + values.size(), call.function() + " 需要 " + wanted + " 个参数");
      }
      return this;
    }

    private SqlValue of(int i) {
      if (i >= values.size()) {
        throw Sql.refuse(call.at(), call.function() + " was given too few arguments", call.function() + " 参数不足");
      }
      return values.get(i);
    }

    String text(int i) {
      SqlValue value = of(i);
      return switch (value.kind()) {
        case TEXT -> value.sql();
        case JSON -> value.asText();
        case NULL -> "NULL::text";
        case NUMBER, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY ->
            throw Sql.refuse(call.arguments().get(i).at(), call.function() + " takes a text here, this is " + value.said(), call.function() + " 此处应为文字");
      };
    }

    String number(int i) {
      return of(i).asNumber(call.arguments().get(i).at());
    }

    /** Of a number what is whole of it, as PostgreSQL counts characters. */
    String whole(int i) {
      return "least(greatest(floor(" + number(i) + "), -1), 1000000)::integer";
    }

    /** A moment, of an interval its begin, as a time of day in UTC. */
    String utc(int i) {
      SqlValue value = of(i);
      SqlValue time = sql.comparisons().timed(value, new SqlValue("", Kind.TIME), call.arguments().get(i).at());
      if (!time.temporal()) {
        throw Sql.refuse(call.arguments().get(i).at(), call.function() + " takes a time, this is " + value.said(), call.function() + " 的参数应为时间");
      }
      return "(" + time.sql() + " AT TIME ZONE 'UTC')";
    }

    SqlValue truth(String sql) {
      return new SqlValue(sql, Kind.BOOLEAN);
    }

    SqlValue number(String sql) {
      return new SqlValue(sql, Kind.NUMBER);
    }

    SqlValue text(String sql) {
      return new SqlValue(sql, Kind.TEXT);
    }

    SqlValue time(String sql) {
      return new SqlValue(sql, Kind.TIME);
    }
  }
}
