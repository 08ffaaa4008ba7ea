package io.citywide.sensing.internal.warning;

/** What a warning comes from. */
public enum Origin {
  /** A watch rule. */
  WATCH("监测规则", "Watch rule"),
  /** A device or a source that says nothing any more. */
  SILENCE("断供", "Silence"),
  /** A camera or an algorithm. */
  CAMERA("视频识别", "Camera");

  private final String nameZh;
  private final String nameEn;

  Origin(String nameZh, String nameEn) {
    this.nameZh = nameZh;
    this.nameEn = nameEn;
  }

  public String nameZh() {
    return nameZh;
  }

  public String nameEn() {
    return nameEn;
  }
}
