package io.citywide.dispatch;

import java.util.List;

/**
 * Who should handle a case.
 *
 * @param leadUnit {@code null}: no rule decides; a dispatcher chooses, perhaps among the alternatives
 * @param assistUnits units that assist
 * @param ruleId the rule that decided, {@code null} without one
 * @param automatic whether the switch for this kind and area lets the rule dispatch by itself
 * @param why the choice, what it was preferred to, what was passed over, one sentence each; never empty
 * @param alternatives other units that come into question, nearest first, where no rule decides
 */
public record Suggestion(
    long caseId,
    Unit leadUnit,
    List<Unit> assistUnits,
    Long ruleId,
    boolean automatic,
    List<Reason> why,
    List<Alternative> alternatives) {

  /** A unit by id and name. */
  public record Unit(long id, String name) {}

  /** A unit that comes into question, and why. */
  public record Alternative(Unit unit, Reason why) {}

  public Suggestion {
    assistUnits = List.copyOf(assistUnits);
    why = List.copyOf(why);
    alternatives = List.copyOf(alternatives);
  }

  /** All sentences in Chinese as one text. */
  public String words() {
    return String.join("", why.stream().map(Reason::zh).toList());
  }

  /** All sentences in English as one text. */
  public String wordsEn() {
    return String.join(" ", why.stream().map(Reason::en).toList());
  }
}
