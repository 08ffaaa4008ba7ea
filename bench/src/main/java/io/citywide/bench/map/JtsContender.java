package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import java.util.function.Supplier;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.index.ItemVisitor;
import org.locationtech.jts.index.SpatialIndex;
import org.locationtech.jts.index.hprtree.HPRtree;
import org.locationtech.jts.index.strtree.STRtree;

/** A tree of JTS in the heap: asked for a box, its answers are measured. */
final class JtsContender implements Contender {

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
    return question == Question.CIRCLE_COUNT || question == Question.CIRCLE_LIST;
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
        double dx = meters * 1.001 / globe.metersPerLon;
        double dy = meters * 1.001 / globe.metersPerLat;
        double square = meters * meters;
        ItemVisitor visitor = o -> {
          Item item = (Item) o;
          if (globe.square(item.lon, item.lat) <= square) sink.point(item.id, item.kind, item.lon, item.lat);
        };
        tree.query(new Envelope(lon - dx, lon + dx, lat - dy, lat + dy), visitor);
      }
    };
  }

  @Override
  public void close() {
    tree = null;
  }
}
