package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Role;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Whom a task of a unit can be given to: names and roles only, no accounts. */
@Component
public class Colleagues {

  /** A person in a current position of a unit. */
  public record Colleague(long id, String name, Role role, long unitId, String unitName) {}

  private final JdbcClient jdbc;
  private final Units units;

  Colleagues(JdbcClient jdbc, Units units) {
    this.jdbc = jdbc;
    this.units = units;
  }

  /**
   * People of the unit and of the units below it, by name; administrators are left out.
   *
   * @throws ProblemException {@code identity.unknown-unit}, also where the viewer is bound to other units
   */
  @Transactional(readOnly = true)
  public List<Colleague> list(long unitId) {
    Set<Long> bound = Viewer.current().units();
    if (units.findUnit(unitId).isEmpty() || !(bound.isEmpty() || bound.contains(unitId))) {
      throw new ProblemException(IdentityProblem.UNKNOWN_UNIT, "there is no unit " + unitId + " in your sight", Map.of("value", unitId)).zh("没有此单位，或不在您的可见范围内");
    }
    Set<Long> within = units.subtree(unitId);
    Map<Long, String> names = units.names(within);
    return jdbc.sql("""
            SELECT DISTINCT p.id, p.name, o.role, o.unit_id
            FROM identity_position o JOIN identity_person p ON p.id = o.person_id
            WHERE o.ended_at IS NULL AND p.active AND o.unit_id = ANY (:units)
            ORDER BY p.name, p.id, o.unit_id""")
        .param("units", within.toArray(Long[]::new))
        .query((row, n) -> new Colleague(row.getLong("id"), row.getString("name"), Role.valueOf(row.getString("role")), row.getLong("unit_id"),
            names.getOrDefault(row.getLong("unit_id"), "")))
        .list()
        .stream()
        .filter(c -> !c.role().administrator())
        .toList();
  }
}
