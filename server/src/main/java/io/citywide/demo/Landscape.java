package io.citywide.demo;

import io.citywide.demo.CityPlan.MapLayer;
import io.citywide.demo.Lattice.Block;
import io.citywide.demo.Lattice.Cell;
import io.citywide.demo.Lattice.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.operation.overlayng.CoverageUnion;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/** What is drawn on the base map: water, green, roads, buildings, landmarks. Calculated in metres, written in degrees. */
final class Landscape {

  enum RoadKind {
    EXPRESSWAY(18),
    AVENUE(15),
    STREET(9),
    LANE(4);

    /** From the middle to the kerb, metres. */
    final double halfWidth;

    RoadKind(double halfWidth) {
      this.halfWidth = halfWidth;
    }
  }

  /**
   * A road along the lattice, or the ring.
   *
   * @param cells for each piece between two points the cells to its left and right; empty for the ring
   */
  record Road(String name, RoadKind kind, List<Coordinate> points, List<Cell[]> cells, List<Boolean> bridges) {}

  private static final double RING = 15.5;

  private final Terrain terrain;
  private final Lattice lattice;
  private final Map<Cell, String> communityNames;
  private final Random random;
  private final List<Road> roads = new ArrayList<>();
  private final Geometry outline;
  private final PreparedGeometry inside;
  private Geometry river;
  private Geometry lake;
  private Geometry creek;
  private PreparedGeometry water;
  private final List<Object[]> greens = new ArrayList<>();
  private PreparedGeometry green;
  private final List<Geometry> woods = new ArrayList<>();
  private final List<Built> buildings = new ArrayList<>();
  private final List<Object[]> landmarks = new ArrayList<>();

  Landscape(Terrain terrain, Lattice lattice, Map<Cell, String> communityNames, Random random) {
    this.terrain = terrain;
    this.lattice = lattice;
    this.communityNames = communityNames;
    this.random = random;
    List<Geometry> quads = lattice.cells().stream().map(c -> (Geometry) polygon(lattice.quad(c))).toList();
    this.outline = CoverageUnion.union(Lattice.FACTORY.buildGeometry(quads));
    this.inside = PreparedGeometryFactory.prepare(outline.buffer(-1));
    drawWater();
    drawGreen();
    drawRoads();
    drawBuildings();
  }

  private void drawWater() {
    List<Coordinate> left = new ArrayList<>();
    List<Coordinate> right = new ArrayList<>();
    double phase = random.nextDouble() * 6;
    for (double u = -45; u <= 45; u += 0.4) {
      Coordinate at = terrain.meters(u, Terrain.RIVER);
      Coordinate ahead = terrain.meters(u + 0.2, Terrain.RIVER);
      Coordinate behind = terrain.meters(u - 0.2, Terrain.RIVER);
      double length = Math.hypot(ahead.x - behind.x, ahead.y - behind.y);
      double nx = -(ahead.y - behind.y) / length;
      double ny = (ahead.x - behind.x) / length;
      double width = 72 + 16 * Math.sin(u / 4 + phase) + 9 * Math.sin(u / 1.7 + 2 * phase);
      left.add(new Coordinate(at.x + nx * width, at.y + ny * width));
      right.addFirst(new Coordinate(at.x - nx * width, at.y - ny * width));
    }
    left.addAll(right);
    left.add(left.getFirst().copy());
    river = Lattice.FACTORY.createPolygon(left.toArray(Coordinate[]::new)).buffer(0);
    lake = blob(terrain.meters(10.5, 10.5), 330, 0.22);
    List<Coordinate> course = new ArrayList<>();
    for (double v = Terrain.RIVER; v <= 46; v += 0.5) {
      course.add(terrain.meters(-10.5 + 1.1 * Math.sin(v / 4.5) + 0.4 * Math.sin(v / 1.6), v));
    }
    creek = Lattice.FACTORY.createLineString(course.toArray(Coordinate[]::new)).buffer(13);
    water = PreparedGeometryFactory.prepare(UnaryUnionOp.union(List.of(river, lake, creek)));
  }

  /** A rounded shape around a point. */
  private Geometry blob(Coordinate middle, double radius, double roughness) {
    double a = random.nextDouble() * 6;
    double b = random.nextDouble() * 6;
    Coordinate[] ring = new Coordinate[49];
    for (int k = 0; k < 48; k++) {
      double angle = 2 * Math.PI * k / 48;
      double r = radius * (1 + roughness * Math.sin(2 * angle + a) + roughness / 2 * Math.sin(3 * angle + b));
      ring[k] = new Coordinate(middle.x + r * Math.cos(angle), middle.y + r * Math.sin(angle));
    }
    ring[48] = ring[0].copy();
    return Lattice.FACTORY.createPolygon(ring);
  }

  private void drawGreen() {
    addGreen("望湖公园", "park", minus(lake.buffer(170), water.getGeometry()));
    Geometry hill = blob(terrain.meters(-27, 12), 1_050, 0.2);
    addGreen("望山森林公园", "forest", hill);
    addGreen("松涛岭", "forest", blob(terrain.meters(19, -24), 620, 0.25));
    addGreen("沿江风光带", "park", minus(river.buffer(46), water.getGeometry().buffer(8)));
    addGreen("清溪绿廊", "park", minus(creek.buffer(20), water.getGeometry().buffer(3)));
    List<Cell> cells = lattice.cells();
    for (int n = 0; n < 46; n++) {
      Cell at = cells.get(random.nextInt(cells.size()));
      List<Geometry> parts = new ArrayList<>();
      for (int x = 0; x < 1 + random.nextInt(2); x++) {
        for (int y = 0; y < 1 + random.nextInt(2); y++) {
          boolean sameBlock = (x == 0 || lattice.column(at.i() + x) == Line.NONE) && (y == 0 || lattice.row(at.j() + y) == Line.NONE);
          if (sameBlock && lattice.has(at.i() + x, at.j() + y)) {
            parts.add(polygon(lattice.quad(new Cell(at.i() + x, at.j() + y))));
          }
        }
      }
      Geometry park = minus(UnaryUnionOp.union(parts).buffer(-24).buffer(10), water.getGeometry());
      if (park instanceof Polygon && park.getArea() > 3_000 && greens.stream().noneMatch(g -> ((Geometry) g[0]).intersects(park))) {
        addGreen(n % 3 == 0 ? communityNames.get(at) + "公园" : null, "park", park);
      }
    }
    green = PreparedGeometryFactory.prepare(UnaryUnionOp.union(greens.stream().map(g -> (Geometry) g[0]).toList()));
  }

  private void addGreen(String name, String kind, Geometry shape) {
    Geometry inCity = OverlayNGRobust.overlay(shape, outline, OverlayNG.INTERSECTION);
    greens.add(new Object[] {inCity, name, kind});
    if (kind.equals("forest")) {
      woods.add(inCity);
    }
  }

  private static Geometry minus(Geometry a, Geometry b) {
    return OverlayNGRobust.overlay(a, b, OverlayNG.DIFFERENCE);
  }

  private void drawRoads() {
    List<Coordinate> ring = new ArrayList<>();
    for (int k = 0; k <= 240; k++) {
      double angle = 2 * Math.PI * k / 240;
      double stretch = RING / Math.pow(Math.pow(Math.abs(Math.cos(angle)), 3.2) + Math.pow(Math.abs(Math.sin(angle)), 3.2), 1 / 3.2);
      ring.add(terrain.meters(stretch * Math.cos(angle), stretch * Math.sin(angle) + 1));
    }
    roads.add(new Road("云泽环路", RoadKind.EXPRESSWAY, ring, List.of(), List.of()));
    int avenue = 0;
    int street = 0;
    for (int distance = 0; distance <= Lattice.HALF; distance++) {
      for (int sign : distance == 0 ? new int[] {1} : new int[] {1, -1}) {
        int line = sign * distance;
        if (Math.abs(line) <= Lattice.HALF && lattice.row(line) != Line.NONE && lattice.row(line) != Line.RIVER && avenue < Names.AVENUES.size()
            && lineRoads(line, false, Names.AVENUES.get(avenue))) {
          avenue++;
        }
        if (lattice.column(line) != Line.NONE && street < Names.CROSSINGS.size() && lineRoads(line, true, Names.CROSSINGS.get(street))) {
          street++;
        }
      }
    }
    Map<String, Integer> lanes = new LinkedHashMap<>();
    for (Block block : lattice.blocks()) {
      lanes(block, lanes);
    }
  }

  /** The road on a street line, where the city lies on both sides of it. */
  private boolean lineRoads(int line, boolean vertical, String name) {
    RoadKind kind = (vertical ? lattice.column(line) : lattice.row(line)) == Line.AVENUE ? RoadKind.AVENUE : RoadKind.STREET;
    int before = roads.size();
    Road run = null;
    for (int at = -Lattice.HALF; at < Lattice.HALF; at++) {
      Cell left = vertical ? new Cell(line - 1, at) : new Cell(at, line);
      Cell right = vertical ? new Cell(line, at) : new Cell(at, line - 1);
      boolean nearRiver = vertical && (at == Terrain.RIVER || at == Terrain.RIVER - 1);
      Coordinate a = vertical ? lattice.vertex(line, at) : lattice.vertex(at, line);
      Coordinate b = vertical ? lattice.vertex(line, at + 1) : lattice.vertex(at + 1, line);
      Geometry piece = Lattice.FACTORY.createLineString(new Coordinate[] {a, b});
      boolean overWater = nearRiver || lake.intersects(piece);
      boolean closed = overWater || woods.stream().anyMatch(w -> w.intersects(piece));
      if (!lattice.has(left.i(), left.j()) || !lattice.has(right.i(), right.j()) || closed && kind == RoadKind.STREET) {
        run = null;
        continue;
      }
      if (run == null) {
        run = new Road(name, kind, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        run.points.add(a);
        roads.add(run);
      }
      run.points.add(b);
      run.cells.add(new Cell[] {left, right});
      run.bridges.add(overWater);
    }
    return roads.size() > before;
  }

  /** Lanes inside a block, along borders of unit grids. */
  private void lanes(Block block, Map<String, Integer> counts) {
    int maxI = block.cells().stream().mapToInt(Cell::i).max().orElseThrow();
    int maxJ = block.cells().stream().mapToInt(Cell::j).max().orElseThrow();
    for (int i = block.column() + 1; i <= maxI; i++) {
      if (random.nextDouble() < 0.5) {
        lane(block, counts, i, true, block.row(), maxJ);
      }
    }
    for (int j = block.row() + 1; j <= maxJ; j++) {
      if (random.nextDouble() < 0.4) {
        lane(block, counts, j, false, block.column(), maxI);
      }
    }
  }

  private void lane(Block block, Map<String, Integer> counts, int line, boolean vertical, int from, int to) {
    Road run = null;
    for (int at = from; at <= to; at++) {
      Cell left = vertical ? new Cell(line - 1, at) : new Cell(at, line);
      Cell right = vertical ? new Cell(line, at) : new Cell(at, line - 1);
      Coordinate a = vertical ? lattice.vertex(line, at) : lattice.vertex(at, line);
      Coordinate b = vertical ? lattice.vertex(line, at + 1) : lattice.vertex(at + 1, line);
      Geometry piece = Lattice.FACTORY.createLineString(new Coordinate[] {a, b});
      if (!lattice.has(left.i(), left.j()) || !lattice.has(right.i(), right.j()) || water.intersects(piece) || green.intersects(piece)) {
        run = null;
        continue;
      }
      if (run == null) {
        String community = communityNames.get(left);
        int n = counts.merge(community, 1, Integer::sum) - 1;
        String numeral = n < 10 ? Names.NUMERALS.get(n) : "十" + Names.NUMERALS.get(n % 10);
        run = new Road(community + numeral + "巷", RoadKind.LANE, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        run.points.add(a);
        roads.add(run);
      }
      run.points.add(b);
      run.cells.add(new Cell[] {left, right});
      run.bridges.add(false);
    }
  }

  private void drawBuildings() {
    Geometry lanes = UnaryUnionOp.union(roads.stream().filter(r -> r.kind == RoadKind.EXPRESSWAY)
        .map(r -> (Geometry) Lattice.FACTORY.createLineString(r.points.toArray(Coordinate[]::new)).buffer(30)).toList());
    PreparedGeometry ring = PreparedGeometryFactory.prepare(lanes);
    int named = 0;
    for (Cell cell : lattice.cells()) {
      Coordinate[] quad = lattice.quad(cell);
      double distance = Math.hypot(quad[0].x, quad[0].y);
      boolean centre = distance < 1_500;
      int across = centre ? 2 : 2 + random.nextInt(2);
      int deep = centre ? 2 : 1 + random.nextInt(3);
      double empty = Math.min(0.55, 0.06 + distance / 11_000);
      double south = margin(lattice.row(cell.j()), cell.j());
      double north = margin(lattice.row(cell.j() + 1), cell.j() + 1);
      double west = margin(lattice.column(cell.i()), Integer.MAX_VALUE);
      double east = margin(lattice.column(cell.i() + 1), Integer.MAX_VALUE);
      boolean landmark = random.nextInt(70) == 0;
      for (int x = 0; x < across; x++) {
        for (int y = 0; y < deep; y++) {
          boolean skip = random.nextDouble() < empty;
          double gapX = 0.05 + random.nextDouble() * 0.05;
          double gapY = 0.06 + random.nextDouble() * 0.10;
          double w = (1 - west - east) / across;
          double h = (1 - south - north) / deep;
          Polygon shape = building(quad, west + (x + gapX) * w, west + (x + 1 - gapX) * w, south + (y + gapY) * h, south + (y + 1 - gapY) * h);
          if (skip || shape.getArea() < 120 || water.intersects(shape) || green.intersects(shape) || ring.intersects(shape)) {
            continue;
          }
          int floors = centre ? 6 + random.nextInt(28) : 2 + random.nextInt(distance < 3_000 ? 16 : 7);
          String kind = centre && random.nextInt(3) > 0 ? "commercial" : random.nextInt(9) == 0 ? "public" : "residential";
          if (landmark) {
            landmark = false;
            String name = landmarkName(named++, communityNames.get(cell));
            landmarks.add(new Object[] {shape.getInteriorPoint(), name, "landmark"});
            buildings.add(new Built(cell, shape, name, "public", floors));
          } else {
            buildings.add(new Built(cell, shape, null, kind, floors));
          }
        }
      }
    }
  }

  private static String landmarkName(int n, String community) {
    String[] kinds = {"小学", "中学", "医院", "菜市场", "文化馆", "体育馆", "图书馆", "地铁站", "广场", "幼儿园"};
    return community + kinds[n % kinds.length];
  }

  /** Free strip beside a line, as a part of the cell. */
  private double margin(Line line, int row) {
    return switch (line) {
      case NONE -> 0.06;
      case STREET -> 0.13;
      case AVENUE -> 0.18;
      case RIVER -> row == Terrain.RIVER ? 0.5 : 0.1;
    };
  }

  private static Polygon building(Coordinate[] quad, double west, double east, double south, double north) {
    return polygon(new Coordinate[] {at(quad, west, south), at(quad, east, south), at(quad, east, north), at(quad, west, north)});
  }

  private static Coordinate at(Coordinate[] q, double s, double t) {
    return new Coordinate((q[0].x * (1 - s) + q[1].x * s) * (1 - t) + (q[3].x * (1 - s) + q[2].x * s) * t,
        (q[0].y * (1 - s) + q[1].y * s) * (1 - t) + (q[3].y * (1 - s) + q[2].y * s) * t);
  }

  private static Polygon polygon(Coordinate[] open) {
    Coordinate[] ring = new Coordinate[open.length + 1];
    System.arraycopy(open, 0, ring, 0, open.length);
    ring[open.length] = open[0].copy();
    return Lattice.FACTORY.createPolygon(ring);
  }

  List<Road> roads() {
    return roads;
  }

  /** Whether a point in metres lies in the city and is dry. */
  boolean dry(Coordinate at) {
    var point = Lattice.FACTORY.createPoint(at);
    return inside.covers(point) && !water.intersects(point);
  }

  static Geometry degrees(Geometry meters) {
    Geometry copy = meters.copy();
    copy.apply(new org.locationtech.jts.geom.CoordinateFilter() {
      @Override
      public void filter(Coordinate c) {
        c.setCoordinate(Terrain.degrees(c));
      }
    });
    copy.geometryChanged();
    return copy;
  }

  /**
   * A building.
   *
   * @param shape in metres
   * @param name {@code null}: none of its own
   * @param kind commercial, public or residential
   */
  record Built(Cell cell, Polygon shape, String name, String kind, int floors) {}

  List<Built> buildings() {
    return buildings;
  }

  List<MapLayer> layers() {
    Json waters = new Json();
    waters.add(degrees(river), Map.of("name", "云江", "kind", "river"));
    waters.add(degrees(lake), Map.of("name", "望湖", "kind", "lake"));
    waters.add(degrees(minus(creek, river)), Map.of("name", "清溪", "kind", "creek"));
    Json park = new Json();
    greens.forEach(g -> park.add(degrees((Geometry) g[0]), named((String) g[1], (String) g[2])));
    Json road = new Json();
    for (Road r : roads) {
      drawRoad(road, r);
    }
    Json building = new Json();
    for (Built b : buildings) {
      Map<String, Object> properties = named(b.name(), b.kind());
      properties.put("floors", b.floors());
      building.add(degrees(b.shape()), properties);
    }
    Json landmark = new Json();
    landmarks.forEach(l -> landmark.add(degrees((Geometry) l[0]), named((String) l[1], (String) l[2])));
    return List.of(new MapLayer("water", 0, waters.text()), new MapLayer("green", 0, park.text()), new MapLayer("roads", 0, road.text()),
        new MapLayer("buildings", 13.5, building.text()), new MapLayer("landmarks", 12.5, landmark.text()));
  }

  /** Bridges are features of their own, to be drawn over the water. */
  private static void drawRoad(Json json, Road road) {
    if (road.bridges.isEmpty()) {
      json.add(degrees(Lattice.FACTORY.createLineString(road.points.toArray(Coordinate[]::new))), named(road.name, road.kind.name().toLowerCase(Locale.ROOT)));
      return;
    }
    int from = 0;
    for (int at = 1; at <= road.bridges.size(); at++) {
      if (at == road.bridges.size() || !road.bridges.get(at).equals(road.bridges.get(from))) {
        Map<String, Object> properties = named(road.name, road.kind.name().toLowerCase(Locale.ROOT));
        if (road.bridges.get(from)) {
          properties.put("bridge", 1);
        }
        json.add(degrees(Lattice.FACTORY.createLineString(road.points.subList(from, at + 1).toArray(Coordinate[]::new))), properties);
        from = at;
      }
    }
  }

  private static Map<String, Object> named(String name, String kind) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (name != null) {
      properties.put("name", name);
    }
    properties.put("kind", kind);
    return properties;
  }
}
