package io.citywide.cases.internal;

import io.citywide.cases.CaseHistory;
import io.citywide.identity.AreaScope;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Counts closed cases by unit, kind and area. */
@Component
class UnitRecords implements CaseHistory {

  private final JdbcClient jdbc;

  UnitRecords(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  @Transactional(readOnly = true)
  public List<UnitRecord> listUnitsThatClosed(String kindId, String areaCode, int limit) {
    if (limit < 1 || limit > 100) {
      throw new IllegalArgumentException("limit must be 1 to 100, was " + limit);
    }
    AreaScope area = AreaScope.of(areaCode);
    return jdbc.sql("""
            SELECT lead_unit_id, count(*) FROM case_file
            WHERE kind_id = :kind AND area_code >= :low AND area_code < :high AND closed_at IS NOT NULL AND lead_unit_id IS NOT NULL
            GROUP BY lead_unit_id ORDER BY count(*) DESC, lead_unit_id LIMIT :limit""")
        .param("kind", kindId).param("low", area.low()).param("high", area.high()).param("limit", limit)
        .query((rs, i) -> new UnitRecord(rs.getLong(1), rs.getLong(2)))
        .list();
  }
}
