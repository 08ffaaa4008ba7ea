package io.citywide.place.internal;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.AreaMention;
import io.citywide.place.PlaceReading;
import io.citywide.place.Spot;
import io.citywide.platform.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;

/** The area tree at one moment: immutable, complete, made anew after each import. */
final class AreaBook {

  static final AreaBook EMPTY = new AreaBook(Map.of(), Map.of());

  private final Map<String, Area> byCode;
  private final Map<String, Area> byAlias = new HashMap<>();
  private final Map<String, Geometry> boundaries;
  private final Map<String, List<Area>> children;
  private final Map<String, Spot> chains = new HashMap<>();
  private final Locator locator;
  private final Gazetteer gazetteer;
  private final Envelope bounds = new Envelope();

  /** @param areas in force, by code in its order */
  AreaBook(Map<String, Area> areas, Map<String, Geometry> boundaries) {
    this.byCode = new LinkedHashMap<>(areas);
    this.boundaries = boundaries;
    this.children = areas.values().stream().filter(a -> a.parentCode() != null).collect(Collectors.groupingBy(Area::parentCode));
    areas.values().forEach(a -> a.aliases().stream().filter(alias -> AreaCode.fault(alias).isEmpty() || alias.matches("[0-9]{14,17}"))
        .forEach(alias -> byAlias.putIfAbsent(alias, a)));
    this.locator = Locator.of(boundaries.entrySet().stream()
        .map(e -> new Locator.Shape(e.getKey(), areas.get(e.getKey()).level().ordinal(), e.getValue())).toList());
    this.gazetteer = new Gazetteer(byCode);
    boundaries.values().forEach(g -> bounds.expandToInclude(g.getEnvelopeInternal()));
    // One Spot per area, without its cell: levels of a point are read off, not walked.
    areas.keySet().forEach(code -> chains.put(code, spot(null, code)));
  }

  Optional<Spot> locate(double lon, double lat) {
    GridCell cell = GridCell.of(lon, lat, 9);
    String code = locator.locate(lon, lat, cell.key());
    if (code == null) {
      return Optional.empty();
    }
    Spot levels = chains.get(code);
    return Optional.of(new Spot(cell, levels.unitGrid(), levels.community(), levels.street(), levels.district(), levels.city()));
  }

  String areaCodeAt(double lon, double lat, long key) {
    return locator.locate(lon, lat, key);
  }

  private Spot spot(GridCell cell, String code) {
    Area[] levels = new Area[AreaLevel.values().length];
    chain(code).forEach(a -> levels[a.level().ordinal()] = a);
    return new Spot(cell, levels[4], levels[3], levels[2], levels[1], levels[0]);
  }

  Optional<Area> find(String code) {
    return code == null ? Optional.empty() : Optional.ofNullable(byCode.getOrDefault(code, byAlias.get(code)));
  }

  List<Area> chain(String code) {
    List<Area> chain = new ArrayList<>();
    for (Area at = find(code).orElse(null); at != null; at = at.parentCode() == null ? null : byCode.get(at.parentCode())) {
      chain.addFirst(at);
    }
    return chain;
  }

  List<Area> all() {
    return List.copyOf(byCode.values());
  }

  List<Area> children(String code) {
    return children.getOrDefault(code, List.of());
  }

  Optional<Geometry> boundary(String code) {
    return Optional.ofNullable(boundaries.get(code));
  }

  String describe(String code) {
    List<Area> chain = chain(code);
    if (chain.isEmpty()) {
      return code;
    }
    return (chain.size() > 1 ? chain.subList(1, chain.size()) : chain).stream().map(Area::name).collect(Collectors.joining(" · "));
  }

  List<AreaMention> mentions(String text) {
    return gazetteer.mentions(text);
  }

  PlaceReading read(String text) {
    return gazetteer.read(text);
  }

  List<Area> search(String words, int limit) {
    return gazetteer.search(words, limit);
  }

  Optional<GridBox> bounds() {
    return bounds.isNull() ? Optional.empty()
        : Optional.of(new GridBox(bounds.getMinX(), bounds.getMinY(), bounds.getMaxX(), bounds.getMaxY()));
  }

  /**
   * Why a position in none of the areas cannot be right, in words that say what to do.
   *
   * @param lon degrees as they were given, of any size
   * @throws java.util.NoSuchElementException where no boundary is known
   */
  Words outside(double lon, double lat) {
    GridBox city = bounds().orElseThrow();
    String where = lon + ", " + lat;
    if (Math.abs(lon) < 88 && Math.abs(lat) <= 180 && locate(lat, lon).isPresent()) {
      return new Words("longitude and latitude look swapped: " + where + " lies outside the city, " + lat + ", " + lon + " inside; exchange lon and lat",
          "经纬度似乎颠倒：" + where + " 在本市之外，而 " + lat + ", " + lon + " 在市内；请互换经度和纬度");
    }
    return !city.contains(lon, lat)
        ? new Words("the position " + where + " lies outside the city, whose bounds are " + city.west() + ".." + city.east() + " E, " + city.south() + ".." + city.north() + " N; correct it or the coordinate system",
            "位置 " + where + " 在本市之外（东经 " + city.west() + ".." + city.east() + "，北纬 " + city.south() + ".." + city.north() + "）；请更正位置或坐标系")
        : new Words("the position " + where + " lies within the city's bounds but in none of its areas; correct it, or import the area's boundary first",
            "位置 " + where + " 在本市外框之内，但不属于任何区域；请更正，或先导入该区域的边界");
  }
}
