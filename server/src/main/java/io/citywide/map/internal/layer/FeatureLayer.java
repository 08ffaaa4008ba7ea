package io.citywide.map.internal.layer;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCovering;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.ShapeIndex;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseFeatures.Feature;
import io.citywide.place.BaseFeatures.OfLayer;
import io.citywide.place.BaseLayerReplaced;
import io.citywide.place.Places;
import io.citywide.platform.Caller;
import io.citywide.platform.Neighbours;
import io.citywide.platform.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The features of the base map: roads, water, green, buildings and what else was brought in as lines and areas, such as
 * pipes, quarters and building sites. A kind is a layer of the base map. Which may lie in a region says an index of their
 * coverings in memory; where it is not certain, the shape itself decides. Reference data, the same for everybody.
 */
@Component
class FeatureLayer implements LayerSource {

  private static final Logger log = LoggerFactory.getLogger(FeatureLayer.class);

  private static final Layer LAYER = new Layer("features", "底图要素", "Base map features", Layer.Shape.AREA, 14, 14, Permission.PLACE_READ, false, null);

  private static final Map<String, String[]> TITLES = Map.of("roads", new String[] {"道路", "Roads"}, "water", new String[] {"水系", "Water"},
      "green", new String[] {"绿地", "Green"}, "buildings", new String[] {"建筑", "Buildings"});

  /** About 100 bytes each. Layers that would go beyond are left out, the largest first. */
  private static final int MOST_FEATURES = 500_000;

  /** Cells of some metres, few ranges a feature: what they take in too much is decided by the shape. */
  private static final int LEVEL = 7;
  private static final int RANGES = 6;
  private static final int RANGES_OF_REGION = 512;

  /** Shapes that are read from the database at once. */
  private static final int BATCH = 1_000;

  private static final Set<String> OWN_NAMES = Set.of("kind", "titleZh", "titleEn", "grade", "type");

  /** @param kinds layers of the base map, by the number that the index has for them */
  private record Index(String edition, List<String> kinds, ShapeIndex shapes) {}

  /** One that may lie in a region; {@code meets}: it does. */
  private record Candidate(int kind, long id, boolean meets) {}

  private final BaseFeatures features;
  private final Places places;
  private final Neighbours neighbours;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ReentrantLock making = new ReentrantLock();
  private volatile Index index;

  FeatureLayer(BaseFeatures features, Places places, Neighbours neighbours) {
    this.features = features;
    this.places = places;
    this.neighbours = neighbours;
    neighbours.hear("features", facts -> renewSoon());
    neighbours.hearGap(this::renewSoon);
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  /** From when the index is made, soon after the start; a large base map takes some seconds. */
  @Override
  public boolean ready() {
    return index != null;
  }

  @Override
  public String revision() {
    Index now = index;
    return now == null ? "" : now.edition();
  }

  // ---- the index ---------------------------------------------------------------------------------

  @TransactionalEventListener
  void replaced(BaseLayerReplaced layer) {
    neighbours.everywhere("features", Map.of());
  }

  @EventListener(ApplicationReadyEvent.class)
  void renewSoon() {
    if (asked.compareAndSet(false, true)) {
      Thread.ofVirtual().name("features").start(() -> Viewer.runAs(Viewer.system("map"), () -> {
        try {
          renew();
        } catch (RuntimeException e) {
          log.error("the index of base map features could not be made; the one before goes on answering", e);
        }
      }));
    }
  }

  /** Makes the index anew where the base map has changed, and waits for it. */
  void renew() {
    making.lock();
    try {
      asked.set(false);
      List<BaseFeatures.Layer> layers = features.layers();
      String edition = Integer.toHexString(layers.stream().map(l -> l.layer() + l.etag()).toList().hashCode());
      if (index != null && index.edition().equals(edition)) {
        return;
      }
      List<String> kinds = within(layers).stream().map(BaseFeatures.Layer::layer).sorted().toList();
      ShapeIndex.Builder shapes = ShapeIndex.builder();
      for (String kind : kinds) {
        int number = kinds.indexOf(kind);
        features.read(kind, f -> {
          try {
            shapes.add(f.id(), number, GridCovering.ofMultiPolygon(RegionCover.rings(f.geometry()), LEVEL, RANGES));
          } catch (IllegalArgumentException e) {
            // Beyond what the grid reaches: near a pole.
            log.debug("feature {} of {} is not in the index: {}", f.id(), kind, e.getMessage());
          }
        });
      }
      index = new Index(edition, kinds, shapes.build());
    } finally {
      making.unlock();
    }
  }

  private static List<BaseFeatures.Layer> within(List<BaseFeatures.Layer> layers) {
    List<BaseFeatures.Layer> taken = new ArrayList<>();
    long sum = 0;
    for (BaseFeatures.Layer layer : layers.stream().sorted(Comparator.comparingInt(BaseFeatures.Layer::features)).toList()) {
      sum += layer.features();
      if (sum <= MOST_FEATURES) {
        taken.add(layer);
      } else {
        log.warn("the layer {} of the base map has {} features; what lies in a region is said of {} in all, and not of these", layer.layer(), layer.features(), MOST_FEATURES);
      }
    }
    return taken;
  }

  // ---- what it answers ---------------------------------------------------------------------------

  /** What does not fit into a tile is left to the base map itself. */
  @Override
  public void draw(TileFrame frame, TilePen pen) {
    Index now = index;
    if (now == null || frame.zoom() < LAYER.minZoom()) {
      return;
    }
    List<Candidate> all = candidates(now, Shapes.of(new Region.Box(frame.box()), places), frame.kinds());
    for (int i = 0; i < all.size() && pen.fits(); i += BATCH) {
      List<Candidate> some = all.subList(i, Math.min(all.size(), i + BATCH));
      Map<Long, Feature> shapes = read(some);
      for (Candidate c : some) {
        Feature f = shapes.get(c.id());
        if (f != null) {
          pen.geometry(f.id(), f.geometry()).tag("kind", now.kinds().get(c.kind())).tag("grade", 0).tag("name", f.name());
        }
      }
    }
    if (!pen.fits()) {
      pen.clear();
    }
  }

  @Override
  public List<KindCount> count(Selection selection) {
    Index now = index;
    if (now == null || nowhere(selection)) {
      return List.of();
    }
    Optional<Geometry> shape = Shapes.of(selection.region(), places);
    long[] counts = new long[now.kinds().size()];
    List<Candidate> doubtful = new ArrayList<>();
    for (Candidate c : candidates(now, shape, selection.kinds())) {
      if (c.meets()) {
        counts[c.kind()]++;
      } else {
        doubtful.add(c);
      }
    }
    PreparedGeometry exact = shape.map(PreparedGeometryFactory::prepare).orElse(null);
    for (int i = 0; i < doubtful.size(); i += BATCH) {
      List<Candidate> some = doubtful.subList(i, Math.min(doubtful.size(), i + BATCH));
      Map<Long, Feature> shapes = read(some);
      some.stream().filter(c -> lies(exact, shapes.get(c.id()))).forEach(c -> counts[c.kind()]++);
    }
    return IntStream.range(0, counts.length).filter(k -> counts[k] > 0)
        .mapToObj(k -> new KindCount(now.kinds().get(k), title(now.kinds().get(k), 0), title(now.kinds().get(k), 1), counts[k], 0))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  /** By layer of the base map, within each in the order in which they came. */
  @Override
  public Slice<Found> list(Selection selection, String after, int limit) {
    Index now = index;
    if (now == null || nowhere(selection)) {
      return new Slice<>(List.of(), null);
    }
    int kind = -1;
    long id = 0;
    if (after != null) {
      int at = after.lastIndexOf('.');
      kind = at < 0 ? -1 : now.kinds().indexOf(after.substring(0, at));
      if (kind < 0) {
        throw new IllegalArgumentException("after is the cursor next of the page before");
      }
      id = Long.parseLong(after.substring(at + 1));
    }
    Optional<Geometry> shape = Shapes.of(selection.region(), places);
    PreparedGeometry exact = shape.map(PreparedGeometryFactory::prepare).orElse(null);
    int afterKind = kind;
    long afterId = id;
    List<Candidate> rest = candidates(now, shape, selection.kinds()).stream().filter(c -> c.kind() > afterKind || c.kind() == afterKind && c.id() > afterId).toList();
    List<Candidate> page = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < rest.size(); i += limit + 1) {
      List<Candidate> some = rest.subList(i, Math.min(rest.size(), i + limit + 1));
      Map<Long, Feature> shapes = read(some);
      for (Candidate c : some) {
        Feature f = shapes.get(c.id());
        if (f == null || !c.meets() && !lies(exact, f)) {
          continue;
        }
        if (page.size() == limit) {
          Candidate last = page.getLast();
          return new Slice<>(found, now.kinds().get(last.kind()) + "." + last.id());
        }
        page.add(c);
        found.add(found(now.kinds().get(c.kind()), f));
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

  /** @param shape empty: everywhere */
  private static List<Candidate> candidates(Index now, Optional<Geometry> shape, Set<String> kinds) {
    KindSet wanted = kinds.isEmpty() ? KindSet.all() : KindSet.of(kinds.stream().mapToInt(now.kinds()::indexOf).filter(k -> k >= 0).toArray());
    GridCovering region = shape.map(s -> GridCovering.ofMultiPolygon(RegionCover.rings(s), LEVEL, RANGES_OF_REGION))
        .orElseGet(() -> GridCovering.ofBox(new GridBox(-180, -87.9, 180, 87.9), 1, RANGES_OF_REGION));
    List<Candidate> all = new ArrayList<>();
    now.shapes().candidates(region, wanted, (id, kind, meets) -> all.add(new Candidate(kind, id, meets || shape.isEmpty())));
    return all;
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
