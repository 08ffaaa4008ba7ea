package io.citywide.map.internal.building;

import io.citywide.grid.GridBox;
import io.citywide.map.spi.TilePen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Squares that a tile is drawn with where its objects would be too many: how many lie in each, what most of them are, and the worst. */
final class Squares {

  private static final double MINUTE = 1 / 60.0;
  private static final double SECONDS_4 = MINUTE / 15;

  private record Square(long x, long y) {}

  private static final class Tally {
    private final Map<String, Long> kinds = new TreeMap<>();
    private long count;
    private int worst;

    /** Of equally common ones the first in the order of names, so that the same things always look the same. */
    String dominant() {
      return kinds.entrySet().stream().max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.<String, Long>comparingByKey().reversed())).orElseThrow().getKey();
    }
  }

  private final double side;
  private final Map<Square, Tally> squares = new LinkedHashMap<>();

  /** Sides that are whole minutes below zoom 12, as sums are by minute; whole 4″ from there on. */
  Squares(int zoom) {
    this.side = zoom >= 13 ? SECONDS_4 : zoom == 12 ? 3 * SECONDS_4 : zoom >= 9 ? MINUTE : zoom >= 7 ? 3 * MINUTE : zoom == 6 ? 10 * MINUTE : 30 * MINUTE;
  }

  /** The box, widened to whole squares: one on the edge of two tiles is drawn whole in both, with all that lies in it. */
  GridBox around(GridBox box) {
    return new GridBox(Math.max(-180, Math.floor(box.west() / side) * side), Math.max(-87.9, Math.floor(box.south() / side) * side),
        Math.min(180, Math.ceil(box.east() / side) * side), Math.min(87.9, Math.ceil(box.north() / side) * side));
  }

  /** Things at a point. */
  void add(double lon, double lat, long count) {
    at(lon, lat).count += count;
  }

  /** What they are. */
  void kind(double lon, double lat, String kind, long count) {
    at(lon, lat).kinds.merge(kind, count, Long::sum);
  }

  /** How bad one of them is. */
  void grade(double lon, double lat, int grade) {
    Tally tally = at(lon, lat);
    tally.worst = Math.max(tally.worst, grade);
  }

  private Tally at(double lon, double lat) {
    return squares.computeIfAbsent(new Square((long) Math.floor(lon / side), (long) Math.floor(lat / side)), s -> new Tally());
  }

  void draw(TilePen pen) {
    squares.forEach((s, tally) -> {
      if (tally.count > 0 && !tally.kinds.isEmpty()) {
        pen.cell(new GridBox(s.x() * side, s.y() * side, (s.x() + 1) * side, (s.y() + 1) * side), tally.count, tally.dominant(), tally.worst);
      }
    });
  }
}
