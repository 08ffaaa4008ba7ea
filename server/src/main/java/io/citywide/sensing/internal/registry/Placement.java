package io.citywide.sensing.internal.registry;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.platform.Neighbours;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves devices into the areas in which they stand by now, after boundaries were imported or an area began or ended. Goes
 * through the register in the order of the ids, some thousands in a transaction, and stores how far it came: whichever server
 * comes next goes on from there, and none places by older areas than another did. Whoever registers meanwhile holds the areas
 * ({@link Places#hold()}), so no device is missed.
 */
@Component
class Placement implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** What one transaction looks at. */
  private static final int AT_ONCE = 10_000;

  private record Placed(Places.Edition edition, Long upto) {}

  private record Standing(long id, double lon, double lat, String areaCode) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Places places;
  private final Neighbours neighbours;
  private final LiveFeed feed;
  private volatile CountDownLatch stopped = new CountDownLatch(0);
  /** The edition by which, as this server knows, all devices are placed. */
  private String done = "";
  private long moved;
  private boolean troubled;
  private Thread thread;

  Placement(JdbcClient jdbc, TransactionTemplate transaction, Places places, Neighbours neighbours, LiveFeed feed) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.places = places;
    this.neighbours = neighbours;
    this.feed = feed;
  }

  @Override
  public void start() {
    stopped = new CountDownLatch(1);
    thread = Thread.ofPlatform().daemon().name("device-placement").start(() -> Viewer.runAs(Viewer.system("device placement"), this::follow));
  }

  private void follow() {
    try {
      do {
        look();
      } while (!stopped.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // It has stopped.
    }
  }

  private void look() {
    try {
      String now = places.edition();
      if (now.equals(done)) {
        return;
      }
      while (stopped.getCount() > 0) {
        Boolean all = transaction.execute(status -> step());
        if (all == null) {
          break;
        }
        if (all) {
          if (moved > 0) {
            log.info("{} devices stand in another area than before", moved);
          }
          moved = 0;
          done = now;
          break;
        }
      }
      troubled = false;
    } catch (TransactionException | DataAccessException e) {
      if (!troubled && stopped.getCount() > 0) {
        log.warn("devices could not be placed by the areas as they are: {}", e.getMessage());
      }
      troubled = true;
    } catch (RuntimeException e) {
      if (!troubled) {
        log.error("devices could not be placed by the areas as they are", e);
      }
      troubled = true;
    }
  }

  /** Whether all are placed now; {@code null}: not yet, and this server rests before it looks again. */
  private Boolean step() {
    Places.Edition now = places.hold();
    Placed placed = jdbc.sql("SELECT revision, day, upto FROM sensing_placed FOR UPDATE SKIP LOCKED")
        .query((row, n) -> new Placed(new Places.Edition(row.getLong(1), row.getObject(2, LocalDate.class)), row.getObject(3, Long.class))).optional().orElse(null);
    if (placed == null || now.compareTo(placed.edition()) < 0) {
      return null; // another server is at it, or its day has begun already
    }
    boolean begun = now.equals(placed.edition());
    if (begun && placed.upto() == null) {
      return true;
    }
    List<Standing> some = jdbc.sql("SELECT id, lon, lat, area_code FROM sensing_device WHERE id > :after ORDER BY id LIMIT :limit")
        .param("after", begun ? placed.upto() : 0L).param("limit", AT_ONCE)
        .query((row, n) -> new Standing(row.getLong(1), row.getDouble(2), row.getDouble(3), row.getString(4))).list();
    boolean stored = store(some);
    Long upto = !stored ? Long.valueOf(begun ? placed.upto() : 0) : some.size() < AT_ONCE ? null : Long.valueOf(some.getLast().id());
    jdbc.sql("UPDATE sensing_placed SET revision = :revision, day = :day, upto = :upto")
        .param("revision", now.revision()).param("day", now.day()).param("upto", upto, java.sql.Types.BIGINT).update();
    return stored ? (Boolean) (upto == null) : null;
  }

  /** Whether all of them are where they belong; who is being changed by somebody else is left for the next time. */
  private boolean store(List<Standing> some) {
    List<Standing> wrong = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (Standing device : some) {
      String area = places.locate(device.lon(), device.lat()).map(Spot::areaCode).orElse(null);
      if (!Objects.equals(area, device.areaCode())) {
        wrong.add(device);
        right.add(area);
      }
    }
    if (wrong.isEmpty()) {
      return true;
    }
    // Waits for nobody, so that a batch of the register which locks the same rows in another order never waits for this one in a ring.
    int changed = jdbc.sql(
            """
            WITH free AS MATERIALIZED (SELECT id FROM sensing_device WHERE id = ANY (:ids::bigint[]) FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE sensing_device d SET area_code = r.area
            FROM unnest(:ids::bigint[], :lon::float8[], :lat::float8[], :area::text[]) AS r (id, lon, lat, area) JOIN free ON free.id = r.id
            WHERE d.id = r.id AND d.lon = r.lon AND d.lat = r.lat
            """)
        .param("ids", wrong.stream().map(Standing::id).toArray(Long[]::new)).param("lon", wrong.stream().map(Standing::lon).toArray(Double[]::new))
        .param("lat", wrong.stream().map(Standing::lat).toArray(Double[]::new)).param("area", right.toArray(String[]::new)).update();
    if (changed > 0) {
      moved += changed;
      neighbours.everywhere(DeviceDirectory.CHANGED, Map.of());
      feed.publish(Notice.forEverybody(DeviceLayer.LIVE, Map.of()));
    }
    return changed == wrong.size();
  }

  @Override
  public boolean isRunning() {
    return stopped.getCount() > 0;
  }

  @Override
  public int getPhase() {
    return DeviceDirectory.PHASE + 1;
  }

  @Override
  public void stop() {
    stopped.countDown();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
