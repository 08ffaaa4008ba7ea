package io.citywide.sensing.internal.topics;

import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.observations.ObservationLog;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.DeviceListener;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.sta.Change;
import io.citywide.sensing.internal.sta.Changes;
import io.citywide.sensing.internal.sta.Subject.Reach;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * Who listens where. Values of devices are heard from the log, behind its commits and on a thread of its own, on whichever server they
 * were taken; with the first who wants them it begins to follow, with the last it ends. Entities made over SensorThings come by
 * {@link Changes}, devices by the directory.
 */
@Component
class Audience implements DeviceListener {

  private static final String ALL = "*";

  private final ObservationLog log;
  private final DeviceDirectory directory;
  private final Observations observations;
  private final Changes changes;

  /** By what {@link Change#places} names. */
  private final Map<String, Set<Subscription>> ofEntities = new ConcurrentHashMap<>();
  /** By number of a series (Integer), id of a device (Long) or {@link #ALL}. */
  private final Map<Object, Set<Subscription>> ofValues = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private int listening; // guarded by lock
  private int listeningToValues; // guarded by lock
  private ObservationLog.Following following; // guarded by lock
  private boolean followsDirectory; // guarded by lock
  private Told told; // guarded by lock
  private volatile SeriesOwners owners;
  private volatile boolean live;

  Audience(ObservationLog log, DeviceDirectory directory, Observations observations, Changes changes) {
    this.log = log;
    this.directory = directory;
    this.observations = observations;
    this.changes = changes;
  }

  /** When it returns, what is committed from now on is told. */
  void join(Subscription one) {
    lock.lock();
    try {
      ofEntities.computeIfAbsent(one.subject.place(one.found), p -> ConcurrentHashMap.newKeySet()).add(one);
      if (listening++ == 0) {
        if (!followsDirectory) {
          directory.follow(this);
          followsDirectory = true;
        }
        changes.listen(this::changed);
        live = true;
      }
      Object place = place(one);
      if (place != null) {
        ofValues.computeIfAbsent(place, p -> ConcurrentHashMap.newKeySet()).add(one);
        if (listeningToValues++ == 0) {
          SeriesOwners fresh = new SeriesOwners();
          owners = fresh;
          directory.forEach(fresh::put);
          Told anew = new Told();
          told = anew;
          begin(one);
          following = log.follow("subscribers", log.head(), (position, batch) -> taken(batch, fresh, anew));
        } else {
          begin(one);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is stored already of what it will hear; of the whole set that is asked for series by series. */
  private void begin(Subscription one) {
    List<Integer> series = switch (one.subject.reach()) {
      case NONE, ALL -> List.of();
      case SERIES -> List.of((int) one.found);
      case DEVICE -> directory.find(one.found).map(known -> Arrays.stream(known.series()).filter(number -> number >= 0).boxed().toList()).orElse(List.of());
    };
    observations.latest(series).forEach(told::begin);
  }

  /** May wait for a batch under way. */
  void leave(Subscription one) {
    lock.lock();
    try {
      leave(ofEntities, one.subject.place(one.found), one);
      if (--listening == 0) {
        live = false;
        changes.listen(null);
      }
      Object place = place(one);
      if (place != null) {
        leave(ofValues, place, one);
        if (--listeningToValues == 0) {
          following.close();
          following = null;
          owners = null;
          told = null;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static <K> void leave(Map<K, Set<Subscription>> places, K place, Subscription one) {
    Set<Subscription> those = places.get(place);
    those.remove(one);
    if (those.isEmpty()) {
      places.remove(place);
    }
  }

  /** Where it listens for values of devices; {@code null}: nowhere. What was made over SensorThings has none. */
  private static Object place(Subscription one) {
    return switch (one.subject.reach()) {
      case NONE -> null;
      case ALL -> ALL;
      case SERIES -> one.found <= Integer.MAX_VALUE ? (Object) (int) one.found : null;
      case DEVICE -> one.found;
    };
  }

  // ---- values of devices ---------------------------------------------------------------------------

  private void taken(Batch batch, SeriesOwners owner, Told times) {
    Set<Subscription> everything = ofValues.get(ALL);
    for (int i = 0; i < batch.size(); i++) {
      int series = batch.series()[i];
      long device = owner.of(series);
      Set<Subscription> ofSeries = ofValues.get(series);
      Set<Subscription> ofDevice = ofValues.get(device);
      if (everything == null && ofSeries == null && ofDevice == null) {
        continue;
      }
      Known known = directory.find(device).orElse(null);
      if (known == null) {
        continue;
      }
      long time = batch.time()[i];
      boolean newest = times.advance(series, time, batch.value()[i], () -> observations.latest(List.of(series)).get(series));
      for (Set<Subscription> those : Arrays.asList(everything, ofSeries, ofDevice)) {
        if (those != null) {
          for (Subscription one : those) {
            if (one.outbox.client.sees(known)) {
              one.outbox.add(new Outbox.Note.OfValue(one, series, time, batch.value()[i], newest));
            }
          }
        }
      }
    }
  }

  // ---- entities ------------------------------------------------------------------------------------

  private void changed(List<Change> these) {
    for (Change change : these) {
      for (String place : change.places()) {
        for (Subscription one : ofEntities.getOrDefault(place, Set.of())) {
          if (one.subject.mayConcern(change)) {
            one.outbox.add(new Outbox.Note.OfEntity(one, change));
          }
        }
      }
    }
  }

  @Override
  public void registered(Known device) {
    heard(device);
  }

  @Override
  public void changed(Known before, Known after) {
    heard(after);
  }

  private void heard(Known device) {
    SeriesOwners now = owners;
    if (now != null) {
      now.put(device);
    }
    if (live) {
      changed(Change.ofDevice(device.deviceId(), device.series()));
    }
  }

  @Override
  public void removed(Known device) {
    // nothing is told of what is gone
  }
}
