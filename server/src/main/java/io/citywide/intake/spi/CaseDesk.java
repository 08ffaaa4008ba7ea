package io.citywide.intake.spi;

import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Optional;

/**
 * Where signals become cases; implemented by the module {@code cases}. Every method is called within intake's
 * transaction and joins it. Unless said otherwise the viewer is the system.
 */
public interface CaseDesk {

  /** Open cases in the ranges (not closed, void or not accepted), at most {@link CandidateQuery#limit}, newest first. */
  List<OpenCase> openCasesNear(CandidateQuery query);

  /** Opens a case with its first signal: the steps OPEN and, where configured, more. */
  CaseRef open(NewCase newCase);

  /**
   * Adds a signal to an open case: its count, a step JOIN_SIGNAL with the reason, a live notice.
   *
   * @return the case it went to, another one where this case was merged meanwhile; empty, and nothing was changed, where
   *     it is no longer open
   */
  Optional<CaseRef> join(long caseId, JoinedSignal signal);

  /**
   * Writes cases as another system had them, in the order given; many rows at a time, so write in batches. Called only
   * for rows whose natural key was not taken before.
   *
   * @return one reference for each, in the same order
   */
  List<CaseRef> importCases(List<HistoricCase> cases);

  /** What a citizen may know about a case; empty where there is none. */
  Optional<CaseProgress> progress(long caseId);

  /**
   * Notes the citizen's judgement.
   *
   * @param satisfied {@code YES}, {@code PARTLY} or {@code NO}
   * @throws ProblemException where the case is not closed yet
   */
  void rate(long caseId, String satisfied, String text);
}
