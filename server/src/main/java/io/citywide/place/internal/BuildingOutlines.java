package io.citywide.place.internal;

import io.citywide.identity.Viewer;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseLayerReplaced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.algorithm.locate.SimplePointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.io.WKBWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives registered buildings the outline in which their point lies on the base map. One that the register brought itself
 * stays; one of the base map follows its next edition. Both are read once, whatever their number.
 */
@Component
public class BuildingOutlines {

  private static final Logger log = LoggerFactory.getLogger(BuildingOutlines.class);
  private static final String LAYER = "buildings";

  /** Points are looked up by squares of so many to a degree, some 100 m. */
  private static final double SQUARES = 1_000;

  /** An envelope over more squares is no building. */
  private static final double WIDEST_DEGREES = 0.05;

  private static final int AT_ONCE = 1_000;

  private record Square(long x, long y) {
    static Square of(double lon, double lat) {
      return new Square((long) Math.floor(lon * SQUARES), (long) Math.floor(lat * SQUARES));
    }
  }

  private record Point(long id, double lon, double lat) {}

  private final JdbcClient jdbc;
  private final BaseFeatures base;
  private final TransactionTemplate transaction;

  BuildingOutlines(JdbcClient jdbc, BaseFeatures base, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.base = base;
    this.transaction = transaction;
  }

  @Async
  @TransactionalEventListener
  void replaced(BaseLayerReplaced replaced) {
    if (replaced.layer().equals(LAYER)) {
      int outlined = Viewer.callAs(Viewer.system("buildings"), this::attach);
      log.info("{} registered buildings have their outline from the base map now", outlined);
    }
  }

  /** How many of the viewer's buildings have another outline than before. */
  public int attach() {
    return transaction.execute(status -> {
      Map<Square, List<Point>> points = new HashMap<>();
      jdbc.sql("SELECT id, lon, lat FROM place_building WHERE outline IS NULL OR outline_of_base_map").query(row -> {
        Point point = new Point(row.getLong(1), row.getDouble(2), row.getDouble(3));
        points.computeIfAbsent(Square.of(point.lon(), point.lat()), s -> new ArrayList<>()).add(point);
      });
      if (points.isEmpty()) {
        return 0;
      }
      Map<Long, byte[]> found = new HashMap<>();
      int[] changed = {0};
      base.read(LAYER, feature -> {
        within(feature.geometry(), points, found);
        if (found.size() >= AT_ONCE) {
          changed[0] += save(found);
        }
      });
      changed[0] += save(found);
      if (changed[0] > 0) {
        jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'buildings'").update();
      }
      return changed[0];
    });
  }

  private static void within(Geometry outline, Map<Square, List<Point>> points, Map<Long, byte[]> found) {
    Envelope box = outline.getEnvelopeInternal();
    if (outline.getDimension() != 2 || box.getWidth() > WIDEST_DEGREES || box.getHeight() > WIDEST_DEGREES) {
      return;
    }
    Square low = Square.of(box.getMinX(), box.getMinY());
    Square high = Square.of(box.getMaxX(), box.getMaxY());
    for (long x = low.x(); x <= high.x(); x++) {
      for (long y = low.y(); y <= high.y(); y++) {
        for (Point p : points.getOrDefault(new Square(x, y), List.of())) {
          Coordinate at = new Coordinate(p.lon(), p.lat());
          if (box.contains(at) && SimplePointInAreaLocator.locate(at, outline) != Location.EXTERIOR) {
            found.put(p.id(), new WKBWriter().write(outline));
          }
        }
      }
    }
  }

  private int save(Map<Long, byte[]> found) {
    int changed = found.isEmpty() ? 0 : jdbc.sql("""
            UPDATE place_building b SET outline = f.outline, outline_of_base_map = true
            FROM unnest(CAST(:ids AS bigint[]), CAST(:outlines AS bytea[])) AS f (id, outline) WHERE b.id = f.id AND b.outline IS DISTINCT FROM f.outline""")
        .param("ids", found.keySet().toArray(Long[]::new)).param("outlines", found.values().toArray(byte[][]::new)).update();
    found.clear();
    return changed;
  }
}
