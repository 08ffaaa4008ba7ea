package io.citywide.identity;

import java.util.Map;
import java.util.Set;

/**
 * Something changed that screens may want to show at once.
 *
 * @param type name of the server-sent event, such as {@code case}
 * @param areaCode area of the changed row; it reaches viewers whose scope covers it
 * @param units units that lead or assist, for viewers bound to units
 * @param data ids and facts; never personal data
 */
public record Notice(String type, String areaCode, Set<Long> units, Map<String, Object> data) {

  /** Stands for every area: reference data, which all staff may read. */
  private static final String EVERYWHERE = "*";

  /** For everybody who has signed in, about something that all staff may read. */
  public static Notice forEverybody(String type, Map<String, Object> data) {
    return new Notice(type, EVERYWHERE, Set.of(), data);
  }

  /** Whether {@code viewer} is to get it. */
  public boolean reaches(Viewer viewer) {
    return EVERYWHERE.equals(areaCode) ? viewer.kind() != Viewer.Kind.PUBLIC : viewer.sees(areaCode, units);
  }

  /** The server stops: every stream ends, so that browsers connect to the next one and the stop does not wait for them. */
  public static final Notice END = new Notice("end", "", Set.of(), Map.of());
}
