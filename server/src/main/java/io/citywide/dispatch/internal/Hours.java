package io.citywide.dispatch.internal;

/** When a rule holds, by the city's working calendar. */
public enum Hours {
  ANY("全天"),
  WORKING("工作时间"),
  OFF("非工作时间");

  private final String nameZh;

  Hours(String nameZh) {
    this.nameZh = nameZh;
  }

  public String nameZh() {
    return nameZh;
  }

  boolean holds(boolean working) {
    return switch (this) {
      case ANY -> true;
      case WORKING -> working;
      case OFF -> !working;
    };
  }
}
