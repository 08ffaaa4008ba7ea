package io.citywide.cases.internal.map;

import io.citywide.cases.CaseStage;
import java.time.Duration;
import java.time.Instant;

/**
 * An open case as the map draws it.
 *
 * @param kindId {@code null}: nobody knew yet
 * @param areaCode deepest known area
 * @param dueAt what counted then; {@code null} where no clock ran
 */
record CaseDot(long id, CaseStage stage, String kindId, double lon, double lat, String areaCode, Instant dueAt) {

  /** Stands for the kind of a case that has none. */
  static final String NO_KIND = "none";

  /** How a case stands with its time, by the grade that the map gives it. */
  enum Due {
    OK(1),
    SOON(3),
    OVERDUE(4);

    final int grade;

    Due(int grade) {
      this.grade = grade;
    }
  }

  String kind() {
    return kindId == null ? NO_KIND : kindId;
  }

  /** Equal to the deadline is in time. */
  Due due(Instant now, Duration soon) {
    if (dueAt == null) {
      return Due.OK;
    }
    return now.isAfter(dueAt) ? Due.OVERDUE : now.isAfter(dueAt.minus(soon)) ? Due.SOON : Due.OK;
  }
}
