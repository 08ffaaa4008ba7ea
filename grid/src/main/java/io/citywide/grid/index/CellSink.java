package io.citywide.grid.index;

import io.citywide.grid.GridBox;

/** Takes the cells of a tile one by one. */
@FunctionalInterface
public interface CellSink {
  /**
   * @param box the cell's edges
   * @param count points in the whole cell, above 0, also where the cell reaches beyond the tile
   * @param dominant the group of most of them; of equals the least
   * @param worst the highest grade in the cell, 0..7
   * @return false: enough, the query ends
   */
  boolean cell(GridBox box, long count, int dominant, int worst);
}
