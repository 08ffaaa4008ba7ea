package io.citywide.sensing.internal.ways;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.registry.Known;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Context;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Who is connected: a device that speaks for itself, or a gateway with an API key. Its endpoint is used on the thread of its
 * connection only.
 */
final class MqttSession {

  static final int VERSION_5 = 5;

  final MqttEndpoint endpoint;
  /** Of the thread that its endpoint is used on. */
  final Context context;
  /** Code of the device; {@code null}: a gateway. */
  final String device;
  /** {@code null}: a device. */
  final String key;
  final Viewer viewer;
  volatile Predicate<Known> scope;
  /** It came without a client id and got one. */
  final boolean assigned;
  /** Filters of topics, with the quality they were granted. */
  final Map<String, Integer> filters = new ConcurrentHashMap<>();
  /** What it does that may block, in its order. */
  final Turns turns = new Turns();
  final MqttClient client;
  volatile long checkedAt;

  private MqttSession(MqttEndpoint endpoint, Context context, String device, String key, Viewer viewer, Predicate<Known> scope, long now) {
    this.endpoint = endpoint;
    this.context = context;
    this.device = device;
    this.key = key;
    this.viewer = viewer;
    this.scope = scope;
    this.checkedAt = now;
    this.client = new MqttClient(this);
    this.assigned = endpoint.clientIdentifier() == null || endpoint.clientIdentifier().isEmpty();
    if (assigned) {
      endpoint.setClientIdentifier(UUID.randomUUID().toString());
    }
  }

  static MqttSession ofDevice(MqttEndpoint endpoint, Context context, String device, long now) {
    return new MqttSession(endpoint, context, device, null, null, known -> false, now);
  }

  static MqttSession ofGateway(MqttEndpoint endpoint, Context context, String key, Viewer viewer, Predicate<Known> scope, long now) {
    return new MqttSession(endpoint, context, null, key, viewer, scope, now);
  }

  boolean speaksFive() {
    return endpoint.protocolVersion() == VERSION_5;
  }

  /** Client ids are chosen by whoever connects, so nobody can take over the session of another user. */
  String name() {
    return (device != null ? "device/" + device : "key/" + viewer.machine().keyId()) + "/" + endpoint.clientIdentifier();
  }

  /** Takes its connection, from any thread; MQTT 5 is told why. */
  void end(MqttDisconnectReasonCode why) {
    context.runOnContext(nothing -> {
      if (endpoint.isConnected()) {
        endpoint.disconnect(why, MqttProperties.NO_PROPERTIES); // closes the connection of every version
      }
    });
  }

  boolean wants(String topic) {
    return filters.keySet().stream().anyMatch(filter -> matches(filter, topic));
  }

  /** After MQTT 3.1.1 §4.7. */
  static boolean matches(String filter, String topic) {
    String[] wanted = filter.split("/", -1);
    String[] levels = topic.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("#")) {
        return true;
      }
      if (i >= levels.length || !wanted[i].equals("+") && !wanted[i].equals(levels[i])) {
        return false;
      }
    }
    return wanted.length == levels.length;
  }
}
