package io.citywide.demo;

import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong in the city of the sensors: smoke in a shed, somebody stuck in a lift, a cover that is tilted, a crowd, cameras that
 * are covered before a fire, counters that say nothing. A handful at a time; most stay small, few grow, and each is over by itself.
 */
final class Happenings {

  /** What can happen. Weights are beside each other; times in minutes. */
  private enum Kind {
    SMOKE(Sort.SMOKE, 16, 12, 30), LIFT(Sort.LIFT, 14, 10, 30), COVER(Sort.COVER, 12, 15, 40), LEVEL(Sort.LEVEL, 10, 15, 40), DROWNED(Sort.LEVEL, 2, 40, 50),
    POWER(Sort.POWER, 12, 15, 40), GAS(Sort.GAS, 10, 10, 25), NOISE(Sort.NOISE, 8, 20, 40), AIR(Sort.AIR, 6, 30, 60), STATION(Sort.STATION, 5, 15, 35),
    PARK(Sort.PARK, 5, 20, 40), BLIND(Sort.CAMERA, 6, 30, 60), MASKED(Sort.CAMERA, 4, 12, 25), UNCOUNTED(Sort.STATION, 2, 7, 8);

    private final Sort sort;
    private final int weight;
    private final int least;
    private final int most;

    Kind(Sort sort, int weight, int least, int most) {
      this.sort = sort;
      this.weight = weight;
      this.least = least;
      this.most = most;
    }
  }

  /**
   * Something wrong at a device or at several that stand together.
   *
   * @param peak height in between, above 0 to 1
   * @param silentFrom from when on it says nothing; {@code null}: it goes on speaking
   */
  record Happening(Instant from, Instant until, double peak, Instant silentFrom) {

    /** 0..1: it comes up in a quarter of its time and goes down in the last fifth. */
    double height(Instant at) {
      double whole = Duration.between(from, until).toMillis();
      double gone = Duration.between(from, at).toMillis();
      return gone < 0 || gone > whole ? 0 : peak * Math.min(1, Math.min(gone / (whole / 4), (whole - gone) / (whole / 5)));
    }

    boolean silent(Instant at) {
      return silentFrom != null && !at.isBefore(silentFrom);
    }
  }

  /** From one to the next, on average. */
  static final Duration GAP = Duration.ofMinutes(5);

  /** So many at a time at most. */
  static final int MOST = 8;

  private static final int ALL_WEIGHTS = List.of(Kind.values()).stream().mapToInt(k -> k.weight).sum();
  /** Under way when the city is switched on, so that somebody who looks finds something: of each its peak. */
  private static final Map<Kind, Double> AT_FIRST = Map.of(Kind.SMOKE, 0.42, Kind.LIFT, 0.8, Kind.COVER, 0.5, Kind.LEVEL, 0.42, Kind.POWER, 0.36, Kind.GAS, 0.3);
  private static final Duration MASKED_BEFORE = Duration.ofMinutes(2);

  private final List<Planned> devices;
  private final Random random;
  private final Duration gap;
  private final int most;
  private final Map<Integer, Happening> byDevice = new HashMap<>();
  private final Map<String, List<Integer>> groups = new HashMap<>();
  private final Map<Sort, List<Integer>> sorts = new HashMap<>();
  private Instant next;

  /** @param most so many at a time at most; 0: nothing ever happens */
  Happenings(List<Planned> devices, Random random, Duration gap, int most) {
    this.devices = devices;
    this.random = random;
    this.gap = gap;
    this.most = most;
    for (int i = 0; i < devices.size(); i++) {
      sorts.computeIfAbsent(devices.get(i).sort(), s -> new ArrayList<>()).add(i);
      if (devices.get(i).group() != null) {
        groups.computeIfAbsent(devices.get(i).group(), g -> new ArrayList<>()).add(i);
      }
    }
  }

  /** What is wrong at a device now; {@code null}: nothing. */
  Happening at(int device) {
    return byDevice.get(device);
  }

  /** The first handful, each somewhere in its first half. @return the devices, by their index, that notice something */
  List<Integer> begin(Instant now) {
    next = now.plus(pause());
    List<Integer> touched = new ArrayList<>();
    if (most > 0) {
      for (Kind kind : Kind.values()) {
        if (AT_FIRST.containsKey(kind)) {
          long seconds = 60L * (kind.least + random.nextInt(kind.most - kind.least));
          Instant from = now.minusSeconds(seconds * (10 + random.nextInt(30)) / 100);
          touched.addAll(put(kind, new Happening(from, from.plusSeconds(seconds), AT_FIRST.get(kind), null)));
        }
      }
    }
    return touched;
  }

  /** Lets time go on to {@code now}: some end, perhaps one begins. @return the devices, by their index, that notice something new */
  List<Integer> turn(Instant now) {
    byDevice.values().removeIf(happening -> happening.until().isBefore(now));
    if (now.isBefore(next)) {
      return List.of();
    }
    next = now.plus(pause());
    Set<Happening> under = new HashSet<>(byDevice.values());
    return under.size() < most ? happen(now) : List.of();
  }

  private Duration pause() {
    return Duration.ofMillis((long) (gap.toMillis() * Math.min(4, -Math.log(1 - random.nextDouble()))));
  }

  private List<Integer> happen(Instant now) {
    Kind kind = choose();
    Instant until = now.plusSeconds(60L * kind.least + random.nextInt(60 * (kind.most - kind.least) + 1));
    return switch (kind) {
      case BLIND, UNCOUNTED -> put(kind, new Happening(now, until, 1, now));
      // It is under water when the measuring stops, and comes back when that has run off.
      case DROWNED -> put(kind, new Happening(now, until, 0.6, now.plus(Duration.between(now, until).multipliedBy(2).dividedBy(5))));
      case MASKED -> masked(now, until);
      // A park is often half empty: more must come before it is a crowd.
      case PARK -> put(kind, new Happening(now, until, Math.min(1, peak() + 0.3), null));
      default -> put(kind, new Happening(now, until, peak(), null));
    };
  }

  private Kind choose() {
    int luck = random.nextInt(ALL_WEIGHTS);
    for (Kind kind : Kind.values()) {
      luck -= kind.weight;
      if (luck < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }

  /** Most are small. */
  private double peak() {
    int luck = random.nextInt(100);
    double within = random.nextDouble();
    return luck < 62 ? 0.28 + 0.17 * within : luck < 90 ? 0.45 + 0.23 * within : 0.68 + 0.32 * within;
  }

  private List<Integer> put(Kind kind, Happening happening) {
    List<Integer> candidates = sorts.getOrDefault(kind.sort, List.of());
    if (candidates.isEmpty()) {
      return List.of();
    }
    int one = candidates.get(random.nextInt(candidates.size()));
    boolean group = kind.sort == Sort.SMOKE || kind.sort == Sort.STATION || kind.sort == Sort.PARK;
    return put(group ? together(devices.get(one).group(), kind.sort) : List.of(one), happening);
  }

  private List<Integer> put(List<Integer> touched, Happening happening) {
    if (touched.stream().anyMatch(byDevice::containsKey)) {
      return List.of();
    }
    touched.forEach(i -> byDevice.put(i, happening));
    return touched;
  }

  /** Somebody covers the cameras of a shed; two minutes later it smokes there. */
  private List<Integer> masked(Instant now, Instant until) {
    List<Integer> cameras = sorts.getOrDefault(Sort.CAMERA, List.of());
    if (cameras.isEmpty()) {
      return List.of();
    }
    String shed = devices.get(cameras.get(random.nextInt(cameras.size()))).group();
    List<Integer> smoke = together(shed, Sort.SMOKE);
    List<Integer> touched = new ArrayList<>(together(shed, Sort.CAMERA));
    touched.addAll(smoke);
    touched = put(touched, new Happening(now, until, 1, null));
    if (!touched.isEmpty()) {
      Happening fire = new Happening(now.plus(MASKED_BEFORE), until, 0.5 + 0.3 * random.nextDouble(), null);
      smoke.forEach(i -> byDevice.put(i, fire));
    }
    return touched;
  }

  private List<Integer> together(String group, Sort sort) {
    return groups.getOrDefault(group, List.of()).stream().filter(i -> devices.get(i).sort() == sort).toList();
  }
}
