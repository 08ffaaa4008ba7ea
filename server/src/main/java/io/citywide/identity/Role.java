package io.citywide.identity;

import static io.citywide.identity.Permission.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The roles of GB/T 30428.6 and the three administrators of GB/T 22239-2019 §8.1.5. What each may do
 * is this table and nothing else; which steps of the life cycle a role takes, the table of the module
 * {@code cases} says.
 */
public enum Role {
  COLLECTOR("监督员", "Collector", Kind.BUSINESS, SIGNAL_REPORT, CASE_WORK, HOUSEHOLD_READ),
  ACCEPTOR("受理员", "Acceptor", Kind.BUSINESS, SIGNAL_REPORT, SIGNAL_TRIAGE, CASE_WORK, CASE_MERGE, PERSONAL_DATA_REVEAL, HOUSEHOLD_READ, EVALUATION_READ, DUTY_READ, WARNING_WORK),
  SHIFT_LEADER("值班长", "Shift leader", Kind.BUSINESS, SIGNAL_REPORT, SIGNAL_TRIAGE, CASE_WORK, CASE_MERGE, PERSONAL_DATA_REVEAL, HOUSEHOLD_READ, MATRIX_READ, MATRIX_EDIT, EVALUATION_READ, EVALUATION_EXPORT, MAP_EXPORT, DUTY_READ, ROSTER_EDIT, WARNING_WORK, RULE_EDIT, DEVICE_COMMAND),
  DISPATCHER("派遣员", "Dispatcher", Kind.BUSINESS, CASE_WORK, CASE_MERGE, MATRIX_READ, MATRIX_EDIT, EVALUATION_READ, DUTY_READ, WARNING_WORK),
  HANDLER("处置人员", "Handler", Kind.UNIT_BOUND, CASE_WORK, WARNING_WORK),
  VERIFIER("核查员", "Verifier", Kind.BUSINESS, SIGNAL_REPORT, CASE_WORK),
  EVALUATOR("考核员", "Evaluator", Kind.BUSINESS, CASE_WORK, EVALUATION_READ, EVALUATION_EXPORT, MAP_EXPORT, MATRIX_READ, VITALS_ENTER, VITALS_EDIT),
  LEADER("领导", "Leader", Kind.BUSINESS, CASE_WORK, EVALUATION_READ, EVALUATION_EXPORT, MAP_EXPORT, MATRIX_READ, DUTY_READ),
  SYSTEM_ADMIN("系统管理员", "System administrator", Kind.ADMINISTRATOR, API_KEY_APPROVE, UNIT_EDIT, PERSON_READ, PERSON_EDIT, PLACE_EDIT, BUILDING_READ, BUILDING_EDIT, CATALOGUE_EDIT, CALENDAR_EDIT, MATRIX_READ, METRICS_READ, MAP_EXPORT, SENSING_READ, DEVICE_EDIT, VITALS_READ),
  SECURITY_ADMIN("安全管理员", "Security administrator", Kind.ADMINISTRATOR, PERSON_READ, GRANT_EDIT, API_KEY_EDIT),
  AUDIT_ADMIN("审计管理员", "Audit administrator", Kind.ADMINISTRATOR, PERSON_READ, AUDIT_READ);

  private enum Kind {
    BUSINESS,
    /** Sees only cases in which its own unit, or a unit below it, leads or assists. */
    UNIT_BOUND,
    ADMINISTRATOR
  }

  private final String nameZh;
  private final String nameEn;
  private final Kind kind;
  private final Set<Permission> permissions;

  Role(String nameZh, String nameEn, Kind kind, Permission... own) {
    this.nameZh = nameZh;
    this.nameEn = nameEn;
    this.kind = kind;
    EnumSet<Permission> set = EnumSet.of(SELF, LIVE, PLACE_READ, UNIT_READ);
    if (kind != Kind.ADMINISTRATOR) {
      set.addAll(EnumSet.of(CASE_READ, SIGNAL_READ, BUILDING_READ, SENSING_READ, VITALS_READ));
    }
    Collections.addAll(set, own);
    this.permissions = Collections.unmodifiableSet(set);
  }

  public String nameZh() {
    return nameZh;
  }

  public String nameEn() {
    return nameEn;
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  public boolean unitBound() {
    return kind == Kind.UNIT_BOUND;
  }

  /** System, security and audit administrators exclude one another and every business role. */
  public boolean administrator() {
    return kind == Kind.ADMINISTRATOR;
  }
}
