package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.UnitRef;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Changes to units, each of them logged. */
@Component
public class UnitDesk {

  private final UnitStore units;
  private final AccessLog log;

  UnitDesk(UnitStore units, AccessLog log) {
    this.units = units;
    this.log = log;
  }

  /** See {@link io.citywide.identity.Units#create}. */
  @Transactional
  public UnitRef create(UnitRef draft) {
    UnitRef made = units.create(draft);
    log.record("unit.created", "unit:" + made.id(), "done", Map.of("code", made.code(), "name", made.name()));
    return made;
  }

  /** Replaces what is known of unit {@code id}. */
  @Transactional
  public UnitRef change(long id, UnitRef draft) {
    UnitRef made = units.change(id, draft);
    log.record("unit.changed", "unit:" + id, "done", Map.of("code", made.code(), "name", made.name()));
    return made;
  }
}
