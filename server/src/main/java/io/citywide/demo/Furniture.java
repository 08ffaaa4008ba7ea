package io.citywide.demo;

import io.citywide.demo.CityPlan.Owner;
import io.citywide.demo.Lattice.Cell;
import io.citywide.demo.Landscape.Road;
import io.citywide.demo.Landscape.RoadKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;

/** The components along the roads: what stands at the kerb and lies in the carriageway, with kind, owner and state. */
final class Furniture {

  static final List<Owner> OWNERS = List.of(
      new Owner("YZ-MUNI", "云泽市市政设施中心"), new Owner("YZ-WATER", "云泽水务集团"), new Owner("YZ-POWER", "云泽供电公司"),
      new Owner("YZ-TELE", "云泽通信公司"), new Owner("YZ-GAS", "云泽燃气集团"), new Owner("YZ-LIGHT", "云泽市路灯管理所"),
      new Owner("YZ-GREEN", "云泽市园林绿化中心"), new Owner("YZ-CLEAN", "云泽市环境卫生中心"), new Owner("YZ-TRAFFIC", "云泽市交警支队"),
      new Owner("YZ-BUS", "云泽公交集团"), new Owner("YZ-POLICE", "云泽市公安局"), new Owner("YZ-ADMIN", "云泽市城市管理局"));

  private static final Set<RoadKind> ALL = EnumSet.of(RoadKind.AVENUE, RoadKind.STREET, RoadKind.LANE);
  private static final Set<RoadKind> WIDE = EnumSet.of(RoadKind.AVENUE, RoadKind.STREET);
  private static final Set<RoadKind> AVENUE = EnumSet.of(RoadKind.AVENUE);

  /**
   * How one kind stands along roads.
   *
   * @param meters distance from one to the next on a side
   * @param fromKerb metres from the kerb, negative: in the carriageway
   * @param sides 1 or 2
   */
  private record Habit(String kind, String owner, Set<RoadKind> roads, double meters, double fromKerb, int sides) {}

  private static final List<Habit> HABITS = List.of(
      new Habit("01037", "YZ-LIGHT", ALL, 34, 0.8, 2), new Habit("04002", "YZ-GREEN", WIDE, 17, 1.5, 2),
      new Habit("01002", "YZ-WATER", ALL, 48, -3.2, 1), new Habit("01003", "YZ-MUNI", ALL, 46, -2.2, 1),
      new Habit("01004", "YZ-MUNI", ALL, 34, -0.4, 2), new Habit("01001", "YZ-WATER", ALL, 85, 1.2, 1),
      new Habit("01005", "YZ-POWER", ALL, 95, 2.0, 1), new Habit("01007", "YZ-TELE", ALL, 80, 2.4, 1),
      new Habit("01011", "YZ-GAS", ALL, 120, -1.8, 1), new Habit("01006", "YZ-LIGHT", WIDE, 190, 1.1, 1),
      new Habit("01013", "YZ-MUNI", ALL, 140, 1.6, 1), new Habit("03005", "YZ-CLEAN", ALL, 95, 1.9, 2),
      new Habit("02010", "YZ-TRAFFIC", WIDE, 150, 1.0, 2), new Habit("02012", "YZ-ADMIN", ALL, 280, 1.3, 1),
      new Habit("02017", "YZ-TRAFFIC", AVENUE, 90, -7.0, 1), new Habit("02014", "YZ-TRAFFIC", WIDE, 460, 1.0, 2),
      new Habit("01050", "YZ-POLICE", ALL, 240, 1.2, 1), new Habit("02004", "YZ-BUS", AVENUE, 480, 2.0, 2),
      new Habit("04007", "YZ-GREEN", WIDE, 230, 3.0, 1), new Habit("01027", "YZ-TELE", ALL, 420, 2.8, 1),
      new Habit("01060", "YZ-LIGHT", WIDE, 620, 2.6, 1), new Habit("03006", "YZ-ADMIN", WIDE, 520, 3.2, 1),
      new Habit("02025", "YZ-ADMIN", ALL, 300, 2.5, 1), new Habit("01054", "YZ-POWER", WIDE, 560, 3.4, 1),
      new Habit("03001", "YZ-CLEAN", WIDE, 1_100, 6.0, 1), new Habit("01028", "YZ-POWER", ALL, 380, 3.0, 1),
      new Habit("02021", "YZ-TRAFFIC", WIDE, 210, 0.5, 1), new Habit("01046", "YZ-ADMIN", Set.of(RoadKind.LANE), 520, 4.0, 1));

  private static final Map<String, String> OWNER_OF = HABITS.stream().collect(Collectors.toMap(Habit::kind, Habit::owner));

  /** How common each kind is beside the others, by its code of five digits. */
  static Map<String, Double> frequencies() {
    Map<String, Double> frequencies = new LinkedHashMap<>();
    HABITS.forEach(habit -> frequencies.put(habit.kind, habit.sides * habit.roads.size() / habit.meters));
    return frequencies;
  }

  /** Code of the unit that looks after a kind. */
  static String owner(String kind) {
    return OWNER_OF.get(kind);
  }

  /** {@code order}: drawn lot, by which the wanted number is kept. */
  private record Piece(String kind, String owner, Coordinate at, String area, double order, int state) {}

  private final Lattice lattice;
  private final Landscape landscape;
  private final Map<Cell, String> codes;
  private final Random random;
  private final List<Piece> pieces = new ArrayList<>();

  Furniture(Lattice lattice, Landscape landscape, Map<Cell, String> codes, Random random) {
    this.lattice = lattice;
    this.landscape = landscape;
    this.codes = codes;
    this.random = random;
  }

  /** Exactly {@code wanted} components, one JSON object each, by kind and place. */
  List<String> ndjson(int wanted) {
    for (Habit habit : HABITS) {
      for (Road road : landscape.roads()) {
        if (habit.roads.contains(road.kind())) {
          line(habit, road);
        }
      }
    }
    if (pieces.size() < wanted) {
      throw new IllegalStateException("the roads hold only " + pieces.size() + " components of " + wanted);
    }
    pieces.sort(Comparator.comparingDouble(Piece::order));
    List<Piece> kept = new ArrayList<>(pieces.subList(0, wanted));
    Collections.sort(kept, Comparator.comparing(Piece::area).thenComparing(Piece::kind).thenComparing(Piece::order));
    Map<String, Integer> sequence = new HashMap<>();
    List<String> lines = new ArrayList<>(wanted);
    for (Piece piece : kept) {
      String prefix = piece.area.substring(0, 6) + piece.kind;
      Coordinate at = Terrain.degrees(piece.at);
      StringBuilder line = new StringBuilder(200);
      line.append("{\"ident\":\"").append("%s%06d".formatted(prefix, sequence.merge(prefix, 1, Integer::sum)))
          .append("\",\"lon\":").append(Json.degrees(at.x)).append(",\"lat\":").append(Json.degrees(at.y))
          .append(",\"ownerCode\":\"").append(piece.owner).append("\",\"accuracy\":\"B\",\"source\":\"实测\",\"recordedOn\":\"2026-07-01\"");
      if (piece.state < 8) {
        line.append(",\"state\":\"").append(piece.state < 7 ? "DAMAGED" : "LOST").append('"');
      }
      lines.add(line.append('}').toString());
    }
    return lines;
  }

  private void line(Habit habit, Road road) {
    for (int side = 0; side < habit.sides; side++) {
      // Kinds with one side change it from road to road.
      boolean left = habit.sides == 2 ? side == 0 : random.nextBoolean();
      double next = random.nextDouble() * habit.meters;
      double walked = 0;
      for (int k = 0; k + 1 < road.points().size(); k++) {
        Coordinate a = road.points().get(k);
        Coordinate b = road.points().get(k + 1);
        double length = a.distance(b);
        while (next < walked + length) {
          place(habit, road, k, a, b, (next - walked) / length, left);
          next += habit.meters * (0.94 + random.nextDouble() * 0.12);
        }
        walked += length;
      }
    }
  }

  private void place(Habit habit, Road road, int k, Coordinate a, Coordinate b, double along, boolean left) {
    double length = a.distance(b);
    double away = road.kind().halfWidth + habit.fromKerb + random.nextDouble(-0.3, 0.3);
    double sign = left ? 1 : -1;
    Coordinate at = new Coordinate(a.x + (b.x - a.x) * along - sign * (b.y - a.y) / length * away,
        a.y + (b.y - a.y) * along + sign * (b.x - a.x) / length * away);
    double order = random.nextDouble();
    int state = random.nextInt(1_000);
    if (landscape.dry(at)) {
      pieces.add(new Piece(habit.kind, habit.owner, at, codes.get(road.cells().get(k)[left ? 0 : 1]), order, state));
    }
  }
}
