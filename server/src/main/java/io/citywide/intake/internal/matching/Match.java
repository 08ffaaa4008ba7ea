package io.citywide.intake.internal.matching;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A candidate and how well it fits.
 *
 * @param score 0..1; from {@link Matcher#JOIN} it is the same problem
 * @param text likeness 0..1, NaN where one has no text
 * @param sameComponent {@code null} where one names none
 */
public record Match(
    Candidate candidate,
    double score,
    double distanceMeters,
    double hoursApart,
    boolean sameKind,
    double text,
    boolean sameAddress,
    Boolean sameComponent,
    boolean sameReporter) {

  /** In a dispatcher's words, such as "相距 34 米，晚 2 小时，同一部件，文字相似 0.82". */
  public String why() {
    StringBuilder why = new StringBuilder();
    why.append(distanceMeters < 1 ? "位置相同" : "相距 " + Math.round(distanceMeters) + " 米");
    why.append("，").append(later());
    why.append(sameKind ? "，类别相同" : candidate.kindId() == null ? "，类别未定" : "，类别相近");
    if (sameComponent != null) {
      why.append(sameComponent ? "，同一部件" : "，部件不同");
    }
    if (sameAddress) {
      why.append("，地址相同");
    }
    if (!Double.isNaN(text)) {
      why.append("，文字相似 ").append(decimals(text));
    }
    if (sameReporter) {
      why.append("，同一上报人");
    }
    return why.toString();
  }

  private String later() {
    long minutes = Math.round(hoursApart * 60);
    if (minutes < 1) {
      return "同时";
    }
    if (minutes < 90) {
      return "晚 " + minutes + " 分钟";
    }
    return minutes < 48 * 60 ? "晚 " + Math.round(hoursApart) + " 小时" : "晚 " + Math.round(hoursApart / 24) + " 天";
  }

  /** The same as values, for other languages and for judging the matcher later. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("caseId", candidate.caseId());
    facts.put("caseNo", candidate.caseNo());
    facts.put("score", round(score));
    facts.put("distanceMeters", Math.round(distanceMeters * 10) / 10.0);
    facts.put("minutesApart", Math.round(hoursApart * 60));
    facts.put("sameKind", sameKind);
    facts.put("text", Double.isNaN(text) ? null : round(text));
    facts.put("sameAddress", sameAddress);
    facts.put("sameComponent", sameComponent);
    facts.put("sameReporter", sameReporter);
    return facts;
  }

  static String decimals(double value) {
    return String.format(java.util.Locale.ROOT, "%.2f", value);
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
