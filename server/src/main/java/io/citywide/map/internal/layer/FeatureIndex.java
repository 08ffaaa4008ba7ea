package io.citywide.map.internal.layer;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridKeys;
import io.citywide.grid.index.CellSize;
import io.citywide.grid.index.DamagedIndexException;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.PlaceSink;
import io.citywide.grid.index.PointIndex;
import io.citywide.grid.index.PointSorter;
import io.citywide.grid.index.ShapeIndex;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.RegionCover;
import io.citywide.map.spi.TilePen;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseFeatures.Feature;
import io.citywide.place.BaseLayerReplaced;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ServerSettings;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Where the features of the base map lie, however many there are. A point on each, in a file in the data folder, counts them by
 * cell and finds the small ones; those that reach farther are found by their coverings, in memory, some 100 bytes each. Made anew
 * when a layer is replaced, by every server for itself; can be deleted.
 */
@Component
class FeatureIndex implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(FeatureIndex.class);

  /** Cells of some metres, few ranges a feature: what they take in too much is decided by the shape. */
  private static final int LEVEL = 7;
  private static final int RANGES = 6;
  private static final int RANGES_OF_REGION = 512;

  /** Of so many long features; those after them, of the largest layers, are covered by fewer ranges and take a third of the memory. */
  private static final int FINE = 500_000;
  private static final int COARSE_RANGES = 2;

  /** What lies so near to its point, some 100 m in degrees to each side, is found by it. */
  private static final double NEAR_DEGREES = 0.001;

  /** A region is widened by so much for it, to the corner of the square and a little more. */
  private static final double WIDENED_DEGREES = 1.43 * NEAR_DEGREES;

  /** The grade of a point says how its feature is found: by it, or by its covering. */
  private static final int NEAR = 0;
  private static final int FAR = 1;

  /** After a build that failed: a disk that was full, a database that was away. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** From new points to their coverings; longer only where a build broke off between them. */
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private static final Envelope WORLD = new Envelope(-180, 180, -87.9, 87.9);

  /** What is known of an edition. @param kinds layers of the base map, by the number that the indexes have for them */
  private record Index(String edition, List<String> kinds, ShapeIndex shapes) {}

  /** Takes features that may lie in a region. */
  @FunctionalInterface
  interface Candidates {
    /**
     * @param kind name of its layer
     * @param meets it does for certain; else its shape must be looked at
     */
    void take(String kind, long id, boolean meets);
  }

  private final BaseFeatures features;
  private final Neighbours neighbours;
  private final ServerSettings server;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean stopping;
  private final ReentrantLock making = new ReentrantLock();
  private volatile PointIndex points;
  private volatile Index index;

  FeatureIndex(BaseFeatures features, Neighbours neighbours, ServerSettings server) {
    this.features = features;
    this.neighbours = neighbours;
    this.server = server;
    neighbours.hear("features", facts -> renewSoon());
    neighbours.hearGap(this::renewSoon);
  }

  /** Changes with the base map; empty until the index is made, soon after the start; a large base map takes some seconds. */
  Optional<String> edition() {
    return Optional.ofNullable(index).map(Index::edition);
  }

  /** Layers of the base map, in the order of their names. */
  List<String> kinds() {
    Index now = index;
    return now == null ? List.of() : now.kinds();
  }

  // ---- making it ---------------------------------------------------------------------------------

  @TransactionalEventListener
  void replaced(BaseLayerReplaced layer) {
    neighbours.everywhere("features", Map.of());
  }

  @EventListener(ApplicationReadyEvent.class)
  void renewSoon() {
    if (!stopping && asked.compareAndSet(false, true)) {
      Thread.ofVirtual().name("features").start(() -> Viewer.runAs(Viewer.system("map"), this::renewAtLast));
    }
  }

  private void renewAtLast() {
    while (!stopping) {
      try {
        renew();
        return;
      } catch (RuntimeException e) {
        if (!stopping) {
          log.error("the index of base map features could not be made; it is tried again in {} s", PAUSE.toSeconds(), e);
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    }
  }

  /** Makes the index anew where the base map has changed, and waits for it. */
  void renew() {
    making.lock();
    try {
      asked.set(false);
      if (stopping) {
        return;
      }
      String edition = features.edition();
      List<BaseFeatures.Layer> layers = features.layers();
      if (index != null && index.edition().equals(edition)) {
        return;
      }
      if (points == null) {
        points = PointIndex.open(server.data().resolve("index"), "features", damage -> log.warn("{}; it is built anew", damage.getMessage()));
      }
      List<String> kinds = layers.stream().map(BaseFeatures.Layer::layer).sorted().toList();
      ShapeIndex.Builder shapes = ShapeIndex.builder();
      try (PointSorter sorter = points.rebuild()) {
        int[] made = {0};
        layers.stream().sorted(Comparator.comparingInt(BaseFeatures.Layer::features)).map(BaseFeatures.Layer::layer)
            .forEach(kind -> features.read(kind, f -> {
              if (stopping) {
                throw new CancellationException("the server stops");
              }
              add(kinds.indexOf(kind), f, sorter, shapes, made);
            }));
        ShapeIndex built = shapes.build();
        points.replace(sorter, edition);
        index = new Index(edition, kinds, built);
      }
    } finally {
      making.unlock();
    }
  }

  private static void add(int kind, Feature feature, PointSorter points, ShapeIndex.Builder shapes, int[] made) {
    Geometry shape = feature.geometry();
    try {
      Coordinate at = shape.getInteriorPoint().getCoordinate();
      long key = GridKeys.encode(at.x, at.y, 9);
      boolean near = near(at, shape.getEnvelopeInternal());
      if (!near) {
        shapes.add(feature.id(), kind, GridCovering.ofMultiPolygon(RegionCover.rings(shape), LEVEL, made[0]++ < FINE ? RANGES : COARSE_RANGES));
      }
      points.add(key, IndexedPoint.kind(kind, near ? NEAR : FAR), feature.id());
    } catch (IllegalArgumentException e) {
      // Beyond what the grid reaches: near a pole.
      log.debug("feature {} is not in the index: {}", feature.id(), e.getMessage());
    }
  }

  private static boolean near(Coordinate at, Envelope box) {
    return at.x - box.getMinX() <= NEAR_DEGREES && box.getMaxX() - at.x <= NEAR_DEGREES && at.y - box.getMinY() <= NEAR_DEGREES && box.getMaxY() - at.y <= NEAR_DEGREES;
  }

  @Override
  public void destroy() {
    stopping = true;
    making.lock();
    try {
      if (points != null) {
        points.close();
      }
    } finally {
      making.unlock();
    }
  }

  // ---- what it answers ---------------------------------------------------------------------------

  /** Points and coverings of the same edition; {@code null} before there is one. */
  private <T> T ask(BiFunction<Index, Snapshot, T> question) {
    long begin = System.nanoTime();
    while (true) {
      Index now = index;
      if (now == null) {
        return null;
      }
      try (Snapshot snapshot = points.snapshot()) {
        if (snapshot.note().equals(now.edition())) {
          return question.apply(now, snapshot);
        }
      } catch (DamagedIndexException e) {
        index = null;
        renewSoon();
        throw e;
      }
      // The new points are there, the new coverings not quite yet.
      if (System.nanoTime() - begin > BETWEEN.toNanos()) {
        index = null;
        renewSoon();
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Those that may lie in a region, each once, in no order.
   *
   * @param shape WGS-84, empty: everywhere
   * @param kinds only these; empty: all
   */
  void candidates(Optional<Geometry> shape, Set<String> kinds, Candidates each) {
    ask((now, snapshot) -> {
      KindSet near = groups(now, kinds).and(KindSet.ofGrades(NEAR));
      if (shape.isEmpty()) {
        snapshot.each(Where.everywhere(), groups(now, kinds), (PlaceSink) (key, kind, id, lon, lat) -> {
          each.take(now.kinds().get(IndexedPoint.group(kind)), id, true);
          return true;
        });
        return null;
      }
      GridCovering region = GridCovering.ofMultiPolygon(RegionCover.rings(shape.get()), LEVEL, RANGES_OF_REGION);
      Geometry wide = widened(shape.get());
      GridCovering around = GridCovering.ofMultiPolygon(RegionCover.rings(wide), LEVEL, RANGES_OF_REGION);
      Envelope box = wide.getEnvelopeInternal();
      snapshot.each(Where.box(new GridBox(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY())), near, (PlaceSink) (key, kind, id, lon, lat) -> {
        if (around.contains(key)) {
          each.take(now.kinds().get(IndexedPoint.group(kind)), id, region.containsInside(key));
        }
        return true;
      });
      now.shapes().candidates(region, shapesOf(now, kinds), (id, kind, meets) -> {
        each.take(now.kinds().get(kind), id, meets);
        return true;
      });
      return null;
    });
  }

  private static Geometry widened(Geometry shape) {
    Geometry wide = shape.buffer(WIDENED_DEGREES);
    return WORLD.contains(wide.getEnvelopeInternal()) ? wide : wide.intersection(shape.getFactory().toGeometry(WORLD));
  }

  /** Draws how many there are by cell of the grid, each in the one cell in which its point lies. */
  void cells(GridBox box, int zoom, Set<String> kinds, TilePen pen) {
    ask((now, snapshot) -> snapshot.cells(box, CellSize.ofZoom(zoom), groups(now, kinds), (cell, count, dominant, worst) -> {
      pen.cell(cell, count, now.kinds().get(dominant), 0);
      return true;
    }));
  }

  private static KindSet groups(Index now, Set<String> kinds) {
    return kinds.isEmpty() ? KindSet.all() : KindSet.ofGroups(numbers(now, kinds));
  }

  private static KindSet shapesOf(Index now, Set<String> kinds) {
    return kinds.isEmpty() ? KindSet.all() : KindSet.of(numbers(now, kinds));
  }

  private static int[] numbers(Index now, Set<String> kinds) {
    return kinds.stream().mapToInt(now.kinds()::indexOf).filter(k -> k >= 0).toArray();
  }
}
