package io.citywide.cases;

import io.citywide.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A step as it was taken. Never changed afterwards.
 *
 * @param seq order within the case, from 1; the clock may have been set back, this was not
 * @param fromStage {@code null} for the first
 * @param personId {@code null}: a machine or the system, named in {@code personName}
 * @param role {@code null}: likewise
 * @param elapsedWorkingMinutes spent in {@code fromStage} until this step, without pauses
 * @param late whether it came after {@code dueAt} (equal is on time); {@code null}: the act has no limit
 */
public record StepRecord(
    long id,
    long caseId,
    int seq,
    CaseAction action,
    CaseStage fromStage,
    CaseStage toStage,
    Instant at,
    Long personId,
    String personName,
    Long positionId,
    Role role,
    Long unitId,
    String unitName,
    int elapsedWorkingMinutes,
    Boolean late,
    Instant dueAt,
    String opinion,
    List<String> media,
    Map<String, Object> details) {}
