package io.citywide.map.spi;

import io.citywide.identity.Permission;
import java.util.Objects;

/**
 * A layer of the map, without its content.
 *
 * @param id 2 to 30 of {@code a-z -}; part of addresses, never changes
 * @param titleZh shown in the Chinese console
 * @param titleEn shown in the English console
 * @param shape what its features are
 * @param minZoom lowest zoom at which its tiles are not empty, 0..22
 * @param objectZoom from this zoom on tiles carry the objects themselves, below it cells with counts, 0..22
 * @param permission needed to see it; {@code null}: public, also under {@code /ogc}
 * @param timed whether it answers for moments of the past
 * @param live type of the {@link io.citywide.identity.Notice} that says its content changed; {@code null}: changes are rare
 */
public record Layer(String id, String titleZh, String titleEn, Shape shape, int minZoom, int objectZoom, Permission permission,
    boolean timed, String live) {

  /** Dimension of the features. */
  public enum Shape {
    POINT,
    LINE,
    AREA
  }

  public Layer {
    if (!id.matches("[a-z][a-z-]{1,29}")) throw new IllegalArgumentException("a layer's id has 2 to 30 of a-z and -, was '" + id + "'");
    if (minZoom < 0 || minZoom > 22 || objectZoom < minZoom || objectZoom > 22) {
      throw new IllegalArgumentException("zooms must be 0..22 and objectZoom not below minZoom, were " + minZoom + " and " + objectZoom);
    }
    Objects.requireNonNull(titleZh);
    Objects.requireNonNull(titleEn);
    Objects.requireNonNull(shape);
  }
}
