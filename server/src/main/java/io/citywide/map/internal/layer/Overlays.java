package io.citywide.map.internal.layer;

import java.util.List;

/** Pictures of others under or over the map, such as a national base map, as far as the operator has set some. */
public interface Overlays {

  /**
   * One of them.
   *
   * @param id within this server
   * @param titleZh shown in the Chinese console
   * @param titleEn shown in the English console
   * @param type {@code xyz} or {@code wmts}
   * @param url with {@code {z}}, {@code {x}} and {@code {y}}
   * @param attribution whose it is, shown on the map
   */
  record Overlay(String id, String titleZh, String titleEn, String type, String url, String attribution) {}

  List<Overlay> list();
}
