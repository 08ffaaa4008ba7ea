package io.citywide.grid.index;

/**
 * One query's way of telling what lies in its {@link Where}: it is asked for blocks, for cells of a block that crosses
 * the edge, and for the points of a cell that crosses it, in this order, so that it can keep notes from one for the
 * next. It may call something crossing that is not, never the other way round. Coordinates are units, signed.
 */
abstract class Probe {
  static final int OUTSIDE = 0;
  static final int CROSSING = 1;
  static final int INSIDE = 2;

  /** Everything of it lies within these, edges included. */
  final int west;
  final int south;
  final int east;
  final int north;

  Probe(int west, int south, int east, int north) {
    this.west = west;
    this.south = south;
    this.east = east;
    this.north = north;
  }

  /** How a cell of level 4 with these edges lies to it. */
  abstract int block(int w, int s, int e, int n);

  /** How a cell of level 5 lies to it, within the crossing block that was asked for last. */
  abstract int cell(int w, int s, int e, int n);

  /**
   * The points that lie in it, of the crossing cell of level 5 that was asked for last.
   *
   * <p>Each probe has the same loop with its own test in it, so that the compiler sees both together.
   *
   * @param offsets where in the memory the offsets of the block begin
   * @param from first row in the block
   * @param to after the last row
   * @param x0 corner of the cell from which offsets count
   * @param y0 as x0
   * @param signX 1 or -1: whether they count to the east
   * @param signY as signX, to the north
   * @param rows takes the rows, has room for all
   * @return how many
   */
  abstract int select(Segment points, long offsets, int from, int to, int x0, int y0, int signX, int signY, int[] rows);
}
