package io.citywide.grid;

/**
 * A rectangle in degrees. {@code west} ≤ {@code east} except for a box across the antimeridian, where west is the
 * greater.
 *
 * @param west longitude -180..180
 * @param south latitude -90..90, not above north
 * @param east longitude -180..180
 * @param north latitude -90..90
 */
public record GridBox(double west, double south, double east, double north) {
  /** @throws IllegalArgumentException when an edge is not a number or out of range, or south is above north */
  public GridBox {
    if (!(Math.abs(west) <= 180)) throw Degrees.lonRefused(Double.toString(west));
    if (!(Math.abs(east) <= 180)) throw Degrees.lonRefused(Double.toString(east));
    if (!(Math.abs(south) <= 90)) throw Degrees.latRefused(Double.toString(south), false);
    if (!(Math.abs(north) <= 90)) throw Degrees.latRefused(Double.toString(north), false);
    if (south > north) throw new IllegalArgumentException("south must not be above north, was " + south + " > " + north);
  }

  /** Whether a position lies in the box, edges included. */
  public boolean contains(double lon, double lat) {
    boolean within = west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
    return within && lat >= south && lat <= north;
  }
}
