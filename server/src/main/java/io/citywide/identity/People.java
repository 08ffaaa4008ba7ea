package io.citywide.identity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The people who work with the platform, as other modules may know them. */
public interface People {

  /** Names by id, for those of {@code ids} that exist. */
  Map<Long, String> names(Collection<Long> ids);

  /** Whether the person holds a current position in one of the units below {@code unitId}. */
  boolean worksIn(long personId, long unitId);

  Optional<String> findName(long personId);

  /**
   * As whom people may look while they are not there: for each active person one viewer for each position of today, none with a session.
   * Who holds no position, or must change the password first, may do next to nothing.
   */
  Map<Long, List<Viewer>> viewers(Collection<Long> personIds);
}
