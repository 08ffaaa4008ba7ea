package io.citywide.intake.internal;

import io.citywide.intake.Accepted.Outcome;
import io.citywide.intake.Decision;
import io.citywide.intake.Reporter;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.SignalQuery;
import io.citywide.intake.SignalView;
import io.citywide.intake.spi.CaseRef;
import io.citywide.platform.NewIds;
import io.citywide.platform.PersonalSeal.BrokenSeal;
import io.citywide.platform.Slice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table intake_signal. Every method joins the caller's transaction and sees what its scope sees. */
@Component
class SignalStore {

  private static final int TEXTS_PER_CASE = 8;
  private static final TypeReference<List<Decision>> DECISIONS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> ATTRIBUTES = new TypeReference<>() {};
  private static final String COLUMNS =
      """
      id, state, tracking_code, channel, source_system, source_ref, case_id, case_no, kind_id, title, description, lon, lat,
      grid_key, area_code, address, component_ident, urgency, occurred_at, received_at, person_id, person_role, actor_name,
      personal, confidential, media, attributes, decisions
      """;

  private static final String KNOWN = "id, caller, area_code, tracking_code, state, case_id, case_no, decisions, fingerprint";

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final JsonMapper json;
  private final ReporterSeal reporters;

  SignalStore(JdbcClient jdbc, JdbcTemplate batches, JsonMapper json, ReporterSeal reporters) {
    this.jdbc = jdbc;
    this.reporters = reporters;
    this.batches = batches;
    this.json = json;
  }

  /** A row in full, with personal data; {@code broken} where these do not open. */
  record Row(SignalView view, String trackingCode, Reporter reporter, Map<String, String> personalAttributes, Long personId, String personRole, String actorName,
      BrokenSeal broken) {

    /** @throws BrokenSeal where the personal data cannot be opened */
    Row opened() {
      if (broken != null) {
        throw broken;
      }
      return this;
    }
  }

  /** What a report of a case said, and by whom. */
  record Said(String text, String reporter) {}

  /** A draft and where it went. */
  record Stored(Draft draft, Outcome outcome, CaseRef ref) {}

  /** The same answer for the same report, for idempotency. */
  record Known(long id, String caller, String areaCode, String trackingCode, Outcome state, Long caseId, String caseNo, List<Decision> decisions,
      byte[] fingerprint) {}

  List<Long> nextIds(int count) {
    return NewIds.of(jdbc, "intake_signal", count);
  }

  void insert(List<Stored> rows) {
    batches.batchUpdate(
        """
        INSERT INTO intake_signal (id, state, tracking_code, channel, source_system, source_ref, caller, idempotency_key, fingerprint,
          case_id, case_no, kind_id, title, description, lon, lat, grid_key, area_code, address, component_ident, urgency, occurred_at,
          received_at, person_id, person_role, actor_name, personal, phone_index, email_index, identity_index, confidential, media,
          attributes, decisions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)
        """,
        rows, rows.size(), (statement, row) -> {
          Draft d = row.draft();
          SignalDraft g = d.given;
          Reporter r = g.reporter();
          int i = 1;
          statement.setLong(i++, d.signalId);
          statement.setString(i++, row.outcome().name());
          statement.setString(i++, d.trackingCode);
          statement.setString(i++, g.channel());
          statement.setString(i++, g.sourceSystem());
          statement.setString(i++, g.sourceRef());
          statement.setString(i++, d.caller());
          statement.setString(i++, g.idempotencyKey());
          statement.setBytes(i++, fingerprints(g).getFirst());
          statement.setObject(i++, row.ref() == null ? null : row.ref().caseId(), Types.BIGINT);
          statement.setString(i++, row.ref() == null ? null : row.ref().caseNo());
          statement.setString(i++, d.kindId());
          statement.setString(i++, d.title);
          statement.setString(i++, g.description());
          statement.setObject(i++, d.lon, Types.DOUBLE);
          statement.setObject(i++, d.lat, Types.DOUBLE);
          statement.setObject(i++, d.gridKey, Types.BIGINT);
          statement.setString(i++, d.areaCode);
          statement.setString(i++, g.address());
          statement.setString(i++, g.componentIdent());
          statement.setString(i++, d.urgency);
          statement.setObject(i++, at(d.occurredAt));
          statement.setObject(i++, at(d.receivedAt));
          statement.setObject(i++, d.by.personId(), Types.BIGINT);
          statement.setString(i++, d.by.role() == null ? null : d.by.role().name());
          statement.setString(i++, d.actorName());
          statement.setBytes(i++, reporters.seal(d.signalId, r, g.attributes()));
          statement.setBytes(i++, r == null ? null : reporters.phoneIndex(r.phone()));
          statement.setBytes(i++, r == null ? null : reporters.emailIndex(r.email()));
          statement.setBytes(i++, r == null ? null : reporters.identityIndex(r.identityNumber()));
          statement.setBoolean(i++, r != null && r.confidential());
          statement.setArray(i++, statement.getConnection().createArrayOf("text", g.media().toArray()));
          statement.setString(i++, json.writeValueAsString(ReporterSeal.open(g.attributes())));
          statement.setString(i, json.writeValueAsString(d.decisions));
        });
  }

  /** After a person gave it a place: what was found out, and where it went. */
  void updatePlaced(Stored row) {
    Draft d = row.draft();
    jdbc.sql(
            """
            UPDATE intake_signal SET state = :state, case_id = :caseId, case_no = :caseNo, kind_id = :kind, lon = :lon, lat = :lat,
              grid_key = :grid, area_code = :area, decisions = :decisions::jsonb
            WHERE id = :id
            """)
        .param("state", row.outcome().name()).param("caseId", row.ref().caseId()).param("caseNo", row.ref().caseNo())
        .param("kind", d.kindId()).param("lon", d.lon).param("lat", d.lat).param("grid", d.gridKey).param("area", d.areaCode)
        .param("decisions", json.writeValueAsString(d.decisions)).param("id", d.signalId)
        .update();
  }

  void updateState(long id, Outcome state, Decision why) {
    jdbc.sql("UPDATE intake_signal SET state = :state, decisions = decisions || :why::jsonb WHERE id = :id")
        .param("state", state.name()).param("why", json.writeValueAsString(List.of(why))).param("id", id).update();
  }

  int rebind(Collection<Long> ids, long caseId, String caseNo, Decision why) {
    return jdbc.sql("UPDATE intake_signal SET case_id = :case, case_no = :no, decisions = decisions || :why::jsonb WHERE id = ANY (:ids) AND case_id IS NOT NULL")
        .param("case", caseId).param("no", caseNo).param("why", json.writeValueAsString(List.of(why))).param("ids", ids.toArray(Long[]::new)).update();
  }

  List<Long> idsOfCase(long caseId) {
    return jdbc.sql("SELECT id FROM intake_signal WHERE case_id = :case ORDER BY id").param("case", caseId).query(Long.class).list();
  }

  Optional<Known> byKey(String caller, String key) {
    return jdbc.sql("SELECT " + KNOWN + " FROM intake_signal WHERE caller = :caller AND idempotency_key = :key")
        .param("caller", caller).param("key", key).query(this::known).optional();
  }

  Optional<Known> bySource(String system, String ref) {
    return jdbc.sql("SELECT " + KNOWN + " FROM intake_signal WHERE source_system = :system AND source_ref = :ref")
        .param("system", system).param("ref", ref).query(this::known).optional();
  }

  /** Those references of a system that were taken before. */
  List<String> knownRefs(String system, Collection<String> refs) {
    return jdbc.sql("SELECT source_ref FROM intake_signal WHERE source_system = :system AND source_ref = ANY (:refs)")
        .param("system", system).param("refs", refs.toArray(String[]::new)).query(String.class).list();
  }

  /** Makes transactions with the same key wait for each other until they end. */
  void lockKey(String... parts) {
    jdbc.sql("SELECT 1 FROM pg_advisory_xact_lock(:key)").param("key", lockOf(parts)).query(Integer.class).single();
  }

  private static long lockOf(String... parts) {
    return java.nio.ByteBuffer.wrap(sha256(String.join("\u001f", parts))).getLong() & Long.MAX_VALUE & ~MatchStep.LOCK_SPACE;
  }

  Map<Long, List<Said>> lastSaid(Collection<Long> caseIds) {
    Map<Long, List<Said>> said = new HashMap<>();
    jdbc.sql(
            """
            SELECT c.id, s.title, s.description, s.phone_index, s.email_index
            FROM unnest(:cases::bigint[]) AS c (id)
            CROSS JOIN LATERAL (
              SELECT title, description, phone_index, email_index FROM intake_signal
              WHERE case_id = c.id ORDER BY id DESC LIMIT :most) s
            """)
        .param("cases", caseIds.toArray(Long[]::new)).param("most", TEXTS_PER_CASE)
        .query(row -> {
          said.computeIfAbsent(row.getLong(1), k -> new java.util.ArrayList<>())
              .add(new Said(text(row.getString(2), row.getString(3)), ReporterSeal.key(row.getBytes(4), row.getBytes(5))));
        });
    return said;
  }

  /** What a report says; a title that is only the beginning of the description adds nothing. */
  static String text(String title, String description) {
    String beginning = title == null ? "" : title.endsWith("…") ? title.substring(0, title.length() - 1) : title;
    return description.startsWith(beginning) ? description : title + "\n" + description;
  }

  /** The newest reports, within sight, of whoever has one of these blind indexes. */
  List<SignalView> listOfReporter(String kind, String normalised, int most) {
    String column = switch (kind) {
      case "phone" -> "phone_index";
      case "email" -> "email_index";
      case "identity" -> "identity_index";
      default -> throw new IllegalArgumentException("there is no index of " + kind);
    };
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE " + column + " = ANY (:indexes) ORDER BY id DESC LIMIT :most")
        .param("indexes", reporters.indexes(kind, normalised).toArray(byte[][]::new)).param("most", most).query(this::row).list().stream().map(Row::view).toList();
  }

  Optional<Row> find(long id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE id = :id").param("id", id).query(this::row).optional();
  }

  /** So that two people do not place the same signal. */
  Optional<Row> findForUpdate(long id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE id = :id FOR UPDATE").param("id", id).query(this::row).optional();
  }

  Optional<Row> findByTrackingCode(String code) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE tracking_code = :code").param("code", code).query(this::row).optional();
  }

  Optional<Row> findBySource(String system, String ref) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE source_system = :system AND source_ref = :ref")
        .param("system", system).param("ref", ref).query(this::row).optional();
  }

  List<Row> listOfCase(long caseId) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE case_id = :case ORDER BY id").param("case", caseId).query(this::row).list();
  }

  List<Row> listByIds(Collection<Long> ids) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM intake_signal WHERE id = ANY (:ids) ORDER BY id")
        .param("ids", ids.toArray(Long[]::new)).query(this::row).list();
  }

  Slice<SignalView> list(SignalQuery q, String areaLow, String areaHigh) {
    StringBuilder sql = new StringBuilder("SELECT ").append(COLUMNS).append(" FROM intake_signal WHERE area_code >= :low AND area_code < :high");
    Map<String, Object> params = new HashMap<>();
    params.put("low", areaLow);
    params.put("high", areaHigh);
    also(sql, params, "state", q.state() == null ? null : q.state().name(), " AND state = :state");
    also(sql, params, "channels", q.channels().isEmpty() ? null : q.channels().toArray(String[]::new), " AND channel = ANY (:channels)");
    also(sql, params, "kinds", q.kindIds().isEmpty() ? null : q.kindIds().toArray(String[]::new), " AND kind_id = ANY (:kinds)");
    also(sql, params, "text", q.text() == null || q.text().isBlank() ? null : "%" + q.text().strip().replaceAll("([%_\\\\])", "\\\\$1") + "%",
        " AND (title ILIKE :text OR description ILIKE :text OR address ILIKE :text)");
    also(sql, params, "from", q.from() == null ? null : at(q.from()), " AND received_at >= :from");
    also(sql, params, "to", q.to() == null ? null : at(q.to()), " AND received_at < :to");
    also(sql, params, "after", q.after() == null ? null : Long.parseLong(q.after()), " AND id < :after");
    params.put("limit", q.limit() + 1);
    List<Row> rows = jdbc.sql(sql.append(" ORDER BY id DESC LIMIT :limit").toString()).params(params).query(this::row).list();
    boolean more = rows.size() > q.limit();
    List<SignalView> items = rows.stream().limit(q.limit()).map(Row::view).toList();
    return new Slice<>(items, more ? String.valueOf(items.getLast().id()) : null);
  }

  private static void also(StringBuilder sql, Map<String, Object> params, String name, Object value, String condition) {
    if (value != null) {
      sql.append(condition);
      params.put(name, value);
    }
  }

  Map<String, Long> countWaiting() {
    Map<String, Long> counts = new TreeMap<>();
    jdbc.sql("SELECT area_code, count(*) FROM intake_signal WHERE state = 'WAITING_PLACE' GROUP BY area_code")
        .query(row -> {
          counts.put(row.getString(1), row.getLong(2));
        });
    return counts;
  }

  private Known known(ResultSet row, int i) throws SQLException {
    return new Known(row.getLong("id"), row.getString("caller"), row.getString("area_code"), row.getString("tracking_code"), Outcome.valueOf(row.getString("state")), row.getObject("case_id", Long.class),
        row.getString("case_no"), json.readValue(row.getString("decisions"), DECISIONS), row.getBytes("fingerprint"));
  }

  private Row row(ResultSet row, int i) throws SQLException {
    ReporterSeal.Content personal = ReporterSeal.NOTHING;
    BrokenSeal broken = null;
    try {
      personal = reporters.open(row.getLong("id"), row.getBytes("personal"));
    } catch (BrokenSeal e) {
      e.log();
      broken = e;
    }
    Reporter known = personal.reporter(row.getBoolean("confidential"));
    Array media = row.getArray("media");
    var view = new SignalView(row.getLong("id"), Outcome.valueOf(row.getString("state")), row.getString("channel"), row.getString("source_system"),
        row.getString("source_ref"), row.getObject("case_id", Long.class), row.getString("case_no"), row.getString("kind_id"), row.getString("title"),
        row.getString("description"), row.getObject("lon", Double.class), row.getObject("lat", Double.class), row.getObject("grid_key", Long.class),
        row.getString("area_code"), row.getString("address"), row.getString("component_ident"), row.getString("urgency"),
        instant(row, "occurred_at"), instant(row, "received_at"), known == null ? null : Mask.of(known), broken != null, Arrays.asList((String[]) media.getArray()),
        json.readValue(row.getString("attributes"), ATTRIBUTES), json.readValue(row.getString("decisions"), DECISIONS));
    return new Row(view, row.getString("tracking_code"), known, personal.attributes(), row.getObject("person_id", Long.class), row.getString("person_role"), row.getString("actor_name"), broken);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** Whether a report is the same as one kept before. Of one from before reporters were sealed it is taken to be. */
  boolean same(Known known, SignalDraft draft) {
    return known.fingerprint().length == 0 || fingerprints(draft).stream().anyMatch(print -> Arrays.equals(print, known.fingerprint()));
  }

  /**
   * Of everything the caller sent but the key itself; the present one first. Where it covers personal data it is keyed:
   * a bare hash would let who has the database try telephone numbers.
   */
  private List<byte[]> fingerprints(SignalDraft draft) {
    Reporter r = draft.reporter();
    SignalDraft body = draft.toBuilder().idempotencyKey(null).attributes(Map.of()).reporter(null).build();
    String text = body + "\u001f" + new TreeMap<>(draft.attributes());
    return r == null ? List.of(sha256(text))
        : reporters.indexes("fingerprint", String.join("\u001f", text, r.name(), r.phone(), r.email(), r.identityNumber(), r.confidential().toString()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
