package io.citywide.identity.spi;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A row of the access log, as it is stored.
 *
 * @param at to the microsecond
 * @param actor name at the time
 * @param personId {@code null}: a machine or the server
 * @param details JSON
 */
public record RecordedAct(long id, Instant at, String actor, Long personId, String act, String object, String outcome, String address, String details) {

  /** All rows, by id. */
  public static final String ROWS = "SELECT id, at, actor, person_id, act, object, outcome, address, details::text AS details FROM identity_access_log ORDER BY id";

  /** The row of {@link #ROWS} under the cursor. */
  public static RecordedAct read(ResultSet rs) throws SQLException {
    return new RecordedAct(rs.getLong("id"), rs.getObject("at", OffsetDateTime.class).toInstant(), rs.getString("actor"), rs.getObject("person_id", Long.class),
        rs.getString("act"), rs.getString("object"), rs.getString("outcome"), rs.getString("address"), rs.getString("details"));
  }
}
