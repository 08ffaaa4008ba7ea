package io.citywide.cases.internal.evaluation;

import io.citywide.cases.Evaluation.Ratio;
import io.citywide.cases.Evaluation.Subject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** One number out of many ratios: their weighted mean, where a low ratio is the better one counted from 100 down. */
@Component
class Scoring {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final JdbcClient jdbc;

  Scoring(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Weights by the code of the ratio, as the city set them. */
  Map<String, BigDecimal> weights(Subject subject) {
    Map<String, BigDecimal> weights = new HashMap<>();
    jdbc.sql("SELECT ratio, weight FROM case_evaluation_weight WHERE object = :object").param("object", subject.name())
        .query((rs, i) -> weights.put(rs.getString(1), rs.getBigDecimal(2))).list();
    return weights;
  }

  /** 0 to 100 with two decimals; ratios without a denominator do not weigh; {@code null} where nothing weighs. */
  static BigDecimal score(Map<String, Ratio> ratios, Map<String, BigDecimal> weights) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weight = BigDecimal.ZERO;
    for (RatioDefinition definition : RatioDefinition.values()) {
      Ratio ratio = ratios.get(definition.code());
      BigDecimal w = weights.getOrDefault(definition.code(), BigDecimal.ZERO);
      if (ratio == null || ratio.percent() == null || w.signum() == 0) {
        continue;
      }
      sum = sum.add(w.multiply(definition.lowerIsBetter() ? HUNDRED.subtract(ratio.percent()) : ratio.percent()));
      weight = weight.add(w);
    }
    return weight.signum() == 0 ? null : sum.divide(weight, 2, RoundingMode.HALF_UP);
  }

  static String grade(BigDecimal score) {
    if (score == null) {
      return null;
    }
    int whole = score.intValue();
    return whole >= 90 ? "A" : whole >= 80 ? "B" : whole >= 70 ? "C" : whole >= 60 ? "D" : "E";
  }
}
