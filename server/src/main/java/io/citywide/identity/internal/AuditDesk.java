package io.citywide.identity.internal;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the access log for the audit administrators. */
@Component
public class AuditDesk {

  /**
   * One act.
   *
   * @param actor name at the time; for a failed log-in the login name that was tried
   * @param address network address of the caller, {@code null} for the server itself
   */
  public record Entry(long id, Instant at, String actor, Long personId, String act, String object, String outcome,
      String address, JsonNode details) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;

  AuditDesk(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Newest first. An administrator of a part of the city reads the acts of the people of that part.
   *
   * @param act only this act, {@code null}: all
   * @param personId only acts of this person, {@code null}: all
   * @param from not before, {@code to} before; {@code null}: open
   * @param after id of the entry after which to go on, {@code null}: from the newest
   */
  @Transactional(readOnly = true)
  public Slice<Entry> list(String act, Long personId, Instant from, Instant to, int limit, Long after) {
    AreaScope area = Viewer.current().area();
    List<Entry> found =
        jdbc.sql(
                """
                SELECT id, at, actor, person_id, act, object, outcome, address, details
                FROM identity_access_log l
                WHERE (:after::bigint IS NULL OR id < :after)
                  AND (:act::text IS NULL OR act = :act)
                  AND (:person::bigint IS NULL OR person_id = :person)
                  AND (:from::timestamptz IS NULL OR at >= :from)
                  AND (:to::timestamptz IS NULL OR at < :to)
                  AND (:lo = '' OR EXISTS (SELECT 1 FROM identity_person p WHERE p.id = l.person_id AND p.area_code >= :lo AND p.area_code < :hi)
                       OR EXISTS (SELECT 1 FROM identity_position q
                                  WHERE q.person_id = l.person_id AND q.area_code >= :lo AND q.area_code < :hi))
                ORDER BY id DESC LIMIT :limit
                """)
            .param("after", after)
            .param("act", act)
            .param("person", personId)
            .param("from", from == null ? null : from.atOffset(ZoneOffset.UTC))
            .param("to", to == null ? null : to.atOffset(ZoneOffset.UTC))
            .param("lo", area.low())
            .param("hi", area.high())
            .param("limit", limit + 1)
            .query(
                (row, n) ->
                    new Entry(row.getLong("id"), row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("actor"),
                        row.getObject("person_id", Long.class), row.getString("act"), row.getString("object"), row.getString("outcome"),
                        row.getString("address"), row.getString("details") == null ? null : json.readTree(row.getString("details"))))
            .list();
    boolean more = found.size() > limit;
    List<Entry> page = more ? found.subList(0, limit) : found;
    return new Slice<>(page, more ? String.valueOf(page.getLast().id()) : null);
  }
}
