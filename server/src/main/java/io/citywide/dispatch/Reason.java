package io.citywide.dispatch;

import java.util.Map;

/**
 * One sentence of an explanation.
 *
 * @param code stable, such as {@code rule-chosen} or {@code kind-more-specific}
 * @param zh the sentence in Chinese
 * @param facts what it speaks of, for words in another language: {@code ruleId}, {@code unit}, {@code kind}, {@code area}, …
 */
public record Reason(String code, String zh, Map<String, Object> facts) {

  public Reason {
    facts = Map.copyOf(facts);
  }
}
