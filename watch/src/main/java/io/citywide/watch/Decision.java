package io.citywide.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something the watch has decided.
 *
 * @param rule id of the rule; {@code silence} where a thing or a source stopped or came back
 * @param version of the rule; 0 for silence
 * @param subject id of the thing, the group or the source
 * @param warning number of the warning of this rule and subject, from 1; rule, subject and number name it for good
 * @param from grade before, {@code null} for none
 * @param to grade after, {@code null} for none
 * @param at event time, milliseconds since 1970 UTC
 * @param values what was known, by the names of the rule
 */
public record Decision(
    Kind kind, String rule, int version, String subject, long warning, Grade from, Grade to, long at, Words reason, Map<String, Double> values) {

  public Decision {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** What kind of decision. */
  public enum Kind {
    /** A warning begins. */
    RAISED,
    /** The live warning gets a higher grade. */
    ESCALATED,
    /** The live warning gets a lower grade. */
    LOWERED,
    /** The live warning is over. */
    ENDED,
    /** A warning would have begun, but one has just ended: it is held back. Said once. */
    HELD,
    /** A thing or a source says nothing any more. */
    SILENT,
    /** A silent thing or source speaks again. */
    HEARD
  }
}
