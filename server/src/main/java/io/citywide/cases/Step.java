package io.citywide.cases;

import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.util.Map;

/** The answer to a {@link StepCommand}. A refusal changed nothing. */
public sealed interface Step {

  /**
   * The step was taken.
   *
   * @param file the case after it
   */
  record Taken(CaseView file) implements Step {}

  /**
   * The step was refused.
   *
   * @param stage where the case stands; {@code null} where there is no case in the viewer's sight
   * @param detail what was wrong and how to mend it
   * @param extras members of the problem document
   */
  record Refused(CaseProblem problem, CaseStage stage, Words detail, Map<String, Object> extras) implements Step {

    /** The refusal as an exception, for those who answer over HTTP. */
    public ProblemException asException() {
      return new ProblemException(problem, detail.en(), extras).zh(detail.zh());
    }
  }

  /**
   * The case after the step.
   *
   * @throws ProblemException where it was refused
   */
  default CaseView orThrow() {
    return switch (this) {
      case Taken taken -> taken.file();
      case Refused refused -> throw refused.asException();
    };
  }
}
