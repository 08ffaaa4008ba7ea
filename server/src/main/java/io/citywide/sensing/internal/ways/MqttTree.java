package io.citywide.sensing.internal.ways;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.registry.Known;

/**
 * A tree of topics beside {@code devices/}, for another interface of this module. What one client does comes in its order, on a
 * thread that may block, as the viewer of its API key.
 */
public interface MqttTree {

  /** Its first level, such as {@code v1.1}. */
  String root();

  /**
   * Somebody published; when this returns it is acknowledged.
   *
   * @throws io.citywide.platform.ProblemException where it is not taken
   */
  void published(Client client, String topic, byte[] payload);

  /**
   * A client wants what is told under a filter; one that it has already is replaced.
   *
   * @param quality with which it is to be told, 0 or 1
   * @throws io.citywide.platform.ProblemException where it may not have it, or there is nothing of the kind
   */
  void subscribe(Client client, String filter, int quality);

  void unsubscribe(Client client, String filter);

  /** It subscribed to something, and is connected no more. */
  void gone(Client client);

  /** Who is connected. */
  interface Client {

    /** Code of a device that speaks for itself; {@code null}: it came with an API key. */
    String device();

    /** {@code null}: a device. */
    Viewer viewer();

    /** Whether a device is within its scope now. */
    boolean sees(Known known);

    /**
     * Sends to it, and waits while more is under way to it than it takes.
     *
     * @return false: it is connected no more
     */
    boolean send(String topic, byte[] payload, int quality);
  }
}
