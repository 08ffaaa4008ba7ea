package io.citywide.cases.internal;

import java.sql.Types;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * How columns of {@code case_file} and {@code case_step} travel to PostgreSQL. A parameter keeps its type also where it is
 * null: a null without type makes the driver prepare the statement again, which costs more than to run it.
 */
final class CaseColumns {

  private static final Map<String, String> FILE = parse("""
      stage text, stage_since timestamptz, kind_id text, title text, description text, lon float8, lat float8, grid_key int8, area_code text, address text,
      component_ident text, urgency text, source_channel text, signal_count int4, thumbnail text, reporter_person_id int8, reporter_role text,
      lead_unit_id int8, reported_at timestamptz, last_signal_at timestamptz, accepted_at timestamptz, filed_at timestamptz, dispatched_at timestamptz,
      disposed_at timestamptz, closed_at timestamptz, filing_due_at timestamptz, disposal_started_at timestamptz, disposal_due_at timestamptz,
      disposal_original_due_at timestamptz, disposal_late bool, overdue_marked_at timestamptz, imported_source text, imported_ref text""");

  private static final Map<String, String> CHANGED = parse("""
      assist_unit_ids int8[], assignee_id int8, suspended_at timestamptz, received_at timestamptz, checked_at timestamptz, evaluated_at timestamptz,
      dispatch_due_at timestamptz, check_due_at timestamptz, disposal_limit_value int4, disposal_limit_unit text, disposal_extra_minutes int4,
      filing_late bool, dispatch_late bool, check_late bool, verification_result text, check_result text, rework_count int4, return_count int4,
      extension_count int4, suspension_count int4, urge_count int4, reopen_count int4, pending_requests int4, supervised bool, forced bool,
      merged_into int8, citizen_rating text""");

  private CaseColumns() {}

  /** Columns that a new case may bring, with their types. */
  static Map<String, String> ofNewCase() {
    return FILE;
  }

  /** Type of a column that a step may change. */
  static String type(String column) {
    String type = FILE.getOrDefault(column, CHANGED.get(column));
    if (type == null) {
      throw new IllegalArgumentException("case_file has no column '" + column + "' that is written here");
    }
    return type;
  }

  /** The parameter {@code name} as an expression of {@code type}. */
  static String parameter(String name, String type) {
    // The driver has no null of this type: it travels as text.
    return type.equals("timestamptz") ? "CAST(:" + name + " AS timestamptz)" : ":" + name;
  }

  static StatementSpec bind(StatementSpec statement, String name, String type, Object value) {
    return switch (type) {
      case "timestamptz" -> statement.param(name, text(value), Types.VARCHAR);
      case "text" -> statement.param(name, text(value), Types.VARCHAR);
      case "int8" -> statement.param(name, value, Types.BIGINT);
      case "int4" -> statement.param(name, value, Types.INTEGER);
      case "float8" -> statement.param(name, value, Types.DOUBLE);
      case "bool" -> statement.param(name, value, Types.BOOLEAN);
      case "int8[]" -> statement.param(name, ((List<?>) value).stream().map(Long.class::cast).toArray(Long[]::new));
      default -> throw new IllegalArgumentException("no parameter of type " + type);
    };
  }

  /** A column of many rows. */
  static Object[] list(List<Integer> rows, String type, Function<Integer, Object> value) {
    return switch (type) {
      case "int8" -> rows.stream().map(value).toArray(Long[]::new);
      case "int4" -> rows.stream().map(value).toArray(Integer[]::new);
      case "float8" -> rows.stream().map(value).toArray(Double[]::new);
      case "bool" -> rows.stream().map(value).toArray(Boolean[]::new);
      case "text", "timestamptz" -> rows.stream().map(value).map(CaseColumns::text).toArray(String[]::new);
      default -> throw new IllegalArgumentException("no list of " + type);
    };
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> null;
      case Enum<?> constant -> constant.name();
      case Instant at -> at.toString();
      default -> value.toString();
    };
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : text.split(",")) {
      String[] parts = column.strip().split(" ");
      columns.put(parts[0], parts[1]);
    }
    return columns;
  }
}
