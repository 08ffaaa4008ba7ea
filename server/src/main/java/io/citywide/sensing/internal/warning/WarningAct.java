package io.citywide.sensing.internal.warning;

/** What can happen to a warning. */
public enum WarningAct {
  RAISED("发布", "Raised"),
  ESCALATED("升级", "Escalated"),
  LOWERED("降级", "Lowered"),
  ENDED("解除", "Ended"),
  ACKNOWLEDGED("签收", "Acknowledged"),
  NOTED("批注", "Note"),
  /** From now on the public feed has it. */
  PUBLISHED("对外公开", "Published"),
  WITHDRAWN("取消公开", "Withdrawn"),
  /** Nobody acknowledged it in time: the next level is told. */
  PASSED_UP("上报上级", "Passed up");

  private final String nameZh;
  private final String nameEn;

  WarningAct(String nameZh, String nameEn) {
    this.nameZh = nameZh;
    this.nameEn = nameEn;
  }

  public String nameZh() {
    return nameZh;
  }

  public String nameEn() {
    return nameEn;
  }

  /** Whether a message of GB/T 35965 goes out with it. */
  boolean sent() {
    return switch (this) {
      case RAISED, ESCALATED, LOWERED, ENDED -> true;
      case ACKNOWLEDGED, NOTED, PUBLISHED, WITHDRAWN, PASSED_UP -> false;
    };
  }
}
