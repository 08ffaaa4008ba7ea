package io.citywide.intake.internal.matching;

/**
 * How reports of some kinds are recognised as the same problem. Radius and window are bounds; within them the
 * evidence is added up as log-odds:
 *
 * <pre>
 * base − distanceWeight · ln(1 + metres / distanceScaleMeters) − timeWeight · ln(1 + hours / timeScaleHours)
 *      − otherKindPenalty (another kind of the same group)
 *      + textWeight · (likeness − {@link #NEUTRAL_LIKENESS}) (where both have a text)
 *      + addressBonus (same address in words) + reporterBonus (same reporter again)
 * </pre>
 *
 * Sum 0 is a score of 0.5, from which a report joins. Logarithms, because the chance of an unrelated report grows with
 * area and time while the true ones thin out with a power of both: on real reports the log of their ratio falls on a
 * line (bench {@code matching}).
 *
 * @param kindPrefix applies to kinds whose id begins so; the longest prefix decides; empty: to all others
 * @param group kinds of one group may be the same problem; {@code null}: the large class of the kind's standard
 * @param radiusMeters bound of the distance, 1..2000
 * @param windowHours bound of the time since the case was last reported, 1..8760
 */
public record MatchProfile(
    String kindPrefix,
    String group,
    double radiusMeters,
    double windowHours,
    double base,
    double distanceScaleMeters,
    double distanceWeight,
    double timeScaleHours,
    double timeWeight,
    double otherKindPenalty,
    double textWeight,
    double addressBonus,
    double reporterBonus) {

  /** Two reports about different things in the same words of everyday life. */
  public static final double NEUTRAL_LIKENESS = 0.3;

  public MatchProfile {
    between("radiusMeters", radiusMeters, 1, 2_000);
    between("windowHours", windowHours, 1, 8_760);
    between("distanceScaleMeters", distanceScaleMeters, 0.1, 2_000);
    between("timeScaleHours", timeScaleHours, 0.01, 8_760);
    between("distanceWeight", distanceWeight, 0, 20);
    between("timeWeight", timeWeight, 0, 20);
    between("otherKindPenalty", otherKindPenalty, 0, 20);
    between("textWeight", textWeight, 0, 20);
  }

  private static void between(String field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(field + " must be " + low + ".." + high + ", was " + value);
    }
  }

  /** The same profile that asks for more ({@code shift} below 0) or less evidence; for measuring. */
  public MatchProfile shifted(double shift) {
    return new MatchProfile(kindPrefix, group, radiusMeters, windowHours, base + shift, distanceScaleMeters, distanceWeight,
        timeScaleHours, timeWeight, otherKindPenalty, textWeight, addressBonus, reporterBonus);
  }
}
