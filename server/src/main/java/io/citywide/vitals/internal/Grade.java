package io.citywide.vitals.internal;

import io.citywide.sensing.WarningGrade;

/** How a value is judged: in order, or one of the four colours of warnings, blue the mildest. */
public enum Grade {
  NORMAL,
  BLUE,
  YELLOW,
  ORANGE,
  RED;

  /** Of a score: the bounds are those at which {@link Bands} puts them. */
  static Grade ofScore(double score) {
    return score >= 85 ? NORMAL : score >= 70 ? BLUE : score >= 55 ? YELLOW : score >= 40 ? ORANGE : RED;
  }

  /** Whether it is one of the four colours; {@code null}, which is not judged, is not wrong. */
  static boolean isWrong(Grade grade) {
    return grade != null && grade != NORMAL;
  }

  static Grade of(Integer number) {
    return number == null ? null : values()[number];
  }

  static Grade of(WarningGrade grade) {
    return values()[WarningGrade.values().length + 1 - grade.level()];
  }
}
