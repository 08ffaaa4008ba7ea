package io.citywide.sensing.internal.warning;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A message of the Common Alerting Protocol 1.2 (OASIS), with the values of GB/T 35965.1; members in the order of the schema.
 * Times are Beijing time with offset.
 */
public record CapMessage(String identifier, String sender, String sent, String status, String msgType, String source, String scope, String restriction, String note,
    List<String> references, List<Info> info) {

  /** What warnings are about, as CAP 1.2 names it. */
  public static final Set<String> CATEGORIES = Set.of("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other");

  /** What is said in one language. */
  public record Info(String language, String category, String event, String urgency, String severity, String certainty, Map<String, String> eventCode, String effective,
      String onset, String senderName, String headline, String description, Map<String, String> parameter, List<Area> area) {}

  /** @param polygon closed rings, {@code lat,lon lat,lon …}; {@code circle}: {@code lat,lon radius} in kilometres */
  public record Area(String areaDesc, List<String> polygon, List<String> circle, Map<String, String> geocode) {}
}
