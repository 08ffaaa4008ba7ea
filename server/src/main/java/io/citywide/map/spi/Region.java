package io.citywide.map.spi;

import io.citywide.grid.GridBox;
import org.locationtech.jts.geom.Geometry;

/** A part of the surface to look into; coordinates in WGS-84 degrees. */
public sealed interface Region {

  /** Everything within a geodesic distance, 0 to 50000 m. */
  record Circle(double lon, double lat, double radiusMeters) implements Region {
    public Circle {
      if (!(Math.abs(lon) <= 180 && Math.abs(lat) < 88)) throw new IllegalArgumentException("lon must be -180..180 and lat between -88 and 88, were " + lon + ", " + lat);
      if (!(radiusMeters > 0 && radiusMeters <= 50_000)) throw new IllegalArgumentException("radius must be above 0 and at most 50000 m, was " + radiusMeters);
    }
  }

  /** A valid Polygon or MultiPolygon, holes allowed. */
  record Outline(Geometry geometry) implements Region {
    public Outline {
      if (geometry.getDimension() != 2 || geometry.isEmpty()) throw new IllegalArgumentException("an outline is a polygon that is not empty, was " + geometry.getGeometryType());
    }
  }

  record Box(GridBox box) implements Region {}

  /** An area of the area tree with all below it. */
  record InArea(String areaCode) implements Region {}

  /** Everywhere. */
  record Anywhere() implements Region {}
}
