package io.citywide.demo;

import java.util.List;

/** A city as the public interface takes it in. */
public interface CityData {

  /** Components that the server takes at once. */
  int BATCH = 5_000;

  /** Buildings that the server takes at once. */
  int BUILDINGS = 500;

  /** A layer of the base map and the zoom from which it is worth showing. */
  record Layer(String name, double minZoom, String geoJson) {}

  /** GeoJSON FeatureCollection for {@code PUT /api/areas}: one city and all below it. */
  String areas();

  /** For {@code PUT /api/basemap/{layer}}, in the order of loading. */
  List<Layer> baseMap();

  /** Lines of at most 5,000 components each, for {@code POST /api/components:batch}. */
  List<String> components();

  /** Lines of at most 500 buildings each, for {@code POST /api/buildings:batch}; none unless the city has some. */
  default List<String> buildings() {
    return List.of();
  }

  /** The generated city amid a metropolis with so many components more, 1 to 40 million. */
  static CityData of(CityPlan plan, long components) {
    CityData core = of(plan);
    Metropolis around = new Metropolis(components);
    return new CityData() {
      @Override
      public String areas() {
        return around.areas(plan);
      }

      @Override
      public List<Layer> baseMap() {
        return core.baseMap();
      }

      @Override
      public List<String> components() {
        return core.components();
      }

      @Override
      public List<String> buildings() {
        return core.buildings();
      }

      @Override
      public Metropolis around() {
        return around;
      }
    };
  }

  /** What lies around the city; {@code null}: nothing. */
  default Metropolis around() {
    return null;
  }

  /** The generated city. */
  static CityData of(CityPlan plan) {
    return new CityData() {
      @Override
      public String areas() {
        return plan.areasGeoJson();
      }

      @Override
      public List<Layer> baseMap() {
        return plan.layers().stream().map(l -> new Layer(l.layer(), l.minZoom(), l.geoJson())).toList();
      }

      @Override
      public List<String> components() {
        return plan.componentBatches(BATCH);
      }

      @Override
      public List<String> buildings() {
        return plan.buildingBatches(BUILDINGS);
      }
    };
  }
}
