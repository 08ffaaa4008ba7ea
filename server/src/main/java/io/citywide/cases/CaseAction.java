package io.citywide.cases;

/** What may be done to a case. Who may do it in which stage, the table of the life cycle says. */
public enum CaseAction {
  OPEN("上报", "Report"),
  IMPORT("导入", "Import"),
  ACCEPT("受理", "Accept"),
  DECLINE("不予受理", "Decline"),
  REQUEST_VERIFICATION("要求核实", "Ask for verification"),
  VERIFY("核实", "Verify"),
  FILE("立案", "File"),
  DISPATCH("派遣", "Dispatch"),
  RECEIVE("接收", "Receive"),
  RETURN("退回", "Return"),
  ASSIGN("指派", "Assign"),
  DISPOSE("处置反馈", "Report disposal"),
  CHECK("核查", "Check"),
  CLOSE("结案", "Close"),
  EVALUATE("评价", "Evaluate"),
  REQUEST_EXTENSION("申请延期", "Ask for an extension"),
  DECIDE_EXTENSION("审批延期", "Decide the extension"),
  SUSPEND("申请挂账", "Ask for suspension"),
  DECIDE_SUSPENSION("审批挂账", "Decide the suspension"),
  RESUME("恢复计时", "Resume"),
  SUPERVISE("督办", "Supervise"),
  URGE("催办", "Urge"),
  VOID("作废", "Void"),
  REQUEST_FORCED_CLOSURE("申请强制结案", "Ask for forced closure"),
  DECIDE_FORCED_CLOSURE("审批强制结案", "Decide the forced closure"),
  REOPEN("重新立案", "Reopen"),
  CLASSIFY("改类", "Classify"),
  RELOCATE("改址", "Relocate"),
  JOIN_SIGNAL("并入上报", "Join a signal"),
  SPLIT("拆分", "Split"),
  MERGE("合并", "Merge"),
  NOTE("批注", "Note");

  private final String nameZh;
  private final String nameEn;

  CaseAction(String nameZh, String nameEn) {
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
