package io.citywide.cases;

/** In what a limit is counted (GB/T 30428.8). */
public enum LimitUnit {
  /** 紧急工作时: hours on the continuous clock; nights and holidays count. */
  URGENT_HOUR("紧急工作时"),
  /** 工作时: hours within the shifts of workdays. */
  WORKING_HOUR("工作时"),
  /** 工作日, convention (a): as many working minutes as that many days have. */
  WORKING_DAY("工作日"),
  /** 工作日, convention (b): the end of the n-th workday after the day of the start. */
  WORKING_DAY_END("工作日（至第 n 个工作日下班）"),
  /** 自然日: the same time of day, n days later. */
  NATURAL_DAY("自然日");

  private final String nameZh;

  LimitUnit(String nameZh) {
    this.nameZh = nameZh;
  }

  public String nameZh() {
    return nameZh;
  }

  /** Whether the clock runs at night and on holidays as well. */
  public boolean continuous() {
    return switch (this) {
      case URGENT_HOUR, NATURAL_DAY -> true;
      case WORKING_HOUR, WORKING_DAY, WORKING_DAY_END -> false;
    };
  }
}
