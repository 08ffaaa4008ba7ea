package io.citywide.demo;

import java.util.List;

/** A city as the public interface takes it in. */
public interface CityData {

  /** A layer of the base map and the zoom from which it is worth showing. */
  record Layer(String name, double minZoom, String geoJson) {}

  /** GeoJSON FeatureCollection for {@code PUT /api/areas}: one city and all below it. */
  String areas();

  /** For {@code PUT /api/basemap/{layer}}, in the order of loading. */
  List<Layer> baseMap();

  /** Lines of at most 5,000 components each, for {@code POST /api/components:batch}. */
  List<String> components();
}
