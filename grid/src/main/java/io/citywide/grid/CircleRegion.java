package io.citywide.grid;

import java.util.List;

/**
 * The points within a geodesic distance of a centre on the CGCS2000 ellipsoid.
 *
 * <p>A step on the ellipsoid is at least M(φ) and at most N(φ) times the same step of latitude and longitude on a unit
 * sphere (M ≤ N are the radii of curvature in the meridian and the prime vertical, both growing with |φ|). A path of
 * the radius stays within known latitudes, so every point of the circle lies within radius / M(least |φ|) on the unit
 * sphere, and every point within radius / N(greatest |φ|) there lies in the circle. Between the two angles, which
 * differ by less than 0.7 %, a cell is called crossing.
 */
final class CircleRegion implements Region {
  private static final double A = 6_378_137.0;
  private static final double F = 1 / 298.257222101;
  private static final double E2 = F * (2 - F);
  private static final double LEAST_RADIUS = A * (1 - E2);

  private final double lon;
  private final double lat;
  private final double outerHav;
  private final double innerHav;
  private final List<Window> windows;

  CircleRegion(double lonDegrees, double latDegrees, double radiusMeters) {
    Degrees.lonUnits(lonDegrees);
    Degrees.latUnits(latDegrees);
    if (!(radiusMeters >= 0 && radiusMeters <= 5_000_000)) {
      throw new IllegalArgumentException("radius must be 0..5000000 m, was " + radiusMeters);
    }
    lon = Math.toRadians(lonDegrees);
    lat = Math.toRadians(latDegrees);
    double reach = radiusMeters / LEAST_RADIUS;
    double leastLat = Math.max(0, Math.abs(lat) - reach);
    double greatestLat = Math.min(Math.PI / 2, Math.abs(lat) + reach);
    // A micrometre covers the rounding of the trigonometry.
    double outer = (radiusMeters + 1e-6) / meridianRadius(leastLat);
    double inner = Math.max(0, radiusMeters - 1e-6) / primeVerticalRadius(greatestLat);
    outerHav = hav(outer);
    innerHav = hav(inner);

    double south = Region.outward(Math.toDegrees(lat - outer), -1, 90);
    double north = Region.outward(Math.toDegrees(lat + outer), 1, 90);
    if (south <= -88 || north >= 88) {
      throw new IllegalArgumentException("the circle must stay between latitudes -88 and 88 degrees, but reaches "
          + south + ".." + north);
    }
    // The meridian that touches the circle; the circle does not hold the pole.
    double half = Math.toDegrees(Math.asin(Math.min(1, Math.sin(outer) / Math.cos(lat))));
    double west = Region.outward(lonDegrees - half, -1, 540);
    double east = Region.outward(lonDegrees + half, 1, 540);
    windows = Region.windows(west < -180 ? west + 360 : west, south, east > 180 ? east - 360 : east, north);
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  @Override
  public Relation relate(Cell cell, Cell parent) {
    double west = radians(cell.west());
    double east = radians(cell.east());
    double south = radians(cell.south());
    double north = radians(cell.north());
    double toWest = turn(west - lon);
    double toEast = turn(east - lon);
    boolean above = toWest <= 0 && toEast >= 0 && toEast - toWest < Math.PI;
    // A cell is at most 6° wide: on the far side of the earth the signs of toWest and toEast differ the other way.
    double nearLon = above ? 0 : Math.min(Math.abs(toWest), Math.abs(toEast));
    double farLon = Math.max(Math.abs(toWest), Math.abs(toEast));
    if (nearest(nearLon, south, north) > outerHav) return Relation.OUTSIDE;
    double farthest = Math.max(hav(farLon, south), hav(farLon, north));
    return farthest <= innerHav ? Relation.INSIDE : Relation.CROSSING;
  }

  /** Least haversine from the centre to a piece of the meridian that is dLon away. */
  private double nearest(double dLon, double south, double north) {
    // Along a meridian the distance falls to its foot and rises after it.
    double foot = Math.atan2(Math.sin(lat), Math.cos(lat) * Math.cos(dLon));
    if (foot >= south && foot <= north) return hav(dLon, foot);
    return Math.min(hav(dLon, south), hav(dLon, north));
  }

  private double hav(double dLon, double toLat) {
    return hav(toLat - lat) + Math.cos(lat) * Math.cos(toLat) * hav(dLon);
  }

  private static double hav(double angle) {
    double sine = Math.sin(angle / 2);
    return sine * sine;
  }

  private static double turn(double angle) {
    return angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
  }

  private static double radians(int units) {
    return Math.toRadians(units / (double) Layout.UNITS_PER_DEGREE);
  }

  private static double meridianRadius(double lat) {
    double s = 1 - E2 * Math.sin(lat) * Math.sin(lat);
    return A * (1 - E2) / (s * Math.sqrt(s));
  }

  private static double primeVerticalRadius(double lat) {
    return A / Math.sqrt(1 - E2 * Math.sin(lat) * Math.sin(lat));
  }
}
