package io.citywide.sensing.internal.watching;

import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.watching.WatchStore.SeriesOf;
import io.citywide.watch.Thing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.transaction.support.TransactionTemplate;

/** The devices and sources that the room hears, kept as the register has them. All but {@link #changed} under the lock of the term. */
final class HeardDevices {

  private final Term.Means means;
  private final TransactionTemplate transaction;
  private final Room room;
  private final ConcurrentLinkedQueue<Known> changed = new ConcurrentLinkedQueue<>();
  /** After how long each is silent, of those for which people say so. */
  private Map<String, Duration> sources = Map.of();
  /** As the engine was told, by its names of them, in milliseconds; -1 after a restart: it is told again, see {@link #reconcile}. */
  private final Map<String, Long> sourceTimes = new HashMap<>();

  HeardDevices(Term.Means means, TransactionTemplate transaction, Room room) {
    this.means = means;
    this.transaction = transaction;
    this.room = room;
  }

  /** A device, or its type, is not what it was. For any thread. */
  void changed(Known device) {
    changed.add(device);
  }

  /**
   * Finds out whose the series are that have not been heard of, and registers their devices.
   *
   * @param replaying they are registered as they were then, by the journal
   */
  void bind(Batch batch, boolean replaying) {
    Set<Integer> unknown = room.unknown(batch);
    if (unknown.isEmpty()) {
      return;
    }
    List<SeriesOf> found = transaction.execute(s -> means.store().listSeries(unknown.stream().mapToInt(Integer::intValue).toArray()));
    if (!replaying && found.stream().anyMatch(s -> means.directory().find(s.device()).isEmpty())) {
      // Registered on another server a moment ago.
      means.directory().refresh();
    }
    unknown.forEach(room::bindNothing);
    for (SeriesOf series : found) {
      Known device = means.directory().find(series.device()).orElse(null);
      if (device == null || !replaying && !device.enabled()) {
        continue;
      }
      if (!replaying && room.engine().findFeed(device.code(), series.property()).isEmpty()) {
        register(device, batch.arrivedAt());
      }
      room.bind(series.series(), device.code(), series.property());
    }
  }

  private void register(Known device, long at) {
    Thing thing = thing(device);
    if (!thing.source().isEmpty()) {
      long time = sourceSilentAfter(device.source());
      if (!Long.valueOf(time).equals(sourceTimes.put(thing.source(), time))) {
        room.perform(new Operation.Source(thing.source(), time, at));
      }
    }
    room.perform(new Operation.Register(thing.id(), thing.type(), thing.group(), thing.area(), thing.source(), at));
  }

  private long sourceSilentAfter(String source) {
    return sources.getOrDefault(source, means.settings().sourceSilentAfter()).toMillis();
  }

  private static Thing thing(Known device) {
    return new Thing(device.code(), device.typeCode(), device.groupCode(), device.areaCode() == null ? "" : device.areaCode(),
        device.source().isEmpty() ? "" : Judge.SOURCE + device.source());
  }

  /** Lets go of devices that are gone or not what they were; from their next value on they are registered anew. */
  void followChanges(long now) {
    for (Known device = changed.poll(); device != null; device = changed.poll()) {
      follow(device, now);
    }
  }

  private void follow(Known device, long now) {
    Known is = means.directory().find(device.deviceId()).orElse(null);
    room.unbind(device.series());
    if (is == null || !is.enabled()) {
      forget(device.code(), now);
      return;
    }
    room.unbind(is.series());
    room.engine().findThing(is.code()).filter(was -> !was.equals(thing(is))).ifPresent(was -> forget(is.code(), now));
  }

  private void forget(String code, long now) {
    if (room.engine().findThing(code).isPresent()) {
      room.perform(new Operation.Forget(code, now));
    }
  }

  /** @param times after how long each source is silent, of those for which people say so */
  void followSources(Map<String, Duration> times, long now) {
    if (times.equals(sources) && !sourceTimes.containsValue(-1L)) {
      return;
    }
    sources = times;
    sourceTimes.replaceAll((source, before) -> {
      long time = sourceSilentAfter(source.substring(Judge.SOURCE.length()));
      if (time != before) {
        room.perform(new Operation.Source(source, time, now));
      }
      return time;
    });
  }

  /** What has changed in the register while nobody led. */
  void reconcile(long now) {
    room.unbindAll();
    changed.clear();
    for (Thing thing : room.engine().listThings()) {
      Known is = means.directory().find(thing.id()).orElse(null);
      if (is == null || !is.enabled() || !thing(is).equals(thing)) {
        forget(thing.id(), now);
      }
    }
    room.engine().listThings().stream().map(Thing::source).filter(s -> !s.isEmpty()).forEach(s -> sourceTimes.put(s, -1L));
  }
}
