package io.citywide.demo;

import java.util.List;
import java.util.Map;

/** A city as the public interface takes it in, in JSON texts. */
public interface CityData {

  /** GeoJSON FeatureCollection for {@code PUT /api/areas}: one city and all below it. */
  String areas();

  /** GeoJSON by layer of the base map, for {@code PUT /api/basemap/{layer}}, in the order of loading. */
  Map<String, String> baseMap();

  /** Arrays of at most 5,000 components each, for {@code POST /api/components:batch}. */
  List<String> components();
}
