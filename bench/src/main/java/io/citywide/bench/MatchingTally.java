package io.citywide.bench;

import java.util.Collection;

/** What a {@link MatchingReplay} counted, of a year or of all; {@link MatchingBench} says what each figure means. */
final class MatchingTally {
  int pairs;
  int pairsFound;
  int saidDuplicate;
  int saidDuplicateFound;
  int joins;
  int labelledJoins;
  int presumedOthers;
  int presumedOthersJoined;
  int sameAnimal;
  int otherAnimal;

  static MatchingTally sum(Collection<MatchingTally> parts) {
    MatchingTally sum = new MatchingTally();
    for (MatchingTally part : parts) {
      sum.pairs += part.pairs;
      sum.pairsFound += part.pairsFound;
      sum.saidDuplicate += part.saidDuplicate;
      sum.saidDuplicateFound += part.saidDuplicateFound;
      sum.joins += part.joins;
      sum.labelledJoins += part.labelledJoins;
      sum.presumedOthers += part.presumedOthers;
      sum.presumedOthersJoined += part.presumedOthersJoined;
      sum.sameAnimal += part.sameAnimal;
      sum.otherAnimal += part.otherAnimal;
    }
    return sum;
  }

  double recall() {
    return (double) pairsFound / pairs;
  }

  double falseMergeRate() {
    return (double) presumedOthersJoined / presumedOthers;
  }

  double saidRecall() {
    return (double) saidDuplicateFound / saidDuplicate;
  }

  /**
   * Precision, and the lower and upper bound of its interval; each 0..1.
   *
   * @param chanceAgreement share of unrelated reports that name the same animal, 0..1
   */
  double[] precision(double chanceAgreement) {
    double n = sameAnimal + otherAnimal;
    double p = otherAnimal / n;
    double z = 1.96;
    // Wilson, Journal of the American Statistical Association 22, 1927
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    double differ = 1 - chanceAgreement;
    return new double[] {Math.max(0, 1 - p / differ), Math.max(0, 1 - (middle + half) / differ), Math.min(1, 1 - Math.max(0, middle - half) / differ)};
  }
}
