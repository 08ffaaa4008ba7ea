package io.citywide.sensing.internal.warning;

import io.citywide.identity.Role;
import io.citywide.place.AreaLevel;
import io.citywide.sensing.WarningGrade;
import java.time.Duration;
import java.time.Instant;

/**
 * Who is told of warnings, or sent the report of hot spots, and how.
 *
 * @param watch {@code *}, {@code rule:CODE}, {@code type:CODE} of a device type, {@code camera:CLASS}, {@code category:CATEGORY} of {@link CapMessage#CATEGORIES}, or
 *     {@link #HOT_SPOTS}
 * @param areaCode root of the area subtree; empty: everywhere
 * @param level at which it is told: the lowest level first, the next when nobody acknowledged in time; of a report each area of this level has its own
 * @param gradeFrom this grade and those above it
 * @param unitId of {@link Target#UNIT}
 * @param dutyRole of {@link Target#DUTY}; {@code null}: everybody on duty
 * @param address of an e-mail or webhook; empty for the inbox
 * @param acknowledgeWithin {@code null}: as the settings have it for the grade
 * @param secretVersion of the webhook's secret
 */
public record Route(long id, String watch, String areaCode, AreaLevel level, WarningGrade gradeFrom, Target target, Long unitId, Role dutyRole, Way way, String address,
    Duration acknowledgeWithin, int secretVersion, int version, String changedBy, Instant changedAt) {

  /** Not about warnings: the report of each month goes there, whatever the grade. */
  static final String HOT_SPOTS = "report:hotspots";

  /** Whom. */
  public enum Target {
    /** The unit that answers for the subject. */
    OWNER,
    UNIT,
    /** The units of the area of the level: residents' committee, street office, centre of the district or city. */
    AREA,
    /** Who is on duty for the area of the level. */
    DUTY
  }

  /** How. */
  public enum Way {
    INBOX,
    EMAIL,
    WEBHOOK,
    /** To the browsers of a person, along with the inbox: the person turns it on, no route does. */
    PUSH
  }

  /** Whether it is about such a warning at all, whatever the area. */
  boolean about(Warning w) {
    return w.grade().compareTo(gradeFrom) >= 0
        && (watch.equals("*") || watch.equals("rule:" + w.rule()) || watch.equals("category:" + w.category()) || w.typeCode() != null && watch.equals("type:" + w.typeCode())
            || w.origin() == Origin.CAMERA && watch.equals("camera:" + w.rule().replaceFirst("^camera-", "")));
  }

  /** Of two routes that say the same, the one that is more closely about a warning holds: 0 all warnings, 1 a category, 2 a rule, a device type or a class. */
  int closeness() {
    return watch.equals("*") ? 0 : watch.startsWith("category:") ? 1 : 2;
  }
}
