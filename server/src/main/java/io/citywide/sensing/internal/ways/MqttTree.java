package io.citywide.sensing.internal.ways;

import java.util.Set;

/** A tree of topics beside {@code devices/}, for another interface of this module. */
public interface MqttTree {

  /** Its first level, such as {@code v1.1}. */
  String root();

  /**
   * Whether the viewer may receive what is published under a filter.
   *
   * @param filter begins with the root
   */
  boolean subscribe(String filter);

  /**
   * A gateway published, as the viewer of its API key. On a thread that may block; when this returns it is acknowledged.
   *
   * @throws io.citywide.platform.ProblemException where it is not taken
   */
  void published(String topic, byte[] payload);

  /** What it may publish to those who subscribed. */
  interface Out {

    /** Filters that somebody has subscribed to and that begin with {@code root}; empty: nothing need be made. */
    Set<String> filters(String root);

    /** To everybody who subscribed, with quality 0. From any thread. */
    void publish(String topic, byte[] payload);
  }
}
