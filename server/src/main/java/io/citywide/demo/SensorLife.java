package io.citywide.demo;

import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Registers the devices of the demo by import and speaks for them, as the platform of their maker would: over HTTP, with an API
 * key. Each speaks once in minutes, all together some thirty messages a second in one request every few seconds. Now and then
 * something happens: smoke in a shed, somebody stuck in a lift, a cover that is tilted, a crowd, a device that falls silent.
 */
final class SensorLife implements Runnable, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SensorLife.class);

  private static final String KEY_NAME = "物联网平台（演示）";
  private static final int BATCH = 5_000;
  private static final Duration TURN = Duration.ofSeconds(3);
  private static final Duration PAST = Duration.ofHours(24);
  private static final Duration STEP_OF_PAST = Duration.ofMinutes(15);
  private static final Set<Sort> WITH_PAST = EnumSet.of(Sort.SMOKE, Sort.LEVEL, Sort.AIR, Sort.NOISE, Sort.WEATHER, Sort.STATION, Sort.PARK);
  /** One in so many turns begins an incident: one in five minutes. */
  private static final int SELDOM = 100;
  private static final int MOST_INCIDENTS = 6;

  /** Something wrong at a device. @param silent it says nothing meanwhile */
  private record Incident(Instant from, Instant until, boolean silent) {

    /** 0..1: it comes up in a quarter of its time. */
    double height(Instant at) {
      double whole = Duration.between(from, until).toMillis();
      double gone = Duration.between(from, at).toMillis();
      return gone < 0 || gone > whole ? 0 : Math.min(1, gone / (whole / 4));
    }
  }

  private final URI base;
  private final List<Planned> devices;
  private final Consumer<String> progress;
  private final Clock clock;
  private final Random random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Integer, Incident> incidents = new HashMap<>();
  private final Map<String, List<Integer>> groups = new HashMap<>();
  private final Map<Sort, List<Integer>> sorts = new HashMap<>();
  private long[] next;
  private ApiClient platform;
  private boolean told;

  /** @param base address of a server on which {@link DemoCity} was loaded */
  SensorLife(URI base, List<Planned> devices, Consumer<String> progress, Clock clock, long seed) {
    this.base = base;
    this.devices = devices;
    this.progress = progress;
    this.clock = clock;
    this.random = new Random(seed);
    for (int i = 0; i < devices.size(); i++) {
      Planned device = devices.get(i);
      sorts.computeIfAbsent(device.sort(), s -> new ArrayList<>()).add(i);
      if (device.group() != null) {
        groups.computeIfAbsent(device.group(), g -> new ArrayList<>()).add(i);
      }
    }
  }

  /** Registers what is missing; the second time nothing. */
  void register() {
    ApiClient system = ApiClient.person(base, "admin", DemoCity.PASSWORD);
    long known = 0;
    for (JsonNode count : system.get("/api/devices:counts?q=yz-")) {
      known += count.asLong();
    }
    if (known >= devices.size()) {
      return;
    }
    for (int from = 0; from < devices.size(); from += BATCH) {
      List<Planned> part = devices.subList(from, Math.min(devices.size(), from + BATCH));
      progress.accept("devices, part " + (from / BATCH + 1) + " of " + (devices.size() + BATCH - 1) / BATCH);
      StringBuilder lines = new StringBuilder(BATCH * 220);
      part.forEach(device -> lines.append(device.line()).append('\n'));
      JsonNode answer = system.postText("/api/devices:import", "application/x-ndjson", lines.toString());
      if (!answer.path("rejects").isEmpty()) {
        throw new IllegalStateException("the server rejected devices: " + answer.path("rejects").get(0));
      }
    }
  }

  /** Lives until it is closed. */
  @Override
  public void run() {
    while (!pause(TURN)) {
      try {
        if (platform == null) {
          platform = ApiClient.machine(base, newKey());
          tellPast();
          begin();
        }
        turn();
        told = false;
      } catch (UncheckedIOException e) {
        complain("the devices wait for the server: " + e.getMessage());
        pause(Duration.ofSeconds(5));
      } catch (RuntimeException e) {
        complain("the devices left something out: " + e);
        pause(Duration.ofSeconds(5));
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void complain(String what) {
    if (!told && closed.getCount() > 0) {
      told = true;
      log.warn(what);
    }
  }

  private boolean pause(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** The secret of an earlier key is known to nobody any more, so that key is revoked. */
  private String newKey() {
    ApiClient security = ApiClient.person(base, "security", DemoCity.PASSWORD);
    for (JsonNode key : security.get("/api/api-keys")) {
      if (key.path("name").asString().equals(KEY_NAME) && key.path("revokedAt").isNull()) {
        security.delete("/api/api-keys/" + key.path("id").asLong());
      }
    }
    return security.post("/api/api-keys", Map.of("name", KEY_NAME, "areaCode", "", "permissions", List.of("OBSERVATION_WRITE", "SENSING_READ"))).path("secret").asString();
  }

  /** What was measured before the city was switched on, where nobody knows it yet. */
  private void tellPast() {
    int first = sorts.get(Sort.WEATHER).getFirst();
    long midday = clock.instant().minus(PAST.dividedBy(2)).toEpochMilli();
    String asked = "/api/observations/values?device=" + devices.get(first).code() + "&property=temperature&limit=1&from=" + (midday - 7_200_000) + "&to=" + midday;
    if (!platform.get(asked).path("items").isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    for (Instant at = now.minus(PAST); at.isBefore(now) && closed.getCount() > 0; at = at.plus(STEP_OF_PAST)) {
      StringBuilder lines = new StringBuilder();
      for (Sort sort : WITH_PAST) {
        for (int i : sorts.getOrDefault(sort, List.of())) {
          lines.append(SensorWorld.line(devices.get(i).code(), sort, i, at.plusSeconds(i % 60), 0)).append('\n');
        }
      }
      send(lines);
    }
  }

  /** Everybody speaks within its interval, spread evenly. */
  private void begin() {
    long now = clock.millis();
    next = new long[devices.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = now + random.nextInt(Math.min(300, devices.get(i).sort().seconds())) * 1_000L;
    }
  }

  private void turn() {
    Instant now = clock.instant();
    if (random.nextInt(SELDOM) == 0 && affected() < MOST_INCIDENTS) {
      happen(now);
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < next.length; i++) {
      if (next[i] > now.toEpochMilli()) {
        continue;
      }
      Planned device = devices.get(i);
      Incident incident = incidents.get(i);
      if (incident == null || !incident.silent()) {
        lines.append(SensorWorld.line(device.code(), device.sort(), i, now, incident == null ? 0 : incident.height(now))).append('\n');
      }
      // What notices something speaks more often.
      next[i] = now.toEpochMilli() + (incident == null ? device.sort().seconds() * 1_000L : Math.min(20, device.sort().seconds()) * 1_000L);
    }
    incidents.values().removeIf(incident -> incident.until().isBefore(now));
    if (!lines.isEmpty()) {
      send(lines);
    }
  }

  private int affected() {
    return new HashSet<>(incidents.values()).size();
  }

  private void happen(Instant now) {
    int luck = random.nextInt(10);
    Sort sort = luck < 3 ? Sort.SMOKE : luck < 5 ? Sort.LIFT : luck == 5 ? Sort.COVER : luck == 6 ? Sort.LEVEL : luck == 7 ? Sort.STATION : luck == 8 ? Sort.POWER : Sort.CAMERA;
    List<Integer> candidates = sorts.get(sort);
    int at = candidates.get(random.nextInt(candidates.size()));
    boolean silent = sort == Sort.CAMERA;
    Incident incident = new Incident(now, now.plusSeconds(silent ? 2_400 : 240 + random.nextInt(600)), silent);
    List<Integer> together = sort == Sort.SMOKE || sort == Sort.STATION
        ? groups.get(devices.get(at).group()).stream().filter(i -> devices.get(i).sort() == sort).toList() : List.of(at);
    together.forEach(i -> {
      incidents.put(i, incident);
      next[i] = now.toEpochMilli();
    });
  }

  private void send(StringBuilder lines) {
    platform.postText("/api/observations", "application/x-ndjson", lines.toString());
  }
}
