package io.citywide.cases;

/** Where a case stands; the stages of GB/T 30428.8 from report to evaluation, and the two ways of not becoming a case. */
public enum CaseStage {
  REPORTED("上报", "Reported"),
  ACCEPTED("受理", "Accepted"),
  VERIFYING("核实中", "Being verified"),
  VERIFIED("已核实", "Verified"),
  FILED("立案", "Filed"),
  DISPATCHED("派遣", "Dispatched"),
  RECEIVED("部门接收", "Received"),
  DISPOSED("处置完成", "Disposed"),
  CHECKED("核查通过", "Checked"),
  CLOSED("结案", "Closed"),
  EVALUATED("已评价", "Evaluated"),
  NOT_ACCEPTED("不予受理", "Not accepted"),
  VOID("作废", "Void");

  private final String nameZh;
  private final String nameEn;

  CaseStage(String nameZh, String nameEn) {
    this.nameZh = nameZh;
    this.nameEn = nameEn;
  }

  public String nameZh() {
    return nameZh;
  }

  public String nameEn() {
    return nameEn;
  }

  /** Whether work is still to be done: neither closed nor turned away. Matches the column {@code case_file.open}. */
  public boolean open() {
    return switch (this) {
      case REPORTED, ACCEPTED, VERIFYING, VERIFIED, FILED, DISPATCHED, RECEIVED, DISPOSED, CHECKED -> true;
      case CLOSED, EVALUATED, NOT_ACCEPTED, VOID -> false;
    };
  }
}
