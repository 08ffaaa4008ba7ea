package io.citywide.cases.internal;

import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.internal.CaseDetails.CaseDetail;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Steps over HTTP: taken and shown in one transaction, so that who has just returned a case or moved it away still sees
 * what came of it.
 */
@Service
public class StepDesk {

  private final CaseWork work;
  private final SplitAndMerge splitAndMerge;
  private final CaseDetails details;
  private final CaseStore store;

  StepDesk(CaseWork work, SplitAndMerge splitAndMerge, CaseDetails details, CaseStore store) {
    this.work = work;
    this.splitAndMerge = splitAndMerge;
    this.details = details;
    this.store = store;
  }

  /**
   * Takes a step.
   *
   * @param signalIds of SPLIT
   * @param otherId of MERGE
   * @return the case after it
   * @throws io.citywide.platform.ProblemException one of {@link io.citywide.cases.CaseProblem}; then nothing was changed
   */
  @Transactional
  public CaseDetail takeAndShow(long caseId, StepCommand command, List<Long> signalIds, Long otherId) {
    return details.detail(take(caseId, command, signalIds, otherId));
  }

  /** As {@link #takeAndShow}, for who does not look at the case. */
  @Transactional
  public CaseView take(long caseId, StepCommand command, List<Long> signalIds, Long otherId) {
    Step step = switch (command.action()) {
      case MERGE -> otherId == null ? work.take(caseId, command) : splitAndMerge.merge(caseId, command.version(), otherId, command.opinion());
      case SPLIT -> signalIds == null ? work.take(caseId, command) : splitAndMerge.split(caseId, command.version(), signalIds, command.opinion());
      case REOPEN -> store.find(caseId).filter(c -> c.stage() == CaseStage.VOID && c.mergedInto() != null).isPresent()
          ? splitAndMerge.unmerge(caseId, command) : work.take(caseId, command);
      case OPEN, IMPORT, ACCEPT, DECLINE, REQUEST_VERIFICATION, VERIFY, FILE, DISPATCH, RECEIVE, RETURN, ASSIGN, DISPOSE, CHECK, CLOSE, EVALUATE,
          REQUEST_EXTENSION, DECIDE_EXTENSION, SUSPEND, DECIDE_SUSPENSION, RESUME, SUPERVISE, URGE, VOID, REQUEST_FORCED_CLOSURE,
          DECIDE_FORCED_CLOSURE, CLASSIFY, RELOCATE, JOIN_SIGNAL, NOTE -> work.take(caseId, command);
    };
    return step.orThrow();
  }

  /** Merges the other case into this one. */
  @Transactional
  public CaseDetail merge(long caseId, Long version, long otherId, String opinion) {
    return details.detail(splitAndMerge.merge(caseId, version, otherId, opinion).orThrow());
  }

  /** Splits signals off; the new case. */
  @Transactional
  public CaseDetail split(long caseId, Long version, List<Long> signalIds, String opinion) {
    return details.detail(splitAndMerge.split(caseId, version, signalIds, opinion).orThrow());
  }
}
