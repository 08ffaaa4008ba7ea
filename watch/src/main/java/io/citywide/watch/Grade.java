package io.citywide.watch;

/** The colours of a warning, 突发事件应对法: blue is the lowest, red the highest. In the order of their weight. */
public enum Grade {
  BLUE("blue", "蓝色"),
  YELLOW("yellow", "黄色"),
  ORANGE("orange", "橙色"),
  RED("red", "红色");

  private final String nameEn;
  private final String nameZh;

  Grade(String nameEn, String nameZh) {
    this.nameEn = nameEn;
    this.nameZh = nameZh;
  }

  public String nameEn() {
    return nameEn;
  }

  public String nameZh() {
    return nameZh;
  }
}
