package io.citywide.sensing.internal.ways;

import io.citywide.identity.MachineKeys;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.AddressLimit;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.observations.Columns;
import io.citywide.sensing.internal.registry.CommandDesk;
import io.citywide.sensing.internal.registry.DeviceListener;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.registry.Secrets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The door for MQTT. A message of quality 1 is acknowledged when the transaction that holds its values has been committed,
 * never before. A device signs in with its code and its secret and publishes to {@code devices/CODE/observations} (a line
 * without the device) or {@code devices/CODE/observations/PROPERTY} (a number); a gateway signs in as {@code key} with an API key.
 * Quality 2 is refused: of the same moment the first value stands, so quality 1 already counts everything once. What lies below
 * other roots than {@code devices/} belongs to a {@link MqttTree}.
 */
@Component
public class MqttDoor implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(MqttDoor.class);

  private static final String GATEWAY = "key";
  static final String DEVICES = "devices/";
  private static final String OBSERVATIONS = "/observations";
  static final String COMMANDS = "/commands";
  private static final String ANSWERS = "/answers";
  private static final int ASSIGNED_ID = MqttProperties.MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER.value();
  private static final int MAXIMUM_QOS = MqttProperties.MqttPropertyType.MAXIMUM_QOS.value();
  private static final int RETAIN_AVAILABLE = MqttProperties.MqttPropertyType.RETAIN_AVAILABLE.value();
  private static final List<MqttProperties.MqttPropertyType> NOT_AVAILABLE = List.of(MqttProperties.MqttPropertyType.WILDCARD_SUBSCRIPTION_AVAILABLE,
      MqttProperties.MqttPropertyType.SUBSCRIPTION_IDENTIFIER_AVAILABLE, MqttProperties.MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE);
  private static final int MAXIMUM_PACKET = MqttProperties.MqttPropertyType.MAXIMUM_PACKET_SIZE.value();
  private static final long CHECK_KEY_MILLIS = 10_000;
  private static final int LOOPS = 2;

  /** Messages of one client to a tree that wait, and bytes of those of all clients; what comes beyond is turned away. */
  private static final int MOST_WAITING = 1_000;
  private static final long MOST_WAITING_BYTES = 64L << 20;

  /** Any of them lets an API key in; what it may do then is asked each time. */
  private static final List<Permission> ENTRY = List.of(Permission.OBSERVATION_WRITE, Permission.DEVICE_EDIT, Permission.SENSING_READ);

  private final MqttSettings settings;
  private final Intake intake;
  private final MachineKeys keys;
  private final CommandDesk desk;
  private final MqttSubscriptions subscriptions;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AddressLimit failures;
  private final Map<String, MqttSession> sessions = new ConcurrentHashMap<>();
  private Vertx vertx;
  private volatile int port;
  private volatile boolean running;

  MqttDoor(MqttSettings settings, Intake intake, MachineKeys keys, CommandDesk desk, List<MqttTree> trees, MeterRegistry meters) {
    this.settings = settings;
    this.intake = intake;
    this.keys = keys;
    this.desk = desk;
    this.subscriptions = new MqttSubscriptions(intake, trees);
    this.failures = new AddressLimit(60, Duration.ofMinutes(15), intake.clock());
    Gauge.builder("citywide.mqtt.connections", sessions, Map::size).description("Devices and gateways connected by MQTT").register(meters);
  }

  /** Port that it listens on; 0 where it does not. */
  public int port() {
    return port;
  }

  /** Whether a device listens for commands now, on this server. */
  public boolean listens(String device) {
    String topic = DEVICES + device + COMMANDS;
    return sessions.values().stream().anyMatch(session -> session.wants(topic));
  }

  /** Sends a command to a device, with quality 1 where it asked for it. */
  public void command(String device, byte[] payload) {
    send(DEVICES + device + COMMANDS, payload);
  }

  private void send(String topic, byte[] payload) {
    for (MqttSession session : sessions.values()) {
      int quality = session.filters.entrySet().stream().filter(f -> MqttSession.matches(f.getKey(), topic)).mapToInt(Map.Entry::getValue).max().orElse(-1);
      if (quality >= 0) {
        session.context.runOnContext(nothing -> {
          if (session.endpoint.isConnected()) {
            session.endpoint.publish(topic, Buffer.buffer(payload), MqttQoS.valueOf(quality), false, false);
          }
        });
      }
    }
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    running = true;
    if (settings.port() == 0) {
      return;
    }
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS).setWorkerPoolSize(1).setInternalBlockingPoolSize(1)
        .setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    MqttServerOptions options = new MqttServerOptions().setHost(settings.host()).setPort(Math.max(0, settings.port()))
        .setMaxMessageSize((int) settings.maxPacket().toBytes()).setTimeoutOnConnect(10).setAutoClientId(false);
    options.setTcpNoDelay(true).setReusePort(false);
    if (settings.tls()) {
      options.setSsl(true).setKeyCertOptions(new PemKeyCertOptions().setCertPath(settings.certificate()).setKeyPath(settings.certificateKey()));
    }
    try {
      vertx.deployVerticle(() -> new Loop(options), new DeploymentOptions().setInstances(LOOPS))
          .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      vertx.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException("MQTT could not begin to listen on " + settings.host() + ":" + settings.port() + ": " + cause.getMessage(), cause);
    }
    intake.directory().follow(new Changes());
    log.info("MQTT answers at {}:{}{}", settings.host(), port, settings.tls() ? " with TLS" : "");
  }

  @Override
  public void stop() {
    running = false;
    if (vertx != null) {
      try {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      } catch (Exception e) {
        log.info("MQTT did not end within 10 s");
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After the log; so it ends before it. */
  @Override
  public int getPhase() {
    return 20;
  }

  /** A device that was switched off, removed or given another secret is heard no more. */
  private final class Changes implements DeviceListener {

    @Override
    public void registered(Known device) {
      // whoever is new is not connected
    }

    @Override
    public void changed(Known before, Known after) {
      if (!after.enabled() || !java.util.Objects.equals(before.secretHash(), after.secretHash())) {
        end(after.code());
      }
    }

    @Override
    public void removed(Known device) {
      end(device.code());
    }

    private void end(String code) {
      sessions.values().stream().filter(session -> code.equals(session.device)).forEach(session -> session.end(MqttDisconnectReasonCode.NOT_AUTHORIZED));
    }
  }

  // ---- one thread of connections -----------------------------------------------------------------

  /** What one message waits for. */
  private record Waiting(MqttSession session, int id) {}

  /** A thread with its connections: what comes in one turn goes to the log together. */
  private final class Loop extends AbstractVerticle {

    private final MqttServerOptions options;
    private MqttServer server;
    private Context context;
    private MqttSession speaking;
    private final LineParser parser = intake.parser(known -> speaking.scope.test(known));
    private Columns columns = new Columns(256);
    private List<Waiting> waiting = new ArrayList<>();
    private boolean planned;

    Loop(MqttServerOptions options) {
      this.options = options;
    }

    @Override
    public void start(Promise<Void> started) {
      context = vertx.getOrCreateContext();
      MqttServerOptions own = new MqttServerOptions(options);
      server = MqttServer.create(vertx, own);
      server.endpointHandler(this::connect);
      server.exceptionHandler(fault -> log.debug("a connection of MQTT failed: {}", fault.getMessage()));
      server.listen().onSuccess(s -> {
        port = s.actualPort();
        // Whoever only listens is asked for nothing, so looked after here.
        vertx.setPeriodic(CHECK_KEY_MILLIS / 2, id -> sessions.values().stream().filter(one -> one.context == context && one.key != null && !one.filters.isEmpty()).forEach(this::check));
        started.complete();
      }).onFailure(started::fail);
    }

    private void connect(MqttEndpoint endpoint) {
      String address = String.valueOf(endpoint.remoteAddress().host());
      boolean five = endpoint.protocolVersion() == MqttSession.VERSION_5;
      if (failures.secondsToWait(address) > 0) {
        endpoint.reject(five ? MqttConnectReturnCode.CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
        return;
      }
      if (sessions.size() >= settings.maxConnections()) {
        endpoint.reject(five ? MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
        return;
      }
      String user = endpoint.auth() == null ? null : endpoint.auth().getUsername();
      String password = endpoint.auth() == null ? null : endpoint.auth().getPassword();
      if (user == null || password == null) {
        refuse(endpoint, address);
      } else if (user.equals(GATEWAY)) {
        Thread.ofVirtual().name("mqtt-key").start(() -> gateway(endpoint, address, password));
      } else {
        intake.directory().find(user).filter(known -> Secrets.match(known, password)).ifPresentOrElse(
            known -> accept(endpoint, MqttSession.ofDevice(endpoint, context, known.code(), now())), () -> refuse(endpoint, address));
      }
    }

    /** Asks the database, so not on the thread of the connections. */
    private void gateway(MqttEndpoint endpoint, String address, String password) {
      try {
        Optional<Viewer> viewer = keys.find(password).filter(MqttDoor::mayEnter);
        var scope = viewer.map(v -> Viewer.callAs(v, () -> intake.scope(v)));
        context.runOnContext(nothing -> {
          if (viewer.isEmpty()) {
            refuse(endpoint, address);
          } else {
            accept(endpoint, MqttSession.ofGateway(endpoint, context, password, viewer.get(), scope.get(), now()));
          }
        });
      } catch (RuntimeException e) {
        log.warn("an API key could not be looked up for MQTT: {}", e.getMessage());
        context.runOnContext(nothing -> endpoint.reject(MqttSession.VERSION_5 == endpoint.protocolVersion()
            ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5 : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE));
      }
    }

    private void refuse(MqttEndpoint endpoint, String address) {
      failures.take(address);
      endpoint.reject(endpoint.protocolVersion() == MqttSession.VERSION_5 ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
          : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
    }

    private void accept(MqttEndpoint endpoint, MqttSession session) {
      endpoint.publishAutoAck(false);
      endpoint.subscriptionAutoAck(false);
      endpoint.publishHandler(message -> published(session, message));
      endpoint.publishAcknowledgeHandler(id -> session.client.acknowledged());
      endpoint.subscribeHandler(message -> subscriptions.subscribe(session, message));
      endpoint.unsubscribeHandler(message -> subscriptions.unsubscribe(session, message));
      endpoint.closeHandler(nothing -> {
        sessions.remove(session.name(), session);
        subscriptions.gone(session);
      });
      endpoint.exceptionHandler(fault -> log.debug("the connection of {} failed: {}", session.name(), fault.getMessage()));
      MqttSession before = sessions.put(session.name(), session);
      if (before != null) {
        before.end(MqttDisconnectReasonCode.SESSION_TAKEN_OVER);
      }
      if (session.speaksFive()) {
        MqttProperties properties = new MqttProperties();
        if (session.assigned) {
          properties.add(new MqttProperties.StringProperty(ASSIGNED_ID, endpoint.clientIdentifier()));
        }
        properties.add(new MqttProperties.IntegerProperty(MAXIMUM_QOS, 1));
        properties.add(new MqttProperties.IntegerProperty(RETAIN_AVAILABLE, 0));
        NOT_AVAILABLE.forEach(what -> properties.add(new MqttProperties.IntegerProperty(what.value(), 0)));
        properties.add(new MqttProperties.IntegerProperty(MAXIMUM_PACKET, (int) settings.maxPacket().toBytes()));
        endpoint.accept(false, properties);
      } else {
        endpoint.accept(false);
      }
    }

    private long now() {
      return intake.clock().millis();
    }

    private void published(MqttSession session, MqttPublishMessage message) {
      if (message.qosLevel() == MqttQoS.EXACTLY_ONCE) {
        log.debug("{} publishes with quality 2, which is not taken", session.name());
        session.end(MqttDisconnectReasonCode.QOS_NOT_SUPPORTED);
        return;
      }
      if (session.key != null) {
        check(session);
      }
      String topic = message.topicName();
      if (topic.startsWith(DEVICES)) {
        observed(session, message, topic);
        return;
      }
      MqttTree tree = subscriptions.tree(topic).orElse(null);
      if (tree == null) {
        MqttAnswers.refuse(session, message, MqttPubAckReasonCode.TOPIC_NAME_INVALID, "devices publish to devices/CODE/observations");
        return;
      }
      byte[] payload = message.payload().getBytes();
      boolean room = waitingBytes.addAndGet(payload.length) <= MOST_WAITING_BYTES;
      if (!room || !session.turns.add(() -> intoTree(session, message, tree, payload), MOST_WAITING)) {
        waitingBytes.addAndGet(-payload.length);
        intake.fates().refused(PlatformProblem.BUSY.code(), 1);
        MqttAnswers.turnAway(session, message);
      }
    }

    private void intoTree(MqttSession session, MqttPublishMessage message, MqttTree tree, byte[] payload) {
      try {
        if (session.viewer == null) {
          tree.published(session.client, message.topicName(), payload);
        } else {
          Viewer.runAs(session.viewer, () -> tree.published(session.client, message.topicName(), payload));
        }
        context.runOnContext(nothing -> MqttAnswers.acknowledge(session, message.messageId(), message.qosLevel()));
      } catch (ProblemException e) {
        context.runOnContext(nothing -> {
          switch (e.problem().status()) {
            case 401, 403 -> MqttAnswers.refuse(session, message, MqttPubAckReasonCode.NOT_AUTHORIZED, e.getMessage());
            case 404 -> MqttAnswers.refuse(session, message, MqttPubAckReasonCode.TOPIC_NAME_INVALID, e.getMessage());
            case 500, 503, 507 -> MqttAnswers.turnAway(session, message);
            default -> MqttAnswers.refuse(session, message, MqttPubAckReasonCode.PAYLOAD_FORMAT_INVALID, e.getMessage());
          }
        });
      } catch (RuntimeException e) {
        log.error("a message to {} could not be taken", message.topicName(), e);
        session.end(MqttDisconnectReasonCode.UNSPECIFIED_ERROR);
      } finally {
        waitingBytes.addAndGet(-payload.length);
      }
    }

    /** What a device says of a command is written down before it is acknowledged. */
    private void answered(MqttSession session, MqttPublishMessage message, byte[] payload) {
      try {
        Optional<String> fault = intake.directory().find(session.device).flatMap(known -> desk.answered(known, payload));
        context.runOnContext(nothing -> fault.ifPresentOrElse(why -> MqttAnswers.refuse(session, message, MqttPubAckReasonCode.PAYLOAD_FORMAT_INVALID, why),
            () -> MqttAnswers.acknowledge(session, message.messageId(), message.qosLevel())));
      } catch (RuntimeException e) {
        log.error("an answer of {} could not be written down", session.device, e);
        context.runOnContext(nothing -> session.end(MqttDisconnectReasonCode.UNSPECIFIED_ERROR));
      }
    }

    private void observed(MqttSession session, MqttPublishMessage message, String topic) {
      int end = topic.indexOf('/', DEVICES.length());
      if (session.device != null && topic.equals(DEVICES + session.device + ANSWERS)) {
        byte[] payload = message.payload().getBytes();
        Thread.ofVirtual().name("mqtt-answer").start(() -> answered(session, message, payload));
        return;
      }
      if (end < 0 || !topic.startsWith(OBSERVATIONS, end)) {
        MqttAnswers.refuse(session, message, MqttPubAckReasonCode.TOPIC_NAME_INVALID, "devices publish to devices/CODE/observations or devices/CODE/observations/PROPERTY");
        return;
      }
      String code = topic.substring(DEVICES.length(), end);
      String property = topic.length() == end + OBSERVATIONS.length() ? null : topic.substring(end + OBSERVATIONS.length() + 1);
      Known known = intake.directory().find(code).orElse(null);
      if (session.device != null ? !code.equals(session.device) : known == null || !session.viewer.may(Permission.OBSERVATION_WRITE) || !session.scope.test(known)) {
        intake.fates().refused(Refusal.NOT_YOURS.code(), 1);
        MqttAnswers.refuse(session, message, MqttPubAckReasonCode.NOT_AUTHORIZED, "'" + code + "' is not a device that you may speak for");
        return;
      }
      if (known == null) {
        session.end(MqttDisconnectReasonCode.NOT_AUTHORIZED);
        return;
      }
      byte[] payload = message.payload().getBytes();
      try {
        speaking = session;
        if (property == null) {
          parser.line(payload, 0, payload.length, known, now(), columns);
        } else {
          parser.bare(payload, known, property, now(), columns);
        }
      } catch (BadLine e) {
        intake.fates().refused(e.refusal().code(), 1);
        MqttAnswers.refuse(session, message, MqttPubAckReasonCode.PAYLOAD_FORMAT_INVALID, e.words().en());
        return;
      }
      if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
        waiting.add(new Waiting(session, message.messageId()));
      }
      if (!planned) {
        planned = true;
        context.runOnContext(nothing -> handIn());
      }
    }

    /** What came in this turn goes to the log; its acknowledgements follow the commit. */
    private void handIn() {
      planned = false;
      intake.fates().outOfRange(parser.takeOutOfRange());
      List<Waiting> these = waiting;
      waiting = new ArrayList<>();
      Columns values = columns;
      columns = new Columns(Math.min(1 << 14, Math.max(64, values.size())));
      try {
        intake.log().append(values, 0).whenComplete((position, fault) -> context.runOnContext(nothing -> {
          if (fault == null) {
            these.forEach(one -> MqttAnswers.acknowledge(one.session(), one.id(), MqttQoS.AT_LEAST_ONCE));
          } else {
            these.forEach(one -> MqttAnswers.turnAway(one.session(), one.id()));
          }
        }));
      } catch (ProblemException busy) {
        intake.fates().refused(busy.problem().code(), values.size());
        these.forEach(one -> MqttAnswers.turnAway(one.session(), one.id()));
      }
    }

    /** Whether its key still stands for whom it stood for, now and then. */
    private void check(MqttSession session) {
      long now = now();
      if (now - session.checkedAt < CHECK_KEY_MILLIS) {
        return;
      }
      session.checkedAt = now;
      Thread.ofVirtual().name("mqtt-key").start(() -> {
        try {
          if (!keys.find(session.key).filter(MqttDoor::mayEnter).equals(Optional.of(session.viewer))) {
            session.end(MqttDisconnectReasonCode.NOT_AUTHORIZED);
          } else if (!session.viewer.units().isEmpty()) {
            session.scope = Viewer.callAs(session.viewer, () -> intake.scope(session.viewer));
          }
        } catch (RuntimeException e) {
          log.debug("an API key could not be looked up for MQTT: {}", e.getMessage());
        }
      });
    }

    @Override
    public void stop() {
      List.copyOf(sessions.values()).stream().filter(session -> session.context == context).forEach(session -> session.end(MqttDisconnectReasonCode.SERVER_SHUTTING_DOWN));
    }
  }

  private static boolean mayEnter(Viewer viewer) {
    return ENTRY.stream().anyMatch(viewer::may);
  }
}
