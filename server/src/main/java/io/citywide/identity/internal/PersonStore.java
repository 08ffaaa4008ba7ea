package io.citywide.identity.internal;

import io.citywide.identity.People;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** People as other modules may know them. */
@Component
class PersonStore implements People {

  private final JdbcClient jdbc;
  private final Units units;
  private final Sessions sessions;

  PersonStore(JdbcClient jdbc, Units units, Sessions sessions) {
    this.jdbc = jdbc;
    this.units = units;
    this.sessions = sessions;
  }

  @Override
  @Transactional(readOnly = true)
  public Map<Long, String> names(Collection<Long> ids) {
    Map<Long, String> names = new HashMap<>();
    if (!ids.isEmpty()) {
      jdbc.sql("SELECT id, name FROM identity_person WHERE id = ANY (:ids)")
          .param("ids", ids.stream().distinct().toArray(Long[]::new))
          .query(row -> {
            names.put(row.getLong("id"), row.getString("name"));
          });
    }
    return names;
  }

  @Override
  @Transactional(readOnly = true)
  public boolean worksIn(long personId, long unitId) {
    Set<Long> below = units.subtree(unitId);
    return jdbc.sql("SELECT unit_id FROM identity_position WHERE person_id = :person AND ended_at IS NULL AND unit_id IS NOT NULL")
        .param("person", personId)
        .query(Long.class)
        .list()
        .stream()
        .anyMatch(below::contains);
  }

  @Override
  public Optional<String> findName(long personId) {
    return Optional.ofNullable(names(List.of(personId)).get(personId));
  }

  @Override
  @Transactional(readOnly = true)
  public Map<Long, List<Viewer>> viewers(Collection<Long> personIds) {
    return personIds.isEmpty() ? Map.of() : sessions.viewers(personIds);
  }
}
