package io.citywide.sensing.internal.ways;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.registry.Known;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import java.util.concurrent.Semaphore;

/**
 * A session as the trees see it. {@value #WINDOW} messages are under way to it at a time: written but not yet on the network, or with
 * quality 1 not yet acknowledged; so a client that does not read costs no more memory than those.
 */
final class MqttClient implements MqttTree.Client {

  private static final int WINDOW = 32;
  private static final int RECEIVE_MAXIMUM = MqttProperties.MqttPropertyType.RECEIVE_MAXIMUM.value();
  private static final int MAXIMUM_PACKET = MqttProperties.MqttPropertyType.MAXIMUM_PACKET_SIZE.value();
  private static final int HEAD_BYTES = 16;
  private static final int FREE = 1 << 16;

  private final MqttSession session;
  private final int acknowledgements;
  private final int largest;
  private final Semaphore written = new Semaphore(WINDOW);
  private final Semaphore unacknowledged;
  private volatile boolean gone;

  MqttClient(MqttSession session) {
    this.session = session;
    this.acknowledgements = Math.clamp(property(session.endpoint, RECEIVE_MAXIMUM, WINDOW), 1, WINDOW);
    this.largest = property(session.endpoint, MAXIMUM_PACKET, Integer.MAX_VALUE);
    this.unacknowledged = new Semaphore(acknowledgements);
  }

  private static int property(MqttEndpoint endpoint, int which, int otherwise) {
    MqttProperties properties = endpoint.connectProperties();
    return properties != null && properties.getProperty(which) instanceof MqttProperties.IntegerProperty p && p.value() > 0 ? p.value() : otherwise;
  }

  @Override
  public String device() {
    return session.device;
  }

  @Override
  public Viewer viewer() {
    return session.viewer;
  }

  @Override
  public boolean sees(Known known) {
    return session.scope.test(known);
  }

  @Override
  public boolean send(String topic, byte[] payload, int quality) {
    if (payload.length + topic.length() * 3L + HEAD_BYTES > largest) {
      return !gone; // MQTT 5 §3.1.2.11.4: what the client does not take is not sent
    }
    try {
      written.acquire();
      if (quality > 0) {
        unacknowledged.acquire();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (gone) {
      return false;
    }
    session.context.runOnContext(nothing -> {
      if (session.endpoint.isConnected()) {
        session.endpoint.publish(topic, Buffer.buffer(payload), MqttQoS.valueOf(quality), false, false).onComplete(done -> written.release());
      } else {
        gone();
      }
    });
    return true;
  }

  /** On the thread of its connection. */
  void acknowledged() {
    if (unacknowledged.availablePermits() < acknowledgements) {
      unacknowledged.release();
    }
  }

  /** Lets go whoever waits to send to it. */
  void gone() {
    gone = true;
    written.release(FREE);
    unacknowledged.release(FREE);
  }
}
