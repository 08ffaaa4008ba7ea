package io.citywide.place;

import io.citywide.grid.GridCell;

/**
 * Where a point lies. The deepest area with a boundary around the point decides; levels below it are
 * {@code null}, as are levels that the city does not have.
 *
 * @param cell BeiDou grid cell of level 9, about 12 cm
 * @param unitGrid may be {@code null}
 * @param community may be {@code null}
 * @param street may be {@code null}
 * @param district may be {@code null}
 * @param city may be {@code null} only where the tree does not reach up to a city
 */
public record Spot(GridCell cell, Area unitGrid, Area community, Area street, Area district, Area city) {

  /** The deepest known area; never {@code null}. */
  public Area deepest() {
    return unitGrid != null ? unitGrid
        : community != null ? community
        : street != null ? street
        : district != null ? district
        : city;
  }

  /** Code of the deepest known area. */
  public String areaCode() {
    return deepest().code();
  }
}
