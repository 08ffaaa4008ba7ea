package io.citywide.demo;

import java.util.Random;
import org.locationtech.jts.geom.Coordinate;

/**
 * The lay of the land: a lattice whose lines are bent as streets are. Lattice coordinates (u, v) count cells from the
 * centre; cells are about 105 m wide there and 190 m at the edge. The river follows the line v = {@value #RIVER}.
 */
final class Terrain {

  /** Row of the lattice along which the river flows. */
  static final int RIVER = -9;

  private static final double CENTER_LON = 118.93;
  private static final double CENTER_LAT = 32.52;
  private static final double METERS_PER_DEGREE_LAT = 110_900;
  private static final double METERS_PER_DEGREE_LON = 111_320 * Math.cos(Math.toRadians(CENTER_LAT));

  private final double[] phase = new double[8];

  Terrain(Random random) {
    for (int i = 0; i < phase.length; i++) {
      phase[i] = random.nextDouble() * 2 * Math.PI;
    }
  }

  /** Metres east and north of the centre. */
  Coordinate meters(double u, double v) {
    double x = spread(u);
    double y = spread(v);
    double riverY = spread(RIVER);
    // The river bends, and the streets beside it with it, less and less with distance.
    y += 520 * Math.sin(2 * Math.PI * x / 7_400 + phase[0]) * Math.exp(-Math.pow((y - riverY) / 3_300, 2));
    y += 110 * Math.sin(2 * Math.PI * x / 2_900 + phase[1]) * Math.exp(-Math.pow((y - riverY) / 1_500, 2));
    x += 210 * Math.sin(2 * Math.PI * y / 5_200 + phase[2]);
    y += 90 * Math.sin(2 * Math.PI * x / 3_700 + phase[3]);
    double turn = 0.06 + 0.20 * Math.exp(-(x * x + y * y) / (2_600.0 * 2_600.0));
    return new Coordinate(x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn));
  }

  private static double spread(double cells) {
    return cells * 105 + Math.signum(cells) * cells * cells * 1.35;
  }

  /** Radius of the city in metres in a direction. */
  double radius(double angle) {
    return 4_750 * (1 + 0.10 * Math.sin(2 * angle + phase[4]) + 0.06 * Math.sin(3 * angle + phase[5]) + 0.03 * Math.sin(5 * angle + phase[6]));
  }

  /** Degrees, rounded to 1e-7 (1 cm) so that neighbours share their corners to the last digit. */
  static Coordinate degrees(Coordinate meters) {
    return new Coordinate(round(CENTER_LON + meters.x / METERS_PER_DEGREE_LON), round(CENTER_LAT + meters.y / METERS_PER_DEGREE_LAT));
  }

  private static double round(double degrees) {
    return Math.rint(degrees * 1e7) / 1e7;
  }
}
