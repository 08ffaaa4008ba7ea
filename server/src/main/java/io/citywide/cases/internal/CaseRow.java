package io.citywide.cases.internal;

import io.citywide.cases.CaseStage;
import io.citywide.cases.Urgency;
import java.time.Instant;

/**
 * A case as a list shows it.
 *
 * @param dueAt when what has to be done now is due; {@code null}: no limit, or the clock stands still
 * @param remainingMinutes until then, on the clock the limit runs on; negative when overdue, {@code null} without a limit
 * @param thumbnail sha256 of its first photo
 */
public record CaseRow(
    long id,
    String caseNo,
    CaseStage stage,
    String title,
    String kindId,
    String kindName,
    String areaCode,
    String areaName,
    String address,
    Double lon,
    Double lat,
    Urgency urgency,
    Instant reportedAt,
    Instant dueAt,
    DueState dueState,
    Long remainingMinutes,
    Long leadUnitId,
    String leadUnitName,
    String assigneeName,
    int signalCount,
    boolean supervised,
    boolean suspended,
    String thumbnail,
    long version) {

  /** How a case stands with its time. */
  public enum DueState {
    OK,
    SOON,
    OVERDUE,
    PAUSED,
    NONE
  }
}
