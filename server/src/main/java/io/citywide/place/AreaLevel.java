package io.citywide.place;

/** The levels of the area tree, widest first. */
public enum AreaLevel {
  CITY(6, "城市"),
  DISTRICT(6, "区县"),
  STREET(9, "街道"),
  COMMUNITY(12, "社区"),
  UNIT_GRID(15, "单元网格");

  private final int codeLength;
  private final String nameZh;

  AreaLevel(int codeLength, String nameZh) {
    this.codeLength = codeLength;
    this.nameZh = nameZh;
  }

  /** Characters of an area code at this level. */
  public int codeLength() {
    return codeLength;
  }

  public String nameZh() {
    return nameZh;
  }
}
