package io.citywide.demo;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.MqttConnectionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices that speak MQTT, with quality 1: some over a connection of their own with their secret, others over one gateway with an API key.
 * What was not acknowledged when a connection broke is given back, so that it can go another way; the same value of the same moment
 * counts once.
 */
final class MqttDevices implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MqttDevices.class);

  private static final String HOST = "127.0.0.1";
  private static final String GATEWAY = "key";
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final int IN_FLIGHT = 2_000;

  /** A connection. All but {@code open} is used on the one thread of the connections. */
  private final class Line {
    final String user;
    final String password;
    /** Of what was sent and not acknowledged: the message by its id. */
    final Map<Integer, String> waiting = new HashMap<>();
    volatile boolean open;
    boolean trying;
    boolean refused;
    long triedNanos = System.nanoTime() - RETRY_NANOS;
    MqttClient client;

    Line(String user, String password) {
      this.user = user;
      this.password = password;
    }

    void connect() {
      if (open || trying || refused || System.nanoTime() - triedNanos < RETRY_NANOS) {
        return;
      }
      trying = true;
      triedNanos = System.nanoTime();
      client = MqttClient.create(vertx, new MqttClientOptions().setClientId(user.equals(GATEWAY) ? "demo-gateway" : user).setUsername(user).setPassword(password)
          .setAutoKeepAlive(true).setMaxInflightQueue(IN_FLIGHT));
      MqttClient mine = client;
      mine.publishCompletionHandler(waiting::remove);
      mine.closeHandler(nothing -> closed());
      mine.exceptionHandler(fault -> log.debug("the MQTT connection of {} failed: {}", user, fault.getMessage()));
      mine.connect(port, HOST).onComplete(answer -> {
        trying = false;
        open = answer.succeeded();
        // Who is refused once has another secret by now: to go on trying would shut out the whole machine.
        refused = answer.cause() instanceof MqttConnectionException;
        if (!open) {
          log.debug("{} could not connect by MQTT: {}", user, answer.cause().getMessage());
        }
      });
    }

    void closed() {
      open = false;
      back.addAll(waiting.values());
      waiting.clear();
    }

    void publish(String code, String message) {
      if (!open) {
        back.add(message);
        return;
      }
      client.publish("devices/" + code + "/observations", Buffer.buffer(message), MqttQoS.AT_LEAST_ONCE, false, false).onComplete(sent -> {
        if (sent.succeeded() && open) {
          waiting.put(sent.result(), message);
        } else {
          back.add(message);
        }
      });
    }
  }

  private final int port;
  private final Vertx vertx;
  private final Context context;
  private final Map<String, Line> lines = new HashMap<>();
  private final ConcurrentLinkedQueue<String> back = new ConcurrentLinkedQueue<>();

  /**
   * Connects.
   *
   * @param port of the server, on the loopback address
   * @param secrets of the devices with a connection of their own, by code
   * @param key of the gateway, with OBSERVATION_WRITE
   * @param behind codes of the devices behind the gateway
   */
  MqttDevices(int port, Map<String, String> secrets, String key, List<String> behind) {
    this.port = port;
    this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1)
        .setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    this.context = vertx.getOrCreateContext();
    secrets.forEach((code, secret) -> lines.put(code, new Line(code, secret)));
    Line gateway = new Line(GATEWAY, key);
    behind.forEach(code -> lines.put(code, gateway));
    List<Line> all = List.copyOf(new LinkedHashSet<>(lines.values()));
    context.runOnContext(nothing -> all.forEach(Line::connect));
  }

  /**
   * Lets a device speak.
   *
   * @return whether it has a connection; where it has none, one is sought, and the message must go another way
   */
  boolean say(String code, String message) {
    Line line = lines.get(code);
    if (line == null) {
      return false;
    }
    if (!line.open) {
      context.runOnContext(nothing -> line.connect());
      return false;
    }
    context.runOnContext(nothing -> line.publish(code, message));
    return true;
  }

  /** Messages that were said and did not arrive, as far as anybody knows. */
  List<String> takeBack() {
    List<String> taken = new ArrayList<>();
    for (String message = back.poll(); message != null; message = back.poll()) {
      taken.add(message);
    }
    return taken;
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("the MQTT connections did not end: {}", e.getMessage());
    }
  }
}
