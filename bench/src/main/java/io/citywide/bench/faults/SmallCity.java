package io.citywide.bench.faults;

import io.citywide.demo.CityData;
import java.util.List;

/** A city of one district and one row of unit grids: the least in which cases can be dispatched. */
final class SmallCity implements CityData {

  static final double WEST = 118.0;
  static final double SOUTH = 31.0;

  /** Degrees of a side of a unit grid, about a kilometre: reports in two grids are never taken for the same problem. */
  static final double SIDE = 0.01;

  static final int GRIDS = 16;

  private static final String CITY = "840100";
  private static final String DISTRICT = "840102";
  private static final String STREET = DISTRICT + "001";
  private static final String COMMUNITY = STREET + "001";

  @Override
  public String areas() {
    StringBuilder features = new StringBuilder();
    area(features, CITY, "试验市", 0, GRIDS);
    area(features, DISTRICT, "试验区", 0, GRIDS);
    area(features, STREET, "试验街道", 0, GRIDS);
    area(features, COMMUNITY, "试验社区", 0, GRIDS);
    for (int i = 0; i < GRIDS; i++) {
      area(features, COMMUNITY + "%03d".formatted(i + 1), "%03d网格".formatted(i + 1), i, i + 1);
    }
    return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
  }

  private static void area(StringBuilder features, String code, String name, int from, int to) {
    double west = WEST + from * SIDE;
    double east = WEST + to * SIDE;
    double north = SOUTH + SIDE;
    features.append(features.isEmpty() ? "" : ",").append(
        """
        {"type":"Feature","properties":{"code":"%s","name":"%s"},
         "geometry":{"type":"Polygon","coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}"""
            .formatted(code, name, west, SOUTH, east, SOUTH, east, north, west, north, west, SOUTH));
  }

  /** Middle of a unit grid. */
  static double longitude(int grid) {
    return WEST + (Math.floorMod(grid, GRIDS) + 0.5) * SIDE;
  }

  static double latitude() {
    return SOUTH + SIDE / 2;
  }

  @Override
  public List<Layer> baseMap() {
    return List.of();
  }

  @Override
  public List<String> components() {
    return List.of();
  }
}
