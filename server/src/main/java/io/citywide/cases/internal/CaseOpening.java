package io.citywide.cases.internal;

import io.citywide.cases.CaseView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes new rows of {@code case_file}, one or a thousand in one statement, each with a number nobody else has. */
@Component
class CaseOpening {

  /**
   * A case to write: values by column name, without id and number. {@code area_code} and {@code reported_at} (an
   * {@link java.time.Instant}) decide the number.
   */
  record Draft(Map<String, Object> columns) {}

  private final JdbcClient jdbc;
  private final CaseStore store;
  private final CaseNumbers numbers;

  CaseOpening(JdbcClient jdbc, CaseStore store, CaseNumbers numbers) {
    this.jdbc = jdbc;
    this.store = store;
    this.numbers = numbers;
  }

  /** The cases as written, in the order of the drafts. */
  List<CaseView> open(List<Draft> drafts) {
    List<Long> ids = numbers.ids(drafts.size());
    Map<Long, CaseView> written = new HashMap<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      open.add(i);
    }
    while (!open.isEmpty()) {
      List<Integer> sequence = numbers.draw(open.size());
      List<Map<String, Object>> rows = new ArrayList<>(open.size());
      for (int k = 0; k < open.size(); k++) {
        Map<String, Object> row = new HashMap<>(drafts.get(open.get(k)).columns());
        row.put("id", ids.get(open.get(k)));
        row.put("case_no", numbers.number((String) row.get("area_code"), (java.time.Instant) row.get("reported_at"), sequence.get(k)));
        row.replaceAll((column, value) -> value instanceof java.time.Instant at ? at.toString() : value);
        rows.add(row);
      }
      jdbc.sql(INSERT).param("rows", store.json(rows)).query(CaseStore::view).list().forEach(c -> written.put(c.id(), c));
      // A number that is taken (after 99,999 cases of a district on one day of the city) is drawn anew.
      open.removeIf(i -> written.containsKey(ids.get(i)));
    }
    return ids.stream().map(written::get).toList();
  }

  private static final String INSERT = """
      INSERT INTO case_file (id, case_no, stage, stage_since, kind_id, title, description, lon, lat, grid_key, area_code, address,
        component_ident, urgency, source_channel, signal_count, thumbnail, reporter_person_id, reporter_role, lead_unit_id, steps, reported_at, last_signal_at,
        accepted_at, filed_at, dispatched_at, disposed_at, closed_at, filing_due_at, disposal_started_at, disposal_due_at,
        disposal_original_due_at, disposal_late, overdue_marked_at, imported_source, imported_ref)
      SELECT id, case_no, stage, stage_since, kind_id, title, coalesce(description, ''), lon, lat, grid_key, area_code, address,
        component_ident, urgency, source_channel, signal_count, thumbnail, reporter_person_id, reporter_role, lead_unit_id, 1, reported_at, last_signal_at,
        accepted_at, filed_at, dispatched_at, disposed_at, closed_at, filing_due_at, disposal_started_at, disposal_due_at,
        disposal_original_due_at, disposal_late, overdue_marked_at, imported_source, imported_ref
      FROM jsonb_to_recordset(:rows::jsonb) AS r (id bigint, case_no text, stage text, stage_since timestamptz, kind_id text, title text,
        description text, lon double precision, lat double precision, grid_key bigint, area_code text, address text, component_ident text,
        urgency text, source_channel text, signal_count int, thumbnail text, reporter_person_id bigint, reporter_role text, lead_unit_id bigint,
        reported_at timestamptz, last_signal_at timestamptz, accepted_at timestamptz, filed_at timestamptz, dispatched_at timestamptz,
        disposed_at timestamptz, closed_at timestamptz, filing_due_at timestamptz, disposal_started_at timestamptz,
        disposal_due_at timestamptz, disposal_original_due_at timestamptz, disposal_late boolean, overdue_marked_at timestamptz, imported_source text, imported_ref text)
      ON CONFLICT (case_no) DO NOTHING
      RETURNING *""";
}
