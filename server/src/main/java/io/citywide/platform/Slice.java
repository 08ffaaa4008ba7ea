package io.citywide.platform;

import java.util.List;

/**
 * One page of a list read by key (never by offset: the thousandth page costs what the first does).
 *
 * @param items in order
 * @param next opaque cursor of the following page, {@code null} at the end
 */
public record Slice<T>(List<T> items, String next) {

  public Slice {
    items = List.copyOf(items);
  }
}
