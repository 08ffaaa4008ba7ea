package io.citywide.map.internal.layer;

import io.citywide.identity.Permission;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseFeatures.Feature;
import io.citywide.place.BaseFeatures.OfLayer;
import io.citywide.place.Places;
import io.citywide.platform.Caller;
import io.citywide.platform.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.springframework.stereotype.Component;

/**
 * The features of the base map: roads, water, green, buildings and what else was brought in as lines and areas, such as
 * pipes, quarters and building sites; by cell at low zooms and where they would not fit. A kind is a layer of the base map.
 * Which may lie in a region says {@link FeatureIndex}; where it is not certain, the shape itself decides. Reference data, the
 * same for everybody.
 */
@Component
class FeatureLayer implements LayerSource {

  private static final Layer LAYER = new Layer("features", "底图要素", "Base map features", Layer.Shape.AREA, 4, 14, Permission.PLACE_READ, false, null);

  private static final Map<String, String[]> TITLES = Map.of("roads", new String[] {"道路", "Roads"}, "water", new String[] {"水系", "Water"},
      "green", new String[] {"绿地", "Green"}, "buildings", new String[] {"建筑", "Buildings"});

  /** More would not fit into a tile, and are not read. */
  private static final int MOST_OBJECTS = 12_000;

  /** Shapes that are read from the database at once. */
  private static final int BATCH = 1_000;

  private static final Set<String> OWN_NAMES = Set.of("kind", "titleZh", "titleEn", "grade", "type");

  /** One that may lie in a region; {@code meets}: it does. */
  private record Candidate(String kind, long id, boolean meets) {}

  private final BaseFeatures features;
  private final FeatureIndex index;
  private final Places places;

  FeatureLayer(BaseFeatures features, FeatureIndex index, Places places) {
    this.features = features;
    this.index = index;
    this.places = places;
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  @Override
  public boolean ready() {
    return index.edition().isPresent();
  }

  @Override
  public String revision() {
    return index.edition().orElse("");
  }

  @Override
  public void draw(TileFrame frame, TilePen pen) {
    if (frame.zoom() >= LAYER.objectZoom()) {
      if (objects(frame, pen)) {
        return;
      }
      pen.clear();
    }
    index.cells(frame.box(), frame.zoom(), frame.kinds(), pen);
  }

  /** Whether they fit. */
  private boolean objects(TileFrame frame, TilePen pen) {
    List<Candidate> all = candidates(Shapes.of(new Region.Box(frame.box()), places), frame.kinds());
    if (all.size() > MOST_OBJECTS) {
      return false;
    }
    for (List<Candidate> some : batches(all, BATCH)) {
      Map<Long, Feature> shapes = read(some);
      for (Candidate c : some) {
        Feature f = shapes.get(c.id());
        if (f != null) {
          pen.geometry(f.id(), f.geometry()).tag("kind", c.kind()).tag("grade", 0).tag("name", f.name());
        }
      }
      if (!pen.fits()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<KindCount> count(Selection selection) {
    if (nowhere(selection)) {
      return List.of();
    }
    Optional<Geometry> shape = Shapes.of(selection.region(), places);
    Map<String, Long> counts = new HashMap<>();
    List<Candidate> doubtful = new ArrayList<>();
    index.candidates(shape, selection.kinds(), (kind, id, meets) -> {
      if (meets) {
        counts.merge(kind, 1L, Long::sum);
      } else {
        doubtful.add(new Candidate(kind, id, false));
      }
    });
    PreparedGeometry exact = shape.map(PreparedGeometryFactory::prepare).orElse(null);
    for (List<Candidate> some : batches(doubtful, BATCH)) {
      Map<Long, Feature> shapes = read(some);
      some.stream().filter(c -> lies(exact, shapes.get(c.id()))).forEach(c -> counts.merge(c.kind(), 1L, Long::sum));
    }
    return counts.entrySet().stream().map(e -> new KindCount(e.getKey(), title(e.getKey(), 0), title(e.getKey(), 1), e.getValue(), 0))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  /** By layer of the base map, within each in the order in which they came. */
  @Override
  public Slice<Found> list(Selection selection, String after, int limit) {
    List<String> names = index.kinds();
    if (names.isEmpty() || nowhere(selection)) {
      return new Slice<>(List.of(), null);
    }
    int from = 0;
    long afterId = -1;
    if (after != null) {
      int at = after.lastIndexOf('.');
      from = at < 0 ? -1 : names.indexOf(after.substring(0, at));
      if (from < 0) {
        throw new IllegalArgumentException("after is the cursor next of the page before");
      }
      afterId = Long.parseLong(after.substring(at + 1));
    }
    Optional<Geometry> shape = Shapes.of(selection.region(), places);
    PreparedGeometry exact = shape.map(PreparedGeometryFactory::prepare).orElse(null);
    List<Found> found = new ArrayList<>();
    String last = null;
    for (int kind = from; kind < names.size(); kind++) {
      String name = names.get(kind);
      if (!selection.kinds().isEmpty() && !selection.kinds().contains(name)) {
        continue;
      }
      long beyond = kind == from ? afterId : -1;
      if (shape.isEmpty()) {
        for (Feature f : features.list(name, beyond, limit + 1 - found.size())) {
          if (found.size() == limit) {
            return new Slice<>(found, last);
          }
          found.add(found(name, f));
          last = name + "." + f.id();
        }
        continue;
      }
      List<Candidate> rest = candidates(shape, Set.of(name)).stream().filter(c -> c.id() > beyond).sorted(Comparator.comparingLong(Candidate::id)).toList();
      for (List<Candidate> some : batches(rest, limit + 1)) {
        Map<Long, Feature> shapes = read(some);
        for (Candidate c : some) {
          Feature f = shapes.get(c.id());
          if (f == null || !c.meets() && !lies(exact, f)) {
            continue;
          }
          if (found.size() == limit) {
            return new Slice<>(found, last);
          }
          found.add(found(name, f));
          last = name + "." + c.id();
        }
      }
    }
    return new Slice<>(found, null);
  }

  @Override
  public Optional<Found> find(String id) {
    if (!id.matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return features.list(List.of(Long.parseLong(id))).stream().findFirst().map(one -> found(one.layer(), one.feature()));
  }

  /** An area whose boundary is not known: nothing can be said to lie in it. */
  private boolean nowhere(Selection selection) {
    return selection.region() instanceof Region.InArea(String code) && places.boundary(code).isEmpty();
  }

  private List<Candidate> candidates(Optional<Geometry> shape, Set<String> kinds) {
    List<Candidate> all = new ArrayList<>();
    index.candidates(shape, kinds, (kind, id, meets) -> all.add(new Candidate(kind, id, meets)));
    return all;
  }

  private static Iterable<List<Candidate>> batches(List<Candidate> all, int size) {
    return () -> IntStream.iterate(0, i -> i < all.size(), i -> i + size).mapToObj(i -> all.subList(i, Math.min(all.size(), i + size))).iterator();
  }

  private Map<Long, Feature> read(List<Candidate> some) {
    Caller.waitedFor().checkThere();
    return features.list(some.stream().map(Candidate::id).toList()).stream().map(OfLayer::feature).collect(Collectors.toMap(Feature::id, Function.identity()));
  }

  /** @param f {@code null}: replaced since the index was made */
  private static boolean lies(PreparedGeometry region, Feature f) {
    return f != null && region.intersects(f.geometry());
  }

  private static Found found(String kind, Feature f) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("name", f.name());
    properties.put("type", f.kind());
    f.attributes().forEach((name, value) -> {
      if (!OWN_NAMES.contains(name)) {
        properties.put(name, value);
      }
    });
    String name = f.name() == null ? title(kind, 0) : f.name();
    return new Found(String.valueOf(f.id()), kind, name, f.attributes().get("nameEn") instanceof String english ? english : f.name() == null ? title(kind, 1) : name,
        f.geometry(), 0, properties);
  }

  private static String title(String kind, int language) {
    return TITLES.containsKey(kind) ? TITLES.get(kind)[language] : kind;
  }
}
