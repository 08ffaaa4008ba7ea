package io.citywide.sensing.internal.registry;

/**
 * A device as somebody describes it; {@code null} where nothing is said. An import leaves what is known of a device as it is
 * where the row says nothing.
 *
 * @param code see {@link io.citywide.sensing.Device#code()}
 * @param type code of its type; a device never becomes one of another type
 * @param name 1 to 200 characters; as a device of its own: its code
 * @param lon degrees in {@code crs}
 * @param lat degrees in {@code crs}
 * @param crs {@code WGS84} (default), {@code CGCS2000}, {@code GCJ02} or {@code BD09}
 * @param group what it belongs to, such as a shed: 1 to 64 of {@code A-Z a-z 0-9 . _ : -}
 * @param unit code of the unit that answers for it
 * @param source feed by which it comes, 1 to 64 of {@code A-Z a-z 0-9 . _ : -}
 */
public record DeviceDraft(String code, String type, String name, Double lon, Double lat, String crs, String group, String component, String building, String unit,
    String source, Boolean enabled) {}
