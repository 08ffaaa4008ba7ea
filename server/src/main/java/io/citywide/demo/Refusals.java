package io.citywide.demo;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server refused the {@link Simulator}: each thing is told once and then passed over. */
final class Refusals {

  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Set<String> complaints = ConcurrentHashMap.newKeySet();

  /** A refusal ends this piece of work only. */
  void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (Refusal e) {
      tell(what + e.status() + e.code(), "the simulator was refused (" + what + "): " + e.getMessage());
    }
  }

  /** In words, and once for each {@code about}. */
  void tell(String about, String words) {
    if (told.size() < 1_000 && told.add(about)) {
      complaints.add(words);
      log.warn("{}", words);
    }
  }

  /** All that was told so far. */
  Set<String> complaints() {
    return Set.copyOf(complaints);
  }
}
