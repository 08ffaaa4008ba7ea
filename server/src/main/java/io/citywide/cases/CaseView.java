package io.citywide.cases;

import java.time.Instant;
import java.util.List;

/**
 * A case as other modules may know it: the row of {@code case_file}.
 *
 * @param caseNo 19 digits: district (6), day of the report (8), sequence (5)
 * @param stageSince since when it is in this stage
 * @param kindId {@code null}: nobody knows yet
 * @param lon WGS-84 degrees, {@code null} without a position (imported cases only)
 * @param gridKey level 9 cell, {@code null} without a position
 * @param areaCode deepest known area
 * @param version rises by one with each step
 * @param suspendedAt the clock stands still since then, {@code null}: it runs
 * @param disposalStartedAt from when the limit of disposal counts: the dispatch, or the check that failed
 * @param disposalExtraMinutes what approved extensions added
 * @param steps how many were taken; the seq of the last
 * @param lastSignalAt when its last signal was reported
 * @param reporterRole as what a person with an account reported it, {@code null}: a citizen or another system
 */
public record CaseView(
    long id,
    String caseNo,
    CaseStage stage,
    Instant stageSince,
    String kindId,
    String title,
    String description,
    Double lon,
    Double lat,
    Long gridKey,
    String areaCode,
    String address,
    String componentIdent,
    Urgency urgency,
    String sourceChannel,
    int signalCount,
    String thumbnail,
    Long reporterPersonId,
    Long leadUnitId,
    List<Long> assistUnitIds,
    Long assigneeId,
    long version,
    Instant suspendedAt,
    Instant reportedAt,
    Instant acceptedAt,
    Instant filedAt,
    Instant dispatchedAt,
    Instant receivedAt,
    Instant disposedAt,
    Instant checkedAt,
    Instant closedAt,
    Instant evaluatedAt,
    Instant filingDueAt,
    Instant dispatchDueAt,
    Instant disposalStartedAt,
    Instant disposalDueAt,
    Instant disposalOriginalDueAt,
    Instant checkDueAt,
    Integer disposalLimitValue,
    LimitUnit disposalLimitUnit,
    int disposalExtraMinutes,
    Boolean filingLate,
    Boolean dispatchLate,
    Boolean disposalLate,
    Boolean checkLate,
    Instant dueAt,
    String verificationResult,
    String checkResult,
    int reworkCount,
    int returnCount,
    int extensionCount,
    int suspensionCount,
    int urgeCount,
    int reopenCount,
    int pendingRequests,
    boolean supervised,
    boolean forced,
    Long mergedInto,
    String importedSource,
    String importedRef,
    String citizenRating,
    int steps,
    Instant lastSignalAt,
    String reporterRole) {

  public CaseView {
    assistUnitIds = List.copyOf(assistUnitIds);
  }
}
