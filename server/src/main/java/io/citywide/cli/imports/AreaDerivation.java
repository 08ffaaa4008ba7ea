package io.citywide.cli.imports;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * An area tree made from the file itself, for a city whose boundaries are not at hand. Every BeiDou cell of
 * level 5 (about 124 m) goes to the community that most reports in it name; cells without a report follow
 * their nearest neighbours, up to {@value #REACH} cells away. Areas made of whole cells meet without gap or
 * overlap by construction. Such boundaries are a stand-in: replace them by surveyed ones when there are any.
 */
final class AreaDerivation implements RowReader.AreaCodes {

  private static final int LEVEL = 5;
  private static final int REACH = 4;
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private record Community(String district, String street, String community) {}

  private final Mapping.Areas plan;
  private final Pattern clean;
  private final Pattern named;
  private final TreeMap<String, TreeMap<String, TreeMap<String, Map<Long, Integer>>>> tree = new TreeMap<>();
  private final TreeMap<String, Map<String, Integer>> mentioned = new TreeMap<>();
  private final Map<Community, String> codes = new HashMap<>();

  AreaDerivation(Mapping.Areas plan) {
    this.plan = plan;
    this.clean = plan.clean() == null ? null : Pattern.compile(plan.clean());
    this.named = plan.pattern() == null ? null : Pattern.compile(plan.pattern().district());
  }

  /** Learns from one row of the file. */
  void learn(CSVRecord row, Double lon, Double lat, String text) {
    if (plan.columns() != null) {
      Community place = community(row);
      if (place != null) {
        Map<Long, Integer> cells =
            tree.computeIfAbsent(place.district(), k -> new TreeMap<>()).computeIfAbsent(place.street(), k -> new TreeMap<>())
                .computeIfAbsent(place.community(), k -> new HashMap<>());
        if (lon != null && lat != null && Math.abs(lat) < 88 && Math.abs(lon) <= 180) {
          cells.merge(GridCell.of(lon, lat, LEVEL).key(), 1, Integer::sum);
        }
      }
    }
    if (named != null && text != null) {
      var matcher = named.matcher(text);
      while (matcher.find()) {
        mentioned.computeIfAbsent(matcher.group("city"), k -> new TreeMap<>()).merge(matcher.group("district"), 1, Integer::sum);
      }
    }
  }

  private Community community(CSVRecord row) {
    String district = clean(RowReader.value(row, plan.columns().district()));
    if (district == null) {
      return null;
    }
    String street = clean(RowReader.value(row, plan.columns().street()));
    street = street == null ? district : street;
    String community = clean(RowReader.value(row, plan.columns().community()));
    return new Community(district, street, community == null ? street : community);
  }

  private String clean(String name) {
    if (name == null) {
      return null;
    }
    String shorter = clean == null ? name : clean.matcher(name).replaceAll("").strip();
    return shorter.isEmpty() ? null : shorter;
  }

  @Override
  public String codeOf(CSVRecord row) {
    Community place = plan.columns() == null ? null : community(row);
    return place == null ? null : codes.get(place);
  }

  /** The tree as a GeoJSON feature collection for {@code PUT /api/areas}; also fixes the codes of {@link #codeOf}. */
  Map<String, Object> features() {
    return plan.columns() != null ? byColumns() : byNames();
  }

  private Map<String, Object> byNames() {
    List<Map<String, Object>> features = new ArrayList<>();
    // One letter, one city: 98 01 00, 98 02 00 … with its districts below it.
    int city = 0;
    for (var entry : mentioned.entrySet()) {
      city++;
      String prefix = plan.city().substring(0, 2) + two(city);
      features.add(feature(prefix + "00", "CITY", entry.getKey() + "市", null));
      int district = 0;
      for (String name : entry.getValue().keySet()) {
        if (district < 99) {
          features.add(feature(prefix + two(++district), "DISTRICT", name, null));
        }
      }
    }
    return collection(features);
  }

  private Map<String, Object> byColumns() {
    Map<Long, Community> owner = owners();
    Map<Community, List<Long>> cells = new HashMap<>();
    owner.forEach((cell, place) -> cells.computeIfAbsent(place, k -> new ArrayList<>()).add(cell));
    List<Map<String, Object>> features = new ArrayList<>();
    List<Geometry> districts = new ArrayList<>();
    int d = 0;
    for (var district : tree.entrySet()) {
      String districtCode = plan.city().substring(0, 4) + two(++d);
      List<Geometry> streets = new ArrayList<>();
      List<Map<String, Object>> below = new ArrayList<>();
      int s = 0;
      for (var street : district.getValue().entrySet()) {
        String streetCode = districtCode + three(++s);
        List<Geometry> communities = new ArrayList<>();
        List<Map<String, Object>> lower = new ArrayList<>();
        int c = 0;
        for (String community : street.getValue().keySet()) {
          String code = streetCode + three(++c);
          Community place = new Community(district.getKey(), street.getKey(), community);
          codes.put(place, code + "001");
          Geometry shape = shape(cells.getOrDefault(place, List.of()));
          lower.add(feature(code, "COMMUNITY", community, shape));
          lower.add(feature(code + "001", "UNIT_GRID", community, shape));
          add(communities, shape);
        }
        Geometry shape = union(communities);
        below.add(feature(streetCode, "STREET", street.getKey(), shape));
        below.addAll(lower);
        add(streets, shape);
      }
      Geometry shape = union(streets);
      features.add(feature(districtCode, "DISTRICT", district.getKey(), shape));
      features.addAll(below);
      add(districts, shape);
    }
    features.addFirst(feature(plan.city(), "CITY", plan.name(), union(districts)));
    return collection(features);
  }

  private Map<Long, Community> owners() {
    Map<Long, Map<Community, Integer>> votes = new HashMap<>();
    tree.forEach((district, streets) -> streets.forEach((street, communities) -> communities.forEach((community, cells) ->
        cells.forEach((cell, count) ->
            votes.computeIfAbsent(cell, k -> new HashMap<>()).merge(new Community(district, street, community), count, Integer::sum)))));
    Map<Long, Community> owner = new LinkedHashMap<>();
    Deque<Long> seeds = new ArrayDeque<>();
    // Sorted, so that the same file always gives the same boundaries.
    new TreeMap<>(votes).forEach((cell, counts) -> {
      owner.put(cell, counts.entrySet().stream().max(Map.Entry.<Community, Integer>comparingByValue()
          .thenComparing(e -> e.getKey().toString())).orElseThrow().getKey());
      seeds.add(cell);
    });
    Deque<Long> border = seeds;
    for (int step = 0; step < REACH; step++) {
      Deque<Long> next = new ArrayDeque<>();
      for (long cell : border) {
        GridCell here = new GridCell(cell);
        for (int[] move : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
          GridCell there = here.neighbour(move[0], move[1]).orElse(here);
          if (owner.putIfAbsent(there.key(), owner.get(cell)) == null) {
            next.add(there.key());
          }
        }
      }
      border = next;
    }
    return owner;
  }

  private static Geometry shape(List<Long> cells) {
    return union(cells.stream().map(cell -> {
      GridBox box = new GridCell(cell).bounds();
      return GEOMETRY.toGeometry(new Envelope(box.west(), box.east(), box.south(), box.north()));
    }).toList());
  }

  private static Geometry union(Collection<? extends Geometry> parts) {
    return parts.isEmpty() ? null : UnaryUnionOp.union(parts);
  }

  private static void add(List<Geometry> shapes, Geometry shape) {
    if (shape != null) {
      shapes.add(shape);
    }
  }

  private static Map<String, Object> feature(String code, String level, String name, Geometry shape) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("code", code);
    properties.put("level", level);
    properties.put("name", name);
    Map<String, Object> feature = new LinkedHashMap<>();
    feature.put("type", "Feature");
    feature.put("properties", properties);
    feature.put("geometry", shape == null ? null : geometry(shape));
    return feature;
  }

  private static Map<String, Object> collection(List<Map<String, Object>> features) {
    return Map.of("type", "FeatureCollection", "features", features);
  }

  private static Map<String, Object> geometry(Geometry shape) {
    if (shape instanceof Polygon polygon) {
      return Map.of("type", "Polygon", "coordinates", rings(polygon));
    }
    MultiPolygon many = (MultiPolygon) shape;
    List<Object> polygons = new ArrayList<>();
    for (int i = 0; i < many.getNumGeometries(); i++) {
      polygons.add(rings((Polygon) many.getGeometryN(i)));
    }
    return Map.of("type", "MultiPolygon", "coordinates", polygons);
  }

  private static List<Object> rings(Polygon polygon) {
    List<Object> rings = new ArrayList<>();
    rings.add(ring(polygon.getExteriorRing().getCoordinates()));
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      rings.add(ring(polygon.getInteriorRingN(i).getCoordinates()));
    }
    return rings;
  }

  private static List<double[]> ring(Coordinate[] coordinates) {
    List<double[]> ring = new ArrayList<>(coordinates.length);
    for (Coordinate c : coordinates) {
      ring.add(new double[] {c.x, c.y});
    }
    return ring;
  }

  private static String two(int n) {
    return "%02d".formatted(n);
  }

  private static String three(int n) {
    return "%03d".formatted(n);
  }
}
