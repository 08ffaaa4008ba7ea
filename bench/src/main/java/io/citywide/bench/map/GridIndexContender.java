package io.citywide.bench.map;

import io.citywide.grid.GridBox;
import io.citywide.grid.index.CellSize;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.PointIndex;
import io.citywide.grid.index.PointSorter;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.map.internal.tile.TileWriter;
import io.citywide.map.spi.TileFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The index of the server, with the server's encoder of tiles. */
final class GridIndexContender implements Contender {

  /** From this zoom on tiles carry the points themselves, as the server's layer does. */
  private static final int OBJECT_ZOOM = 14;

  private final Path folder;
  private final String[] kindNames = new String[8192];
  private PointIndex index;

  GridIndexContender(Path folder) {
    this.folder = folder;
    for (int g = 0; g < kindNames.length; g++) kindNames[g] = "gb47678.5-C%05d".formatted(g);
  }

  @Override
  public String name() {
    return "Citywide grid index";
  }

  @Override
  public Built build(Points points) throws Exception {
    long begun = System.nanoTime();
    index = PointIndex.open(folder, "city", damage -> {
      throw damage;
    });
    try (PointSorter sorter = index.rebuild()) {
      for (int i = 0; i < points.size(); i++) sorter.add(points.keys[i], points.kinds[i], points.ids[i]);
      index.replace(sorter, "bench");
    }
    return new Built((System.nanoTime() - begun) / 1e9, Files.size(index.file()) / 1e6);
  }

  @Override
  public boolean answers(Question question) {
    return true;
  }

  Snapshot snapshot() {
    return index.snapshot();
  }

  /** Milliseconds to open the file. */
  double reopen() {
    index.close();
    long begun = System.nanoTime();
    index = PointIndex.open(folder, "city", damage -> {
      throw damage;
    });
    double millis = (System.nanoTime() - begun) / 1e6;
    index.verify();
    return millis;
  }

  @Override
  public Client client() {
    Snapshot snapshot = index.snapshot();
    return new Client() {
      @Override
      public long count(double lon, double lat, double meters) {
        return snapshot.count(Where.circle(lon, lat, meters), KindSet.all());
      }

      @Override
      public void list(double lon, double lat, double meters, Sink sink) {
        snapshot.each(Where.circle(lon, lat, meters), KindSet.all(), (key, kind, id, x, y) -> {
          sink.point(id, kind, x, y);
          return true;
        });
      }

      @Override
      public long[] nearest(double lon, double lat, int most) {
        List<Snapshot.Near> near = snapshot.nearest(lon, lat, most, 50_000, KindSet.all());
        long[] ids = new long[near.size()];
        for (int i = 0; i < ids.length; i++) ids[i] = near.get(i).point().id();
        return ids;
      }

      @Override
      public byte[] tile(int zoom, int x, int y) {
        TileFrame frame = new TileFrame(zoom, x, y, Set.of(), null);
        TileWriter tile = new TileWriter(frame).layer("components");
        GridBox box = frame.box();
        if (zoom >= OBJECT_ZOOM) {
          snapshot.each(Where.box(box), KindSet.all(), (key, kind, id, lon, lat) -> {
            tile.point(id, lon, lat).tag("kind", kindNames[IndexedPoint.group(kind)])
                .tag("grade", IndexedPoint.grade(kind));
            return true;
          });
        } else {
          snapshot.cells(box, CellSize.ofZoom(zoom), KindSet.all(), (at, count, dominant, worst) -> {
            tile.cell(at, count, kindNames[dominant], worst);
            return true;
          });
        }
        return tile.bytes();
      }

      @Override
      public Map<Integer, Long> counts(double[][] polygon) {
        Map<Integer, Long> counts = new HashMap<>();
        snapshot.counts(Where.polygon(polygon), KindSet.all()).forEach(counts::put);
        return counts;
      }

      @Override
      public void close() {
        snapshot.close();
      }
    };
  }

  @Override
  public void close() {
    if (index != null) index.close();
  }
}
