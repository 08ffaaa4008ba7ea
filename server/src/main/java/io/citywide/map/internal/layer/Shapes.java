package io.citywide.map.internal.layer;

import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.place.Places;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.PrecisionModel;

/** Regions as shapes in WGS-84 degrees. */
final class Shapes {

  static final GeometryFactory FACTORY = new GeometryFactory(new PrecisionModel(), 4326);

  private Shapes() {}

  /** Empty for everywhere, and for an area without a boundary. */
  static Optional<Geometry> of(Region region, Places places) {
    return switch (region) {
      case Region.Anywhere() -> Optional.empty();
      case Region.InArea(String code) -> places.boundary(code);
      case Region.Box box -> Optional.of(RegionCover.shape(box));
      case Region.Outline outline -> Optional.of(RegionCover.shape(outline));
      case Region.Circle circle -> Optional.of(RegionCover.shape(circle));
    };
  }
}
