package io.citywide.sensing.internal.warning;

import io.citywide.grid.GridBox;
import io.citywide.place.AreaLevel;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables sensing_warning and sensing_warning_step. Every method joins the caller's transaction and sees what its scope sees. */
@Component
class WarningStore {

  private static final TypeReference<Map<String, Double>> READINGS = new TypeReference<>() {};

  /** What warnings a rule has of a subject. */
  record Key(String rule, String subject) implements Comparable<Key> {
    @Override
    public int compareTo(Key o) {
      int c = rule.compareTo(o.rule);
      return c != 0 ? c : subject.compareTo(o.subject);
    }
  }

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final JsonMapper json;

  WarningStore(JdbcClient jdbc, JdbcTemplate batches, JsonMapper json) {
    this.jdbc = jdbc;
    this.batches = batches;
    this.json = json;
  }

  /** Whoever changes warnings of these waits for each other, in an order that is the same for all, until the transactions end. */
  void lock(Collection<Key> keys) {
    jdbc.sql("""
            SELECT count(pg_advisory_xact_lock(k)) FROM (
              SELECT DISTINCT hashtextextended(rule || E'\\u001f' || subject, 3596512) AS k
              FROM unnest(:rules::text[], :subjects::text[]) AS t (rule, subject) ORDER BY 1) AS ordered""")
        .param("rules", keys.stream().map(Key::rule).toArray(String[]::new)).param("subjects", keys.stream().map(Key::subject).toArray(String[]::new))
        .query(Long.class).single();
  }

  /** The live ones of these rules and subjects, and those of these numbers. */
  List<Warning> list(List<Key> keys, List<Long> numbers) {
    return jdbc.sql("""
            SELECT w.* FROM sensing_warning w JOIN (SELECT DISTINCT rule, subject FROM unnest(:rules::text[], :subjects::text[]) AS t (rule, subject)) k
              ON w.rule_code = k.rule AND w.subject = k.subject WHERE w.state = 'LIVE'
            UNION
            SELECT w.* FROM sensing_warning w JOIN unnest(:rules::text[], :subjects::text[], :numbers::bigint[]) AS k (rule, subject, number)
              ON w.rule_code = k.rule AND w.subject = k.subject AND w.number = k.number""")
        .param("rules", keys.stream().map(Key::rule).toArray(String[]::new)).param("subjects", keys.stream().map(Key::subject).toArray(String[]::new))
        .param("numbers", numbers.toArray(Long[]::new)).query((rs, i) -> warning(rs)).list();
  }

  Optional<Warning> findLive(String rule, String subject) {
    return jdbc.sql("SELECT * FROM sensing_warning WHERE rule_code = :rule AND subject = :subject AND state = 'LIVE'").param("rule", rule)
        .param("subject", subject).query((rs, i) -> warning(rs)).optional();
  }

  /** 0 before the first. */
  long lastNumber(String rule, String subject) {
    return jdbc.sql("SELECT coalesce(max(number), 0) FROM sensing_warning WHERE rule_code = :rule AND subject = :subject").param("rule", rule)
        .param("subject", subject).query(Long.class).single();
  }

  Optional<Warning> find(long id) {
    return jdbc.sql("SELECT * FROM sensing_warning WHERE id = :id").param("id", id).query((rs, i) -> warning(rs)).optional();
  }

  List<Warning> list(String condition, Map<String, ?> params) {
    return jdbc.sql("SELECT * FROM sensing_warning WHERE " + condition).params(params).query((rs, i) -> warning(rs)).list();
  }

  /** Live warnings of one rule in a cell of the grid, with its middle in degrees; the worst is 1 (blue) to 4 (red). */
  record Tally(double lon, double lat, String rule, long count, int worst) {}

  /**
   * Live warnings in a box of whole cells of the grid, counted by cell and rule.
   *
   * @param side of a cell, degrees
   * @param rules only of these; empty: of all
   */
  List<Tally> tally(GridBox box, double side, Set<String> rules) {
    return jdbc.sql("""
            SELECT (floor(lon / :side) + 0.5) * :side AS lon, (floor(lat / :side) + 0.5) * :side AS lat, rule_code, count(*) AS n, max(grade) AS worst
            FROM sensing_warning
            WHERE state = 'LIVE' AND lon >= :west AND lon < :east AND lat >= :south AND lat < :north AND (cardinality(:rules::text[]) = 0 OR rule_code = ANY (:rules))
            GROUP BY 1, 2, 3""")
        .param("side", side).param("west", box.west()).param("east", box.east()).param("south", box.south()).param("north", box.north())
        .param("rules", rules.toArray(String[]::new)).query((rs, i) -> new Tally(rs.getDouble("lon"), rs.getDouble("lat"), rs.getString("rule_code"), rs.getLong("n"), rs.getInt("worst"))).list();
  }

  List<WarningStep> listSteps(long warningId) {
    return jdbc.sql("SELECT * FROM sensing_warning_step WHERE warning_id = :id ORDER BY seq").param("id", warningId)
        .query((rs, i) -> step(rs, json)).list();
  }

  /** By warning, in their order. */
  Map<Long, List<WarningStep>> listSteps(Collection<Long> warningIds) {
    return warningIds.isEmpty() ? Map.of() : jdbc.sql("SELECT * FROM sensing_warning_step WHERE warning_id = ANY (:ids) ORDER BY warning_id, seq")
        .param("ids", warningIds.toArray(Long[]::new)).query((rs, i) -> step(rs, json)).list().stream()
        .collect(Collectors.groupingBy(WarningStep::warningId));
  }

  /** Names of the buildings that devices stand in, by id of the device. */
  Map<Long, String> buildings(Collection<Long> deviceIds) {
    Map<Long, String> buildings = new HashMap<>();
    if (!deviceIds.isEmpty()) {
      jdbc.sql("SELECT id, building_ident FROM sensing_device WHERE id = ANY (:ids) AND building_ident IS NOT NULL").param("ids", deviceIds.toArray(Long[]::new))
          .query(rs -> {
            buildings.put(rs.getLong("id"), rs.getString("building_ident"));
          });
    }
    return buildings;
  }

  /** Columns that are not given have their defaults. */
  Warning insert(SequencedMap<String, Object> columns) {
    String names = String.join(", ", columns.keySet());
    String values = columns.keySet().stream().map(c -> ":" + c + cast(c)).collect(Collectors.joining(", "));
    return bind(jdbc.sql("INSERT INTO sensing_warning (" + names + ") VALUES (" + values + ") RETURNING *"), columns).query((rs, i) -> warning(rs)).single();
  }

  /** With one more line of its history. */
  Warning change(long id, Map<String, Object> columns) {
    String set = columns.keySet().stream().map(c -> c + " = :" + c + cast(c)).collect(Collectors.joining(", "));
    return bind(jdbc.sql("UPDATE sensing_warning SET steps = steps + 1" + (set.isEmpty() ? "" : ", " + set) + " WHERE id = :id RETURNING *"), columns).param("id", id)
        .query((rs, i) -> warning(rs)).single();
  }

  void joined(long id, Instant at) {
    jdbc.sql("UPDATE sensing_warning SET alarms = alarms + 1, last_alarm_at = greatest(last_alarm_at, :at) WHERE id = :id").param("at", utc(at)).param("id", id).update();
  }

  private JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, Map<String, Object> columns) {
    columns.forEach((name, value) -> {
      switch (value) {
        case null -> statement.param(name, null, Types.NULL);
        case Instant at -> statement.param(name, utc(at));
        case Map<?, ?> map -> statement.param(name, json.writeValueAsString(map));
        case WarningGrade grade -> statement.param(name, Warning.weight(grade));
        case Enum<?> constant -> statement.param(name, constant.name());
        case Long[] ids -> statement.param(name, ids);
        default -> statement.param(name, value);
      }
    });
    return statement;
  }

  private static String cast(String column) {
    return switch (column) {
      case "readings" -> "::jsonb";
      case "escalate_at", "acknowledged_at", "ended_at" -> "::timestamptz";
      case "device_id", "owner_unit_id", "acknowledged_by", "ended_by", "grid_key" -> "::bigint";
      case "lon", "lat" -> "::double precision";
      default -> "";
    };
  }

  /** Adds lines to histories. */
  void insert(List<WarningStep> steps) {
    batches.batchUpdate("""
        INSERT INTO sensing_warning_step (warning_id, seq, act, grade, at, written_at, reason_zh, reason_en, readings, person_id, person_name, cap_id, cap_sent)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)""", steps, Math.max(1, steps.size()), (row, s) -> {
      row.setLong(1, s.warningId());
      row.setInt(2, s.seq());
      row.setString(3, s.act().name());
      row.setInt(4, Warning.weight(s.grade()));
      row.setObject(5, utc(s.at()));
      row.setObject(6, utc(s.writtenAt()));
      row.setString(7, s.reason().zh());
      row.setString(8, s.reason().en());
      row.setString(9, json.writeValueAsString(s.readings()));
      row.setObject(10, s.personId(), Types.BIGINT);
      row.setString(11, s.personName());
      row.setString(12, s.capId());
      row.setObject(13, utc(s.capSent()), Types.TIMESTAMP_WITH_TIMEZONE);
    });
  }

  /** Notes that somebody is to be told of these steps. */
  void untold(List<WarningStep> steps) {
    if (!steps.isEmpty()) {
      jdbc.sql("INSERT INTO sensing_untold (warning_id, seq) SELECT * FROM unnest(:ids::bigint[], :seqs::integer[])")
          .param("ids", steps.stream().map(WarningStep::warningId).toArray(Long[]::new)).param("seqs", steps.stream().map(WarningStep::seq).toArray(Integer[]::new)).update();
    }
  }

  Warning warning(ResultSet rs) throws SQLException {
    String level = rs.getString("told_level");
    return new Warning(rs.getLong("id"), Origin.valueOf(rs.getString("origin")), rs.getString("rule_code"), rs.getInt("rule_version"),
        new Words(rs.getString("name_en"), rs.getString("name_zh")), rs.getString("subject"), new Words(rs.getString("subject_en"), rs.getString("subject_zh")),
        rs.getLong("number"), rs.getString("category"), rs.getString("state").equals("LIVE"), Warning.grade(rs.getInt("grade")), Warning.grade(rs.getInt("worst")),
        instant(rs, "since"), instant(rs, "grade_since"), instant(rs, "changed_at"), instant(rs, "ended_at"),
        new Words(rs.getString("reason_en"), rs.getString("reason_zh")), json.readValue(rs.getString("readings"), READINGS), rs.getInt("alarms"),
        instant(rs, "last_alarm_at"), rs.getObject("device_id", Long.class), rs.getString("type_code"), rs.getString("group_code"), rs.getString("building_ident"),
        rs.getString("component_ident"), rs.getObject("lon", Double.class), rs.getObject("lat", Double.class), rs.getObject("grid_key", Long.class),
        rs.getString("area_code"), rs.getObject("owner_unit_id", Long.class), longs(rs.getArray("unit_ids")), rs.getObject("acknowledged_by", Long.class),
        rs.getString("acknowledged_name"), instant(rs, "acknowledged_at"), rs.getObject("ended_by", Long.class), rs.getString("ended_name"),
        rs.getString("verdict") == null ? null : Warning.Verdict.valueOf(rs.getString("verdict")), rs.getBoolean("open_to_all"), rs.getBoolean("wants_case"), level == null ? null : AreaLevel.valueOf(level), instant(rs, "escalate_at"), rs.getInt("steps"));
  }

  static WarningStep step(ResultSet rs, JsonMapper json) throws SQLException {
    return new WarningStep(rs.getLong("warning_id"), rs.getInt("seq"), WarningAct.valueOf(rs.getString("act")), Warning.grade(rs.getInt("grade")), instant(rs, "at"),
        instant(rs, "written_at"), new Words(rs.getString("reason_en"), rs.getString("reason_zh")), json.readValue(rs.getString("readings"), READINGS),
        rs.getObject("person_id", Long.class), rs.getString("person_name"), rs.getString("cap_id"), instant(rs, "cap_sent"));
  }

  static Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }

  static List<Long> longs(Array array) throws SQLException {
    return array == null ? List.of() : Arrays.asList((Long[]) array.getArray());
  }
}
