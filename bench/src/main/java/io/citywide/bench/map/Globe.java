package io.citywide.bench.map;

/**
 * Distances near one point: radii of curvature of the ellipsoid there, right to a few centimetres at 500 m. What the
 * trees of JTS are refined with.
 */
final class Globe {
  private static final double A = 6_378_137.0;
  private static final double E2 = 0.00669438;
  private final double lon;
  private final double lat;
  final double metersPerLon;
  final double metersPerLat;

  Globe(double lon, double lat) {
    this.lon = lon;
    this.lat = lat;
    double sine = Math.sin(Math.toRadians(lat));
    double s = 1 - E2 * sine * sine;
    metersPerLon = Math.toRadians(1) * A / Math.sqrt(s) * Math.cos(Math.toRadians(lat));
    metersPerLat = Math.toRadians(1) * A * (1 - E2) / (s * Math.sqrt(s));
  }

  double square(double toLon, double toLat) {
    double x = (toLon - lon) * metersPerLon;
    double y = (toLat - lat) * metersPerLat;
    return x * x + y * y;
  }
}
