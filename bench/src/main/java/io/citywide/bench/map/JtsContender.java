package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.index.ItemVisitor;
import org.locationtech.jts.index.SpatialIndex;
import org.locationtech.jts.index.hprtree.HPRtree;
import org.locationtech.jts.index.strtree.STRtree;

/** A tree of JTS in the heap: asked for a box, its answers are measured. */
final class JtsContender implements Contender {

  private static final GeometryFactory FACTORY = new GeometryFactory();
  private static final double FIRST_METERS = 16;
  private static final double LAST_METERS = 50_000;

  /** What the tree holds of a point. */
  private record Item(long id, int kind, double lon, double lat) {}

  private final String name;
  private final Supplier<SpatialIndex> kind;
  private SpatialIndex tree;

  private JtsContender(String name, Supplier<SpatialIndex> kind) {
    this.name = name;
    this.kind = kind;
  }

  static JtsContender str() {
    return new JtsContender("JTS STRtree", STRtree::new);
  }

  static JtsContender hpr() {
    return new JtsContender("JTS HPRtree", HPRtree::new);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Built build(Points points) {
    double before = usedMegabytes();
    long begun = System.nanoTime();
    tree = kind.get();
    for (int i = 0; i < points.size(); i++) {
      double lon = GridKeys.centerLon(points.keys[i]);
      double lat = GridKeys.centerLat(points.keys[i]);
      tree.insert(new Envelope(lon, lon, lat, lat), new Item(points.ids[i], points.kinds[i], lon, lat));
    }
    tree.query(new Envelope(0, 0, 0, 0)); // builds it
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Built(seconds, usedMegabytes() - before);
  }

  private static double usedMegabytes() {
    for (int i = 0; i < 3; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }

  @Override
  public boolean answers(Question question) {
    return question != Question.TILE;
  }

  @Override
  public Client client() {
    return new Client() {
      @Override
      public long count(double lon, double lat, double meters) {
        long[] count = {0};
        list(lon, lat, meters, (id, its, x, y) -> count[0]++);
        return count[0];
      }

      @Override
      public void list(double lon, double lat, double meters, Sink sink) {
        Globe globe = new Globe(lon, lat);
        within(globe, lon, lat, meters, item -> sink.point(item.id, item.kind, item.lon, item.lat));
      }

      @Override
      public long[] nearest(double lon, double lat, int most) {
        Globe globe = new Globe(lon, lat);
        List<Item> items = tree instanceof STRtree sorted ? searched(sorted, globe, new Item(0, 0, lon, lat), most) : around(globe, lon, lat, most);
        items.sort(Comparator.comparingDouble(item -> globe.square(item.lon, item.lat)));
        return items.stream().limit(most).mapToLong(Item::id).toArray();
      }

      @Override
      public Map<Integer, Long> counts(double[][] polygon) {
        Polygon area = FACTORY.createPolygon(ring(polygon[0]), Arrays.stream(polygon).skip(1).map(JtsContender::ring).toArray(LinearRing[]::new));
        IndexedPointInAreaLocator inside = new IndexedPointInAreaLocator(area);
        long[] byKind = new long[Character.MAX_VALUE + 1];
        Coordinate at = new Coordinate();
        tree.query(area.getEnvelopeInternal(), (ItemVisitor) o -> {
          Item item = (Item) o;
          at.setX(item.lon);
          at.setY(item.lat);
          if (inside.locate(at) != Location.EXTERIOR) byKind[item.kind]++;
        });
        return Contender.byKind(byKind);
      }
    };
  }

  /** The tree's own search. Its bounds are in degrees, so distances are in degrees of longitude, which are never less than those. */
  private static List<Item> searched(STRtree tree, Globe globe, Item here, int most) {
    Object[] found = tree.nearestNeighbour(new Envelope(here.lon, here.lon, here.lat, here.lat), here, (a, b) -> {
      Item item = (Item) (a.getItem() == here ? b : a).getItem();
      return Math.sqrt(globe.square(item.lon, item.lat)) / globe.metersPerLon;
    }, most);
    List<Item> items = new ArrayList<>(found.length);
    for (Object item : found) items.add((Item) item);
    return items;
  }

  /** In a tree without a search of its own: circles, each twice as wide as the one before, until one holds enough. */
  private List<Item> around(Globe globe, double lon, double lat, int most) {
    for (double meters = FIRST_METERS; ; meters *= 2) {
      List<Item> items = new ArrayList<>();
      within(globe, lon, lat, meters, items::add);
      if (items.size() >= most || meters > LAST_METERS) return items;
    }
  }

  private void within(Globe globe, double lon, double lat, double meters, Consumer<Item> sink) {
    double dx = meters * 1.001 / globe.metersPerLon;
    double dy = meters * 1.001 / globe.metersPerLat;
    double square = meters * meters;
    ItemVisitor visitor = o -> {
      Item item = (Item) o;
      if (globe.square(item.lon, item.lat) <= square) sink.accept(item);
    };
    tree.query(new Envelope(lon - dx, lon + dx, lat - dy, lat + dy), visitor);
  }

  private static LinearRing ring(double[] corners) {
    Coordinate[] ring = new Coordinate[corners.length / 2 + 1];
    for (int i = 0; i < ring.length; i++) ring[i] = new Coordinate(corners[2 * i % corners.length], corners[(2 * i + 1) % corners.length]);
    return FACTORY.createLinearRing(ring);
  }

  @Override
  public void close() {
    tree = null;
  }
}
