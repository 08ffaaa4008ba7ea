package io.citywide.place;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small city of squares for tests: one district, one street, two communities side by side, four unit grids each.
 * Each grid is 0.001° wide; the south-west corner and the codes are the caller's. Features may be changed before use.
 */
public final class TestCity {

  public final String city;
  public final double lon;
  public final double lat;
  public final Map<String, Map<String, Object>> features = new LinkedHashMap<>();

  /** @param city code of six digits that ends in 00 */
  public TestCity(String city, double lon, double lat) {
    this.city = city;
    this.lon = lon;
    this.lat = lat;
    String district = city.substring(0, 4) + "02";
    area(city, "云泽市", box(0, 0, 4, 2));
    area(district, "云栖区", box(0, 0, 4, 2));
    area(district + "001", "望江街道", box(0, 0, 4, 2));
    area(district + "001001", "梧桐社区", box(0, 0, 2, 2));
    area(district + "001002", "杨柳社区", box(2, 0, 4, 2));
    for (int i = 0; i < 4; i++) {
      int x = i % 2;
      int y = i / 2;
      area(district + "00100100" + (i + 1), "00" + (i + 1) + "网格", box(x, y, x + 1, y + 1));
      area(district + "00100200" + (i + 1), "00" + (i + 1) + "网格", box(2 + x, y, 3 + x, y + 1));
    }
  }

  /** Only the city itself, without anything below it. */
  public TestCity alone(List<?> rings) {
    features.clear();
    area(city, "云泽市", rings);
    return this;
  }

  public void area(String code, String name, List<?> rings) {
    Map<String, Object> properties = new LinkedHashMap<>(Map.of("code", code, "name", name));
    Map<String, Object> feature = new LinkedHashMap<>();
    feature.put("type", "Feature");
    feature.put("properties", properties);
    feature.put("geometry", rings == null ? null : Map.of("type", "Polygon", "coordinates", rings));
    features.put(code, feature);
  }

  @SuppressWarnings("unchecked")
  public Map<String, Object> properties(String code) {
    return (Map<String, Object>) features.get(code).get("properties");
  }

  /** A box in thousandths of a degree from the corner. */
  public List<?> box(double west, double south, double east, double north) {
    return List.of(List.of(at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)));
  }

  public List<Double> at(double x, double y) {
    return List.of(Math.rint((lon + x / 1000) * 1e7) / 1e7, Math.rint((lat + y / 1000) * 1e7) / 1e7);
  }

  public Map<String, Object> geoJson() {
    return Map.of("type", "FeatureCollection", "features", new ArrayList<>(features.values()));
  }
}
