package io.citywide.intake.internal.matching;

/**
 * Distances between near points on the CGCS2000 ellipsoid, by the radii of curvature at the middle latitude
 * (Bowring, Survey Review 28, 1985, first term). Off by less than 1 mm at 2 km.
 */
public final class Meters {

  private static final double SEMI_MAJOR = 6_378_137;
  private static final double ECCENTRICITY_SQUARED = 0.00669438002290;

  private Meters() {}

  /** Metres between two points in degrees, meant for up to some kilometres. */
  public static double between(double lonA, double latA, double lonB, double latB) {
    double middle = Math.toRadians((latA + latB) / 2);
    double w = 1 - ECCENTRICITY_SQUARED * Math.sin(middle) * Math.sin(middle);
    double east = Math.toRadians(lonA - lonB) * SEMI_MAJOR / Math.sqrt(w) * Math.cos(middle);
    double north = Math.toRadians(latA - latB) * SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (w * Math.sqrt(w));
    return Math.hypot(east, north);
  }
}
