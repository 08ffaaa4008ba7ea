package io.citywide.map.internal.layer;

import io.citywide.grid.GridBox;
import io.citywide.map.spi.Region;
import io.citywide.place.Places;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.PrecisionModel;

/** Regions as shapes in WGS-84 degrees. */
final class Shapes {

  static final GeometryFactory FACTORY = new GeometryFactory(new PrecisionModel(), 4326);

  /** Corners of the polygon that stands for a circle: its sides lie at most 0.02 % of the radius within it. */
  private static final int CORNERS = 180;

  /** Semi-major axis in metres and squared eccentricity of CGCS2000. */
  private static final double A = 6_378_137.0;
  private static final double E2 = 0.00669438002290;

  private Shapes() {}

  /** Empty for everywhere, and for an area without a boundary. */
  static Optional<Geometry> of(Region region, Places places) {
    return switch (region) {
      case Region.Anywhere() -> Optional.empty();
      case Region.InArea(String code) -> places.boundary(code);
      case Region.Box(GridBox box) when box.west() > box.east() -> Optional.of(FACTORY.createGeometryCollection(new Geometry[] {
          box(box.west(), 180, box), box(-180, box.east(), box)}).union());
      case Region.Box(GridBox box) -> Optional.of(box(box.west(), box.east(), box));
      case Region.Outline(Geometry outline) -> Optional.of(outline);
      case Region.Circle circle -> Optional.of(circle(circle));
    };
  }

  private static Geometry box(double west, double east, GridBox box) {
    return FACTORY.toGeometry(new Envelope(west, east, box.south(), box.north()));
  }

  /** By the radii of curvature at its centre: to 0.1 % at 50 km. */
  private static Geometry circle(Region.Circle circle) {
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
    return FACTORY.createPolygon(ring);
  }
}
