package io.citywide.identity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The units of the city. Reference data: every signed-in person may read it. */
public interface Units {

  Optional<UnitRef> findUnit(long id);

  Optional<UnitRef> findUnitByCode(String code);

  /** First active unit of exactly this name, compared without regard to case and space. */
  Optional<UnitRef> findUnitByName(String name);

  List<UnitRef> listUnits();

  /** Names by id, for those of {@code ids} that exist. */
  Map<Long, String> names(Collection<Long> ids);

  /** The unit and every unit below it. */
  Set<Long> subtree(long unitId);

  /**
   * Creates a unit.
   *
   * @throws io.citywide.platform.ProblemException {@code identity.invalid-unit}, {@code identity.code-taken}
   */
  UnitRef create(UnitRef draft);
}
