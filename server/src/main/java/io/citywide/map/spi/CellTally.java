package io.citywide.map.spi;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import io.citywide.grid.index.CellSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cells of the grid that a tile is drawn with where its objects would be too many: how many lie in each, what most of them are,
 * and the worst. For sources that count by themselves; components and features are counted by the grid index.
 */
public final class CellTally {

  private record Cell(long x, long y) {}

  private static final class Tally {
    private final Map<String, Long> kinds = new TreeMap<>();
    private long count;
    private int worst;

    /** Of equally common ones the first in the order of names, so that the same things always look the same. */
    String dominant() {
      return kinds.entrySet().stream().max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.<String, Long>comparingByKey().reversed())).orElseThrow().getKey();
    }
  }

  private final long units;
  private final double side;
  private final Map<Cell, Tally> cells = new LinkedHashMap<>();

  private CellTally(double degrees) {
    this.side = degrees;
    this.units = Math.round(degrees * GridKeys.UNITS_PER_DEGREE);
  }

  /** Cells as those that components are counted by. */
  public static CellTally of(CellSize size) {
    return new CellTally(size.degrees());
  }

  /**
   * Cells for what happens, whose numbers are read off the map: of level 4, a minute, below zoom 10 blocks of them so that a
   * block is some 20 pixels wide. Cases, warnings and people on duty lie in the same ones.
   *
   * @param zoom 0..22
   */
  public static CellTally ofBlocks(int zoom) {
    return new CellTally(CellSize.MINUTE.degrees() * (zoom >= 10 ? 1 : 1 << 10 - zoom));
  }

  /** Of a cell, in degrees. */
  public double side() {
    return side;
  }

  /** The box, widened to whole cells: one on the edge of two tiles is drawn whole in both, with all that lies in it. */
  public GridBox around(GridBox box) {
    return new GridBox(Math.max(-180, Math.floor(box.west() / side) * side), Math.max(-87.9, Math.floor(box.south() / side) * side),
        Math.min(180, Math.ceil(box.east() / side) * side), Math.min(87.9, Math.ceil(box.north() / side) * side));
  }

  /** Things of one kind at a point, and the highest grade among them. */
  public void add(double lon, double lat, String kind, long count, int grade) {
    add(lon, lat, count);
    kind(lon, lat, kind, count);
    grade(lon, lat, grade);
  }

  /** Things at a point. */
  public void add(double lon, double lat, long count) {
    at(lon, lat).count += count;
  }

  /** What they are. */
  public void kind(double lon, double lat, String kind, long count) {
    at(lon, lat).kinds.merge(kind, count, Long::sum);
  }

  /** How bad one of them is, 0..4. */
  public void grade(double lon, double lat, int grade) {
    Tally tally = at(lon, lat);
    tally.worst = Math.max(tally.worst, grade);
  }

  private Tally at(double lon, double lat) {
    return cells.computeIfAbsent(new Cell(cell(lon), cell(lat)), c -> new Tally());
  }

  private long cell(double degrees) {
    return Math.floorDiv((long) Math.floor(degrees * GridKeys.UNITS_PER_DEGREE), units);
  }

  /** Draws those in which something lies. */
  public void draw(TilePen pen) {
    cells.forEach((c, tally) -> {
      if (tally.count > 0 && !tally.kinds.isEmpty()) {
        pen.cell(new GridBox(edge(c.x()), edge(c.y()), edge(c.x() + 1), edge(c.y() + 1)), tally.count, tally.dominant(), tally.worst);
      }
    });
  }

  private double edge(long cell) {
    return cell * units / (double) GridKeys.UNITS_PER_DEGREE;
  }
}
