package io.citywide.sensing.internal.sta;

/**
 * A value in SQL.
 *
 * @param end of a PERIOD, may be null there; else {@code null}
 * @param number the same as a number, of a JSON that is kept as one; else {@code null}
 * @param text the same as a text, of a JSON that is kept as one; else {@code null}
 * @param literal the constant it was written as; {@code null} for what is none, and for NULL
 */
record SqlValue(String sql, Kind kind, String end, String number, String text, Object literal) {

  enum Kind { NUMBER, TEXT, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, JSON, GEOMETRY, NULL }

  SqlValue(String sql, Kind kind) {
    this(sql, kind, null, null, null, null);
  }

  boolean temporal() {
    return kind == Kind.TIME || kind == Kind.PERIOD;
  }

  /** Of a moment or an interval where it ends. */
  String last() {
    return end == null ? sql : "coalesce(" + end + ", " + sql + ")";
  }

  /** Of a JSON what is a number of it, else null. */
  String asNumber() {
    return number != null ? number : "(CASE WHEN jsonb_typeof(" + sql + ") = 'number' THEN (" + sql + " #>> '{}')::float8 END)";
  }

  /** Of a JSON its text. */
  String asText() {
    return text != null ? text : "(" + sql + " #>> '{}')";
  }

  /** Of a JSON whether it is true, null where it is neither true nor false. */
  String asTruth() {
    return "(CASE WHEN jsonb_typeof(" + sql + ") = 'boolean' THEN (" + sql + ")::boolean END)";
  }

  /** Of any value the number; refused where it cannot be one. @param at where it stands in the expression */
  String asNumber(int at) {
    return switch (kind) {
      case NUMBER -> sql;
      case JSON -> asNumber();
      case NULL -> "NULL::float8";
      case TEXT, BOOLEAN, TIME, PERIOD, DURATION, DATE, CLOCK, GEOMETRY -> throw Sql.refuse(at, "a number was expected, this is " + said(), "应为数字");
    };
  }

  /** What it is, in words. */
  String said() {
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
}
