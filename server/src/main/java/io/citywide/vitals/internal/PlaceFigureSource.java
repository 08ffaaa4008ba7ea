package io.citywide.vitals.internal;

import io.citywide.identity.AreaScope;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Buildings;
import io.citywide.place.Components;
import io.citywide.place.Places;
import io.citywide.vitals.internal.Period.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What stands in the city: areas and their size, buildings, rooms, households, enterprises, components and their state. */
@Component
class PlaceFigureSource implements FigureSource {

  private record Known(Figure figure, String key) {}

  private final Places places;
  private final Buildings buildings;
  private final Components components;
  private volatile Map<String, Known> known;
  private volatile Sizes sizes = new Sizes("", Map.of());
  private volatile Counted counted;

  private record Sizes(String edition, Map<String, Double> squareKilometres) {}

  /** Counting millions of components takes seconds, and their number changes slowly. */
  private record Counted(long atNanos, Map<String, Map<String, Double>> byName) {}

  private static final long COUNTED_FOR_NANOS = 15 * 60 * 1_000_000_000L;

  PlaceFigureSource(Places places, Buildings buildings, Components components) {
    this.places = places;
    this.buildings = buildings;
    this.components = components;
  }

  private static Map<String, Known> fixed() {
    Map<String, Known> all = new LinkedHashMap<>();
    add(all, "places.squareKilometres", "面积（平方公里）", "Square kilometres of the communities", Nature.STOCK, null, "AREA");
    add(all, "places.communities", "社区数", "Communities", Nature.STOCK, null, "COMMUNITIES");
    add(all, "places.grids", "单元网格数", "Unit grids", Nature.STOCK, null, "GRIDS");
    add(all, "places.buildings", "房屋建筑数", "Buildings", Nature.STOCK, "buildings", "BUILDINGS");
    for (Buildings.Use use : Buildings.Use.values()) {
      add(all, "places.buildings." + use, use.nameZh() + "建筑数", use.nameEn() + " buildings", Nature.STOCK, "buildings", "USE:" + use);
    }
    add(all, "places.rooms", "房间数", "Rooms", Nature.STOCK, "buildings", "ROOMS");
    add(all, "places.households", "住户数", "Households", Nature.STOCK, "buildings", Buildings.HOUSEHOLDS);
    add(all, "places.enterprises", "企业数", "Enterprises", Nature.STOCK, "buildings", "ENTERPRISES");
    add(all, "places.caredFor", "重点关爱住户数", "Households with a special-care marker", Nature.STOCK, "buildings", "CARED_FOR");
    add(all, "components.all", "部件数（未移除）", "Components, not removed", Nature.STATE, null, "C:");
    for (io.citywide.place.Component.State state : io.citywide.place.Component.State.values()) {
      if (state != io.citywide.place.Component.State.REMOVED) {
        add(all, "components." + state.name().toLowerCase(java.util.Locale.ROOT), "状态为“" + state.nameZh() + "”的部件数", "Components whose state is " + state, Nature.STATE, null, "C:" + state);
      }
    }
    return all;
  }

  private static void add(Map<String, Known> all, String name, String zh, String en, Nature nature, String open, String key) {
    all.put(name, new Known(new Figure(name, zh, en, nature, Whole.SUM, open), key));
  }

  private Map<String, Known> known() {
    Map<String, Known> all = known;
    if (all == null) {
      known = all = fixed();
    }
    return all;
  }

  @Override
  public List<Figure> list() {
    return known().values().stream().map(Known::figure).toList();
  }

  /** Also {@code components.all.C01} and {@code components.damaged.C0104}: of the kinds that begin so. */
  @Override
  public Optional<Figure> find(String name) {
    Known exact = known().get(name);
    if (exact != null) {
      return Optional.of(exact.figure());
    }
    int dot = name.lastIndexOf('.');
    if (name.startsWith("components.") && dot > 11 && name.substring(dot + 1).matches("C[0-9]{2,5}")) {
      Known base = known().get(name.substring(0, dot));
      String kinds = name.substring(dot + 1);
      return base == null ? Optional.empty()
          : Optional.of(new Figure(name, base.figure().nameZh() + "（" + kinds + "）", base.figure().nameEn() + " of kinds " + kinds, Nature.STATE, Whole.SUM, null));
    }
    return Optional.empty();
  }

  @Override
  public Map<String, Map<String, Double>> read(Collection<String> names, Span span) {
    Map<String, Map<String, Double>> read = new HashMap<>();
    List<String> ofBuildings = new ArrayList<>();
    List<String> ofComponents = new ArrayList<>();
    for (String name : names) {
      switch (name) {
        case "places.squareKilometres" -> read.put(name, squareKilometres());
        case "places.communities" -> read.put(name, count(AreaLevel.COMMUNITY));
        case "places.grids" -> read.put(name, count(AreaLevel.UNIT_GRID));
        default -> (name.startsWith("components.") ? ofComponents : ofBuildings).add(name);
      }
    }
    if (!ofBuildings.isEmpty()) {
      ofBuildings.forEach(name -> read.put(name, new HashMap<>()));
      for (Buildings.Sum sum : buildings.sums(AreaScope.ALL)) {
        for (String name : ofBuildings) {
          String key = known().get(name).key();
          if (sum.figure().equals(key) || key.equals("BUILDINGS") && sum.figure().startsWith("USE:")) {
            read.get(name).merge(sum.areaCode(), (double) sum.n(), Double::sum);
          }
        }
      }
    }
    if (!ofComponents.isEmpty()) {
      read.putAll(components(ofComponents));
    }
    return read;
  }

  private Map<String, Map<String, Double>> components(List<String> names) {
    Counted last = counted;
    if (last != null && System.nanoTime() - last.atNanos() < COUNTED_FOR_NANOS && last.byName().keySet().containsAll(names)) {
      return last.byName();
    }
    Map<String, Map<String, Double>> read = new HashMap<>();
    names.forEach(name -> read.put(name, new HashMap<>()));
    for (Components.Count count : components.counts()) {
      if (count.state() == io.citywide.place.Component.State.REMOVED) {
        continue;
      }
      for (String name : names) {
        String[] parts = name.split("\\.");
        if ((parts[1].equals("all") || parts[1].equalsIgnoreCase(count.state().name())) && (parts.length == 2 || count.kindId().startsWith("gb47678.5-" + parts[2]))) {
          read.get(name).merge(count.areaCode(), (double) count.n(), Double::sum);
        }
      }
    }
    counted = new Counted(System.nanoTime(), read);
    return read;
  }

  private Map<String, Double> count(AreaLevel level) {
    Map<String, Double> each = new HashMap<>();
    for (Area area : places.listAreas()) {
      if (area.level() == level) {
        each.put(area.code(), 1.0);
      }
    }
    return each;
  }

  private Map<String, Double> squareKilometres() {
    Sizes last = sizes;
    String edition = places.edition();
    if (!last.edition().equals(edition)) {
      Map<String, Double> each = new HashMap<>();
      for (Area area : places.listAreas()) {
        if (area.level() == AreaLevel.COMMUNITY) {
          places.boundary(area.code()).ifPresent(boundary -> {
            double metresPerDegree = Math.PI * 6_371_008.8 / 180;
            double latitude = Math.toRadians(boundary.getCentroid().getY());
            each.put(area.code(), boundary.getArea() * metresPerDegree * metresPerDegree * Math.cos(latitude) / 1e6);
          });
        }
      }
      sizes = last = new Sizes(edition, each);
    }
    return last.squareKilometres();
  }
}
