package io.citywide.intake;

import io.citywide.platform.Slice;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signals as rows: read within the viewer's scope. Call within a transaction or on your own; each method opens one where none is. */
public interface Signals {

  /** Empty where there is none or the viewer does not see it. */
  Optional<SignalView> find(long id);

  /** Those of {@code ids} that the viewer sees, in the order of their ids. */
  List<SignalView> listByIds(Collection<Long> ids);

  /** By the reporter's secret; scope does not matter. */
  Optional<SignalView> findByTrackingCode(String trackingCode);

  /** By natural key; empty where the viewer does not see it. */
  Optional<SignalView> findBySource(String sourceSystem, String sourceRef);

  Slice<SignalView> list(SignalQuery query);

  /** All signals of a case, oldest first. */
  List<SignalView> listOfCase(long caseId);

  /**
   * Moves signals to another case (split, merge); the caller has checked that it may. Says so in each signal's decisions.
   *
   * @param why in words, shown with each signal
   * @return how many were moved
   */
  int rebind(Collection<Long> signalIds, long toCaseId, String toCaseNo, String why);

  /** As {@link #rebind(Collection, long, String, String)}, for all signals of a case. */
  int rebindCase(long fromCaseId, long toCaseId, String toCaseNo, String why);

  /** How many signals wait for a place within the viewer's scope, by area code. */
  Map<String, Long> countWaiting();
}
