package io.citywide.dispatch;

import java.util.Map;

/**
 * One sentence of an explanation.
 *
 * @param code stable, such as {@code rule-chosen} or {@code kind-more-specific}
 * @param zh the sentence in Chinese
 * @param en the sentence in English; units and areas by their own names
 * @param facts what it speaks of: {@code ruleId}, {@code unit}, {@code kind}, {@code area}, …
 */
public record Reason(String code, String zh, String en, Map<String, Object> facts) {

  public Reason {
    facts = Map.copyOf(facts);
  }
}
