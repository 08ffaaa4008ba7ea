package io.citywide.ledger.internal;

import io.citywide.identity.spi.RecordedAct;
import io.citywide.ledger.Canonical;
import io.citywide.ledger.spi.LedgerSubject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Rows of the access log. */
public final class AccessLogSubject implements LedgerSubject {

  static final String SUBJECT = "access-log";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static String canonical(RecordedAct act) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", act.id());
    row.put("at", act.at());
    row.put("actor", act.actor());
    row.put("personId", act.personId());
    row.put("act", act.act());
    row.put("object", act.object());
    row.put("outcome", act.outcome());
    row.put("address", act.address());
    row.put("details", act.details() == null ? null : JSON.readValue(act.details(), Map.class));
    return Canonical.of(row);
  }

  @Override
  public String subject() {
    return SUBJECT;
  }

  @Override
  public String words(long id, int seq) {
    return "row " + id + " of the access log";
  }

  @Override
  public String rows() {
    return RecordedAct.ROWS;
  }

  @Override
  public Row row(ResultSet rs) throws SQLException {
    RecordedAct act = RecordedAct.read(rs);
    return new Row(act.id(), 0, canonical(act));
  }
}
