package io.citywide.map.internal.base;

import java.util.List;

/**
 * A shape in the whole units of one tile, origin at its north-west corner, x to the east and y to the south.
 *
 * @param type as in MVT
 * @param parts x and y in turn: points, lines, or rings without their closing point; an outer ring turns clockwise on the
 *     screen, an inner one the other way and follows its outer ring
 */
record TileShape(Type type, List<int[]> parts) {

  /** The numbers are those of MVT 2.1, 4.3.4. */
  enum Type {
    NONE,
    POINT,
    LINE,
    POLYGON
  }
}
