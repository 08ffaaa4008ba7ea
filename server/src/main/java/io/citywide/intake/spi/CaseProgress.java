package io.citywide.intake.spi;

import java.time.Instant;
import java.util.List;

/**
 * What a citizen may know about a case: no names, no opinions.
 *
 * @param stage name of the {@code CaseStage}
 * @param stageZh in words
 * @param areaCode of the case, for live notices
 * @param rateable the citizen may judge the result now
 * @param satisfied the judgement given, {@code null}: none
 */
public record CaseProgress(
    long caseId, String caseNo, String stage, String stageZh, String areaCode, boolean rateable, String satisfied, List<Milestone> timeline) {

  /**
   * A step taken.
   *
   * @param key stable key of the text, the name of the action or stage
   */
  public record Milestone(Instant at, String key, String textZh) {}

  public CaseProgress {
    timeline = List.copyOf(timeline);
  }
}
