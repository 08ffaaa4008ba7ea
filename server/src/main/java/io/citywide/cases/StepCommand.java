package io.citywide.cases;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What somebody wants to do to a case. Fields that the action does not use are ignored.
 *
 * @param version of the case the decision was made on; {@code null}: whatever it is now
 * @param opinion free text, 2,000 characters at most
 * @param media sha256 of evidence
 * @param lon WGS-84 degrees
 * @param result of VERIFY (EXISTS, NOT_EXISTS, UNABLE), CHECK (PASS, FAIL, UNABLE) or EVALUATE (1 to 5)
 * @param minutes asked for by REQUEST_EXTENSION, in working minutes (continuous ones for a continuous limit)
 * @param requestId which request is decided; {@code null}: the only one pending
 * @param details further facts to keep with the step, such as why a unit was suggested
 */
public record StepCommand(
    CaseAction action,
    Long version,
    String opinion,
    List<String> media,
    String kindId,
    Double lon,
    Double lat,
    String address,
    Urgency urgency,
    Long leadUnitId,
    List<Long> assistUnitIds,
    Long assigneeId,
    String result,
    Integer minutes,
    String reason,
    Long requestId,
    Boolean approve,
    Map<String, Object> details) {

  public StepCommand {
    Objects.requireNonNull(action, "action");
    media = media == null ? List.of() : List.copyOf(media);
    assistUnitIds = assistUnitIds == null ? List.of() : List.copyOf(assistUnitIds);
    details = details == null ? Map.of() : Map.copyOf(details);
  }

  /** A command without fields. */
  public static StepCommand of(CaseAction action) {
    return new StepCommand(action, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** DISPATCH to a lead unit, with assisting ones, saying why. */
  public static StepCommand dispatch(long leadUnitId, List<Long> assistUnitIds, String opinion, Map<String, Object> details) {
    return new StepCommand(CaseAction.DISPATCH, null, opinion, null, null, null, null, null, null, leadUnitId, assistUnitIds, null,
        null, null, null, null, null, details);
  }

  /** The same for the case as it was at {@code version}. */
  public StepCommand at(Long version) {
    return new StepCommand(action, version, opinion, media, kindId, lon, lat, address, urgency, leadUnitId, assistUnitIds, assigneeId,
        result, minutes, reason, requestId, approve, details);
  }
}
