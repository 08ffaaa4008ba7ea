package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import java.time.Instant;
import java.util.Map;

/**
 * One line of the history of a warning.
 *
 * @param seq from 1
 * @param grade after it
 * @param at when it was so; of a watch the time of the value
 * @param reason why, or what a person said
 * @param personId {@code null}: the server
 * @param capId identifier of the message that went out with it; {@code null}: none did
 */
public record WarningStep(long warningId, int seq, WarningAct act, WarningGrade grade, Instant at, Instant writtenAt, Words reason, Map<String, Double> readings,
    Long personId, String personName, String capId, Instant capSent) {

  /** Whether somebody did it, or a machine with a key of its own; its reason is then what that one said. */
  boolean byPerson() {
    return personId != null || personName != null;
  }
}
