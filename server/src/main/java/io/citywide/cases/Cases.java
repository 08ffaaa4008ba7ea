package io.citywide.cases;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cases within the viewer's sight, and the only way to move one. */
public interface Cases {

  /**
   * Takes one step in the life cycle, in one transaction with the case's row locked. The viewer must see the case; what
   * the step writes may leave the viewer's sight (a case returned, or moved to another district).
   *
   * @return what came of it; a refusal is a value and changed nothing
   */
  Step take(long caseId, StepCommand command);

  /** Empty where there is none or the viewer does not see it. */
  Optional<CaseView> findCase(long caseId);

  /** Those of {@code ids} that the viewer sees, by id. */
  Map<Long, CaseView> listCases(Collection<Long> ids);

  /** Empty where there is none or the viewer does not see it. */
  Optional<CaseView> findByNumber(String caseNo);

  /** The steps of a case in their order; none where the viewer does not see it. */
  List<StepRecord> listSteps(long caseId);
}
