package io.citywide.grid.index;

import io.citywide.grid.GridKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Points like those of a city, and their plain list, which answers every question by looking at each. */
final class TestPoints {
  final Random random;
  final double lon;
  final double lat;
  final Map<Long, IndexedPoint> byId = new HashMap<>();

  TestPoints(long seed, double lon, double lat) {
    random = new Random(seed);
    this.lon = lon;
    this.lat = lat;
  }

  /** Most are near the centre; a third stands on a coarse lattice, so that many share a place or an edge. */
  long someKey() {
    double spread = random.nextInt(4) == 0 ? 0.15 : 0.01;
    double x = lon + random.nextGaussian() * spread;
    double y = lat + random.nextGaussian() * spread;
    if (random.nextInt(3) == 0) {
      x = Math.round(x * 900) / 900.0;
      y = Math.round(y * 900) / 900.0;
    }
    return GridKeys.encode(x, y, 9);
  }

  int someKind() {
    return IndexedPoint.kind(1 + (int) Math.min(60, Math.abs(random.nextGaussian()) * 12), Math.max(0, random.nextInt(30) - 26));
  }

  long someId() {
    return 310_101_01_001_000_000L / 10 + random.nextInt(3) * 1_000_000_000_000L + random.nextInt(900_000);
  }

  IndexedPoint some() {
    return new IndexedPoint(someKey(), someKind(), someId());
  }

  IndexedPoint known() {
    List<IndexedPoint> all = List.copyOf(byId.values());
    return all.get(random.nextInt(all.size()));
  }

  static List<IndexedPoint> in(Collection<IndexedPoint> points, Where where, KindSet kinds) {
    List<IndexedPoint> in = new ArrayList<>();
    for (IndexedPoint point : points) {
      if (kinds.contains(point.kind()) && where.contains(point.key())) in.add(point);
    }
    in.sort(null);
    return in;
  }

  KindSet someKinds() {
    return switch (random.nextInt(4)) {
      case 0, 1 -> KindSet.all();
      case 2 -> KindSet.ofGroups(1 + random.nextInt(20), 1 + random.nextInt(60));
      default -> KindSet.of(someKind(), someKind(), 60_000);
    };
  }
}
