package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import io.citywide.place.AreaLevel;
import io.citywide.sensing.WarningGrade;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A warning as its table has it.
 *
 * @param number of this rule and subject, from 1
 * @param worst the highest grade it had
 * @param reason why it has its grade, or why it ended
 * @param alarms messages that joined it
 * @param areaCode deepest area around the subject; the city's where none is known
 * @param unitIds units that were told
 * @param toldLevel level of the area tree that is to acknowledge it; {@code null} before anybody was told
 * @param escalateAt when the next level is told
 * @param steps how many there are in its history
 */
public record Warning(long id, Origin origin, String rule, int ruleVersion, Words name, String subject, Words subjectName, long number, String category, boolean live,
    WarningGrade grade, WarningGrade worst, Instant since, Instant gradeSince, Instant changedAt, Instant endedAt, Words reason, Map<String, Double> readings, int alarms,
    Instant lastAlarmAt, Long deviceId, String typeCode, String groupCode, String buildingIdent, String componentIdent, Double lon, Double lat, Long gridKey,
    String areaCode, Long ownerUnitId, List<Long> unitIds, Long acknowledgedBy, String acknowledgedName, Instant acknowledgedAt, Long endedBy, String endedName, Verdict verdict,
    boolean openToAll, boolean wantsCase, AreaLevel toldLevel, Instant escalateAt, int steps) {

  /** What a person found it to be who ended it (研判). */
  public enum Verdict {
    REAL("真实", "real"),
    FALSE("误报", "false alarm"),
    MAINTENANCE("检修", "maintenance");

    private final String nameZh;
    private final String nameEn;

    Verdict(String nameZh, String nameEn) {
      this.nameZh = nameZh;
      this.nameEn = nameEn;
    }

    public String nameZh() {
      return nameZh;
    }

    String nameEn() {
      return nameEn;
    }
  }

  public Warning {
    unitIds = List.copyOf(unitIds);
  }

  /** Units that see it, beside those who answer for its area. */
  public Set<Long> units() {
    Set<Long> units = new HashSet<>(unitIds);
    if (ownerUnitId != null) {
      units.add(ownerUnitId);
    }
    return units;
  }

  /** 1 (blue) to 4 (red), as grades of the map. */
  public int weight() {
    return weight(grade);
  }

  static int weight(WarningGrade grade) {
    return grade.ordinal() + 1;
  }

  static WarningGrade grade(int weight) {
    return WarningGrade.values()[weight - 1];
  }
}
