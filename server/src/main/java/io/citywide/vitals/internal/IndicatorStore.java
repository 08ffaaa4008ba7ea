package io.citywide.vitals.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.Recent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code vitals_indicator}. Within a transaction. */
@Component
class IndicatorStore {

  private static final String COLUMNS = "code, parent_code, position, name_zh, name_en, meaning_zh, meaning_en, unit, decimals, direction, source, formula, aggregation, period, "
      + "weight, thresholds, extract(epoch FROM fresh_for)::bigint AS fresh_seconds, owner_unit_id, standard_ref, evidence, valid_from, valid_to, version, changed_by, changed_at, defined";

  private final JdbcClient jdbc;
  private final Clock clock;
  private final JsonMapper json = JsonMapper.builder().build();
  private final Recent<Long> revision;

  IndicatorStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.revision = new Recent<>(() -> jdbc.sql("SELECT revision FROM vitals_revision").query(Long.class).single());
  }

  /** Something else after every change. */
  long revision() {
    return revision.get();
  }

  /** All, ended ones too: a parent before its children, siblings in their order. */
  List<Indicator> list() {
    return jdbc.sql("SELECT " + COLUMNS + " FROM vitals_indicator ORDER BY position, code").query(this::indicator).list();
  }

  Optional<Indicator> find(String code) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM vitals_indicator WHERE code = :code").param("code", code).query(this::indicator).optional();
  }

  /** Whether it was not there yet. */
  boolean insert(Indicator i) {
    boolean made = bound(jdbc.sql("""
        INSERT INTO vitals_indicator (code, parent_code, position, name_zh, name_en, meaning_zh, meaning_en, unit, decimals, direction, source, formula, aggregation, period,
          weight, thresholds, fresh_for, owner_unit_id, standard_ref, evidence, valid_from, valid_to, changed_by, changed_at)
        VALUES (:code, :parent, :position, :nameZh, :nameEn, :meaningZh, :meaningEn, :unit, :decimals, :direction, :source, :formula, :aggregation, :period,
          :weight, :thresholds::jsonb, make_interval(secs => :fresh), :owner, :standard, :evidence, :from, :to::date, :by, :at)
        ON CONFLICT (code) DO NOTHING"""), i).update() == 1;
    if (made) {
      changed();
    }
    return made;
  }

  /** The version of each, as it is now. */
  Map<String, Integer> versions() {
    Map<String, Integer> versions = new HashMap<>();
    jdbc.sql("SELECT code, version FROM vitals_indicator").query(row -> {
      versions.put(row.getString(1), row.getInt(2));
    });
    return versions;
  }

  /**
   * Whether it still had the version that the change was made on.
   *
   * @param redefined its values mean something else from now on
   */
  boolean change(Indicator i, boolean redefined) {
    boolean made = bound(jdbc.sql("""
        UPDATE vitals_indicator SET parent_code = :parent, position = :position, name_zh = :nameZh, name_en = :nameEn, meaning_zh = :meaningZh, meaning_en = :meaningEn,
          unit = :unit, decimals = :decimals, direction = :direction, source = :source, formula = :formula, aggregation = :aggregation, period = :period, weight = :weight,
          thresholds = :thresholds::jsonb, fresh_for = make_interval(secs => :fresh), owner_unit_id = :owner, standard_ref = :standard, evidence = :evidence,
          valid_from = :from, valid_to = :to::date, version = version + 1,
          defined = CASE WHEN :redefined THEN version + 1 ELSE defined END, changed_by = :by, changed_at = :at
        WHERE code = :code AND version = :version"""), i).param("version", i.version()).param("redefined", redefined).update() == 1;
    if (made) {
      changed();
    }
    return made;
  }

  private void changed() {
    jdbc.sql("UPDATE vitals_revision SET revision = revision + 1").update();
    revision.changed();
  }

  private StatementSpec bound(StatementSpec statement, Indicator i) {
    Map<String, List<?>> thresholds = new LinkedHashMap<>();
    i.thresholds().forEach((level, bands) -> thresholds.put(level, bands.json()));
    return statement.param("code", i.code()).param("parent", i.parentCode()).param("position", i.position()).param("nameZh", i.nameZh()).param("nameEn", i.nameEn())
        .param("meaningZh", i.meaningZh()).param("meaningEn", i.meaningEn()).param("unit", i.unit()).param("decimals", i.decimals()).param("direction", i.direction().name())
        .param("source", i.source().name()).param("formula", i.formula()).param("aggregation", i.aggregation().name()).param("period", i.period().name())
        .param("weight", i.weight()).param("thresholds", json.writeValueAsString(thresholds)).param("fresh", (double) i.freshFor().toSeconds())
        .param("owner", i.ownerUnitId()).param("standard", i.standardRef()).param("evidence", i.evidence()).param("from", i.validFrom()).param("to", i.validTo())
        .param("by", Viewer.current().displayName()).param("at", clock.instant().atOffset(ZoneOffset.UTC));
  }

  private Indicator indicator(ResultSet row, int n) throws SQLException {
    Direction direction = Direction.valueOf(row.getString("direction"));
    Map<String, Bands> thresholds = new LinkedHashMap<>();
    Map<?, ?> given = json.readValue(row.getString("thresholds"), Map.class);
    given.forEach((level, bounds) -> thresholds.put((String) level, Bands.read(direction, (String) level, bounds)));
    return new Indicator(row.getString("code"), row.getString("parent_code"), row.getInt("position"), row.getString("name_zh"), row.getString("name_en"),
        row.getString("meaning_zh"), row.getString("meaning_en"), row.getString("unit"), row.getInt("decimals"), direction, Source.valueOf(row.getString("source")),
        row.getString("formula"), Aggregation.valueOf(row.getString("aggregation")), Period.valueOf(row.getString("period")), row.getDouble("weight"), thresholds,
        Duration.ofSeconds(row.getLong("fresh_seconds")), row.getObject("owner_unit_id", Long.class), row.getString("standard_ref"), row.getString("evidence"),
        row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), row.getInt("version"), row.getString("changed_by"),
        row.getObject("changed_at", OffsetDateTime.class).toInstant(), row.getInt("defined"));
  }
}
