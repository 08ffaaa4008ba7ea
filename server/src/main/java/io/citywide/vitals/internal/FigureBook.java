package io.citywide.vitals.internal;

import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.vitals.internal.FigureSource.Figure;
import io.citywide.vitals.internal.FigureSource.Whole;
import io.citywide.vitals.internal.Period.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** All figures of all sources, and how they are summed up from communities to the city. */
@Component
class FigureBook {

  private final List<FigureSource> sources;
  private final Places places;

  FigureBook(List<FigureSource> sources, Places places) {
    this.sources = sources;
    this.places = places;
  }

  List<Figure> list() {
    return sources.stream().flatMap(s -> s.list().stream()).toList();
  }

  Optional<Figure> find(String name) {
    return sources.stream().flatMap(s -> s.find(name).stream()).findFirst();
  }

  List<FigureSource> sources() {
    return sources;
  }

  /** Those that know any of these figures. */
  Set<FigureSource> sourcesOf(Collection<String> names) {
    Set<FigureSource> found = new LinkedHashSet<>();
    names.forEach(name -> sourceOf(name).ifPresent(found::add));
    return found;
  }

  private Optional<FigureSource> sourceOf(String name) {
    return sources.stream().filter(s -> s.find(name).isPresent()).findFirst();
  }

  /** Down to communities, a parent before its children. */
  Land land() {
    return new Land(places.listAreas().stream().filter(a -> a.level() != AreaLevel.UNIT_GRID).toList());
  }

  /** The areas that values are computed for, in the order of their codes. {@code parents}: index of the parent, -1 for none. */
  static final class Land {
    final List<Area> areas;
    final int[] parents;
    private final Map<String, Integer> index = new HashMap<>();

    Land(List<Area> areas) {
      // A city's code ends in 00, so that it may come after nobody of its own; but not before the districts of another way of coding.
      List<Area> ordered = new ArrayList<>(areas);
      ordered.sort(java.util.Comparator.comparing(Area::level).thenComparing(Area::code));
      this.areas = List.copyOf(ordered);
      for (int i = 0; i < ordered.size(); i++) {
        index.put(ordered.get(i).code(), i);
      }
      parents = new int[ordered.size()];
      for (int i = 0; i < parents.length; i++) {
        parents[i] = ordered.get(i).parentCode() == null ? -1 : index.getOrDefault(ordered.get(i).parentCode(), -1);
      }
    }

    int size() {
      return areas.size();
    }

    /** Where something in this area is counted: the area itself or the nearest one above; -1: nowhere. */
    int indexOf(String code) {
      Integer exact = index.get(code);
      if (exact != null) {
        return exact;
      }
      for (int length : new int[] {12, 9, 6}) {
        if (code.length() > length) {
          Integer above = index.get(code.substring(0, length));
          if (above != null) {
            return above;
          }
        }
      }
      return code.length() >= 6 ? index.getOrDefault(code.substring(0, 4) + "00", -1) : -1;
    }

    int get(String code) {
      return index.getOrDefault(code, -1);
    }

    /** What lies in the areas themselves, from what a source read; areas without anything have {@code nothing}. */
    double[] own(Map<String, Double> byArea, Whole whole) {
      double[] own = new double[areas.size()];
      Arrays.fill(own, whole == Whole.SUM ? 0 : Double.NaN);
      byArea.forEach((code, value) -> {
        int i = indexOf(code);
        if (i >= 0) {
          own[i] = join(own[i], value, whole);
        }
      });
      return own;
    }

    /** Each area with all below it. */
    double[] total(double[] own, Whole whole) {
      double[] total = own.clone();
      for (int i = total.length - 1; i >= 0; i--) {
        if (parents[i] >= 0) {
          total[parents[i]] = join(total[parents[i]], total[i], whole);
        }
      }
      return total;
    }

    private static double join(double a, double b, Whole whole) {
      return switch (whole) {
        case SUM -> a + b;
        case MAX -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
        case MIN -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
      };
    }
  }

  /** Figures of every area. {@code own}: what lies in the area itself, not below it. */
  record Read(Land land, Map<String, double[]> own, Map<String, double[]> total) {}

  /** Reads each source once. */
  Read read(Set<String> names, Span span) {
    Land land = land();
    Map<FigureSource, Collection<String>> bySource = new LinkedHashMap<>();
    for (String name : names) {
      sourceOf(name).ifPresent(s -> bySource.computeIfAbsent(s, x -> new ArrayList<>()).add(name));
    }
    Map<String, double[]> own = new HashMap<>();
    Map<String, double[]> total = new HashMap<>();
    bySource.forEach((source, some) -> source.read(some, span).forEach((name, byArea) -> {
      if (names.contains(name)) {
        Whole whole = source.find(name).orElseThrow().whole();
        own.put(name, land.own(byArea, whole));
        total.put(name, land.total(own.get(name), whole));
      }
    }));
    return new Read(land, own, total);
  }
}
