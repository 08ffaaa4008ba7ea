package io.citywide.grid.index;

/** Takes points with their places, which cost less here than reading them from the key. */
@FunctionalInterface
public interface PlaceSink {
  /**
   * @param key of its cell of level 9
   * @param kind 0..65535
   * @param lon of the centre of the cell, degrees, as {@link io.citywide.grid.GridKeys#centerLon} says
   * @param lat of the centre of the cell, degrees
   * @return false: enough, the query ends
   */
  boolean point(long key, int kind, long id, double lon, double lat);
}
