package io.citywide.sensing.internal.ways;

import io.citywide.identity.Viewer;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.observations.Columns;
import io.citywide.sensing.internal.observations.Fates;
import io.citywide.sensing.internal.observations.LogPosition;
import io.citywide.sensing.internal.observations.ObservationSettings;
import io.citywide.sensing.internal.observations.StoredLog;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.registry.Presence;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** From lines to the log, for every way in. */
@Component
class Intake {

  /** Values handed to the log at once; while they are written the next are read. */
  private static final int HANDFUL = 1 << 14;
  private static final int UNDER_WAY = 8;
  private static final long ROOM_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long COMMITTED_WITHIN_SECONDS = 30;

  private final DeviceDirectory directory;
  private final Presence presence;
  private final StoredLog log;
  private final Fates fates;
  private final ObservationSettings settings;
  private final Clock clock;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  Intake(DeviceDirectory directory, Presence presence, StoredLog log, Fates fates, ObservationSettings settings, Clock clock, JdbcClient jdbc,
      TransactionTemplate transaction) {
    this.directory = directory;
    this.presence = presence;
    this.log = log;
    this.fates = fates;
    this.settings = settings;
    this.clock = clock;
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  LineParser parser(Predicate<Known> scope) {
    return new LineParser(directory, presence, scope, settings.ahead().toMillis());
  }

  /** Devices that the viewer may speak for. */
  Predicate<Known> scope(Viewer viewer) {
    if (viewer.units().isEmpty()) {
      var area = viewer.area();
      // What lies outside every boundary is the business of whoever answers for the whole city.
      return known -> known.areaCode() == null ? area.wholeCity() : area.covers(known.areaCode());
    }
    // Whoever is bound to units sees their devices; which those are, the database knows.
    Set<Long> seen = new HashSet<>(transaction.execute(status -> jdbc.sql("SELECT id FROM sensing_device").query(Long.class).list()));
    return known -> seen.contains(known.deviceId());
  }

  /**
   * Reads a body to its end and waits until what is good in it is on disk.
   *
   * @param own device that speaks for itself; {@code null}: each line says which
   * @param mostFaults that are told one by one
   * @throws ProblemException {@code server.busy} or {@code server.uncertain}: then all of it may be sent again
   */
  Outcome take(InputStream body, boolean json, long mostBytes, Known own, Predicate<Known> scope, int mostFaults) throws IOException {
    Outcome outcome = new Outcome(mostFaults);
    LineParser parser = parser(scope);
    LineStream lines = new LineStream(body, json, mostBytes);
    Columns columns = new Columns(1024);
    Deque<CompletableFuture<LogPosition>> underWay = new ArrayDeque<>();
    long line = 0;
    for (int ahead = lines.advance(); ahead > 0; ahead = lines.advance()) {
      line += ahead;
      try {
        int before = columns.size();
        parser.line(lines.buffer(), lines.begin(), lines.end(), own, clock.millis(), columns);
        outcome.stored(columns.size() - before);
      } catch (BadLine e) {
        outcome.refused(line, e);
      }
      if (columns.size() >= HANDFUL) {
        underWay.add(log.append(columns, ROOM_WITHIN_NANOS));
        columns.clear();
        if (underWay.size() == UNDER_WAY) {
          await(underWay.remove());
        }
      }
    }
    underWay.add(log.append(columns, ROOM_WITHIN_NANOS));
    while (!underWay.isEmpty()) {
      await(underWay.remove());
    }
    fates.outOfRange(parser.takeOutOfRange());
    outcome.refused().forEach(fates::refused);
    return outcome;
  }

  static void await(CompletableFuture<LogPosition> ticket) {
    try {
      ticket.get(COMMITTED_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProblemException refused) {
        throw refused;
      }
      throw new IllegalStateException("observations could not be appended", e.getCause());
    } catch (TimeoutException e) {
      throw uncertain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw uncertain();
    }
  }

  private static ProblemException uncertain() {
    return new ProblemException(PlatformProblem.UNCERTAIN, "it was not heard in time whether the observations are stored; send the same again, what is there already counts once",
        Map.of("retryAfterSeconds", 1)).zh("未能及时确认写入，请重发相同数据；已存在的值不会重复计入");
  }

  DeviceDirectory directory() {
    return directory;
  }

  StoredLog log() {
    return log;
  }

  Fates fates() {
    return fates;
  }

  Clock clock() {
    return clock;
  }
}
