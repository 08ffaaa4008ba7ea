package io.citywide.grid.index;

/** Takes points one by one. */
@FunctionalInterface
public interface PointSink {
  /**
   * @param key of its cell of level 9; {@link io.citywide.grid.GridKeys} reads the position
   * @param kind 0..65535
   * @return false: enough, the query ends
   */
  boolean point(long key, int kind, long id);
}
