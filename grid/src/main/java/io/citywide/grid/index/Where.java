package io.citywide.grid.index;

import static io.citywide.grid.GridKeys.UNITS_PER_DEGREE;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridKeys;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A part of the surface to look into. Immutable; what is costly is prepared once, so a boundary that is asked often is
 * worth keeping.
 */
public abstract sealed class Where permits Where.Everywhere, Where.Box, Where.Circle, Where.Polygon {
  /** Farthest that {@link #circle} and {@link Snapshot#nearest} reach, metres. */
  public static final double LARGEST_RADIUS = 200_000;

  /** Greatest latitude of the centre of a circle, degrees. */
  public static final double LARGEST_CIRCLE_LATITUDE = 75;

  private static final Where EVERYWHERE = new Everywhere();

  private Where() {}

  /** The whole index. */
  public static Where everywhere() {
    return EVERYWHERE;
  }

  /** A cell of the grid, of any level. */
  public static Where cell(GridCell cell) {
    GridBox bounds = cell.bounds();
    return new Box(bounds);
  }

  /** A box, edges included; a box whose west is above its east crosses the antimeridian. */
  public static Where box(GridBox box) {
    return new Box(box);
  }

  /**
   * The points within a geodesic distance on the CGCS2000 ellipsoid, to 1 mm at 1 km, 0.01 % at 50 km and 0.1 % at 200 km.
   *
   * @param lon -180..180 degrees; the circle may not cross the antimeridian
   * @param lat -75..75 degrees
   * @param radiusMeters 0..200000
   * @throws IllegalArgumentException when a bound is broken
   */
  public static Where circle(double lon, double lat, double radiusMeters) {
    return new Circle(new Meters(lon, lat, radiusMeters), radiusMeters);
  }

  /**
   * A polygon or several by the even-odd rule, boundary included, sides straight in longitude and latitude: rings that
   * lie in another are holes, as in a valid MultiPolygon of GeoJSON; polygons that overlap would be a hole where they do.
   *
   * @param rings each longitude, latitude, longitude, … in degrees, first point repeated at the end or not
   * @throws IllegalArgumentException when there is no ring, one has fewer than 3 points or a coordinate is out of
   *     bounds, naming ring and point
   */
  public static Where polygon(double[][] rings) {
    return new Polygon(new Sides(rings));
  }

  /** Whether the centre of a cell of level 9 lies in it. */
  public final boolean contains(long key) {
    return contains(GridKeys.centerLonUnits(key), GridKeys.centerLatUnits(key));
  }

  abstract boolean contains(int x, int y);

  abstract Probe probe();

  static final class Everywhere extends Where {
    @Override
    boolean contains(int x, int y) {
      return true;
    }

    @Override
    Probe probe() {
      return new Probe(Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE) {
        @Override
        int block(int w, int s, int e, int n) {
          return INSIDE;
        }

        @Override
        int cell(int w, int s, int e, int n) {
          return INSIDE;
        }

        @Override
        int select(Segment points, long offsets, int from, int to, int x0, int y0, int signX, int signY, int[] rows) {
          throw new IllegalStateException("everything is inside");
        }
      };
    }
  }

  static final class Box extends Where {
    final int west;
    final int south;
    final int east;
    final int north;

    Box(GridBox box) {
      west = units(box.west(), RoundingMode.CEILING);
      south = units(box.south(), RoundingMode.CEILING);
      east = units(box.east(), RoundingMode.FLOOR);
      north = units(box.north(), RoundingMode.FLOOR);
    }

    private static int units(double degrees, RoundingMode rounding) {
      // Far from a whole unit the product of doubles says the same as the decimal that is meant.
      double product = degrees * UNITS_PER_DEGREE;
      double floor = Math.floor(product);
      if (product - floor > 1e-6 && product - floor < 1 - 1e-6) return (int) floor + (rounding == RoundingMode.CEILING ? 1 : 0);
      return new BigDecimal(Double.toString(degrees)).multiply(BigDecimal.valueOf(UNITS_PER_DEGREE)).setScale(0, rounding).intValueExact();
    }

    @Override
    boolean contains(int x, int y) {
      boolean lon = west <= east ? x >= west && x <= east : x >= west || x <= east;
      return lon && y >= south && y <= north;
    }

    @Override
    Probe probe() {
      return west <= east ? new BoxProbe(west, south, east, north)
          : new BoxAcrossProbe(west, south, east, north);
    }
  }

  static final class Circle extends Where {
    final Meters meters;
    final double square;

    Circle(Meters meters, double radiusMeters) {
      this.meters = meters;
      this.square = radiusMeters * radiusMeters;
    }

    @Override
    boolean contains(int x, int y) {
      return meters.square(x, y) <= square;
    }

    @Override
    Probe probe() {
      return new CircleProbe(meters, square);
    }
  }

  static final class Polygon extends Where {
    final Sides sides;

    Polygon(Sides sides) {
      this.sides = sides;
    }

    @Override
    boolean contains(int x, int y) {
      return sides.contain(x, y);
    }

    @Override
    Probe probe() {
      return new PolygonProbe(sides);
    }
  }
}
