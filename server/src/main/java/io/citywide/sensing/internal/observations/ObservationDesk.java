package io.citywide.sensing.internal.observations;

import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Observations for the rest of the server. */
@Component
class ObservationDesk implements Observations {

  private static final long ROOM_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int MOST_VALUES = 1_000_000;

  private final DeviceDirectory directory;
  private final StoredLog log;
  private final Newest newest;
  private final SeriesReader reader;
  private final SeriesTotals totals;
  private final Fates fates;
  private final ObservationSettings settings;
  private final Clock clock;

  ObservationDesk(DeviceDirectory directory, StoredLog log, Newest newest, SeriesReader reader, SeriesTotals totals, Fates fates, ObservationSettings settings,
      Clock clock) {
    this.directory = directory;
    this.log = log;
    this.newest = newest;
    this.reader = reader;
    this.totals = totals;
    this.fates = fates;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Taken take(List<Reading> readings) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("observations are committed for themselves; do not take them within a transaction");
    }
    Columns columns = new Columns(readings.size());
    Map<String, Long> refused = new TreeMap<>();
    long now = clock.millis();
    int unmeant = 0;
    for (Reading reading : readings) {
      Known device = directory.find(reading.device()).orElse(null);
      int index = device == null ? -1 : device.index(reading.property());
      String fault = device == null ? "sensing.unknown-device"
          : !device.enabled() ? "sensing.disabled"
          : index < 0 || device.series()[index] < 0 ? "sensing.unknown-property"
          : !Double.isFinite(reading.value()) ? "sensing.bad-line"
          : reading.time() - now > settings.ahead().toMillis() ? "sensing.future"
          : now - reading.time() > device.type().retention().toMillis() ? "sensing.too-old" : null;
      if (fault != null) {
        refused.merge(fault, 1L, Long::sum);
        continue;
      }
      var property = device.type().properties().get(index);
      unmeant += reading.value() >= property.low() && reading.value() <= property.high() ? 0 : 1;
      columns.add(device.series()[index], reading.time(), reading.value());
    }
    if (columns.size() > 0) {
      try {
        log.append(columns, ROOM_WITHIN_NANOS).join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    fates.outOfRange(unmeant);
    refused.forEach(fates::refused);
    return new Taken(columns.size(), refused);
  }

  @Override
  public Optional<Integer> findSeries(long deviceId, String property) {
    return directory.find(deviceId).map(known -> known.series(property)).filter(series -> series >= 0);
  }

  @Override
  public Map<Integer, Value> latest(Collection<Integer> series) {
    Map<Integer, Value> found = new HashMap<>();
    for (int one : series) {
      Value value = newest.find(one);
      if (value != null) {
        found.put(one, value);
      }
    }
    return found;
  }

  @Override
  public List<Value> list(int series, Instant from, Instant to, int limit) {
    if (limit < 1 || limit > MOST_VALUES) {
      throw new IllegalArgumentException("limit must be 1.." + MOST_VALUES + ", was " + limit);
    }
    return from.isBefore(to) ? reader.list(series, from.toEpochMilli(), to.toEpochMilli(), limit) : new ArrayList<>();
  }

  @Override
  public List<Sum> sums(int series, Step step, Instant from, Instant to) {
    return reader.sums(series, step, from.toEpochMilli(), to.toEpochMilli());
  }

  @Override
  public Map<Integer, Sum> totals(Collection<Integer> series, Step step, Instant from, Instant to) {
    return totals.of(series, step, from.toEpochMilli(), to.toEpochMilli());
  }
}
