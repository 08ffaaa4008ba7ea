package io.citywide.dispatch.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of {@code dispatch_rule} and {@code dispatch_switch}. Within a transaction; row-level security decides what is seen and written. */
@Component
class RuleStore {

  private static final String COLUMNS =
      "id, kind_pattern, area_code, hours, lead_unit_id, assist_unit_ids, valid_from, valid_to, version";

  private final JdbcClient jdbc;
  private final Clock clock;

  RuleStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  List<Rule> listRules() {
    return jdbc.sql("SELECT " + COLUMNS + " FROM dispatch_rule ORDER BY area_prefix, kind_pattern, hours, valid_from NULLS FIRST")
        .query(RuleStore::rule)
        .list();
  }

  /** One page in the order of ids. */
  List<Rule> listRules(RuleQuery query, long after, int limit) {
    return jdbc.sql("SELECT " + COLUMNS
            + """
               FROM dispatch_rule
              WHERE id > :after
                AND (:kind::text IS NULL OR kind_pattern = :kind)
                AND (:unit::bigint IS NULL OR lead_unit_id = :unit OR :unit = ANY (assist_unit_ids))
                AND (:area::text IS NULL OR (area_prefix < :high AND area_prefix || '~' > :low))
              ORDER BY id LIMIT :limit
              """)
        .param("after", after)
        .param("kind", query.kindPattern())
        .param("unit", query.unitId())
        .param("area", query.areaCode())
        .param("low", query.areaCode() == null ? "" : AreaScope.of(query.areaCode()).low())
        .param("high", query.areaCode() == null ? "" : AreaScope.of(query.areaCode()).high())
        .param("limit", limit)
        .query(RuleStore::rule)
        .list();
  }

  /** What a list of rules is narrowed to; {@code null}: not narrowed. */
  record RuleQuery(String kindPattern, String areaCode, Long unitId) {}

  Optional<Rule> findRule(long id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM dispatch_rule WHERE id = :id").param("id", id).query(RuleStore::rule).optional();
  }

  /** The rule of the same kind, area, hours and first day, locked until the end of the transaction. */
  Optional<Rule> findSameKey(Rule rule) {
    return jdbc.sql("SELECT " + COLUMNS
            + """
               FROM dispatch_rule
              WHERE kind_pattern = :kind AND area_code = :area AND hours = :hours AND valid_from IS NOT DISTINCT FROM :from::date
              """)
        .param("kind", rule.kind().text())
        .param("area", rule.areaCode())
        .param("hours", rule.hours().name())
        .param("from", rule.validFrom())
        .query(RuleStore::rule)
        .optional();
  }

  /** @throws org.springframework.dao.DuplicateKeyException where a rule has the same key */
  Rule insert(Rule rule) {
    return jdbc.sql(
            """
            INSERT INTO dispatch_rule (kind_pattern, area_code, area_prefix, hours, lead_unit_id, assist_unit_ids, valid_from, valid_to,
                                       changed_by, changed_at)
            VALUES (:kind, :area, :prefix, :hours, :lead, :assist, :from::date, :to::date, :by, :at)
            RETURNING\s"""
                + COLUMNS)
        .param("kind", rule.kind().text())
        .param("area", rule.areaCode())
        .param("prefix", rule.areaPrefix())
        .param("hours", rule.hours().name())
        .param("lead", rule.leadUnitId())
        .param("assist", rule.assistUnitIds().toArray(Long[]::new))
        .param("from", rule.validFrom())
        .param("to", rule.validTo())
        .param("by", Viewer.current().displayName())
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .query(RuleStore::rule)
        .single();
  }

  /**
   * Replaces the rule of this id where it still has this version; empty where it has not, or is not the viewer's to change.
   *
   * @throws org.springframework.dao.DuplicateKeyException where another rule has the same key
   */
  Optional<Rule> change(Rule rule) {
    return jdbc.sql(
            """
            UPDATE dispatch_rule SET kind_pattern = :kind, area_code = :area, area_prefix = :prefix, hours = :hours, lead_unit_id = :lead,
                   assist_unit_ids = :assist, valid_from = :from::date, valid_to = :to::date, version = version + 1,
                   changed_by = :by, changed_at = :at
            WHERE id = :id AND version = :version
            RETURNING\s"""
                + COLUMNS)
        .param("id", rule.id())
        .param("version", rule.version())
        .param("kind", rule.kind().text())
        .param("area", rule.areaCode())
        .param("prefix", rule.areaPrefix())
        .param("hours", rule.hours().name())
        .param("lead", rule.leadUnitId())
        .param("assist", rule.assistUnitIds().toArray(Long[]::new))
        .param("from", rule.validFrom())
        .param("to", rule.validTo())
        .param("by", Viewer.current().displayName())
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .query(RuleStore::rule)
        .optional();
  }

  boolean delete(long id) {
    return jdbc.sql("DELETE FROM dispatch_rule WHERE id = :id").param("id", id).update() == 1;
  }

  List<Switch> listSwitches() {
    return jdbc.sql("SELECT kind_pattern, area_code, automatic FROM dispatch_switch ORDER BY area_prefix, kind_pattern")
        .query((row, n) -> new Switch(new KindPattern(row.getString(1)), row.getString(2), row.getBoolean(3)))
        .list();
  }

  void put(Switch s) {
    jdbc.sql(
            """
            INSERT INTO dispatch_switch (kind_pattern, area_code, area_prefix, automatic, changed_by, changed_at)
            VALUES (:kind, :area, :prefix, :automatic, :by, :at)
            ON CONFLICT (kind_pattern, area_code) DO UPDATE
              SET automatic = excluded.automatic, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """)
        .param("kind", s.kind().text())
        .param("area", s.areaCode())
        .param("prefix", AreaScope.of(s.areaCode()).low())
        .param("automatic", s.automatic())
        .param("by", Viewer.current().displayName())
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /** Tells every server that its copy in memory is old, once the transaction commits. */
  void raiseRevision() {
    jdbc.sql("UPDATE dispatch_revision SET revision = revision + 1").update();
  }

  long revision() {
    return jdbc.sql("SELECT revision FROM dispatch_revision").query(Long.class).single();
  }

  private static Rule rule(ResultSet row, int n) throws SQLException {
    return new Rule(
        row.getLong("id"),
        new KindPattern(row.getString("kind_pattern")),
        row.getString("area_code"),
        Hours.valueOf(row.getString("hours")),
        row.getLong("lead_unit_id"),
        List.of((Long[]) row.getArray("assist_unit_ids").getArray()),
        row.getObject("valid_from", LocalDate.class),
        row.getObject("valid_to", LocalDate.class),
        row.getInt("version"));
  }
}
