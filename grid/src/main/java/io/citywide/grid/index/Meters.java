package io.citywide.grid.index;

import static io.citywide.grid.GridKeys.UNITS_PER_DEGREE;

/**
 * Distances from one point on the CGCS2000 ellipsoid by the mid-latitude formula of Gauss: a step of latitude is M(φm)
 * long and a step of longitude N(φm)·cos φm, φm the middle between the two latitudes. Within the reach both are so
 * nearly quadratic in the difference of latitude that three values of each replace the trigonometry: a distance is
 * eight multiplications.
 */
final class Meters {
  private static final double A = 6_378_137.0;
  private static final double F = 1 / 298.257222101;
  private static final double E2 = F * (2 - F);
  private static final double RADIANS_PER_UNIT = Math.PI / 180 / UNITS_PER_DEGREE;

  /** By how much the bound of a cell may be wrong, as a part of the square; see {@link #leastSquare}. */
  private static final double SLACK = 0.01;

  private final double x0;
  private final double y0;
  // Metres per unit: value, slope and curvature by the difference of latitude in units.
  private final double lon0;
  private final double lon1;
  private final double lon2;
  private final double lat0;
  private final double lat1;
  private final double lat2;

  /** A box around all within reach. */
  final int west;
  final int south;
  final int east;
  final int north;

  /** @throws IllegalArgumentException see {@link Where#circle} */
  Meters(double lon, double lat, double reach) {
    if (!(Math.abs(lon) <= 180)) throw new IllegalArgumentException("longitude must be -180..180 degrees, was " + lon);
    if (!(Math.abs(lat) <= Where.LARGEST_CIRCLE_LATITUDE)) {
      throw new IllegalArgumentException("latitude of a circle must be -75..75 degrees, was " + lat);
    }
    if (!(reach >= 0 && reach <= Where.LARGEST_RADIUS)) {
      throw new IllegalArgumentException("radius must be 0..200000 m, was " + reach);
    }
    x0 = lon * UNITS_PER_DEGREE;
    y0 = lat * UNITS_PER_DEGREE;
    double phi = Math.toRadians(lat);
    double step = Math.max(reach, 1_000) / meridian(phi) * 1.02;
    double units = step / RADIANS_PER_UNIT;
    double here = parallel(phi);
    double above = parallel(phi + step / 2);
    double below = parallel(phi - step / 2);
    lon0 = here;
    lon1 = (above - below) / (2 * units);
    lon2 = (above + below - 2 * here) / (2 * units * units);
    here = meridian(phi) * RADIANS_PER_UNIT;
    above = meridian(phi + step / 2) * RADIANS_PER_UNIT;
    below = meridian(phi - step / 2) * RADIANS_PER_UNIT;
    lat0 = here;
    lat1 = (above - below) / (2 * units);
    lat2 = (above + below - 2 * here) / (2 * units * units);
    double high = Math.min(Math.PI / 2 - 1e-3, Math.abs(phi) + step);
    double width = reach * 1.01 / parallel(high) + 8;
    double height = reach * 1.02 / lat0 + 8;
    if (Math.abs(x0) + width > 180.0 * UNITS_PER_DEGREE) {
      throw new IllegalArgumentException("the circle must not cross the antimeridian, but reaches it from longitude " + lon);
    }
    west = (int) Math.floor(x0 - width);
    east = (int) Math.ceil(x0 + width);
    south = (int) Math.floor(y0 - height);
    north = (int) Math.ceil(y0 + height);
  }

  /** Square of the distance to a point, m². */
  double square(int x, int y) {
    return squareOf(x - x0, y - y0);
  }

  private double squareOf(double dx, double dy) {
    double ew = dx * (lon0 + dy * (lon1 + dy * lon2));
    double ns = dy * (lat0 + dy * (lat1 + dy * lat2));
    return ew * ew + ns * ns;
  }

  /**
   * A lower bound of the squares in a rectangle. The nearest point of a meridian is not quite at the same latitude:
   * the way there and the narrowing of the parallels make up less than 0.4 % at 200 km and 75°.
   */
  double leastSquare(int w, int s, int e, int n) {
    double dx = x0 < w ? w - x0 : x0 > e ? e - x0 : 0;
    double dy = y0 < s ? s - y0 : y0 > n ? n - y0 : 0;
    return squareOf(dx, dy) * (1 - SLACK);
  }

  /** The greatest square in a rectangle: that of a corner. */
  double greatestSquare(int w, int s, int e, int n) {
    double dx = Math.max(Math.abs(w - x0), Math.abs(e - x0));
    return Math.max(squareOf(dx, s - y0), squareOf(dx, n - y0));
  }

  /** Metres per unit along the parallel. */
  private static double parallel(double phi) {
    double sine = Math.sin(phi);
    return A / Math.sqrt(1 - E2 * sine * sine) * Math.cos(phi) * RADIANS_PER_UNIT;
  }

  /** Radius of curvature in the meridian, metres. */
  private static double meridian(double phi) {
    double sine = Math.sin(phi);
    double s = 1 - E2 * sine * sine;
    return A * (1 - E2) / (s * Math.sqrt(s));
  }
}
