package io.citywide.sensing.internal.warning;

import io.citywide.identity.Role;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.sensing.internal.warning.Route.Target;
import io.citywide.sensing.internal.warning.Route.Way;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table sensing_route. Joins the caller's transaction and sees what its scope sees. */
@Component
class RouteStore {

  private static final String COLUMNS = "watch, area_code, area_prefix, level, grade_from, target, unit_id, duty_role, way, address, acknowledge_minutes, changed_by, changed_at";
  private static final String VALUES = """
      :watch, :area, :prefix, :level, :grade, :target, CAST(:unit AS bigint), CAST(:role AS text), :way, :address, CAST(:minutes AS integer), :by, :at""";

  private final JdbcClient jdbc;

  RouteStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** By area, level and id: a city has some hundreds. */
  List<Route> listAll() {
    return jdbc.sql("SELECT * FROM sensing_route ORDER BY area_prefix, id").query(RouteStore::route).list();
  }

  Optional<Route> find(long id) {
    return jdbc.sql("SELECT * FROM sensing_route WHERE id = :id").param("id", id).query(RouteStore::route).optional();
  }

  Route insert(Route r) {
    return jdbc.sql("INSERT INTO sensing_route (" + COLUMNS + ") VALUES (" + VALUES + ") RETURNING *").params(params(r)).query(RouteStore::route).single();
  }

  /** Empty where it has another version by now. */
  Optional<Route> change(Route r) {
    return jdbc.sql("UPDATE sensing_route SET (" + COLUMNS + ") = (" + VALUES + "), version = version + 1 WHERE id = :id AND version = :version RETURNING *")
        .params(params(r)).param("id", r.id()).param("version", r.version()).query(RouteStore::route).optional();
  }

  /** The secret of its webhook is another one from now on. */
  Route renewSecret(long id) {
    return jdbc.sql("UPDATE sensing_route SET secret_version = secret_version + 1, version = version + 1 WHERE id = :id RETURNING *").param("id", id).query(RouteStore::route).single();
  }

  void delete(long id) {
    jdbc.sql("DELETE FROM sensing_route WHERE id = :id").param("id", id).update();
  }

  private static Map<String, Object> params(Route r) {
    Map<String, Object> p = new HashMap<>();
    p.put("watch", r.watch());
    p.put("area", r.areaCode());
    p.put("prefix", r.areaCode().isEmpty() ? "" : AreaCode.prefix(r.areaCode()));
    p.put("level", r.level().name());
    p.put("grade", Warning.weight(r.gradeFrom()));
    p.put("target", r.target().name());
    p.put("unit", r.unitId());
    p.put("role", r.dutyRole() == null ? null : r.dutyRole().name());
    p.put("way", r.way().name());
    p.put("address", r.address());
    p.put("minutes", r.acknowledgeWithin() == null ? null : (int) r.acknowledgeWithin().toMinutes());
    p.put("by", r.changedBy());
    p.put("at", WarningStore.utc(r.changedAt()));
    return p;
  }

  private static Route route(ResultSet rs, int i) throws SQLException {
    String role = rs.getString("duty_role");
    Integer minutes = rs.getObject("acknowledge_minutes", Integer.class);
    return new Route(rs.getLong("id"), rs.getString("watch"), rs.getString("area_code"), AreaLevel.valueOf(rs.getString("level")), Warning.grade(rs.getInt("grade_from")),
        Target.valueOf(rs.getString("target")), rs.getObject("unit_id", Long.class), role == null ? null : Role.valueOf(role), Way.valueOf(rs.getString("way")),
        rs.getString("address"), minutes == null ? null : Duration.ofMinutes(minutes), rs.getInt("secret_version"), rs.getInt("version"), rs.getString("changed_by"),
        WarningStore.instant(rs, "changed_at"));
  }
}
