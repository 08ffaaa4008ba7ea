package io.citywide.map.spi;

import io.citywide.grid.GridBox;
import java.time.Instant;
import java.util.Set;

/**
 * The tile to draw, in the scheme of Web Mercator ({@code WebMercatorQuad}).
 *
 * @param zoom 0..22
 * @param x 0..2^zoom-1, from the west
 * @param y 0..2^zoom-1, from the north
 * @param kinds only these; empty: all
 * @param at as it stood then; {@code null}: now
 */
public record TileFrame(int zoom, int x, int y, Set<String> kinds, Instant at) {

  public TileFrame {
    if (zoom < 0 || zoom > 22 || x < 0 || y < 0 || x >= 1 << zoom || y >= 1 << zoom) {
      throw new IllegalArgumentException("there is no tile " + zoom + "/" + x + "/" + y);
    }
    kinds = Set.copyOf(kinds);
  }

  /** Bounds in degrees, without margin. */
  public GridBox box() {
    return new GridBox(lonOf(x), latOf(y + 1), lonOf(x + 1), latOf(y));
  }

  private double lonOf(int column) {
    return column * 360.0 / (1 << zoom) - 180;
  }

  private double latOf(int row) {
    return Math.toDegrees(Math.atan(Math.sinh(Math.PI * (1 - 2.0 * row / (1 << zoom)))));
  }
}
