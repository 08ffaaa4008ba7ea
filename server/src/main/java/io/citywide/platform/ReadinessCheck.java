package io.citywide.platform;

import java.util.Optional;

/**
 * One thing that the server needs to work. A module that needs something more than the database offers a bean of this.
 * Asked several times a second: answers from what is known, without waiting.
 */
public interface ReadinessCheck {

  /** One word, such as {@code database}; shown to proxies and a label of the metric. */
  String name();

  /** Whether a server without it must not be given requests; otherwise it works on, degraded. */
  boolean required();

  /** What is wrong, in words for an operator; empty: nothing. */
  Optional<String> fault();
}
