package io.citywide.grid;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A closed box in degrees, decided exactly on units. */
final class BoxRegion implements Region {
  private final List<Window> windows;
  private final boolean acrossAntimeridian;
  // The least box of whole units around the cells that lie inside.
  private final int west;
  private final int south;
  private final int east;
  private final int north;

  BoxRegion(GridBox box) {
    windows = Region.windows(box.west(), box.south(), box.east(), box.north());
    acrossAntimeridian = box.west() > box.east();
    west = units(box.west(), RoundingMode.CEILING);
    south = units(box.south(), RoundingMode.CEILING);
    east = units(box.east(), RoundingMode.FLOOR);
    north = units(box.north(), RoundingMode.FLOOR);
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  @Override
  public Relation relate(Cell cell, Cell parent) {
    // The cell touches a window, so it is not outside; what is left is whether an edge of the box runs through it.
    boolean eastOfWest = cell.west() >= west;
    boolean westOfEast = cell.east() <= east;
    boolean lon = acrossAntimeridian ? eastOfWest || westOfEast : eastOfWest && westOfEast;
    return lon && cell.south() >= south && cell.north() <= north ? Relation.INSIDE : Relation.CROSSING;
  }

  private static int units(double degrees, RoundingMode rounding) {
    return new BigDecimal(Double.toString(degrees)).multiply(BigDecimal.valueOf(Layout.UNITS_PER_DEGREE))
        .setScale(0, rounding).intValueExact();
  }
}
