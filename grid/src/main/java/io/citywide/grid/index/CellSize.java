package io.citywide.grid.index;

/**
 * Cells that a tile is drawn with where there are too many points to draw. They are those of the standard, and some
 * that the standard's can be put together to, where its steps are too great: a tile of the zooms 4 to 15 has 16 to 64
 * of them along its side at the latitudes of China.
 */
public enum CellSize {
  /** 30′, level 2. */
  MINUTES_30(3_686_400),
  /** 10′. */
  MINUTES_10(1_228_800),
  /** 3′. */
  MINUTES_3(368_640),
  /** 1′, level 4, about 1.8 km. */
  MINUTE(122_880),
  /** 20″, about 600 m. */
  SECONDS_20(40_960),
  /** 12″, about 370 m. */
  SECONDS_12(24_576),
  /** 4″, level 5, about 120 m. */
  SECONDS_4(8192),
  /** 2″, level 6, about 60 m. */
  SECONDS_2(4096);

  /** Side in units. */
  final int side;

  CellSize(int side) {
    this.side = side;
  }

  /** Side in degrees. */
  public double degrees() {
    return side / (double) io.citywide.grid.GridKeys.UNITS_PER_DEGREE;
  }

  /**
   * The cells for tiles of Web Mercator.
   *
   * @param zoom 0..22
   */
  public static CellSize ofZoom(int zoom) {
    if (zoom < 0 || zoom > 22) throw new IllegalArgumentException("zoom must be 0..22, was " + zoom);
    return switch (zoom) {
      case 0, 1, 2, 3, 4, 5 -> MINUTES_30;
      case 6 -> MINUTES_10;
      case 7, 8 -> MINUTES_3;
      case 9 -> MINUTE;
      case 10, 11 -> SECONDS_20;
      case 12 -> SECONDS_12;
      case 13 -> SECONDS_4;
      default -> SECONDS_2;
    };
  }
}
