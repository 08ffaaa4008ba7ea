package io.citywide.grid;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Degrees to mirrored units, exactly: {@code floor(|degrees| · 7 372 800)} on the decimal that is written. A double
 * stands for the shortest decimal that reads back as it ({@link Double#toString(double)}), because 86.9 means 86.9 and
 * lies on a cell boundary, while the double nearest to it lies a hair below.
 */
final class Degrees {
  private static final double UNITS = Layout.UNITS_PER_DEGREE;
  private static final BigDecimal EXACT_UNITS = BigDecimal.valueOf(Layout.UNITS_PER_DEGREE);
  private static final BigDecimal D180 = BigDecimal.valueOf(180);
  private static final BigDecimal D90 = BigDecimal.valueOf(90);
  private static final BigDecimal D88 = BigDecimal.valueOf(88);

  private Degrees() {}

  static int quadrant(double lon, double lat) {
    return (lon < 0 ? Layout.WEST : 0) | (lat < 0 ? Layout.SOUTH : 0);
  }

  static int quadrant(BigDecimal lon, BigDecimal lat) {
    return (lon.signum() < 0 ? Layout.WEST : 0) | (lat.signum() < 0 ? Layout.SOUTH : 0);
  }

  /** ±180 belongs to the last cell of its side. */
  static int lonUnits(double lon) {
    double abs = Math.abs(lon);
    if (abs < 180) return units(abs);
    if (abs == 180) return Layout.LON_UNITS - 1;
    throw lonRefused(Double.toString(lon));
  }

  static int lonUnits(BigDecimal lon) {
    int side = lon.abs().compareTo(D180);
    if (side > 0) throw lonRefused(lon.toString());
    return side == 0 ? Layout.LON_UNITS - 1 : units(lon.abs());
  }

  static int latUnits(double lat) {
    double abs = Math.abs(lat);
    if (abs < 88) return units(abs);
    throw latRefused(Double.toString(lat), abs <= 90);
  }

  static int latUnits(BigDecimal lat) {
    BigDecimal abs = lat.abs();
    if (abs.compareTo(D88) < 0) return units(abs);
    throw latRefused(lat.toString(), abs.compareTo(D90) <= 0);
  }

  /** For 0 ≤ abs < 180. */
  static int units(double abs) {
    // The decimal is within half an ulp (2⁻⁴⁶) of abs and the product is rounded by at most 2⁻²³:
    // together under 2.3e-7 units. Further than 1e-6 from an integer, rounding down is certain.
    double product = abs * UNITS;
    int floor = (int) product;
    double rest = product - floor;
    if (rest > 1e-6 && rest < 1 - 1e-6) return floor;
    // A decimal of at most 15 digits that reads as abs is the shortest one, so nine decimals can be tried in longs.
    long nano = Math.round(abs * 1e9);
    if (nano / 1e9 == abs) return (int) (nano * Layout.UNITS_PER_DEGREE / 1_000_000_000L);
    return units(new BigDecimal(Double.toString(abs)));
  }

  /** For 0 ≤ abs < 180. */
  static int units(BigDecimal abs) {
    // 1e-999999999 must not be written out to be rounded.
    if (abs.precision() - (long) abs.scale() < -8) return 0;
    return abs.multiply(EXACT_UNITS).setScale(0, RoundingMode.FLOOR).intValueExact();
  }

  static IllegalArgumentException lonRefused(String value) {
    return new IllegalArgumentException("longitude must be -180..180 degrees, was " + brief(value));
  }

  static IllegalArgumentException latRefused(String value, boolean onEarth) {
    return new IllegalArgumentException(onEarth
        ? "latitude must be between -88 and 88 degrees, exclusive, was " + brief(value)
            + " (polar cells of GB/T 39409-2020, 5.3, are not supported)"
        : "latitude must be -90..90 degrees, was " + brief(value));
  }

  private static String brief(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "…";
  }
}
