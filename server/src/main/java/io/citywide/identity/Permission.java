package io.citywide.identity;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What an endpoint may ask of its caller. Roles and API keys carry sets of these. */
public enum Permission {
  /** One's own session and password. */
  SELF,
  /** Receive live notices within one's scope. */
  LIVE,
  CASE_READ,
  /** Take steps in the life cycle; which ones, the role decides. */
  CASE_WORK,
  /** Join, split and merge cases. */
  CASE_MERGE,
  SIGNAL_READ,
  SIGNAL_REPORT,
  /** Give a place to signals that have none, or decline them. */
  SIGNAL_TRIAGE,
  SIGNAL_IMPORT,
  /** See a reporter's personal data in clear, for a stated purpose; every look is logged. */
  PERSONAL_DATA_REVEAL,
  PLACE_READ,
  PLACE_EDIT,
  /** Buildings with their rooms and enterprises, and how many households. */
  BUILDING_READ,
  BUILDING_EDIT,
  /** Households, masked, with their special-care markers. */
  HOUSEHOLD_READ,
  CATALOGUE_EDIT,
  CALENDAR_EDIT,
  MATRIX_READ,
  MATRIX_EDIT,
  EVALUATION_READ,
  EVALUATION_EXPORT,
  /** Take what the map shows as a file; every time is logged. */
  MAP_EXPORT,
  UNIT_READ,
  UNIT_EDIT,
  PERSON_READ,
  PERSON_EDIT,
  /** Grant and end positions. */
  GRANT_EDIT,
  API_KEY_EDIT,
  /** Let keys work whose permissions another administrator holds, or refuse them. */
  API_KEY_APPROVE,
  AUDIT_READ,
  /** See who is on duty and where. */
  DUTY_READ,
  /** Plan who is to be on duty. */
  ROSTER_EDIT,
  /** Devices and what they observe, watch rules, warnings. */
  SENSING_READ,
  /** Register devices and their types, hand out their credentials. */
  DEVICE_EDIT,
  /** Tell a device to do something. */
  DEVICE_COMMAND,
  /** Hand in what devices observed. */
  OBSERVATION_WRITE,
  /** Draft, rehearse and publish watch rules. */
  RULE_EDIT,
  /** Acknowledge and end warnings. */
  WARNING_WORK,
  VITALS_READ,
  /** Values of indicators: entered by people, delivered by the systems that have them. */
  VITALS_ENTER,
  /** Indicators, their weights and thresholds. */
  VITALS_EDIT,
  /** Figures for operators; no row of the city. */
  METRICS_READ;

  /**
   * What an API key may carry. Judgements on cases, looks at personal data, accounts, grants and the audit
   * stay with people, who answer for them by name.
   */
  public static final Set<Permission> FOR_MACHINES =
      Collections.unmodifiableSet(
          EnumSet.of(LIVE, CASE_READ, SIGNAL_READ, SIGNAL_REPORT, SIGNAL_IMPORT, PLACE_READ, PLACE_EDIT, BUILDING_READ, BUILDING_EDIT, CATALOGUE_EDIT,
              CALENDAR_EDIT, MATRIX_READ, MATRIX_EDIT, EVALUATION_READ, EVALUATION_EXPORT, MAP_EXPORT, UNIT_READ, UNIT_EDIT,
              SENSING_READ, DEVICE_EDIT, OBSERVATION_WRITE, VITALS_READ, VITALS_ENTER, METRICS_READ));
}
