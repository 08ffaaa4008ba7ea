package io.citywide.place.internal;

import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.ComponentImport.Reject;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The rows of an import that are not taken, and why. */
final class IncomingRejects {

  /** Beyond these the mapping is at fault, not the rows. */
  static final int MOST = 100_000;

  private static final int TOLD = 20;

  private final List<Reject> rejects = new ArrayList<>();

  /**
   * @param field what is at fault; {@code null}: the row as a whole
   * @param read rows of the file so far
   * @throws ProblemException {@code place.too-many-rejects}
   */
  void add(long row, String field, String value, Words why, long read) {
    if (rejects.size() == MOST) {
      throw new ProblemException(PlaceProblem.TOO_MANY_REJECTS, "more than " + MOST + " of the first " + read + " rows are bad, so the mapping is likely wrong; the first, row "
          + rejects.getFirst().row() + ": " + rejects.getFirst().reason(), Map.of("rejects", rejects.subList(0, TOLD))).zh("坏行超过 " + MOST + " 行，映射很可能有误；没有导入");
    }
    rejects.add(new Reject(row, field, value, why.said()));
  }

  /** In the order of the file. */
  List<Reject> sorted() {
    rejects.sort(Comparator.comparingLong(Reject::row));
    return rejects;
  }
}
