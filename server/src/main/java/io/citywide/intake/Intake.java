package io.citywide.intake;

import io.citywide.platform.ProblemException;
import java.util.List;

/** Takes reports. Whoever may call is checked before (permission of the endpoint); here a report is only judged by itself. */
public interface Intake {

  /**
   * Takes one report through accept → locate → recognise → match in one transaction: when this returns, the signal
   * and the case it opened or joined are committed. Matching looks at all open cases around, also at those outside
   * the caller's scope. Not to be called within a transaction.
   *
   * @throws ProblemException one of {@link IntakeProblem}; then nothing was changed
   */
  Accepted accept(SignalDraft draft);

  /**
   * Takes up to 1,000 reports in one transaction; each row is judged by itself, bad ones are named and the others taken.
   * A row with {@link SignalDraft#history} becomes a case of its own as it was.
   *
   * @throws ProblemException {@link IntakeProblem#TOO_MANY_ROWS}
   */
  BatchResult acceptAll(List<SignalDraft> drafts);
}
