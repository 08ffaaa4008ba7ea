package io.citywide.cases;

import java.util.List;

/** What units did before, within the viewer's sight. */
public interface CaseHistory {

  /** A unit and how many cases of one kind it led to their end in one area. */
  record UnitRecord(long unitId, long closedCases) {}

  /**
   * Units that led closed cases of {@code kindId} in the subtree of {@code areaCode}, the most experienced first.
   *
   * @param limit 1 to 100
   */
  List<UnitRecord> listUnitsThatClosed(String kindId, String areaCode, int limit);
}
