package io.citywide.watch;

import java.util.Objects;

/**
 * A device as the watch knows it.
 *
 * @param type a type of the {@link ThingModel}
 * @param group what it belongs to (a shed, a lift shaft); empty where it stands alone
 * @param area code of its area; the code of an area begins with that of the area around it
 * @param source the feed its values come by; empty where its feed is not watched
 */
public record Thing(String id, String type, String group, String area, String source) {
  public Thing {
    if (id == null || id.isBlank()) throw new IllegalArgumentException("a thing needs an id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(source, "source");
  }

  /** A thing that stands alone. */
  public Thing(String id, String type, String area) {
    this(id, type, "", area, "");
  }
}
