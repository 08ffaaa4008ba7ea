package io.citywide.demo;

import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import io.citywide.demo.Speakers.Said;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
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
 * Registers the devices of the demo by import and speaks for them. Most speak as the platform of their maker would: over HTTP, with an
 * API key, all together in one request every few seconds. Where the server listens for MQTT, {@value #LIFTS_BY_MQTT} lifts have a secret and
 * a connection of their own each, and the smoke detectors speak through one gateway. What happens to them is said in {@link Happenings}.
 */
final class SensorLife implements Runnable, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SensorLife.class);

  static final int LIFTS_BY_MQTT = 200;

  private static final String KEY_NAME = "物联网平台（演示）";
  private static final int BATCH = 5_000;
  private static final Duration TURN = Duration.ofSeconds(3);
  private static final Duration PAST = Duration.ofHours(24);
  private static final Duration STEP_OF_PAST = Duration.ofMinutes(15);
  private static final Set<Sort> WITH_PAST = EnumSet.of(Sort.SMOKE, Sort.LEVEL, Sort.AIR, Sort.NOISE, Sort.WEATHER, Sort.STATION, Sort.PARK);

  private final URI base;
  private final int mqttPort;
  private final List<Planned> devices;
  private final Consumer<String> progress;
  private final Clock clock;
  private final Speakers speakers;
  private final CountDownLatch closed = new CountDownLatch(1);
  private ApiClient platform;
  private volatile MqttDevices mqtt;
  private boolean begun;
  private boolean told;

  /**
   * @param base address of a server on which {@link DemoCity} was loaded
   * @param mqttPort where it listens for MQTT on the loopback address; 0: nowhere
   */
  SensorLife(URI base, int mqttPort, List<Planned> devices, Consumer<String> progress, Clock clock, long seed) {
    this.base = base;
    this.mqttPort = mqttPort;
    this.devices = devices;
    this.progress = progress;
    this.clock = clock;
    Random random = new Random(seed);
    this.speakers = new Speakers(devices, new Happenings(devices, random, Happenings.GAP, Happenings.MOST), random);
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
    while (!devices.isEmpty() && !pause(TURN)) {
      try {
        if (!begun) {
          String key = newKey();
          platform = ApiClient.machine(base, key);
          tellPast();
          connect(key);
          speakers.begin(clock.instant());
          begun = true;
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
    MqttDevices connected = mqtt;
    if (connected != null) {
      connected.close();
    }
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
    JsonNode made = security.post("/api/api-keys", Map.of("name", KEY_NAME, "areaCode", "", "permissions", List.of("OBSERVATION_WRITE", "SENSING_READ")));
    // To read devices is the system administrator's, who therefore has to approve it.
    ApiClient.person(base, "admin", DemoCity.PASSWORD).post("/api/api-keys/" + made.path("key").path("id").asLong() + "/approve", null);
    return made.path("secret").asString();
  }

  /** The secrets of earlier starts are known to nobody any more, so those devices are given new ones. */
  private void connect(String key) {
    if (mqttPort == 0 || mqtt != null) {
      return;
    }
    ApiClient system = ApiClient.person(base, "admin", DemoCity.PASSWORD);
    Map<String, String> secrets = new HashMap<>();
    for (Planned lift : devices.stream().filter(d -> d.sort() == Sort.LIFT).limit(LIFTS_BY_MQTT).toList()) {
      if (closed.getCount() == 0) {
        return;
      }
      secrets.put(lift.code(), system.post("/api/devices/" + lift.code() + "/secret", null).path("secret").asString());
    }
    mqtt = new MqttDevices(mqttPort, secrets, key, devices.stream().filter(d -> d.sort() == Sort.SMOKE).map(Planned::code).toList());
    if (closed.getCount() == 0) {
      mqtt.close();
    }
  }

  /** What was measured before the city was switched on, where nobody knows it yet. */
  private void tellPast() {
    Planned first = devices.stream().filter(d -> WITH_PAST.contains(d.sort())).findFirst().orElse(null);
    if (first == null) {
      return;
    }
    Instant now = clock.instant();
    long midday = now.minus(PAST.dividedBy(2)).toEpochMilli();
    String property = SensorWorld.measure(first.sort(), 0, now, 0).names()[0];
    String asked = "/api/devices/" + first.code() + "/observations?property=" + property + "&limit=1&from=" + (midday - 7_200_000) + "&to=" + midday;
    if (!platform.get(asked).path("items").isEmpty()) {
      return;
    }
    for (Instant at = now.minus(PAST); at.isBefore(now) && closed.getCount() > 0; at = at.plus(STEP_OF_PAST)) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < devices.size(); i++) {
        Planned device = devices.get(i);
        if (WITH_PAST.contains(device.sort())) {
          lines.append(SensorWorld.measure(device.sort(), i, at.plusSeconds(i % 60), 0).line(device.code())).append('\n');
        }
      }
      send(lines);
    }
  }

  private void turn() {
    StringBuilder lines = new StringBuilder();
    for (Said said : speakers.turn(clock.instant())) {
      String line = said.line();
      if (mqtt == null || !mqtt.say(said.device().code(), line)) {
        lines.append(line).append('\n');
      }
    }
    if (mqtt != null) {
      mqtt.takeBack().forEach(line -> lines.append(line).append('\n'));
    }
    if (!lines.isEmpty()) {
      send(lines);
    }
  }

  private void send(StringBuilder lines) {
    platform.postText("/api/observations", "application/x-ndjson", lines.toString());
  }
}
