package io.citywide.dispatch.internal;

/** When a rule holds, by the city's working calendar. */
public enum Hours {
  ANY("全天", "at all hours"),
  WORKING("工作时间", "in working hours"),
  OFF("非工作时间", "outside working hours");

  private final String nameZh;
  private final String nameEn;

  Hours(String nameZh, String nameEn) {
    this.nameZh = nameZh;
    this.nameEn = nameEn;
  }

  public String nameZh() {
    return nameZh;
  }

  /** As it ends a sentence: "… in working hours". */
  public String nameEn() {
    return nameEn;
  }

  boolean holds(boolean working) {
    return switch (this) {
      case ANY -> true;
      case WORKING -> working;
      case OFF -> !working;
    };
  }
}
