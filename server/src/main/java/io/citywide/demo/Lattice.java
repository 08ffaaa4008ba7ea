package io.citywide.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.locationtech.jts.algorithm.Angle;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.overlayng.CoverageUnion;

/**
 * The cells of the city and the streets between them. Every street line is a road; the cells
 * between street lines are a block; blocks make up communities, so these end at roads and never cross the river.
 */
final class Lattice {

  static final int HALF = 36;

  static final GeometryFactory FACTORY = new GeometryFactory();

  enum Line {
    /** Only a border of unit grids. */
    NONE,
    STREET,
    AVENUE,
    RIVER
  }

  /** A unit grid to be: corners (i, j) to (i+1, j+1). */
  record Cell(int i, int j) {}

  private final Terrain terrain;
  private final Line[] columns = new Line[2 * HALF + 1];
  private final Line[] rows = new Line[2 * HALF + 1];
  private final Coordinate[][] vertices = new Coordinate[2 * HALF + 1][2 * HALF + 1];
  private final Map<Long, Cell> cells = new TreeMap<>();

  Lattice(Terrain terrain, Random random) {
    this.terrain = terrain;
    lines(columns, 0, random);
    lines(rows, Terrain.RIVER, random);
    rows[Terrain.RIVER + HALF] = Line.RIVER;
    for (int i = -HALF; i <= HALF; i++) {
      for (int j = -HALF; j <= HALF; j++) {
        Coordinate at = terrain.meters(i, j);
        double shakeX = random.nextDouble(-13, 13);
        double shakeY = random.nextDouble(-13, 13);
        if (column(i) == Line.NONE && row(j) == Line.NONE) {
          at = new Coordinate(at.x + shakeX, at.y + shakeY);
        }
        vertices[i + HALF][j + HALF] = at;
      }
    }
    choose();
    roundTheEdge();
    for (int round = 0; round < 4; round++) {
      smoothTheEdge();
    }
  }

  /** Street lines three or four cells apart, every second one an avenue. */
  private static void lines(Line[] lines, int start, Random random) {
    java.util.Arrays.fill(lines, Line.NONE);
    for (int direction : new int[] {1, -1}) {
      int at = start;
      int count = 0;
      while (Math.abs(at) <= HALF) {
        lines[at + HALF] = count++ % 2 == 0 ? Line.AVENUE : Line.STREET;
        at += direction * (3 + random.nextInt(2));
      }
    }
  }

  private void choose() {
    for (int i = -HALF; i < HALF; i++) {
      for (int j = -HALF; j < HALF; j++) {
        Coordinate middle = terrain.meters(i + 0.5, j + 0.5);
        if (Math.hypot(middle.x, middle.y) < terrain.radius(Math.atan2(middle.y, middle.x))) {
          cells.put(key(i, j), new Cell(i, j));
        }
      }
    }
    // A cell that hangs on by one side would be a tooth in the outline.
    for (int round = 0; round < 3; round++) {
      cells.values().removeIf(c -> (has(c.i - 1, c.j) ? 1 : 0) + (has(c.i + 1, c.j) ? 1 : 0) + (has(c.i, c.j - 1) ? 1 : 0) + (has(c.i, c.j + 1) ? 1 : 0) < 2);
    }
  }

  /** Moves the corners of the outline onto the smooth edge of the city where the cells around stay sound. */
  private void roundTheEdge() {
    for (int i = -HALF + 1; i < HALF; i++) {
      for (int j = -HALF + 1; j < HALF; j++) {
        int around = (has(i, j) ? 1 : 0) + (has(i - 1, j) ? 1 : 0) + (has(i, j - 1) ? 1 : 0) + (has(i - 1, j - 1) ? 1 : 0);
        if (around == 0 || around == 4) {
          continue;
        }
        Coordinate before = vertices[i + HALF][j + HALF];
        double angle = Math.atan2(before.y, before.x);
        double radius = terrain.radius(angle);
        double move = radius - Math.hypot(before.x, before.y);
        if (Math.abs(move) > 150) {
          continue;
        }
        for (double part : new double[] {1, 0.7, 0.4}) {
          vertices[i + HALF][j + HALF] = new Coordinate(before.x + Math.cos(angle) * move * part, before.y + Math.sin(angle) * move * part);
          if (soundAround(i, j)) {
            break;
          }
          vertices[i + HALF][j + HALF] = before;
        }
      }
    }
  }

  /** Takes sharp teeth off the outline: such a corner moves between its neighbours. */
  private void smoothTheEdge() {
    Map<Coordinate, int[]> places = new HashMap<>();
    for (int i = -HALF; i <= HALF; i++) {
      for (int j = -HALF; j <= HALF; j++) {
        places.put(vertex(i, j), new int[] {i, j});
      }
    }
    List<Polygon> quads = cells.values().stream().map(c -> ring(quad(c))).toList();
    Coordinate[] outline = CoverageUnion.union(FACTORY.buildGeometry(new ArrayList<Geometry>(quads))).getCoordinates();
    for (int k = 0; k + 1 < outline.length; k++) {
      Coordinate before = outline[k == 0 ? outline.length - 2 : k - 1];
      Coordinate at = outline[k];
      Coordinate after = outline[k + 1];
      if (Math.abs(Math.PI - Angle.angleBetween(before, at, after)) < Math.toRadians(38)) {
        continue;
      }
      int[] place = places.get(at);
      for (double part : new double[] {1, 0.7, 0.4}) {
        vertices[place[0] + HALF][place[1] + HALF] =
            new Coordinate(at.x + part * ((before.x + after.x) / 2 - at.x), at.y + part * ((before.y + after.y) / 2 - at.y));
        if (soundAround(place[0], place[1])) {
          break;
        }
        vertices[place[0] + HALF][place[1] + HALF] = at;
      }
    }
  }

  private static Polygon ring(Coordinate[] quad) {
    return FACTORY.createPolygon(new Coordinate[] {quad[0], quad[1], quad[2], quad[3], quad[0].copy()});
  }

  /** Whether the cells around a corner are sound and none of them lies over another. */
  private boolean soundAround(int i, int j) {
    if (!sound(i, j) || !sound(i - 1, j) || !sound(i, j - 1) || !sound(i - 1, j - 1)) {
      return false;
    }
    List<Polygon> around = new ArrayList<>();
    List<Polygon> near = new ArrayList<>();
    for (int x = i - 3; x <= i + 2; x++) {
      for (int y = j - 3; y <= j + 2; y++) {
        if (has(x, y)) {
          boolean touches = (x == i || x == i - 1) && (y == j || y == j - 1);
          (touches ? around : near).add(ring(quad(new Cell(x, y))));
        }
      }
    }
    for (Polygon moved : around) {
      for (Polygon other : near) {
        if (moved.relate(other, "2********")) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a cell of the city is convex enough and not too small. */
  private boolean sound(int i, int j) {
    if (!has(i, j)) {
      return true;
    }
    Coordinate[] q = quad(new Cell(i, j));
    double area = 0;
    for (int k = 0; k < 4; k++) {
      Coordinate a = q[k];
      Coordinate b = q[(k + 1) % 4];
      Coordinate c = q[(k + 2) % 4];
      double cross = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
      if (cross < -250) {
        return false;
      }
      area += a.x * b.y - b.x * a.y;
    }
    return area / 2 > 4_500;
  }

  private static long key(int i, int j) {
    return (long) (j + HALF) * 1_000 + i + HALF;
  }

  boolean has(int i, int j) {
    return cells.containsKey(key(i, j));
  }

  List<Cell> cells() {
    return List.copyOf(cells.values());
  }

  Line column(int i) {
    return columns[i + HALF];
  }

  Line row(int j) {
    return rows[j + HALF];
  }

  Coordinate vertex(int i, int j) {
    return vertices[i + HALF][j + HALF];
  }

  /** Corners in metres, counter-clockwise from the south-west. */
  Coordinate[] quad(Cell c) {
    return new Coordinate[] {vertex(c.i, c.j), vertex(c.i + 1, c.j), vertex(c.i + 1, c.j + 1), vertex(c.i, c.j + 1)};
  }

  /** In degrees. */
  Polygon polygon(Cell cell) {
    Coordinate[] quad = quad(cell);
    Coordinate[] ring = new Coordinate[5];
    for (int k = 0; k < 5; k++) {
      ring[k] = Terrain.degrees(quad[k % 4]);
    }
    return FACTORY.createPolygon(ring);
  }

  /** Cells between the same street lines, which begin at column and row. */
  record Block(int column, int row, List<Cell> cells) {}

  List<Block> blocks() {
    Map<Long, Block> blocks = new TreeMap<>();
    for (Cell c : cells.values()) {
      int column = floorLine(columns, c.i);
      int row = floorLine(rows, c.j);
      blocks.computeIfAbsent(key(column, row), k -> new Block(column, row, new ArrayList<>())).cells.add(c);
    }
    return blocks.values().stream().flatMap(b -> Lattice.parts(b).stream()).toList();
  }

  /** A block at the edge of the city may have lost its middle. */
  private static List<Block> parts(Block block) {
    List<Block> single = block.cells.stream().map(c -> new Block(block.column, block.row, List.of(c))).toList();
    return pieces(single).stream().map(piece -> new Block(block.column, block.row, piece.stream().flatMap(b -> b.cells.stream())
        .sorted(Comparator.comparingInt(Cell::j).thenComparing(Cell::i)).toList())).toList();
  }

  private static int floorLine(Line[] lines, int at) {
    int line = at;
    while (line > -HALF && lines[line + HALF] == Line.NONE) {
      line--;
    }
    return line;
  }

  /**
   * Splits blocks into {@code parts} of about the same number of cells, each in one piece: halves along the longer side,
   * block by block in columns or rows, and so on.
   */
  static List<List<Block>> split(List<Block> blocks, int parts) {
    if (parts == 1) {
      return List.of(blocks);
    }
    var columns = blocks.stream().mapToInt(Block::column).summaryStatistics();
    var rows = blocks.stream().mapToInt(Block::row).summaryStatistics();
    Comparator<Block> byColumn = Comparator.comparingInt(Block::column);
    Comparator<Block> byRow = Comparator.comparingInt(Block::row);
    List<Block> sorted = new ArrayList<>(blocks);
    sorted.sort(columns.getMax() - columns.getMin() >= rows.getMax() - rows.getMin() ? byColumn.thenComparing(byRow) : byRow.thenComparing(byColumn));
    int first = parts / 2;
    int total = sorted.stream().mapToInt(b -> b.cells.size()).sum();
    int cut = 0;
    int taken = 0;
    while (cut < sorted.size() - (parts - first) && (cut < first || taken + sorted.get(cut).cells.size() / 2 < total * first / parts)) {
      taken += sorted.get(cut++).cells.size();
    }
    List<Block> one = new ArrayList<>(sorted.subList(0, cut));
    List<Block> two = new ArrayList<>(sorted.subList(cut, sorted.size()));
    // The edge of the city is round, so a part may come in pieces: the small ones go to the other side.
    for (int round = 0; round < 4; round++) {
      if (!moveIslands(one, two) && !moveIslands(two, one)) {
        break;
      }
    }
    List<List<Block>> all = new ArrayList<>(split(one, first));
    all.addAll(split(two, parts - first));
    return all;
  }

  private static boolean moveIslands(List<Block> from, List<Block> to) {
    List<List<Block>> pieces = pieces(from);
    pieces.sort(Comparator.comparingInt(piece -> -piece.stream().mapToInt(b -> b.cells.size()).sum()));
    for (List<Block> island : pieces.subList(1, pieces.size())) {
      from.removeAll(island);
      to.addAll(island);
    }
    return pieces.size() > 1;
  }

  /** Blocks that hang together, side by side. */
  private static List<List<Block>> pieces(List<Block> blocks) {
    Map<Cell, Block> byCell = new HashMap<>();
    blocks.forEach(b -> b.cells.forEach(c -> byCell.put(c, b)));
    Set<Block> left = new LinkedHashSet<>(blocks);
    List<List<Block>> pieces = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Block> piece = new ArrayList<>();
      ArrayDeque<Block> open = new ArrayDeque<>();
      open.add(left.iterator().next());
      left.remove(open.peek());
      while (!open.isEmpty()) {
        Block block = open.poll();
        piece.add(block);
        for (Cell c : block.cells) {
          for (Cell beside : List.of(new Cell(c.i + 1, c.j), new Cell(c.i - 1, c.j), new Cell(c.i, c.j + 1), new Cell(c.i, c.j - 1))) {
            Block next = byCell.get(beside);
            if (next != null && left.remove(next)) {
              open.add(next);
            }
          }
        }
      }
      pieces.add(piece);
    }
    return pieces;
  }
}
