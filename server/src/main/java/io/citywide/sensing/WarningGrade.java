package io.citywide.sensing;

/** Colours of warnings after 突发事件应对法 §63: 一级 red is the highest. */
public enum WarningGrade {
  BLUE("蓝色", 4),
  YELLOW("黄色", 3),
  ORANGE("橙色", 2),
  RED("红色", 1);

  private final String nameZh;
  private final int level;

  WarningGrade(String nameZh, int level) {
    this.nameZh = nameZh;
    this.level = level;
  }

  public String nameZh() {
    return nameZh;
  }

  /** 1 (red) to 4 (blue). */
  public int level() {
    return level;
  }
}
