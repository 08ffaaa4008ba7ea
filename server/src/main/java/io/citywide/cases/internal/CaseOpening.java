package io.citywide.cases.internal;

import io.citywide.cases.CaseView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes new rows of {@code case_file}, one or a thousand in one statement, each with a number nobody else has. */
@Component
class CaseOpening {

  /**
   * A case to write: values by column name, without id and number. {@code area_code} and {@code reported_at} (an
   * {@link Instant}) decide the number; a column that is absent is null.
   */
  record Draft(Map<String, Object> columns) {}

  private static final Map<String, String> COLUMNS = CaseColumns.ofNewCase();
  private static final String NAMES = String.join(", ", COLUMNS.keySet());
  private static final String NUMBER = "lpad(nextval('case_number_seq')::text, 5, '0')";

  private static final String ONE = "INSERT INTO case_file (case_no, steps, " + NAMES + ") VALUES (:prefix || " + NUMBER + ", 1, "
      + COLUMNS.entrySet().stream().map(c -> CaseColumns.parameter(c.getKey(), c.getValue())).collect(Collectors.joining(", ")) + ") ON CONFLICT (case_no) DO NOTHING RETURNING *";

  private static final String MANY = "INSERT INTO case_file (id, case_no, steps, " + NAMES + ") SELECT id, prefix || " + NUMBER + ", 1, " + NAMES
      + " FROM unnest(:id::int8[], :prefix::text[], "
      + COLUMNS.entrySet().stream().map(c -> ":" + c.getKey() + "::" + c.getValue() + "[]").collect(Collectors.joining(", "))
      + ") AS r (id, prefix, " + NAMES + ") ON CONFLICT (case_no) DO NOTHING RETURNING *";

  private final JdbcClient jdbc;
  private final CaseNumbers numbers;

  CaseOpening(JdbcClient jdbc, CaseNumbers numbers) {
    this.jdbc = jdbc;
    this.numbers = numbers;
  }

  /** The case as written. */
  CaseView open(Draft draft) {
    while (true) {
      var statement = jdbc.sql(ONE).param("prefix", prefix(draft));
      for (var column : COLUMNS.entrySet()) {
        statement = CaseColumns.bind(statement, column.getKey(), column.getValue(), value(draft, column.getKey()));
      }
      // A number that is taken (after 99,999 cases of a district on one day of the city) is drawn anew.
      Optional<CaseView> written = statement.query(CaseStore::view).optional();
      if (written.isPresent()) {
        return written.get();
      }
    }
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
      var statement = jdbc.sql(MANY).param("id", open.stream().map(ids::get).toArray(Long[]::new))
          .param("prefix", open.stream().map(i -> prefix(drafts.get(i))).toArray(String[]::new));
      for (var column : COLUMNS.entrySet()) {
        statement = statement.param(column.getKey(), CaseColumns.list(open, column.getValue(), i -> value(drafts.get(i), column.getKey())));
      }
      statement.query(CaseStore::view).list().forEach(c -> written.put(c.id(), c));
      open.removeIf(i -> written.containsKey(ids.get(i)));
    }
    return ids.stream().map(written::get).toList();
  }

  private String prefix(Draft draft) {
    return numbers.prefix((String) draft.columns().get("area_code"), (Instant) draft.columns().get("reported_at"));
  }

  private static Object value(Draft draft, String column) {
    Object value = draft.columns().get(column);
    return value == null && column.equals("description") ? "" : value;
  }
}
