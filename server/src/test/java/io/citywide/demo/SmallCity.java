package io.citywide.demo;

import java.util.List;

/** One district of four unit grids, two roads and some manhole covers and lamps: the least on which the demo lives. */
final class SmallCity implements CityData {

  static final String CITY = "980100";

  private static final double WEST = 118.0;
  private static final double SOUTH = 32.0;
  private static final double SIDE = 0.01;

  @Override
  public String areas() {
    StringBuilder features = new StringBuilder();
    area(features, CITY, "小城市", 0, 2);
    area(features, "980102", "东区", 0, 2);
    area(features, "980102001", "河畔街道", 0, 2);
    area(features, "980102001001", "柳树社区", 0, 1);
    area(features, "980102001002", "槐树社区", 1, 2);
    area(features, "980102001001001", "001网格", 0, 1);
    area(features, "980102001002001", "001网格", 1, 2);
    return collection(features);
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

  private static String collection(CharSequence features) {
    return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
  }

  @Override
  public List<Layer> baseMap() {
    return List.of(new Layer("roads", 0, collection(
        """
        {"type":"Feature","properties":{"name":"长桥路","kind":"avenue"},"geometry":{"type":"LineString","coordinates":[[118.001,32.005],[118.010,32.005],[118.019,32.005]]}},
        {"type":"Feature","properties":{"name":"短巷","kind":"lane"},"geometry":{"type":"LineString","coordinates":[[118.005,32.001],[118.005,32.009]]}}""")));
  }

  @Override
  public List<String> components() {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20; i++) {
      lines.append("{\"ident\":\"980102%s%06d\",\"lon\":%s,\"lat\":32.0051}\n".formatted(i % 2 == 0 ? "01002" : "01037", i, 118.0005 + i * 0.0009));
    }
    return List.of(lines.toString());
  }
}
