package io.citywide.place.internal;

import io.citywide.ledger.Canonical;
import io.citywide.ledger.spi.LedgerSubject;
import io.citywide.place.ComponentEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What the ledger proves of a component: each change of its state. */
public final class ComponentSubject implements LedgerSubject {

  static final String SUBJECT = "component-event";

  static String canonical(ComponentEvent event) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", event.id());
    row.put("ident", event.ident());
    row.put("seq", event.seq());
    row.put("act", event.act());
    row.put("from", event.from());
    row.put("to", event.to());
    row.put("at", event.at());
    row.put("personId", event.personId());
    row.put("positionId", event.positionId());
    row.put("actorName", event.actorName());
    row.put("reason", event.reason());
    return Canonical.of(row);
  }

  @Override
  public String subject() {
    return SUBJECT;
  }

  @Override
  public String words(long id, int seq) {
    return "change " + id + " of the state of a component";
  }

  @Override
  public String rows() {
    return "SELECT * FROM place_component_event ORDER BY id";
  }

  @Override
  public Row row(ResultSet rs) throws SQLException {
    ComponentEvent event = ComponentHistory.event(rs);
    return new Row(event.id(), 0, canonical(event));
  }
}
