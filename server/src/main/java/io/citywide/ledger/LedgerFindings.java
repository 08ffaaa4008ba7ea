package io.citywide.ledger;

import io.citywide.ledger.LedgerCheck.Fault;
import io.citywide.ledger.LedgerCheck.Finding;
import java.util.EnumMap;
import java.util.Map;

/** What a check has found so far: counts, and the one with the smallest index. */
final class LedgerFindings {

  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private Finding first;

  void add(Finding finding) {
    counts.merge(finding.fault(), 1L, Long::sum);
    first(finding);
  }

  /** Counts a finding whose leaf is not known yet. */
  void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** Keeps it if no other comes before it. */
  void first(Finding finding) {
    if (first == null || rank(finding) < rank(first)) {
      first = finding;
    }
  }

  private static long rank(Finding finding) {
    return finding.index() < 0 ? Long.MAX_VALUE : finding.index();
  }

  Finding first() {
    return first;
  }

  Map<Fault, Long> counts() {
    return Map.copyOf(counts);
  }
}
