package io.citywide.map.internal.tile;

import io.citywide.map.spi.TileFrame;

/**
 * From degrees to the units of one tile: spherical Mercator (EPSG:3857), x to the east and y to the south, 0 to
 * {@value #EXTENT} across the tile.
 */
final class TileGrid {

  /** Units along a side of a tile. */
  static final int EXTENT = 4096;

  /** Web Mercator ends here, where the map is square. */
  static final double MOST_LATITUDE = 85.0511287798066;

  private final double tiles;
  private final int x;
  private final int y;
  private double lastLat = Double.NaN;
  private double lastRow;

  TileGrid(TileFrame frame) {
    this.tiles = 1L << frame.zoom();
    this.x = frame.x();
    this.y = frame.y();
  }

  double x(double lon) {
    return (column(lon) - x) * EXTENT;
  }

  double y(double lat) {
    return (row(lat) - y) * EXTENT;
  }

  /** Whether the tile owns a point: of all tiles of a zoom exactly one does, so that points can be counted over tiles. */
  boolean owns(double lon, double lat) {
    return owns(column(lon), x) && owns(row(lat), y);
  }

  /** The eastern and southern edge of the world belong to the last tile. */
  private boolean owns(double at, int number) {
    return at >= number && (at < number + 1 || number + 1 == tiles && at == tiles);
  }

  private double column(double lon) {
    return (lon + 180) / 360 * tiles;
  }

  /** Asked twice for each point, and nearly all that a point costs: the last answer is remembered. */
  private double row(double lat) {
    if (lat != lastLat) {
      double sine = Math.sin(Math.toRadians(Math.clamp(lat, -MOST_LATITUDE, MOST_LATITUDE)));
      lastRow = Math.clamp((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * tiles, 0, tiles);
      lastLat = lat;
    }
    return lastRow;
  }
}
