package io.citywide.place;

import io.citywide.grid.GridBox;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;

/** Areas: by point, by code, by name. Answers come from memory, in microseconds, and need no transaction. */
public interface Places {

  /**
   * Where a point lies; empty when it is outside every boundary. A point on a boundary belongs to exactly one
   * area, always the same.
   *
   * @param lon WGS-84 degrees, -180..180
   * @param lat WGS-84 degrees, between -88 and 88
   * @throws IllegalArgumentException when a value is outside these bounds or not a number
   */
  Optional<Spot> locate(double lon, double lat);

  /** The area in force with this code, or with this older code as an alias; empty for an unknown or ended one. */
  Optional<Area> findArea(String code);

  /** From the city down to the area itself; empty for an unknown code. Levels that the tree lacks are left out. */
  List<Area> chain(String code);

  /** All areas in force in the order of their codes (a parent before its children). */
  List<Area> listAreas();

  /** Areas directly below {@code code}, in the order of their codes. */
  List<Area> listChildren(String code);

  /** "云栖区 · 望江街道 · 梧桐社区 · 003网格": the chain without the city; the code itself where it is unknown. */
  String describe(String code);

  /** Areas a text names, longest names first, in the order of the text; a name that may mean several is left out. */
  List<AreaMention> mentions(String text);

  /** The deepest area that the names in a text agree on, and why. */
  PlaceReading read(String text);

  /** Boundary of an area in force, WGS-84 degrees; empty where none is known. Not to be changed. */
  Optional<Geometry> boundary(String code);

  /** The smallest box around every boundary; empty while there is none. */
  Optional<GridBox> bounds();

  /** Something else after every change of an area, and on every new day. */
  String edition();

  /**
   * Which areas answers are made of. The later of two is the greater one, on whatever server.
   *
   * @param revision raised with every change of an area
   * @param day of the city: areas begin and end with days
   */
  record Edition(long revision, LocalDate day) implements Comparable<Edition> {

    @Override
    public int compareTo(Edition other) {
      return revision != other.revision ? Long.compare(revision, other.revision) : day.compareTo(other.day);
    }
  }

  /**
   * Keeps the areas as they are until the transaction under way ends; from now on answers on this server are made of them. For
   * whoever stores where something lies: an import of areas finds it stored, or it is stored by the areas that were imported.
   */
  Edition hold();
}
