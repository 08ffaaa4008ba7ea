package io.citywide.map.spi;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;

/**
 * A region made ready for looking up points and shapes of a database: ranges of grid keys that cover it, area codes where it
 * is an area, and the exact tests. Not for several threads at once.
 */
public final class RegionCover {

  /** More ranges select less beside the region and cost a search of the index each. */
  private static final int MAX_RANGES = 64;

  private static final int LEVEL = 7;

  /** A box wider than this holds a city; its ranges would select nothing. */
  private static final double WIDE_DEGREES = 3;

  /** Semi-major axis in metres and squared eccentricity of CGCS2000. */
  private static final double A = 6_378_137.0;
  private static final double E2 = 0.00669438002290;

  /** A shape widened by so much and more is looked into by its box. */
  private static final double FAR_DEGREES = 0.005;

  /** The corner of a square is so much farther than its side; and a little, as a widened corner is cut into eight. */
  private static final double CORNER = 1.43;

  /** Above the metres of a degree of longitude or latitude anywhere. */
  private static final double METERS_PER_DEGREE = 111_700;

  /** Corners of the polygon that stands for a circle: its sides lie at most 0.02 % of the radius within it. */
  private static final int CORNERS = 180;

  private static final GeometryFactory SHAPES = new GeometryFactory(new PrecisionModel(), 4326);

  /** The exact test of a point. */
  private interface Inside {
    boolean test(double lon, double lat);
  }

  private final Region region;
  private final GridBox box;
  private final GridCovering covering;
  private final AreaScope area;
  private final Inside inside;
  private PreparedGeometry prepared;

  private RegionCover(Region region, GridBox box, GridCovering covering, AreaScope area, Inside inside) {
    this.region = region;
    this.box = box;
    this.covering = covering;
    this.area = area;
    this.inside = inside;
  }

  /** @throws IllegalArgumentException where the region reaches ±88° of latitude */
  public static RegionCover of(Region region) {
    return switch (region) {
      case Region.Anywhere() -> new RegionCover(region, null, null, AreaScope.ALL, (lon, lat) -> true);
      case Region.InArea(String code) -> new RegionCover(region, null, null, AreaScope.of(code), (lon, lat) -> true);
      case Region.Box(GridBox box) -> new RegionCover(region, box, wide(box) ? null : GridCovering.ofBox(box, LEVEL, MAX_RANGES), AreaScope.ALL, box::contains);
      case Region.Circle c -> new RegionCover(region, around(c), GridCovering.ofCircle(c.lon(), c.lat(), c.radiusMeters(), LEVEL, MAX_RANGES), AreaScope.ALL,
          (lon, lat) -> meters(c.lon(), c.lat(), lon, lat) <= c.radiusMeters());
      case Region.Outline(Geometry g) -> {
        IndexedPointInAreaLocator locator = new IndexedPointInAreaLocator(g);
        Envelope box = g.getEnvelopeInternal();
        GridBox around = new GridBox(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY());
        yield new RegionCover(region, around, GridCovering.ofMultiPolygon(rings(g), LEVEL, MAX_RANGES), AreaScope.ALL,
            (lon, lat) -> box.contains(lon, lat) && locator.locate(new Coordinate(lon, lat)) != Location.EXTERIOR);
      }
    };
  }

  private static boolean wide(GridBox box) {
    return box.east() - box.west() > WIDE_DEGREES || box.north() - box.south() > WIDE_DEGREES;
  }

  /**
   * The region as a shape: a circle as a polygon, by the radii of curvature at its centre: to 0.1 % at 50 km.
   *
   * @throws IllegalArgumentException for an area, whose boundary the areas know, and for everywhere
   */
  public static Geometry shape(Region region) {
    return switch (region) {
      case Region.Box(GridBox box) when box.west() > box.east() ->
          SHAPES.createGeometryCollection(new Geometry[] {shape(box.west(), 180, box), shape(-180, box.east(), box)}).union();
      case Region.Box(GridBox box) -> shape(box.west(), box.east(), box);
      case Region.Outline(Geometry outline) -> outline;
      case Region.Circle circle -> shape(circle);
      case Region.InArea(String code) -> throw new IllegalArgumentException("the boundary of the area " + code + " is not known here");
      case Region.Anywhere() -> throw new IllegalArgumentException("everywhere has no shape");
    };
  }

  private static Geometry shape(double west, double east, GridBox box) {
    return SHAPES.toGeometry(new Envelope(west, east, box.south(), box.north()));
  }

  private static Geometry shape(Region.Circle circle) {
    double sine = Math.sin(Math.toRadians(circle.lat()));
    double w2 = 1 - E2 * sine * sine;
    double normal = A / Math.sqrt(w2);
    double meridian = normal * (1 - E2) / w2;
    double dLon = Math.toDegrees(circle.radiusMeters() / (normal * Math.cos(Math.toRadians(circle.lat()))));
    double dLat = Math.toDegrees(circle.radiusMeters() / meridian);
    Coordinate[] ring = new Coordinate[CORNERS + 1];
    for (int i = 0; i < CORNERS; i++) {
      double angle = 2 * Math.PI * i / CORNERS;
      ring[i] = new Coordinate(circle.lon() + dLon * Math.cos(angle), circle.lat() + dLat * Math.sin(angle));
    }
    ring[CORNERS] = ring[0];
    return SHAPES.createPolygon(ring);
  }

  /** A box around the circle, a little wider than it. */
  private static GridBox around(Region.Circle c) {
    double dLat = Math.toDegrees(c.radiusMeters() / (A * (1 - E2))) * 1.001 + 1e-7;
    double dLon = dLat / Math.cos(Math.toRadians(Math.min(89, Math.abs(c.lat()) + dLat)));
    return new GridBox(Math.max(-180, c.lon() - dLon), c.lat() - dLat, Math.min(180, c.lon() + dLon), c.lat() + dLat);
  }

  /** A box that holds the region, for columns of longitude and latitude; {@code null}: none is known. */
  public GridBox box() {
    return box;
  }

  /** Ranges of level 9 keys that together hold every point of the region; {@code null}: they would not narrow anything. */
  public List<GridRange> ranges() {
    return covering == null ? null : covering.ranges();
  }

  /** Some of the keys of which every point lies in the region; {@code null} as {@link #ranges()}. */
  public List<GridRange> inner() {
    return covering == null ? null : covering.inner();
  }

  /**
   * Ranges that also hold every point from which the region is nearer than so far to each side; {@code null} as {@link #ranges()}.
   *
   * @param degrees above 0, of longitude and of latitude
   * @param most how many ranges
   */
  public List<GridRange> rangesWithin(double degrees, int most) {
    if (covering == null) {
      return null;
    }
    return switch (region) {
      case Region.Circle c -> GridCovering.ofCircle(c.lon(), c.lat(), c.radiusMeters() + Math.sqrt(2) * degrees * METERS_PER_DEGREE, LEVEL, most).ranges();
      // Far out the shape matters less than the time that widening it takes.
      case Region.Outline(Geometry g) when degrees < FAR_DEGREES -> GridCovering.ofMultiPolygon(rings(g.buffer(degrees * CORNER)), LEVEL, most).ranges();
      default -> GridCovering.ofBox(new GridBox(Math.max(-180, box.west() - degrees), Math.max(-87.9, box.south() - degrees),
          Math.min(180, box.east() + degrees), Math.min(87.9, box.north() + degrees)), LEVEL, most).ranges();
    };
  }

  /** Codes within which everything of the region lies; {@link AreaScope#ALL} unless it is an area. */
  public AreaScope area() {
    return area;
  }

  /** Whether a point, known to be covered by {@link #area()}, lies in the region. */
  public boolean contains(double lon, double lat) {
    return inside.test(lon, lat);
  }

  /** Whether a shape, known to be covered by {@link #area()}, has a point in common with the region. */
  public boolean meets(Geometry shape) {
    if (region instanceof Region.InArea || region instanceof Region.Anywhere) {
      return true;
    }
    if (prepared == null) {
      prepared = PreparedGeometryFactory.prepare(shape(region));
    }
    return prepared.intersects(shape);
  }

  /**
   * Geodesic distance in metres between points at most 100 km apart, to within 0.1 %: the chord on the radii of curvature
   * at the mean latitude.
   */
  public static double meters(double lon1, double lat1, double lon2, double lat2) {
    double mean = Math.toRadians((lat1 + lat2) / 2);
    double w2 = 1 - E2 * Math.sin(mean) * Math.sin(mean);
    double normal = A / Math.sqrt(w2);
    double meridian = normal * (1 - E2) / w2;
    double dx = Math.toRadians(Math.IEEEremainder(lon2 - lon1, 360)) * normal * Math.cos(mean);
    double dy = Math.toRadians(lat2 - lat1) * meridian;
    return Math.hypot(dx, dy);
  }

  /** What {@link GridCovering} covers a shape by: rings of polygons, and of a line the way there and back, of a point the point. */
  public static double[][][] rings(Geometry geometry) {
    List<double[][]> polygons = new ArrayList<>();
    collect(geometry, polygons);
    return polygons.toArray(double[][][]::new);
  }

  private static void collect(Geometry geometry, List<double[][]> polygons) {
    switch (geometry) {
      case Polygon polygon -> {
        double[][] rings = new double[1 + polygon.getNumInteriorRing()][];
        rings[0] = flat(polygon.getExteriorRing().getCoordinates());
        for (int hole = 1; hole < rings.length; hole++) {
          rings[hole] = flat(polygon.getInteriorRingN(hole - 1).getCoordinates());
        }
        polygons.add(rings);
      }
      case LineString line -> {
        Coordinate[] there = line.getCoordinates();
        Coordinate[] all = Arrays.copyOf(there, 2 * there.length - 1);
        for (int i = there.length; i < all.length; i++) {
          all[i] = there[2 * there.length - 2 - i];
        }
        polygons.add(new double[][] {flat(all)});
      }
      case Point point -> polygons.add(new double[][] {flat(point.getCoordinate(), point.getCoordinate(), point.getCoordinate())});
      case GeometryCollection parts -> {
        for (int i = 0; i < parts.getNumGeometries(); i++) {
          collect(parts.getGeometryN(i), polygons);
        }
      }
      default -> throw new IllegalArgumentException("no covering for " + geometry.getGeometryType());
    }
  }

  private static double[] flat(Coordinate... points) {
    double[] flat = new double[points.length * 2];
    for (int i = 0; i < points.length; i++) {
      flat[2 * i] = points[i].x;
      flat[2 * i + 1] = points[i].y;
    }
    return flat;
  }
}
