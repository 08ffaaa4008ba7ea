package io.citywide.sensing.internal.sta;

import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import java.time.Instant;
import java.util.*;
import org.springframework.stereotype.Component;

@Component
class FakeObservations implements Observations {
  private final DeviceDirectory directory;
  private final Map<Integer, TreeMap<Long, Double>> kept = new HashMap<>();
  FakeObservations(DeviceDirectory directory) { this.directory = directory; }
  public Taken take(List<Reading> readings) {
    long stored = 0;
    Map<String, Long> refused = new TreeMap<>();
    for (Reading r : readings) {
      Known d = directory.find(r.device()).orElse(null);
      if (d == null) { refused.merge("sensing.unknown-device", 1L, Long::sum); continue; }
      if (r.time() > System.currentTimeMillis() + 300_000) { refused.merge("sensing.future", 1L, Long::sum); continue; }
      kept.computeIfAbsent(d.series(r.property()), k -> new TreeMap<>()).put(r.time(), r.value()); stored++;
    }
    return new Taken(stored, refused);
  }
  public Optional<Integer> findSeries(long d, String p) { return Optional.empty(); }
  public Map<Integer, Value> latest(Collection<Integer> series) {
    Map<Integer, Value> m = new HashMap<>();
    for (int s : series) { var t = kept.get(s); if (t != null) m.put(s, new Value(t.lastKey(), t.lastEntry().getValue())); }
    return m;
  }
  public List<Value> list(int s, Instant from, Instant to, int limit) {
    var t = kept.get(s);
    return t == null ? List.of() : t.subMap(from.toEpochMilli(), to.toEpochMilli()).entrySet().stream().limit(limit).map(e -> new Value(e.getKey(), e.getValue())).toList();
  }
  public List<Sum> sums(int s, Step st, Instant f, Instant t) { return List.of(); }
}
