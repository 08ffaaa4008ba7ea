package io.citywide.cases.internal.evaluation;

import io.citywide.cases.Evaluation.Subject;
import java.util.Arrays;
import java.util.List;

/** The definitions of counters and ratios for screens, sheets and the page docs/evaluation.md. */
public final class Definitions {

  /** @param sqlOfStep {@code null} where it does not count for positions */
  public record CounterDefinition(String code, String nameZh, String definitionZh, String definitionEn, String sqlOfCase, String sqlOfStep) {}

  /** @param denominator codes of the counters that are summed */
  public record RatioOf(String code, String nameZh, String numerator, List<String> denominator, boolean lowerIsBetter) {}

  private Definitions() {}

  public static List<CounterDefinition> counters() {
    return Arrays.stream(Counter.values())
        .map(c -> new CounterDefinition(c.code(), c.nameZh(), c.definitionZh(), c.definitionEn(), c.condition(Subject.AREA), c.condition(Subject.POSITION)))
        .toList();
  }

  public static List<RatioOf> ratios() {
    return Arrays.stream(RatioDefinition.values())
        .map(r -> new RatioOf(r.code(), r.nameZh(), r.numerator().code(), List.of(r.denominator().code()), r.lowerIsBetter()))
        .toList();
  }
}
