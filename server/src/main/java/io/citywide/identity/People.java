package io.citywide.identity;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The people who work with the platform, as other modules may know them. */
public interface People {

  /** Names by id, for those of {@code ids} that exist. */
  Map<Long, String> names(Collection<Long> ids);

  /** Whether the person holds a current position in one of the units below {@code unitId}. */
  boolean worksIn(long personId, long unitId);

  Optional<String> findName(long personId);
}
