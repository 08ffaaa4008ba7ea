package io.citywide.dispatch.internal;

import io.citywide.dispatch.internal.Matrix.Absence;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.Stationing;
import io.citywide.identity.Units;
import java.time.LocalDate;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whether a unit can be given work on a day. */
@Component
class Attendance {

  private final Units units;

  Attendance(Units units) {
    this.units = units;
  }

  Optional<Absence> absence(long unitId, LocalDate day) {
    return units.findUnit(unitId).map(unit -> absence(unit, day)).orElse(Optional.of(new Absence.Unknown()));
  }

  static Optional<Absence> absence(UnitRef unit, LocalDate day) {
    if (!unit.active()) {
      return Optional.of(new Absence.Inactive());
    }
    return unit.stationing() == Stationing.TEMPORARY && unit.stationedUntil().isBefore(day)
        ? Optional.of(new Absence.StationingEnded(unit.stationedUntil()))
        : Optional.empty();
  }
}
