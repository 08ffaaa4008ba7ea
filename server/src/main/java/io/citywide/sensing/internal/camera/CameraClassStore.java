package io.citywide.sensing.internal.camera;

import io.citywide.sensing.WarningGrade;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables sensing_camera_class and sensing_camera_consent. */
@Component
class CameraClassStore {

  private final JdbcClient jdbc;

  CameraClassStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<CameraClass> list() {
    return jdbc.sql("SELECT * FROM sensing_camera_class ORDER BY code").query(CameraClassStore::row).list();
  }

  Optional<CameraClass> find(String code) {
    return jdbc.sql("SELECT * FROM sensing_camera_class WHERE code = :code").param("code", code).query(CameraClassStore::row).optional();
  }

  /** @param type {@code null}: the method says it all */
  Optional<CameraClass> findByGb28181(String method, String type) {
    return jdbc.sql("SELECT * FROM sensing_camera_class WHERE gb28181 IN (:both, :method) ORDER BY length(gb28181) DESC LIMIT 1")
        .param("both", method + "/" + type).param("method", method).query(CameraClassStore::row).optional();
  }

  CameraClass insert(CameraClass c) {
    return params(jdbc.sql("""
        INSERT INTO sensing_camera_class (code, name_zh, name_en, category, kind_id, grade, min_confidence, opens_case, gb28181)
        VALUES (:code, :zh, :en, :category, CAST(:kind AS text), :grade, :confidence, :opens, CAST(:gb AS text)) RETURNING *"""), c).query(CameraClassStore::row).single();
  }

  /** Empty where it has another version by now. */
  Optional<CameraClass> change(CameraClass c) {
    return params(jdbc.sql("""
        UPDATE sensing_camera_class SET name_zh = :zh, name_en = :en, category = :category, kind_id = CAST(:kind AS text), grade = :grade, min_confidence = :confidence,
          opens_case = :opens, gb28181 = CAST(:gb AS text), version = version + 1 WHERE code = :code AND version = :version RETURNING *"""), c).param("version", c.version())
        .query(CameraClassStore::row).optional();
  }

  private static JdbcClient.StatementSpec params(JdbcClient.StatementSpec statement, CameraClass c) {
    return statement.param("code", c.code()).param("zh", c.nameZh()).param("en", c.nameEn()).param("category", c.category()).param("kind", c.kindId())
        .param("grade", c.grade().ordinal() + 1).param("confidence", c.minConfidence()).param("opens", c.opensCase()).param("gb", c.gb28181());
  }

  record Consent(long unitId, String classCode, String reason, String givenBy, Instant givenAt) {}

  List<Consent> listConsents() {
    return jdbc.sql("SELECT * FROM sensing_camera_consent ORDER BY unit_id, class_code")
        .query((rs, i) -> new Consent(rs.getLong("unit_id"), rs.getString("class_code"), rs.getString("reason"), rs.getString("given_by"),
            rs.getObject("given_at", java.time.OffsetDateTime.class).toInstant())).list();
  }

  /** Units that let a picture of this class pass a check. */
  Set<Long> consenting(String classCode) {
    return Set.copyOf(jdbc.sql("SELECT unit_id FROM sensing_camera_consent WHERE class_code = :class").param("class", classCode).query(Long.class).list());
  }

  void give(Consent c) {
    jdbc.sql("""
            INSERT INTO sensing_camera_consent (unit_id, class_code, reason, given_by, given_at) VALUES (:unit, :class, :reason, :by, :at)
            ON CONFLICT (unit_id, class_code) DO UPDATE SET reason = excluded.reason, given_by = excluded.given_by, given_at = excluded.given_at""")
        .param("unit", c.unitId()).param("class", c.classCode()).param("reason", c.reason()).param("by", c.givenBy()).param("at", c.givenAt().atOffset(ZoneOffset.UTC)).update();
  }

  boolean withdraw(long unitId, String classCode) {
    return jdbc.sql("DELETE FROM sensing_camera_consent WHERE unit_id = :unit AND class_code = :class").param("unit", unitId).param("class", classCode).update() == 1;
  }

  private static CameraClass row(ResultSet rs, int i) throws SQLException {
    return new CameraClass(rs.getString("code"), rs.getString("name_zh"), rs.getString("name_en"), rs.getString("category"), rs.getString("kind_id"),
        WarningGrade.values()[rs.getInt("grade") - 1], Math.rint(rs.getFloat("min_confidence") * 1e4) / 1e4, rs.getBoolean("opens_case"), rs.getString("gb28181"), rs.getInt("version"));
  }
}
