package io.citywide.intake;

import java.time.Instant;
import java.util.Map;

/**
 * What one step of intake decided about a signal, and why.
 *
 * @param step {@code accept}, {@code locate}, {@code recognise} or {@code match}
 * @param outcome what it came to, such as {@code POINT}, {@code AREA}, {@code NONE}, {@code GIVEN}, {@code JOINED}
 * @param code stable key of the sentence, such as {@code match.joined}, for other languages
 * @param why the sentence in Chinese, as a dispatcher would say it
 * @param facts the values in the sentence, by name
 * @param at when
 */
public record Decision(String step, String outcome, String code, String why, Map<String, Object> facts, Instant at) {

  public Decision {
    facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
  }
}
