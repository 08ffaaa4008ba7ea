package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Viewer;
import io.citywide.identity.spi.ActWitness;
import io.citywide.identity.spi.RecordedAct;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.json.JsonMapper;

/** Appends to identity_access_log, which the server's own role cannot change or delete. */
@Component
class AccessLogStore implements AccessLog {

  private final JdbcClient jdbc;
  private final Clock clock;
  private final JsonMapper json;
  private final List<ActWitness> witnesses;

  AccessLogStore(JdbcClient jdbc, Clock clock, JsonMapper json, List<ActWitness> witnesses) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.json = json;
    this.witnesses = List.copyOf(witnesses);
  }

  @Override
  @Transactional
  public void record(String act, String object, String outcome, Map<String, Object> details) {
    Viewer viewer = Viewer.current();
    record(viewer.displayName(), viewer.personId(), act, object, outcome, details);
  }

  @Transactional
  void record(String actor, Long personId, String act, String object, String outcome, Map<String, Object> details) {
    Instant at = clock.instant();
    String address = address();
    String text = json.writeValueAsString(details);
    long id = jdbc.sql(
            """
            INSERT INTO identity_access_log (at, actor, person_id, act, object, outcome, address, details)
            VALUES (:at, :actor, :person, :act, :object, :outcome, :address, :details::jsonb) RETURNING id
            """)
        .param("at", at.atOffset(ZoneOffset.UTC))
        .param("actor", actor)
        .param("person", personId)
        .param("act", act)
        .param("object", object)
        .param("outcome", outcome)
        .param("address", address)
        .param("details", text)
        .query(Long.class)
        .single();
    RecordedAct recorded = new RecordedAct(id, at, actor, personId, act, object, outcome, address, text);
    witnesses.forEach(witness -> witness.witnessed(recorded));
  }

  private static String address() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
        ? request.getRequest().getRemoteAddr()
        : null;
  }
}
