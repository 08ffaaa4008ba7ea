package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.watch.Decision;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where judgements of the watch become warnings. Rule, subject and number name a warning for good. */
public interface WarningBook {

  /** The rule of devices and sources that say nothing any more (断供). */
  String SILENCE = "silence";

  /**
   * What the watch has decided of one warning: it begins, climbs, comes down or is over. What silence decides is told in the same
   * words: a thing that falls silent {@code RAISED}, one that speaks again {@code ENDED}.
   *
   * @param rule id of the rule, or {@link #SILENCE}
   * @param version of the rule that decided; 0 for silence
   * @param subject code of the device, its group, or the source
   * @param number of the warning of this rule and subject, from 1
   * @param kind {@code RAISED}, {@code ESCALATED}, {@code LOWERED} or {@code ENDED}
   * @param grade after it; {@code null} when the warning is over
   * @param at event time
   * @param reason why, with the values
   * @param values what was known, by the names of the rule
   * @param place {@code null} where nothing is known of it, as of a source
   * @param category of CAP 1.2, such as {@code Fire}, {@code Safety}, {@code Infra}
   * @param caseFrom grade from which on it opens a case; {@code null}: it opens none
   * @param caseKindId kind of the catalogue of that case; {@code null}: to be recognised
   */
  record Judgement(String rule, int version, Words ruleName, String subject, Words subjectName, long number, Decision.Kind kind, WarningGrade grade,
      Instant at, Words reason, Map<String, Double> values, Place place, String category, WarningGrade caseFrom, String caseKindId) {

    public Judgement {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      boolean over = switch (kind) {
        case RAISED, ESCALATED, LOWERED -> false;
        case ENDED -> true;
        case HELD, SILENT, HEARD -> throw new IllegalArgumentException("a judgement is RAISED, ESCALATED, LOWERED or ENDED, was " + kind);
      };
      if (over != (grade == null)) throw new IllegalArgumentException(kind + " of " + rule + " on " + subject + " with grade " + grade);
      Objects.requireNonNull(category, "category");
    }
  }

  /**
   * Where the subject is: the device itself, or for a group its device that was heard last.
   *
   * @param deviceId of the register
   * @param lon WGS-84 degrees
   * @param lat WGS-84 degrees
   * @param areaCode deepest area around it; may be {@code null}
   * @param ownerUnitId unit that answers for it; may be {@code null}
   * @param componentIdent component it is fixed to; may be {@code null}
   * @param groupCode empty where it stands alone
   */
  record Place(long deviceId, String typeCode, double lon, double lat, String areaCode, Long ownerUnitId, String componentIdent, String groupCode) {}

  /**
   * Writes them down, in this order, within the transaction under way. What is known already (same rule, subject, number, kind and
   * moment) changes nothing, so that a watch that went on from an earlier state may say it again; neither does the end of a warning that a
   * person ended before. A number that was never raised here is raised by whatever comes first of it.
   */
  void apply(List<Judgement> judgements);
}
