package io.citywide.sensing.internal.warning;

import io.citywide.ledger.Canonical;
import io.citywide.ledger.spi.LedgerSubject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What the ledger proves of a warning: each line of its history. */
public final class WarningSubject implements LedgerSubject {

  static final String SUBJECT = "warning";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static String canonical(WarningStep s) {
    Map<String, Object> row = new HashMap<>();
    row.put("warningId", s.warningId());
    row.put("seq", s.seq());
    row.put("act", s.act());
    row.put("grade", s.grade());
    row.put("at", s.at());
    row.put("writtenAt", s.writtenAt());
    row.put("reasonZh", s.reason().zh());
    row.put("reasonEn", s.reason().en());
    row.put("readings", s.readings());
    row.put("personId", s.personId());
    row.put("personName", s.personName());
    row.put("capId", s.capId());
    row.put("capSent", s.capSent());
    return Canonical.of(row);
  }

  @Override
  public String subject() {
    return SUBJECT;
  }

  @Override
  public String words(long id, int seq) {
    return "line " + seq + " of the history of warning " + id;
  }

  @Override
  public String rows() {
    return "SELECT * FROM sensing_warning_step ORDER BY warning_id, seq";
  }

  @Override
  public Row row(ResultSet rs) throws SQLException {
    WarningStep step = WarningStore.step(rs, JSON);
    return new Row(step.warningId(), step.seq(), canonical(step));
  }
}
