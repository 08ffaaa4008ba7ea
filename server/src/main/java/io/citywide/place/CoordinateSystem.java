package io.citywide.place;

/**
 * Coordinate systems that reports and files of Chinese cities come in. CGCS2000 differs from WGS-84 by
 * centimetres and is taken as the same. GCJ-02 (maps published in China) shifts a position by up to 700 m;
 * BD-09 (Baidu) shifts it a second time. The formulas of both are public knowledge, published many times.
 */
public enum CoordinateSystem {
  WGS84,
  CGCS2000,
  GCJ02,
  BD09;

  /** A position in WGS-84 degrees. */
  public record Position(double lon, double lat) {}

  private static final double SEMI_MAJOR_METERS = 6_378_245.0; // Krasovsky 1940
  private static final double ECCENTRICITY_SQUARED = 0.00669342162296594323;
  private static final double BAIDU_ANGLE = Math.PI * 3000.0 / 180.0;
  /** 1e-9° is 0.1 mm. */
  private static final double CONVERGED_DEGREES = 1e-9;

  /**
   * Converts into WGS-84, exact to less than 0.1 m. Positions outside China (the box 72.004..137.8347°E,
   * 0.8293..55.8271°N of the published algorithm) are not shifted by GCJ-02.
   *
   * @param lon degrees in this system, -180..180
   * @param lat degrees in this system, -90..90
   * @throws IllegalArgumentException when a value is out of range or not a number
   */
  public Position toWgs84(double lon, double lat) {
    check(lon, lat);
    return switch (this) {
      case WGS84, CGCS2000 -> new Position(lon, lat);
      case GCJ02 -> unshift(lon, lat);
      case BD09 -> {
        Position gcj = baiduToGcj(lon, lat);
        yield unshift(gcj.lon, gcj.lat);
      }
    };
  }

  /**
   * Converts a WGS-84 position into this system; the inverse of {@link #toWgs84}.
   *
   * @throws IllegalArgumentException when a value is out of range or not a number
   */
  public Position fromWgs84(double lon, double lat) {
    check(lon, lat);
    return switch (this) {
      case WGS84, CGCS2000 -> new Position(lon, lat);
      case GCJ02 -> shift(lon, lat);
      case BD09 -> {
        Position gcj = shift(lon, lat);
        yield gcjToBaidu(gcj.lon, gcj.lat);
      }
    };
  }

  private static void check(double lon, double lat) {
    if (!(Math.abs(lon) <= 180)) {
      throw new IllegalArgumentException("longitude must be -180..180 degrees, was " + lon);
    }
    if (!(Math.abs(lat) <= 90)) {
      throw new IllegalArgumentException("latitude must be -90..90 degrees, was " + lat
          + (Math.abs(lat) <= 180 && Math.abs(lon) <= 90 ? "; longitude and latitude look swapped" : ""));
    }
  }

  private static boolean outsideChina(double lon, double lat) {
    return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
  }

  private static Position shift(double lon, double lat) {
    if (outsideChina(lon, lat)) {
      return new Position(lon, lat);
    }
    double x = lon - 105.0;
    double y = lat - 35.0;
    double waves = (20.0 * Math.sin(6.0 * x * Math.PI) + 20.0 * Math.sin(2.0 * x * Math.PI)) * 2.0 / 3.0;
    double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves
        + (20.0 * Math.sin(y * Math.PI) + 40.0 * Math.sin(y / 3.0 * Math.PI)) * 2.0 / 3.0
        + (160.0 * Math.sin(y / 12.0 * Math.PI) + 320.0 * Math.sin(y * Math.PI / 30.0)) * 2.0 / 3.0;
    double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves
        + (20.0 * Math.sin(x * Math.PI) + 40.0 * Math.sin(x / 3.0 * Math.PI)) * 2.0 / 3.0
        + (150.0 * Math.sin(x / 12.0 * Math.PI) + 300.0 * Math.sin(x / 30.0 * Math.PI)) * 2.0 / 3.0;
    double radians = Math.toRadians(lat);
    double magic = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) * Math.sin(radians);
    double meridian = SEMI_MAJOR_METERS * (1 - ECCENTRICITY_SQUARED) / (magic * Math.sqrt(magic));
    double parallel = SEMI_MAJOR_METERS / Math.sqrt(magic) * Math.cos(radians);
    return new Position(lon + Math.toDegrees(east / parallel), lat + Math.toDegrees(north / meridian));
  }

  /** The shift changes slowly, so stepping back by the error of the forward shift converges in a few rounds. */
  private static Position unshift(double lon, double lat) {
    if (outsideChina(lon, lat)) {
      return new Position(lon, lat);
    }
    double atLon = lon;
    double atLat = lat;
    for (int round = 0; round < 30; round++) {
      Position there = shift(atLon, atLat);
      double dLon = there.lon - lon;
      double dLat = there.lat - lat;
      atLon -= dLon;
      atLat -= dLat;
      if (Math.abs(dLon) < CONVERGED_DEGREES && Math.abs(dLat) < CONVERGED_DEGREES) {
        break;
      }
    }
    return new Position(atLon, atLat);
  }

  private static Position gcjToBaidu(double lon, double lat) {
    double z = Math.sqrt(lon * lon + lat * lat) + 0.00002 * Math.sin(lat * BAIDU_ANGLE);
    double theta = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * BAIDU_ANGLE);
    return new Position(z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006);
  }

  /** The published inverse is off by up to 0.6 m, so it too is found by stepping back. */
  private static Position baiduToGcj(double lon, double lat) {
    double atLon = lon - 0.0065;
    double atLat = lat - 0.006;
    for (int round = 0; round < 30; round++) {
      Position there = gcjToBaidu(atLon, atLat);
      double dLon = there.lon - lon;
      double dLat = there.lat - lat;
      atLon -= dLon;
      atLat -= dLat;
      if (Math.abs(dLon) < CONVERGED_DEGREES && Math.abs(dLat) < CONVERGED_DEGREES) {
        break;
      }
    }
    return new Position(atLon, atLat);
  }
}
