package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
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
    within(draft.areaCode());
    UnitRef made = units.create(draft);
    log.record("unit.created", "unit:" + made.id(), "done", Map.of("code", made.code(), "name", made.name()));
    return made;
  }

  /** Replaces what is known of unit {@code id}. */
  @Transactional
  public UnitRef change(long id, UnitRef draft) {
    within(units.findUnit(id).orElseThrow(() -> UnitStore.unknown(id)).areaCode());
    within(draft.areaCode());
    UnitRef made = units.change(id, draft);
    log.record("unit.changed", "unit:" + id, "done", Map.of("code", made.code(), "name", made.name()));
    return made;
  }

  private static void within(String areaCode) {
    if (areaCode != null && !Viewer.current().area().covers(areaCode)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "the unit's area " + areaCode + " lies outside your area",
          Map.of("field", "areaCode", "value", areaCode))
          .zh("单位所在区域 " + areaCode + " 不在您的管理范围内");
    }
  }
}
