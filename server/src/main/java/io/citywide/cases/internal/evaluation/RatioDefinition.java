package io.citywide.cases.internal.evaluation;

import static io.citywide.cases.internal.evaluation.Counter.*;

import io.citywide.cases.Evaluation.Ratio;
import io.citywide.cases.Evaluation.Subject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** The ratios of GB/T 30428.4. Every numerator is counted among its denominator, so that none exceeds 100 %. */
enum RatioDefinition {
  EFFECTIVE_REPORT_RATE("effectiveReportRate", "有效上报率", false, EFFECTIVELY_REPORTED, REPORTED),
  // 漏报数 / (漏报数 + 监督员有效上报数): the two are all effective reports.
  MISSED_REPORT_RATE("missedReportRate", "漏报率", true, MISSED, EFFECTIVELY_REPORTED),
  FILING_RATE("filingRate", "立案率", false, ACCEPTED_AND_FILED, ACCEPTED),
  ON_TIME_FILING_RATE("onTimeFilingRate", "按时立案率", false, FILED_ON_TIME, FILED),
  ACCURATE_DISPATCH_RATE("accurateDispatchRate", "准确派遣率", false, DISPATCHED_ACCURATELY, DISPATCHED),
  ON_TIME_DISPATCH_RATE("onTimeDispatchRate", "按时派遣率", false, DISPATCHED_ON_TIME, DISPATCHED),
  DISPOSAL_RATE("disposalRate", "处置率", false, DISPOSED, DISPOSAL_DUE),
  ON_TIME_DISPOSAL_RATE("onTimeDisposalRate", "按期处置率", false, DISPOSED_ON_TIME, DISPOSAL_DUE),
  REWORK_RATE("reworkRate", "返工率", true, REWORKED, DISPOSAL_DUE),
  ON_TIME_CHECK_RATE("onTimeCheckRate", "按时核查率", false, CHECKED_ON_TIME, CHECK_DUE),
  CLOSURE_RATE("closureRate", "结案率", false, CLOSED, CLOSURE_DUE),
  ON_TIME_CLOSURE_RATE("onTimeClosureRate", "按期结案率", false, CLOSED_ON_TIME, CLOSURE_DUE),
  SATISFACTION_RATE("satisfactionRate", "满意率", false, SATISFIED, RATED);

  private final String code;
  private final String nameZh;
  private final boolean lowerIsBetter;
  private final Counter numerator;
  private final Counter denominator;

  RatioDefinition(String code, String nameZh, boolean lowerIsBetter, Counter numerator, Counter denominator) {
    this.code = code;
    this.nameZh = nameZh;
    this.lowerIsBetter = lowerIsBetter;
    this.numerator = numerator;
    this.denominator = denominator;
  }

  String code() {
    return code;
  }

  String nameZh() {
    return nameZh;
  }

  boolean lowerIsBetter() {
    return lowerIsBetter;
  }

  Counter numerator() {
    return numerator;
  }

  Counter denominator() {
    return denominator;
  }

  boolean countsFor(Subject subject) {
    return numerator.countsFor(subject) && denominator.countsFor(subject);
  }

  Ratio of(Map<String, Long> counts) {
    return of(counts.get(numerator.code()), counts.get(denominator.code()));
  }

  /** Two decimals, half up; no percent of nothing. */
  static Ratio of(long numerator, long denominator) {
    BigDecimal percent = denominator == 0 ? null
        : BigDecimal.valueOf(numerator).multiply(BigDecimal.valueOf(100)).divide(BigDecimal.valueOf(denominator), 2, RoundingMode.HALF_UP);
    return new Ratio(numerator, denominator, percent);
  }
}
