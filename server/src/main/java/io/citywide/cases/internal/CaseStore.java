package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.StepRecord;
import io.citywide.cases.Urgency;
import io.citywide.cases.internal.Deadlines.Pause;
import io.citywide.identity.Role;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code case_file} and its children. Every method needs a transaction, whose viewer decides what is seen. */
@Component
class CaseStore {

  private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;

  CaseStore(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  Optional<CaseView> find(long id) {
    return jdbc.sql("SELECT * FROM case_file WHERE id = :id").param("id", id).query(CaseStore::view).optional();
  }

  Optional<CaseView> findByNumber(String caseNo) {
    return jdbc.sql("SELECT * FROM case_file WHERE case_no = :no").param("no", caseNo).query(CaseStore::view).optional();
  }

  List<CaseView> list(Collection<Long> ids) {
    return jdbc.sql("SELECT * FROM case_file WHERE id = ANY (:ids)").param("ids", longs(ids)).query(CaseStore::view).list();
  }

  /** Locks the row until the end of the transaction, so that steps of one case follow one another. */
  Optional<CaseView> lock(long id) {
    return jdbc.sql("SELECT * FROM case_file WHERE id = :id FOR UPDATE").param("id", id).query(CaseStore::view).optional();
  }

  /**
   * From here on the transaction sees and writes every case: what a step writes may leave the viewer's sight (a case
   * that goes back, or moves to another district). Only after the viewer's right to the step was judged.
   */
  void widen() {
    jdbc.sql("SELECT set_config('citywide.area_lo', '', true), set_config('citywide.area_hi', '~', true), set_config('citywide.units', '{}', true)")
        .query((rs, i) -> 1).single();
  }

  /** Writes columns of a locked case, raising its version and its count of steps. */
  CaseView change(long id, Map<String, Object> columns) {
    return write(id, columns, "version = version + 1, steps = steps + 1");
  }

  /** Writes further columns of a case whose step is written already. */
  CaseView amend(long id, Map<String, Object> columns) {
    return write(id, columns, "version = version");
  }

  private CaseView write(long id, Map<String, Object> columns, String always) {
    String assignments = columns.keySet().stream().map(c -> c + " = " + CaseColumns.parameter(c, CaseColumns.type(c)) + ", ").collect(Collectors.joining());
    StatementSpec statement = jdbc.sql("UPDATE case_file SET " + assignments + always + " WHERE id = :id RETURNING *");
    for (var column : columns.entrySet()) {
      statement = CaseColumns.bind(statement, column.getKey(), CaseColumns.type(column.getKey()), column.getValue());
    }
    return statement.param("id", id).query(CaseStore::view).single();
  }

  List<StepRecord> steps(long caseId) {
    return jdbc.sql("SELECT * FROM case_step WHERE case_id = :id ORDER BY seq").param("id", caseId).query(this::step).list();
  }

  /** Requests of a case that wait for a decision; the case itself counts them. */
  List<CaseRequest> pending(CaseView file) {
    return file.pendingRequests() == 0 ? List.of() : pending(file.id());
  }

  List<CaseRequest> pending(long caseId) {
    return jdbc.sql("SELECT * FROM case_request WHERE case_id = :id AND decided_at IS NULL AND NOT lapsed ORDER BY id").param("id", caseId)
        .query(CaseStore::request).list();
  }

  /** When its clock stood still, in their order. */
  List<Pause> pauses(CaseView file) {
    return file.suspensionCount() == 0 ? List.of() : jdbc.sql("SELECT since, until FROM case_pause WHERE case_id = :id ORDER BY id").param("id", file.id())
        .query((rs, i) -> new Pause(instant(rs, "since"), instant(rs, "until"))).list();
  }

  /** The case is over: nothing waits for a decision any more, and no clock stands still. */
  void dropPending(long caseId, Instant now) {
    jdbc.sql("UPDATE case_request SET lapsed = true WHERE case_id = :id AND decided_at IS NULL").param("id", caseId).update();
    jdbc.sql("UPDATE case_pause SET until = greatest(since, :now) WHERE case_id = :id AND until IS NULL").param("now", utc(now)).param("id", caseId).update();
  }

  static CaseRequest request(ResultSet rs, int i) throws SQLException {
    return new CaseRequest(rs.getLong("id"), rs.getLong("case_id"), CaseRequest.Kind.valueOf(rs.getString("kind")), rs.getString("reason"),
        rs.getObject("minutes", Integer.class), rs.getObject("requested_by", Long.class), rs.getString("requested_by_name"),
        instant(rs, "requested_at"));
  }

  static CaseView view(ResultSet rs, int i) throws SQLException {
    return new CaseView(
        rs.getLong("id"), rs.getString("case_no"), CaseStage.valueOf(rs.getString("stage")), instant(rs, "stage_since"), rs.getString("kind_id"),
        rs.getString("title"), rs.getString("description"), rs.getObject("lon", Double.class), rs.getObject("lat", Double.class),
        rs.getObject("grid_key", Long.class), rs.getString("area_code"), rs.getString("address"), rs.getString("component_ident"),
        Urgency.valueOf(rs.getString("urgency")), rs.getString("source_channel"), rs.getInt("signal_count"), rs.getString("thumbnail"),
        rs.getObject("reporter_person_id", Long.class), rs.getObject("lead_unit_id", Long.class), longs(rs.getArray("assist_unit_ids")),
        rs.getObject("assignee_id", Long.class), rs.getLong("version"), instant(rs, "suspended_at"), instant(rs, "reported_at"),
        instant(rs, "accepted_at"), instant(rs, "filed_at"), instant(rs, "dispatched_at"), instant(rs, "received_at"), instant(rs, "disposed_at"),
        instant(rs, "checked_at"), instant(rs, "closed_at"), instant(rs, "evaluated_at"), instant(rs, "filing_due_at"),
        instant(rs, "dispatch_due_at"), instant(rs, "disposal_started_at"), instant(rs, "disposal_due_at"), instant(rs, "disposal_original_due_at"),
        instant(rs, "check_due_at"), rs.getObject("disposal_limit_value", Integer.class),
        rs.getString("disposal_limit_unit") == null ? null : LimitUnit.valueOf(rs.getString("disposal_limit_unit")),
        rs.getInt("disposal_extra_minutes"), rs.getObject("filing_late", Boolean.class), rs.getObject("dispatch_late", Boolean.class),
        rs.getObject("disposal_late", Boolean.class), rs.getObject("check_late", Boolean.class), instant(rs, "due_at"),
        rs.getString("verification_result"), rs.getString("check_result"), rs.getInt("rework_count"), rs.getInt("return_count"),
        rs.getInt("extension_count"), rs.getInt("suspension_count"), rs.getInt("urge_count"), rs.getInt("reopen_count"),
        rs.getInt("pending_requests"), rs.getBoolean("supervised"), rs.getBoolean("forced"), rs.getObject("merged_into", Long.class),
        rs.getString("imported_source"), rs.getString("imported_ref"), rs.getString("citizen_rating"), rs.getInt("steps"),
        instant(rs, "last_signal_at"), rs.getString("reporter_role"));
  }

  StepRecord step(ResultSet rs, int i) throws SQLException {
    return step(rs, json);
  }

  static StepRecord step(ResultSet rs, JsonMapper json) throws SQLException {
    String from = rs.getString("from_stage");
    String role = rs.getString("role");
    Array media = rs.getArray("media");
    return new StepRecord(
        rs.getLong("id"), rs.getLong("case_id"), rs.getInt("seq"), CaseAction.valueOf(rs.getString("action")),
        from == null ? null : CaseStage.valueOf(from), CaseStage.valueOf(rs.getString("to_stage")), instant(rs, "at"),
        rs.getObject("person_id", Long.class), rs.getString("person_name"), rs.getObject("position_id", Long.class),
        role == null ? null : Role.valueOf(role), rs.getObject("unit_id", Long.class), rs.getString("unit_name"), rs.getInt("elapsed_minutes"),
        rs.getObject("late", Boolean.class), instant(rs, "due_at"), rs.getString("opinion"), List.of((String[]) media.getArray()),
        json.readValue(rs.getString("details"), DETAILS));
  }

  String json(Object value) {
    return json.writeValueAsString(value);
  }

  /** {@code null} for SQL null and for 'infinity', which stands for no limit. */
  static Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
    return at == null || at.equals(OffsetDateTime.MAX) ? null : at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }

  static Long[] longs(Collection<Long> values) {
    return values.toArray(Long[]::new);
  }

  private static List<Long> longs(Array array) throws SQLException {
    return array == null ? List.of() : Arrays.asList((Long[]) array.getArray());
  }
}
