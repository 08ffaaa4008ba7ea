package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.watching.RuleVersion.Manner;
import io.citywide.sensing.internal.watching.RuleVersion.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of {@code sensing_rule}, within the viewer's scope. */
@Component
class WatchRuleStore {

  private final JdbcClient jdbc;

  WatchRuleStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The newest version of each rule and the one at work, if that is another; by rule, the newest first. */
  List<RuleVersion> listHeads() {
    return jdbc.sql("""
            SELECT * FROM sensing_rule r
            WHERE state = 'PUBLISHED' OR NOT EXISTS (SELECT FROM sensing_rule n WHERE n.rule = r.rule AND n.version > r.version)
            ORDER BY rule, version DESC""").query((rs, i) -> read(rs)).list();
  }

  /** Those at work. */
  List<RuleVersion> listPublished() {
    return jdbc.sql("SELECT * FROM sensing_rule WHERE state = 'PUBLISHED' ORDER BY rule").query((rs, i) -> read(rs)).list();
  }

  /** The newest first. */
  List<RuleVersion> listVersions(String rule) {
    return jdbc.sql("SELECT * FROM sensing_rule WHERE rule = :rule ORDER BY version DESC LIMIT 500").param("rule", rule).query((rs, i) -> read(rs)).list();
  }

  Optional<RuleVersion> find(String rule, State state) {
    return jdbc.sql("SELECT * FROM sensing_rule WHERE rule = :rule AND state = :state").param("rule", rule).param("state", state.name())
        .query((rs, i) -> read(rs)).optional();
  }

  Optional<RuleVersion> find(String rule, int version) {
    return jdbc.sql("SELECT * FROM sensing_rule WHERE rule = :rule AND version = :version").param("rule", rule).param("version", version)
        .query((rs, i) -> read(rs)).optional();
  }

  /** Of two who change a rule at once, the second waits until the first has committed. */
  void lock(String rule) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:rule, 220))").param("rule", rule).query((rs, i) -> 0).single();
  }

  /** Number of the newest version, whoever may see it; 0: there is none. */
  int newest(String rule) {
    return jdbc.sql("SELECT coalesce(max(version), 0) FROM sensing_rule WHERE rule = :rule").param("rule", rule).query(Integer.class).single();
  }

  void insert(RuleVersion v) {
    jdbc.sql("""
            INSERT INTO sensing_rule (rule, version, state, edit, document, name_zh, name_en, type_code, area_low, category, case_from, case_kind, note,
              saved_by, saved_name, saved_at)
            VALUES (:rule, :version, :state, :edit, :document, :nameZh, :nameEn, :type, :area, :category, :caseFrom, :caseKind, :note, :savedBy, :savedName, :savedAt)""")
        .params(params(v)).update();
  }

  /** The draft as it is now. */
  void change(RuleVersion v) {
    jdbc.sql("""
            UPDATE sensing_rule SET edit = :edit, document = :document, name_zh = :nameZh, name_en = :nameEn, type_code = :type, area_low = :area,
              category = :category, case_from = :caseFrom, case_kind = :caseKind, note = :note, saved_by = :savedBy, saved_name = :savedName, saved_at = :savedAt
            WHERE rule = :rule AND version = :version AND state = 'DRAFT'""").params(params(v)).update();
  }

  void publish(RuleVersion draft, Long by, String name, Instant at) {
    jdbc.sql("""
            UPDATE sensing_rule SET state = 'PUBLISHED', published_by = :by, published_name = :name, published_at = :at
            WHERE rule = :rule AND version = :version AND state = 'DRAFT'""")
        .param("by", by, Types.BIGINT).param("name", name).param("at", utc(at)).param("rule", draft.rule()).param("version", draft.version()).update();
  }

  void end(RuleVersion published, State state, Instant at) {
    jdbc.sql("UPDATE sensing_rule SET state = :state, ended_at = :at WHERE rule = :rule AND version = :version AND state = 'PUBLISHED'")
        .param("state", state.name()).param("at", utc(at)).param("rule", published.rule()).param("version", published.version()).update();
  }

  void delete(RuleVersion draft) {
    jdbc.sql("DELETE FROM sensing_rule WHERE rule = :rule AND version = :version AND state = 'DRAFT'").param("rule", draft.rule()).param("version", draft.version()).update();
  }

  /** How many warnings of each rule are live within the scope. */
  Map<String, Long> countLive() {
    Map<String, Long> live = new HashMap<>();
    jdbc.sql("SELECT rule_code, count(*) FROM sensing_warning WHERE state = 'LIVE' GROUP BY rule_code").query(rs -> {
      live.put(rs.getString(1), rs.getLong(2));
    });
    return live;
  }

  private static Map<String, Object> params(RuleVersion v) {
    Map<String, Object> p = new HashMap<>();
    p.put("rule", v.rule());
    p.put("version", v.version());
    p.put("state", v.state().name());
    p.put("edit", v.edit());
    p.put("document", v.document());
    p.put("nameZh", v.name().zh());
    p.put("nameEn", v.name().en());
    p.put("type", v.typeCode());
    p.put("area", v.areaLow());
    p.put("category", v.manner().category());
    p.put("caseFrom", v.manner().caseFrom() == null ? null : v.manner().caseFrom().name());
    p.put("caseKind", v.manner().caseKind());
    p.put("note", v.manner().note());
    p.put("savedBy", v.savedBy());
    p.put("savedName", v.savedName());
    p.put("savedAt", utc(v.savedAt()));
    return p;
  }

  private static RuleVersion read(ResultSet rs) throws SQLException {
    String caseFrom = rs.getString("case_from");
    return new RuleVersion(rs.getString("rule"), rs.getInt("version"), State.valueOf(rs.getString("state")), rs.getInt("edit"), rs.getString("document"),
        new Words(rs.getString("name_en"), rs.getString("name_zh")), rs.getString("type_code"), rs.getString("area_low"),
        new Manner(rs.getString("category"), caseFrom == null ? null : WarningGrade.valueOf(caseFrom), rs.getString("case_kind"), rs.getString("note")),
        rs.getObject("saved_by", Long.class), rs.getString("saved_name"), instant(rs, "saved_at"), rs.getObject("published_by", Long.class),
        rs.getString("published_name"), instant(rs, "published_at"), instant(rs, "ended_at"));
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
