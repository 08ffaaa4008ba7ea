package io.citywide.place;

import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Geometry;

/**
 * The register of buildings, within the scope of the current viewer. Nobody's name is in it; who may see how many households
 * with which special-care marker live in one building, the caller decides. Reads the database: call within a transaction.
 */
public interface Buildings {

  /** What a building is used for. */
  enum Use {
    RESIDENTIAL("住宅", "Residential"),
    OFFICE("办公", "Office"),
    SHOP("商业", "Shop"),
    MIXED("商住混合", "Mixed"),
    PUBLIC("公共", "Public"),
    INDUSTRIAL("工业", "Industrial"),
    OTHER("其他", "Other");

    private final String nameZh;
    private final String nameEn;

    Use(String nameZh, String nameEn) {
      this.nameZh = nameZh;
      this.nameEn = nameEn;
    }

    public String nameZh() {
      return nameZh;
    }

    public String nameEn() {
      return nameEn;
    }
  }

  /** A kind of household that the city looks after specially. {@code grade}: how urgently when something happens, 0..4. */
  record Marker(String code, String nameZh, String nameEn, int grade) {}

  /**
   * A building.
   *
   * @param id its number in this server, below 2^53
   * @param ident its number in the city
   * @param address may be {@code null}
   * @param floors 1..200, {@code null}: unknown
   * @param heightMeters above the ground, also of the floors alone; {@code null}: unknown
   * @param built year, {@code null}: unknown
   * @param areaCode deepest area it lies in
   * @param lon of a point in it, WGS-84 degrees
   * @param households all of them
   * @param caredFor those with a special-care marker
   * @param care how many by marker; one with two is counted under both
   * @param worst highest grade among the markers, 0 without
   * @param outline WGS-84 polygon, {@code null}: unknown
   */
  record Building(long id, String ident, String name, String address, Use use, Integer floors, Double heightMeters, Integer built, String areaCode, double lon, double lat,
      int rooms, int households, int enterprises, int caredFor, Map<String, Integer> care, int worst, Geometry outline) {}

  /** As much of a building as counting needs. */
  record Dot(double lon, double lat, Use use, int households, int caredFor, Map<String, Integer> care, int worst) {}

  /**
   * How far an outline reaches at most around the point of its building, in degrees of longitude and of latitude, by class:
   * 0 is of buildings without one, the last has no bound.
   */
  List<Double> REACHES = List.of(0.0, 0.0005, 0.002, 0.01, 0.05, Double.POSITIVE_INFINITY);

  /**
   * Points of a class of buildings.
   *
   * @param reach of {@link #REACHES}
   * @param range of grid keys of level 9
   * @param certain what lies here need not be tested
   */
  record Stretch(int reach, GridRange range, boolean certain) {}

  /**
   * Where to look.
   *
   * @param area lies in this area
   * @param stretches that do not overlap within a class; {@code null}: anywhere in the area, for certain
   */
  record Ground(AreaScope area, List<Stretch> stretches) {}

  /** The exact test of a building by its point and its outline. */
  @FunctionalInterface
  interface Exact {

    /** Whatever the ground holds. */
    Exact ANY = (lon, lat, outline) -> true;

    /** @param outline gives {@code null} where none is known; reading it costs */
    boolean lies(double lon, double lat, Supplier<Geometry> outline);
  }

  /** @param households with at least one household; {@code care}: with a household of one of these markers, {@link #PLAIN} standing for none */
  record Wanted(Set<Use> uses, boolean households, Set<String> care) {
    public Wanted {
      uses = Set.copyOf(uses);
      care = Set.copyOf(care);
    }
  }

  /** A figure of a cell of level 4 of the grid: one of {@code USE:…}, {@code GRADE:use:grade}, {@code CARE:…}, {@link #HOUSEHOLDS}, {@link #PLAIN}, {@code ROOMS}, {@code ENTERPRISES}, {@code CARED_FOR}. */
  record Sum(String areaCode, long cell, String figure, long n) {}

  /** Households that bear no marker. */
  String PLAIN = "PLAIN";

  String HOUSEHOLDS = "HOUSEHOLDS";

  /** A page, and where the next begins; {@code null}: nowhere. */
  record Page(List<Building> items, String next) {}

  Optional<Building> find(String ident);

  /** Those whose address or name begins so, by address, at most {@code limit}. */
  List<Building> listByAddress(String beginning, int limit);

  /** Those of these that there are, in no order; in one statement. */
  List<Building> list(Collection<String> idents);

  /**
   * In the order of the grid; where only an area is asked for, of areas and numbers.
   *
   * @param after {@link Page#next()} of the page before; {@code null} for the first
   * @throws IllegalArgumentException for another {@code after}
   */
  Page list(Ground ground, Wanted wanted, Exact exact, String after, int limit);

  /** Hands out all, in no order. */
  void each(Ground ground, Wanted wanted, Exact exact, Consumer<Dot> each);

  /** Sums by area and figure: one statement, of an area as wide as a city too. */
  List<Sum> sums(AreaScope area);

  /** Sums by cell and figure, of cells that begin in these ranges, of all for {@code null}; empty for who sees less than a community, and has so few buildings that they can be read. */
  Optional<List<Sum>> cells(List<GridRange> ranges);

  /** By urgency, the highest first. */
  List<Marker> markers();

  /** Something else after every change. */
  String revision();
}
