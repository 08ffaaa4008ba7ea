package io.citywide.watch;

import java.util.List;

/** What reading a rule document gave. */
public sealed interface RuleReading {
  record Read(Rule rule) implements RuleReading {}

  /** Everything that is wrong with it, at least one flaw. */
  record Refused(List<Flaw> flaws) implements RuleReading {}

  /** @throws IllegalArgumentException with all flaws where it was refused */
  default Rule orThrow() {
    return switch (this) {
      case Read(Rule rule) -> rule;
      case Refused(List<Flaw> flaws) -> throw new IllegalArgumentException(
          String.join("; ", flaws.stream().map(f -> f.where() + ": " + f.what().en()).toList()));
    };
  }
}
