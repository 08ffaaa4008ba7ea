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
public record Notice(String type, String areaCode, Set<Long> units, Map<String, Object> data) {}
